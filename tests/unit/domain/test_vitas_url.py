"""The address of the case's page in VITAS: taken with the action that opens a case, kept as it was, shown in the head of every document."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from byggere import AKT, SENERE, VITAS, a_sag, an_action, et_id, given, raa

from hub.domain.fejl import Afvisning
from hub.domain.handlinger import Handling, laes_handling
from hub.domain.matrix import FOEDES_VED
from hub.projections import sager
from hub.projections.metoder import METODER

ADRESSE = VITAS["vitasUrl"]
LAENGST = "https://vitas.example/sag/".ljust(4000, "x")
ALLE = pytest.mark.parametrize("ordning", FOEDES_VED)


def fejl(laes: Callable[[], object]) -> list[tuple[int, str | None]]:
    """Code and field of every error."""
    with pytest.raises(Afvisning) as afvist:
        laes()
    return [(f.kode, f.felt) for f in afvist.value.fejl]


def aabn(ordning: str, uden: Sequence[str] = (), **mere: Any) -> Handling:
    """The action that opens a case of the scheme; `mere` stands beside its data."""
    return laes_handling(raa(FOEDES_VED[ordning], ordning=ordning, uden=uden) | mere)


@pytest.mark.parametrize(
    ("adresse", "kode"),
    [
        ("", 9505),
        (LAENGST + "x", 9505),
        (5, 9503),
        ("vitas.example/sag/1", 9504),
        ("//vitas.example/sag/1", 9504),
        ("ftp://vitas.example/sag/1", 9504),
        ("javascript:alert(1)", 9504),
        ("https://", 9504),
        ("https:///sag/1", 9504),
        ("https://vitas.example:x/sag/1", 9504),
        ("https://vitas.example/sag 1", 9504),
        (" https://vitas.example/sag/1", 9504),
        ("https://vitas.example/sag/1\n", 9504),
        ("https://vitas.example/sag/\x001", 9504),
        ("https://vitas.example/sag/\u00a01", 9504),
        ("https://vitas.example/sag/\u202e1", 9504),
        ("https://vitas.example/<b>sag</b>", 9504),
        ("https://bo:hemmelig@vitas.example/sag/1", 9504),
        ("https://bo@vitas.example/sag/1", 9504),
        ("https://vitas.example\\@ond.example/sag/1", 9504),
        ("https://vitas.example/sag/010190-1234", 9754),
        ("https://vitas.example/sag?cpr=0101901234", 9754),
        ("https://0101901234.vitas.example/", 9754),
        ("https://vitas.example/sag/010190%2D1234", 9754),
        ("https://vitas.example/sag/%0101901234", 9754),
        ("https://vitas.example/sag/%30%31%30%31%39%301234", 9754),
        ("https://vitas.example/sag/010190%E2%80%931234", 9754),
    ],
)
def test_what_is_no_address_of_a_page_is_refused_with_its_code(adresse: object, kode: int) -> None:
    """Not of the web, too long, with anything that does not show, a name before the host, or what looks like a CPR number, also escaped."""
    assert fejl(lambda: aabn("Loentilskud", vitasUrl=adresse)) == [(kode, "vitasUrl")]


@pytest.mark.parametrize(
    "adresse",
    [
        "http://v",
        LAENGST,
        "https://vitas.example:8443/sag/1?fane=2&x=%C3%A6#top",
        "https://[2001:db8::1]/sag/1",
        "https://vitas.example/sag/a1010112-1234-4123-8123-010190123456",
        "https://vitas.example/@sag/1",
    ],
)
def test_an_address_is_kept_as_it_was_sent(adresse: str) -> None:
    """Of one character's host as of 4000 characters; a uuid holds digits by chance."""
    assert a_sag(aabn("Loentilskud", vitasUrl=adresse)).vitasUrl == adresse


@ALLE
def test_every_error_is_listed_beside_it(ordning: str) -> None:
    """A bad address hides no other error of the action that opens a case, of any scheme."""
    handling = FOEDES_VED[ordning]
    mangler = [(9501, f"data.{navn}") for navn in ("virksomhed", "borger", "periode")]
    fundet = fejl(
        lambda: laes_handling(raa(handling, ordning=ordning, uden=("vitasSagsnummer", *SENERE[:2], "periode")) | {"vitasUrl": "x"})
    )
    assert sorted(fundet, key=str) == sorted([(9504, "vitasUrl"), (9501, "vitasSagsnummer"), *mangler], key=str)


@ALLE
def test_it_comes_with_the_action_that_opens_the_case_and_stands_in_every_document(ordning: str) -> None:
    """In the event, the case, and the head of each document of each act; without it, or with null, it is unknown: null."""
    for handling, ventet in (
        (aabn(ordning), ADRESSE),
        (aabn(ordning, uden=["vitasUrl"]), None),
        (aabn(ordning, vitasUrl=None), None),
    ):
        faktum: Any = given([]).when(handling).haendelser[0]
        assert faktum.vitasUrl == ventet
        sag = a_sag(handling, an_action("TilfoejDokument", vedroerer=et_id(AKT.get(handling.handling, "ansoegning"))))
        vist = [metode.dokument(sager.hoved(sag), r) for metode in METODER.values() for r in metode.raekker(sag)]
        assert len(vist) == 2 and [dok["vitasUrl"] for dok in vist] == [ventet, ventet]


@pytest.mark.parametrize("ordning", ["Mentor", "PersonligAssistance", "Hjaelpemiddel", "Tillaegsbevilling"])
def test_a_further_action_names_it_no_more_than_the_case_number(ordning: str) -> None:
    """Alone it is half of what names a case; with all of it the case is opened once more; without it, the address stands."""
    handling = FOEDES_VED[ordning]
    alle = [(9501, navn) for navn in ("ordning", "jobCenterKode", "vitasSagsnummer", "data.virksomhed", "data.borger")]
    assert fejl(lambda: laes_handling(raa(handling, ordning=ordning, uden=SENERE) | {"vitasUrl": ADRESSE})) == alle
    given([aabn(ordning)]).when(an_action(handling, "ny", ordning=ordning)).naegtet(9602)
    afvist = [an_action("AfvisBevilling")] if handling == "UdstedBevilling" else []
    sag = given([aabn(ordning), *afvist]).when(an_action(handling, "ny", ordning=ordning, uden=SENERE)).ok()
    assert sag.vitasUrl == ADRESSE


@pytest.mark.parametrize("adresse", [ADRESSE, "x", None])
def test_an_action_that_opens_no_case_does_not_carry_it(adresse: str | None) -> None:
    """Refused as the case number is, whatever its value."""
    assert (9515, "vitasUrl") in fejl(lambda: laes_handling(raa("SendBevilling") | {"vitasUrl": adresse}))
