"""Whole cases into a generation that nobody reads yet, by COPY in binary: nothing is looked up, every row is written once."""

from collections.abc import Iterable, Sequence
from typing import Any

import psycopg
from sqlalchemy import Dialect, Table
from sqlalchemy.dialects import postgresql

from hub.events.forbindelse import Raekke
from hub.projections import sager, tidslinje
from hub.projections.generation import skema
from hub.projections.metoder import METODER
from hub.projections.project import Sagsgang
from hub.projections.skriv import bundet, sagsraekke, tidsraekke

DIALEKT: Dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
TABELLER: tuple[Table, ...] = (sager.TABEL, tidslinje.TABEL, *(metode.tabel for metode in METODER.values()))


class Kopi:
    """Gathers the rows of cases; `toem` copies them."""

    def __init__(self, raa: psycopg.Connection[Any], generation: int) -> None:
        self._raa = raa
        self._sql = {tabel.name: _copy(tabel, skema(generation)) for tabel in TABELLER}
        self._typer = {tabel.name: [kolonne.type.compile(DIALEKT).lower() for kolonne in tabel.columns] for tabel in TABELLER}
        self._raekker: dict[str, list[Raekke]] = {tabel.name: [] for tabel in TABELLER}

    def tag(self, gang: Sagsgang) -> None:
        """A case, folded from its first event to its last."""
        if not gang.skridt:
            return
        self._raekker[sager.TABEL.name].append(sagsraekke(gang))
        self._raekker[tidslinje.TABEL.name] += map(tidsraekke, gang.skridt)
        for navn, raekker in gang.billede.items():
            if raekker:
                self._raekker[METODER[navn].tabel.name] += raekker.values()

    def toem(self) -> None:
        """Copy what is gathered, and commit."""
        for tabel in TABELLER:
            if raekker := self._raekker[tabel.name]:
                self._kopier(tabel.name, bundet(tabel, raekker))
                self._raekker[tabel.name] = []
        self._raa.commit()

    def _kopier(self, navn: str, raekker: Iterable[Sequence[Any]]) -> None:
        with self._raa.cursor() as cursor, cursor.copy(self._sql[navn]) as copy:
            copy.set_types(self._typer[navn])
            for raekke in raekker:
                copy.write_row(raekke)


def _copy(tabel: Table, i: str) -> str:
    return f"COPY {i}.{tabel.name} ({', '.join(kolonne.name for kolonne in tabel.columns)}) FROM STDIN (FORMAT BINARY)"
