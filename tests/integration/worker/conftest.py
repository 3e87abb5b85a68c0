"""A stack of its own for the worker's tests, hands to append to its ledger, eyes, and workers in this event loop."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from random import Random
from typing import Any

import orjson
import pytest
from sqlalchemy import Engine, text

from hub.bootstrap import Hus, klargoer_database, klargoer_kafka
from hub.consumers.start import koer
from hub.domain.fejl import Afvisning
from hub.domain.handlinger import laes_handling
from hub.events.bedoem import kuvertlaeser
from hub.events.journal import laes, producent, slutninger
from hub.events.ledger_fejl import LedgerBagud
from hub.events.ordningsnotifikation import Ordningsnotifikation
from hub.events.ordre import Kvitteret, Ordre
from hub.events.relay import Relae
from hub.events.topics import FAKTA
from hub.local.generator import en_sag, saa_mange
from hub.local.stak import stak

FRIST = 40.0
CHECKPOINTS = "SELECT partition, naeste_offset FROM delivery.checkpoints ORDER BY 1"
PAA_VEJ_IND = "SELECT count(*) FROM ledger.outbox WHERE sendt IS NULL"
PAA_VEJ_UD = "SELECT count(*) FROM delivery.notifikationer WHERE sendt IS NULL"


class Stand:
    """A stack of its own, hands to append to its ledger, and eyes."""

    def __init__(self, hus: Hus) -> None:
        self.hus = hus
        self.motor: Engine = hus.motor("test", 4)
        self.ledger = hus.ledger(self.motor)

    async def opret(self) -> None:
        """Topics, tables and the first generation, as every process makes them."""
        await klargoer_kafka(self.hus)
        klargoer_database(self.hus)

    def sql(self, saetning: str, **felter: Any) -> list[tuple[Any, ...]]:
        """Run a statement; its rows."""
        with self.motor.begin() as conn:
            svar = conn.execute(text(saetning), felter)
            return [tuple(r) for r in svar] if svar.returns_rows else []

    async def tilfoej(self, *handlinger: dict[str, Any]) -> list[dict[str, Any]]:
        """Append actions, all of which must be taken, waiting while the lanes are compared; their receipts."""
        ordrer = [Ordre(laes_handling(dict(h)), str(uuid.uuid4()), orjson.dumps(h, option=orjson.OPT_SORT_KEYS), None) for h in handlinger]
        for _ in range(200):
            try:
                svar = await asyncio.to_thread(self.ledger.append, ordrer)
                break
            except LedgerBagud:
                await asyncio.sleep(0.1)
        assert all(isinstance(s, Kvitteret) for s in svar), [s.fejl for s in svar if isinstance(s, Afvisning)]
        return [s.kvittering for s in svar if isinstance(s, Kvitteret)]

    async def ajour(self) -> None:
        """Wait until the log has all, the checkpoints are at its ends, and all that is due is on the topics."""

        async def mangler() -> bool:
            # In the order of an event's way: what has left one place is looked for in the next.
            ind = await asyncio.to_thread(self.sql, PAA_VEJ_IND)
            ender = await slutninger(self.hus.options, FAKTA)
            steder = dict(await asyncio.to_thread(self.sql, CHECKPOINTS))
            return ind != [(0,)] or steder != ender or await asyncio.to_thread(self.sql, PAA_VEJ_UD) != [(0,)]

        async with asyncio.timeout(FRIST):
            while await mangler():
                await asyncio.sleep(0.05)

    async def fortalt(self, kode: str, sags_id: str) -> list[Ordningsnotifikation]:
        """What the jobcentre's topic says of a case."""
        topic = f"ordningsnotifikation.{kode}"
        ender = await slutninger(self.hus.options, topic)
        poster = [p async for _, del_ in laes(self.hus.options, topic, {0: 0}, ender) for p in del_]
        return [n for n in (self.hus.kodeks.afkod_notifikation(p.vaerdi or b"") for p in poster) if n.sagsId == sags_id]

    async def skriv(self, partition: int, antal: int, vaerdi: bytes = b"\x07ikke en haendelse") -> None:
        """Records on the log that are none of ours."""
        kafka = producent(self.hus.options, "test")
        await kafka.start()
        for _ in range(antal):
            await kafka.send(FAKTA, key=b"fremmed", value=vaerdi, partition=partition)
        await kafka.stop()

    @asynccontextmanager
    async def worker(self, hus: Hus | None = None) -> AsyncIterator[asyncio.Task[None]]:
        """A worker in this event loop, from when its agent has started; stopped at the end, which must not take long."""
        stop, klar = asyncio.Event(), asyncio.Event()
        opgave = asyncio.create_task(koer(hus or self.hus, stop, klar.set))
        vent = asyncio.create_task(klar.wait())
        try:
            await asyncio.wait({opgave, vent}, timeout=FRIST, return_when=asyncio.FIRST_COMPLETED)
            if opgave.done():
                opgave.result()
            yield opgave
        finally:
            vent.cancel()
            stop.set()
            await asyncio.wait({opgave}, timeout=30)
            assert opgave.done(), "the worker does not end"
            opgave.exception()

    @asynccontextmanager
    async def relae_alene(self) -> AsyncIterator[None]:
        """Only the relay runs; at the end the log has all."""
        stop = asyncio.Event()
        relae = Relae(self.hus.database_url, self.hus.options, kuvertlaeser(self.hus.kodeks))
        opgave = asyncio.create_task(relae.run(stop))
        try:
            yield
            async with asyncio.timeout(FRIST):
                while await asyncio.to_thread(self.sql, "SELECT 1 FROM ledger.outbox WHERE sendt IS NULL LIMIT 1"):
                    await asyncio.sleep(0.05)
        finally:
            stop.set()
            await opgave


def sagen(seed: int, ordning: str = "Loentilskud", kode: str = "46100", antal: int = 8) -> list[dict[str, Any]]:
    """The first actions of a generated case of a scheme and a jobcentre, which it does not leave."""
    for nummer in range(1, 2_001):
        handlinger = list(en_sag(Random(f"{seed}/{nummer}"), nummer, ordning))
        flyttet = any(h["handling"] == "FlytSag" for h in handlinger)
        if handlinger[0]["jobCenterKode"] == kode and len(handlinger) >= antal and not flyttet:
            return handlinger[:antal]
    raise AssertionError("no such case")


@pytest.fixture(scope="session")
def stand() -> Iterator[Stand]:
    """The stack of the worker's tests; each test leaves it caught up."""
    with stak() as hus:
        ny = Stand(hus)
        with asyncio.Runner() as loeber:
            loeber.run(ny.opret())
        yield ny
        ny.motor.dispose()


@pytest.fixture
def sag() -> Callable[..., list[dict[str, Any]]]:
    """`sag(seed, …)`: the first actions of a case."""
    return sagen


@pytest.fixture
def blandet() -> Callable[[int, int], list[dict[str, Any]]]:
    """`blandet(seed, number)`: actions of many cases."""
    return lambda seed, antal: saa_mange(antal, seed)
