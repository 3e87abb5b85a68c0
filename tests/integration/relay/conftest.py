"""A relay on topics and tables of its own, and the hands that fill and read them."""

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import msgspec
import psycopg
import pytest

from hub.domain.kuvert import Aktoer, Kuvert
from hub.events import topics
from hub.events.database import motor
from hub.events.journal import Post, laes, producent, slutninger
from hub.events.relay import Relae
from hub.migrations.migrer import migrer

NU = datetime(2026, 1, 1, tzinfo=UTC)
PARTITIONER = 4


class Indhold(msgspec.Struct):
    """What the tests' events hold: the part of the envelope that the relay reads."""

    sagsId: str
    version: int
    forgaenger: bytes | None = None
    fyld: str = ""


def kuvert(topic: str, vaerdi: bytes) -> Kuvert | None:
    """The tests' own decoder; None for bytes that are none of theirs."""
    try:
        fundet = msgspec.json.decode(vaerdi, type=Indhold)
    except msgspec.MsgspecError:
        return None
    return Kuvert("h", fundet.sagsId, fundet.version, "e", NU, NU, Aktoer("System"), "r", b"", "k", fundet.forgaenger)


def bytes_af(stroem: str, version: int, forgaenger: bytes | None = None, fyld: str = "") -> bytes:
    """One event's bytes."""
    return msgspec.json.encode(Indhold(stroem, version, forgaenger, fyld))


class Stand:
    """A topic of four partitions and an outbox, both empty at first."""

    def __init__(self, url: str, bootstrap: str) -> None:
        self.url = url
        self.options: dict[str, Any] = {"bootstrap_servers": bootstrap}
        self.topic = f"relay-{uuid.uuid4().hex}"
        self.baner = [(self.topic, p) for p in range(PARTITIONER)]
        self.conn = psycopg.connect(url, autocommit=True)
        self.conn.execute("TRUNCATE ledger.outbox, ledger.baner, ledger.stroemme")

    async def opret(self) -> None:
        """Make the topic."""
        await topics.sikr(self.options, [topics.Topic(self.topic, PARTITIONER)])

    def tilfoej(self, partition: int, stroem: str, version: int, vaerdi: bytes | None = None, conn: Any = None) -> int:
        """Insert one row and tell the relay, as the ledger does."""
        conn = conn or self.conn
        vaerdi = bytes_af(stroem, version) if vaerdi is None else vaerdi
        with conn.transaction():
            raekke = conn.execute(
                "INSERT INTO ledger.outbox (topic, partition, stroem, version, vaerdi, hoveder)"
                " VALUES (%s, %s, %s, %s, %s, %s) RETURNING id",
                [self.topic, partition, stroem, version, vaerdi, json.dumps({"ce_id": f"{stroem}-{version}"})],
            ).fetchone()
            conn.execute("SELECT pg_notify('hub_outbox', %s)", [f"{self.topic}:{partition}"])
        return int(raekke[0])

    def hoved(self, partition: int, stroem: str, version: int, hoved: bytes | None) -> None:
        """Say what the ledger knows of a stream."""
        self.conn.execute(
            "INSERT INTO ledger.stroemme (stroem, topic, partition, version, hoved, fold_version) VALUES (%s, %s, %s, %s, %s, 1)",
            [stroem, self.topic, partition, version, hoved],
        )

    def usendte(self) -> int:
        """How many rows wait."""
        return int(self.et("SELECT count(*) FROM ledger.outbox WHERE sendt IS NULL"))

    def bane(self, partition: int) -> tuple[int, str | None, bool]:
        """Position, why it is behind, and whether it was compared since the server started."""
        fundet = self.conn.execute(
            "SELECT naeste_offset, bagud, server_start = pg_postmaster_start_time() FROM ledger.baner WHERE topic = %s AND partition = %s",
            [self.topic, partition],
        ).fetchone()
        return fundet or (-1, None, False)

    def et(self, sql: str, *felter: Any) -> Any:
        """The first field of the first row."""
        raekke = self.conn.execute(sql, felter).fetchone()
        return raekke and raekke[0]

    async def skriv(self, partition: int, *poster: tuple[str | None, bytes]) -> None:
        """Write records to the log past the relay."""
        kafka = producent(self.options, "test")
        await kafka.start()
        for noegle, vaerdi in poster:
            await kafka.send(self.topic, key=noegle and noegle.encode(), value=vaerdi, partition=partition)
        await kafka.flush()
        await kafka.stop()

    async def log(self) -> list[Post]:
        """The whole log, per partition in its order."""
        slut = await slutninger(self.options, self.topic)
        return [post async for _, poster in laes(self.options, self.topic, dict.fromkeys(slut, 0), slut) for post in poster]

    def ny(self) -> Relae:
        """A relay that does not run."""
        return Relae(self.url, self.options, kuvert, self.baner)

    @asynccontextmanager
    async def relae(self) -> AsyncIterator[Relae]:
        """A relay at work; what it raised is raised here."""
        relae, stop = self.ny(), asyncio.Event()
        opgave = asyncio.create_task(relae.run(stop))
        try:
            yield relae
        finally:
            stop.set()
            await asyncio.wait_for(opgave, 10)


async def indtil(sandt: Callable[[], Any], sekunder: float = 10.0) -> None:
    """Wait until something holds; fail when it does not in time."""
    async with asyncio.timeout(sekunder):
        while not sandt():
            await asyncio.sleep(0.01)


@pytest.fixture(scope="module")
def migreret(database_url: str) -> str:
    """The URL of a database with our tables."""
    engine = motor(database_url, "test")
    migrer(engine)
    engine.dispose()
    return database_url


@pytest.fixture
def vent() -> Any:
    """`await vent(condition)`."""
    return indtil


@pytest.fixture
def haendelse() -> Any:
    """`haendelse(stream, version, predecessor's hash)` gives an event's bytes."""
    return bytes_af


@pytest.fixture
def relaestand() -> Any:
    """`relaestand(url, bootstrap)`: a stand beside the session's services."""
    return Stand


@pytest.fixture
async def stand(migreret: str, bootstrap: str) -> AsyncIterator[Stand]:
    """An empty stand on the session's services."""
    ny = Stand(migreret, bootstrap)
    await ny.opret()
    yield ny
    ny.conn.close()
