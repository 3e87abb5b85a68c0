"""The pages about the door are held against the code."""

import re
from pathlib import Path

from hub.api.ejerskab import SER_ALT
from hub.api.notifikationer import ALLE_JOBCENTRE
from hub.api.ruter import ALLE, RUTER
from hub.domain.fejltekster_doer import DOERFEJL

ROD = Path(__file__).parents[3]
BAD_INPUT = (ROD / "docs" / "bad-input.md").read_text(encoding="utf-8")
ACCESS = (ROD / "docs" / "access.md").read_text(encoding="utf-8")
SAG_OG_FEED = {
    "hent": SER_ALT,
    "hent_pdf": SER_ALT,
    "sag": SER_ALT,
    "historik": SER_ALT,
    "soeg": SER_ALT,
    "liste": SER_ALT,
    "notifikationer": ALLE_JOBCENTRE,
}


def test_every_code_of_the_door_is_in_the_table_of_bad_input_with_its_status() -> None:
    """A code without a row, or with another status, fails the build."""
    raekker = [linje.split("|") for linje in BAD_INPUT.replace("`fejlkode`", "").splitlines() if linje.startswith("| ")]
    sagt = {
        kode: re.findall(r"\b[45]\d\d\b", raekke[2])
        for raekke in raekker
        if len(raekke) > 5
        for kode in re.findall(r"`([a-z_0-9]+)`", raekke[3])
    }
    assert set(sagt) == set(DOERFEJL)
    assert {kode for kode, statusser in sagt.items() if str(DOERFEJL[kode].status) not in statusser} == set()


def test_every_test_named_in_the_table_is_there() -> None:
    """The page promises no test that nobody has written."""
    skrevet = {
        navn for fil in (ROD / "tests").rglob("test_*.py") for navn in re.findall(r"def (test_\w+)", fil.read_text(encoding="utf-8"))
    }
    assert set(re.findall(r"`(test_\w+)`", BAD_INPUT)) - skrevet == set()


def test_the_table_of_roles_is_the_guards() -> None:
    """Route by route, role by role."""
    hoved, *linjer = [[celle.strip() for celle in linje.strip("|").split("|")] for linje in ACCESS.splitlines() if linje.startswith("| ")]
    roller = hoved[1:]
    assert set(roller) == ALLE
    sagt = {linje[0].strip("`"): dict(zip(roller, linje[1:], strict=True)) for linje in linjer}
    assert sagt == {f"{rute.metode} {rute.sti}": {rolle: _sagt(navn, rolle) for rolle in roller} for navn, rute in RUTER.items()}


def _sagt(navn: str, rolle: str) -> str:
    roller = RUTER[navn].roller
    if roller is None:
        return "anybody"
    if rolle not in roller:
        return ""
    return "yes" if navn not in SAG_OG_FEED else "all" if rolle in SAG_OG_FEED[navn] else "own"
