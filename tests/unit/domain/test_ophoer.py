"""R-2.2 at the door: terminations."""

from datetime import date
from itertools import pairwise

import pytest
from byggere import BEVILGET, FLEKSBEVILLING, FORLAENGET, KOMPLET, OPHOERT, UDSTEDT, a_sag, an_action, fleksjob, given

from hub.domain import haendelser as h
from hub.domain.datoer import Datoer, datoer
from hub.domain.opslag import Opslag, SatsRaekke
from hub.domain.satser import SATSER

BELOEB = {"modtagetStoetteSeneste12Mdr": "12500.50", "loenudgiftSeneste12Mdr": "90000"}
OPHOER, RET, TILBAGEKALD = an_action("RegistrerOphoer"), an_action("RetOphoer"), an_action("TilbagekaldOphoer")


def test_R_2_2_a_termination_has_its_stop_date_and_løntilskuds_amounts() -> None:
    """No derived date is in the event; the rate is the grant's on the last day (R-3.6)."""
    handling = an_action("RegistrerOphoer", stopdato="2025-03-31", aarsag="Ophørt efter aftale", **BELOEB)
    event = given(BEVILGET).when(handling).haendelser[0]
    assert (event.stopdato, event.aarsag, event.sats.raekke) == (date(2025, 3, 31), "Ophørt efter aftale", "9403-2025")
    assert (event.modtagetStoetteSeneste12Mdr, event.loenudgiftSeneste12Mdr) == ("12500.50", "90000")


def test_R_2_2_a_stop_date_is_never_later_than_the_end_in_force() -> None:
    """Equal to it is an ordinary end; a day later is refused with the dates."""
    given(FORLAENGET).when(an_action("RegistrerOphoer", stopdato="2025-09-30")).ok()
    fejl = given(FORLAENGET).when(an_action("RegistrerOphoer", stopdato="2025-10-01")).naegtet(9724)
    assert "efter 2025-09-30. (oprindeligSlutdato 2025-06-30" in fejl[0].fejltekst


def test_R_2_2_a_corrected_stop_date_is_never_later_than_the_end_before_the_termination() -> None:
    """The limit is slutdatoFoerOphoer, not the stop date being corrected."""
    given(OPHOERT).when(an_action("RetOphoer", stopdato="2025-09-30")).ok()
    given(OPHOERT).when(an_action("RetOphoer", stopdato="2025-10-01")).naegtet(9724)
    given(OPHOERT).when(an_action("RetOphoer", stopdato="2024-12-31")).ok()


def test_R_2_2_one_termination_at_a_time() -> None:
    """A second one is refused while one stands; withdrawn, a new one is taken."""
    anden = an_action("RegistrerOphoer", "andet", stopdato="2025-05-01")
    assert "ret eller tilbagekald" in given(OPHOERT).when(anden).naegtet(9725)[0].fejltekst
    given([*OPHOERT, TILBAGEKALD]).when(anden).ok()


def test_R_2_2_a_correction_replaces_all_the_facts() -> None:
    """What the correction leaves out is gone."""
    med_beloeb = [*BEVILGET, an_action("RegistrerOphoer", **BELOEB)]
    sag = given(med_beloeb).when(RET).ok()
    assert sag.bevilling is not None
    ophoer = sag.bevilling.ophoer[0]
    assert (ophoer.stopdato, ophoer.rettet, ophoer.modtagetStoetteSeneste12Mdr) == (date(2025, 5, 16), True, None)


def test_R_2_2_a_withdrawn_termination_is_over() -> None:
    """It is neither corrected nor withdrawn again; the status is what it was before."""
    tilbage = given(OPHOERT).when(TILBAGEKALD).then([h.OphoerTilbagekaldt()]).ok()
    assert tilbage.bevilling is not None
    assert (tilbage.bevillingsstatus, datoer(tilbage.bevilling)) == (9307, Datoer(date(2025, 6, 30), None, date(2025, 9, 30)))
    for handling in (RET, TILBAGEKALD):
        given([*OPHOERT, TILBAGEKALD]).when(handling).naegtet(9728)


def test_R_2_2_an_open_ended_grant_ends_on_any_day() -> None:
    """No end in force, no limit; aktuelSlutdato is null until then."""
    aaben = a_sag(*fleksjob(FLEKSBEVILLING))
    assert aaben.bevilling is not None
    assert datoer(aaben.bevilling) == Datoer(None, None, None)
    sag = given(fleksjob(FLEKSBEVILLING)).when(an_action("RegistrerOphoer", stopdato="2030-01-01")).ok()
    assert sag.bevilling is not None
    assert datoer(sag.bevilling) == Datoer(None, None, date(2030, 1, 1))


