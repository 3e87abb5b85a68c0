"""docs/document-fields.md's table, made from the documents' schemas by `python -m hub.api.feltbeskrivelse PAGE` (`make docs`)."""

import sys
from collections.abc import Iterable
from pathlib import Path

from hub.api.dokumentskemaer import Skema, dokumentskema
from hub.domain.matrix import GETMETODER, MATRIX
from hub.projections.dokumentfelter import FELTER, YDRE
from hub.projections.metoder import METODER

MAERKER = ("<!-- fields -->\n", "<!-- /fields -->\n")


def stier(skema: Skema) -> Iterable[str]:
    """The paths of a document's fields, as `FELTER` names them."""
    for navn, felt in skema["properties"].items():
        yield navn
        if navn in YDRE:
            yield from (f"{navn}.{indre}" for indre in felt["properties"])


def vist_i() -> dict[str, dict[str, list[str]]]:
    """Path → GetMetode → the schemes whose documents have it."""
    ud: dict[str, dict[str, list[str]]] = {}
    for ordning, metode in ((o, m) for m in GETMETODER for o in MATRIX if m in MATRIX[o]):
        for sti in stier(dokumentskema(METODER[metode], ordning)):
            ud.setdefault(sti, {}).setdefault(metode, []).append(ordning)
    return ud


def fornyet(side: str) -> str:
    """The page with its table made anew. Raises ValueError when its marks are not there."""
    foer, rest = side.split(MAERKER[0])
    _, efter = rest.split(MAERKER[1])
    return foer + MAERKER[0] + _tabel() + MAERKER[1] + efter


def _tabel() -> str:
    vist = vist_i()
    raekker = ((f"`{sti}`", felt.tekst, felt.kilde, _hvor(vist[sti])) for sti, felt in FELTER.items())
    hoved = ("field", "what", "source", "shown by")
    return "".join(f"| {' | '.join(raekke)} |\n" for raekke in (hoved, ("---",) * len(hoved), *raekker))


def _hvor(vist: dict[str, list[str]]) -> str:
    """Every method by name, with its schemes where not all of them have the field."""
    if set(vist) == set(GETMETODER):
        return "all"
    return "; ".join(metode if _alle(metode, ordninger) else f"{metode} ({', '.join(ordninger)})" for metode, ordninger in vist.items())


def _alle(metode: str, ordninger: list[str]) -> bool:
    return set(ordninger) == {ordning for ordning, metoder in MATRIX.items() if metode in metoder}


if __name__ == "__main__":
    sted = Path(sys.argv[1])
    sted.write_text(fornyet(sted.read_text(encoding="utf-8")), encoding="utf-8")
