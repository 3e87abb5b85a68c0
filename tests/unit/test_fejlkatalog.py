"""The error catalogue: one table, one shape, every row in use, and docs/errors.md made from it."""

import ast
import re
from pathlib import Path

import pytest

from hub.api.problem import AFVIST, Problem, dokument
from hub.domain.fejl import FEJL, KATALOG, doerfejl, fejl
from hub.domain.fejlkoder import Fejlkode
from hub.domain.fejltekster_doer import DOERFEJL
from hub.operations.errors import MARKS, renewed, table

ROD = Path(__file__).parents[2]
SIDE = ROD / "docs" / "errors.md"
STARS = {1003, 1014, 4922, 4933, 9460}
"""The published codes of domain-facts 5.4 that say the same as one of ours."""
TABELLER = ("fejlkoder.py", "fejltekster_")
KILDER = [fil for fil in (ROD / "hub").rglob("*.py") if not fil.name.startswith(TABELLER)]


def test_every_error_has_one_number_of_its_own_and_both_texts() -> None:
    """Codes and numbers are apart; each row has Danish and English with the same things filled in, a refusing status and a source."""
    assert len({r.nummer for r in KATALOG}) == len({r.fejlkode for r in KATALOG}) == len(KATALOG)
    for raekke in KATALOG:
        assert raekke.dansk and raekke.engelsk and 400 <= raekke.status < 600, raekke.navn
        assert raekke.kilde == ("STAR" if raekke.nummer in STARS else "egen"), raekke.navn
        assert raekke.kilde == "STAR" or 9500 <= raekke.nummer <= 9999, raekke.navn


def test_every_code_of_an_action_has_its_texts() -> None:
    """A code without a row would be a 500 at the door."""
    assert set(FEJL) == set(Fejlkode)


def test_every_error_of_the_catalogue_is_used() -> None:
    """A row that nothing refuses with is promised in vain: numbers by their name, the door's by their word, somewhere in the code."""
    navne: set[str] = set()
    ord_: set[object] = set()
    for fil in KILDER:
        trae = ast.parse(fil.read_text(encoding="utf-8"))
        navne |= {
            k.attr for k in ast.walk(trae) if isinstance(k, ast.Attribute) and isinstance(k.value, ast.Name) and k.value.id == "Fejlkode"
        }
        ord_ |= {k.value for k in ast.walk(trae) if isinstance(k, ast.Constant)}
    assert {kode.name for kode in Fejlkode} - navne == set()
    assert set(DOERFEJL) - ord_ == set()


def test_every_word_that_the_door_refuses_with_is_in_the_catalogue() -> None:
    """`Problem("…")`, `Problem.om("…")`, `Problem.proev_igen("…")` and `doerfejl("…")` name rows that are there."""
    brugt = {
        arg.value
        for fil in KILDER
        for kald in ast.walk(ast.parse(fil.read_text(encoding="utf-8")))
        if isinstance(kald, ast.Call) and ast.unparse(kald.func) in {"Problem", "Problem.om", "Problem.proev_igen", "doerfejl", "_afvist"}
        for arg in kald.args[:1]
        if isinstance(arg, ast.Constant)
    }
    assert len(brugt) > 20
    assert brugt - set(DOERFEJL) == set()


def test_the_door_s_errors_and_an_action_s_have_one_shape() -> None:
    """The same fields in the same order, so that one reader reads both; the word and the number of a code are both there."""
    doerens, handlingens = Problem.om("ugyldig_parameter", "version").krop(), dokument(AFVIST, [fejl(Fejlkode.MANGLER, "periode")])
    assert list(doerens) == list(handlingens)
    assert [list(e) for e in doerens["errors"]] == [list(e) for e in handlingens["errors"]]
    assert (doerens["fejlkode"], doerens["fejlnummer"], doerens["type"]) == (
        "ugyldig_parameter",
        9910,
        "urn:vitas-hub:fejl:ugyldig_parameter",
    )
    assert (handlingens["fejlkode"], handlingens["fejlnummer"], handlingens["type"]) == (9501, 9501, "urn:vitas-hub:fejl:9501")


@pytest.mark.parametrize("kode", DOERFEJL)
def test_a_text_of_the_door_says_nothing_of_a_value(kode: str) -> None:
    """What the door refuses has not been read yet: its texts are whole as they stand, or filled with a setting."""
    felter = set(re.findall(r"{(\w*)}", DOERFEJL[kode].dansk + DOERFEJL[kode].engelsk))
    assert felter <= {"kontakt"}
    assert "{" not in doerfejl(kode, None, **dict.fromkeys(felter, "x")).fejltekst


def test_the_page_of_error_codes_is_the_catalogue() -> None:
    """docs/errors.md as `make docs` makes it; a row that changed without it fails the build."""
    side = SIDE.read_text(encoding="utf-8")
    assert side == renewed(side), "run `make docs`"
    assert table().count("\n") == len(KATALOG) + 2 and all(maerke in side for maerke in MARKS)
