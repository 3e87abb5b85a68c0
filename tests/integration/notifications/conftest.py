"""A migrated database without notifications, a Kafka without notification topics, and what the tests do with both."""

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_OID, uuid4, uuid5

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from sqlalchemy import Engine, text

from hub.events.besoeg import besoeg
from hub.events.codec import Kodeks
from hub.events.database import motor
from hub.events.forbindelse import raa_forbindelse
from hub.events.journal import Post, laes, slutninger
from hub.events.schemas import Skemaregister, skemamappe
from hub.events.topics import NOTIFIKATIONER
from hub.migrations.migrer import migrer
from hub.notifications.gem import gem
from hub.notifications.numre import Numre
from hub.notifications.omgang import Kilder
from hub.notifications.pakning import Pakning
from hub.notifications.sekvenser import Sekvenser
from hub.notifications.udkast import ANTAL_BANER, Udkast, bane

NU = datetime(2025, 9, 15, 8, tzinfo=UTC)
KODER = (f"{kommune}{nr:02}" for nr in range(10, 99) for kommune in range(101, 860))


class Rum:
    """The notifications' room with its real services, and short ways to use it."""

    def __init__(self, kilder: Kilder, engine: Engine) -> None:
        self.kilder = kilder
        self.engine = engine
        self._sager = itertools.count()

    def numre(self) -> Numre:
        """A sequencer's connection."""
        return Numre(self.kilder.url, Pakning(self.kilder.kodeks, self.kilder.register))

    def udkast(self, kode: str, antal: int = 1, sag: str | None = None, venter_paa: str | None = None, version: int = 1) -> list[Udkast]:
        """New notifications to a jobcentre, of one case with rising versions or each of its own."""
        felter: dict[str, Any] = {"jobCenterKode": kode, "bane": bane(kode), "venterPaa": venter_paa, "getMetode": "GetBevilling"}
        felter |= {"skabelon": 9001, "subskabelon": 9104, "erOprettelse": True, "registreringsDato": NU, "haendelsestidspunkt": NU}
        return [
            Udkast(
                id=str(uuid4()),
                sagsId=sags_id(sag or f"sag {next(self._sager)}"),
                version=version + (nr if sag else 0),
                eksternIdentifier=str(uuid4()),
                link="/v1/x",
                **felter,
            )
            for nr in range(antal)
        ]

    def gem(self, udkast: list[Udkast]) -> list[Udkast]:
        """Commit notifications as the projection does."""
        with self.engine.begin() as conn:
            besoeg(raa_forbindelse(conn), gem(udkast))
        return udkast

    def sql(self, tekst: str, **felter: Any) -> list[Any]:
        """Run one statement; its rows."""
        with self.engine.begin() as conn:
            svar = conn.execute(text(tekst), felter)
            return list(svar.all()) if svar.returns_rows else []

    async def paa_topic(self, kode: str) -> list[Post]:
        """Every record of a jobcentre's topic."""
        slut = (await slutninger(self.kilder.kafka, NOTIFIKATIONER + kode))[0]
        return [post async for _, poster in laes(self.kilder.kafka, NOTIFIKATIONER + kode, {0: 0}, {0: slut}) for post in poster]

    async def ider(self, kode: str) -> list[str]:
        """The ids on a jobcentre's topic, after checking that numbers are 1, 2, 3 … and nothing stands twice."""
        beskeder = [self.kilder.kodeks.afkod_notifikation(post.vaerdi or b"") for post in await self.paa_topic(kode)]
        assert [b.nummer for b in beskeder] == list(range(1, len(beskeder) + 1))
        return [b.notifikationsId for b in beskeder]

    @asynccontextmanager
    async def sekvenser(self, klar: bool = True) -> AsyncIterator[Sekvenser]:
        """A running sequencer, by default one that has its lanes; cancelled at the end."""
        sekvenser = Sekvenser(self.kilder)
        opgave = asyncio.create_task(sekvenser.run())
        try:
            if klar:
                await indtil(lambda: len(sekvenser.baner) + len(sekvenser.standset) == ANTAL_BANER)
            yield sekvenser
        finally:
            opgave.cancel()
            await asyncio.wait([opgave], timeout=10)
            assert opgave.cancelled(), opgave

    async def alle_sendt(self, sekunder: float = 20) -> None:
        """Wait until the table has nothing that is not on its topic."""
        await indtil(lambda: self.sql("SELECT 1 FROM delivery.notifikationer WHERE sendt IS NULL LIMIT 1") == [], sekunder)


def sags_id(navn: str) -> str:
    """A case's id from a short name."""
    return str(uuid5(NAMESPACE_OID, navn))


async def indtil(sandt: Callable[[], bool], sekunder: float = 15) -> None:
    """Wait until something is so; fails the test when it takes too long."""
    frist = time.monotonic() + sekunder
    while not await asyncio.to_thread(sandt):
        assert time.monotonic() < frist, "it did not happen in time"
        await asyncio.sleep(0.02)


@pytest.fixture(scope="session")
def vent_til() -> Callable[..., Awaitable[None]]:
    """Waits until something is so."""
    return indtil


@pytest.fixture(scope="module")
def engine(database_url: str) -> Iterator[Engine]:
    """An engine on this module's migrated database."""
    engine = motor(database_url, "test")
    migrer(engine)
    yield engine
    engine.dispose()


@pytest.fixture
async def rum(engine: Engine, database_url: str, bootstrap: str) -> AsyncIterator[Rum]:
    """The room, empty: a topic of another test's database would halt its lane."""
    kafka = {"bootstrap_servers": bootstrap}
    register = Skemaregister(skemamappe())
    rum = Rum(Kilder(database_url, kafka, Kodeks(register), register), engine)
    rum.sql("TRUNCATE delivery.notifikationer, delivery.numre")
    await slet_topics(kafka)
    yield rum
    await slet_topics(kafka)


@pytest.fixture
def koder() -> list[str]:
    """Three jobcentres that no other test has, each with a lane of its own."""
    valgte: dict[int, str] = {}
    while len(valgte) < 3:
        kode = next(KODER)
        valgte.setdefault(bane(kode), kode)
    return list(valgte.values())


async def slet_topics(kafka: dict[str, Any]) -> None:
    """Delete every jobcentre's topic."""
    admin = AIOKafkaAdminClient(**kafka)
    await admin.start()
    try:
        while navne := [navn for navn in await admin.list_topics() if navn.startswith(NOTIFIKATIONER)]:
            await admin.delete_topics(navne)
            await asyncio.sleep(0.05)
    finally:
        await admin.close()
