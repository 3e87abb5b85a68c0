"""The relay while its services fail: a Kafka and a PostgreSQL of its own, stopped and started under it."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psutil
import psycopg
import pytest

from hub.events.database import motor
from hub.local import kafka, postgres
from hub.migrations.migrer import migrer

pytestmark = pytest.mark.integration
HEAP_MB = 256


@pytest.fixture(scope="module")
def mappe() -> Iterator[Path]:
    """The data folder of services that this module may stop."""
    with TemporaryDirectory(prefix="hub-test-") as folder:
        yield Path(folder)
        kafka.stop(Path(folder))
        postgres.stop(Path(folder))


@pytest.fixture
async def egen(mappe: Path, relaestand: Any) -> AsyncIterator[Any]:
    """A stand on services of its own."""
    bootstrap, url = await asyncio.gather(asyncio.to_thread(kafka.start, mappe, HEAP_MB), asyncio.to_thread(postgres.start, mappe))
    engine = motor(url, "test")
    migrer(engine)
    engine.dispose()
    ny = relaestand(url, bootstrap)
    await ny.opret()
    yield ny
    ny.conn.close()


def _draeb(mappe: Path) -> None:
    """Kill Kafka as a machine that loses power would."""
    pid = kafka.running(mappe)
    assert pid is not None
    psutil.Process(pid).kill()


async def _kopier(stand: Any) -> list[bytes]:
    """The events of the log in its order; identical copies of one are taken as one, at its first place."""
    return list(dict.fromkeys(post.hoveder[0][1] for post in await stand.log()))


async def test_nothing_is_lost_while_kafka_is_away(egen: Any, mappe: Path, vent: Any) -> None:
    """Kafka is killed with rows under way, more are appended meanwhile; when it is back every row is on the log, in order."""
    async with egen.relae() as relae:
        egen.tilfoej(0, "a", 1)
        await vent(lambda: relae.tal.sendt == 1)
        _draeb(mappe)
        for version in range(2, 12):
            egen.tilfoej(0, "a", version)
            await asyncio.sleep(0.05)
        assert egen.usendte() == 10
        assert await asyncio.to_thread(kafka.start, mappe, HEAP_MB) == egen.options["bootstrap_servers"]
        await vent(lambda: egen.usendte() == 0, 30)
    assert await _kopier(egen) == [b"a-%d" % version for version in range(1, 12)]


async def test_a_restarted_database_makes_every_lane_compare_again(egen: Any, mappe: Path, vent: Any) -> None:
    """The server's restart takes the locks: until its lane has been compared with this server's start, a lane does not count as level."""
    async with egen.relae() as relae:
        egen.tilfoej(0, "a", 1)
        await vent(lambda: relae.tal.sendt == 1)
        egen.conn.close()
        await asyncio.to_thread(postgres.stop, mappe)
        await asyncio.to_thread(postgres.start, mappe)
        egen.conn = psycopg.connect(egen.url, autocommit=True)
        egen.tilfoej(0, "a", 2)
        await vent(lambda: egen.usendte() == 0 and egen.bane(0)[2], 20)
        assert relae.tal.sessioner > 1
    assert await _kopier(egen) == [b"a-1", b"a-2"]


async def test_a_relay_ends_within_seconds_while_kafka_is_away(egen: Any, mappe: Path, vent: Any) -> None:
    """Stopped with a row under way that nobody acknowledges: it lets go, and the row stays unsent. Last here: Kafka is left dead."""
    async with egen.relae() as relae:
        egen.tilfoej(0, "a", 1)
        await vent(lambda: relae.tal.sendt == 1)
        _draeb(mappe)
        egen.tilfoej(0, "a", 2)
        await asyncio.sleep(0.2)
        begyndt = time.monotonic()
    assert time.monotonic() - begyndt < 6
    assert egen.usendte() == 1
