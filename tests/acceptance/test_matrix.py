"""R-1.1, cell by cell, read off the matrix itself: what is in it is answered and told, what is not is refused and changes nothing.

One case of each scheme lives a whole life: every action that the door knows is tried on it, in the order of a life. So a further scheme
or cell is tested without a line here.
"""

from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any, NamedTuple

import httpx
import pytest
from byggere import AKT, VITAS
from jsonschema import Draft202012Validator, FormatChecker

from hub.domain.handlinger import HANDLINGER
from hub.domain.matrix import AKTENS_METODE, FOEDES_VED, FOERSTE, GETMETODER, KUN_FOERSTE, MATRIX
from hub.domain.ordninger import OPHOER_I_ANDEN_METODE
from hub.domain.tillaegstyper import TILLAEGETS_METODE, TYPENS_FELTER

Sag = Callable[..., Any]
pytestmark = pytest.mark.acceptance

I_MATRIX = [(ordning, metode) for ordning, metoder in MATRIX.items() for metode in GETMETODER if metode in metoder]
UDENFOR = [(ordning, metode) for ordning, metoder in MATRIX.items() for metode in GETMETODER if metode not in metoder]
"""Every cell of schemes × GetMetoder, in the matrix or outside it."""
PDF = {"Content-Type": "application/pdf"}

FORBI = frozenset(
    {
        *("AfvisAnsoegning", "TraekAnsoegningTilbage", "AfvisBevilling", "AfslaaForlaengelse", "TilbagekaldOphoer", "FlytSag"),
        *("SendKladde", *KUN_FOERSTE, "TilfoejDokument"),
    }
)
"""What would end a life before its time, what only begins one, and what comes last."""
TILLAEG: dict[str, dict[str, Any]] = {
    "Mentor": {},
    "Hjaelpemiddel": {"hjaelpemiddel": {"art": "Arbejdsredskab"}, **dict.fromkeys(TYPENS_FELTER["Mentor"])},
}
"""A supplementary grant's data beside the believable ones, by type."""
SKABER = {
    "OpretAnsoegning": "Ansoegning",
    "UdstedBevilling": "Bevilling",
    "AnsoegForlaengelse": "Forlaengelse",
    "BevilgForlaengelse": "Forlaengelse",
    "RegistrerOphoer": "Ophoer",
    "IndgaaAftale": "Aftale",
}
"""Action → the kind of act that it makes; a tillægsbevilling's GetMetode is its type's, a document comes last."""

Forsoeg = tuple[str, str | None]
"""An action that was tried, and the act where it is not the believable one."""
Fejlsted = tuple[int, str | None]
"""An error's code and field."""


class Liv(NamedTuple):
    """A case that has lived: everything told of it, in order, and what the door refused on the way."""

    sag: Any
    fortalt: list[dict[str, Any]]
    naegtet: dict[Forsoeg, list[Fejlsted]]


def forsoeg() -> Iterator[tuple[str, str | None, dict[str, Any]]]:
    """Every action of a life in its order: name, act, data. The document comes last."""
    for navn in (n for n in HANDLINGER if n not in FORBI):
        if navn == "UdstedTillaegsbevilling":
            yield from ((navn, f"tillaeg {type_}", {"type": type_, **data}) for type_, data in TILLAEG.items())
        else:
            yield navn, None, {}


def et_dokument(en: Any) -> dict[str, Any]:
    """A document about the case's first act, uploaded before it is named."""
    indhold = b"%PDF-1.7\n" + en.id.encode()
    sum_ = sha256(indhold).hexdigest()
    svar = en.hub.klient().put(f"/v1/dokumenter/{sum_}", content=indhold, headers=PDF)
    assert svar.status_code == 201, svar.text
    faelles = {"navn": "Brev.pdf", "mimetype": "application/pdf"}
    return {"vedroerer": en.akt(foerste_akt(en.ordning)), **faelles, "stoerrelse": len(indhold), "sha256": sum_}


def foerste_akt(ordning: str) -> str:
    """The short name of the act that opens a case of the scheme."""
    return AKT.get(FOEDES_VED[ordning], "ansoegning")


def lev(en: Any) -> Liv:
    """Open the case and try every action on it; each that is taken is the next version, so one that is refused left nothing."""
    naegtet = dict[Forsoeg, list[Fejlsted]]()
    en.goer(FOEDES_VED[en.ordning])
    for navn, akt, data in forsoeg():
        foer, svar = en.version, en.send(navn, akt, **data)
        if svar.status_code in (404, 409, 422):
            naegtet[navn, akt] = [(f["fejlkode"], f["felt"]) for f in svar.json()["errors"]]
        else:
            assert svar.status_code in (201, 202), svar.text
            assert en.version == foer + 1
    # A case is told of in order: once the document is, everything before it has been.
    en.goer("TilfoejDokument", "dokument", **et_dokument(en)).fortalt()
    return Liv(en, en.hub.notifikationer(en.jobcenter, en.id), naegtet)


@pytest.fixture(scope="module")
def liv(hub: Any, sag: Any) -> Callable[[str], Liv]:
    """The one case of a scheme, lived when it is first asked for; one that could not be lived is not tried again for every cell."""
    levet = dict[str, Liv | Exception]()

    def af(ordning: str) -> Liv:
        if ordning not in levet:
            try:
                levet[ordning] = lev(sag(ordning))
            except (AssertionError, httpx.HTTPError) as fejl:
                levet[ordning] = fejl
        en = levet[ordning]
        if isinstance(en, Exception):
            raise en
        return en

    return af