def test_an_ophør_where_nothing_was_granted_is_refused() -> None:
    """No grant, nothing to end; a refused grant's termination is left as it stood."""
    given(KOMPLET).when(OPHOER).naegtet(9610)
    for handling in (RET, TILBAGEKALD):
        given([*OPHOERT, an_action("AfvisBevilling")]).when(handling).naegtet(9611)


def test_a_fleksjob_ends_without_GetOphoer_and_without_amounts() -> None:
    """The matrix has no GetOphoer for it (read through GetBevilling), and the amounts are løntilskud's."""
    given(fleksjob(FLEKSBEVILLING)).when(OPHOER).then([h.OphoerRegistreret(date(2025, 5, 15))])
    for handling, akter in (("RegistrerOphoer", []), ("RetOphoer", [OPHOER])):
        fejl = given(fleksjob(FLEKSBEVILLING, *akter)).when(an_action(handling, **BELOEB)).naegtet(9516, 9516)
        assert {f.felt for f in fejl} == {f"data.{navn}" for navn in BELOEB}


@pytest.mark.parametrize("handling", ["RegistrerOphoer", "RetOphoer", "TilbagekaldOphoer"])
def test_R_1_1_a_scheme_without_a_way_to_read_an_ophør_has_none(handling: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The matrix decides: without the cell the action does not exist."""
    foer = given(OPHOERT)
    monkeypatch.setattr("hub.domain.matrix.MATRIX", {"Loentilskud": frozenset({"GetBevilling"})})
    assert 9603 in [f.kode for f in foer.when(an_action(handling)).fejl]


def test_a_terminations_id_is_new_and_a_corrections_is_known() -> None:
    """Reused, unknown and another kind's ids have their own codes."""
    given(BEVILGET).when(an_action("RegistrerOphoer", "bevilling")).naegtet(9606)
    for handling in ("RetOphoer", "TilbagekaldOphoer"):
        given(UDSTEDT).when(an_action(handling, "ukendt")).naegtet(9604)
        given(UDSTEDT).when(an_action(handling, "bevilling")).naegtet(9605)


def test_R_3_6_an_end_is_not_refused_for_a_rate_that_has_run_out() -> None:
    """It has no start of its own: without a row in force on its last day it keeps the grant's own, registered and corrected."""
    raekker = (
        SatsRaekke("9403-1", 9403, "n", "bevilget", date(2025, 1, 1), date(2025, 3, 1)),
        SatsRaekke("9403-2", 9403, "n", "sidste", date(2025, 3, 1), date(2025, 6, 1)),
    )
    for foer, navn in ((BEVILGET, "RegistrerOphoer"), ([*BEVILGET, OPHOER], "RetOphoer")):
        for stop, raekke in (("2025-05-31", "9403-2"), ("2025-06-01", "9403-1")):
            event = given(foer, Opslag(None, raekker)).when(an_action(navn, stopdato=stop)).haendelser[0]
            assert (event.sats.kode, event.sats.raekke) == (9403, raekke)


def test_R_1_4_no_rate_text_names_a_law() -> None:
    """Rate texts carry no law reference at all, so none from before 1 January 2020."""
    tekster = " ".join(f"{raekke.navn} {raekke.beskrivelse}".lower() for raekke in SATSER)
    assert not [ord_ for ord_ in ("§", "lov", "stk.", "lab", "par.", "paragraf", "nr.") if ord_ in tekster]


def test_R_3_1_rate_rows_of_a_code_never_overlap_and_voksenlærling_runs_to_2035() -> None:
    """Half-open rows follow one another; the two voksenlærling rates are valid on 31.12.2035 and not the day after."""
    for kode in {raekke.kode for raekke in SATSER}:
        raekker = sorted((r for r in SATSER if r.kode == kode), key=lambda r: r.startdato)
        assert all(a.slutdato == b.startdato for a, b in pairwise(raekker))
    assert {r.slutdato for r in SATSER if r.kode in (9411, 9412)} == {date(2036, 1, 1)}
    assert len({r.raekke for r in SATSER}) == len(SATSER)


def test_R_3_6_a_grant_that_never_begins_has_the_rate_of_its_first_day() -> None:
    """A stop date before the rate's validity does not keep a grant from being recorded as never begun."""
    fra_starten = Opslag(None, (SatsRaekke("9403-1", 9403, "n", "b", date(2025, 1, 1), date(2035, 1, 1)),))
    event = given(BEVILGET, fra_starten).when(an_action("RegistrerOphoer", stopdato="2024-12-31")).haendelser[0]
    assert event.sats.raekke == "9403-1"
