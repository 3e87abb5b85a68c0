"""verify: the log against everything made of it: serving rows, timeline, ledger, reference streams, notifications and their numbers."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, func, select, text

from hub.events import journal
from hub.events.codec import Kodeks
from hub.events.genskabelseslaas import kraev_hel
from hub.events.tables import METADATA, PARKEREDE
from hub.events.topics import FAKTA
from hub.notifications.afstemning import ender
from hub.notifications.udkast import ANTAL_BANER
from hub.operations import numbers, verify_notifications, verify_reference
from hub.operations.numbers import Counted
from hub.operations.processes import peak_mb
from hub.operations.verify_part import Log, Source, count, snapshot, task, uncollected
from hub.operations.verify_reference import Ends
from hub.operations.verify_shares import Together, Whole
from hub.projections import checkpoint
from hub.projections import verify as rows
from hub.projections.forskelle import TABELLER
from hub.projections.fund import Fund
from hub.projections.kolonner import skema
from hub.projections.ledgerforskelle import afkortet, hjemloese
from hub.projections.live import Notificer
from hub.projections.verify import Rapport
from hub.settings import Settings

Progress = Callable[[int, int], None]
"""Told the records read and compared so far, and how many there will be."""
EACH = 5_000
"""Events for which it is worth while to start another process."""


class Parts(NamedTuple):
    """What verify works on. `folder` takes what does not fit into memory."""

    settings: Settings
    bootstrap: str
    database_url: str
    engine: Engine
    options: dict[str, Any]
    codec: Kodeks
    notify: Notificer
    folder: Path


@dataclass(frozen=True)
class Verification:
    """What was compared, and every difference by its place (the first thousand). `positions`: where each partition was read to.

    `told_otherwise`: notifications that older rules gave and the present ones would say otherwise. `peak_rss_mb`: of the largest process.
    """

    events: int
    cases: int
    references: int
    repeats: int
    parked: int
    discarded: int
    jobcentres: int
    notifications: int
    told_otherwise: int
    differences: int
    seconds: float
    positions: dict[str, int]
    findings: tuple[dict[str, Any], ...]
    processes: int = 1
    peak_rss_mb: int = 0

    @property
    def ok(self) -> bool:
        """Nothing differs."""
        return self.differences == 0

    @property
    def events_per_second(self) -> float:
        """Events verified per second, everything counted."""
        return self.events / self.seconds if self.seconds else 0.0


def verify(parts: Parts, sample: float, progress: Progress, workers: int = 1) -> Verification:
    """Compare a share of the cases (0 < sample ≤ 1), all reference streams and every number, with at most so many processes.

    One snapshot, so that traffic may go on. Raises KafkaError, `UdenForLoggen`, `LoggenSvarerIkke`, `IngenGeneration`, `ProcessFailed`,
    `GenskabesNu`.
    """
    began = time.monotonic()
    ends = asyncio.run(verify_reference.ends(parts.options))
    parts.folder.mkdir(parents=True, exist_ok=True)
    with uncollected(), snapshot(parts.engine) as conn:
        _keep(conn)
        log = asyncio.run(_log(parts.options))
        report, steps = Rapport(), Steps(progress, _total(conn, log, ends, sample))
        report.fundne.tag((*afkortet(conn, log.ends), *hjemloese(conn)))
        processes = max(1, min(workers, sum(checkpoint.laes(conn).values()) // EACH))
        counted, peak = _compare(parts, conn, (log, sample, steps, processes), report)
        lanes = verify_reference.Lanes(parts.options, parts.codec, ends, steps)
        references = asyncio.run(verify_reference.check(lanes, conn, report.fundne))
        report.fundne.flet(counted.findings())
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
        told_otherwise=report.raekker[verify_notifications.OLDER],
        differences=report.fundne.antal,
        seconds=round(time.monotonic() - began, 3),
        positions={str(partition): place for partition, place in report.steder.items()},
        findings=tuple(map(_as_dict, report.fundne.foerste)),
        processes=processes,
        peak_rss_mb=peak,
    )


def _keep(conn: Connection) -> None:
    """Let no rebuild drop this generation meanwhile: it is left for the next one. Raises `GenskabesNu`, and what a column of ours that is
    not there yet raises: here, and not in a process that has no words for it.
    """
    kraev_hel(conn)
    for owned in METADATA.sorted_tables:
        conn.execute(select(owned).limit(0))
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


def _compare(parts: Parts, conn: Connection, how: tuple[Log, float, Steps, int], report: Rapport) -> tuple[Counted, int]:
    """Facts and numbers, by so many processes: what was counted, and the memory of the largest of them in MB."""
    log, sample, steps, processes = how
    source, heads = Source(parts.options, parts.codec, parts.notify, parts.folder, log, sample), numbers.centres(conn)
    if processes == 1:
        rows.verificer(task(source, conn, steps), report)
        return count(source, conn, heads, steps), peak_mb()
    where = parts.settings, parts.bootstrap, parts.database_url
    shared = Together(Whole(*where, parts.notify, log, sample, heads, processes, steps), conn)
    rows.verificer(task(source, conn, steps), report, shared)
    return shared.counted, max(shared.peak_mb, peak_mb())


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
