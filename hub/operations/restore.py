"""restore: ledger, read models, parked set and numbers from Kafka; only `keys` and the access log are taken as they are.

Lanes first (nothing can be appended to a lane that is not level with its log), then the notifications that the topics have, then an
empty generation whose checkpoints stand at the log's start, which is caught up by the live transaction itself: what it finds due and no
topic has is kept for numbering after the recovered heads. Each step is a transaction; cut short, the restore is simply run again.
"""

import asyncio
import base64
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Engine, text

from hub.events import journal, topics
from hub.events.arter import REFERENCER
from hub.events.codec import Kodeks
from hub.events.drift import GenskabelseUdfoert
from hub.events.drift_append import Driftslog
from hub.events.genskab import Genskabelse, Upassende, aabn_baner, eksporter_upassende, luk_baner
from hub.events.genskabelseslaas import alene, maerk
from hub.events.journal import Post
from hub.events.topics import DOEDE_BREVE, DRIFT, ERKLAEREDE, FAKTA
from hub.notifications import genskab as notifications
from hub.operations.restore_parked import ParkedSet
from hub.operations.restore_state import Found, Refused, find, fresh_generation, refuse
from hub.projections.live import Hul, Projektion

Progress = Callable[[str, int, int], None]
"""Told what is read, the records of it read so far, and how many there are."""
Ends = dict[str, dict[int, int]]
"""Topic → partition → the offset after the last record when the restore began."""

LANES = tuple(topic.navn for topic in ERKLAEREDE if topic.fra_ledger)
DUE = text("SELECT count(*) FROM delivery.notifikationer WHERE sendt IS NULL")
SET_ASIDE = text("""
SELECT count(*) FILTER (WHERE tilstand = 'parkeret'), count(*) FILTER (WHERE tilstand = 'kasseret') FROM delivery.parkerede
""")
STREAMS = text("SELECT count(*) FROM ledger.stroemme WHERE topic = ANY(:topics) AND version > 0")


class Parts(NamedTuple):
    """What restore works on. `folder`: where rows that do not fit are exported to."""

    engine: Engine
    options: dict[str, Any]
    codec: Kodeks
    projection: Projektion
    drift: Driftslog
    folder: Path


@dataclass(frozen=True)
class Preview:
    """What is on the log and what is in the database."""

    on_log: dict[str, int]
    found: Found


@dataclass
class Restored:
    """What was brought back; `newly_parked` are among the parked.

    `unfit`: acknowledged events that the log contradicts, exported to `unfit_file` and removed.
    """

    events: int = 0
    cases: int = 0
    references: int = 0
    repeats: int = 0
    passed_over: int = 0
    sent_again: int = 0
    parked: int = 0
    discarded: int = 0
    newly_parked: int = 0
    notifications: int = 0
    due: int = 0
    jobcentres: int = 0
    unfit: list[dict[str, Any]] = field(default_factory=list)
    unfit_file: str | None = None


async def preview(parts: Parts, replace: bool) -> Preview:
    """Look, and change nothing. Raises `Refused` as the restore would, KafkaError."""
    ends = await _ends(parts)
    with parts.engine.connect() as conn:
        found = find(conn)
    refuse(found, sum(sum(partitions.values()) for partitions in ends.values()), replace)
    return Preview({topic: sum(partitions.values()) for topic, partitions in ends.items()}, found)


async def restore(parts: Parts, who: str, progress: Progress, why: str | None = None) -> Restored:
    """Do it, alone; `preview` has been asked. Who and why are for the operators' log.

    Raises `ArbejdesPaa`, KafkaError, `UdenForLoggen`, `BanerOptaget`, `TopicBrudt`, database errors.
    """
    with alene(parts.engine) as still_alone:
        run = Restoration(parts, await _ends(parts), progress, still_alone)
        with parts.engine.begin() as conn:
            maerk(conn, True)
        await run.lanes()
        await run.notifications()
        await run.dead_letters()
        await run.read_models()
        return run.finish(who, why)


async def _ends(parts: Parts) -> Ends:
    """A topic that is not there has no records."""
    there = {status.topic.navn for status in await topics.liste(parts.options) if status.findes}
    return {topic: await journal.slutninger(parts.options, topic) if topic in there else {} for topic in LANES}


