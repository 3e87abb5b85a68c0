"""Two generations of the read models side by side: which cases stand at different events, and which rows differ, by case and column."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, text

from hub.events.database import EN_KERNE
from hub.projections.fund import vist
from hub.projections.generation import skema
from hub.projections.kolonner import Segl
from hub.projections.laesemodel import TABELLER

HOEJST = 1_000
"""Differences that are named; the others are counted."""


class Forskel(NamedTuple):
    """One value that differs: `kolonne` is table.column, or the table alone when one side has no such row."""

    sags_id: str
    kolonne: str
    serverende: str
    ny: str


Raekker = Mapping[tuple[Any, ...], tuple[Any, ...]]
"""Key → row."""


class Par(NamedTuple):
    """What is compared: the serving generation and the new one, of every case but `undtagen`, or of the cases `kun`."""

    serverende: int
    ny: int
    undtagen: Collection[str] = ()
    kun: Collection[str] | None = None


class Sammenligning(NamedTuple):
    """How many rows differ, and the first of their differences."""

    antal: int
    forskelle: tuple[Forskel, ...]


def forskudte(conn: Connection, a: int, b: int) -> set[str]:
    """Cases whose last event is not the same in both generations: traffic moved one of them on."""
    sql = f"""
    SELECT sags_id FROM {skema(a)}.sager x FULL JOIN {skema(b)}.sager y USING (sags_id) WHERE x.hoved IS DISTINCT FROM y.hoved
    """  # noqa: S608 - our own names
    return set(conn.execute(text(sql)).scalars())


def sammenlign(conn: Connection, par: Par) -> Sammenligning:
    """Compare row by row.

    Tables and columns that only one of them has, or with another type, are not compared: other code made that generation.
    """
    return samlet([sammenlign_tabel(conn, tabel, par) for tabel in TABELLER])


def sammenlign_samtidig(conn: Connection, par: Par, ad_gangen: int) -> Sammenligning:
    """`sammenlign`, so many tables at the same time, each on one core, all as `conn` sees them; its transaction is repeatable."""
    som = text("SET TRANSACTION SNAPSHOT " + repr(conn.execute(text("SELECT pg_export_snapshot()")).scalar_one()))

    def en(tabel: Table) -> Sammenligning:
        with conn.engine.connect().execution_options(**conn.get_execution_options()) as egen, egen.begin():
            egen.execute(som)
            egen.execute(EN_KERNE)
            return sammenlign_tabel(egen, tabel, par)

    with ThreadPoolExecutor(ad_gangen) as traade:
        return samlet(list(traade.map(en, TABELLER)))


def sammenlign_tabel(conn: Connection, tabel: Table, par: Par) -> Sammenligning:
    """Compare the rows of one table."""
    faelles = _faelles_kolonner(conn, tabel, par)
    if not {kolonne.name for kolonne in tabel.primary_key.columns} <= set(faelles):
        return Sammenligning(0, ())
    conn.execute(text("SET LOCAL work_mem = '128MB'"))
    noegler, antal = _afvigende(conn, tabel, par, faelles)
    return Sammenligning(antal, tuple(f for noegle in noegler for f in _felter(conn, tabel, par, (noegle, faelles))))


def samlet(dele: Sequence[Sammenligning]) -> Sammenligning:
    """The tables' comparisons as one."""
    return Sammenligning(sum(del_.antal for del_ in dele), tuple(f for del_ in dele for f in del_.forskelle)[:HOEJST])


def _faelles_kolonner(conn: Connection, tabel: Table, par: Par) -> list[str]:
    sql = text("SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = :skema AND table_name = :tabel")
    ene, anden = ({(r[0], r[1]) for r in conn.execute(sql, {"skema": skema(g), "tabel": tabel.name})} for g in (par.serverende, par.ny))
    faelles = {navn for navn, _ in ene & anden}
    return [kolonne.name for kolonne in tabel.columns if kolonne.name in faelles]


