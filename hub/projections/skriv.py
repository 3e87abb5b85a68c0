"""Write a part's cases: heads, the rows that changed, the timeline; one statement per table, by UNNEST, sorted by key."""

from collections.abc import Collection, Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql

from hub.events.besoeg import Kald, Saetning
from hub.projections import sager, tidslinje
from hub.projections.kolonner import Pakket, pak
from hub.projections.metoder import METODER, Billede, Raekke, billede
from hub.projections.project import Sagsgang

DIALEKT = postgresql.dialect()  # type: ignore[no-untyped-call]
TYPER = {
    "TEXT": "text", "INTEGER": "int", "BIGINT": "bigint", "BYTEA": "bytea", "BOOLEAN": "bool", "DATE": "date",
    "TIMESTAMP WITH TIME ZONE": "timestamptz",
}  # fmt: skip
"""A column's type as PostgreSQL's dialect writes it → as a statement's parameter has it."""


def skriv(i: str, gange: Collection[Sagsgang]) -> list[Kald]:
    """The statements that write what the part did to these cases into the schema `i`; the caller holds the partition's checkpoint.

    Raises UnicodeEncodeError or psycopg's DataError when a value cannot be sent at all.
    """
    aendrede = sorted((g for g in gange if g.skridt), key=lambda g: g.skridt[0].indgang.stroem)
    if not aendrede:
        return []
    kald = saet(i, sager.TABEL, [sagsraekke(g) for g in aendrede])
    foer = [billede(g.foer.sag) for g in aendrede]
    for navn, metode in METODER.items():
        nye, vaek = _forskel(navn, foer, [g.billede for g in aendrede])
        kald += saet(i, metode.tabel, nye)
        if vaek:
            kald.append(_slet(metode.tabel, i).af(tuple(map(list, zip(*vaek, strict=True)))))
    return kald + saet(i, tidslinje.TABEL, [tidsraekke(s) for g in aendrede for s in g.skridt])


def saet(i: str, tabel: Table, raekker: Sequence[Raekke]) -> list[Kald]:
    """Insert or replace rows (the table's columns in order) by primary key; no key may be there twice."""
    if not raekker:
        return []
    klare = bundet(tabel, raekker)
    felter = klare[0] if len(klare) == 1 else tuple(map(list, zip(*klare, strict=True)))
    return [_indsaet(tabel, i, len(klare) == 1).af(felter)]


def sagsraekke(gang: Sagsgang) -> Raekke:
    """The case's head row after its last event."""
    sag, aftryk = gang.efter
    assert sag is not None
    return (*sager.hoved(sag), aftryk, sager.pak(sag))


def tidsraekke(skridt: Any) -> Raekke:
    """The timeline's row of one event."""
    i, k = skridt.indgang, skridt.haendelse.kuvert
    return (i.stroem, k.version, i.partition, i.offset, k.registreringstidspunkt, i.vaerdi)


def _forskel(navn: str, foer: Iterable[Billede], efter: Iterable[Billede]) -> tuple[list[Raekke], list[tuple[str, str]]]:
    """The rows that are new or differ, and the keys of those that are gone."""
    nye: list[Raekke] = []
    vaek: list[tuple[str, str]] = []
    for gamle, aktuelle in zip((f[navn] for f in foer), (e[navn] for e in efter), strict=True):
        nye += [raekke for noegle, raekke in aktuelle.items() if gamle.get(noegle) != raekke]
        vaek += [gamle[noegle][:2] for noegle in gamle.keys() - aktuelle.keys()]
    return nye, vaek


@cache
def _indsaet(tabel: Table, i: str, enkelt: bool) -> Saetning:
    """Values of one row, or one array per column. One row is how the live path writes: without arrays it costs both sides half as much."""
    navne = [k.name for k in tabel.columns]
    typer = [TYPER[k.type.compile(DIALEKT)] for k in tabel.columns]
    kilde = f"VALUES ({_bindinger(typer, '')})" if enkelt else f"SELECT * FROM unnest({_bindinger(typer, '[]')})"  # noqa: S608 - our own names
    noegle = ", ".join(k.name for k in tabel.primary_key.columns)
    andre = ", ".join(f"{k.name} = excluded.{k.name}" for k in tabel.columns if not k.primary_key)
    return Saetning(f"INSERT INTO {i}.{tabel.name} ({', '.join(navne)}) {kilde} ON CONFLICT ({noegle}) DO UPDATE SET {andre}")


def _bindinger(typer: Iterable[str], flere: str) -> str:
    return ", ".join(f"%b::{type_}{flere}" for type_ in typer)


def bundet(tabel: Table, raekker: Sequence[Raekke]) -> Sequence[Raekke]:
    """The rows with what is packed as bytes."""
    steder = [n for n, k in enumerate(tabel.columns) if isinstance(k.type, Pakket)]
    if not steder:
        return raekker
    return [_pakket(r, steder) for r in raekker]


def _pakket(raekke: Raekke, steder: Sequence[int]) -> Raekke:
    felter = list(raekke)
    for sted in steder:
        if felter[sted] is not None:
            felter[sted] = pak(felter[sted])
    return tuple(felter)


@cache
def _slet(tabel: Table, i: str) -> Saetning:
    noegle = ", ".join(k.name for k in tabel.primary_key.columns)
    return Saetning(f"DELETE FROM {i}.{tabel.name} WHERE ({noegle}) IN (SELECT * FROM unnest(%b::text[], %b::text[]))")  # noqa: S608