@pytest.fixture(scope="module")
def openapi(hub: Any) -> dict[str, Any]:
    """What the running hub says of itself."""
    dokument: dict[str, Any] = hub.klient().get("/openapi.json").json()
    return dokument


def proev(dokument: Any, openapi: dict[str, Any], ordning: str, metode: str) -> None:
    """The document must be what the OpenAPI says that the cell answers."""
    svar = openapi["paths"][f"/v1/{ordning}/{metode}/{{eksternIdentifier}}"]["get"]["responses"]["200"]
    skema = {**svar["content"]["application/json"]["schema"], "components": openapi["components"]}
    Draft202012Validator(skema, format_checker=FormatChecker()).validate(dokument)


def test_every_kind_that_is_fetched_is_made_by_an_action() -> None:
    """A kind without its row in SKABER would have no refusal tried outside its cells."""
    assert set(SKABER.values()) == set(AKTENS_METODE) - {"Dokument"}


@pytest.mark.parametrize(("ordning", "metode"), I_MATRIX)
def test_R_1_1_a_cell_is_told_and_answered_by_the_notifications_own_link(
    liv: Callable[[str], Liv], openapi: dict[str, Any], ordning: str, metode: str
) -> None:
    """An act of it is announced as created; every announcement's link answers with that act, at that version or later, as described."""
    en, fortalt, _ = liv(ordning)
    egne = [n for n in fortalt if n["getMetode"] == metode]
    assert True in [n["erOprettelse"] for n in egne]
    for n in egne:
        svar = en.hub.klient("system", en.jobcenter).get(n["link"])
        assert svar.status_code == 200, svar.text
        dok = svar.json()
        assert (dok["eksternIdentifier"], dok["sagsId"], dok["ordning"]) == (n["eksternIdentifier"], en.id, ordning)
        assert dok["version"] >= n["version"]
        assert dok["borger"]["personnummer"] == en.personnummer
        assert {navn: dok[navn] for navn in VITAS} == VITAS
        proev(dok, openapi, ordning, metode)


@pytest.mark.parametrize(("ordning", "metode"), UDENFOR)
def test_R_1_1_a_cell_outside_the_matrix_is_404_with_its_own_code(
    liv: Callable[[str], Liv], openapi: dict[str, Any], ordning: str, metode: str
) -> None:
    """For every act of the case; nothing of the case is told with that GetMetode, and the OpenAPI does not have it."""
    en, fortalt, _ = liv(ordning)
    assert metode not in {n["getMetode"] for n in fortalt}
    assert f"/v1/{ordning}/{metode}/{{eksternIdentifier}}" not in openapi["paths"]
    for akt in {n["eksternIdentifier"] for n in fortalt}:
        svar = en.hub.klient("system", en.jobcenter).get(f"/v1/{ordning}/{metode}/{akt}")
        assert (svar.status_code, svar.json()["fejlkode"]) == (404, "ukendt_kombination")


def kraever(ordning: str, metode: str) -> list[Forsoeg]:
    """The attempts of a life that would make an act of the cell."""
    if metode == "GetOphoer" and ordning in OPHOER_I_ANDEN_METODE:
        return []
    arter = [(navn, None) for navn, art in SKABER.items() if AKTENS_METODE[art] == metode and navn not in KUN_FOERSTE]
    return arter + [("UdstedTillaegsbevilling", f"tillaeg {type_}") for type_, egen in TILLAEGETS_METODE.items() if egen == metode]


@pytest.mark.parametrize(("ordning", "metode"), [celle for celle in UDENFOR if kraever(*celle)])
def test_R_1_1_an_action_that_needs_a_cell_outside_is_refused(liv: Callable[[str], Liv], ordning: str, metode: str) -> None:
    """With the code of the missing cell, every time it was tried on the living case, whose versions are those of what was taken."""
    en, _, naegtet = liv(ordning)
    for forsoeg_ in kraever(ordning, metode):
        assert (9603, "ordning") in naegtet[forsoeg_], forsoeg_
    assert en.hub.klient("system", en.jobcenter).get(f"/v1/sager/{en.id}").json()["version"] == en.version


@pytest.mark.parametrize("ordning", MATRIX)
def test_R_1_1_no_other_action_opens_a_case_of_the_scheme(sag: Sag, ordning: str) -> None:
    """Each of the others that can come first is refused with its own code, and there is no case."""
    en = sag(ordning)
    foerste = en.handling(FOEDES_VED[ordning])
    for navn in FOERSTE - {FOEDES_VED[ordning]}:
        svar = en.hub.send({**foerste, "handling": navn})
        assert (9518, "handling") in [(f["fejlkode"], f["felt"]) for f in svar.json()["errors"]]
        assert en.hub.klient("system", en.jobcenter).get(f"/v1/sager/{en.id}").status_code == 404
    assert en.goer(FOEDES_VED[ordning]).version == 1


@pytest.mark.parametrize("ordning", MATRIX)
def test_every_refusal_leaves_the_case_untouched(liv: Callable[[str], Liv], ordning: str) -> None:
    """Much was refused in the life; the timeline has what was taken and nothing else, and the ledger stands where the receipts say."""
    en, _, naegtet = liv(ordning)
    assert len(naegtet) >= 5
    historik = en.hub.klient("system", en.jobcenter).get(f"/v1/sager/{en.id}/historik").json()
    assert [h["version"] for h in historik["haendelser"]] == list(range(1, en.version + 1))
    handling = en.handling("TildelSag", foerste_akt(ordning))
    assert en.hub.send(handling, If_Match=f'"{en.version + 1}"').status_code == 409
    svar = en.hub.send(handling, If_Match=f'"{en.version}"')
    assert svar.status_code in (201, 202), svar.text
    en.version = svar.json()["version"]
