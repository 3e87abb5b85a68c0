"""The schemes whose cases a grant opens, all the way: actions in at the door, documents and messages out (R-5.1 to R-5.4)."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from byggere import KONTAKT, SENERE

from hub.domain.matrix import FOEDES_VED

Sag = Callable[..., Any]
pytestmark = pytest.mark.acceptance

TRE = [ordning for ordning, handling in FOEDES_VED.items() if handling == "UdstedBevilling"]
FUNKTION = "Mentoren følger med de første uger og øver dagens opgaver."
BESKED = "Send fakturaen månedligt"


def bevilget(sag: Sag, ordning: str, **data: Any) -> Any:
    """A case whose grant is issued, sent, and approved by everybody who must."""
    en = sag(ordning).goer("UdstedBevilling", **data).goer("SendBevilling").goer("GodkendBevilling")
    return en.goer("GodkendBevilling", af="Borger") if ordning == "PersonligAssistance" else en


def datoer(dok: dict[str, Any]) -> list[Any]:
    """The three dates."""
    return [dok[navn] for navn in ("oprindeligSlutdato", "slutdatoFoerOphoer", "aktuelSlutdato")]


@pytest.mark.parametrize("ordning", TRE)
def test_R_1_1_a_grant_opens_the_case_and_every_act_is_told_and_answered(sag: Sag, ordning: str) -> None:
    """Grant, extension, early end: the grant's document carries the end, there is no GetOphoer and no GetAnsoegning."""
    en = sag(ordning).goer("UdstedBevilling")
    assert [(n["getMetode"], n["erOprettelse"], n["bevillingsstatus"]) for n in en.fortalt()] == [("GetBevilling", True, 9301)]
    dok = en.dokument("GetBevilling", "bevilling")
    assert (dok["sagsId"], dok["ordning"], dok["ansoegningStatus"]) == (en.id, ordning, None)
    assert dok["borger"] == {"personnummer": en.personnummer, "navn": "Bo Borger"}
    en.goer("BevilgForlaengelse")
    assert [(n["getMetode"], n["erOprettelse"]) for n in en.fortalt()] == [("GetForlaengelse", True)]
    en.goer("RegistrerOphoer")
    assert [(n["getMetode"], n["eksternIdentifier"], n["erOprettelse"]) for n in en.fortalt(antal=2)] == [
        ("GetBevilling", en.akt("bevilling"), False),
        ("GetForlaengelse", en.akt("forlaengelse"), False),
    ]
    for metode, akt in (("GetBevilling", "bevilling"), ("GetForlaengelse", "forlaengelse")):
        assert datoer(en.dokument(metode, akt)) == ["2025-06-30", "2025-09-30", "2025-05-15"]
    for metode, akt in (("GetOphoer", "ophoer"), ("GetAnsoegning", "bevilling")):
        svar = en.hub.hent(ordning, metode, en.akt(akt))
        assert (svar.status_code, svar.json()["fejlkode"]) == (404, "ukendt_kombination")


@pytest.mark.parametrize("ordning", TRE)
def test_R_1_1_a_scheme_that_a_grant_opens_is_opened_by_nothing_else(sag: Sag, ordning: str) -> None:
    """An application is refused; a grant that names half a case is told all that is missing; one that names none is for no case yet."""
    en = sag(ordning)
    obj = en.handling("UdstedBevilling")
    forkert = en.hub.send({**obj, "handling": "OpretAnsoegning"})
    assert (9518, "handling") in [(f["fejlkode"], f["felt"]) for f in forkert.json()["errors"]]
    halv = en.hub.send({n: v for n, v in en.handling("UdstedBevilling", uden=["borger"]).items() if n != "jobCenterKode"})
    assert [(f["fejlkode"], f["felt"]) for f in halv.json()["errors"]] == [(9501, "jobCenterKode"), (9501, "data.borger")]
    ingen = en.hub.send({n: v for n, v in en.handling("UdstedBevilling", uden=SENERE).items() if n not in SENERE})
    assert (ingen.status_code, ingen.json()["fejlkode"]) == (404, 9601)
    assert en.goer("UdstedBevilling").version == 1
    assert en.hub.send({**obj, "eksternIdentifier": str(uuid.uuid4())}).json()["fejlkode"] == 9602


