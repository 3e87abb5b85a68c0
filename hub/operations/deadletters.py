"""Parked events: what is set aside and why, in order per case; retried or discarded by a named operator."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from hub.events.codec import Kodeks, Ulaeselig
from hub.projections.live import Projektion
from hub.projections.parked import Genkoert, IkkeParkeret, Operatoer, Proevet, genkoer, kasser, proev

WRITING = 3.0
"""A retry takes about so many times as long as its preview, which reads and folds and does not write."""
A_DISCARD_SECONDS = 0.1

Progress = Callable[[int, int], None]
"""Told the cases done so far, and how many there are."""

LISTING = text("""
SELECT stroem AS case_id, count(*) AS events, min(parkeret) AS since,
       (array_agg(partition ORDER BY partition, kafka_offset))[1] AS partition,
       (array_agg(kafka_offset ORDER BY partition, kafka_offset))[1] AS "offset",
       (array_agg(fejl ORDER BY partition, kafka_offset))[1] AS reason
FROM delivery.parkerede WHERE tilstand = 'parkeret' GROUP BY stroem ORDER BY min(parkeret), stroem
""")
EVENT = """
SELECT partition, kafka_offset AS "offset", slags AS kind, fejl AS reason, parkeret AS since, octet_length(vaerdi) AS bytes,
       hoveder AS headers
FROM delivery.parkerede WHERE tilstand = 'parkeret' AND
"""
OF_A_CASE = text(f"{EVENT} stroem = :case_id ORDER BY partition, kafka_offset")
AT = text(f"{EVENT} partition = :partition AND kafka_offset = :offset")

BYTES_AT = text("SELECT vaerdi FROM delivery.parkerede WHERE partition = :partition AND kafka_offset = :offset AND tilstand = 'parkeret'")
CASE_AT = text("SELECT stroem FROM delivery.parkerede WHERE partition = :partition AND kafka_offset = :offset AND tilstand = 'parkeret'")


@dataclass(frozen=True)
class ParkedCase:
    """A case that stands still: how many of its events are set aside since when, the first one's place and why."""

    case_id: str
    events: int
    since: datetime
    partition: int
    offset: int
    reason: str


@dataclass(frozen=True)
class ParkedEvent:
    """One event set aside; `kind` is fejl (it failed) or venter (it waits behind); headers hold nothing personal."""

    partition: int
    offset: int
    kind: str
    reason: str
    since: datetime
    bytes: int
    headers: list[Any]


@dataclass(frozen=True)
class RetryPreview:
    """What a retry of one case would do now: events applied, identical repeats, what would be left and why, and whom it would tell."""

    case_id: str
    events: int
    oldest: datetime
    would_apply: int
    repeats: int
    would_be_left: int
    reason: str | None
    recipients: dict[str, int]


@dataclass(frozen=True)
class Preview:
    """What would be done: so many events of so many cases, the oldest parked since, whom how many notifications go to, in about how long.

    A discard tells nobody.
    """

    cases: int
    events: int
    oldest: datetime
    recipients: dict[str, int]
    seconds: float


@dataclass(frozen=True)
class Retried:
    """What a retry did to one case."""

    case_id: str
    applied: int
    repeated: int
    left: int
    reason: str | None


def cases(conn: Connection) -> list[ParkedCase]:
    """Every case that stands still, the longest first."""
    return [ParkedCase(**row) for row in conn.execute(LISTING).mappings()]


def events(conn: Connection, case_id: str) -> list[ParkedEvent]:
    """The case's parked events in the log's order; none when nothing is parked."""
    return [ParkedEvent(**row) for row in conn.execute(OF_A_CASE, {"case_id": case_id}).mappings()]


def at(conn: Connection, partition: int, offset: int) -> ParkedEvent | None:
    """The event parked at a place of the log."""
    row = conn.execute(AT, {"partition": partition, "offset": offset}).mappings().one_or_none()
    return None if row is None else ParkedEvent(**row)


def case_at(conn: Connection, partition: int, offset: int) -> str | None:
    """The case whose event is parked there."""
    found: str | None = conn.execute(CASE_AT, {"partition": partition, "offset": offset}).scalar_one_or_none()
    return found


def is_first(conn: Connection, codec: Kodeks, partition: int, offset: int) -> bool:
    """Whether the event parked there is its case's first, without which no other one of the case can be applied."""
    value = conn.execute(BYTES_AT, {"partition": partition, "offset": offset}).scalar_one_or_none()
    try:
        return value is not None and codec.afkod(bytes(value)).kuvert.version == 1
    except Ulaeselig:
        return False


def preview_retry(projection: Projektion, found: Sequence[ParkedCase], progress: Progress) -> tuple[Preview, list[RetryPreview]]:
    """Fold what is parked of these cases as the retry would, and change nothing. One that somebody else has dealt with is left out."""
    began, rows = time.monotonic(), list[RetryPreview]()
    for nr, case in enumerate(found, 1):
        with suppress(IkkeParkeret):
            rows.append(_preview(case, proev(projection, case.case_id)))
        progress(nr, len(found))
    recipients: Counter[str] = Counter()
    for row in rows:
        recipients.update(row.recipients)
    oldest = min(case.since for case in found)
    seconds = WRITING * (time.monotonic() - began)
    return Preview(len(rows), sum(row.events for row in rows), oldest, dict(sorted(recipients.items())), round(seconds, 1)), rows


def preview_discard(event: ParkedEvent) -> Preview:
    """One event of one case, and nobody is told."""
    return Preview(1, 1, event.since, {}, A_DISCARD_SECONDS)


def retry(projection: Projektion, case_id: str, who: str, why: str) -> Retried:
    """Apply the case's parked events in order, and notify. Raises `IkkeParkeret`."""
    done: Genkoert = genkoer(projection, case_id, Operatoer(who, why))
    return Retried(case_id, done.antal, done.sprunget, done.rest, done.fejl)


def retry_all(projection: Projektion, found: Sequence[ParkedCase], who: str, why: str) -> Iterator[Retried]:
    """Case by case, each in a transaction of its own: cut short, the same again goes on with what is still parked."""
    for case in found:
        try:
            yield retry(projection, case.case_id, who, why)
        except IkkeParkeret:
            yield Retried(case.case_id, 0, 0, 0, None)


def discard(projection: Projektion, place: tuple[int, int], who: str, why: str) -> str:
    """Discard the event at (partition, offset); its case. Raises `IkkeParkeret`."""
    return kasser(projection, place[0], place[1], Operatoer(who, why))


def _preview(case: ParkedCase, tried: Proevet) -> RetryPreview:
    told = Counter(draft.jobCenterKode for draft in tried.udkast)
    events_ = tried.antal + tried.sprunget + tried.rest
    return RetryPreview(case.case_id, events_, case.since, tried.antal, tried.sprunget, tried.rest, tried.fejl, dict(sorted(told.items())))


__all__ = [
    "IkkeParkeret", "ParkedCase", "ParkedEvent", "Preview", "Retried", "RetryPreview", "at", "case_at", "cases", "discard", "events",
    "is_first", "preview_discard", "preview_retry", "retry", "retry_all",
]  # fmt: skip
