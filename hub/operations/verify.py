"""verify: the log against everything made of it: serving rows, timeline, ledger, reference streams, notifications and their numbers."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, func, select, text

from hub.events import journal
from hub.events.codec import Kodeks
from hub.events.journal import Post
from hub.events.tables import PARKEREDE
from hub.events.topics import FAKTA
from hub.notifications.afstemning import Ende, ender
from hub.notifications.udkast import ANTAL_BANER
from hub.operations import numbers, verify_notifications, verify_reference
from hub.operations.verify_reference import Ends
from hub.projections import checkpoint
from hub.projections import verify as rows
from hub.projections.forskelle import TABELLER
from hub.projections.fund import Fund
from hub.projections.generation import forbind, serverende
from hub.projections.kendte import Udvalg
from hub.projections.kolonner import skema
from hub.projections.ledgerforskelle import afkortet, hjemloese
from hub.projections.live import Notificer
from hub.projections.verify import Opgave, Rapport

Progress = Callable[[int, int], None]
"""Told the records read and compared so far, and how many there will be."""
Bounds = Mapping[str, Mapping[int, tuple[int, int]]]
"""Topic → partition → the first offset, and the offset after the last record."""


class Parts(NamedTuple):
    """What verify works on. `folder` takes what does not fit into memory."""

    engine: Engine
    options: dict[str, Any]
    codec: Kodeks
    notify: Notificer
    folder: Path


@dataclass(frozen=True)
class Verification:
    """What was compared, and every difference by its place (the first thousand). `positions`: where each partition was read to."""

    events: int
    cases: int
    references: int
    repeats: int
    parked: int
    discarded: int
    jobcentres: int
    notifications: int
    differences: int
    seconds: float
    positions: dict[str, int]
    findings: tuple[dict[str, Any], ...]

    @property
    def ok(self) -> bool:
        """Nothing differs."""
        return self.differences == 0

    @property
    def events_per_second(self) -> float:
        """Events verified per second, everything counted."""
        return self.events / self.seconds if self.seconds else 0.0


class Log(NamedTuple):
    """The log as it is after the snapshot: the bounds of the ledger's topics and of the jobcentres'."""

    bounds: Bounds
    told: Mapping[str, Ende]

    @property
    def ends(self) -> dict[tuple[str, int], int]:
        """(topic, partition) → the offset after the last record."""
        return {(topic, partition): end for topic, parts in self.bounds.items() for partition, (_, end) in parts.items()}


def verify(parts: Parts, sample: float, progress: Progress) -> Verification:
    """Compare a share of the cases (0 < sample ≤ 1), all reference streams and every number; one snapshot, so that traffic may go on.

    Raises KafkaError, `UdenForLoggen`, `LoggenSvarerIkke`, `IngenGeneration`.
    """
    began = time.monotonic()
    ends = asyncio.run(verify_reference.ends(parts.options))
    parts.folder.mkdir(parents=True, exist_ok=True)
    with parts.engine.connect().execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True) as raw, raw.begin():
        conn = forbind(raw, serverende(raw))
        _keep(conn)
        log = asyncio.run(_log(parts.options))
        report, steps = Rapport(), Steps(progress, _total(conn, log, ends, sample))
        report.fundne.tag((*afkortet(conn, log.ends), *hjemloese(conn)))
        rows.verificer(_task(parts, conn, log, (sample, steps)), report)
        lanes = verify_reference.Lanes(parts.options, parts.codec, ends, steps)
        references = asyncio.run(verify_reference.check(lanes, conn, report.fundne))
        told = numbers.Topics(parts.options, parts.codec, log.told, steps)
        counted = asyncio.run(numbers.check(told, conn, report.fundne))
        aside: dict[str, int] = dict(conn.execute(select(PARKEREDE.c.tilstand, func.count()).group_by(PARKEREDE.c.tilstand)).all())
    return Verification(
        events=report.haendelser,
        cases=report.sager,
        references=references,
        repeats=report.gentagelser + counted.repeats,
        parked=aside.get("parkeret", 0),
        discarded=aside.get("kasseret", 0),
        jobcentres=counted.jobcentres,
        notifications=counted.notifications,
        differences=report.fundne.antal,
        seconds=round(time.monotonic() - began, 3),
        positions={str(partition): place for partition, place in report.steder.items()},
        findings=tuple(map(_as_dict, report.fundne.foerste)),
    )


def _keep(conn: Connection) -> None:
    """Let no rebuild drop this generation meanwhile: it is left for the next one."""
    for table in TABELLER:
        conn.execute(text(f"LOCK TABLE {skema(conn)}.{table.name} IN ACCESS SHARE MODE"))


class Steps:
    """Counts records, and says how far it is."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._progress, self._total, self._done = progress, total, 0

    def __call__(self, records: int) -> None:
        """So many more are done."""
        self._done += records
        self._progress(self._done, self._total)


def _task(parts: Parts, conn: Connection, log: Log, how: tuple[float, Steps]) -> Opgave:
    sample, steps = how
    compare = verify_notifications.comparer(conn, parts.codec)
    bounds, share = log.bounds[FAKTA], Udvalg(sample)
    return Opgave(conn, parts.codec, bounds, _reader(parts.options), parts.notify, parts.folder, share, compare, steps)


def _reader(options: dict[str, Any]) -> rows.Laes:
    async def read(partition: int, first: int, last: int, take: Callable[[Sequence[Post]], None]) -> None:
        async for _, records in journal.laes(options, FAKTA, {partition: first}, {partition: last}):
            take(records)

    return lambda partition, first, last, take: asyncio.run(read(partition, first, last, take))


async def _log(options: dict[str, Any]) -> Log:
    bounds = {topic: await journal.graenser(options, topic) for topic in (FAKTA, *verify_reference.TOPICS)}
    return Log(bounds, await ender(options, range(ANTAL_BANER)))


def _total(conn: Connection, log: Log, ends: Ends, sample: float) -> int:
    """Events are read, and those of the sample compared; other records are read."""
    events = sum(checkpoint.laes(conn).values())
    others = sum(sum(partitions.values()) for partitions in ends.values())
    return events + round(sample * events) + others + sum(end.slut - end.start for end in log.told.values())


def _as_dict(finding: Fund) -> dict[str, Any]:
    partition, offset, case, column, on_log, in_database = finding
    return {"partition": partition, "offset": offset, "case": case, "what": column, "log": on_log, "database": in_database}
