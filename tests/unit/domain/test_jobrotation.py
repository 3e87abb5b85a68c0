"""A jobrotation's employees, courses and substitutes (R-4.3)."""

from datetime import date
from typing import Any

import pytest
from byggere import LISTER, PERIODE, a_sag, an_action, given
from hypothesis import given as paa
from hypothesis import strategies as st

from hub.domain import haendelser as h
from hub.domain.fejl import Afvisning
from hub.domain.handlinger_jobrotation import LED
from hub.domain.jobrotation import KRAEVET, Led, mangler, udfyldt
from hub.domain.vilkaar import Ansat, Kursus, Vikar

DAG = date(2025, 1, 6)
HELE: dict[type[Led], Any] = {
    Ansat: Ansat("b", "n", "navn", "K1"),
    Kursus: Kursus("K1", "Svejsning", DAG, DAG),
    Vikar: Vikar("b", "n", "navn", DAG, DAG, "37"),
}
UNDERSKRIV = an_action("UnderskrivAnsoegning")


def opret(**lister: Any) -> Any:
    """A jobrotation with these lists, complete where nothing is said."""
    return an_action("OpretAnsoegning", ordning="Jobrotation", **lister)


def ret(**lister: Any) -> Any:
    """A correction of these lists."""
    return an_action("RetAnsoegning", ordning="Jobrotation", **lister)


@pytest.mark.parametrize("klasse", KRAEVET)
@paa(data=st.data())
def test_R_4_3_an_entry_is_complete_when_it_lacks_nothing(klasse: type[Led], data: st.DataObject) -> None:
    """Whatever is taken out is missing, by its path at the door, and nothing else is; only the whole entry is complete."""
    ud = data.draw(st.sets(st.sampled_from(sorted(KRAEVET[klasse]))))
    hel = HELE[klasse]
    led = type(hel)(**{navn: None if navn in ud else getattr(hel, navn) for navn in hel.__struct_fields__})
    assert set(mangler(led)) == {KRAEVET[klasse][navn] for navn in ud}
    assert udfyldt(led) is (not ud)


def test_R_4_3_every_optional_field_of_an_entry_counts() -> None:
    """What an entry may be without is what it needs to be complete: a new field is one of them, or is not optional."""
    for klasse, felter in KRAEVET.items():
        valgfri = {navn for navn in klasse.__struct_fields__ if navn not in ("borgerId", "personnummer")}
        assert felter.keys() == valgfri - ({"nr"} if klasse is Kursus else {"navn"})


def test_R_4_3_the_lists_are_in_the_event_and_people_have_no_id_yet() -> None:
    """All that was sent, clear; whose each number is, is left to the ledger."""
    event = given([]).when(opret()).haendelser[0]
    assert isinstance(event, h.AnsoegningOprettet)
    assert event.ansatte == (Ansat("", "0202900002", "Anna Ansat", "K1"),)
    assert event.kurser == (Kursus("K1", "Svejsning", date(2025, 1, 6), date(2025, 3, 28)),)
    assert event.vikarer == (Vikar("", "0303900003", "Viggo Vikar", date(2025, 1, 1), date(2025, 6, 30), "36.9"),)


def test_R_4_3_the_signature_names_everything_that_is_missing() -> None:
    """Each empty list, and each entry by its list, number and field, with the step of the form; a draft may come back unsigned."""
    vikarer = [
        *LISTER["vikarer"],
        {"personnummer": "0404900004", "navn": "Vera"},
        {**LISTER["vikarer"][0], "periode": {"startdato": "2025-01-01"}},
    ]
    halv = opret(uden=["ansatte"], ansatte=[], kurser=[{"nr": "K1", "startdato": "2025-01-01"}], vikarer=vikarer)
    fejl = given([halv]).when(UNDERSKRIV).naegtet(9707, *[9708] * 6)
    assert [(f.felt, f.trin) for f in fejl] == [
        ("data.ansatte", 2),
        ("data.kurser.0.navn", 2),
        ("data.kurser.0.slutdato", 2),
        ("data.vikarer.1.periode.startdato", 3),
        ("data.vikarer.1.periode.slutdato", 3),
        ("data.vikarer.1.ugentligArbejdstid", 3),
        ("data.vikarer.2.periode.slutdato", 3),
    ]
    given([opret(vikarer=[]), an_action("SendKladde")]).when(an_action("ReturnerKladde")).naegtet(9707)
    given([opret(vikarer=[]), an_action("SendKladde")]).when(an_action("ReturnerKladde", underskrevet=False)).ok()
    given([opret()]).when(UNDERSKRIV).ok()


