"""The README's table of schemes and GetMetoder (R-1.1), made from the matrix: `python -m hub.operations.matrix README.md` (`make docs`)."""

import sys
from pathlib import Path

from hub.domain.koder import ORDNINGER
from hub.domain.matrix import FOEDES_VED, GETMETODER, MATRIX

MARKS = ("<!-- matrix -->\n", "<!-- /matrix -->\n")


def table() -> str:
    """Scheme × GetMetode, and the action that opens a case; schemes in the order of their code list."""
    head = ("ordning", "opened by", *GETMETODER)
    rows = ((name, f"`{FOEDES_VED[name]}`", *("x" if method in MATRIX[name] else "" for method in GETMETODER)) for name in ORDNINGER)
    return "".join(_line(row) for row in (head, ("---",) * len(head), *rows))


def renewed(page: str) -> str:
    """The page with its table made anew. Raises ValueError when its marks are not there."""
    before, rest = page.split(MARKS[0])
    _, after = rest.split(MARKS[1])
    return before + MARKS[0] + table() + MARKS[1] + after


def _line(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |\n"


if __name__ == "__main__":
    place = Path(sys.argv[1])
    place.write_text(renewed(place.read_text(encoding="utf-8")), encoding="utf-8")