def _afvigende(conn: Connection, tabel: Table, par: Par, kolonner: list[str]) -> tuple[list[tuple[Any, ...]], int]:
    """Keys of the first rows that differ, or that one side lacks; and how many such rows there are."""
    x, y = (", ".join(f"{side}.{navn}" for navn in kolonner) for side in "xy")
    # A subquery is hashed once; an array would be looked through for every row.
    udvalg = f"sags_id {'NOT ' if par.kun is None else ''}IN (SELECT unnest(CAST(:sager AS text[])))"
    a, b = (f"(SELECT * FROM {skema(g)}.{tabel.name} WHERE {udvalg})" for g in (par.serverende, par.ny))  # noqa: S608 - our own names
    noegle = ", ".join(kolonne.name for kolonne in tabel.primary_key.columns)
    sql = f"""
    SELECT count(*) OVER (), {noegle} FROM {a} x FULL JOIN {b} y USING ({noegle})
    WHERE ROW({x}) IS DISTINCT FROM ROW({y}) ORDER BY {noegle} LIMIT {HOEJST}
    """  # noqa: S608 - our own names
    sager = par.undtagen if par.kun is None else par.kun
    raekker = conn.execute(text(sql), {"sager": list(sager)}).all()
    return [tuple(raekke[1:]) for raekke in raekker], raekker[0][0] if raekker else 0


def _felter(conn: Connection, tabel: Table, par: Par, raekke: tuple[tuple[Any, ...], list[str]]) -> Iterator[Forskel]:
    noegle, kolonner = raekke
    navne = [kolonne.name for kolonne in tabel.primary_key.columns]
    x, y = (_raekke(conn, f"{skema(g)}.{tabel.name}", kolonner, dict(zip(navne, noegle, strict=True))) for g in (par.serverende, par.ny))
    yield from _en_raekke(tabel, kolonner, noegle, (x, y))


def raekkeforskelle(tabel: Table, foer: Raekker, efter: Raekker) -> Iterator[Forskel]:
    """The differences between rows of one case, by key; all of the table's columns in order."""
    kolonner = [kolonne.name for kolonne in tabel.columns]
    for noegle in sorted(foer.keys() | efter.keys()):
        yield from _en_raekke(tabel, kolonner, noegle, (foer.get(noegle), efter.get(noegle)))


def _en_raekke(
    tabel: Table, kolonner: list[str], noegle: tuple[Any, ...], par: tuple[tuple[Any, ...] | None, tuple[Any, ...] | None]
) -> Iterator[Forskel]:
    sags_id = str(noegle[[kolonne.name for kolonne in tabel.primary_key.columns].index("sags_id")])
    x, y = par
    if x is None or y is None:
        findes = f"row {'/'.join(map(str, noegle))}"
        yield Forskel(sags_id, tabel.name, findes if x else "no row", findes if y else "no row")
        return
    for navn, gammel, ny in zip(kolonner, x, y, strict=True):
        if gammel != ny:
            yield Forskel(sags_id, f"{tabel.name}.{navn}", _vist(tabel, navn, gammel), _vist(tabel, navn, ny))


def _raekke(conn: Connection, tabel: str, kolonner: list[str], noegle: dict[str, Any]) -> tuple[Any, ...] | None:
    hvor = " AND ".join(f"{navn} = :{navn}" for navn in noegle)
    fundet = conn.execute(text(f"SELECT {', '.join(kolonner)} FROM {tabel} WHERE {hvor}"), noegle).one_or_none()  # noqa: S608 - our own names
    return None if fundet is None else tuple(fundet)


def _vist(tabel: Table, navn: str, vaerdi: Any) -> str:
    """The value without what is personal: a sealed column shows as such."""
    return "(forseglet)" if isinstance(tabel.c[navn].type, Segl) and vaerdi is not None else vist(vaerdi)
