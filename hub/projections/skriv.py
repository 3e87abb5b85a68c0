"""Write a part's cases: heads, the rows that changed, the timeline; one statement per table, by UNNEST, sorted by key."""

from collections.abc import Collection, Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Dialect, Table

from hub.events.forbindelse import raa_forbindelse
from hub.projections import sager, tidslinje
from hub.projections.kolonner import Pakket, pak, skema
from hub.projections.metoder import METODER, Billede, Raekke, billede
from hub.projections.project import Sagsgang


def skriv(conn: Connection, gange: Collection[Sagsgang]) -> None:
    """Write what the part did to these cases. `conn` is bound to a generation; the caller holds the partition's checkpoint.

    Raises SQLAlchemy's DataError or IntegrityError when PostgreSQL cannot take a row.
    """
    aendrede = sorted((g for g in gange if g.skridt), key=lambda g: g.skridt[0].indgang.stroem)
    if not aendrede:
        return
    saet(conn, sager.TABEL, [sagsraekke(g) for g in aendrede])
    foer = [billede(g.foer.sag) for g in aendrede]
    for navn, metode in METODER.items():
        nye, vaek = _forskel(navn, foer, [g.billede for g in aendrede])
        saet(conn, metode.tabel, nye)
        if vaek:
            raa_forbindelse(conn).execute(_slet(metode.tabel, skema(conn)), tuple(map(list, zip(*vaek, strict=True))))
    saet(conn, tidslinje.TABEL, [tidsraekke(s) for g in aendrede for s in g.skridt])


def saet(conn: Connection, tabel: Table, raekker: Sequence[Raekke]) -> None:
    """Insert or replace rows (the table's columns in order) by primary key; no key may be there twice."""
    if raekker:
        klare = bundet(tabel, raekker)
        felter = klare[0] if len(klare) == 1 else tuple(map(list, zip(*klare, strict=True)))
        raa_forbindelse(conn).execute(_indsaet(tabel, skema(conn), conn.dialect, len(klare) == 1), felter)


def sagsraekke(gang: Sagsgang) -> Raekke:
    """The case's head row after its last event."""
    sag, aftryk = gang.efter
    assert sag is not None
    return (*sager.hoved(sag), aftryk, sager.pak(sag))


def tidsraekke(skridt: Any) -> tidslinje.Raekke:
    """The timeline's row of one event."""
    i, k = skridt.indgang, skridt.haendelse.kuvert
    return tidslinje.Raekke(i.stroem, k.version, i.partition, i.offset, k.registreringstidspunkt, i.vaerdi)


def _forskel(navn: str, foer: Iterable[Billede], efter: Iterable[Billede]) -> tuple[list[Raekke], list[tuple[str, str]]]:
    """The rows that are new or differ, and the keys of those that are gone."""
    nye: list[Raekke] = []
    vaek: list[tuple[str, str]] = []
    for gamle, aktuelle in zip((f[navn] for f in foer), (e[navn] for e in efter), strict=True):
        nye += [raekke for noegle, raekke in aktuelle.items() if gamle.get(noegle) != raekke]
        vaek += [gamle[noegle][:2] for noegle in gamle.keys() - aktuelle.keys()]
    return nye, vaek


@cache
def _indsaet(tabel: Table, i: str, dialekt: Dialect, enkelt: bool) -> str:
    """Values of one row, or one array per column, each sent in binary (%b): as text psycopg escapes every element of an array.

    One row at a time is how the live path writes: without arrays it costs both sides half as much.
    """
    navne = [k.name for k in tabel.columns]
    typer = [k.type.compile(dialekt) for k in tabel.columns]
    kilde = f"VALUES ({_bindinger(typer, '')})" if enkelt else f"SELECT * FROM unnest({_bindinger(typer, '[]')})"  # noqa: S608 - our own names
    noegle = ", ".join(k.name for k in tabel.primary_key.columns)
    andre = ", ".join(f"{k.name} = excluded.{k.name}" for k in tabel.columns if not k.primary_key)
    return f"INSERT INTO {i}.{tabel.name} ({', '.join(navne)}) {kilde} ON CONFLICT ({noegle}) DO UPDATE SET {andre}"


def _bindinger(typer: Iterable[str], flere: str) -> str:
    return ", ".join(f"%b::{type_}{flere}" for type_ in typer)


def bundet(tabel: Table, raekker: Sequence[Raekke]) -> Sequence[Raekke]:
    """The rows with what is packed as bytes."""
    steder = frozenset(n for n, k in enumerate(tabel.columns) if isinstance(k.type, Pakket))
    if not steder:
        return raekker
    return [tuple(pak(v) if n in steder and v is not None else v for n, v in enumerate(r)) for r in raekker]


@cache
def _slet(tabel: Table, i: str) -> str:
    noegle = ", ".join(k.name for k in tabel.primary_key.columns)
    return f"DELETE FROM {i}.{tabel.name} WHERE ({noegle}) IN (SELECT * FROM unnest(%b::text[], %b::text[]))"  # noqa: S608 - our own names
