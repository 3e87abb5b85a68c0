"""What OpenAPI says a route can refuse with is what its handler can refuse with: read off the handlers' own code."""

import ast
import inspect
import sys
import textwrap
from collections.abc import Callable
from typing import Any

import pytest

from hub.api import modtag_mange
from hub.api.app import SVARERE
from hub.api.openapi import INDHOLD, beskrivelse
from hub.api.openapi_svar import EGNE, FEJLENE, SQL, eksempler, koder, statusser
from hub.api.ruter import RUTER
from hub.domain.fejl import KATALOG
from hub.domain.fejltekster_doer import DOERFEJL

FRA_APP = {"maalinger", "openapi"}
"""Routes answered by `create_api` itself, which refuse nothing."""
FANGET = {"klar": set(SQL), "hent_pdf": {"for_mange_uploads"}}
"""What a handler answers in its own words, or what is refused in code that it shares only with those who upload."""
CELLERNES = {navn for navn, rute in RUTER.items() if "{ordning}" in rute.sti}
"""Routes that are described cell by cell of the matrix."""
I_LINJER = {modtag_mange.__dict__["_svar"]}
"""What refuses inside the lines of a 200."""


def _uden_annotationer(trae: ast.AST) -> ast.AST:
    """The tree as it runs: what a parameter is said to be is not called."""
    for knude in ast.walk(trae):
        if isinstance(knude, ast.arg):
            knude.annotation = None
        if isinstance(knude, ast.FunctionDef | ast.AsyncFunctionDef):
            knude.returns = None
    return trae


def _peget_paa(udtryk: ast.AST, rum: dict[str, Any]) -> Any:
    """What a name, or a dotted name, of the module stands for; None for what is no global."""
    if isinstance(udtryk, ast.Name):
        return rum.get(udtryk.id)
    if isinstance(udtryk, ast.Attribute):
        return getattr(_peget_paa(udtryk.value, rum), udtryk.attr, None)
    return None


def ord_i(svarer: Callable[..., Any]) -> set[str]:
    """The words of the catalogue in the handler and in everything of the door that it refers to; SQL in a thread can be refused too."""
    fundne: set[str] = set()
    rest, sete = [svarer], set(I_LINJER)
    while rest:
        led = rest.pop()
        if not (inspect.isfunction(led) or inspect.isclass(led)) or not led.__module__.startswith("hub.api") or led in sete:
            continue
        sete.add(led)
        for knude in ast.walk(_uden_annotationer(ast.parse(textwrap.dedent(inspect.getsource(led))))):
            if isinstance(knude, ast.Constant) and isinstance(knude.value, str) and knude.value in DOERFEJL:
                fundne.add(knude.value)
            if isinstance(knude, ast.Name | ast.Attribute):
                fundne.update(SQL if ast.unparse(knude).endswith(("traade.koer", "indskrivning.tilfoej")) else ())
                rest.append(_peget_paa(knude, vars(sys.modules[led.__module__])))
    return fundne


@pytest.mark.parametrize("navn", RUTER)
def test_the_errors_that_a_route_declares_are_those_its_handler_can_refuse_with(navn: str) -> None:
    """No more and no fewer; the guard's, and those from before a request exists, are every route's."""
    sagt = {kode for kode in FEJLENE.get(navn, ()) if kode in DOERFEJL}
    assert sagt == (set() if navn in FRA_APP else ord_i(SVARERE[navn]) - FANGET.get(navn, set()))


def test_every_route_is_described_and_nothing_else() -> None:
    """A route without what it answers would be missing from the OpenAPI document."""
    assert set(INDHOLD) | CELLERNES == set(RUTER)
    assert set(FEJLENE) | set(EGNE) <= set(RUTER)


@pytest.mark.parametrize("navn", RUTER)
def test_every_refusing_status_of_a_route_lists_its_errors(navn: str) -> None:
    """Each status from 400 has at least one error of the catalogue, or a shape of its own; none is 500: nothing means that."""
    fejl = koder(navn)
    assert all(fejl.get(status) or status in EGNE[navn] for status in statusser(navn) if status >= 400)
    assert 500 not in statusser(navn)


def test_every_error_has_its_example() -> None:
    """The whole catalogue, each as it is answered, in the shape of a problem."""
    assert set(eksempler()) == {str(raekke.fejlkode) for raekke in KATALOG}
    assert {e["value"]["fejlnummer"] for e in eksempler().values()} == {raekke.nummer for raekke in KATALOG}


def test_routes_that_share_an_address_are_all_described() -> None:
    """Every method of every route stands in the document."""
    stier = beskrivelse()["paths"]
    assert all(rute.metode.lower() in stier[rute.sti] for navn, rute in RUTER.items() if navn not in CELLERNES)
