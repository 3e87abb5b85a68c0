"""The schemes that begin with an application, all the way: actions in at the door, documents and messages out."""

from collections.abc import Callable
from typing import Any

import pytest
from byggere import LISTER

from hub.domain.matrix import FOEDES_VED, MATRIX

Sag = Callable[..., Any]
pytestmark = pytest.mark.acceptance

MED_ANSOEGNING = [ordning for ordning, handling in FOEDES_VED.items() if handling == "OpretAnsoegning"]
AKTER = {"GetAnsoegning": "ansoegning", "GetBevilling": "bevilling", "GetForlaengelse": "forlaengelse", "GetOphoer": "ophoer"}


def til_behandling(sag: Sag, ordning: str, **data: Any) -> Any:
    """A case whose application is signed."""
    return sag(ordning).goer("OpretAnsoegning", **data).goer("UnderskrivAnsoegning")


@pytest.mark.parametrize("ordning", MED_ANSOEGNING)
def test_R_1_1_every_act_is_announced_and_answered_by_its_own_GetMetode(sag: Sag, ordning: str) -> None:
    """Application, grant, extension, termination: each tells its GetMetode, which answers; a scheme without it refuses the act."""
    en = til_behandling(sag, ordning)
    metoder = MATRIX[ordning]
    assert [(n["getMetode"], n["erOprettelse"]) for n in en.fortalt()] == [("GetAnsoegning", True)]
    en.goer("GodkendAnsoegning")
    for handling, metode in (
        ("UdstedBevilling", "GetBevilling"),
        ("BevilgForlaengelse", "GetForlaengelse"),
        ("RegistrerOphoer", "GetOphoer"),
    ):
        if metode in metoder:
            en.goer(handling)
            assert (en.fortalt()[0]["getMetode"], en.fortalt()[0]["erOprettelse"]) == (metode, True)
        elif handling != "RegistrerOphoer":
            assert (9603, "ordning") in en.naegtet(handling)
    for metode, akt in AKTER.items():
        if metode in metoder:
            dok = en.dokument(metode, akt)
            assert (dok["sagsId"], dok["eksternIdentifier"], dok["ordning"]) == (en.id, en.akt(akt), ordning)
        else:
            svar = en.hub.hent(ordning, metode, en.akt(akt))
            assert (svar.status_code, svar.json()["fejlkode"]) == (404, "ukendt_kombination")


def test_R_1_1_a_jobrotations_decision_is_read_through_its_application(sag: Sag) -> None:
    """No grant follows: GetAnsoegning shows the status and the day of the decision, and no bevillingsstatus."""
    en = til_behandling(sag, "Jobrotation")
    assert en.dokument("GetAnsoegning")["afgoerelsesdato"] is None
    en.goer("GodkendAnsoegning")
    dok = en.dokument("GetAnsoegning")
    assert dok["ansoegningStatus"] == {"kode": 9208, "navn": "Godkendt"} and dok["bevillingsstatus"] is None
    assert dok["afgoerelsesdato"] == "2025-09-15T08:00:00.000000Z"
    assert en.naegtet("UdstedBevilling")[0] == (9603, "ordning")


def test_a_voksenlaerling_is_approved_beforehand_then_approved_then_granted(sag: Sag) -> None:
    """9212 'Forhåndsgodkendt' is told with GetAnsoegning; the approval and the grant follow. No other scheme has the action."""
    en = til_behandling(sag, "Voksenlaerling").goer("ForhaandsgodkendAnsoegning", tekst="På vilkår af en uddannelsesaftale.")
    assert [(n["getMetode"], n["ansoegningStatus"]) for n in en.fortalt()] == [("GetAnsoegning", 9212)]
    assert en.dokument("GetAnsoegning")["ansoegningStatus"] == {"kode": 9212, "navn": "Forhåndsgodkendt"}
    assert en.naegtet("ForhaandsgodkendAnsoegning")[0][0] == 9607
    en.goer("GodkendAnsoegning").goer("UdstedBevilling")
    assert til_behandling(sag, "Loentilskud").naegtet("ForhaandsgodkendAnsoegning") == [(9621, "handling")]


