"""I1 to I8 (quality.md), worked out from the log itself, beside what `hub verify` says."""

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hub.domain.evolve import evolve
from hub.domain.haendelser import Haendelse
from hub.domain.sag import Sag
from hub.events.journal import Post, laes, slutninger
from hub.events.ordningsnotifikation import Ordningsnotifikation
from hub.events.topics import FAKTA, NOTIFIKATIONER, liste
from hub.notifications.tabel import notificer
from rig.centres import Centre
from rig.processes import Rig

DRAIN_SECONDS = 180.0
UNDER_WAY = """SELECT (SELECT count(*) FROM ledger.outbox WHERE sendt IS NULL),
                      (SELECT count(*) FROM delivery.notifikationer WHERE sendt IS NULL)"""
CHECKPOINTS = """SELECT c.partition, c.naeste_offset FROM delivery.checkpoints c
                 JOIN delivery.generationer g ON g.nummer = c.generation AND g.serverer"""


async def drained(rig: Rig, seconds: float = DRAIN_SECONDS) -> None:
    """Wait until everything acknowledged is on the log, everything on the log is projected, everything due is on its topic."""
    frist, seen = time.monotonic() + seconds, None
    while time.monotonic() < frist:
        ends = await slutninger(rig.hus.options, FAKTA)
        seen = (await asyncio.to_thread(rig.sql, UNDER_WAY), dict(await asyncio.to_thread(rig.sql, CHECKPOINTS)))
        if seen == ([(0, 0)], ends):
            return
        await asyncio.sleep(0.2)
    raise AssertionError(f"not drained: unsent events and notifications {seen and seen[0]}, checkpoints {seen and seen[1]}, ends {ends}")


async def topic(rig: Rig, name: str) -> list[Post]:
    """A topic's records, per partition in order."""
    ends = await slutninger(rig.hus.options, name)
    return [post async for _, posts in laes(rig.hus.options, name, dict.fromkeys(ends, 0), ends) for post in posts]


async def notified(rig: Rig) -> dict[str, list[tuple[bytes, Ordningsnotifikation]]]:
    """Jobcentre → the records of its topic in order, as bytes and decoded."""
    names = [s.topic.navn for s in await liste(rig.hus.options) if s.topic.navn.startswith(NOTIFIKATIONER)]
    decode = rig.hus.kodeks.afkod_notifikation
    return {
        name.removeprefix(NOTIFIKATIONER): [(p.vaerdi or b"", decode(p.vaerdi or b"")) for p in await topic(rig, name)] for name in names
    }


@dataclass
class Facts:
    """The facts' topic: case → its events by first occurrence, and how many records only repeat."""

    cases: dict[str, list[Haendelse]] = field(default_factory=lambda: defaultdict(list))
    records: int = 0
    repeats: int = 0

    @classmethod
    async def read(cls, rig: Rig) -> "Facts":
        """Read and check I1's half that needs only the log: no holes, identical copies, the right key."""
        facts, bytes_of = cls(), dict[tuple[str, int], bytes]()
        for post in await topic(rig, FAKTA):
            event, facts.records = rig.hus.kodeks.afkod(post.vaerdi or b""), facts.records + 1
            case, version = event.kuvert.sagsId, event.kuvert.version
            assert post.noegle == case.encode(), f"{case} lies under another key"
            if (case, version) in bytes_of:
                assert bytes_of[case, version] == post.vaerdi, f"{case} version {version}: a copy differs"
                facts.repeats += 1
                continue
            assert version == len(facts.cases[case]) + 1, f"{case}: version {version} after {len(facts.cases[case])}"
            bytes_of[case, version] = post.vaerdi or b""
            facts.cases[case].append(event)
        return facts

    def due(self) -> dict[str, set[str]]:
        """Jobcentre → ids of what the notification table says of a fresh fold."""
        due: dict[str, set[str]] = defaultdict(set)
        for events in self.cases.values():
            case: Sag | None = None
            for event in events:
                after = evolve(case, event)
                for draft in notificer(case, event, after):
                    due[draft.jobCenterKode].add(draft.id)
                case = after
        return due


