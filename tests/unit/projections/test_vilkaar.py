"""The terms of mentor, personal assistance and hjælpemiddel in GetBevilling and GetForlaengelse (R-5.1, R-5.3, R-2.4, R-2.5)."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from hub.domain import haendelser as h
from hub.domain.forseglet import Afkortes
from hub.domain.vilkaar import Assistancevilkaar, Hjaelpemiddelvilkaar, Mentorvilkaar
from hub.projections.metoder import billede

Foedt = Callable[..., Any]
BEGGE = (("GetBevilling", "bev"), ("GetForlaengelse", "for"))
ASSISTANCE = Assistancevilkaar(2, "Personlig assistance", "Fast", "212.50", "Time", "50.00", "Kørsel", "T-1")
MENTORFELTER = {"mentortype", "tilskudTilUddannelse", "mentorfunktion"}
ASSISTANCEFELTER = {*Assistancevilkaar.__struct_fields__, "funktionsnedsaettelse", "beskedTilVirksomhed"}
EGNE = {"Mentor": MENTORFELTER, "PersonligAssistance": ASSISTANCEFELTER, "Hjaelpemiddel": {"hjaelpemiddel"}}
ALLE = MENTORFELTER | ASSISTANCEFELTER | {"hjaelpemiddel"}


def forlaenget(foedt: Foedt, ordning: str, **vilkaar: Any) -> Any:
    """A case opened by its grant, which is extended."""
    return foedt(ordning, **vilkaar).sker("for", h.ForlaengelseBevilget(date(2025, 7, 1), date(2025, 9, 30)))


@pytest.mark.parametrize(("metode", "akt"), BEGGE)
def test_R_5_1_the_mentor_type_is_shown_with_its_name(foedt: Foedt, segl: Callable[[str], Any], metode: str, akt: str) -> None:
    """34 and 35 by code and name; null only where none was granted; the function text goes to be cut at 2000 characters (R-5.2)."""
    funktion = segl("mentorfunktion")
    dok = forlaenget(foedt, "Mentor", mentor=Mentorvilkaar(34, False, 9), mentorfunktion=funktion).dokument(metode, akt)
    assert {n: dok[n] for n in MENTORFELTER} == {
        "mentortype": {"kode": 34, "navn": "Mentor, Individuel"},
        "tilskudTilUddannelse": False,
        "mentorfunktion": Afkortes(funktion, 2000),
    }
    plads = forlaenget(foedt, "Mentor", mentor=Mentorvilkaar(35)).dokument(metode, akt)
    assert (plads["mentortype"], plads["mentorfunktion"]) == ({"kode": 35, "navn": "Mentor, Plads"}, None)
    uddannelse = forlaenget(foedt, "Mentor", mentor=Mentorvilkaar(None, True)).dokument(metode, akt)
    assert (uddannelse["mentortype"], uddannelse["tilskudTilUddannelse"]) == (None, True)


@pytest.mark.parametrize(("metode", "akt"), BEGGE)
def test_R_5_3_the_message_to_the_company_is_shown(foedt: Foedt, segl: Callable[[str], Any], metode: str, akt: str) -> None:
    """It stands beside the other terms; a grant without terms shows every field as null."""
    tekster = {"funktionsnedsaettelse": segl("funktionsnedsaettelse"), "beskedTilVirksomhed": segl("besked")}
    dok = forlaenget(foedt, "PersonligAssistance", assistance=ASSISTANCE, **tekster).dokument(metode, akt)
    ventet = {n: getattr(ASSISTANCE, n) for n in Assistancevilkaar.__struct_fields__} | tekster
    assert {n: dok[n] for n in ASSISTANCEFELTER} == ventet
    tom = forlaenget(foedt, "PersonligAssistance").dokument(metode, akt)
    assert {tom[n] for n in ASSISTANCEFELTER} == {None}


@pytest.mark.parametrize(("metode", "akt"), BEGGE)
def test_an_aid_is_shown_as_one(foedt: Foedt, segl: Callable[[str], Any], metode: str, akt: str) -> None:
    """Kind, price and description together."""
    vilkaar = {"hjaelpemiddel": Hjaelpemiddelvilkaar("Arbejdsredskab", "4999.95"), "hjaelpemiddelbeskrivelse": segl("beskrivelse")}
    dok = forlaenget(foedt, "Hjaelpemiddel", **vilkaar).dokument(metode, akt)
    assert dok["hjaelpemiddel"] == {"art": "Arbejdsredskab", "beloeb": "4999.95", "beskrivelse": segl("beskrivelse")}


@pytest.mark.parametrize(("metode", "akt"), BEGGE)
@pytest.mark.parametrize("ordning", EGNE)
def test_a_document_shows_its_own_schemes_terms_and_no_others(foedt: Foedt, ordning: str, metode: str, akt: str) -> None:
    """Even where the fact has another scheme's: the table of fields decides. An aid has no hours (R-2.5); none has a rate."""
    alt = {"mentor": Mentorvilkaar(34), "assistance": ASSISTANCE, "hjaelpemiddel": Hjaelpemiddelvilkaar("Arbejdsredskab")}
    dok = forlaenget(foedt, ordning, **alt).dokument(metode, akt)
    assert ALLE & dok.keys() == EGNE[ordning]
    assert ("arbejdstid" in dok) == (ordning != "Hjaelpemiddel")
    assert not {"timeTilskudsatsType", "ansaettelsesbrevGaelderFortsat"} & dok.keys()


