"""Which fields a scheme has: the one table, held against the documents, the actions and the OpenAPI."""

from typing import Any

import pytest
from byggere import I_KONFLIKT, an_action, given, raa

from hub.api.dokumentskemaer import dokumentskemaer
from hub.domain.fejl import Afvisning
from hub.domain.handlinger import HANDLINGER, laes_handling
from hub.domain.koder import ORDNINGER
from hub.domain.matrix import MATRIX
from hub.domain.ordningsfelter import FELTER, for_ordning, handlingens_fremmede

SKEMAER = dokumentskemaer()


def stier(skema: dict[str, Any], rod: str = "") -> set[str]:
    """Every path of a document's schema."""
    ud = set()
    for navn, felt in skema.get("properties", {}).items():
        ud |= {f"{rod}{navn}", *stier(felt, f"{rod}{navn}.")}
    return ud


def test_every_row_names_fields_that_are_there() -> None:
    """A row's schemes are in the code list, its document fields in some document, its action fields in that action's model."""
    vist = set().union(*(stier(skema) for skema in SKEMAER.values()))
    for felt in FELTER:
        assert felt.ordninger <= ORDNINGER.keys()
        assert set(felt.dokument) <= vist
        assert set(felt.kraevet) <= set(felt.handling)
        for sti in felt.handling:
            handling, navn = sti.split(".")
            assert navn in HANDLINGER[handling].model_fields, sti


@pytest.mark.parametrize("navn", SKEMAER)
def test_no_document_of_a_scheme_shows_a_field_of_another(navn: str) -> None:
    """Cell by cell: what the OpenAPI describes, read off the documents themselves, has only fields of the scheme."""
    ordning, metode = navn.split("_")
    assert metode in MATRIX[ordning]
    fremmede = {sti for felt in FELTER if ordning not in felt.ordninger for sti in felt.dokument}
    assert not fremmede & stier(SKEMAER[navn])


def test_a_document_keeps_the_rest_as_it_was() -> None:
    """Only the other schemes' fields go, outer and inner ones; the document given is not changed."""
    dokument = {"vurdering": 1, "arbejdstid": 2, "virksomhed": {"cvrNummer": "1", "medarbejderrepraesentant": 3}, "version": 4}
    assert for_ordning("Fleksjob", dokument) == {"vurdering": 1, "arbejdstid": 2, "virksomhed": {"cvrNummer": "1"}, "version": 4}
    assert for_ordning("Loentilskud", dokument) == {k: v for k, v in dokument.items() if k != "vurdering"}
    assert "medarbejderrepraesentant" in dokument["virksomhed"]  # type: ignore[operator]


def test_the_door_takes_no_field_of_another_scheme() -> None:
    """Refused with the field's path and 422, also where it says nothing ('Nej'); null is nothing, and taken."""
    fremmede = {
        "medarbejderrepraesentant": {"navn": "Rie"},
        "antalAnsatteSenesteMaaned": {},
        "konfliktramt": False,
        "timeTilskudsats": 9403,
    }
    fejl = given([]).when(an_action("OpretAnsoegning", ordning="Fleksjob", **fremmede)).naegtet(*[9516] * 4)
    assert {f.felt for f in fejl} == {f"data.{navn}" for navn in fremmede}
    assert {f.status for f in fejl} == {422}
    assert set(fremmede) <= set(handlingens_fremmede("Fleksjob", "OpretAnsoegning"))
    given([]).when(an_action("OpretAnsoegning", ordning="Fleksjob", konfliktramt=None, medarbejderrepraesentant=None)).ok()


def test_a_field_of_another_scheme_is_named_beside_what_is_wrong_in_form() -> None:
    """All at once: what the scheme does not have and what it must have are known from an opening action's own scheme."""
    handling = raa("UdstedBevilling", ordning="Mentor", timeTilskudsats=9403, ugentligArbejdstid=None)
    handling["data"]["periode"], handling["ukendt"] = {"startdato": "i går"}, 1
    with pytest.raises(Afvisning) as afvist:
        laes_handling(handling)
    assert {(f.kode, f.felt) for f in afvist.value.fejl} == {
        (9502, "ukendt"),
        (9506, "data.periode.startdato"),
        (9516, "data.timeTilskudsats"),
        (9501, "data.ugentligArbejdstid"),
    }


VIST = {
    "konfliktramt": "Loentilskud Virksomhedspraktik Nytteindsats Jobrotation",
    "antalAnsatteSenesteMaaned": "Loentilskud Virksomhedspraktik",
    "virksomhed.medarbejderrepraesentant": "Loentilskud Virksomhedspraktik Nytteindsats",
    "oeremaerket": "Loentilskud",
    "vurdering": "Fleksjob",
    "vikarer": "Jobrotation",
    "timeTilskudsatsType": "Loentilskud Voksenlaerling",
    "nemRefusionLink": "Voksenlaerling",
    "modtagetStoetteSeneste12Mdr": "Loentilskud",
}
"""Field → the schemes in whose documents domain-facts 1.6 and the release note have it, written apart from the table."""


@pytest.mark.parametrize("felt", VIST)
def test_a_field_is_shown_by_exactly_the_schemes_that_have_it(felt: str) -> None:
    """Read off the documents: every scheme that has the field shows it in one of its own, and no other does."""
    assert {navn.split("_")[0] for navn, skema in SKEMAER.items() if felt in stier(skema)} == set(VIST[felt].split())


@pytest.mark.parametrize("ordning", VIST["konfliktramt"].split())
def test_R_2_1_every_scheme_of_the_rule_is_marked(ordning: str) -> None:
    """The four schemes alike: marked while the company is registered, and not signed without the comment."""
    opret, underskriv = an_action("OpretAnsoegning", ordning=ordning), an_action("UnderskrivAnsoegning")
    event = given([], I_KONFLIKT).when(opret).haendelser[0]
    assert (event.konfliktramt, event.konfliktOprindelse) == (True, "Styrelsen")
    given([opret], I_KONFLIKT).when(underskriv).naegtet(9702)
    given([]).when(an_action("OpretAnsoegning", ordning=ordning, konfliktramt=False)).ok()


@pytest.mark.parametrize("ordning", VIST["antalAnsatteSenesteMaaned"].split())
def test_R_3_2_both_schemes_of_the_rule_ask_for_the_employees(ordning: str) -> None:
    """Løntilskud and virksomhedspraktik alike: not signed until both numbers are there."""
    opret = an_action("OpretAnsoegning", ordning=ordning, uden=["antalAnsatteSenesteMaaned"])
    given([opret]).when(an_action("UnderskrivAnsoegning")).naegtet(9704, 9705, 9705)
