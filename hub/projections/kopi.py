"""Whole cases into a generation that nobody reads yet, by COPY in binary: nothing is looked up, every row is written once."""

from collections.abc import Iterable, Sequence
from typing import Any

import psycopg
from psycopg.types.string import BytesBinaryDumper
from sqlalchemy import Dialect, Table
from sqlalchemy.dialects import postgresql

from hub.events.forbindelse import Raekke
from hub.projections.generation import skema
from hub.projections.laesemodel import Laesemodel
from hub.projections.project import Sagsgang
from hub.projections.skriv import bundet

DIALEKT: Dialect = postgresql.dialect()  # type: ignore[no-untyped-call]


class Kopi:
    """Gathers the rows that the tables of `model` have of cases; `toem` copies them."""

    def __init__(self, raa: psycopg.Connection[Any], generation: int, model: Laesemodel) -> None:
        self._raa = raa
        # Of a column's type psycopg takes the dumper registered last: for bytea one that asks in Python, for each value, what it is.
        raa.adapters.register_dumper(bytes, BytesBinaryDumper)
        self._model = model.raekker
        tabeller = [tabel for tabel, _ in model.raekker]
        self._sql = {tabel.name: _copy(tabel, skema(generation)) for tabel in tabeller}
        self._typer = {tabel.name: [kolonne.type.compile(DIALEKT).lower() for kolonne in tabel.columns] for tabel in tabeller}
        self._raekker: dict[str, list[Raekke]] = {tabel.name: [] for tabel in tabeller}

    def tag(self, gang: Sagsgang) -> None:
        """A case, folded from its first event to its last."""
        if not gang.skridt:
            return
        for tabel, raekker in self._model:
            self._raekker[tabel.name] += raekker(gang)

    def toem(self) -> None:
        """Copy what is gathered, and commit."""
        for tabel, _ in self._model:
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
