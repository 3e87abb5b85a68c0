"""R-3.6: the rate of a grant or an extension corrected (decision 036)."""

from datetime import date

import pytest
from byggere import BEVILGET, FLEKSBEVILLING, FORLAENGET, KOMPLET, OPHOERT, OPSLAG, a_sag, an_action, an_event, fleksjob, given, udfoert

from hub.domain import haendelser as h
from hub.domain.evolve import evolve
from hub.domain.foldning import KanIkkeFoldes
from hub.domain.haendelser import Sats
from hub.domain.handlinger import Handling
from hub.domain.opslag import Opslag, SatsRaekke
from hub.domain.sag import Sag

NYE = (
    SatsRaekke("sats-9403@1", 9403, "n", "rettet, første halvår", date(2025, 1, 1), date(2025, 7, 1)),
    SatsRaekke("sats-9403@2", 9403, "n", "rettet, andet halvår", date(2025, 7, 1)),
)
RETTET = OPSLAG._replace(satser=OPSLAG.satser + NYE)
"""The rate list with a row registered after the acts were decided, for each half of the year."""
FOERSTE, ANDET = (Sats(r.kode, r.beskrivelse, r.raekke) for r in NYE)
HOEJESTE = Sats(9405, "Løntilskud, højeste sats, årets sats", "9405-2025")


def ret(akt: str = "bevilling", kode: int | None = None, ordning: str = "Loentilskud") -> Handling:
    """The rate of the act looked up anew, or by another code."""
    return an_action("RetTilskudssats", akt, ordning=ordning, timeTilskudsats=kode)


def satser(sag: Sag) -> list[Sats | None]:
    """The rates of the newest grant, its extensions and its terminations."""
    assert sag.bevilling is not None
    return [akt.sats for akt in (sag.bevilling, *sag.bevilling.forlaengelser, *sag.bevilling.ophoer)]


def test_R_3_6_a_grants_rate_is_looked_up_anew_on_its_own_start() -> None:
    """Its own code where none is named, the row in force on its start; no act but the grant changes, and neither status nor dates."""
    foer = a_sag(*OPHOERT)
    efter = given(OPHOERT)._replace(opslag=RETTET).when(ret()).then([h.TilskudssatsRettet(FOERSTE)]).ok()
    assert satser(efter) == [FOERSTE, *satser(foer)[1:]]
    assert efter.bevilling is not None and foer.bevilling is not None
    assert efter.bevilling.statusskift == foer.bevilling.statusskift


def test_R_3_6_an_extensions_rate_is_looked_up_anew_on_its_own_start() -> None:
    """Not on the grant's; one that a termination annulled too, for a withdrawal brings it back."""
    foer = a_sag(*OPHOERT)
    efter = given(OPHOERT)._replace(opslag=RETTET).when(ret("forlaengelse")).then([h.TilskudssatsRettet(ANDET)]).ok()
    assert satser(efter) == [satser(foer)[0], ANDET, satser(foer)[2]]


def test_R_3_6_another_code_can_be_named() -> None:
    """Of the scheme, with a row in force on the act's start; what comes after it follows the grant's new code."""
    sag = given(FORLAENGET).when(ret(kode=9405)).then([h.TilskudssatsRettet(HOEJESTE)]).ok()
    assert satser(udfoert(sag, an_action("BevilgForlaengelse", "to", slutdato="2025-12-31")))[-1] == HOEJESTE
    assert satser(udfoert(sag, an_action("RegistrerOphoer")))[-1] == HOEJESTE
    given(FORLAENGET).when(ret("forlaengelse", 9405)).then([h.TilskudssatsRettet(HOEJESTE)])


def test_R_3_6_a_voksenlaerlings_rate_is_corrected_too() -> None:
    """The schemes that have rates are those of the table, each with its own codes."""
    sag = [an_action("OpretAnsoegning", ordning="Voksenlaerling"), an_action("UnderskrivAnsoegning")]
    sag += [an_action("UdstedBevilling", ordning="Voksenlaerling", uden=["vitasSagsnummer", "ordning", "jobCenterKode"])]
    rettet = Sats(9412, "Alle der kommer fra beskæftigelse, 30,00 kr. i timen", "9412-2020")
    given(sag).when(ret(kode=9412)).then([h.TilskudssatsRettet(rettet)])
    given(sag).when(ret(kode=9403)).naegtet(9741)
    given(fleksjob(FLEKSBEVILLING)).when(ret(kode=9403)).naegtet(9621)


