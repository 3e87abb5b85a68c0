"""The query of lists and search: one page of an area, as the serving generation has it now, by keyset (no OFFSET).

A page begins behind the last row of the one before, by (what it is sorted by, id): rows that come or go meanwhile neither repeat
another row nor push one out. Nulls are last, whichever way it is sorted.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Subquery,
    Table,
    and_,
    cast,
    exists,
    false,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from hub.projections import sager
from hub.projections.listekolonner import Kolonne, foldet
from hub.projections.metoder import METODER
from hub.projections.omraader import I_KRAFT, OMRAADER, Betingelse, Kilde, Omraade

Noegle = str | int | date | datetime | None
_S = sager.TABEL.c
TAELLES_TIL = 10_000
"""A count stops here: beyond it nobody pages, and counting on would cost more than the page."""


class Kriterier(NamedTuple):
    """What rows must fulfil; null: anything. `fra`, `til`: days, inclusive, that the act's period in force must meet."""

    vitasSagsnummer: str | None = None
    sagsId: str | None = None
    cvrNummer: str | None = None
    pNummer: str | None = None
    team: str | None = None
    medarbejder: str | None = None
    ansoegningStatus: int | None = None
    bevillingsstatus: int | None = None
    status: str | None = None
    ordning: str | None = None
    jobCenterKode: str | None = None
    fra: date | None = None
    til: date | None = None
    borgerId: str | None = None


class Sortering(NamedTuple):
    """A column's name, and which way."""

    kolonne: str
    faldende: bool


class Sted(NamedTuple):
    """Where a page ended: what its last row is sorted by, and the row's two ids."""

    noegle: Noegle
    id: str
    sags_id: str


class Udsnit(NamedTuple):
    """One page asked for. `jobcentre`: whose cases; null: everybody's."""

    omraade: str
    jobcentre: tuple[str, ...] | None
    kriterier: Kriterier
    sortering: Sortering
    maks: int
    efter: Sted | None = None


class Side(NamedTuple):
    """The rows (the area's column names to values; what is personal is sealed), and where the next page begins: null after the last."""

    raekker: list[dict[str, Any]]
    naeste: Sted | None


LIGE = {
    "vitasSagsnummer": "vitas_sagsnummer", "sagsId": "sags_id", "cvrNummer": "cvr_nummer", "pNummer": "p_nummer", "ordning": "ordning",
    "ansoegningStatus": "ansoegning_status", "bevillingsstatus": "bevillingsstatus", "status": "status", "borgerId": "borger_id",
    "jobCenterKode": "job_center_kode",
}  # fmt: skip
"""Criterion → the column that must equal it."""
UDEN_STORE = {"team": ("team",), "medarbejder": ("ansvarlig_navn", "ansvarlig_email")}
"""Criterion → the columns, one of which must equal it but for case."""


def side(conn: Connection, udsnit: Udsnit) -> Side:
    """The page. `conn` is bound to the generation."""
    omraade = OMRAADER[udsnit.omraade]
    r = _kilder(omraade, udsnit)
    saetning = select(r).order_by(*_orden(r, udsnit.sortering)).limit(udsnit.maks + 1)
    if udsnit.efter is not None:
        saetning = saetning.where(_bag(r, udsnit.sortering, udsnit.efter))
    fundne = [dict(raekke._mapping) for raekke in conn.execute(saetning)]
    vist = fundne[: udsnit.maks]
    sidste = vist[-1] if len(fundne) > udsnit.maks else None
    naeste = None if sidste is None else Sted(sidste["_noegle"], sidste["_id"], sidste["sagsId"])
    return Side(vist, naeste)


def antal(conn: Connection, udsnit: Udsnit) -> int:
    """How many rows there are on all pages; TAELLES_TIL + 1 stands for more."""
    r = _kilder(OMRAADER[udsnit.omraade], udsnit)
    return int(conn.execute(select(func.count()).select_from(select(r.c.sagsId).limit(TAELLES_TIL + 1).subquery())).scalar_one())


def dokument(omraade: Omraade, raekke: dict[str, Any]) -> dict[str, Any]:
    """A row as JSON, what is personal still sealed, with the address of what it is about."""
    felter = {kolonne.navn: kolonne.slags.json(raekke[kolonne.navn]) for kolonne in omraade.kolonner}
    akt = f"/v1/{raekke['ordning']}/{raekke['getMetode']}/{raekke['eksternIdentifier']}"
    return {**felter, "link": f"/v1/sager/{raekke['sagsId']}" if raekke["getMetode"] is None else akt}


def _kilder(omraade: Omraade, udsnit: Udsnit) -> Subquery:
    """The area's rows that fulfil the criteria, with `_noegle` (what it is sorted by) and `_id`."""
    dele = [_kilde(omraade, kilde, udsnit) for kilde in omraade.kilder]
    return (dele[0].subquery("r")) if len(dele) == 1 else union_all(*dele).subquery("r")