class Restoration:
    """One run; the steps are called in the order of `restore`. `still_alone` raises when the restore's lock was lost."""

    def __init__(self, parts: Parts, ends: Ends, progress: Progress, still_alone: Callable[[], None]) -> None:
        self.report = Restored()
        self._parts = parts
        self._ends = ends
        self._progress = progress
        self._still_alone = still_alone
        self._parked = ParkedSet()

    async def lanes(self) -> None:
        """The operators' stream first: what was discarded is not folded."""
        for topic in LANES:
            luk_baner(self._parts.engine, topic)
        for topic in sorted(LANES, key=lambda name: name != DRIFT):
            done = 0
            for partition, end in sorted(self._ends[topic].items()):
                await self._lane(topic, partition, end)
                done += end
                self._progress(f"ledger: {topic}", done, sum(self._ends[topic].values()))

    async def notifications(self) -> None:
        """What the topics have, with its numbers; and what was numbered and has not come so far."""
        with self._parts.engine.begin() as conn:
            restoring = notifications.Genskabelse(conn, self._parts.codec)
            restoring.begynd()
            await notifications.topics(self._parts.options, restoring)
            restoring.behold()
            brought = restoring.afslut()
            self._still_alone()
        self.report.notifications, self.report.jobcentres = brought.sendte, len(brought.hoveder)

    async def dead_letters(self) -> None:
        """Which parked events the dead-letter topic has."""
        ends = await journal.slutninger(self._parts.options, DOEDE_BREVE)
        async for _, records in journal.laes(self._parts.options, DOEDE_BREVE, dict.fromkeys(ends, 0), ends):
            self._parked.take_copies(records)

    async def read_models(self) -> None:
        """A new generation, then the log through the live transaction, what is parked or discarded set aside in its turn."""
        with self._parts.engine.begin() as conn:
            fresh_generation(conn)
            self._still_alone()
        ends, done = self._ends[FAKTA], 0
        for partition, end in sorted(ends.items()):
            await self._catch_up(partition, end)
            done += end
            self._progress("read models", done, sum(ends.values()))

    def finish(self, who: str, why: str | None) -> Restored:
        """Say on the operators' log that it was done, open the lanes, and take the mark away."""
        report = self.report
        with self._parts.engine.begin() as conn:
            report.parked, report.discarded = conn.execute(SET_ASIDE).one()
            report.due = int(conn.execute(DUE).scalar_one())
            report.cases = int(conn.execute(STREAMS, {"topics": [FAKTA]}).scalar_one())
            report.references = int(conn.execute(STREAMS, {"topics": list(REFERENCER)}).scalar_one())
            done = GenskabelseUdfoert(report.events, report.cases, report.parked, report.notifications, who, why)
            self._parts.drift.append(conn, [done], who)
            aabn_baner(conn)
            maerk(conn, False)
            self._still_alone()
        return report

    async def _lane(self, topic: str, partition: int, end: int) -> None:
        discarded = self._parked.discarded_offsets(partition) if topic == FAKTA else frozenset()
        with self._parts.engine.begin() as conn:
            restoring = Genskabelse(conn, self._parts.codec, (topic, partition), discarded)
            async for _, records in journal.laes(self._parts.options, topic, {partition: 0}, {partition: end}):
                await asyncio.to_thread(self._take, topic, records, restoring)
            restoring.afstem()
            self._export(eksporter_upassende(conn))
            counted = restoring.afslut(end)
            if topic == DRIFT:
                self._parked.take_unsent(conn, self._parts.codec)
            self._still_alone()
        self.report.repeats += counted.gentagelser
        self.report.passed_over += counted.ulaeselige + counted.fremmede
        self.report.sent_again += counted.genoptagne
        self.report.events += counted.haendelser if topic == FAKTA else 0

    def _take(self, topic: str, records: list[Post], restoring: Genskabelse) -> None:
        restoring.fold(records)
        if topic == DRIFT:
            self._parked.take(self._parts.codec, [record.vaerdi or b"" for record in records])

    async def _catch_up(self, partition: int, end: int) -> None:
        """Until the checkpoint is at the end."""
        while (place := self._parts.projection.checkpoint(partition)) < end:
            async for _, records in journal.laes(self._parts.options, FAKTA, {partition: place}, {partition: end}):
                place = await asyncio.to_thread(self._apply, partition, records, place)

    def _apply(self, partition: int, records: Sequence[Post], place: int) -> int:
        """Apply what was read from `place` on; the checkpoint afterwards."""
        for piece in self._parked.pieces(records):
            self._parked.set_aside(self._parts.engine, piece[0])
            outcome = self._parts.projection.anvend(partition, piece, place)
            if isinstance(outcome, Hul):
                return outcome.checkpoint
            place = outcome.naeste
            self.report.newly_parked += outcome.parkeret
        return place

    def _export(self, unfit: Sequence[Upassende]) -> None:
        """Write the rows to disk before the transaction that removes them commits."""
        if not unfit:
            return
        if self.report.unfit_file is None:
            self.report.unfit_file = str(self._parts.folder / f"restore-{datetime.now(UTC):%Y%m%dT%H%M%SZ}-unfit.jsonl")
        with Path(self.report.unfit_file).open("ab") as file:
            for row in unfit:
                as_text = {**row._asdict(), "vaerdi": base64.b64encode(row.vaerdi).decode()}
                file.write(orjson.dumps(as_text, option=orjson.OPT_APPEND_NEWLINE))
            file.flush()
            os.fsync(file.fileno())
        self.report.unfit += [{"case": row.stroem, "version": row.version, "reason": row.grund} for row in unfit]


__all__ = ["Found", "Parts", "Preview", "Refused", "Restored", "preview", "restore"]
