"""The queries of the reads: case and act as they are now, as they were at a version or a time, and how far the projection has come."""

from collections.abc import Iterator
from datetime import datetime
from enum import Enum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, LargeBinary, Select, and_, bindparam, exists, func, or_, select, union_all, update

from hub.domain.evolve import evolve
from hub.domain.haendelser import Haendelse
from hub.domain.kuvert import Kuvert
from hub.domain.sag import Sag
from hub.events.codec import Kodeks
from hub.events.tables import BANER, CHECKPOINTS, GENERATIONER, OUTBOX, PARKEREDE, STROEMME, TID
from hub.events.topics import FAKTA
from hub.projections import sager, tidslinje
from hub.projections.kaede import afkodet, kaede, kasserede
from hub.projections.metoder import METODER
from hub.projections.sager import Hoved

_S, _T, _L = sager.TABEL.c, tidslinje.TABEL.c, STROEMME.c
_HOVED = [_S[felt] for felt in Hoved._fields]

# Built once: building the statement of a read took longer than PostgreSQL took to answer it.
_AKT = {
    navn: select(_S.sag, *_HOVED, *metode.tabel.columns)
    .join_from(metode.tabel, sager.TABEL, _S.sags_id == metode.tabel.c.sags_id)
    .where(metode.tabel.c.ekstern_identifier == bindparam("akt"), _S.ordning == bindparam("ordning"))
    .order_by(_S.sags_id)
    for navn, metode in METODER.items()
}
_SAG = select(_S.sag, *_HOVED).where(_S.sags_id == bindparam("sag"))


def _naevner(vaerdi: ColumnElement[bytes]) -> ColumnElement[bool]:
    return func.position(bindparam("akt", type_=LargeBinary).op("IN")(vaerdi)) > 0


# Everything there may be of a case beyond what is projected: still in the outbox, or set aside.
_EFTER = union_all(
    select(OUTBOX.c.vaerdi).where(OUTBOX.c.stroem == bindparam("sag"), OUTBOX.c.version > bindparam("version")),
    select(PARKEREDE.c.vaerdi).where(PARKEREDE.c.stroem == bindparam("sag")),
)
_STAND = (
    select(_L.version, _L.hoved, func.coalesce(_S.version, 0).label("vist"), _S.hoved.label("vist_hoved"))
    .join_from(STROEMME, sager.TABEL, _S.sags_id == _L.stroem, isouter=True)
    .where(_L.stroem == bindparam("sag"))
)


_HAENDELSER = select(_T.vaerdi).where(_T.sags_id == bindparam("sag")).order_by(_T.version)
_TIL_VERSION = _HAENDELSER.where(_T.version <= bindparam("graense"))
_TIL_TID = _HAENDELSER.where(_T.registreret <= bindparam("graense"))
_ER_PARKERET = select(exists().where(PARKEREDE.c.stroem == bindparam("sag"), PARKEREDE.c.tilstand == "parkeret"))
_TIDEN = bindparam("tid", type_=TID)
_ER_GAAET = func.clock_timestamp() >= _TIDEN
# A row that an append holds is passed over; a floor, or a head, that is high enough needs no lock at all.
_LEDIG = (
    select(_L.stroem)
    .where(_L.stroem == bindparam("stroemmen"), or_(_L.gulv.is_(None), _L.gulv < _TIDEN))
    .where(or_(_L.registreret.is_(None), _L.registreret < _TIDEN), _ER_GAAET)
    .with_for_update(skip_locked=True)
)
_SAET_GULV = update(STROEMME).where(_L.stroem == bindparam("stroemmen")).values(gulv=_TIDEN)
_ENDELIGT = select(and_(func.greatest(_L.gulv, _L.registreret) >= _TIDEN, _ER_GAAET)).where(_L.stroem == bindparam("stroemmen"))
# An id stands in the bytes as it is written: few rows are left to decode.
_PARKEREDE_MED = select(PARKEREDE.c.vaerdi).where(PARKEREDE.c.tilstand == "parkeret", _naevner(PARKEREDE.c.vaerdi))
_UNDERVEJS = select(
    or_(
        exists().where(OUTBOX.c.sendt.is_(None), OUTBOX.c.topic == FAKTA, _naevner(OUTBOX.c.vaerdi)),
        exists(
            select(BANER.c.partition)
            .join(CHECKPOINTS, CHECKPOINTS.c.partition == BANER.c.partition)
            .join(GENERATIONER, and_(GENERATIONER.c.nummer == CHECKPOINTS.c.generation, GENERATIONER.c.serverer))
            .where(BANER.c.topic == FAKTA, BANER.c.naeste_offset > CHECKPOINTS.c.naeste_offset)
        ),
    )
)
"""Unsent and naming the act, or on the log and not projected (which of these it is would take reading them all)."""


class Vej(Enum):
    """Where something is that the projection does not have yet: set aside until an operator acts, or on its way."""

    PARKERET = "parkeret"
    UNDERVEJS = "undervejs"


class Nu(NamedTuple):
    """A case as the serving generation has it now, and the GetMetode's row of the act looked up."""

    hoved: Hoved
    sag: Sag
    raekke: Any