def _kilde(omraade: Omraade, kilde: Kilde, udsnit: Udsnit) -> Select[Any]:
    tabel = None if kilde.metode is None else METODER[kilde.metode].tabel
    felter = [_felt(kilde, tabel, kolonne).label(kolonne.navn) for kolonne in omraade.kolonner]
    sorteret = next(kolonne for kolonne in omraade.kolonner if kolonne.navn == udsnit.sortering.kolonne)
    assert sorteret.slags.noegle is not None
    noegle = sorteret.slags.noegle(_felt(kilde, tabel, sorteret)).label("_noegle")
    akt = (_S.sags_id if tabel is None else tabel.c.ekstern_identifier).label("_id")
    fra = sager.TABEL if tabel is None else tabel.join(sager.TABEL, _S.sags_id == tabel.c.sags_id)
    return select(*felter, noegle, akt).select_from(fra).where(*_krav(kilde, tabel, udsnit))


def _felt(kilde: Kilde, tabel: Table | None, kolonne: Kolonne) -> ColumnElement[Any]:
    """Where this source has the column; null, of its type, where it does not have it."""
    if kolonne.navn == "getMetode":
        return cast(literal(kilde.metode) if kilde.metode else null(), kolonne.slags.sql)
    fundet = _kolonne(tabel, *([kilde.i_stedet[kolonne.navn]] if kolonne.navn in kilde.i_stedet else kolonne.kilder))
    return cast(null(), kolonne.slags.sql) if fundet is None else fundet


def _kolonne(tabel: Table | None, *navne: str) -> ColumnElement[Any] | None:
    steder = ([] if tabel is None else [tabel.c]) + [_S]
    return next((sted[navn] for sted in steder for navn in navne if navn in sted), None)


def _krav(kilde: Kilde, tabel: Table | None, udsnit: Udsnit) -> Iterator[ColumnElement[bool]]:
    if udsnit.jobcentre is not None:
        yield _S.job_center_kode.in_(udsnit.jobcentre)
    for betingelse in kilde.hvor:
        yield _betinget(tabel, betingelse)
    givet = {navn: vaerdi for navn, vaerdi in udsnit.kriterier._asdict().items() if vaerdi is not None}
    for navn in givet.keys() & LIGE.keys():
        kolonne = _kolonne(tabel, LIGE[navn])
        yield false() if kolonne is None else kolonne == givet[navn]
    for navn in givet.keys() & UDEN_STORE.keys():
        yield or_(*(foldet(_S[kolonne]) == foldet(literal(givet[navn])) for kolonne in UDEN_STORE[navn]))
    if givet.keys() & {"fra", "til"}:
        yield _i_perioden(kilde, tabel, udsnit.kriterier)


def _betinget(tabel: Table | None, betingelse: Betingelse) -> ColumnElement[bool]:
    kolonne = _kolonne(tabel, betingelse.kolonne)
    assert kolonne is not None
    return or_(kolonne.is_(None), kolonne.not_in(betingelse.vaerdier)) if betingelse.uden else kolonne.in_(betingelse.vaerdier)


def _i_perioden(kilde: Kilde, tabel: Table | None, kriterier: Kriterier) -> ColumnElement[bool]:
    if kilde.periode is not None and tabel is not None:
        return _moedes(tabel, kilde.periode, kriterier)
    tabeller = [metode.tabel for metode in METODER.values() if I_KRAFT[0] in metode.tabel.c]
    return or_(*(exists().where(t.c.sags_id == _S.sags_id, _moedes(t, I_KRAFT, kriterier)) for t in tabeller))


def _moedes(tabel: Table, periode: tuple[str, str], kriterier: Kriterier) -> ColumnElement[bool]:
    """The period has a day in common with [fra, til]; without an end it goes on, without a start there is none."""
    start, slut = (tabel.c[navn] for navn in periode)
    foer = [] if kriterier.til is None else [start <= kriterier.til]
    efter = [] if kriterier.fra is None else [or_(slut.is_(None), slut >= kriterier.fra)]
    return and_(start.is_not(None), *foer, *efter)


def _orden(r: Subquery, sortering: Sortering) -> list[ColumnElement[Any]]:
    noegle = r.c["_noegle"].desc() if sortering.faldende else r.c["_noegle"].asc()
    return [noegle.nulls_last(), r.c["_id"].asc(), r.c.sagsId.asc()]


def _bag(r: Subquery, sortering: Sortering, sted: Sted) -> ColumnElement[bool]:
    """Behind the place in `_orden`."""
    noegle: ColumnElement[Any] = r.c["_noegle"]
    bag_id = or_(r.c["_id"] > sted.id, and_(r.c["_id"] == sted.id, r.c.sagsId > sted.sags_id))
    if sted.noegle is None:
        return and_(noegle.is_(None), bag_id)
    # The bound text is folded already: it came out of `_noegle`.
    laengere = noegle < sted.noegle if sortering.faldende else noegle > sted.noegle
    return or_(laengere, noegle.is_(None), and_(noegle == sted.noegle, bag_id))