@pytest.mark.parametrize(("kode", "navn"), [(34, "Mentor, Individuel"), (35, "Mentor, Plads")])
def test_R_5_1_the_mentor_type_is_exposed_in_the_grant_and_its_extension(sag: Sag, kode: int, navn: str) -> None:
    """It is in both documents, by code and name."""
    en = bevilget(sag, "Mentor", mentortype=kode).goer("BevilgForlaengelse")
    for metode, akt in (("GetBevilling", "bevilling"), ("GetForlaengelse", "forlaengelse")):
        assert en.dokument(metode, akt)["mentortype"] == {"kode": kode, "navn": navn}


def test_R_5_1_a_mentor_without_a_type_is_taken_only_as_a_subsidy_for_education(sag: Sag) -> None:
    """Refused naming the field; with the subsidy it is null in the document."""
    en = sag("Mentor")
    assert en.naegtet("UdstedBevilling", uden=["mentortype"]) == [(9501, "data.mentortype")]
    dok = en.goer("UdstedBevilling", uden=["mentortype"], tilskudTilUddannelse=True).dokument("GetBevilling", "bevilling")
    assert (dok["mentortype"], dok["tilskudTilUddannelse"]) == (None, True)


def test_R_5_2_a_function_text_of_2000_characters_is_served_whole_and_a_longer_one_refused(sag: Sag) -> None:
    """The refusal has the length and the limit; nothing is recorded by it."""
    en = sag("Mentor")
    svar = en.send("UdstedBevilling", mentorfunktion="ø" * 2001)
    (fejl,) = svar.json()["errors"]
    assert (svar.status_code, fejl["fejlkode"], fejl["felt"]) == (422, 9505, "data.mentorfunktion")
    assert "2001" in fejl["fejltekst"] and "2000" in fejl["fejltekst"]
    dok = en.goer("UdstedBevilling", mentorfunktion="ø" * 2000).dokument("GetBevilling", "bevilling")
    assert dok["mentorfunktion"] == {"tekst": "ø" * 2000, "afkortet": False, "laengde": 2000}


def test_R_5_3_the_message_to_the_company_is_in_personal_assistances_documents(sag: Sag) -> None:
    """In the grant's and the extension's, with the other terms; no other scheme takes it."""
    en = bevilget(sag, "PersonligAssistance", beskedTilVirksomhed=BESKED, antalAssistenter=2, timepris="212.50").goer("BevilgForlaengelse")
    for metode, akt in (("GetBevilling", "bevilling"), ("GetForlaengelse", "forlaengelse")):
        dok = en.dokument(metode, akt)
        assert (dok["beskedTilVirksomhed"], dok["antalAssistenter"], dok["timepris"]) == (BESKED, 2, "212.50")
    assert sag("Mentor").naegtet("UdstedBevilling", beskedTilVirksomhed=BESKED) == [(9516, "data.beskedTilVirksomhed")]


@pytest.mark.parametrize("ordning", TRE)
def test_R_5_4_a_resend_only_awaiting_the_company_changes_nothing_and_tells_nobody(sag: Sag, ordning: str) -> None:
    """Refused as a draft and once the company has approved; between them the document only gets a new version; nobody is told."""
    en = sag(ordning).goer("UdstedBevilling")
    assert en.naegtet("GenfremsendBevilling") == [(9706, None)]
    foer = en.goer("SendBevilling").dokument("GetBevilling", "bevilling")
    efter = en.goer("GenfremsendBevilling").dokument("GetBevilling", "bevilling")
    uden = ("version", "registreringstidspunkt")
    assert {n: v for n, v in foer.items() if n not in uden} == {n: v for n, v in efter.items() if n not in uden}
    assert efter["bevillingsstatus"] == {"kode": 9302, "navn": "Afventer godkendelse hos virksomhed"}
    en.goer("GodkendBevilling").fortalt()
    assert [n["version"] for n in en.hub.notifikationer(en.jobcenter, en.id)] == [1, 4]
    assert en.naegtet("GenfremsendBevilling") == [(9706, None)]


