"""Wait until Kafka has what was appended: the difference between 201 and 202."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from contextlib import suppress

import psycopg
import structlog

from hub.events.lytter import LEVETEGN, lyt
from hub.events.outbox import KANAL_SENDT

HUSK = 50_000
"""Ids heard of lately; a NOTIFY may come before the append that it answers has told its caller the ids."""
EFTERSE_SEKUNDER = 1.0
SENDT = "SELECT id FROM ledger.outbox WHERE id = ANY(%s) AND sendt IS NOT NULL"

log = structlog.get_logger(__name__)


class _Ventende:
    """One caller: the ids it still waits for, and since when (monotonic seconds)."""

    __slots__ = ("faerdig", "mangler", "siden")

    def __init__(self, ider: Iterable[int]) -> None:
        self.mangler = set(ider)
        self.siden = time.monotonic()
        self.faerdig = asyncio.get_running_loop().create_future()


class Kvitteringer:
    """One listener for all the callers of a process. `database_url` is a postgresql:// URL. Run `run()` as a task beside them.

    Memory: the latest 50,000 ids, and what is waited for. What NOTIFY could not tell (a lost connection) is read from the table
    once a second, for all callers at once.
    """

    def __init__(self, database_url: str) -> None:
        self._url = database_url
        self._hoert: OrderedDict[int, None] = OrderedDict()
        self._ventende: dict[int, set[_Ventende]] = {}
        self._efterset = 0.0
        self._en_ad_gangen = asyncio.Lock()

    async def run(self) -> None:
        """Listen until cancelled."""
        async with asyncio.TaskGroup() as opgaver:
            opgaver.create_task(lyt(self._url, KANAL_SENDT, self._besked, lambda: None))
            opgaver.create_task(self._efterse_jaevnligt())

    async def vent(self, outbox_ids: Sequence[int], timeout: float) -> bool:  # noqa: ASYNC109 - the contract's 201 or 202
        """Whether Kafka has every row within `timeout` seconds; False says only that nobody knows yet."""
        ventende = _Ventende(id_ for id_ in outbox_ids if id_ not in self._hoert)
        if not ventende.mangler:
            return True
        for id_ in ventende.mangler:
            self._ventende.setdefault(id_, set()).add(ventende)
        try:
            return await self._til_frist(ventende, timeout)
        finally:
            self._glem(ventende)

    async def _til_frist(self, ventende: _Ventende, sekunder: float) -> bool:
        await asyncio.wait({ventende.faerdig}, timeout=sekunder)
        if not ventende.faerdig.done():
            with suppress(TimeoutError):
                async with asyncio.timeout(EFTERSE_SEKUNDER):
                    await self._efterse(ventende.siden)
        return ventende.faerdig.done()

    def _besked(self, besked: str) -> None:
        self._er_sendt(int(id_) for id_ in besked.split(",") if id_.isdecimal())

    def _er_sendt(self, ider: Iterable[int]) -> None:
        for id_ in ider:
            self._hoert[id_] = None
            for ventende in self._ventende.pop(id_, ()):
                ventende.mangler.discard(id_)
                if not ventende.mangler and not ventende.faerdig.done():
                    ventende.faerdig.set_result(None)
        while len(self._hoert) > HUSK:
            self._hoert.popitem(last=False)

    def _glem(self, ventende: _Ventende) -> None:
        for id_ in ventende.mangler:
            andre = self._ventende.get(id_, set())
            andre.discard(ventende)
            if not andre:
                self._ventende.pop(id_, None)

    async def _efterse_jaevnligt(self) -> None:
        while True:
            await asyncio.sleep(EFTERSE_SEKUNDER)
            nu = time.monotonic()
            if any(ventende.siden < nu - EFTERSE_SEKUNDER for alle in self._ventende.values() for ventende in alle):
                await self._efterse(nu)

    async def _efterse(self, siden: float) -> None:
        """Read from the table what has been sent of all that is waited for, unless that was done after `siden`.

        A database that is away says nothing: nobody knows yet.
        """
        async with self._en_ad_gangen:
            if self._efterset > siden:
                return
            self._efterset = time.monotonic()
            try:
                self._er_sendt(await asyncio.to_thread(_sendt, self._url, list(self._ventende)))
            except psycopg.OperationalError as fejl:
                log.warning("acknowledgements cannot be read", error=type(fejl).__name__)


def _sendt(url: str, ider: list[int]) -> list[int]:
    with psycopg.connect(url, autocommit=True, application_name="hub-kvitteringer", **LEVETEGN) as conn:
        return [id_ for (id_,) in conn.execute(SENDT, [ider])]
