"""The case at work: people, contractors, decisions, moves, and the statuses they are allowed from (R-2.3, R-3.4, R-4.1)."""

import itertools

import pytest
from byggere import BEVILGET, KOMPLET, MEDARBEJDER, OPRETTET, UDSTEDT, a_sag, an_action, fleksjob, given, raa
from msgspec.structs import replace

from hub.domain import haendelser as h
from hub.domain.fejl import Afvisning
from hub.domain.handlinger import laes_handling
from hub.domain.overgange import ANSOEGNING_FRA

TIL_AA, AFVIS_AA, FRA_AA = an_action("SendTilAndenAktoer"), an_action("AfvisTilAndenAktoer"), an_action("OvertagFraAndenAktoer")
GODKEND, AFVIS, TRAEK = an_action("GodkendAnsoegning"), an_action("AfvisAnsoegning"), an_action("TraekAnsoegningTilbage")
AFVIST = an_action("AfvisBevilling")

FORVENTET: dict[str, set[int]] = {
    "SendTilAndenAktoer": {9204, 9206, 9207, 9212},
    "AfvisTilAndenAktoer": {9205},
    "OvertagFraAndenAktoer": {9205, 9206},
    "GodkendAnsoegning": {9204, 9205, 9207, 9212},
    "AfvisAnsoegning": {9204, 9205, 9206, 9207, 9208, 9212},
    "TraekAnsoegningTilbage": {9201, 9202, 9203, 9204, 9205, 9206, 9207, 9208, 9212},
    "RetAnsoegning": {9201, 9202, 9203, 9204, 9205, 9206, 9207, 9208, 9212},
    "UnderskrivAnsoegning": {9201, 9202, 9203},
    "SendKladde": {9201, 9202},
    "ReturnerKladde": {9202},
    "UdstedBevilling": {9204, 9205, 9207, 9208, 9212},
}
KODER = (9201, 9202, 9203, 9204, 9205, 9206, 9207, 9208, 9209, 9211, 9212)


@pytest.mark.parametrize(("handling", "kode"), list(itertools.product(FORVENTET, KODER)))
def test_an_action_is_allowed_only_from_its_statuses(handling: str, kode: int) -> None:
    """From every status the action is taken or refused with 409 as the table says, and the refusal names both statuses."""
    data = {"ugentligArbejdstid": "30"} if handling == "RetAnsoegning" else {}
    sag = replace(a_sag(*OPRETTET), ansoegningStatus=kode)
    udfald = given(OPRETTET)._replace(sag=sag).when(an_action(handling, **data))
    if kode in FORVENTET[handling]:
        assert udfald.ok()
    else:
        assert "kræver '" in udfald.naegtet(9607)[0].fejltekst


def test_the_table_of_statuses_is_all_tested() -> None:
    """No row of the table is without its expectation here, in the assessment's test, or in voksenlærling's."""
    assert ANSOEGNING_FRA.keys() == FORVENTET.keys() | {"AfgoerVurdering", "ForhaandsgodkendAnsoegning"}


def test_R_2_3_a_case_rejected_towards_the_contractor_is_taken_over_and_rejected() -> None:
    """From 9206 the jobcentre takes over (9207) and rejects (9209); the rejection carries the text that is mailed."""
    afvist = an_action("AfvisAnsoegning", tekst="Kære virksomhed", tekstversion="2025-3")
    sag = a_sag(*KOMPLET, TIL_AA, AFVIS_AA)
    assert (sag.ansoegningStatus, sag.andenAktoer and sag.andenAktoer.cvrNummer) == (9206, "87654321")
    overtaget = given([*KOMPLET, TIL_AA, AFVIS_AA, FRA_AA])
    assert overtaget.sag is not None
    assert (overtaget.sag.ansoegningStatus, overtaget.sag.andenAktoer) == (9207, None)
    overtaget.when(afvist).then([h.AnsoegningAfvist("Kære virksomhed", "2025-3")])


def test_R_2_3_a_rejection_without_a_text_is_refused() -> None:
    """The text is what VITAS mails; a rejection without one is malformed."""
    with pytest.raises(Afvisning) as afvist:
        laes_handling(raa("AfvisAnsoegning", uden=["tekst"]))
    assert [(f.kode, f.felt) for f in afvist.value.fejl] == [(9501, "data.tekst")]


def test_R_3_4_a_rejection_keeps_the_text_it_was_sent_with() -> None:
    """Text and version of the standard text stand on the case."""
    sag = a_sag(*KOMPLET, an_action("AfvisAnsoegning", tekst="Nej", tekstversion="2025-3"))
    assert sag.ansoegning is not None
    assert (sag.ansoegning.tekst and sag.ansoegning.tekst.data, sag.ansoegning.tekstversion) == (b'"Nej"', "2025-3")


