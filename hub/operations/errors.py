"""The table of docs/errors.md, made from the error catalogue: `python -m hub.operations.errors docs/errors.md` (`make docs`)."""

import sys
from pathlib import Path

from hub.domain.fejl import KATALOG, Katalograekke

MARKS = ("<!-- errors -->\n", "<!-- /errors -->\n")
HEAD = "| `fejlkode` | `fejlnummer` | name | status | Danish | English | kilde |\n|---|---|---|---|---|---|---|\n"


def table() -> str:
    """The catalogue as a table, by number."""
    return HEAD + "".join(_line(row) for row in sorted(KATALOG, key=lambda row: row.nummer))


def renewed(page: str) -> str:
    """The page with its table made anew. Raises ValueError when its marks are not there."""
    before, rest = page.split(MARKS[0])
    _, after = rest.split(MARKS[1])
    return before + MARKS[0] + table() + MARKS[1] + after


def _line(row: Katalograekke) -> str:
    texts = " | ".join(text.replace("|", "\\|") for text in (row.dansk, row.engelsk))
    return f"| `{row.fejlkode}` | {row.nummer} | {row.navn} | {row.status} | {texts} | {row.kilde} |\n"


if __name__ == "__main__":
    place = Path(sys.argv[1])
    place.write_text(renewed(place.read_text(encoding="utf-8")), encoding="utf-8")
