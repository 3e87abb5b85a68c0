"""The fold takes facts as they came, refuses what contradicts the case, and never holds clear text."""

from datetime import date

import pytest
from byggere import BEVILGET, KOMPLET, NU, OPHOERT, OPRETTET, OPSLAG, a_sag, an_action, an_event
from msgspec.structs import replace

from hub.domain import haendelser as h
from hub.domain.datoer import datoer, status_ophoer, virkning_bevilling, virkning_forlaengelse
from hub.domain.decide import decide
from hub.domain.evolve import evolve
from hub.domain.foldning import KanIkkeFoldes
from hub.domain.haendelser import Data, Haendelse
from hub.domain.sag import Bevilling, Sag, hovedakt


def foldet(sag: Sag, *fakta: tuple[str, Data]) -> Bevilling:
    """The newest grant after more facts."""
    for akt, data in fakta:
        sag = evolve(sag, an_event(data, akt, sag.version + 1))
    assert sag.bevilling is not None
    return sag.bevilling


def test_clear_text_never_enters_a_case() -> None:
    """An event as decide gives it, unsealed, is refused by the fold, at birth and in a correction."""
    (oprettet,) = decide(None, OPRETTET[0], OPSLAG, NU)
    with pytest.raises(KanIkkeFoldes):
        evolve(None, Haendelse(an_event(oprettet, "ansoegning", 1).kuvert, oprettet))
    rettet = h.AnsoegningRettet(rettede=("konfliktKommentar",), konfliktKommentar="Lager")
    with pytest.raises(KanIkkeFoldes):
        evolve(a_sag(*OPRETTET), Haendelse(an_event(rettet, "ansoegning", 2).kuvert, rettet))


@pytest.mark.parametrize(
    ("akt", "data"),
    [
        ("ukendt", h.BevillingSendt()),
        ("ukendt", h.BevillingGodkendt("Virksomhed")),
        ("ukendt", h.OphoerRettet(date(2025, 5, 1))),
        ("forlaengelse", h.OphoerTilbagekaldt()),
        ("ophoer", h.ForlaengelseAfslaaet()),
        ("ansoegning", h.AnsoegningRettet(rettede=("startdato",))),
        ("ansoegning", h.AnsoegningRettet(rettede=("borgerId",))),
    ],
)
def test_an_event_about_what_the_case_has_not_is_refused(akt: str, data: Data) -> None:
    """Unknown acts, acts of another kind, and fields that cannot be emptied or corrected: the event is parked, not guessed at."""
    with pytest.raises(KanIkkeFoldes):
        evolve(a_sag(*OPHOERT), an_event(data, akt, 99))


def test_a_case_begins_with_its_application_only() -> None:
    """Nothing else is a first event, and an application is never a later one."""
    with pytest.raises(KanIkkeFoldes):
        evolve(None, an_event(h.BevillingSendt(), "bevilling", 1))
    (oprettet,) = decide(None, OPRETTET[0], OPSLAG, NU)
    with pytest.raises(KanIkkeFoldes):
        evolve(a_sag(*OPRETTET), an_event(oprettet, "ansoegning", 2))


def test_R_2_2_a_termination_before_the_start_stops_the_whole_grant() -> None:
    """The grant is IkkePaabegyndt by it, an imported extension that began before it is annulled with it; the dates all stand."""
    bevilling = foldet(
        a_sag(*BEVILGET),
        ("f", h.ForlaengelseBevilget(date(2024, 11, 1), date(2025, 9, 30))),
        ("ophoer", h.OphoerRegistreret(date(2024, 12, 31))),
    )
    assert virkning_bevilling(bevilling)[:2] == ("IkkePaabegyndt", None)
    assert virkning_forlaengelse(bevilling, bevilling.forlaengelser[0])[:2] == ("Annulleret", None)
    assert tuple(datoer(bevilling)) == (date(2025, 6, 30), date(2025, 9, 30), date(2024, 12, 31))


def test_R_2_2_a_termination_on_the_first_day_leaves_one_day() -> None:
    """Start and stop on the same day is a period of one day."""
    periode = virkning_bevilling(foldet(a_sag(*BEVILGET), ("o", h.OphoerRegistreret(date(2025, 1, 1))))).gaeldendePeriode
    assert periode is not None
    assert (periode.startdato, periode.slutdato) == (date(2025, 1, 1), date(2025, 1, 1))


def test_R_2_2_an_imported_grant_that_ends_before_it_starts_shows_no_period_and_blames_nobody() -> None:
    """Backwards by itself: no period in force; a later termination is not said to have annulled it."""
    bagvendt = foldet(a_sag(*KOMPLET), ("b", h.BevillingUdstedt(date(2025, 3, 1), date(2025, 2, 1))))
    assert virkning_bevilling(bagvendt) == ("Udstedt", None, None)
    ophoert = replace(bagvendt, ophoer=foldet(a_sag(*BEVILGET), ("o", h.OphoerRegistreret(date(2025, 4, 1)))).ophoer)
    assert virkning_bevilling(ophoert) == ("Udstedt", None, None)


def test_a_termination_is_registered_corrected_withdrawn() -> None:
    """GetOphoer's status follows its acts; withdrawn wins over corrected."""
    trin = [[], [an_action("RetOphoer")], [an_action("RetOphoer"), an_action("TilbagekaldOphoer")]]
    sager = [a_sag(*OPHOERT, *mere) for mere in trin]
    assert [status_ophoer(s.bevilling.ophoer[0]) for s in sager if s.bevilling] == ["Registreret", "Rettet", "Tilbagekaldt"]


def test_the_main_act_is_the_newest_grant_that_stands_else_the_application() -> None:
    """A refused grant is not the main act while there is an application."""
    sag = a_sag(*BEVILGET)
    assert sag.ansoegning is not None
    assert sag.bevilling is not None
    assert hovedakt(sag) == sag.bevilling.id
    assert hovedakt(a_sag(*BEVILGET, an_action("AfvisBevilling"))) == sag.ansoegning.id


def test_R_2_2_an_extension_that_starts_on_the_stop_date_has_one_day() -> None:
    """Only one that would start after the stop date is annulled."""
    bevilling = foldet(a_sag(*BEVILGET, an_action("BevilgForlaengelse")), ("o", h.OphoerRegistreret(date(2025, 7, 1))))
    status, periode, af = virkning_forlaengelse(bevilling, bevilling.forlaengelser[0])
    assert periode is not None
    assert (status, periode.startdato, periode.slutdato, af) == ("Bevilget", date(2025, 7, 1), date(2025, 7, 1), None)


def test_R_2_2_of_several_imported_terminations_the_one_just_before_is_the_end_before_the_last() -> None:
    """Three stand: the end before the last is the second's stop date, and the first's once the second is withdrawn."""
    tre = [(f"o{n}", h.OphoerRegistreret(date(2025, 5, n))) for n in (1, 2, 3)]
    assert tuple(datoer(foldet(a_sag(*BEVILGET), *tre))) == (date(2025, 6, 30), date(2025, 5, 2), date(2025, 5, 3))
    trukket = foldet(a_sag(*BEVILGET), *tre, ("o2", h.OphoerTilbagekaldt()))
    assert tuple(datoer(trukket)) == (date(2025, 6, 30), date(2025, 5, 1), date(2025, 5, 3))
