"""The tables of docs/search-and-lists.md, made from what lists and search read: `python -m hub.api.listebeskrivelse FILE` (`make docs`)."""

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from hub.api.kriterier import KRITERIER
from hub.projections.listekolonner import EGNE, FAELLES, NOEGLER
from hub.projections.omraader import OMRAADER


def fornyet(side: str) -> str:
    """The page with its tables made anew. Raises ValueError when their marks are not there."""
    for navn, tabel in {"areas": _omraader(), "criteria": _kriterier(), "columns": _kolonner()}.items():
        begynd, slut = f"<!-- {navn} -->\n", f"<!-- /{navn} -->\n"
        foer, rest = side.split(begynd)
        _, efter = rest.split(slut)
        side = f"{foer}{begynd}{tabel}{slut}{efter}"
    return side


def _omraader() -> str:
    raekker = (
        (f"`{navn}`", omraade.overskrift, omraade.tekst, ", ".join(f"`{egen}`" for egen in omraade.egne))
        for navn, omraade in OMRAADER.items()
    )
    return _tabel(("area", "name", "holds", "columns of its own"), raekker)


def _kriterier() -> str:
    return _tabel(("criterion", "what"), ((f"`{navn}`", kriterium.tekst) for navn, kriterium in KRITERIER.items()))


def _kolonner() -> str:
    alle = (*FAELLES, *EGNE.values(), *NOEGLER)
    raekker = ((f"`{k.navn}`", k.overskrift, k.tekst, "yes" if k.sorterbar else "") for k in alle)
    return _tabel(("field", "heading", "what", "sorted by"), raekker)


def _tabel(hoved: Sequence[str], raekker: Iterable[Sequence[str]]) -> str:
    linjer = [f"| {' | '.join(raekke)} |" for raekke in (hoved, *raekker)]
    return "\n".join([linjer[0], "|" + "---|" * len(hoved), *linjer[1:], ""])


if __name__ == "__main__":
    sted = Path(sys.argv[1])
    sted.write_text(fornyet(sted.read_text(encoding="utf-8")), encoding="utf-8")