def test_R_3_5_a_voksenlaerling_grant_links_to_the_form_of_nemrefusion(sag: Sag) -> None:
    """The grant has the address, and nothing else of the case, nor another scheme's grant."""
    en = til_behandling(sag, "Voksenlaerling").goer("UdstedBevilling")
    assert en.dokument("GetBevilling", "bevilling")["nemRefusionLink"] == "https://www.virk.dk/nemrefusion"
    assert "nemRefusionLink" not in en.dokument("GetAnsoegning")
    assert "nemRefusionLink" not in til_behandling(sag, "Loentilskud").goer("UdstedBevilling").dokument("GetBevilling", "bevilling")


@pytest.mark.parametrize(
    ("ordning", "sats", "fremmed", "udenfor", "tekst"),
    [
        ("Voksenlaerling", 9412, 9403, "2036-01-01", "Alle der kommer fra beskæftigelse, 30,00 kr. i timen"),
        ("Loentilskud", 9403, 9412, "2019-12-31", "Løntilskud hos privat arbejdsgiver, årets sats"),
    ],
)
def test_R_3_6_all_four_documents_show_the_rate(sag: Sag, ordning: str, sats: int, fremmed: int, udenfor: str, tekst: str) -> None:
    """Code and description of the rate in force on each act's own start; another scheme's rate, or a start without one, is refused."""
    en = sag(ordning).goer("OpretAnsoegning", timeTilskudsats=sats).goer("UnderskrivAnsoegning")
    assert en.naegtet("UdstedBevilling", timeTilskudsats=fremmed) == [(9741, "data.timeTilskudsats")]
    periode = {"startdato": udenfor, "slutdato": "2036-06-30"}
    assert en.naegtet("UdstedBevilling", timeTilskudsats=sats, periode=periode) == [(9742, "data.timeTilskudsats")]
    assert en.naegtet("UdstedBevilling", uden=["timeTilskudsats"]) == [(9501, "data.timeTilskudsats")]
    en.goer("UdstedBevilling", timeTilskudsats=sats).goer("BevilgForlaengelse").goer("RegistrerOphoer")
    for metode, akt in AKTER.items():
        dok = en.dokument(metode, akt)
        assert (dok["timeTilskudsatsType"], dok["timeTilskudsatsBeskrivelse"]) == (sats, tekst)


def test_R_3_1_the_voksenlaerling_rates_run_to_the_end_of_2035(sag: Sag) -> None:
    """A grant that starts on 31.12.2035 has its rate; from the next day there is none."""
    for kode in (9411, 9412):
        for start, ok in (("2035-12-31", True), ("2036-01-01", False)):
            en = til_behandling(sag, "Voksenlaerling")
            svar = en.send("UdstedBevilling", timeTilskudsats=kode, periode={"startdato": start, "slutdato": "2036-12-31"})
            assert (svar.status_code in (201, 202)) is ok, svar.text


def test_R_2_2_R_3_6_a_rate_that_runs_out_stops_a_granted_extension_and_nothing_else(sag: Sag) -> None:
    """Beyond 2035 an extension is applied for without a rate, refused when it is granted, and turned down; an end keeps the grant's."""
    periode = {"startdato": "2035-01-01", "slutdato": "2035-12-31"}
    en = til_behandling(sag, "Voksenlaerling").goer("UdstedBevilling", periode=periode)
    en.goer("AnsoegForlaengelse", slutdato="2036-06-30")
    assert en.dokument("GetForlaengelse", "forlaengelse")["timeTilskudsatsType"] is None
    assert en.naegtet("BevilgForlaengelse", slutdato="2036-06-30") == [(9742, "data.timeTilskudsats")]
    en.goer("AfslaaForlaengelse")
    lang = til_behandling(sag, "Voksenlaerling").goer("UdstedBevilling", periode=periode | {"slutdato": "2036-12-31"})
    dok = lang.goer("RegistrerOphoer", stopdato="2036-06-30").dokument("GetOphoer", "ophoer")
    assert (dok["stopdato"], dok["timeTilskudsatsType"]) == ("2036-06-30", 9411)