class Foran(NamedTuple):
    """How far the ledger is ahead of the projection in one case: the ledger's version, and the events that are still to be projected.

    What an operator discarded is not among them: nobody waits for it. `mangler` is null while it cannot be said which they are.
    """

    version: int
    mangler: tuple[Kuvert, ...] | None

    def har_naaet(self, version: int) -> bool:
        """Whether the projection shows everything up to a version that there has been."""
        return self.version >= version and self.mangler is not None and all(k.version > version for k in self.mangler)

    def har_naaet_til(self, tid: datetime) -> bool:
        """Whether the projection shows everything registered at or before a time."""
        return self.mangler is not None and all(k.registreringstidspunkt > tid for k in self.mangler)


def find_akt(conn: Connection, metode: str, ordning: str, akt: str) -> list[Nu]:
    """The act `akt` under its scheme; more than one only when two cases have been given the same act id."""
    raekker = conn.execute(_AKT[metode], {"akt": akt, "ordning": ordning})
    antal = 1 + len(_HOVED)
    return [Nu(Hoved(*r[1:antal]), sager.udpak(r[0]), METODER[metode].raekke(*r[antal:])) for r in raekker]


def find_sag(conn: Connection, sags_id: str) -> list[Nu]:
    """The case, or nothing."""
    return [Nu(Hoved(*r[1:]), sager.udpak(r[0]), None) for r in conn.execute(_SAG, {"sag": sags_id})]


class Graense(NamedTuple):
    """Which of a case's events: a statement, and the version or time that bounds it."""

    saetning: Select[Any]
    vaerdi: int | datetime


def haendelser(conn: Connection, kodeks: Kodeks, sags_id: str, graense: Graense) -> Iterator[Haendelse]:
    """The case's events within the bound, oldest first."""
    for (vaerdi,) in conn.execute(graense.saetning, {"sag": sags_id, "graense": graense.vaerdi}):
        yield kodeks.afkod(bytes(vaerdi))


def til_version(version: int) -> Graense:
    """Events up to and including a version."""
    return Graense(_TIL_VERSION, version)


def til_tid(tid: datetime) -> Graense:
    """Events registered at or before a time."""
    return Graense(_TIL_TID, tid)


def fold(conn: Connection, kodeks: Kodeks, sags_id: str, graense: Graense) -> Sag | None:
    """The case after the events within the bound, folded anew; None when there is none."""
    sag: Sag | None = None
    for haendelse in haendelser(conn, kodeks, sags_id, graense):
        sag = evolve(sag, haendelse)
    return sag


def foran(conn: Connection, kodeks: Kodeks, sags_id: str) -> Foran | None:
    """What of a case is not projected yet; None when the ledger does not have the case."""
    stand = conn.execute(_STAND, {"sag": sags_id}).one_or_none()
    if stand is None:
        return None
    if stand.vist >= stand.version:
        return Foran(stand.version, ())
    vaerdier = [bytes(v) for v in conn.execute(_EFTER, {"sag": sags_id, "version": stand.vist}).scalars()]
    efter = kaede(stand.vist_hoved, stand.hoved, vaerdier, kodeks)
    if efter is None:
        return Foran(stand.version, None)
    uden = kasserede(conn, sags_id)
    return Foran(stand.version, tuple(led.haendelse.kuvert for led in efter if led.aftryk not in uden))


def sagens_vej(conn: Connection, kodeks: Kodeks, sags_id: str) -> Vej | None:
    """Where a case is that the projection does not have; None when there is none, or nothing is left of it."""
    ledger = foran(conn, kodeks, sags_id)
    if ledger is None or ledger.mangler == ():
        return None
    return Vej.PARKERET if er_parkeret(conn, sags_id) else Vej.UNDERVEJS


def aktens_vej(conn: Connection, kodeks: Kodeks, akt: str) -> Vej | None:
    """Where an act may be that the projection does not have.

    Only envelopes name acts: those parked are looked into; of what is under way it is enough that there is something that may be it.
    """
    parkerede = [afkodet(bytes(v), kodeks) for v in conn.execute(_PARKEREDE_MED, {"akt": akt.encode()}).scalars()]
    if any(h is not None and h.kuvert.eksternIdentifier == akt for h in parkerede):
        return Vej.PARKERET
    return Vej.UNDERVEJS if conn.execute(_UNDERVEJS, {"akt": akt.encode()}).scalar_one() else None


def er_parkeret(conn: Connection, sags_id: str) -> bool:
    """Whether an event of the case is set aside: what comes after it is not shown until it is solved."""
    return bool(conn.execute(_ER_PARKERET, {"sag": sags_id}).scalar_one())


def goer_endelig(conn: Connection, sags_id: str, as_of: datetime) -> bool:
    """Make what is registered at `as_of` final: the case's next append is later.

    False when that cannot be said now: the time is in the database clock's future, or an append of the case is under way. Never waits.
    """
    vaerdier = {"stroemmen": sags_id, "tid": as_of}
    if conn.execute(_LEDIG, vaerdier).one_or_none() is not None:
        conn.execute(_SAET_GULV, vaerdier)
        return True
    return conn.execute(_ENDELIGT, vaerdier).scalar_one_or_none() is True