def test_a_withdrawn_application_is_neither_approved_nor_granted() -> None:
    """9211 ends it."""
    for handling in (GODKEND, an_action("UdstedBevilling")):
        assert "Trukket tilbage" in given([*KOMPLET, TRAEK]).when(handling).naegtet(9607)[0].fejltekst


def test_an_application_with_a_living_grant_is_not_rejected_or_withdrawn() -> None:
    """The grant must be refused first, towards a contractor too; a refused one does not stand in the way."""
    for handling in (AFVIS, TRAEK):
        given(BEVILGET).when(handling).naegtet(9609)
        given([*UDSTEDT, AFVIST]).when(handling).ok()
    hos_aktoeren = [*KOMPLET, TIL_AA, an_action("UdstedBevilling")]
    given(hos_aktoeren).when(AFVIS_AA).naegtet(9609)
    given([*hos_aktoeren, AFVIST]).when(AFVIS_AA).ok()


def test_a_case_is_given_taken_over_and_released() -> None:
    """Team and caseworker are facts; a release leaves the team."""
    sag = a_sag(*KOMPLET, an_action("TildelSag", medarbejder=MEDARBEJDER))
    assert (sag.team, sag.ansvarlig and sag.ansvarlig.email) == ("Team Øst", MEDARBEJDER["email"])
    frigivet = given([*KOMPLET, an_action("TildelSag"), an_action("OvertagSag")]).when(an_action("FrigivSag")).ok()
    assert (frigivet.team, frigivet.ansvarlig) == ("Team Øst", None)


def test_R_4_1_who_takes_over_is_named_or_acts() -> None:
    """Left out, it is the caseworker who acts; nobody else takes a case over without a name."""
    given(KOMPLET).when(an_action("OvertagSag", uden=["medarbejder"])).then([h.SagOvertaget("Sanne Sagsbehandler", None)])
    system = laes_handling(raa("OvertagSag", uden=["medarbejder"]) | {"aktoer": {"type": "System", "id": "natkørsel"}})
    assert given(KOMPLET).when(system).naegtet(9501)[0].felt == "data.medarbejder"


def test_a_case_moves_but_not_to_itself() -> None:
    """The event names giver and receiver; the receiver's own people are not yet known."""
    flyttet = given([*KOMPLET, an_action("OvertagSag")]).when(an_action("FlytSag")).then([h.SagFlyttet("10100", "14700")]).ok()
    assert (flyttet.jobCenterKode, flyttet.ansvarlig, flyttet.tidligereEjere[0].jobCenterKode) == ("14700", None, "10100")
    given(KOMPLET).when(an_action("FlytSag", modtagendeJobCenterKode="10100")).naegtet(9614)


def test_only_a_move_is_acknowledged() -> None:
    """A receipt needs a move."""
    given(KOMPLET).when(an_action("KvitterFlytning")).naegtet(9615)
    given([*KOMPLET, an_action("FlytSag")]).when(an_action("KvitterFlytning")).then([h.FlytningKvitteret()])


@pytest.mark.parametrize("handling", ["TildelSag", "OvertagSag", "FrigivSag", "FlytSag"])
def test_an_action_on_the_case_names_one_of_its_acts(handling: str) -> None:
    """The main act or any other of the case; an unknown id is refused."""
    given(BEVILGET).when(an_action(handling, "bevilling")).ok()
    given(BEVILGET).when(an_action(handling, "ukendt")).naegtet(9604)
    given([*BEVILGET, an_action("FlytSag")]).when(an_action("KvitterFlytning", "ukendt")).naegtet(9604)


@pytest.mark.parametrize("handling", [TIL_AA, AFVIS_AA, FRA_AA, GODKEND, AFVIS, TRAEK])
def test_a_decision_names_the_application(handling: object) -> None:
    """Another act's id is refused with the kind it is."""
    navn = handling.handling  # type: ignore[attr-defined]
    assert 9605 in [f.kode for f in given([*UDSTEDT, AFVIST]).when(an_action(navn, "bevilling")).fejl]


def test_R_4_1_the_responsible_person_of_an_assessment_is_a_fact() -> None:
    """Taking over stands through decision and reopening, is cleared by release, and can be taken again after both."""
    overtag, frigiv, genaabn = an_action("OvertagVurdering"), an_action("FrigivVurdering"), an_action("GenaabnVurdering")
    afgoer = an_action("AfgoerVurdering")
    sag = a_sag(*fleksjob(overtag, afgoer, genaabn))
    assert (sag.vurderinger[0].ansvarlig and sag.vurderinger[0].ansvarlig.navn, sag.vurderinger[0].afgjort) == (MEDARBEJDER["navn"], False)
    assert a_sag(*fleksjob(overtag, frigiv)).vurderinger[0].ansvarlig is None
    assert a_sag(*fleksjob(overtag, afgoer, frigiv, genaabn, overtag)).vurderinger[0].ansvarlig is not None


