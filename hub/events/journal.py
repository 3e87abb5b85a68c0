"""The log itself: producers, the partition of a key, where the log ends, and a reader with fixed ends. Every option is said here."""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import (
    AuthenticationFailedError,
    AuthenticationMethodNotSupported,
    ClusterAuthorizationFailedError,
    IncompatibleBrokerVersion,
    KafkaError,
    OffsetOutOfRangeError,
    TopicAuthorizationFailedError,
    UnsupportedVersionError,
)
from aiokafka.partitioner import murmur2

from hub.events.topics import FAKTA_PARTITIONER

JAVA_HELTAL = 0x7FFFFFFF
BUNDT_BYTES = 512 * 1024
"""The largest batch that a producer makes; the topics' max.message.bytes is twice that, and an event has at most half of it."""
POSTER_AD_GANGEN = 5000
ANMODNING_MS = 10_000
VENT_MS = 500
STILSTAND_SEKUNDER = 60.0
KASSER_SEKUNDER = 1.0


FATALE = (
    AuthenticationFailedError,
    AuthenticationMethodNotSupported,
    ClusterAuthorizationFailedError,
    IncompatibleBrokerVersion,
    TopicAuthorizationFailedError,
    UnsupportedVersionError,
)
"""What no new client mends: rights and versions."""


class UdenForLoggen(RuntimeError):
    """A wished position lies below the log's start or beyond its end: the log was cut, or is another one."""

    def __init__(self, topic: str, partition: int, oensket: int, graenser: tuple[int, int]) -> None:
        super().__init__(f"{topic}/{partition}: position {oensket} is outside the log, which has {graenser[0]} to {graenser[1]}")
        self.topic = topic
        self.partition = partition


class LoggenSvarerIkke(RuntimeError):
    """A reader got nothing for a minute although its end was not reached."""


class Post(NamedTuple):
    """One record of the log as it lies there; `sat` is when its producer made it, milliseconds of Unix time (0: not asked for)."""

    partition: int
    offset: int
    noegle: bytes | None
    vaerdi: bytes | None
    hoveder: tuple[tuple[str, bytes], ...]
    sat: int = 0


def partition_for(noegle: bytes, partitioner: int = FAKTA_PARTITIONER) -> int:
    """The partition of a key: murmur2 as Java's default partitioner has it, so that any client finds a case where we put it."""
    tal: int = murmur2(noegle) & JAVA_HELTAL
    return tal % partitioner


def producent(options: dict[str, Any], navn: str) -> AIOKafkaProducer:
    """A producer, not started: idempotent, acks=all, nothing lingers. After any error it is dead: `kasser` it and make a new one."""
    return AIOKafkaProducer(
        **options,
        client_id=navn,
        enable_idempotence=True,
        acks="all",
        linger_ms=0,
        max_batch_size=BUNDT_BYTES,
        max_request_size=1024 * 1024,
        compression_type="lz4",
        request_timeout_ms=ANMODNING_MS,
        retry_backoff_ms=100,
        metadata_max_age_ms=60_000,
        connections_max_idle_ms=540_000,
    )


async def kasser(producent: AIOKafkaProducer) -> None:
    """End a producer within about two seconds, without what it has not delivered: its own `stop` waits for that while Kafka is away.

    Whoever waits for a delivery gets KafkaError; what was under way may or may not have reached the log.
    """
    sender = producent._sender.sender_task
    # Cancelled once the task still waits for its request; twice, it lets go of that too.
    for _ in range(2 if sender else 0):
        sender.cancel()
        await asyncio.wait({sender}, timeout=KASSER_SEKUNDER)
    producent._message_accumulator.fail_all(KafkaError("the producer was dropped"))
    await producent.stop()


async def slutninger(options: dict[str, Any], topic: str) -> dict[int, int]:
    """The offset after the last record, per partition of the topic. Raises KafkaError, also when there is no such topic."""
    return {partition: slut for partition, (_, slut) in (await graenser(options, topic)).items()}


async def graenser(options: dict[str, Any], topic: str, partitioner: Iterable[int] | None = None) -> dict[int, tuple[int, int]]:
    """The first offset and the offset after the last, per partition (all, or those named). Raises KafkaError."""
    async with _laeser(options) as consumer:
        return await _graenser(consumer, topic, partitioner)


