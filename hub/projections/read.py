"""The queries of the reads: case and act as they are now, as they were at a version or a time, and how far the projection has come."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, exists, func, or_, select, text, update

from hub.domain.evolve import evolve
from hub.domain.haendelser import Haendelse
from hub.domain.sag import Sag
from hub.events.codec import Kodeks
from hub.events.tables import PARKEREDE, STROEMME
from hub.projections import sager, tidslinje
from hub.projections.metoder import METODER
from hub.projections.sager import Hoved

_S, _T = sager.TABEL.c, tidslinje.TABEL.c
_HOVED = [_S[felt] for felt in Hoved._fields]


class Nu(NamedTuple):
    """A case as the serving generation has it now, and the GetMetode's row of the act looked up."""

    hoved: Hoved
    sag: Sag
    raekke: Any


def find_akt(conn: Connection, metode: str, ordning: str, akt: str) -> list[Nu]:
    """The act `akt` under its scheme; more than one only when two cases have been given the same act id."""
    tabel = METODER[metode].tabel
    raekker = conn.execute(
        select(_S.sag, *_HOVED, *tabel.columns)
        .join_from(tabel, sager.TABEL, _S.sags_id == tabel.c.sags_id)
        .where(tabel.c.ekstern_identifier == akt, _S.ordning == ordning)
        .order_by(_S.sags_id)
    )
    antal = 1 + len(_HOVED)
    return [Nu(Hoved(*r[1:antal]), sager.udpak(r[0]), METODER[metode].raekke(*r[antal:])) for r in raekker]


def find_sag(conn: Connection, sags_id: str) -> list[Nu]:
    """The case, or nothing."""
    raekker = conn.execute(select(_S.sag, *_HOVED).where(_S.sags_id == sags_id))
    return [Nu(Hoved(*r[1:]), sager.udpak(r[0]), None) for r in raekker]


def haendelser(conn: Connection, kodeks: Kodeks, sags_id: str, graense: ColumnElement[bool]) -> Iterator[Haendelse]:
    """The case's events within the bound, oldest first."""
    for (vaerdi,) in conn.execute(select(_T.vaerdi).where(_T.sags_id == sags_id, graense).order_by(_T.version)):
        yield kodeks.afkod(bytes(vaerdi))


def til_version(version: int) -> ColumnElement[bool]:
    """Events up to and including a version."""
    return _T.version <= version


def til_tid(tid: datetime) -> ColumnElement[bool]:
    """Events registered at or before a time."""
    return _T.registreret <= tid


def fold(conn: Connection, kodeks: Kodeks, sags_id: str, graense: ColumnElement[bool]) -> Sag | None:
    """The case after the events within the bound, folded anew; None when there is none."""
    sag: Sag | None = None
    for haendelse in haendelser(conn, kodeks, sags_id, graense):
        sag = evolve(sag, haendelse)
    return sag


def er_parkeret(conn: Connection, sags_id: str) -> bool:
    """Whether an event of the case is set aside: what comes after it is not shown until it is solved."""
    spoerg = exists().where(PARKEREDE.c.stroem == sags_id, PARKEREDE.c.tilstand == "parkeret")
    return bool(conn.execute(select(spoerg)).scalar_one())


def loeft_gulv(conn: Connection, sags_id: str, as_of: datetime) -> int | None:
    """Make the case's next append later than `as_of`; the ledger's version, or None when `as_of` is in the database clock's future.

    Waits for an append of the case that is under way; holds the row until the transaction ends.
    """
    stroem = STROEMME.c
    conn.execute(text("SET LOCAL lock_timeout = '2s'"))
    conn.execute(
        update(STROEMME)
        .where(stroem.stroem == sags_id, or_(stroem.gulv.is_(None), stroem.gulv < as_of), func.clock_timestamp() >= as_of)
        .values(gulv=as_of)
    )
    fundet = conn.execute(select(stroem.version, func.clock_timestamp() >= as_of).where(stroem.stroem == sags_id)).one_or_none()
    return int(fundet[0]) if fundet is not None and fundet[1] else None
