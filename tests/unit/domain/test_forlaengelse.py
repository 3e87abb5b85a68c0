"""R-2.2 at the door: extensions."""

from datetime import date

import pytest
from byggere import BEVILGET, FLEKSBEVILLING, FORLAENGET, KOMPLET, OPHOERT, OPSLAG, UDSTEDT, a_sag, an_action, fleksjob, given

from hub.domain import haendelser as h
from hub.domain.haendelser import Sats
from hub.domain.opslag import Opslag, SatsRaekke

SATS = Sats(9403, "Løntilskud hos privat arbejdsgiver, årets sats", "9403-2025")
ANSOEG, BEVILG, AFSLAA = an_action("AnsoegForlaengelse"), an_action("BevilgForlaengelse"), an_action("AfslaaForlaengelse")
AABEN = [*KOMPLET, an_action("UdstedBevilling", periode={"startdato": "2025-01-01"})]


def test_R_2_2_an_extension_starts_the_day_after_the_end_in_force() -> None:
    """Left out, the start is filled in; given right, it is taken; the rate is the grant's code on that day (R-3.6)."""
    ventet = [h.ForlaengelseBevilget(date(2025, 7, 1), date(2025, 9, 30), None, SATS)]
    given(BEVILGET).when(BEVILG).then(ventet)
    given(BEVILGET).when(an_action("BevilgForlaengelse", startdato="2025-07-01")).then(ventet)
    naeste = given(FORLAENGET).when(an_action("BevilgForlaengelse", "to", slutdato="2025-10-01")).haendelser[0]
    assert naeste.startdato == date(2025, 10, 1)


@pytest.mark.parametrize("start", ["2025-06-30", "2025-07-02", "2024-12-31"])
def test_R_2_2_another_start_is_refused_with_the_dates_in_force(start: str) -> None:
    """Overlap, hole and a start before the grant: 409, with the right day and the three dates."""
    fejl = given(BEVILGET).when(an_action("BevilgForlaengelse", startdato=start)).naegtet(9723)
    assert fejl[0].status == 409
    assert "begynde 2025-07-01" in fejl[0].fejltekst
    assert "(oprindeligSlutdato 2025-06-30, slutdatoFoerOphoer ingen, aktuelSlutdato 2025-06-30)" in fejl[0].fejltekst


def test_R_2_2_an_extension_ends_on_or_after_its_start() -> None:
    """One day is an extension; an end before the start is STAR's 1003, here 409, with whatever else is wrong beside it."""
    given(BEVILGET).when(an_action("BevilgForlaengelse", slutdato="2025-07-01")).ok()
    assert given(BEVILGET).when(an_action("BevilgForlaengelse", slutdato="2025-06-30")).naegtet(1003)[0].status == 409
    given(BEVILGET).when(an_action("BevilgForlaengelse", startdato="2025-08-01", slutdato="2025-07-31")).naegtet(9723, 1003)


@pytest.mark.parametrize("handling", [ANSOEG, BEVILG])
def test_R_2_2_no_extension_of_an_open_ended_grant(handling: object) -> None:
    """There is no end to extend."""
    given(AABEN).when(handling).naegtet(9721)  # type: ignore[arg-type]


@pytest.mark.parametrize("handling", ["AnsoegForlaengelse", "BevilgForlaengelse"])
def test_R_2_2_no_extension_after_a_termination_that_stands(handling: str) -> None:
    """Refused with the dates while it stands; withdrawn, the extension goes through from the end that came back."""
    fejl = given(OPHOERT).when(an_action(handling, "ny", slutdato="2025-12-31")).naegtet(9722)
    assert "slutdatoFoerOphoer 2025-09-30, aktuelSlutdato 2025-05-15" in fejl[0].fejltekst
    given([*OPHOERT, an_action("TilbagekaldOphoer")]).when(an_action(handling, "ny", slutdato="2025-12-31")).ok()


def test_R_2_2_one_application_pends_at_a_time() -> None:
    """A second one is refused until the first is decided, either way."""
    anden = an_action("AnsoegForlaengelse", "anden", slutdato="2025-12-31")
    given([*BEVILGET, ANSOEG]).when(anden).naegtet(9726)
    given([*BEVILGET, ANSOEG, AFSLAA]).when(anden).ok()
    given([*BEVILGET, ANSOEG, BEVILG]).when(anden).ok()


def test_R_2_2_an_application_keeps_what_was_asked_and_decides_nothing() -> None:
    """The end asked for is stored, whatever it is; start and end are decided, and refused, when it is granted."""
    ansoegt = an_action("AnsoegForlaengelse", slutdato="2025-03-31", ansaettelsesbrevGaelderFortsat=True)
    sag = given(BEVILGET).when(ansoegt).then([h.ForlaengelseAnsoegt(date(2025, 3, 31), True, SATS)]).ok()
    assert sag.bevilling is not None
    assert (sag.bevilling.forlaengelser[0].bevilget, sag.bevillingsstatus) == (None, 9306)
    given([*BEVILGET, ansoegt]).when(an_action("BevilgForlaengelse", slutdato="2025-03-31")).naegtet(1003)
    granted = given([*BEVILGET, ansoegt]).when(BEVILG).ok()
    assert granted.bevilling is not None
    assert len(granted.bevilling.forlaengelser) == 1
    assert granted.bevilling.forlaengelser[0].ansoegtSlutdato == date(2025, 3, 31)