@pytest.mark.parametrize("ordning", ["Loentilskud", "Virksomhedspraktik"])
def test_R_3_2_employees_that_are_unknown_stop_the_signature(sag: Sag, ordning: str) -> None:
    """Both fields, step 2 and the form's texts at once; unknown is null and not 0, and a real 0 is signed."""
    en = sag(ordning).goer("OpretAnsoegning", uden=["antalAnsatteSenesteMaaned"])
    assert en.dokument("GetAnsoegning")["antalAnsatteSenesteMaaned"] == {"rimelighedskrav": None, "merbeskaeftigelseskrav": None}
    fejl = en.send("UnderskrivAnsoegning").json()["errors"]
    felt = "data.antalAnsatteSenesteMaaned"
    assert [(f["felt"], f["fejltekst"], f["trin"]) for f in fejl] == [
        (felt, "Du mangler at udfylde data korrekt", 2),
        (f"{felt}.rimelighedskrav", "Mangler at blive udfyldt", 2),
        (f"{felt}.merbeskaeftigelseskrav", "Mangler at blive udfyldt", 2),
    ]
    en.goer("RetAnsoegning", antalAnsatteSenesteMaaned={"rimelighedskrav": "0.00", "merbeskaeftigelseskrav": "0"}).goer(
        "UnderskrivAnsoegning"
    )
    assert en.dokument("GetAnsoegning")["antalAnsatteSenesteMaaned"] == {"rimelighedskrav": "0.00", "merbeskaeftigelseskrav": "0"}


@pytest.mark.parametrize("ordning", ["Nytteindsats", "Voksenlaerling", "Jobrotation", "Fleksjob"])
def test_R_3_2_the_other_schemes_do_not_ask(sag: Sag, ordning: str) -> None:
    """They are signed without the numbers, do not take them, and do not show them."""
    tal = {"rimelighedskrav": "1", "merbeskaeftigelseskrav": "1"}
    assert sag(ordning).naegtet("OpretAnsoegning", antalAnsatteSenesteMaaned=tal) == [(9516, "data.antalAnsatteSenesteMaaned")]
    assert "antalAnsatteSenesteMaaned" not in til_behandling(sag, ordning).dokument("GetAnsoegning")


@pytest.mark.parametrize("ordning", ["Loentilskud", "Virksomhedspraktik", "Nytteindsats", "Jobrotation"])
def test_R_2_1_a_company_that_says_it_is_in_conflict_describes_the_trades(sag: Sag, ordning: str) -> None:
    """'Ja' is stored with Virksomheden as its origin; the comment is needed before signing, and the message shows once signed."""
    en = sag(ordning).goer("OpretAnsoegning", konfliktramt=True)
    dok = en.dokument("GetAnsoegning")
    assert (dok["konfliktramt"], dok["konfliktOprindelse"], dok["konfliktBesked"]) == (True, "Virksomheden", None)
    assert en.naegtet("UnderskrivAnsoegning") == [(9702, "data.konfliktKommentar")]
    assert (9703, "data.konfliktramt") in en.naegtet("RetAnsoegning", konfliktramt=False)
    en.goer("RetAnsoegning", konfliktKommentar="Lager og kørsel").goer("UnderskrivAnsoegning")
    dok = en.dokument("GetAnsoegning")
    assert (dok["konfliktKommentar"], dok["konfliktBesked"]) == ("Lager og kørsel", "Virksomheden er omfattet af en konflikt.")


@pytest.mark.parametrize("ordning", ["Voksenlaerling", "Fleksjob"])
def test_R_2_1_the_other_schemes_have_no_mark(sag: Sag, ordning: str) -> None:
    """Neither answer has a field to go to, and the document has none."""
    for svar in (True, False):
        assert sag(ordning).naegtet("OpretAnsoegning", konfliktramt=svar) == [(9516, "data.konfliktramt")]
    assert not [felt for felt in til_behandling(sag, ordning).dokument("GetAnsoegning") if felt.startswith("konflikt")]


@pytest.mark.parametrize("ordning", ["Loentilskud", "Virksomhedspraktik", "Nytteindsats", "Fleksjob"])
def test_R_2_5_hours_are_raised_to_the_next_quarter(sag: Sag, ordning: str) -> None:
    """36.9 is 37:00, 36.26 is 36:30 and 37.25 is 37:15, in the application and the grant; more than 59:45 is refused."""
    for givet, timer, minutter in (("36.9", 37, 0), ("36.26", 36, 30), ("37.25", 37, 15)):
        en = til_behandling(sag, ordning, ugentligArbejdstid=givet).goer("UdstedBevilling", ugentligArbejdstid=givet)
        for metode in ("GetAnsoegning", "GetBevilling"):
            assert en.dokument(metode, AKTER[metode])["arbejdstid"] == {"timerPrUge": timer, "minutterPrUge": minutter}
    assert sag(ordning).naegtet("OpretAnsoegning", ugentligArbejdstid="59.76") == [(9510, "data.ugentligArbejdstid")]