def acknowledged(facts: Facts, receipts: Iterable[Mapping[str, Any]]) -> int:
    """I1: each acknowledged event is on the log exactly as acknowledged, and nothing else is. The events' number."""
    on_log = {(e.kuvert.haendelsesId, c, e.kuvert.version, type(e.data).__name__) for c, events in facts.cases.items() for e in events}
    told = {(h["id"], r["sagsId"], h["version"], h["type"]) for r in receipts for h in r["haendelser"]}
    assert told - on_log == set(), f"acknowledged and not on the log: {sorted(told - on_log)[:5]} ({len(told - on_log)})"
    assert on_log - told == set(), f"on the log and never acknowledged: {sorted(on_log - told)[:5]} ({len(on_log - told)})"
    return len(told)


def numbered(topics: Mapping[str, list[tuple[bytes, Ordningsnotifikation]]]) -> int:
    """I4: per jobcentre 1..n by first occurrence, a repeat an identical copy, each case in order of version. The repeats' number."""
    repeats = 0
    for code, records in topics.items():
        bytes_of, version_of = dict[int, bytes](), dict[str, int]()
        for value, told in records:
            assert told.jobCenterKode == code
            if told.nummer in bytes_of:
                assert bytes_of[told.nummer] == value, f"{code}: number {told.nummer} came again with other bytes"
                repeats += 1
                continue
            assert told.nummer == len(bytes_of) + 1, f"{code}: number {told.nummer} after {len(bytes_of)}"
            assert told.version >= version_of.get(told.sagsId, 0), f"{code}: {told.sagsId} version {told.version} out of order"
            bytes_of[told.nummer], version_of[told.sagsId] = value, told.version
    return repeats


def told_what_is_due(facts: Facts, topics: Mapping[str, list[tuple[bytes, Ordningsnotifikation]]]) -> int:
    """I4: the ids on each topic are those of the table over a fresh fold, each under one number. Their number."""
    due, ids = facts.due(), {code: {told.notifikationsId for _, told in records} for code, records in topics.items()}
    for code in due.keys() | ids.keys():
        missing, extra = due.get(code, set()) - ids.get(code, set()), ids.get(code, set()) - due.get(code, set())
        assert not missing and not extra, f"{code}: {len(missing)} not told, {len(extra)} told without cause"
        assert len({told.nummer for _, told in topics.get(code, ())}) == len(ids.get(code, ())), f"{code}: an id has two numbers"
    return sum(map(len, due.values()))


def accounted_for(rig: Rig, facts: Facts) -> None:
    """I2 and I5 in figures: the log = applied + parked + discarded + identical repeats; every case stands at its last version."""
    ((applied, aside),) = rig.sql(
        "SELECT (SELECT count(*) FROM gen.tidslinje), (SELECT count(*) FROM delivery.parkerede WHERE tilstand <> 'genkoert')"
    )
    assert isinstance(applied, int) and isinstance(aside, int)
    assert facts.records == applied + aside + facts.repeats, (facts.records, applied, aside, facts.repeats)
    if not aside:
        assert dict(rig.sql("SELECT sags_id, version FROM gen.sager")) == {case: len(events) for case, events in facts.cases.items()}


def reads_logged(rig: Rig, centres: Iterable[Centre]) -> int:
    """I8: every answered read has its row; rows without an answer are reads whose answer was lost. The answered reads' number."""
    rows = Counter(rig.sql("SELECT opslag, ekstern_identifier FROM audit.adgangslog"))
    reads: Counter[tuple[object, ...]] = Counter()
    for centre in centres:
        reads.update(centre.reads)
    without = reads - rows
    assert not without, f"reads without a row in the access log: {list(without.items())[:5]}"
    return reads.total()


async def check(rig: Rig, centres: Iterable[Centre] = ()) -> dict[str, Any]:
    """Everything, over all that ever happened on this rig; figures for the report."""
    facts, topics, verified = await Facts.read(rig), await notified(rig), await rig.verify()
    figures = {"events": acknowledged(facts, rig.receipts.values()), "cases": len(facts.cases), "log repeats": facts.repeats}
    figures |= {"notifications": told_what_is_due(facts, topics), "topic repeats": numbered(topics)}
    await asyncio.to_thread(accounted_for, rig, facts)
    figures |= {"reads": await asyncio.to_thread(reads_logged, rig, centres), "differences": verified["differences"]}
    return figures
