"""The log: where a key lies, where the log ends, and a reader that stops exactly there."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete
from aiokafka.errors import KafkaError
from aiokafka.partitioner import DefaultPartitioner
from aiokafka.structs import TopicPartition
from hypothesis import given
from hypothesis import strategies as st

from hub.events.journal import Post, UdenForLoggen, graenser, laes, partition_for, producent, slutninger
from hub.events.topics import Topic, sikr

pytestmark = pytest.mark.integration


class Log:
    """A topic of three partitions: 0 is empty, 1 has 50 records, 2 has 2,000."""

    def __init__(self, bootstrap: str) -> None:
        self.options: dict[str, Any] = {"bootstrap_servers": bootstrap}
        self.topic = f"journal-{uuid.uuid4().hex}"

    async def fyld(self) -> None:
        """Make the topic and write its records."""
        await sikr(self.options, [Topic(self.topic, 3)])
        kafka = producent(self.options, "test")
        await kafka.start()
        for partition, antal in ((1, 50), (2, 2000)):
            hoved = [("nr", str(partition).encode())]
            for nr in range(antal):
                await kafka.send(self.topic, key=b"k", value=b"%d" % nr, partition=partition, headers=hoved)
        await kafka.flush()
        await kafka.stop()

    async def laes(self, fra: dict[int, int], til: dict[int, int], batch: int = 5000) -> list[tuple[int, list[Post]]]:
        """All that the reader gives."""
        return [del_ async for del_ in laes(self.options, self.topic, fra, til, batch)]


@pytest.fixture
async def log(bootstrap: str) -> AsyncIterator[Log]:
    """A filled log."""
    ny = Log(bootstrap)
    await ny.fyld()
    yield ny


@given(st.binary(min_size=1, max_size=50), st.integers(min_value=1, max_value=50))
def test_a_key_lies_where_any_client_would_put_it(noegle: bytes, partitioner: int) -> None:
    """Our computed partition is that of Java's default partitioner, as aiokafka has it."""
    alle = list(range(partitioner))
    assert partition_for(noegle, partitioner) == DefaultPartitioner()(noegle, alle, alle)


def test_a_cases_partition_never_changes() -> None:
    """Known answers for the twelve partitions of the facts."""
    assert [partition_for(noegle) for noegle in (b"drift", b"10100", b"0b7a9f3e-4b1c-4b43-8e49-1f7b7b7c2d10")] == [5, 5, 10]


async def test_the_log_is_read_whole_in_order_and_in_parts(log: Log) -> None:
    """Every record of every partition once, in order, with the time it was made; an empty partition gives nothing and does not wait."""
    assert await slutninger(log.options, log.topic) == {0: 0, 1: 50, 2: 2000}
    dele = await log.laes({0: 0, 1: 0, 2: 0}, {0: 0, 1: 50, 2: 2000}, batch=300)
    assert max(len(poster) for _, poster in dele) <= 300
    for partition, antal in ((1, 50), (2, 2000)):
        poster = [post for p, del_ in dele if p == partition for post in del_]
        assert all(abs(time.time() - post.sat / 1000) < 600 for post in poster)
        assert [post._replace(sat=0) for post in poster] == [
            Post(partition, nr, b"k", b"%d" % nr, (("nr", b"%d" % partition),)) for nr in range(antal)
        ]


async def test_reading_stops_exactly_at_the_ends(log: Log) -> None:
    """More lies behind: it is not given, also when it came in the same fetch."""
    dele = await log.laes({1: 10, 2: 1999}, {1: 12, 2: 1999})
    assert [(p, [post.offset for post in del_]) for p, del_ in dele] == [(1, [10, 11])]


@pytest.mark.parametrize(("fra", "til"), [({1: 51}, {1: 51}), ({1: 0}, {1: 51}), ({0: 1}, {0: 1}), ({2: 0}, {2: 2000}), ({2: 0}, {2: 0})])
async def test_a_position_outside_the_log_is_an_error(log: Log, fra: dict[int, int], til: dict[int, int]) -> None:
    """Beyond the end, or below the start of a log that was cut: nothing is read as if all were well."""
    admin = AIOKafkaAdminClient(**log.options)
    await admin.start()
    await admin.delete_records({TopicPartition(log.topic, 2): RecordsToDelete(before_offset=5)})
    await admin.close()
    assert (await graenser(log.options, log.topic))[2] == (5, 2000)
    with pytest.raises(UdenForLoggen):
        await log.laes(fra, til)


async def test_an_offset_without_a_record_is_no_endless_wait(log: Log) -> None:
    """A transaction's marker takes an offset and gives no record, also as the last before the end; uncommitted records are read."""
    kafka = AIOKafkaProducer(**log.options, transactional_id=log.topic)
    await kafka.start()
    await kafka.begin_transaction()
    await kafka.send_and_wait(log.topic, value=b"x", partition=0)
    await kafka.abort_transaction()
    await kafka.stop()
    # The marker is written after the answer.
    while (await slutninger(log.options, log.topic))[0] < 2:
        await asyncio.sleep(0.01)
    dele = await log.laes({0: 0}, {0: 2})
    assert [post.offset for _, del_ in dele for post in del_] == [0]


async def test_a_topic_that_is_missing_is_an_error_and_is_not_made(bootstrap: str) -> None:
    """At once, not after a time-out."""
    with pytest.raises(KafkaError, match="no topic"):
        await slutninger({"bootstrap_servers": bootstrap}, f"journal-{uuid.uuid4().hex}")
