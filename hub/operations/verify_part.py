"""A part of a verification: partitions of the facts and jobcentres' topics, in one transaction; alone, or beside others in one snapshot."""

import asyncio
import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from typing import Any, NamedTuple

from aiokafka.errors import KafkaError
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from hub.events import journal
from hub.events.codec import Kodeks
from hub.events.database import motor
from hub.events.journal import Post
from hub.events.topics import FAKTA
from hub.notifications.afstemning import Ende
from hub.operations import numbers, verify_notifications
from hub.operations.numbers import Counted, Heads
from hub.operations.processes import first_line, own_codec, peak_mb
from hub.projections import verify as rows
from hub.projections.generation import forbind, serverende
from hub.projections.kendte import Udvalg
from hub.projections.live import Notificer
from hub.projections.verify import Opgave
from hub.settings import Settings, kafka_client_options

Step = Callable[[int], None]
"""Told of so many more records that are read or compared."""


Bounds = Mapping[str, Mapping[int, tuple[int, int]]]
"""Topic → partition → the first offset, and the offset after the last record."""


class Log(NamedTuple):
    """The log as it is after the snapshot: the bounds of the ledger's topics and of the jobcentres'."""

    bounds: Bounds
    told: Mapping[str, Ende]

    @property
    def ends(self) -> dict[tuple[str, int], int]:
        """(topic, partition) → the offset after the last record."""
        return {(topic, partition): end for topic, parts in self.bounds.items() for partition, (_, end) in parts.items()}


class Source(NamedTuple):
    """What is verified against what: the log up to its ends, which share of the cases. `folder` takes what does not fit into memory."""

    options: dict[str, Any]
    codec: Kodeks
    notify: Notificer
    folder: Path
    log: Log
    sample: float


@dataclass(frozen=True)
class Share:
    """What one process verifies, in the snapshot of that name. It makes its own clients and codec."""

    settings: Settings
    bootstrap: str
    database_url: str
    snapshot: str
    notify: Notificer
    log: Log
    sample: float
    partitions: Sequence[int]
    centres: Sequence[Heads]


@contextmanager
def snapshot(engine: Engine, name: str | None = None) -> Iterator[Connection]:
    """A transaction that reads one moment and writes nothing, the moment of the snapshot `name` if there is one; bound to what serves.

    Raises `IngenGeneration`.
    """
    options: dict[str, Any] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with engine.connect().execution_options(**options) as raw, raw.begin():
        if name is not None:
            raw.execute(text(f"SET TRANSACTION SNAPSHOT '{name}'"))
        yield forbind(raw, serverende(raw))


@contextmanager
def uncollected() -> Iterator[None]:
    """Nothing here refers to itself, and a collection would look at every record gathered: a sixth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def task(source: Source, conn: Connection, step: Step) -> Opgave:
    """The work on the facts."""
    compare, share = verify_notifications.comparer(conn, source.codec), Udvalg(source.sample)
    reader = _reader(source.options)
    return Opgave(conn, source.codec, source.log.bounds[FAKTA], reader, source.notify, source.folder, share, compare, step)


def count(source: Source, conn: Connection, heads: Sequence[Heads], step: Step) -> Counted:
    """Hold these jobcentres' topics against the table. Raises KafkaError."""
    return asyncio.run(numbers.check(numbers.Topics(source.options, source.codec, source.log.told, step), conn, heads))


def run(share: Share, reports: Pipe) -> None:
    """Do a share, reporting ("step", records), ("partition", (number, its report)), ("centres", counted), at the end ("done", peak MB).

    Or ("failed", why). For a process of its own.
    """
    try:
        with uncollected(), _own_engine(share) as engine, snapshot(engine, share.snapshot) as conn:
            source = _source(share)

            def step(records: int) -> None:
                reports.send(("step", records))

            found = rows.partitionerne(task(source, conn, step), share.partitions)
            for partition, report in zip(share.partitions, found, strict=True):
                reports.send(("partition", (partition, report)))
            reports.send(("centres", count(source, conn, share.centres, step)))
    except (journal.UdenForLoggen, journal.LoggenSvarerIkke, KafkaError, DBAPIError, OSError) as problem:
        reports.send(("failed", first_line(problem)))
        return
    reports.send(("done", peak_mb()))


@contextmanager
def _own_engine(share: Share) -> Iterator[Engine]:
    engine = motor(share.database_url, "hub-verify", 1)
    try:
        yield engine
    finally:
        engine.dispose()


def _source(share: Share) -> Source:
    options = kafka_client_options(share.settings, share.bootstrap)
    return Source(options, own_codec(), share.notify, share.settings.data, share.log, share.sample)


def _reader(options: dict[str, Any]) -> rows.Laes:
    async def read(partition: int, first: int, last: int, take: Callable[[Sequence[Post]], None]) -> None:
        async for _, records in journal.laes(options, FAKTA, {partition: first}, {partition: last}):
            take(records)

    return lambda partition, first, last, take: asyncio.run(read(partition, first, last, take))