def test_R_4_3_a_list_is_corrected_as_a_whole_and_the_others_stay() -> None:
    """The event has only the list given; it takes the place of the one before."""
    rettelse = given([opret()]).when(ret(kurser=[{"nr": "K1", "navn": "Truck"}, {"nr": "K2"}]))
    rettelse.then([h.AnsoegningRettet(rettede=("kurser",), kurser=(Kursus("K1", "Truck"), Kursus("K2")))])
    sag = rettelse.ok()
    assert sag.ansoegning is not None
    assert [k.nr for k in sag.ansoegning.kurser] == ["K1", "K2"]
    assert len(sag.ansoegning.ansatte) == len(sag.ansoegning.vikarer) == 1


def test_R_4_3_what_was_complete_when_it_was_signed_stays_complete() -> None:
    """After the signature no list is emptied and no entry loses what it needs; other corrections are taken."""
    underskrevet = [opret(), UNDERSKRIV]
    given(underskrevet).when(ret(vikarer=[])).naegtet(9707)
    given(underskrevet).when(ret(ansatte=[{"personnummer": "0202900002", "navn": "Anna"}])).naegtet(9708)
    given(underskrevet).when(ret(vikarer=[*LISTER["vikarer"], {**LISTER["vikarer"][0], "navn": "En til"}])).ok()
    given([opret()]).when(ret(vikarer=[])).ok()


def test_R_4_3_a_course_is_one_of_the_list_also_after_a_correction() -> None:
    """An unknown course is refused in the application and in either list's correction; a number belongs to one course."""
    ansat = {**LISTER["ansatte"][0], "kursus": "K9"}
    assert given([]).when(opret(ansatte=[ansat])).naegtet(9709)[0].felt == "data.ansatte.0.kursus"
    given([opret()]).when(ret(ansatte=[ansat])).naegtet(9709)
    given([opret()]).when(ret(kurser=[{"nr": "K2"}])).naegtet(9709)
    given([opret()]).when(ret(ansatte=[ansat], kurser=[{"nr": "K9"}])).ok()
    given([]).when(opret(kurser=[{"nr": "K1"}, {"nr": "K2"}, {"nr": "K1"}])).naegtet(9710, 9710)


def test_R_4_3_a_list_is_not_null_and_has_at_most_a_hundred_entries() -> None:
    """An empty list empties; null is a missing field, and of another scheme nothing. A hundred and one are refused before anything else."""
    assert given([opret()]).when(ret(ansatte=None, vikarer=[])).naegtet(9501)[0].felt == "data.ansatte"
    given([an_action("OpretAnsoegning")]).when(an_action("RetAnsoegning", ansatte=None, ugentligArbejdstid="30")).ok()
    opret(kurser=[{"nr": str(nr)} for nr in range(LED)])
    with pytest.raises(Afvisning) as afvist:
        opret(kurser=[{"nr": str(nr)} for nr in range(LED + 1)])
    assert [(f.kode, f.felt) for f in afvist.value.fejl] == [(9757, "data.kurser")]


def test_R_4_3_an_entry_is_checked_in_form_wherever_it_stands() -> None:
    """Every error of every entry at once, each by its place; what stands open in the event is no CPR number."""
    with pytest.raises(Afvisning) as afvist:
        opret(
            ansatte=[{"personnummer": "1", "navn": ""}],
            kurser=[{"nr": "K1", "startdato": "2025-02-01", "slutdato": "2025-01-01"}, {"nr": "010190-1234", "navn": "x" * 101}],
            vikarer=[{"personnummer": "0303900003", "navn": "V", "periode": PERIODE, "ugentligArbejdstid": "59.76"}],
        )
    assert {(f.kode, f.felt) for f in afvist.value.fejl} == {
        (9504, "data.ansatte.0.personnummer"),
        (9505, "data.ansatte.0.navn"),
        (1003, "data.kurser.0"),
        (9754, "data.kurser.1.nr"),
        (9505, "data.kurser.1.navn"),
        (9510, "data.vikarer.0.ugentligArbejdstid"),
    }


def test_other_schemes_have_no_lists() -> None:
    """Also an empty one is refused, by its field."""
    for liste in LISTER:
        assert given([]).when(an_action("OpretAnsoegning", **{liste: []})).naegtet(9516)[0].felt == f"data.{liste}"


def test_R_1_1_a_jobrotation_is_decided_and_never_granted() -> None:
    """Its decision is its status and its day; a grant is refused with the cell's own code."""
    sag = a_sag(opret(), UNDERSKRIV, an_action("GodkendAnsoegning"))
    assert (sag.ansoegningStatus, sag.ansoegning and sag.ansoegning.afgjort is not None) == (9208, True)
    given([opret(), UNDERSKRIV]).when(an_action("UdstedBevilling", uden=["timeTilskudsats"])).naegtet(9603)
