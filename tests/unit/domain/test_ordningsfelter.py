"""Which fields a scheme has: the one table, held against the documents, the actions and the OpenAPI."""

from typing import Any

import pytest
from byggere import an_action, given

from hub.api.dokumentskemaer import dokumentskemaer
from hub.domain.handlinger import HANDLINGER
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