async def laes(
    options: dict[str, Any], topic: str, fra: Mapping[int, int], til: Mapping[int, int], batch: int = POSTER_AD_GANGEN
) -> AsyncGenerator[tuple[int, list[Post]], None]:
    """Read partitions from `fra` (inclusive) to `til` (exclusive), at most `batch` records of one partition at a time, in order.

    Ends exactly at the ends, whatever comes after. Raises `UdenForLoggen` before the first record when a position is not in the
    log, `LoggenSvarerIkke`, or KafkaError. Memory is bounded by the fetch sizes, not by the log.
    """
    async with _laeser(options) as consumer:
        _kontroller(topic, fra, til, await _graenser(consumer, topic, fra))
        mangler = {TopicPartition(topic, partition): til[partition] for partition, start in fra.items() if start < til[partition]}
        for tp in mangler:
            consumer.seek(tp, fra[tp.partition])
            consumer.resume(tp)
        async for del_ in _dele(consumer, mangler, batch):
            yield del_


async def _dele(consumer: AIOKafkaConsumer, mangler: dict[TopicPartition, int], batch: int) -> AsyncIterator[tuple[int, list[Post]]]:
    senest = time.monotonic()
    while mangler:
        for tp, poster in (await _hent(consumer, mangler, batch)).items():
            senest = time.monotonic()
            slut = mangler[tp]
            yield tp.partition, [Post(tp.partition, p.offset, p.key, p.value, p.headers, p.timestamp) for p in poster if p.offset < slut]
        # Asked of the consumer, not of the last record: an offset may hold none (a transaction's marker).
        for tp in [tp for tp, slut in mangler.items() if await consumer.position(tp) >= slut]:
            consumer.pause(tp)
            del mangler[tp]
        if time.monotonic() - senest > STILSTAND_SEKUNDER:
            raise LoggenSvarerIkke(f"nothing read for {STILSTAND_SEKUNDER:.0f} s from {sorted(mangler)}")


async def _hent(consumer: AIOKafkaConsumer, mangler: dict[TopicPartition, int], batch: int) -> dict[TopicPartition, list[Any]]:
    try:
        fundet: dict[TopicPartition, list[Any]] = await consumer.getmany(*mangler, timeout_ms=VENT_MS, max_records=batch)
    except OffsetOutOfRangeError as fejl:
        tp, oensket = next(iter(fejl.args[0].items()))
        raise UdenForLoggen(tp.topic, tp.partition, oensket, (-1, -1)) from fejl
    return fundet


def _kontroller(topic: str, fra: Mapping[int, int], til: Mapping[int, int], log: Mapping[int, tuple[int, int]]) -> None:
    for partition, start in fra.items():
        for position in (start, til[partition]):
            if not log[partition][0] <= position <= log[partition][1]:
                raise UdenForLoggen(topic, partition, position, log[partition])


@asynccontextmanager
async def _laeser(options: dict[str, Any]) -> AsyncIterator[AIOKafkaConsumer]:
    """A consumer without a group: nothing is committed, nobody is told, and an offset outside the log is an error."""
    consumer = AIOKafkaConsumer(
        **options,
        client_id="hub-laeser",
        group_id=None,
        enable_auto_commit=False,
        auto_offset_reset="none",
        isolation_level="read_uncommitted",
        check_crcs=True,
        fetch_max_wait_ms=VENT_MS,
        fetch_min_bytes=1,
        fetch_max_bytes=32 * 1024 * 1024,
        max_partition_fetch_bytes=4 * 1024 * 1024,
        request_timeout_ms=ANMODNING_MS,
        retry_backoff_ms=100,
        metadata_max_age_ms=60_000,
    )
    try:
        await consumer.start()
        yield consumer
    finally:
        await consumer.stop()


async def _graenser(consumer: AIOKafkaConsumer, topic: str, partitioner: Iterable[int] | None) -> dict[int, tuple[int, int]]:
    # Only a topic that is there is asked for by name: some clusters would make it.
    if topic not in await consumer.topics():
        raise KafkaError(f"there is no topic {topic}: `hub topics` shows those that there are, `hub up` makes them")
    if partitioner is None:
        _tag(consumer, [TopicPartition(topic, 0)])
        await consumer.end_offsets([TopicPartition(topic, 0)])
        partitioner = consumer.partitions_for_topic(topic)
    tps = [TopicPartition(topic, partition) for partition in sorted(partitioner)]
    _tag(consumer, tps)
    starter, slutter = await asyncio.gather(consumer.beginning_offsets(tps), consumer.end_offsets(tps))
    return {tp.partition: (starter[tp], slutter[tp]) for tp in tps}


def _tag(consumer: AIOKafkaConsumer, tps: list[TopicPartition]) -> None:
    """Assign partitions, at rest: nothing is fetched before a position is wished."""
    consumer.assign(tps)
    for tp in tps:
        consumer.seek(tp, 0)
        consumer.pause(tp)
