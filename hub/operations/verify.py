"""verify: the log against everything made of it: serving rows, timeline, ledger, reference streams, notifications and their numbers."""

from collections.abc import AsyncIterator, Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, select

from hub.events import journal
from hub.events.codec import Kodeks
from hub.events.journal import Post
from hub.events.tables import PARKEREDE, POSITIONER
from hub.events.topics import FAKTA
from hub.operations import numbers, verify_reference
from hub.operations.due import ALL_CASES, Due, compare
from hub.projections import verify as rows
from hub.projections.forskelle import Fund
from hub.projections.indgang import indgang
from hub.projections.live import Notificer
from hub.projections.verify import HAENDELSER_PR_GENNEMLOEB, Udvalg

Progress = Callable[[int, int], None]
"""Told the records read so far, and how many there will be."""


class Parts(NamedTuple):
    """What verify works on."""

    engine: Engine
    options: dict[str, Any]
    codec: Kodeks
    notify: Notificer


@dataclass(frozen=True)
class Verification:
    """What was compared, and every difference by its place (the first thousand of the rows')."""

    events: int
    cases: int
    references: int
    repeats: int
    parked: int
    discarded: int
    jobcentres: int
    notifications: int
    differences: int
    findings: tuple[dict[str, Any], ...]

    @property
    def ok(self) -> bool:
        """Nothing differs."""
        return self.differences == 0


async def verify(parts: Parts, sample: float, progress: Progress) -> Verification:
    """Compare a share of the cases (0 < sample ≤ 1), all reference streams and every number.

    Raises KafkaError, `UdenForLoggen`, `IngenGeneration`.
    """
    read = partial(_read, parts.options, progress)
    ends = await verify_reference.ends(parts.options)
    report = await rows.verificer(parts.engine, parts.codec, read, sample)
    with parts.engine.connect().execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True) as conn, conn.begin():
        due = [finding async for finding in _due(parts, conn, read, sample)]
        references = await verify_reference.check(parts.options, conn, parts.codec, ends)
        counted = await numbers.check(parts.options, conn, parts.codec)
    findings = (*report.fund, *due, *references.findings, *counted.findings)
    return Verification(
        events=report.haendelser,
        cases=report.sager,
        references=references.streams,
        repeats=report.gentagelser + counted.repeats,
        parked=report.parkerede,
        discarded=report.kasserede,
        jobcentres=counted.jobcentres,
        notifications=counted.notifications,
        differences=report.forskelle + len(due) + len(references.findings) + len(counted.findings),
        findings=tuple(_as_dict(finding) for finding in findings),
    )


Read = Callable[[Mapping[int, int], Mapping[int, int]], AsyncIterator[tuple[int, list[Post]]]]


async def _due(parts: Parts, conn: Connection, read: Read, sample: float) -> AsyncIterator[Fund]:
    """What should have been notified, in as many passes as keep memory bounded."""
    positions: dict[int, int] = dict(conn.execute(select(POSITIONER.c.partition, POSITIONER.c.naeste_offset)).all())
    aside = {(r.partition, r.kafka_offset): r.tilstand for r in conn.execute(select(PARKEREDE))}
    known = list(conn.execute(ALL_CASES).scalars())
    passes = max(1, round(sum(positions.values()) * sample / HAENDELSER_PR_GENNEMLOEB))
    for number in range(passes):
        share = Udvalg(number, passes, sample)
        due = Due(parts.notify, aside)
        async for _, records in read(dict.fromkeys(positions, 0), positions):
            due.take([indgang(post, parts.codec) for post in records if share.har(post.noegle or b"")])
        for finding in compare(conn, due, _in(share, known)):
            yield finding


def _in(share: Udvalg, cases: Collection[str]) -> list[str]:
    return [case for case in cases if share.har(case.encode())]


async def _read(
    options: dict[str, Any], progress: Progress, first: Mapping[int, int], last: Mapping[int, int]
) -> AsyncIterator[tuple[int, list[Post]]]:
    total, done = sum(last.values()) - sum(first.values()), 0
    async for partition, records in journal.laes(options, FAKTA, first, last):
        yield partition, records
        done += len(records)
        progress(done, total)


def _as_dict(finding: Fund) -> dict[str, Any]:
    partition, offset, case, column, on_log, in_database = finding
    return {"partition": partition, "offset": offset, "case": case, "what": column, "log": on_log, "database": in_database}
