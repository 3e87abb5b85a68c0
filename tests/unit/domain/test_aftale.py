"""The agreement (IGU): made, corrected and ended; its dates are worked out as a grant's are (R-2.2)."""

from datetime import date

import pytest
from byggere import KONTAKT, PERIODE, a_sag, an_action, an_event, et_id, given

from hub.domain import haendelser as h
from hub.domain.akter import aktens_metode, slags, vist_med
from hub.domain.datoer import datoer, virkning_aftale
from hub.domain.evolve import evolve
from hub.domain.foldning import KanIkkeFoldes
from hub.domain.periode import Periode
from hub.domain.sag import Aftale, Sag, hovedakt

INDGAAET = [an_action("IndgaaAftale", ordning="Igu")]
LAENGERE = an_action("RetAftale", periode={"startdato": "2025-01-01", "slutdato": "2026-12-31"})
OPHOER = an_action("RegistrerOphoer", stopdato="2025-05-15")
OPHOERT = [*INDGAAET, OPHOER]


def aftalen(sag: Sag) -> Aftale:
    """The case's agreement."""
    assert sag.aftale is not None
    return sag.aftale


def test_an_agreement_opens_its_case() -> None:
    """The event names the case and holds the period as agreed; the agreement is the main act, fetched with GetAftale."""
    udfald = given([]).when(INDGAAET[0])
    (data,) = udfald.haendelser
    assert isinstance(data, h.AftaleIndgaaet)
    assert (data.ordning, data.borgerNavn, data.startdato, data.slutdato) == ("Igu", "Bo Borger", date(2025, 1, 1), date(2025, 6, 30))
    assert data.kontaktpersonPaaArbejdsstedet == KONTAKT
    sag = udfald.ok()
    assert (hovedakt(sag), slags(sag, et_id("aftale")), aktens_metode(sag, et_id("aftale"))) == (et_id("aftale"), "Aftale", "GetAftale")
    assert (sag.ansoegningStatus, sag.bevillingsstatus) == (None, None)


def test_R_2_2_a_corrected_agreement_keeps_its_original_end() -> None:
    """RetAftale replaces the period: original is the first end, in force the newest, also when it is moved twice."""
    sag = a_sag(*INDGAAET, LAENGERE, an_action("RetAftale", periode={"startdato": "2025-02-01", "slutdato": "2025-12-31"}))
    assert tuple(datoer(aftalen(sag))) == (date(2025, 6, 30), None, date(2025, 12, 31))
    assert virkning_aftale(aftalen(sag)) == ("Indgaaet", Periode(date(2025, 2, 1), date(2025, 12, 31)), None)


def test_a_correction_without_a_contact_leaves_the_contact() -> None:
    """What is left out stands; what is given replaces it."""
    foer = aftalen(a_sag(*INDGAAET)).kontaktpersonPaaArbejdsstedet
    assert aftalen(a_sag(*INDGAAET, LAENGERE)).kontaktpersonPaaArbejdsstedet == foer is not None
    ny = an_action("RetAftale", periode=PERIODE, kontaktpersonPaaArbejdsstedet={"navn": "Ny"})
    assert aftalen(a_sag(*INDGAAET, ny)).kontaktpersonPaaArbejdsstedet != foer


def test_R_2_2_an_agreement_ends_by_a_termination_and_comes_back_without_it() -> None:
    """Cut at the stop date while the termination stands, whole again when it is withdrawn; the original end never moves."""
    sag = a_sag(*INDGAAET, LAENGERE, OPHOER)
    assert tuple(datoer(aftalen(sag))) == (date(2025, 6, 30), date(2026, 12, 31), date(2025, 5, 15))
    assert virkning_aftale(aftalen(sag)) == ("Ophoert", Periode(date(2025, 1, 1), date(2025, 5, 15)), None)
    tilbage = a_sag(*INDGAAET, LAENGERE, OPHOER, an_action("TilbagekaldOphoer"))
    assert tuple(datoer(aftalen(tilbage))) == (date(2025, 6, 30), None, date(2026, 12, 31))


def test_R_2_2_a_stop_before_the_start_means_that_it_never_began() -> None:
    """IkkePaabegyndt, by the termination, with no period in force and all the dates; a correction into the period brings it back."""
    foer_start = [*INDGAAET, an_action("RegistrerOphoer", stopdato="2024-12-31")]
    aftale = aftalen(a_sag(*foer_start))
    assert virkning_aftale(aftale) == ("IkkePaabegyndt", None, et_id("ophoer"))
    assert tuple(datoer(aftale)) == (date(2025, 6, 30), date(2025, 6, 30), date(2024, 12, 31))
    rettet = aftalen(a_sag(*foer_start, an_action("RetOphoer", stopdato="2025-01-01")))
    assert virkning_aftale(rettet) == ("Ophoert", Periode(date(2025, 1, 1), date(2025, 1, 1)), None)


