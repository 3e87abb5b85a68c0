"""The registry of GetMetoder: adding one is a row here, its file, and a cell of the matrix (R-1.1)."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Table

from hub.domain.ordningsfelter import for_ordning
from hub.domain.sag import Sag
from hub.projections import aftale, ansoegning, bevilling, forlaengelse, hjaelpemiddel, mentor, ophoer, pdf
from hub.projections.sager import Hoved
from hub.projections.vis import Dokument

Raekke = tuple[Any, ...]


class Metode(NamedTuple):
    """One GetMetode: its table, its row's type (the table's columns in order), its pure view, and its document."""

    tabel: Table
    raekke: Callable[..., Any]
    raekker: Callable[[Sag], Sequence[Raekke]]
    dokument: Callable[[Hoved, Any], Dokument]


def _ordningens(dokument: Callable[[Hoved, Any], Dokument]) -> Callable[[Hoved, Any], Dokument]:
    """The document with only the fields that the case's scheme has."""

    def ordningens_dokument(h: Hoved, r: Any) -> Dokument:
        return for_ordning(h.ordning, dokument(h, r))

    return ordningens_dokument


METODER: dict[str, Metode] = {
    fil.METODE: Metode(fil.TABEL, fil.Raekke, fil.raekker, _ordningens(fil.dokument))
    for fil in (ansoegning, bevilling, forlaengelse, ophoer, aftale, mentor, hjaelpemiddel, pdf)
}
"""GetMetode → how it is kept and answered; a test holds it against the matrix."""

Billede = dict[str, dict[str, Raekke]]
"""GetMetode → eksternIdentifier → row: everything the views say of one case."""


def billede(sag: Sag | None) -> Billede:
    """Every view of a case. Raises ValueError when a stored value cannot be shown (the event is then parked)."""
    if sag is None:
        return {navn: {} for navn in METODER}
    return {navn: {raekke[0]: raekke for raekke in metode.raekker(sag)} for navn, metode in METODER.items()}