def test_R_3_6_a_correction_to_the_same_row_is_recorded() -> None:
    """VITAS says what has happened: as RetAnsoegning and RetOphoer that change nothing are."""
    ens = satser(a_sag(*BEVILGET))[0]
    assert ens is not None
    given(BEVILGET).when(ret()).then([h.TilskudssatsRettet(ens)])


def test_R_3_6_a_corrected_rate_must_be_in_force_on_the_acts_start() -> None:
    """No row that day: 9742, of a grant and of an extension by their own days; a code that no scheme has: 9741."""
    kun_andet = Opslag(None, NYE[1:])
    given(FORLAENGET)._replace(opslag=kun_andet).when(ret()).naegtet(9742)
    given(FORLAENGET)._replace(opslag=kun_andet).when(ret("forlaengelse")).then([h.TilskudssatsRettet(ANDET)])
    fejl = given(FORLAENGET).when(ret(kode=9999)).naegtet(9741)
    assert (fejl[0].status, fejl[0].felt) == (409, "data.timeTilskudsats")


def test_R_3_6_an_act_without_a_rate_needs_the_code_named() -> None:
    """An old grant may have none: then there is no code of its own to look up."""
    sag = evolve(a_sag(*KOMPLET), an_event(h.BevillingUdstedt(date(2025, 1, 1), date(2025, 6, 30)), "bevilling", 3))
    uden = given([])._replace(sag=sag)
    assert uden.when(ret()).naegtet(9501)[0].felt == "data.timeTilskudsats"
    assert uden.when(ret(kode=9405)).haendelser == (h.TilskudssatsRettet(HOEJESTE),)


@pytest.mark.parametrize(("akt", "rettes_med"), [("ansoegning", "RetAnsoegning"), ("ophoer", "RetOphoer")])
def test_R_3_6_the_other_two_acts_have_a_correction_of_their_own(akt: str, rettes_med: str) -> None:
    """Which looks their rate up anew: the refusal names it."""
    fejl = given(OPHOERT).when(ret(akt)).naegtet(9744)
    assert fejl[0].felt == "eksternIdentifier" and rettes_med in fejl[0].fejltekst


def test_R_3_6_only_what_is_granted_has_a_rate_to_correct() -> None:
    """An extension that is applied for or refused, a refused grant and its extension, and an act that is not there or of another kind."""
    ansoegt = [*BEVILGET, an_action("AnsoegForlaengelse")]
    given(ansoegt).when(ret("forlaengelse")).naegtet(9745)
    given([*ansoegt, an_action("AfslaaForlaengelse")]).when(ret("forlaengelse")).naegtet(9745)
    given([*ansoegt, an_action("BevilgForlaengelse")]).when(ret("forlaengelse")).ok()
    afvist = given([*FORLAENGET, an_action("AfvisBevilling")])
    for akt in ("bevilling", "forlaengelse"):
        afvist.when(ret(akt)).naegtet(9611)
    given(BEVILGET).when(ret("ukendt")).naegtet(9604)
    given(KOMPLET).when(ret()).naegtet(9604, 9610)
    given([*BEVILGET, an_action("TilfoejDokument")]).when(ret("dokument")).naegtet(9605)


def test_R_3_6_a_refused_grants_rate_stays_when_a_newer_one_is_corrected() -> None:
    """The correction names its act; the older grant is history."""
    nyt = an_action("UdstedBevilling", "ny")
    sag = a_sag(*BEVILGET, an_action("AfvisBevilling"), nyt, ret("ny", 9405))
    assert [b.sats and b.sats.kode for b in sag.bevillinger] == [9403, 9405]


def test_a_corrected_rate_folds_on_a_grant_or_an_extension_only() -> None:
    """An event that names a termination, or nothing of the case, cannot be folded."""
    for akt in ("ophoer", "ansoegning", "ukendt"):
        with pytest.raises(KanIkkeFoldes):
            evolve(a_sag(*OPHOERT), an_event(h.TilskudssatsRettet(FOERSTE), akt, 9))
