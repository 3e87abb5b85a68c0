"""Parked events: what is set aside and why, in order per case; retried or discarded by a named operator."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from hub.projections.live import Projektion
from hub.projections.parked import Genkoert, IkkeParkeret, Operatoer, genkoer, kasser

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


def retry(projection: Projektion, case_id: str, who: str, why: str) -> Retried:
    """Apply the case's parked events in order, and notify. Raises `IkkeParkeret`."""
    done: Genkoert = genkoer(projection, case_id, Operatoer(who, why))
    return Retried(case_id, done.antal, done.sprunget, done.rest, done.fejl)


def discard(projection: Projektion, place: tuple[int, int], who: str, why: str) -> str:
    """Discard the event at (partition, offset); its case. Raises `IkkeParkeret`."""
    return kasser(projection, place[0], place[1], Operatoer(who, why))


__all__ = ["IkkeParkeret", "ParkedCase", "ParkedEvent", "Retried", "at", "cases", "discard", "events", "retry"]
