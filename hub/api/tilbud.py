"""Waiting for a jobcentre's next number: LISTEN hub_tilbudt on one connection, and those who wait are woken; never a poll."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from hub.events.lytter import lyt

KANAL = "hub_tilbudt"


class Tilbud:
    """Who waits for which jobcentre. After a lost connection everybody is woken, since a signal may have been missed."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._ventende: defaultdict[str, set[asyncio.Event]] = defaultdict(set)
        self._lukket = False

    @contextmanager
    def interesse(self, job_center_kode: str) -> Iterator[asyncio.Event]:
        """An event that is set when a number may have come for the jobcentre, from the moment this is entered."""
        signal = asyncio.Event()
        ventende = self._ventende[job_center_kode]
        ventende.add(signal)
        try:
            yield signal
        finally:
            ventende.discard(signal)
            if not ventende:
                self._ventende.pop(job_center_kode, None)

    @property
    def antal(self) -> int:
        """How many wait."""
        return sum(map(len, self._ventende.values()))

    @property
    def lukket(self) -> bool:
        """Nobody shall wait any more."""
        return self._lukket

    def luk(self) -> None:
        """Wake everybody, for the process is about to end."""
        self._lukket = True
        self._vaek_alle()

    @asynccontextmanager
    async def lytter(self) -> AsyncIterator[None]:
        """Listen as long as the context lasts."""
        opgave = asyncio.create_task(lyt(self._url, KANAL, self._vaek, self._vaek_alle))
        try:
            yield
        finally:
            opgave.cancel()
            await asyncio.gather(opgave, return_exceptions=True)

    def _vaek(self, job_center_kode: str) -> None:
        for signal in self._ventende.get(job_center_kode, ()):
            signal.set()

    def _vaek_alle(self) -> None:
        for kode in tuple(self._ventende):
            self._vaek(kode)
