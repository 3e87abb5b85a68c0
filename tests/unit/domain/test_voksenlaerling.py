"""What is voksenlærling's own: approval beforehand, no hours, rates to the end of 2035 (R-2.5, R-3.1, R-3.4, R-3.6)."""

from datetime import UTC, date, datetime

import pytest
from byggere import OPSLAG, a_sag, an_action, given
from msgspec.structs import replace

from hub.domain import haendelser as h
from hub.domain.opslag import TekstRaekke

OPRET = an_action("OpretAnsoegning", ordning="Voksenlaerling")
KOMPLET = [OPRET, an_action("UnderskrivAnsoegning")]
FORHAAND = an_action("ForhaandsgodkendAnsoegning")
UDSTED = an_action("UdstedBevilling", ordning="Voksenlaerling")


@pytest.mark.parametrize("kode", [9201, 9202, 9203, 9204, 9205, 9206, 9207, 9208, 9209, 9211, 9212])
def test_an_application_is_approved_beforehand_while_it_is_undecided(kode: int) -> None:
    """Complete and with the jobcentre or its contractor: 9204, 9205, 9207; twice, or decided, it is not."""
    udfald = given(KOMPLET)._replace(sag=replace(a_sag(*KOMPLET), ansoegningStatus=kode)).when(FORHAAND)
    if kode in (9204, 9205, 9207):
        assert udfald.ok().ansoegningStatus == 9212
    else:
        udfald.naegtet(9607)


@pytest.mark.parametrize("ordning", ["Loentilskud", "Virksomhedspraktik", "Nytteindsats", "Fleksjob", "Jobrotation"])
def test_no_other_scheme_approves_beforehand(ordning: str) -> None:
    """The action is voksenlærling's."""
    given([an_action("OpretAnsoegning", ordning=ordning), an_action("UnderskrivAnsoegning")]).when(FORHAAND).naegtet(9621)


def test_approved_beforehand_it_is_approved_rejected_or_granted_after_it() -> None:
    """9212 is on the way: every decision that 9204 allows is open."""
    for handling in (an_action("GodkendAnsoegning"), an_action("AfvisAnsoegning"), an_action("TraekAnsoegningTilbage"), UDSTED):
        given([*KOMPLET, FORHAAND]).when(handling).ok()


def test_R_2_5_a_grant_takes_no_hours_and_another_schemes_needs_them() -> None:
    """The scheme's fields are data: what it lacks is refused, what it must have is asked for."""
    event = given(KOMPLET).when(UDSTED).haendelser[0]
    assert isinstance(event, h.BevillingUdstedt)
    assert event.ugentligArbejdstid is None
    given(KOMPLET).when(an_action("UdstedBevilling", ordning="Voksenlaerling", ugentligArbejdstid="37")).naegtet(9516)
    andre = [an_action("OpretAnsoegning", ordning="Nytteindsats"), KOMPLET[1]]
    given(andre).when(an_action("UdstedBevilling", ordning="Nytteindsats", uden=["ugentligArbejdstid"])).naegtet(9501)


def test_R_3_6_a_grant_has_a_rate_of_its_own_scheme() -> None:
    """Missing, or løntilskud's: refused. In force on the start: stored with its row."""
    given(KOMPLET).when(an_action("UdstedBevilling", ordning="Voksenlaerling", uden=["timeTilskudsats"])).naegtet(9501)
    given(KOMPLET).when(an_action("UdstedBevilling", ordning="Voksenlaerling", timeTilskudsats=9403)).naegtet(9741)
    event = given(KOMPLET).when(UDSTED).haendelser[0]
    assert isinstance(event, h.BevillingUdstedt)
    assert event.sats == h.Sats(9411, "Alle der kommer fra ledighed, 45,00 kr. i timen", "9411-2020")


@pytest.mark.parametrize("sats", [9411, 9412])
def test_R_3_1_its_rates_run_to_the_end_of_2035(sats: int) -> None:
    """The last day they are in force is 31.12.2035, also for an extension and a termination."""
    for start, ventet in (("2035-12-31", []), ("2036-01-01", [9742])):
        periode = {"startdato": start, "slutdato": "2036-12-31"}
        udfald = given(KOMPLET).when(an_action("UdstedBevilling", ordning="Voksenlaerling", timeTilskudsats=sats, periode=periode))
        assert [f.kode for f in udfald.fejl] == ventet
    bevilget = an_action("UdstedBevilling", ordning="Voksenlaerling", periode={"startdato": "2035-01-01", "slutdato": "2035-12-31"})
    given([*KOMPLET, bevilget]).when(an_action("BevilgForlaengelse", slutdato="2036-06-30")).naegtet(9742)
    given([*KOMPLET, bevilget]).when(an_action("RegistrerOphoer", stopdato="2035-12-31")).ok()


@pytest.mark.parametrize("ordning", ["Loentilskud", "Virksomhedspraktik", "Voksenlaerling"])
def test_R_3_4_a_rejection_keeps_the_text_it_was_sent_with(ordning: str) -> None:
    """Text, version and the version's row are in the event; another scheme's version is refused once the scheme has any."""
    raekke = TekstRaekke(f"{ordning}-1", ordning, "2025-3", "Standardtekst.", date(2025, 1, 1), None, datetime(2025, 1, 1, tzinfo=UTC))
    komplet = [an_action("OpretAnsoegning", ordning=ordning), KOMPLET[1]]
    med_tekster = given(komplet, OPSLAG._replace(afslagstekster=(raekke,)))
    med_tekster.when(an_action("AfvisAnsoegning", tekst="Kære virksomhed", tekstversion="2025-3")).then(
        [h.AnsoegningAfvist("Kære virksomhed", "2025-3", f"{ordning}-1")]
    )
    med_tekster.when(an_action("AfvisAnsoegning", tekst="Kære virksomhed", tekstversion="2024-1")).naegtet(9743)
