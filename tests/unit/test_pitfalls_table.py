"""docs/pitfalls-and-guards.md names guards and tests that are there."""

import re
from pathlib import Path

ROD = Path(__file__).parents[2]
RAEKKER = [
    linje.strip("|\n ").split(" | ")
    for linje in (ROD / "docs" / "pitfalls-and-guards.md").read_text(encoding="utf-8").splitlines()
    if linje.startswith("| ") and not linje.startswith("| Pitfall")
]
KODE = re.compile(r"`([\w./-]+)`")


def test_every_guard_names_a_file_that_is_there() -> None:
    """A guard that moved is moved here too."""
    for raekke in RAEKKER:
        filer = [navn for navn in KODE.findall(raekke[1]) if "/" in navn or navn in ("pyproject.toml", "Makefile")]
        assert filer, raekke
        assert [fil for fil in filer if not (ROD / fil).exists()] == [], raekke


def test_every_pitfall_names_tests_that_are_there() -> None:
    """A guard without a test, or with one that is gone, is a finding."""
    kilder = "\n".join(fil.read_text(encoding="utf-8") for fil in (ROD / "tests").rglob("test_*.py"))
    defineret = set(re.findall(r"def (test_\w+)\(", kilder))
    for raekke in RAEKKER:
        assert len(raekke) == 3, raekke
        tests = KODE.findall(raekke[2])
        assert tests, raekke
        assert set(tests) <= defineret, set(tests) - defineret
