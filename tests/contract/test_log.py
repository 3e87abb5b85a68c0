"""The log, as a track reads it: the same scenarios on the in-memory twin and on the real Kafka."""

import uuid
from typing import Any

import pytest
from tvillinger import Loglager

from hub.consumers.partitionslog import Partitionslog
from hub.consumers.spor import Log
from hub.events.journal import producent
from hub.events.topics import Topic, sikr

pytestmark = pytest.mark.integration

ANTAL = 7


@pytest.fixture(params=["twin", "kafka"])
async def log(request: pytest.FixtureRequest) -> Log:
    """A log with seven records in partition 0."""
    if request.param == "twin":
        return Loglager(ANTAL)
    options: dict[str, Any] = {"bootstrap_servers": request.getfixturevalue("bootstrap")}
    topic = f"kontrakt.{uuid.uuid4()}"
    await sikr(options, [Topic(topic, 1)])
    afsender = producent(options, "test")
    await afsender.start()
    for nummer in range(ANTAL):
        await afsender.send_and_wait(topic, str(nummer).encode(), key=b"sag", partition=0)
    await afsender.stop()
    return Partitionslog(options, topic)


async def test_the_end_is_the_offset_after_the_last_record(log: Log) -> None:
    """Seven records lie at 0 to 6."""
    assert await log.slutninger({0}) == {0: ANTAL}


@pytest.mark.parametrize(("fra", "til"), [(0, 7), (2, 6), (6, 7), (3, 3), (7, 7)])
async def test_exactly_the_records_between_two_offsets_are_read_in_parts(log: Log, fra: int, til: int) -> None:
    """From the first inclusive to the second exclusive, in order, no part empty or larger than asked for."""
    dele = [del_ async for del_ in log.laes(0, fra, til, 3)]
    assert [post.offset for del_ in dele for post in del_] == list(range(fra, til))
    assert all(1 <= len(del_) <= 3 for del_ in dele)