def test_R_2_5_a_voksenlaerling_has_no_hours(sag: Sag) -> None:
    """The application has them at the door; a grant does not take them, and no document shows them."""
    en = til_behandling(sag, "Voksenlaerling", ugentligArbejdstid="37")
    assert en.naegtet("UdstedBevilling", ugentligArbejdstid="37") == [(9516, "data.ugentligArbejdstid")]
    en.goer("UdstedBevilling").goer("BevilgForlaengelse").goer("RegistrerOphoer")
    assert not [metode for metode, akt in AKTER.items() if "arbejdstid" in en.dokument(metode, akt)]
    assert til_behandling(sag, "Virksomhedspraktik").naegtet("UdstedBevilling", uden=["ugentligArbejdstid"]) == [
        (9501, "data.ugentligArbejdstid")
    ]


def test_R_4_3_each_entry_of_a_jobrotation_knows_whether_it_is_complete(sag: Sag) -> None:
    """The red cross of each folded bar, and the substitute's own hours (R-2.5), with everybody's number and name open to the jobcentre."""
    vikar = {**LISTER["vikarer"][0], "ugentligArbejdstid": "36.26"}
    uden_timer = {"personnummer": "0404900004", "navn": "Vera Vikar", "periode": vikar["periode"]}
    ansatte = [*LISTER["ansatte"], {"personnummer": "0505900005", "navn": "Arne Ansat"}]
    en = sag("Jobrotation").goer("OpretAnsoegning", ansatte=ansatte, kurser=[*LISTER["kurser"], {"nr": "K2"}], vikarer=[vikar, uden_timer])
    dok = en.dokument("GetAnsoegning")
    assert dok["ansatte"] == [
        {"personnummer": "0202900002", "navn": "Anna Ansat", "kursus": "K1", "udfyldt": True},
        {"personnummer": "0505900005", "navn": "Arne Ansat", "kursus": None, "udfyldt": False},
    ]
    assert [(k["nr"], k["periode"], k["udfyldt"]) for k in dok["kurser"]] == [
        ("K1", {"startdato": "2025-01-06", "slutdato": "2025-03-28"}, True),
        ("K2", None, False),
    ]
    assert [(v["navn"], v["arbejdstid"], v["udfyldt"]) for v in dok["vikarer"]] == [
        ("Viggo Vikar", {"timerPrUge": 36, "minutterPrUge": 30}, True),
        ("Vera Vikar", None, False),
    ]


def test_R_4_3_an_incomplete_jobrotation_is_not_signed(sag: Sag) -> None:
    """Every list without entries and every entry that lacks something is named at once; filled in, it is signed, and stays so."""
    en = sag("Jobrotation").goer("OpretAnsoegning", uden=["vikarer"], kurser=[{"nr": "K1", "navn": "Svejsning"}])
    assert en.naegtet("UnderskrivAnsoegning") == [
        (9708, "data.kurser.0.startdato"),
        (9708, "data.kurser.0.slutdato"),
        (9707, "data.vikarer"),
    ]
    en.goer("RetAnsoegning", kurser=LISTER["kurser"], vikarer=LISTER["vikarer"]).goer("UnderskrivAnsoegning")
    assert [(n["getMetode"], n["erOprettelse"]) for n in en.fortalt()] == [("GetAnsoegning", True)]
    assert en.naegtet("RetAnsoegning", vikarer=[]) == [(9707, "data.vikarer")]
    nye = [{"personnummer": "0606900006", "navn": "Nora Ny", "kursus": "K1"}, *LISTER["ansatte"]]
    dok = en.goer("RetAnsoegning", ansatte=nye).dokument("GetAnsoegning")
    assert [(a["personnummer"], a["navn"]) for a in dok["ansatte"]] == [("0606900006", "Nora Ny"), ("0202900002", "Anna Ansat")]


