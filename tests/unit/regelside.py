"""docs/rules.md's last column: the tests of each rule through the door, read off their names. `make docs` writes it, a test holds it."""

import re
import sys
from pathlib import Path

ROD = Path(__file__).parents[2]
REGLER = tuple(f"{kapitel}.{nr}" for kapitel, antal in enumerate((6, 5, 7, 4, 4), 1) for nr in range(1, antal + 1))
"""The rules of the release note, by chapter: 1.1 to 1.6, 2.1 to 2.5, 3.1 to 3.7, 4.1 to 4.4, 5.1 to 5.4."""
DOEREN = ("tests/acceptance", "tests/integration/api")
"""Where tests go through HTTP: an action or a question in, an answer or a message out."""
UDEN_DOER: dict[str, str] = {}
"""A rule that no test can show through the door → why."""
NAVN = re.compile(r"def test_((?:[Rr]_\d_\d_)+)")
RAEKKE = re.compile(r"^\| R-(\d\.\d) \|([^|]*)\|([^|]*)\|(?:[^|\n]*\|)?$", re.MULTILINE)


def proever(mapper: tuple[str, ...] = ("tests",)) -> dict[str, list[str]]:
    """Rule → the files whose tests carry its number, of the folders."""
    fundne: dict[str, set[str]] = {}
    for fil in (fil for mappe in mapper for fil in (ROD / mappe).rglob("test_*.py")):
        for numre in NAVN.findall(fil.read_text(encoding="utf-8")):
            for regel in re.findall(r"\d_\d", numre):
                fundne.setdefault(regel.replace("_", "."), set()).add(fil.relative_to(ROD).as_posix())
    return {regel: sorted(filer) for regel, filer in sorted(fundne.items())}


def fornyet(side: str) -> str:
    """The page with its last column as the tests are now."""
    gennem_doeren = proever(DOEREN)

    def raekke(fundet: re.Match[str]) -> str:
        regel, goer, hvor = fundet.groups()
        filer = " ".join(f"`{fil}`" for fil in gennem_doeren.get(regel, ())) or UDEN_DOER.get(regel, "")
        return f"| R-{regel} |{goer}|{hvor}| {filer} |"

    return RAEKKE.sub(raekke, side)


if __name__ == "__main__":
    maal = Path(sys.argv[1])
    maal.write_text(fornyet(maal.read_text(encoding="utf-8")), encoding="utf-8")