def test_a_loentilskud_shows_no_terms_of_the_three(forloeb: Callable[..., Any]) -> None:
    """Nor do the schemes that begin with an application."""
    sag = forloeb().forlaenget()
    for metode, akt in BEGGE:
        assert not ALLE & sag.dokument(metode, akt).keys()


@pytest.mark.parametrize("ordning", EGNE)
def test_R_2_4_the_contact_is_the_one_at_the_place_of_work(foedt: Foedt, ordning: str) -> None:
    """Where there is no application there is no other contact, and none is made up."""
    for metode, akt in BEGGE:
        virksomhed = forlaenget(foedt, ordning).dokument(metode, akt)["virksomhed"]
        assert set(virksomhed) == {"cvrNummer", "pNummer", "kontaktpersonPaaArbejdsstedet"}
        assert virksomhed["kontaktpersonPaaArbejdsstedet"].felt == "arbejdssted"


@pytest.mark.parametrize("ordning", EGNE)
def test_R_1_1_an_early_end_shows_in_GetBevilling_with_both_end_dates(foedt: Foedt, ordning: str) -> None:
    """No GetOphoer: the grant's document carries the original end, the one before, the one in force, and status 9308."""
    sag = forlaenget(foedt, ordning).sker("oph", h.OphoerRegistreret(date(2025, 5, 15)))
    dok = sag.dokument("GetBevilling", "bev")
    assert [dok[d] for d in ("oprindeligSlutdato", "slutdatoFoerOphoer", "aktuelSlutdato")] == ["2025-06-30", "2025-09-30", "2025-05-15"]
    assert dok["bevillingsstatus"] == {"kode": 9308, "navn": "Ophørt"}
    assert sag.dokument("GetForlaengelse", "for")["status"] == "Annulleret"
    assert {navn for navn, raekker in billede(sag.sag).items() if raekker} == {"GetBevilling", "GetForlaengelse"}


def test_R_2_5_a_mentors_hours_are_raised_to_the_next_quarter(foedt: Foedt) -> None:
    """The exact decimal of the fact, as hours and minutes."""
    assert foedt("Mentor", ugentligArbejdstid="2.6").dokument("GetBevilling", "bev")["arbejdstid"] == {"timerPrUge": 2, "minutterPrUge": 45}


def test_a_grant_of_personal_assistance_is_approved_when_the_citizen_has_approved_too(foedt: Foedt) -> None:
    """Udstedt until both have; Godkendt from then on."""
    sag = foedt("PersonligAssistance").sker("bev", h.BevillingSendt())
    set_ = [sag.sker("bev", h.BevillingGodkendt(af)).dokument("GetBevilling", "bev") for af in ("Virksomhed", "Borger")]
    assert [(d["status"], d["bevillingsstatus"]["kode"]) for d in set_] == [("Udstedt", 9303), ("Godkendt", 9304)]
