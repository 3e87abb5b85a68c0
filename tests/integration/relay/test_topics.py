"""The declared topics: made once by many, checked at start, listed."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from hub.events.topics import ERKLAEREDE, FAKTA, FOR_EVIGT, Topic, TopicFejl, baner, liste, notifikationstopic, sikr

pytestmark = pytest.mark.integration


@pytest.fixture
async def admin(bootstrap: str) -> AsyncIterator[AIOKafkaAdminClient]:
    """The cluster's admin client."""
    klient = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await klient.start()
    yield klient
    await klient.close()


def nyt(partitioner: int = 3) -> Topic:
    """A topic that no other test has."""
    return Topic(f"topics-{uuid.uuid4().hex}", partitioner)


async def test_many_at_once_make_each_topic_once(bootstrap: str) -> None:
    """Five processes starting together, and one later, all find the topics as declared, kept for ever."""
    options: dict[str, Any] = {"bootstrap_servers": bootstrap}
    topics = [nyt(), nyt(1)]
    svar = await asyncio.gather(*(sikr(options, topics) for _ in range(5)))
    for statusser in (*svar, await sikr(options, topics)):
        assert [(s.topic, s.partitioner, s.replikaer, dict(s.afvigelser)) for s in statusser] == [(t, t.partitioner, 1, {}) for t in topics]


async def test_a_new_topic_takes_what_is_sent_at_once(bootstrap: str, caplog: pytest.LogCaptureFixture) -> None:
    """Its leaders are there when it is said to be: no producer is refused by one that is not yet, and warns of it."""
    options: dict[str, Any] = {"bootstrap_servers": bootstrap}
    producer = AIOKafkaProducer(**options)
    await producer.start()
    try:
        for _ in range(5):
            topics = [nyt(12) for _ in range(4)]
            await sikr(options, topics)
            await asyncio.gather(*(producer.send_and_wait(t.navn, b"x", partition=p) for t in topics for p in range(12)))
    finally:
        await producer.stop()
    assert [r.getMessage() for r in caplog.records if r.name.startswith("aiokafka.producer")] == []


async def test_a_topic_with_another_number_of_partitions_is_refused(bootstrap: str) -> None:
    """A key's partition is computed from their number: the hub does not start on another."""
    options: dict[str, Any] = {"bootstrap_servers": bootstrap}
    topic = nyt(2)
    await sikr(options, [topic])
    with pytest.raises(TopicFejl, match="has 2 partitions, not 3"):
        await sikr(options, [topic._replace(partitioner=3)])


@pytest.mark.parametrize("indstilling", [{"retention.ms": "604800000"}, {"retention.bytes": "1000000"}, {"cleanup.policy": "compact"}])
async def test_a_topic_that_forgets_is_refused(bootstrap: str, admin: AIOKafkaAdminClient, indstilling: dict[str, str]) -> None:
    """Facts are for ever: a topic that somebody made with a retention or with compaction is an error at start."""
    topic = nyt(1)
    await admin.create_topics([NewTopic(topic.navn, 1, 1, topic_configs=FOR_EVIGT | indstilling)])
    with pytest.raises(TopicFejl, match=next(iter(indstilling))):
        await sikr({"bootstrap_servers": bootstrap}, [topic])


async def test_a_topic_that_cannot_be_made_says_why(bootstrap: str) -> None:
    """More copies than brokers."""
    with pytest.raises(TopicFejl, match="InvalidReplicationFactorError"):
        await sikr({"bootstrap_servers": bootstrap}, [nyt()], replikaer=3)


async def test_the_list_has_what_is_declared_and_every_jobcentres(bootstrap: str) -> None:
    """A declared topic is listed also when it is missing, and a jobcentre's is found by its name."""
    options: dict[str, Any] = {"bootstrap_servers": bootstrap}
    await sikr(options, [notifikationstopic("10100")])
    navne = [status.topic.navn for status in await liste(options)]
    assert navne[: len(ERKLAEREDE)] == [topic.navn for topic in ERKLAEREDE]
    assert "ordningsnotifikation.10100" in navne


@pytest.mark.parametrize("kode", ["1010", "101000", "1010x", "١٠١٠٠", "10100\n", "", "../.."])
def test_a_topics_name_holds_nothing_but_a_code(kode: str) -> None:
    """Only five digits become part of a topic's name."""
    with pytest.raises(ValueError, match="five digits"):
        notifikationstopic(kode)


def test_the_relay_has_a_lane_for_every_partition_of_the_facts() -> None:
    """Twelve, numbered from 0; the dead letters are not the ledger's."""
    assert [p for topic, p in baner() if topic == FAKTA] == list(range(12))
    assert "vitas.sagshaendelser-dlt" not in {topic for topic, _ in baner()}
