"""The application: opened, corrected, signed, sent as a draft (R-2.1, R-3.2, R-3.6, R-4.4)."""

from datetime import date, timedelta

import pytest
from byggere import (
    I_KONFLIKT,
    KOMPLET,
    KONTAKT,
    NU,
    OPHOERT,
    OPRETTET,
    OPSLAG,
    REPRAESENTANT,
    UDSTEDT,
    VITAS,
    a_sag,
    an_action,
    fleksjob,
    given,
)

from hub.domain import haendelser as h
from hub.domain.matrix import FOEDES_VED
from hub.domain.opslag import Opslag, SatsRaekke

MED_REPRAESENTANT = an_action("OpretAnsoegning", medarbejderrepraesentant=REPRAESENTANT)
UDEN_TAL = an_action("OpretAnsoegning", antalAnsatteSenesteMaaned={"rimelighedskrav": None, "merbeskaeftigelseskrav": None})
UNDERSKRIV = an_action("UnderskrivAnsoegning")
REPRAESENTANTEN = an_action("UnderskrivAnsoegning", underskriver="Medarbejderrepraesentant")
KLADDE = an_action("SendKladde")


def test_an_application_opens_its_case() -> None:
    """All that was sent is in the event, clear; the citizen's id is left to the ledger."""
    given([]).when(MED_REPRAESENTANT).then(
        [
            h.AnsoegningOprettet(
                ordning="Loentilskud",
                jobCenterKode="10100",
                **VITAS,
                cvrNummer="12345678",
                pNummer="1234567890",
                borgerId="",
                personnummer="0101900000",
                borgerNavn="Bo Borger",
                startdato=date(2025, 1, 1),
                slutdato=date(2025, 6, 30),
                ugentligArbejdstid="37",
                ansvarligKontaktperson={"navn": "Ane Ansvarlig", "email": None, "telefon": None},
                kontaktpersonPaaArbejdsstedet=KONTAKT,
                medarbejderrepraesentant=REPRAESENTANT | {"email": None, "telefon": None},
                harMedarbejderrepraesentant=True,
                ansatteRimelighedskrav="12",
                ansatteMerbeskaeftigelseskrav="40.5",
            )
        ]
    )


def test_a_case_is_opened_once_and_only_by_its_first_action() -> None:
    """Opening it again is 409; writing on a case that is not there is 404."""
    assert given(OPRETTET).when(OPRETTET[0]).naegtet(9602)[0].status == 409
    assert given([]).when(UNDERSKRIV).naegtet(9601)[0].status == 404