def test_R_2_2_a_terminated_agreement_is_not_corrected() -> None:
    """Refused with the dates in force, until the termination is withdrawn."""
    fejl = given(OPHOERT).when(LAENGERE).naegtet(9729)
    assert "aktuelSlutdato 2025-05-15" in fejl[0].fejltekst
    given([*OPHOERT, an_action("TilbagekaldOphoer")]).when(LAENGERE).ok()


def test_R_2_2_a_stop_date_is_never_later_than_the_agreements_end() -> None:
    """Equal to the end in force is an ordinary end; later is refused; a correction's limit is the end before the termination."""
    given([*INDGAAET, LAENGERE]).when(an_action("RegistrerOphoer", stopdato="2026-12-31")).ok()
    given([*INDGAAET, LAENGERE]).when(an_action("RegistrerOphoer", stopdato="2027-01-01")).naegtet(9724)
    given(OPHOERT).when(an_action("RetOphoer", stopdato="2025-06-30")).ok()
    given(OPHOERT).when(an_action("RetOphoer", stopdato="2025-07-01")).naegtet(9724)


def test_R_2_2_one_termination_of_an_agreement_at_a_time() -> None:
    """A second one is refused while one stands; a withdrawn one is neither corrected nor withdrawn again."""
    given(OPHOERT).when(an_action("RegistrerOphoer", "andet", stopdato="2025-05-01")).naegtet(9725)
    trukket = [*OPHOERT, an_action("TilbagekaldOphoer")]
    given(trukket).when(an_action("RegistrerOphoer", "andet", stopdato="2025-05-01")).ok()
    for handling in (an_action("RetOphoer"), an_action("TilbagekaldOphoer")):
        given(trukket).when(handling).naegtet(9728)


def test_an_agreements_termination_is_told_with_the_agreement() -> None:
    """IGU has no GetOphoer: the act that shows the termination is the agreement."""
    sag = a_sag(*OPHOERT)
    assert (slags(sag, et_id("ophoer")), vist_med(sag, et_id("ophoer"))) == ("Ophoer", et_id("aftale"))


def test_only_igu_has_agreements_and_an_agreement_has_no_grant() -> None:
    """RetAftale needs GetAftale and an agreement's id; grants and extensions of an IGU are refused."""
    given([an_action("OpretAnsoegning")]).when(an_action("RetAftale", "ansoegning")).naegtet(9603, 9605)
    given(OPHOERT).when(an_action("RetAftale", "ophoer")).naegtet(9605, 9729)
    given(INDGAAET).when(an_action("BevilgForlaengelse")).naegtet(9603, 9610)
    given(INDGAAET).when(INDGAAET[0]).naegtet(9602)


@pytest.mark.parametrize("data", [h.AftaleRettet(date(2025, 1, 1), None), h.OphoerRettet(date(2025, 5, 1)), h.OphoerTilbagekaldt()])
def test_an_event_about_what_an_agreement_has_not_is_refused(data: h.Data) -> None:
    """An unknown agreement or termination: the event is parked, not guessed at."""
    with pytest.raises(KanIkkeFoldes):
        evolve(a_sag(*INDGAAET), an_event(data, "ukendt", 2))


def test_an_ophør_of_nothing_is_not_folded() -> None:
    """Neither a grant nor an agreement: nothing can end."""
    with pytest.raises(KanIkkeFoldes):
        evolve(a_sag(an_action("OpretAnsoegning")), an_event(h.OphoerRegistreret(date(2025, 5, 1)), "o", 2))


def test_an_open_ended_agreement_ends_on_any_day() -> None:
    """No end, no limit; all its dates are null until it is terminated."""
    aaben = [an_action("IndgaaAftale", ordning="Igu", periode={"startdato": "2025-01-01"})]
    assert tuple(datoer(aftalen(a_sag(*aaben)))) == (None, None, None)
    sag = given(aaben).when(an_action("RegistrerOphoer", stopdato="2030-01-01")).ok()
    assert tuple(datoer(aftalen(sag))) == (None, None, date(2030, 1, 1))
    assert virkning_aftale(aftalen(sag)).status == "Ophoert"
