"""Saturated throughput: records pushed onto the log as fast as it takes them while the worker, or an empty Faust agent, is live."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import NamedTuple

from aiokafka import AIOKafkaProducer
from sqlalchemy import Engine, text

from hub.bootstrap import Hus
from hub.events.journal import Post, laes, slutninger
from hub.events.topics import FAKTA

LEDIG = 30.0
"""Seconds without progress after which a run is given up."""
FAERDIG = text("SELECT coalesce(sum(naeste_offset), 0) FROM delivery.checkpoints")
USENDTE = text("SELECT count(*) FROM delivery.notifikationer WHERE sendt IS NULL")


class Maettet(NamedTuple):
    """Events, seconds until their rows and notifications were committed, seconds until the last notification was on its topic."""

    antal: int
    projiceret: float
    sendt: float


class StodStille(RuntimeError):
    """The worker made no progress; the benchmark has no figure."""


async def hent_log(hus: Hus) -> list[Post]:
    """Every record of the facts, per partition in order."""
    ender = await slutninger(hus.options, FAKTA)
    poster: list[Post] = []
    async for _, del_ in laes(hus.options, FAKTA, dict.fromkeys(ender, 0), ender):
        poster.extend(del_)
    return poster


async def fyld(hus: Hus, topic: str, poster: Iterable[Post]) -> None:
    """Put the records onto `topic`, into the partitions that they had, as fast as Kafka takes them."""
    producent = AIOKafkaProducer(**hus.options, acks="all", enable_idempotence=True, linger_ms=5, max_batch_size=256 * 1024)
    await producent.start()
    try:
        for post in poster:
            await producent.send(topic, value=post.vaerdi, key=post.noegle, partition=post.partition, headers=list(post.hoveder))
        await producent.flush()
    finally:
        await producent.stop()


async def hub_maetning(hus: Hus, engine: Engine, poster: Sequence[Post]) -> Maettet:
    """Push the records while `hub worker` runs on an empty database; time it until all is projected, and all is sent."""
    begyndt = time.perf_counter()
    await fyld(hus, FAKTA, poster)
    await _til(lambda: asyncio.to_thread(_tal, engine, FAERDIG), lambda tal: tal >= len(poster))
    projiceret = time.perf_counter() - begyndt
    await _til(lambda: asyncio.to_thread(_tal, engine, USENDTE), lambda tal: tal == 0)
    return Maettet(len(poster), projiceret, time.perf_counter() - begyndt)


def _tal(engine: Engine, spoergsmaal: object) -> int:
    with engine.connect() as conn:
        return int(conn.execute(spoergsmaal).scalar_one())  # type: ignore[call-overload]


async def _til(maal: Callable[[], Awaitable[int]], faerdig: Callable[[int], bool]) -> None:
    """Ask four times a second until it is done. Raises `StodStille`."""
    sidst, siden = -1, time.monotonic()
    while not faerdig(tal := await maal()):
        if tal != sidst:
            sidst, siden = tal, time.monotonic()
        if time.monotonic() - siden > LEDIG:
            raise StodStille(f"no progress for {LEDIG:.0f} s at {tal}")
        await asyncio.sleep(0.25)