def test_R_1_1_a_scheme_without_GetAnsoegning_has_no_application(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cell that is not in the matrix is refused at the door with its own code, also where the scheme's cases open that way."""
    monkeypatch.setitem(FOEDES_VED, "Mentor", "OpretAnsoegning")
    given([]).when(an_action("OpretAnsoegning", ordning="Mentor")).naegtet(9603)


def test_an_event_more_than_five_minutes_ahead_is_refused() -> None:
    """A sender's clock may be five minutes ahead of the hub's, not more; with an unknown case, or a contradiction, both are told."""
    sket = an_action("OpretAnsoegning").haendelsestidspunkt
    given([]).when(OPRETTET[0], nu=sket - timedelta(minutes=5)).ok()
    given([]).when(OPRETTET[0], nu=sket - timedelta(minutes=5, seconds=1)).naegtet(9512)
    given([]).when(UNDERSKRIV, nu=sket - timedelta(days=1)).naegtet(9512, 9601)
    given(OPRETTET).when(an_action("GodkendAnsoegning"), nu=sket - timedelta(days=1)).naegtet(9512, 9607)


def test_R_2_1_a_registered_company_is_marked_whatever_it_answers() -> None:
    """No answer and 'Ja' both give the mark, with Styrelsen as its origin."""
    for svar in ({}, {"konfliktramt": True}, {"konfliktramt": None}):
        event = given([], I_KONFLIKT).when(an_action("OpretAnsoegning", **svar)).haendelser[0]
        assert (event.konfliktramt, event.konfliktOprindelse) == (True, "Styrelsen")


def test_R_2_1_a_Nej_is_refused_while_the_company_is_registered() -> None:
    """'Nej' is refused for a registered company and taken from any other."""
    nej = an_action("OpretAnsoegning", konfliktramt=False)
    given([], I_KONFLIKT).when(nej).naegtet(9701)
    event = given([]).when(nej).haendelser[0]
    assert (event.konfliktramt, event.konfliktOprindelse) == (False, None)


def test_R_2_1_a_company_that_is_not_registered_may_say_Ja() -> None:
    """Its own 'Ja' is stored with Virksomheden as origin."""
    event = given([]).when(an_action("OpretAnsoegning", konfliktramt=True, konfliktKommentar="Lager")).haendelser[0]
    assert (event.konfliktramt, event.konfliktOprindelse, event.konfliktKommentarUdfyldt) == (True, "Virksomheden", True)


def test_R_2_1_fleksjob_is_not_marked() -> None:
    """The rule does not cover fleksjob: the registry is ignored, and neither a 'Ja' nor a 'Nej' has a field to go to."""
    event = given([], I_KONFLIKT).when(an_action("OpretAnsoegning", ordning="Fleksjob")).haendelser[0]
    assert (event.konfliktramt, event.konfliktOprindelse) == (False, None)
    for svar in (True, False):
        given([]).when(an_action("OpretAnsoegning", ordning="Fleksjob", konfliktramt=svar)).naegtet(9516)


def test_R_2_1_the_affected_trades_are_described_before_signing() -> None:
    """Without the comment nobody signs, by hand or by returned draft; with it they do. An unsigned draft may still lack it."""
    given(OPRETTET, I_KONFLIKT).when(UNDERSKRIV).naegtet(9702)
    given([*OPRETTET, KLADDE], I_KONFLIKT).when(an_action("ReturnerKladde")).naegtet(9702)
    given([*OPRETTET, KLADDE], I_KONFLIKT).when(an_action("ReturnerKladde", underskrevet=False)).ok()
    given([*OPRETTET, an_action("RetAnsoegning", konfliktKommentar="Lager")], I_KONFLIKT).when(UNDERSKRIV).ok()


def test_R_2_1_the_mark_is_neither_added_nor_removed_later() -> None:
    """After creation another answer is refused whatever the registry says; the same answer changes nothing."""
    ramt = a_sag(*OPRETTET, opslag=I_KONFLIKT)
    for opslag in (OPSLAG, I_KONFLIKT):
        assert given(OPRETTET)._replace(sag=ramt, opslag=opslag).when(an_action("RetAnsoegning", konfliktramt=False)).naegtet(9703)
        given(OPRETTET)._replace(opslag=opslag).when(an_action("RetAnsoegning", konfliktramt=True, ugentligArbejdstid="30")).naegtet(9703)
    udfald = given(OPRETTET)._replace(sag=ramt).when(an_action("RetAnsoegning", konfliktramt=True, ugentligArbejdstid="30"))
    assert udfald.haendelser[0].rettede == ("ugentligArbejdstid",)


def test_R_2_1_the_comment_is_not_removed_after_signing() -> None:
    """Once the employer has signed, the comment may be rewritten but not emptied."""
    underskrevet = [an_action("OpretAnsoegning", konfliktramt=True, konfliktKommentar="Lager"), UNDERSKRIV]
    given(underskrevet).when(an_action("RetAnsoegning", konfliktKommentar="Lager og kørsel")).ok()
    given(underskrevet).when(an_action("RetAnsoegning", konfliktKommentar=None)).naegtet(9702)
    given(underskrevet[:1]).when(an_action("RetAnsoegning", konfliktKommentar=None)).ok()


def test_R_3_2_missing_employees_stop_the_signature() -> None:
    """Both numbers are asked for, by field, step 2 and the form's own texts."""
    fejl = given([UDEN_TAL]).when(UNDERSKRIV).naegtet(9704, 9705, 9705)
    assert [(f.felt, f.fejltekst, f.trin) for f in fejl] == [
        ("data.antalAnsatteSenesteMaaned", "Du mangler at udfylde data korrekt", 2),
        ("data.antalAnsatteSenesteMaaned.rimelighedskrav", "Mangler at blive udfyldt", 2),
        ("data.antalAnsatteSenesteMaaned.merbeskaeftigelseskrav", "Mangler at blive udfyldt", 2),
    ]
    given([UDEN_TAL, KLADDE]).when(an_action("ReturnerKladde")).naegtet(9704, 9705, 9705)
    given([UDEN_TAL, KLADDE]).when(an_action("ReturnerKladde", underskrevet=False)).ok()


def test_R_3_2_one_missing_number_is_enough_and_a_real_zero_is_not_missing() -> None:
    """0 is a number; null is not."""
    nul = an_action("OpretAnsoegning", antalAnsatteSenesteMaaned={"rimelighedskrav": "0.00", "merbeskaeftigelseskrav": "0"})
    assert given([]).when(nul).haendelser[0].ansatteRimelighedskrav == "0.00"
    given([nul]).when(UNDERSKRIV).ok()
    given([nul, an_action("RetAnsoegning", antalAnsatteSenesteMaaned={"rimelighedskrav": None})]).when(UNDERSKRIV).naegtet(9704, 9705)


def test_R_3_2_numbers_left_out_are_unknown_and_a_correction_fills_them_in() -> None:
    """Left out is null, not 0; a correction of one number leaves the other as it was."""
    uden = an_action("OpretAnsoegning", uden=["antalAnsatteSenesteMaaned"])
    assert given([]).when(uden).haendelser[0].ansatteMerbeskaeftigelseskrav is None
    et = an_action("RetAnsoegning", antalAnsatteSenesteMaaned={"rimelighedskrav": "3"})
    assert given([uden]).when(et).haendelser == (h.AnsoegningRettet(rettede=("ansatteRimelighedskrav",), ansatteRimelighedskrav="3"),)
    to = an_action("RetAnsoegning", antalAnsatteSenesteMaaned={"merbeskaeftigelseskrav": "0"})
    given([uden, et, to]).when(UNDERSKRIV).ok()


def test_R_3_2_the_numbers_are_not_emptied_after_signing() -> None:
    """What was required for the signature stays."""
    tomt = an_action("RetAnsoegning", antalAnsatteSenesteMaaned={"merbeskaeftigelseskrav": None})
    given(KOMPLET).when(tomt).naegtet(9704, 9705)
    given(OPRETTET).when(tomt).ok()


def test_R_3_2_fleksjob_does_not_ask_for_them() -> None:
    """Only løntilskud and virksomhedspraktik require the numbers."""
    given([an_action("OpretAnsoegning", ordning="Fleksjob", uden=["antalAnsatteSenesteMaaned"])]).when(UNDERSKRIV).ok()


def test_the_last_signature_completes_the_application() -> None:
    """With a representative named the employer's signature waits for theirs (9203), then 9204; either may come first."""
    assert a_sag(MED_REPRAESENTANT, UNDERSKRIV).ansoegningStatus == 9203
    for raekkefoelge in ([UNDERSKRIV, REPRAESENTANTEN], [REPRAESENTANTEN, UNDERSKRIV]):
        sag = a_sag(MED_REPRAESENTANT, *raekkefoelge)
        assert (sag.ansoegningStatus, sag.ansoegning and sag.ansoegning.komplet) == (9204, True)


def test_a_representative_signs_only_when_named() -> None:
    """Nobody named, nobody to sign."""
    given(OPRETTET).when(REPRAESENTANTEN).naegtet(9618)


def test_nobody_signs_twice() -> None:
    """A second signature of the same person is refused; on a complete application the status says so too."""
    given([MED_REPRAESENTANT, UNDERSKRIV]).when(UNDERSKRIV).naegtet(9619)
    given(KOMPLET).when(UNDERSKRIV).naegtet(9607, 9619)


def test_who_must_sign_is_fixed_by_the_first_signature() -> None:
    """The representative is neither removed nor added after anybody's, their own too, but their contact data may change."""
    for underskriver in ("Arbejdsgiver", "Medarbejderrepraesentant"):
        underskrevet = given([MED_REPRAESENTANT, an_action("UnderskrivAnsoegning", underskriver=underskriver)])
        underskrevet.when(an_action("RetAnsoegning", medarbejderrepraesentant=None)).naegtet(9620)
    given(KOMPLET).when(an_action("RetAnsoegning", medarbejderrepraesentant=REPRAESENTANT)).naegtet(9620)
    given([MED_REPRAESENTANT, UNDERSKRIV]).when(an_action("RetAnsoegning", medarbejderrepraesentant={"navn": "Ny"})).ok()
    uden = given([MED_REPRAESENTANT]).when(an_action("RetAnsoegning", medarbejderrepraesentant=None)).ok()
    assert uden.ansoegning is not None
    assert uden.ansoegning.harMedarbejderrepraesentant is False


def test_a_correction_carries_only_what_was_given() -> None:
    """Period, hours and contact go in under the event's names; the rest is left alone."""
    rettelse = an_action(
        "RetAnsoegning", periode={"startdato": "2025-02-01", "slutdato": "2025-03-01"}, kontaktpersonPaaArbejdsstedet=KONTAKT
    )
    given(KOMPLET).when(rettelse).then(
        [
            h.AnsoegningRettet(
                rettede=("startdato", "slutdato", "kontaktpersonPaaArbejdsstedet"),
                startdato=date(2025, 2, 1),
                slutdato=date(2025, 3, 1),
                kontaktpersonPaaArbejdsstedet=KONTAKT,
            )
        ]
    )


def test_a_correction_cannot_empty_what_an_application_always_has() -> None:
    """Null for period, hours, contacts or the numbers as a whole is a missing field."""
    felter = ("periode", "ugentligArbejdstid", "ansvarligKontaktperson", "kontaktpersonPaaArbejdsstedet", "antalAnsatteSenesteMaaned")
    fejl = given(KOMPLET).when(an_action("RetAnsoegning", **dict.fromkeys(felter), konfliktKommentar="x")).naegtet(*[9501] * 5)
    assert [f.felt for f in fejl] == [f"data.{navn}" for navn in felter]


def test_a_correction_needs_something_to_correct() -> None:
    """An answer that is the one already stored is no correction."""
    given(KOMPLET).when(an_action("RetAnsoegning", konfliktramt=None)).naegtet(9513)
    given(KOMPLET).when(an_action("RetAnsoegning", konfliktramt=False)).then([h.AnsoegningRettet(rettede=())])


def test_R_3_6_the_applications_rate_is_the_one_in_force_on_its_start() -> None:
    """Code, description and row are stored; a correction of the start looks it up anew, one of the rate too, null removes it."""
    med_sats = an_action("OpretAnsoegning", timeTilskudsats=9403, periode={"startdato": "2024-12-31"})
    assert given([]).when(med_sats).haendelser[0].sats.raekke == "9403-2020"
    nyt_aar = given([med_sats]).when(an_action("RetAnsoegning", periode={"startdato": "2025-01-01"})).haendelser[0]
    assert (nyt_aar.rettede, nyt_aar.sats.raekke) == (("startdato", "slutdato", "sats"), "9403-2025")
    anden = given([med_sats]).when(an_action("RetAnsoegning", timeTilskudsats=9404)).haendelser[0]
    assert (anden.rettede, anden.sats.raekke) == (("sats",), "9404-2020")
    assert given([med_sats]).when(an_action("RetAnsoegning", timeTilskudsats=None)).haendelser == (h.AnsoegningRettet(rettede=("sats",)),)


def test_R_3_6_an_unknown_or_expired_rate_is_refused() -> None:
    """A code of another scheme, one not in force on the start, and one a correction moves out of force are refused."""
    udloebet = Opslag(None, (SatsRaekke("9403-1", 9403, "n", "b", date(2020, 1, 1), date(2025, 7, 1)),))
    given([]).when(an_action("OpretAnsoegning", timeTilskudsats=9411)).naegtet(9741)
    given([], udloebet).when(an_action("OpretAnsoegning", timeTilskudsats=9403, periode={"startdato": "2025-07-01"})).naegtet(9742)
    med_sats = given([an_action("OpretAnsoegning", timeTilskudsats=9403)], udloebet)
    med_sats.when(an_action("RetAnsoegning", periode={"startdato": "2025-06-30"})).ok()
    med_sats.when(an_action("RetAnsoegning", periode={"startdato": "2025-07-01"})).naegtet(9742)


def test_a_scheme_without_rates_takes_none() -> None:
    """Fleksjob has no timeTilskudsats, at creation or later."""
    given([]).when(an_action("OpretAnsoegning", ordning="Fleksjob", timeTilskudsats=9403)).naegtet(9516)
    given(fleksjob()).when(an_action("RetAnsoegning", timeTilskudsats=9403)).naegtet(9516)


def test_R_4_4_a_returned_draft_keeps_the_drafting_caseworkers_team() -> None:
    """Team and caseworker of the draft stand after the company returned it, signed or not."""
    for underskrevet, status in ((True, 9204), (False, 9201)):
        kladde = [an_action("OpretAnsoegning", ordning="Fleksjob"), an_action("SendKladde", team="Team Fleks")]
        sag = a_sag(*kladde, an_action("ReturnerKladde", underskrevet=underskrevet))
        assert (sag.team, sag.ansvarlig and sag.ansvarlig.navn, sag.ansoegningStatus) == ("Team Fleks", "Sanne Sagsbehandler", status)


def test_R_4_4_the_drafts_caseworker_is_the_one_who_acts_unless_named() -> None:
    """Left out, the acting caseworker is responsible."""
    given(OPRETTET).when(an_action("SendKladde", uden=["medarbejder"])).then([h.KladdeSendt("Team Øst", "Sanne Sagsbehandler", None)])


def test_a_signed_draft_counts_as_everybodys_signature() -> None:
    """Nobody is left to sign, and the application is complete."""
    sag = a_sag(MED_REPRAESENTANT, KLADDE, an_action("ReturnerKladde"))
    assert sag.ansoegning is not None
    assert (sag.ansoegning.komplet, sag.ansoegning.underskrevetAf) == (True, ("Arbejdsgiver", "Medarbejderrepraesentant"))


def test_drafts_go_out_and_back_in_order() -> None:
    """Only a draft is sent, and only a sent one returned."""
    given(KOMPLET).when(KLADDE).naegtet(9607)
    fejl = given(OPRETTET).when(an_action("ReturnerKladde")).naegtet(9607)
    assert "'Kladde sendt til virksomhed'" in fejl[0].fejltekst


@pytest.mark.parametrize("handling", ["RetAnsoegning", "UnderskrivAnsoegning", "SendKladde", "ReturnerKladde"])
def test_the_application_must_be_the_one_named(handling: str) -> None:
    """An unknown act, and an act of another kind, are refused with their own codes."""
    data = {"ugentligArbejdstid": "30"} if handling == "RetAnsoegning" else {}
    assert 9604 in [f.kode for f in given(UDSTEDT).when(an_action(handling, "ukendt", **data)).fejl]
    assert 9605 in [f.kode for f in given(UDSTEDT).when(an_action(handling, "bevilling", **data)).fejl]


def test_a_refusal_leaves_the_case_untouched() -> None:
    """The case after a refusal is the case before it, equal in every field."""
    foer, igen = a_sag(*OPHOERT), a_sag(*OPHOERT)
    udfald = given(OPHOERT)._replace(sag=foer).when(an_action("RegistrerOphoer", "igen"), nu=NU)
    assert udfald.fejl
    assert foer == igen
