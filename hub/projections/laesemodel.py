"""What a rebuild makes of the cases: its tables, the rows that a case has in each, and the views that they are made of."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from sqlalchemy import MetaData, Table

from hub.projections import sager, tidslinje
from hub.projections.kolonner import GENERATION
from hub.projections.metoder import METODER, Raekke, billede
from hub.projections.project import Sagsgang, Vis
from hub.projections.skriv import sagsraekke, tidsraekke

Raekker = Callable[[Sagsgang], Iterable[Raekke]]
"""The rows of a case that has at least one event, the table's columns in order."""


class Laesemodel(NamedTuple):
    """Tables that are filled together. `metadata` has exactly the tables of `raekker`; `vis` makes the `billede` that they draw on."""

    metadata: MetaData
    raekker: tuple[tuple[Table, Raekker], ...]
    vis: Vis


TABELLER: tuple[Table, ...] = (sager.TABEL, tidslinje.TABEL, *(metode.tabel for metode in METODER.values()))
"""The tables of everything."""


def alt() -> Laesemodel:
    """Everything that the hub answers from: the heads, the timeline, every GetMetode."""
    metoder = ((metode.tabel, _metodens(navn)) for navn, metode in METODER.items())
    return Laesemodel(GENERATION, ((sager.TABEL, _hoved), (tidslinje.TABEL, _tidslinje), *metoder), billede)


def _hoved(gang: Sagsgang) -> Iterable[Raekke]:
    return (sagsraekke(gang),)


def _tidslinje(gang: Sagsgang) -> Iterable[Raekke]:
    return map(tidsraekke, gang.skridt)


def _metodens(navn: str) -> Raekker:
    return lambda gang: gang.billede[navn].values()
