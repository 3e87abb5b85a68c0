"""Pitfalls of Kafka and its client, each on the real broker: what would go wrong without our guard, and that it does not."""

import tomllib
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from hub.events import topics
from hub.events.journal import Post, laes, producent, slutninger
from hub.local.broker_settings import MAX_DECOMPRESSED_BYTES

pytestmark = pytest.mark.integration
ROD = Path(__file__).parents[2]


@pytest.fixture
async def topic(bootstrap: str) -> str:
    """A new topic of one partition, declared as ours are."""
    navn = f"faldgrube-{uuid.uuid4().hex}"
    await topics.sikr({"bootstrap_servers": bootstrap}, [topics.Topic(navn, 1)])
    return navn


@asynccontextmanager
async def startet(kafka: AIOKafkaProducer) -> AsyncIterator[AIOKafkaProducer]:
    """A producer while the context lasts."""
    await kafka.start()
    try:
        yield kafka
    finally:
        await kafka.stop()


async def paa(bootstrap: str, topic: str) -> list[Post]:
    """The topic's records."""
    options: dict[str, Any] = {"bootstrap_servers": bootstrap}
    ender = await slutninger(options, topic)
    return [post async for _, poster in laes(options, topic, {0: 0}, ender) for post in poster]


@pytest.mark.parametrize("slags", ["lz4", "snappy", "zstd", "gzip", None])
async def test_every_compression_is_readable(bootstrap: str, topic: str, slags: str | None) -> None:
    """One batch in a compression that the client cannot open would crash the consumer for good: `cramjam` is a declared dependency."""
    async with startet(AIOKafkaProducer(bootstrap_servers=bootstrap, compression_type=slags)) as kafka:
        await kafka.send_and_wait(topic, b"x" * 5_000)
    assert [post.vaerdi for post in await paa(bootstrap, topic)] == [b"x" * 5_000]
    erklaerede = tomllib.loads((ROD / "pyproject.toml").read_text())["project"]["dependencies"]
    assert any(navn.startswith("cramjam") for navn in erklaerede)


async def test_a_compression_bomb_is_refused_by_the_broker(bootstrap: str, topic: str) -> None:
    """A batch that is small on the wire and larger than 16 MiB when opened never reaches the log, so no consumer opens it."""
    bombe = b"\0" * (MAX_DECOMPRESSED_BYTES + 1024 * 1024)
    kafka = AIOKafkaProducer(
        bootstrap_servers=bootstrap, compression_type="gzip", max_request_size=64 * 1024 * 1024, max_batch_size=64 * 1024 * 1024
    )
    async with startet(kafka):
        with pytest.raises(KafkaError):
            await kafka.send_and_wait(topic, bombe)
        await kafka.send_and_wait(topic, b"\0" * 1024 * 1024 * 8)
    assert [len(post.vaerdi or b"") for post in await paa(bootstrap, topic)] == [8 * 1024 * 1024]


async def test_our_producer_is_idempotent_waits_for_all_copies_and_has_no_transactions(bootstrap: str) -> None:
    """Correctness rests on ids, outbox and checkpoints, never on Kafka's transactions (no KIP-447, no KIP-890 in the client)."""
    kafka = producent({"bootstrap_servers": bootstrap}, "test")
    manager = kafka._txn_manager
    assert manager is not None
    assert manager.transactional_id is None
    assert kafka._sender._acks == -1
    await kafka.stop()


def test_the_lock_file_names_no_index_and_pins_by_hash() -> None:
    """A lock with download addresses would work on one network only."""
    laas = (ROD / "requirements.lock").read_text()
    assert not any(ord_ in laas for ord_ in ("http:", "https:", "--index-url", "--extra-index-url", "--find-links", "--trusted-host"))
    assert laas.count("--hash=sha256:") > laas.count("==")