def test_R_4_3_an_employees_course_is_one_of_the_list(sag: Sag) -> None:
    """An unknown course and a number used twice are refused; so is taking away a course that an employee is on."""
    ansat = {"personnummer": "0202900002", "navn": "Anna Ansat", "kursus": "K9"}
    assert sag("Jobrotation").naegtet("OpretAnsoegning", ansatte=[ansat]) == [(9709, "data.ansatte.0.kursus")]
    to = [{"nr": "K1"}, {"nr": "K1"}]
    assert sag("Jobrotation").naegtet("OpretAnsoegning", kurser=to) == [(9710, "data.kurser.0.nr"), (9710, "data.kurser.1.nr")]
    en = sag("Jobrotation").goer("OpretAnsoegning")
    assert en.naegtet("RetAnsoegning", kurser=[]) == [(9709, "data.ansatte.0.kursus")]
    assert sag().naegtet("OpretAnsoegning", ansatte=[]) == [(9516, "data.ansatte")]


@pytest.mark.parametrize("ordning", MED_ANSOEGNING)
def test_R_4_4_a_returned_draft_keeps_the_drafting_caseworkers_team(sag: Sag, ordning: str) -> None:
    """Sent by Team Nord's caseworker and returned signed, the application is still theirs."""
    medarbejder = {"navn": "Dorte Draft", "email": "dorte@jobcenter.example"}
    en = sag(ordning).goer("OpretAnsoegning").goer("SendKladde", team="Team Nord", medarbejder=medarbejder).goer("ReturnerKladde")
    dok = en.dokument("GetAnsoegning")
    assert (dok["team"], dok["ansvarligMedarbejder"], dok["ansoegningStatus"]["kode"]) == ("Team Nord", medarbejder, 9204)


def test_R_4_4_giving_the_case_to_a_caseworker_keeps_the_drafting_team(sag: Sag) -> None:
    """While the company has the draft only the caseworker is named, then only the team: the other one is still there."""
    anna = {"navn": "Anna Anden", "email": "anna@jobcenter.example"}
    en = sag("Fleksjob").goer("OpretAnsoegning").goer("SendKladde", team="Team Nord")
    dok = en.goer("TildelSag", uden=["team"], medarbejder=anna).goer("ReturnerKladde").dokument("GetAnsoegning")
    assert (dok["team"], dok["ansvarligMedarbejder"]) == ("Team Nord", anna)
    dok = en.goer("TildelSag", team="Team Syd").dokument("GetAnsoegning")
    assert (dok["team"], dok["ansvarligMedarbejder"]) == ("Team Syd", anna)


def test_only_a_loentilskud_says_that_the_citizen_is_earmarked(sag: Sag) -> None:
    """`oeremaerket` is kept, corrected and shown; another scheme refuses it."""
    en = sag().goer("OpretAnsoegning", oeremaerket=True)
    assert en.dokument("GetAnsoegning")["oeremaerket"] is True
    assert en.goer("RetAnsoegning", oeremaerket=None).dokument("GetAnsoegning")["oeremaerket"] is None
    assert sag("Nytteindsats").naegtet("OpretAnsoegning", oeremaerket=False) == [(9516, "data.oeremaerket")]


@pytest.mark.parametrize("ordning", ["Loentilskud", "Voksenlaerling"])
def test_R_3_3_the_special_cvr_number_has_no_field(sag: Sag, ordning: str) -> None:
    """Neither the application nor a correction takes it, and no document has a field for it."""
    assert sag(ordning).naegtet("OpretAnsoegning", saerligtCvrNummer="87654321") == [(9502, "data.saerligtCvrNummer")]
    en = sag(ordning).goer("OpretAnsoegning")
    assert (9502, "data.saerligtCvrNummer") in en.naegtet("RetAnsoegning", saerligtCvrNummer="87654321")
    assert "saerligt" not in str(en.dokument("GetAnsoegning"))