def test_R_4_2_the_work_intensity_is_an_exact_decimal_up_to_100() -> None:
    """It is kept as written; more than 100 and a float are refused."""
    given(fleksjob()).when(an_action("AfgoerVurdering", arbejdsintensitetPct="33.30")).then([h.VurderingAfgjort("33.30")])
    for forkert in ("100.01", 33.3):
        with pytest.raises(Afvisning):
            an_action("AfgoerVurdering", arbejdsintensitetPct=forkert)


def test_R_4_4_a_case_given_to_somebody_keeps_what_the_action_does_not_name() -> None:
    """Only a caseworker: the team stays; only a team: the caseworker stays; and so a draft returns to the team that made it."""
    sendt = given([*OPRETTET, an_action("SendKladde", team="Team Nord")])
    anna = {"navn": "Anna Anden", "email": "anna@jobcenter.example"}
    tildelt = an_action("TildelSag", uden=["team"], medarbejder=anna)
    sendt.when(tildelt).then([h.SagTildelt("Team Nord", "Anna Anden", "anna@jobcenter.example")])
    sendt.when(an_action("TildelSag", team="Team Syd")).then([h.SagTildelt("Team Syd", *MEDARBEJDER.values())])
    given(OPRETTET).when(an_action("TildelSag", team="Team Syd")).then([h.SagTildelt("Team Syd")])
    system = laes_handling(raa("SendKladde", uden=["medarbejder"], team="Team Vest") | {"aktoer": {"type": "System", "id": "natkørsel"}})
    sendt.when(system).then([h.KladdeSendt("Team Vest", *MEDARBEJDER.values())])
    given(OPRETTET).when(system).then([h.KladdeSendt("Team Vest")])
    sag = a_sag(*OPRETTET, an_action("SendKladde", team="Team Nord"), tildelt, an_action("ReturnerKladde"))
    assert (sag.team, sag.ansvarlig and sag.ansvarlig.navn) == ("Team Nord", "Anna Anden")


def test_an_assessment_is_decided_once_and_reopened_first() -> None:
    """Deciding a decided one, and reopening an undecided one, are refused."""
    given(fleksjob(an_action("AfgoerVurdering"))).when(an_action("AfgoerVurdering")).naegtet(9616)
    given(fleksjob(an_action("OvertagVurdering"))).when(an_action("GenaabnVurdering")).naegtet(9617)


def test_an_assessment_that_is_not_there_is_neither_released_nor_reopened() -> None:
    """The first take-over or decision registers it; its id may not be another act's."""
    for handling in ("FrigivVurdering", "GenaabnVurdering"):
        given(fleksjob()).when(an_action(handling)).naegtet(9604)
    for handling in ("AfgoerVurdering", "OvertagVurdering"):
        given(fleksjob()).when(an_action(handling, "ansoegning")).naegtet(9606)


def test_an_assessment_of_a_dead_application_is_not_decided() -> None:
    """Rejected and withdrawn applications have nothing to assess."""
    for slut in (AFVIS, TRAEK):
        given(fleksjob(slut)).when(an_action("AfgoerVurdering")).naegtet(9607)


def test_R_4_1_an_application_without_its_signature_is_not_assessed_and_nobody_is_told_of_it() -> None:
    """As a draft, with the company and without its last signature the jobcentre knows nothing of it; signed, it is assessed."""
    for kode in KODER:
        udfald = given(fleksjob())._replace(sag=replace(a_sag(*fleksjob()), ansoegningStatus=kode)).when(an_action("AfgoerVurdering"))
        assert [f.kode for f in udfald.fejl] == ([] if kode in {9204, 9205, 9206, 9207, 9208, 9212} else [9607])


@pytest.mark.parametrize("handling", ["AfgoerVurdering", "OvertagVurdering"])
def test_only_fleksjob_has_assessments(handling: str) -> None:
    """On løntilskud the action does not exist."""
    given(KOMPLET).when(an_action(handling)).naegtet(9621)


@pytest.mark.parametrize("handling", ["FrigivVurdering", "GenaabnVurdering"])
def test_only_fleksjob_has_assessments_to_release_or_reopen(handling: str) -> None:
    """On løntilskud the action does not exist, and neither does the act."""
    given(KOMPLET).when(an_action(handling)).naegtet(9621, 9604)


def test_R_4_1_who_takes_over_an_assessment_is_named_or_acts() -> None:
    """A system must name the caseworker."""
    system = laes_handling(raa("OvertagVurdering", uden=["medarbejder"]) | {"aktoer": {"type": "System", "id": "natkørsel"}})
    given(fleksjob()).when(system).naegtet(9501)
