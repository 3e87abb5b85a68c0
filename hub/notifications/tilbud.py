"""Long-poll: wait until a jobcentre is offered a new number. One LISTEN connection per process, however many wait."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from hub.events.lytter import lyt
from hub.notifications.numre import KANAL_TILBUDT


class Tilbud:
    """Who waits for which jobcentre. After a lost connection everybody is woken, since a signal may have been missed."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._ventende: defaultdict[str, set[asyncio.Event]] = defaultdict(set)

    @contextmanager
    def interesse(self, job_center_kode: str) -> Iterator[asyncio.Event]:
        """An event set when something may have come since the context began: take it *before* the feed is read, and nothing is missed."""
        signal = asyncio.Event()
        ventende = self._ventende[job_center_kode]
        ventende.add(signal)
        try:
            yield signal
        finally:
            ventende.discard(signal)
            if not ventende:
                self._ventende.pop(job_center_kode, None)

    async def vent(self, job_center_kode: str, sekunder: float) -> bool:
        """True when something may have come from now on, False when the time is up."""
        with self.interesse(job_center_kode) as signal:
            return await kommer(signal, sekunder)

    @asynccontextmanager
    async def lytter(self) -> AsyncIterator[None]:
        """Listen as long as the context lasts."""
        opgave = asyncio.create_task(lyt(self._url, KANAL_TILBUDT, self._vaek, self._vaek_alle))
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


async def kommer(signal: asyncio.Event, sekunder: float) -> bool:
    """Whether the event is set within `sekunder`."""
    try:
        async with asyncio.timeout(sekunder):
            await signal.wait()
    except TimeoutError:
        return False
    return True