@pytest.mark.parametrize("ordning", TRE)
def test_R_5_4_a_grant_that_is_extended_before_it_is_sent_is_sent_and_resent(sag: Sag, ordning: str) -> None:
    """Sent, it says 9302, the only status in which it is resent: not after another extension, nor once the company has approved."""
    en = sag(ordning).goer("UdstedBevilling").goer("BevilgForlaengelse").goer("SendBevilling").goer("GenfremsendBevilling")
    assert en.naegtet("SendBevilling") == [(9608, None)]
    assert en.dokument("GetBevilling", "bevilling")["bevillingsstatus"]["kode"] == 9302
    for handling, koder in (("AnsoegForlaengelse", {9306}), ("GodkendBevilling", {9303, 9304})):
        en.goer(handling, "endnu en" if handling == "AnsoegForlaengelse" else None)
        assert en.dokument("GetBevilling", "bevilling")["bevillingsstatus"]["kode"] in koder
        assert en.naegtet("GenfremsendBevilling") == [(9706, None)]


def test_personal_assistance_is_approved_by_the_company_and_then_by_the_citizen(sag: Sag) -> None:
    """9302, 9303, 9304, each told; the citizen not before the company."""
    en = sag("PersonligAssistance").goer("UdstedBevilling").goer("SendBevilling")
    assert en.naegtet("GodkendBevilling", af="Borger") == [(9622, "data.af")]
    for af, kode in (("Virksomhed", 9303), ("Borger", 9304)):
        en.goer("GodkendBevilling", af=af)
        assert en.fortalt()[0]["bevillingsstatus"] == kode
        assert en.dokument("GetBevilling", "bevilling")["bevillingsstatus"]["kode"] == kode


@pytest.mark.parametrize(("ordning", "timer"), [("Mentor", "2.6"), ("PersonligAssistance", "36.9")])
def test_R_2_5_hours_of_mentor_and_personal_assistance_are_raised_to_the_next_quarter(sag: Sag, ordning: str, timer: str) -> None:
    """2.6 is 2:45 and 36.9 is 37:00, in the grant and its extension; more than 59:45 is refused."""
    ventet = {"2.6": {"timerPrUge": 2, "minutterPrUge": 45}, "36.9": {"timerPrUge": 37, "minutterPrUge": 0}}[timer]
    assert sag(ordning).naegtet("UdstedBevilling", ugentligArbejdstid="59.76") == [(9510, "data.ugentligArbejdstid")]
    en = bevilget(sag, ordning, ugentligArbejdstid=timer).goer("BevilgForlaengelse")
    for metode, akt in (("GetBevilling", "bevilling"), ("GetForlaengelse", "forlaengelse")):
        assert en.dokument(metode, akt)["arbejdstid"] == ventet


def test_R_2_5_an_aid_has_no_hours(sag: Sag) -> None:
    """Refused at the door, and the document has no place for them; the aid itself is shown."""
    en = sag("Hjaelpemiddel")
    assert en.naegtet("UdstedBevilling", ugentligArbejdstid="10") == [(9516, "data.ugentligArbejdstid")]
    hjaelpemiddel = {"art": "Arbejdspladsindretning", "beloeb": "4999.95", "beskrivelse": "Hævebord"}
    dok = en.goer("UdstedBevilling", hjaelpemiddel=hjaelpemiddel).dokument("GetBevilling", "bevilling")
    assert "arbejdstid" not in dok
    assert dok["hjaelpemiddel"] == hjaelpemiddel