@pytest.mark.parametrize("ordning", ["Loentilskud", "Virksomhedspraktik", "Voksenlaerling"])
def test_R_3_4_a_rejection_shows_the_text_it_was_sent_with(sag: Sag, ordning: str) -> None:
    """Text and version, told with GetAnsoegning."""
    en = til_behandling(sag, ordning).goer("AfvisAnsoegning", tekst="Kære virksomhed, nej.")
    assert [(n["getMetode"], n["ansoegningStatus"]) for n in en.fortalt()] == [("GetAnsoegning", 9209)]
    dok = en.dokument("GetAnsoegning")
    assert (dok["tekst"], dok["tekstversion"], dok["afgoerelsesdato"]) == ("Kære virksomhed, nej.", None, "2025-09-15T08:00:00.000000Z")


def test_R_4_3_a_person_who_is_erased_shows_as_null_and_the_others_stay(sag: Sag, hub: Any) -> None:
    """Their key is gone: number and name are null, the entry is still there, and the document says that something is erased."""
    en = sag("Jobrotation")
    slettet = f"0202{en.personnummer[4:]}"
    ansatte = [{"personnummer": slettet, "navn": "Sletmig", "kursus": "K1"}, *LISTER["ansatte"]]
    en.goer("OpretAnsoegning", ansatte=ansatte)
    assert en.dokument("GetAnsoegning")["personoplysningerSlettet"] is False
    hub.slet(slettet)
    dok = en.dokument("GetAnsoegning")
    assert dok["ansatte"][0] == {"personnummer": None, "navn": None, "kursus": "K1", "udfyldt": True}
    assert (dok["ansatte"][1]["navn"], dok["personoplysningerSlettet"]) == ("Anna Ansat", True)
    assert dok["borger"]["personnummer"] == en.personnummer
    (haendelse,) = hub.klient("system", en.jobcenter).get(f"/v1/sager/{en.id}/historik").json()["haendelser"]
    assert [a["navn"] for a in haendelse["data"]["ansatte"]] == [None, "Anna Ansat"]


def test_R_4_3_three_full_lists_are_taken_and_answered(sag: Sag) -> None:
    """A hundred of each, with long names: within every bound of the door, signed, and served whole."""
    kurser = [{"nr": f"K{nr}", "navn": f"Kursus nummer {nr:03}", "startdato": "2025-01-06", "slutdato": "2025-03-28"} for nr in range(100)]
    personer = [{"personnummer": f"03039{nr:05}", "navn": f"Marie-Louise Vestergaard Kristoffersen {nr:03}"} for nr in range(200)]
    ansatte = [{**person, "kursus": f"K{nr}"} for nr, person in enumerate(personer[:100])]
    vikarer = [{**person, "periode": LISTER["vikarer"][0]["periode"], "ugentligArbejdstid": "36.26"} for person in personer[100:]]
    en = sag("Jobrotation").goer("OpretAnsoegning", ansatte=ansatte, kurser=kurser, vikarer=vikarer).goer("UnderskrivAnsoegning")
    dok = en.dokument("GetAnsoegning")
    assert [led["personnummer"] for led in (*dok["ansatte"], *dok["vikarer"])] == [person["personnummer"] for person in personer]
    assert all(led["udfyldt"] for liste in ("ansatte", "kurser", "vikarer") for led in dok[liste])


def test_R_4_3_an_employee_is_named_by_the_number_that_counts(sag: Sag, hub: Any) -> None:
    """After a change of CPR number the old one is refused by its place in the list (9460), and the new one is the same person."""
    en = sag("Jobrotation")
    gammelt, nyt = (f"{dag}02{en.personnummer[4:]}" for dag in ("02", "03"))
    ansat = {"personnummer": gammelt, "navn": "Anna Ansat", "kursus": "K1"}
    en.goer("OpretAnsoegning", ansatte=[ansat])
    skift = {
        "gammelt": gammelt,
        "nyt": nyt,
        "haendelsestidspunkt": "2025-09-15T10:00:00+02:00",
        "aktoer": en.handling("TildelSag")["aktoer"],
    }
    svar = hub.klient().post("/v1/borgere/personnummerskift", json=skift)
    assert svar.status_code in (200, 201, 202), svar.text
    assert en.naegtet("RetAnsoegning", ansatte=[ansat]) == [(9460, "data.ansatte.0.personnummer")]
    dok = en.goer("RetAnsoegning", ansatte=[{**ansat, "personnummer": nyt}]).dokument("GetAnsoegning")
    assert dok["ansatte"][0]["personnummer"] == nyt
