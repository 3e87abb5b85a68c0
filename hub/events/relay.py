"""The relay: what the ledger's outbox has is brought to the log, one lane per partition, in order, as soon as it is committed.

A session holds the locks, one producer and the listener. Whatever goes wrong, with an outcome known or not, ends the session: the
producer is dropped, then the locks are given up, and the next session, here or in another worker, compares every lane with the log
before it sends. So there is one way to begin, and it is the way back from every failure.
"""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

import psycopg
import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from hub.events.bane import Sendefejl
from hub.events.bedoem import Kuvertlaeser
from hub.events.journal import FATALE, LoggenSvarerIkke, UdenForLoggen, kasser, producent
from hub.events.linje import Linje
from hub.events.lytter import lyt
from hub.events.outbox import KANAL_USENDT, BaneFlyttet, Banenavn, Outbox
from hub.events.relay_session import Session
from hub.events.relay_tal import Erindring, Relaetal
from hub.events.sammenlign import Sammenligning
from hub.events.topics import baner

FOERSTE_PAUSE_SEKUNDER = 0.2
LAENGSTE_PAUSE_SEKUNDER = 5.0
SUND_SEKUNDER = 10.0
LUK_SEKUNDER = 3.0
START_SEKUNDER = 5.0
FORBIGAAENDE = (
    Sendefejl,
    KafkaError,
    UdenForLoggen,
    LoggenSvarerIkke,
    BaneFlyttet,
    psycopg.OperationalError,
    psycopg.errors.IdleInTransactionSessionTimeout,
    psycopg.InterfaceError,
    OSError,
)
"""What a new session may mend. The rest (no such table, a bug) ends the process."""

log = structlog.get_logger(__name__)


class Relae:
    """One worker's relay. `database_url` is a postgresql:// URL; `options` are `kafka_client_options`; `navne`: the lanes to serve."""

    def __init__(self, database_url: str, options: dict[str, Any], kuvert: Kuvertlaeser, navne: Sequence[Banenavn] | None = None) -> None:
        self._url = database_url
        self._options = options
        self._kuvert = kuvert
        self._navne = baner() if navne is None else tuple(navne)
        self._erindring = Erindring()

    @property
    def tal(self) -> Relaetal:
        """What it has done so far."""
        return self._erindring.tal

    async def run(self, stop: asyncio.Event) -> None:
        """Relay until `stop` is set, then end within a few seconds. Raises what no new session can mend."""
        pause = FOERSTE_PAUSE_SEKUNDER
        while not stop.is_set():
            begyndt = asyncio.get_running_loop().time()
            try:
                await self._session(stop)
            except FATALE:
                raise
            except FORBIGAAENDE as fejl:
                # Only our own texts: a driver's may quote a row.
                tekst = str(fejl) if isinstance(fejl, Sendefejl | UdenForLoggen | BaneFlyttet) else None
                log.warning("relay session ended", error=type(fejl).__name__, reason=tekst)
                # After a refused row its own lane rests; the others go on at once.
                sund = isinstance(fejl, Sendefejl) or asyncio.get_running_loop().time() - begyndt > SUND_SEKUNDER
                pause = FOERSTE_PAUSE_SEKUNDER if sund else min(LAENGSTE_PAUSE_SEKUNDER, pause * 2)
                await _hvil(stop, pause)

    async def _session(self, stop: asyncio.Event) -> None:
        self.tal.sessioner += 1
        async with _linje() as linje, _outbox(self._url, linje) as outbox, _producent(self._options) as kafka:
            sammenligning = Sammenligning(self._options, outbox, self._kuvert, linje.i_traad)
            session = Session(outbox, kafka, sammenligning, self._erindring, linje)
            lytter = lyt(self._url, KANAL_USENDT, session.usendt, session.alle_usendt)
            opmaerksom = asyncio.create_task(stop.wait())
            opmaerksom.add_done_callback(lambda _: session.vaek())
            try:
                await _til_en_ender(session.koer(self._navne, stop), lytter)
            finally:
                opmaerksom.cancel()
                await session.slut()


async def _til_en_ender(*arbejder: Coroutine[Any, Any, None]) -> None:
    """Run all until one ends, however it ends, and end the others. Raises what the first raised."""
    opgaver = [asyncio.create_task(arbejde) for arbejde in arbejder]
    try:
        faerdige, _ = await asyncio.wait(opgaver, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for opgave in opgaver:
            opgave.cancel()
        await asyncio.gather(*opgaver, return_exceptions=True)
    for opgave in faerdige:
        opgave.result()


@asynccontextmanager
async def _linje() -> AsyncIterator[Linje]:
    linje = Linje("hub-relay")
    try:
        yield linje
    finally:
        linje.luk()


@asynccontextmanager
async def _outbox(url: str, linje: Linje) -> AsyncIterator[Outbox]:
    outbox = await linje.i_traad(Outbox, url)
    try:
        yield outbox
    finally:
        # A statement may hang on a server that went away; the thread then ends with it, and the locks with the connection.
        with suppress(TimeoutError):
            await asyncio.wait_for(linje.i_traad(outbox.luk), LUK_SEKUNDER)


@asynccontextmanager
async def _producent(options: dict[str, Any]) -> AsyncIterator[AIOKafkaProducer]:
    kafka = producent(options, "hub-relay")
    try:
        # Without a limit it would ask for its producer id for ever when Kafka goes away just now, and not hear `stop`.
        async with asyncio.timeout(START_SEKUNDER):
            await kafka.start()
        yield kafka
    finally:
        await kasser(kafka)


async def _hvil(stop: asyncio.Event, sekunder: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(sekunder):
            await stop.wait()