def test_R_2_2_a_pending_application_may_always_be_refused() -> None:
    """Also while a termination stands and after the grant was refused; the status goes back to what it was before."""
    for efter in ([], [an_action("RegistrerOphoer")], [an_action("AfvisBevilling")]):
        given([*BEVILGET, ANSOEG, *efter]).when(AFSLAA).then([h.ForlaengelseAfslaaet()])
    assert a_sag(*BEVILGET, ANSOEG, AFSLAA).bevillingsstatus == 9304
    assert a_sag(*BEVILGET, ANSOEG, an_action("RegistrerOphoer"), AFSLAA).bevillingsstatus == 9308


def test_R_2_2_an_application_whose_grant_ended_is_not_granted() -> None:
    """The termination came between: the application stays pending."""
    given([*BEVILGET, ANSOEG, an_action("RegistrerOphoer")]).when(BEVILG).naegtet(9722)


def test_R_2_2_an_extension_is_decided_once() -> None:
    """Granted or refused, it is neither granted nor refused again; the text says which."""
    for foer, ord_ in (([BEVILG], "bevilget"), ([ANSOEG, AFSLAA], "afslået")):
        for handling in (an_action("BevilgForlaengelse", slutdato="2025-12-31"), AFSLAA):
            assert ord_ in given([*BEVILGET, *foer]).when(handling).naegtet(9727)[0].fejltekst


def test_an_extension_needs_a_grant_that_is_not_refused() -> None:
    """Nothing granted, nothing to extend; an application of a refused grant is not granted although a new grant stands."""
    for handling in (ANSOEG, BEVILG):
        given(KOMPLET).when(handling).naegtet(9610)
    ny = [an_action("AfvisBevilling"), an_action("UdstedBevilling", "ny")]
    given([*UDSTEDT, ANSOEG, *ny]).when(BEVILG).naegtet(9611)


def test_R_1_1_fleksjob_has_no_extension() -> None:
    """The cell is not in the matrix, whichever action asks."""
    for handling, koder in ((ANSOEG, (9603, 9721)), (BEVILG, (9603, 9721)), (AFSLAA, (9603, 9604))):
        given(fleksjob(FLEKSBEVILLING)).when(handling).naegtet(*koder)


def test_an_extensions_id_is_new_or_its_applications() -> None:
    """An id of another act is refused; one that is not there cannot be refused."""
    for akt in ("bevilling", "ansoegning"):
        given(BEVILGET).when(an_action("AnsoegForlaengelse", akt)).naegtet(9606)
        given(BEVILGET).when(an_action("BevilgForlaengelse", akt)).naegtet(9606)
        given(BEVILGET).when(an_action("AfslaaForlaengelse", akt)).naegtet(9605)
    given([*BEVILGET, ANSOEG]).when(ANSOEG).naegtet(9606, 9726)
    given(BEVILGET).when(AFSLAA).naegtet(9604)


def test_R_3_6_an_extension_has_the_grants_rate_of_its_own_start() -> None:
    """The row in force on the extension's start; one that is granted is refused when the code is no longer valid then."""
    raekker = (
        SatsRaekke("9403-1", 9403, "n", "gammel", date(2020, 1, 1), date(2025, 7, 1)),
        SatsRaekke("9403-2", 9403, "n", "ny", date(2025, 7, 1), date(2025, 10, 1)),
    )
    bevilget = given(BEVILGET, Opslag(None, raekker))
    assert bevilget.when(BEVILG).haendelser[0].sats == Sats(9403, "ny", "9403-2")
    assert bevilget.when(ANSOEG).haendelser[0].sats == Sats(9403, "ny", "9403-2")
    given(FORLAENGET, Opslag(None, raekker)).when(an_action("BevilgForlaengelse", "to", slutdato="2025-12-31")).naegtet(9742)


def test_R_2_2_an_application_is_not_refused_for_the_rate_of_its_start() -> None:
    """Start and rate are decided when it is granted: applied for without a rate in force, kept with none, refused or granted later."""
    kun_gammel = Opslag(None, (SatsRaekke("9403-1", 9403, "n", "gammel", date(2020, 1, 1), date(2025, 7, 1)),))
    ansoegt = given(BEVILGET, kun_gammel).when(ANSOEG).then([h.ForlaengelseAnsoegt(date(2025, 9, 30), None, None)]).ok()
    pendende = given(BEVILGET, kun_gammel)._replace(sag=ansoegt)
    pendende.when(BEVILG).naegtet(9742)
    pendende.when(AFSLAA).then([h.ForlaengelseAfslaaet()])
    assert pendende._replace(opslag=OPSLAG).when(BEVILG).haendelser[0].sats == SATS