@pytest.mark.parametrize("ordning", TRE)
def test_R_2_4_a_grant_carries_the_contact_at_the_place_of_work(sag: Sag, ordning: str) -> None:
    """It is needed, the application's contact is not taken, and the documents have the one and not the other."""
    en = sag(ordning)
    fejl = en.naegtet("UdstedBevilling", uden=["kontaktpersonPaaArbejdsstedet"], ansvarligKontaktperson=KONTAKT)
    assert fejl == [(9501, "data.kontaktpersonPaaArbejdsstedet"), (9502, "data.ansvarligKontaktperson")]
    virksomhed = en.goer("UdstedBevilling").dokument("GetBevilling", "bevilling")["virksomhed"]
    assert virksomhed["kontaktpersonPaaArbejdsstedet"] == KONTAKT
    assert "ansvarligKontaktperson" not in virksomhed


@pytest.mark.parametrize("ordning", TRE)
def test_R_2_2_an_open_ended_grant_is_not_extended_and_ends_when_it_is_ended(sag: Sag, ordning: str) -> None:
    """No end until it is terminated, and none again when that is withdrawn."""
    en = bevilget(sag, ordning, periode={"startdato": "2025-01-01"})
    assert en.naegtet("BevilgForlaengelse")[0][0] == 9721
    assert datoer(en.dokument("GetBevilling", "bevilling")) == [None, None, None]
    assert datoer(en.goer("RegistrerOphoer").dokument("GetBevilling", "bevilling")) == [None, None, "2025-05-15"]
    assert datoer(en.goer("TilbagekaldOphoer").dokument("GetBevilling", "bevilling")) == [None, None, None]


def test_R_2_2_a_new_grant_after_a_refused_one_has_terms_of_its_own(sag: Sag) -> None:
    """It names no case, begins a history with its own end, and changes nothing of the first."""
    en = sag("Mentor").goer("UdstedBevilling", mentorfunktion=FUNKTION).goer("SendBevilling").goer("AfvisBevilling")
    en.goer("UdstedBevilling", "ny", mentortype=35, periode={"startdato": "2025-02-01", "slutdato": "2025-03-31"})
    gammel, ny = (en.dokument("GetBevilling", akt) for akt in ("bevilling", "ny"))
    assert (gammel["mentortype"]["kode"], gammel["mentorfunktion"]["tekst"], gammel["gaeldendePeriode"]) == (34, FUNKTION, None)
    assert (ny["mentortype"]["kode"], ny["mentorfunktion"], ny["oprindeligSlutdato"]) == (35, None, "2025-03-31")


@pytest.mark.parametrize("ordning", TRE)
def test_a_case_that_a_grant_opened_moves_with_its_acts(sag: Sag, ordning: str) -> None:
    """The giver hears of the grant, the receiver of every act; then the receiver alone reads what comes."""
    en = bevilget(sag, ordning).goer("BevilgForlaengelse").goer("FlytSag", "bevilling", modtagendeJobCenterKode="75100")
    assert [(n["getMetode"], n["erOprettelse"]) for n in en.fortalt()] == [("GetBevilling", False)]
    faaet = en.fortalt(antal=2, jobcenter="75100")
    assert [(n["getMetode"], n["erOprettelse"]) for n in faaet] == [("GetBevilling", True), ("GetForlaengelse", True)]
    en.goer("RegistrerOphoer")
    assert en.hub.hent(ordning, "GetBevilling", en.akt("bevilling"), jobcenter="75100", version=en.version).json()["version"] == en.version
    svar = en.hub.hent(ordning, "GetBevilling", en.akt("bevilling"), version=en.version)
    assert (svar.status_code, svar.json()["fejlkode"]) == (403, "sag_flyttet")
