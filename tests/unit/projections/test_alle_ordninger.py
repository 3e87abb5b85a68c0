"""Random cases of every scheme that begins with an application: their documents are what the OpenAPI says, at every version."""

from typing import Any

import orjson
import pytest
from byggere import LISTER, OPSLAG, SENERE, a_sag, an_action, udfoert
from hypothesis import event, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from hub.api.dokumentskemaer import dokumentskemaer, skemanavn
from hub.domain.fejl import Afvisning
from hub.domain.forseglet import Forseglet
from hub.domain.matrix import FOEDES_VED, MATRIX
from hub.domain.opslag import Konflikt
from hub.domain.ordninger import KONFLIKT as MARKERES
from hub.domain.ordningsfelter import handlingens_fremmede
from hub.domain.sag import Sag
from hub.projections import sager
from hub.projections.metoder import METODER

LANG = settings.get_profile("faults")
ORDNINGER = [ordning for ordning, handling in FOEDES_VED.items() if handling == "OpretAnsoegning"]
PROEVER = {navn: Draft202012Validator(skema) for navn, skema in dokumentskemaer().items()}
KONFLIKT = OPSLAG._replace(konflikt=Konflikt("12345678", OPSLAG.satser[0].startdato, ("Transport",)))

VALG: dict[str, list[dict[str, Any]]] = {
    "RetAnsoegning": [
        {"ugentligArbejdstid": "36.26"},
        {"konfliktKommentar": "Lager"},
        {"kurser": []},
        {"kurser": [{"nr": "K1", "slutdato": "2025-03-01"}, {"nr": "K2", "startdato": "2025-03-01"}]},
        {
            "ansatte": [{"personnummer": "0202900002", "navn": "Anna"}],
            "vikarer": [*LISTER["vikarer"], {"personnummer": "0303900003", "navn": "V"}],
        },
        {"medarbejderrepraesentant": {"navn": "Rie"}},
        {"oeremaerket": True},
        {"periode": {"startdato": "2025-02-01"}},
    ],
    "UnderskrivAnsoegning": [{"underskriver": "Arbejdsgiver"}, {"underskriver": "Medarbejderrepraesentant"}],
    "ReturnerKladde": [{"underskrevet": True}, {"underskrevet": False}],
    "UdstedBevilling": [{}, {"periode": {"startdato": "2025-01-01"}}],
    "BevilgForlaengelse": [{"slutdato": "2025-09-30"}, {"slutdato": "2025-07-01"}],
    "RegistrerOphoer": [{"stopdato": "2024-12-24"}, {"stopdato": "2025-05-15"}, {"stopdato": "2025-06-30"}],
}
"""Action → data it may have; one that is not here has only its defaults."""
HANDLINGER = (
    *(
        "RetAnsoegning",
        "UnderskrivAnsoegning",
        "UnderskrivAnsoegning",
        "SendKladde",
        "ReturnerKladde",
        "TildelSag",
        "OvertagSag",
        "FrigivSag",
    ),
    *("SendTilAndenAktoer", "AfvisTilAndenAktoer", "OvertagFraAndenAktoer", "ForhaandsgodkendAnsoegning", "GodkendAnsoegning"),
    *("AfvisAnsoegning", "TraekAnsoegningTilbage", "FlytSag", "AfgoerVurdering", "OvertagVurdering", "GenaabnVurdering"),
    *("UdstedBevilling", "UdstedBevilling", "SendBevilling", "GodkendBevilling", "AfvisBevilling", "AnsoegForlaengelse"),
    *("BevilgForlaengelse", "BevilgForlaengelse", "AfslaaForlaengelse", "RegistrerOphoer", "RetOphoer", "TilbagekaldOphoer"),
)
LANGT = st.sampled_from([0, 1, 2, 2, 3, 3])
"""How far the case has come when the random actions begin."""
FORLOEB = st.lists(st.tuples(st.sampled_from(HANDLINGER), st.integers(0, 7), st.sampled_from([None, "en til"])), min_size=4, max_size=20)


def aaben(vaerdi: Any) -> Any:
    """The document with its sealed leaves open."""
    if isinstance(vaerdi, Forseglet):
        return orjson.loads(vaerdi.data)
    if isinstance(vaerdi, dict):
        return {navn: aaben(led) for navn, led in vaerdi.items()}
    return [aaben(led) for led in vaerdi] if isinstance(vaerdi, list) else vaerdi


def dokumenter(sag: Sag) -> dict[tuple[str, str], Any]:
    """Every document of a case, open, as the API answers it."""
    hoved = sager.hoved(sag)
    return {
        (navn, raekke[0]): {**aaben(metode.dokument(hoved, raekke)), "personoplysningerSlettet": False}
        for navn, metode in METODER.items()
        for raekke in metode.raekker(sag)
    }


def begyndt(ordning: str, langt: int) -> Sag:
    """A case at the door, signed, granted, or extended, as far as its scheme goes."""
    skridt = ["UnderskrivAnsoegning", "UdstedBevilling", "BevilgForlaengelse"][:langt]
    sag = a_sag(
        an_action("OpretAnsoegning", ordning=ordning, **({"konfliktKommentar": "Lager"} if ordning in MARKERES else {})), opslag=KONFLIKT
    )
    for handling in skridt[: 1 + len(MATRIX[ordning] & {"GetBevilling", "GetForlaengelse"})]:
        sag = udfoert(sag, an_action(handling, ordning=ordning, uden=SENERE), KONFLIKT)
    return sag


def passer(ordning: str, langt: int, forloeb: list[tuple[str, int, str | None]]) -> None:
    """Play the history; whatever the door takes, every document of the case fits the schema of its cell, and no other cell has one."""
    sag, opslag = (begyndt(ordning, langt), KONFLIKT) if langt else (a_sag(an_action("OpretAnsoegning", ordning=ordning)), OPSLAG)
    for handling, valg, akt in forloeb:
        mulige = VALG.get(handling, [{}])
        data = {n: v for n, v in mulige[valg % len(mulige)].items() if n not in handlingens_fremmede(ordning, handling)}
        try:
            sag = udfoert(sag, an_action(handling, akt, ordning=ordning, uden=SENERE, **data), opslag)
        except Afvisning:
            continue
        for (metode, _), dokument in dokumenter(sag).items():
            assert metode in MATRIX[ordning]
            PROEVER[skemanavn(ordning, metode)].validate(dokument)
    event(f"{ordning}: {sag.version // 4 * 4}+ events")


@pytest.mark.parametrize("ordning", ORDNINGER)
@given(LANGT, FORLOEB)
def test_every_document_of_a_random_case_fits_the_schema_of_its_cell(ordning: str, langt: int, forloeb: Any) -> None:
    """The schema is closed: a field of another scheme, a missing one, or a null that it does not tell of would be an error."""
    passer(ordning, langt, forloeb)


@pytest.mark.faults
@pytest.mark.parametrize("ordning", ORDNINGER)
@LANG
@given(LANGT, FORLOEB)
def test_every_document_of_a_random_case_fits_the_schema_of_its_cell_long(ordning: str, langt: int, forloeb: Any) -> None:
    """The same over ten thousand histories of each scheme."""
    passer(ordning, langt, forloeb)
