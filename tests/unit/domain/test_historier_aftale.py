"""R-2.2 over random histories of agreements and supplementary grants: the fold against the oracle, through the door and past it."""

from datetime import date, timedelta
from typing import Any

import pytest
from byggere import NU, OPSLAG, SENERE, a_sag, an_action, an_event, et_id, udfoert
from hypothesis import event, given, settings
from hypothesis import strategies as st
from orakel import Fakta, Svar, aftalens_facit

from hub.domain import haendelser as h
from hub.domain.datoer import Virkning, datoer, datoer_tillaeg, virkning_aftale, virkning_tillaeg
from hub.domain.decide import decide
from hub.domain.evolve import evolve
from hub.domain.fejl import Afvisning
from hub.domain.foldning import KanIkkeFoldes
from hub.domain.handlinger import Handling
from hub.domain.sag import Sag

LANG = settings.get_profile("faults")
NUL = date(2025, 1, 1)
dage = st.integers(-5, 70).map(lambda n: NUL + timedelta(days=n))
maaske_dage = st.none() | dage
OPHOER = st.sampled_from(["o1", "o2", "o3"]).map(et_id)
AFTALE = et_id("aftale")
INDGAAET = an_action("IndgaaAftale", ordning="Igu")
RAA: st.SearchStrategy[Fakta] = st.one_of(
    st.tuples(st.just(AFTALE), st.builds(h.AftaleRettet, dage, maaske_dage)),
    st.tuples(OPHOER, st.builds(h.OphoerRegistreret, dage)),
    st.tuples(OPHOER, st.builds(h.OphoerRettet, dage)),
    st.tuples(OPHOER, st.just(h.OphoerTilbagekaldt())),
)
raa_historier = st.tuples(dage, maaske_dage, st.lists(RAA, min_size=4, max_size=16))


def indgaaet(start: date, slut: date | None) -> tuple[Sag, list[Fakta]]:
    """A case opened by an agreement of that period, also one that runs backwards, and its first fact."""
    (data,) = decide(None, INDGAAET, OPSLAG, NU)
    assert isinstance(data, h.AftaleIndgaaet)
    felter = {navn: getattr(data, navn) for navn in data.__struct_fields__} | {"startdato": start, "slutdato": slut}
    faktum = h.AftaleIndgaaet(**felter)
    return evolve(None, an_event(faktum, AFTALE, 1)), [(AFTALE, faktum)]


def svar(virkning: Virkning) -> Svar:
    """The fold's answer in the oracle's form."""
    periode = virkning.gaeldendePeriode
    return Svar(virkning.status, *((periode.startdato, periode.slutdato) if periode else (None, None)), virkning.annulleretAf)


def enige(sag: Sag, fakta: list[Fakta]) -> None:
    """The three dates and what is in force are the oracle's; the period runs forwards; the original end is the first one agreed."""
    aftale, ventet = sag.aftale, aftalens_facit(fakta)
    assert aftale is not None
    assert tuple(datoer(aftale)) == (ventet.oprindelig, ventet.foer, ventet.aktuel)
    vist = svar(virkning_aftale(aftale))
    assert {aftale.id: vist} == ventet.akter
    assert vist.foerste is None or vist.sidste is None or vist.foerste <= vist.sidste
    assert vist.annulleretAf is None or vist.foerste is None
    assert ventet.oprindelig == fakta[0][1].slutdato  # type: ignore[attr-defined]


def gennemgaa(start: date, slut: date | None, historie: list[Fakta]) -> None:
    """Fold event by event; after each the fold must agree with the oracle."""
    sag, fakta = indgaaet(start, slut)
    enige(sag, fakta)
    for akt_id, data in historie:
        if isinstance(data, h.OphoerRegistreret) and akt_id in {i for i, _ in fakta}:
            continue
        try:
            sag = evolve(sag, an_event(data, akt_id, sag.version + 1))
        except KanIkkeFoldes:
            continue
        fakta.append((akt_id, data))
        enige(sag, fakta)
    event(f"{len(fakta) // 4 * 4}+ facts folded")


@given(raa_historier)
def test_R_2_2_imported_agreements_agree_with_the_oracle(historie: tuple[date, date | None, list[Fakta]]) -> None:
    """Corrections while a termination stands, several terminations, periods that run backwards: the oracle's dates at every version."""
    gennemgaa(*historie)


@pytest.mark.faults
@LANG
@given(raa_historier)
def test_R_2_2_imported_agreements_agree_with_the_oracle_long(historie: tuple[date, date | None, list[Fakta]]) -> None:
    """The same over ten thousand histories."""
    gennemgaa(*historie)


@given(raa_historier, st.randoms(use_true_random=False))
def test_R_2_2_no_order_of_arrival_shows_an_agreement_backwards(historie: tuple[date, date | None, list[Fakta]], tilfaeldig: Any) -> None:
    """Any permutation that folds at all agrees with the oracle too."""
    start, slut, fakta = historie
    tilfaeldig.shuffle(fakta)
    gennemgaa(start, slut, fakta)


@given(raa_historier, dage)
def test_R_2_2_a_withdrawn_termination_of_an_agreement_leaves_no_trace(historie: tuple[date, date | None, list[Fakta]], stop: date) -> None:
    """Registered and withdrawn, it changes no date and no period."""
    start, slut, fakta = historie
    sag, _ = indgaaet(start, slut)
    for akt_id, data in fakta:
        try:
            sag = evolve(sag, an_event(data, akt_id, sag.version + 1))
        except KanIkkeFoldes:
            continue
    assert sag.aftale is not None
    foer = (datoer(sag.aftale), virkning_aftale(sag.aftale))
    for data in (h.OphoerRegistreret(stop), h.OphoerTilbagekaldt()):
        sag = evolve(sag, an_event(data, "o9", sag.version + 1))
    assert sag.aftale is not None
    assert (datoer(sag.aftale), virkning_aftale(sag.aftale)) == foer


GENER = st.lists(st.tuples(st.integers(0, 99), st.integers(-20, 40), st.none() | st.integers(0, 60)), min_size=5, max_size=20)
"""A history through the door: each picks an action that may be possible then, a number of days, and a length (None: open-ended)."""


def en_handling(sag: Sag, valg: int, n: int, laengde: int | None) -> Handling:
    """The action that a pick stands for: most of them possible, now and then not."""
    aftale = sag.aftale
    assert aftale is not None
    kendte = [(navn, o.id) for o in aftale.ophoer for navn in ("RetOphoer", "TilbagekaldOphoer")]
    muligheder = [("RetAftale", AFTALE), ("RegistrerOphoer", f"ny{sag.version}"), ("RetAftale", AFTALE), *kendte, *kendte]
    navn, akt = muligheder[valg % len(muligheder)]
    start = NUL + timedelta(days=n)
    periode = {"startdato": str(start), "slutdato": None if laengde is None else str(start + timedelta(days=laengde))}
    data: dict[str, dict[str, Any]] = {"RetAftale": {"periode": periode}, "TilbagekaldOphoer": {}}
    return an_action(navn, akt, **data.get(navn, {"stopdato": str((datoer(aftale).aktuelSlutdato or NUL) - timedelta(days=n))}))


@given(GENER)
def test_R_2_2_what_the_door_takes_of_agreements_agrees_with_the_oracle(gener: list[tuple[int, int, int | None]]) -> None:
    """Accepted actions fold to the oracle's dates, one termination at a time, never after the end it cuts, no correction under it."""
    sag, fakta = indgaaet(NUL, NUL + timedelta(days=30))
    for valg in gener:
        handling = en_handling(sag, *valg)
        try:
            (faktum,) = decide(sag, handling, OPSLAG, NU)
        except Afvisning:
            continue
        staar = sag.aftale is not None and any(not o.tilbagekaldt for o in sag.aftale.ophoer)
        assert not (staar and isinstance(faktum, h.AftaleRettet))
        sag = evolve(sag, an_event(faktum, handling.eksternIdentifier, sag.version + 1))
        fakta.append((handling.eksternIdentifier, faktum))
        enige(sag, fakta)
        assert sag.aftale is not None
        assert sum(not o.tilbagekaldt for o in sag.aftale.ophoer) <= 1
        d = datoer(sag.aftale)
        assert d.slutdatoFoerOphoer is None or (d.aktuelSlutdato or date.max) <= d.slutdatoFoerOphoer
    event(f"{len(fakta) // 4 * 4}+ actions taken")


TILLAEG = st.lists(
    st.tuples(
        st.sampled_from(["tillaeg", "t2", "t3"]),
        st.one_of(
            st.builds(h.TillaegsbevillingUdstedt, st.sampled_from(["Mentor", "Hjaelpemiddel"]), dage, maaske_dage),
            st.builds(h.TillaegsbevillingUnderskrevet, st.booleans()),
            st.builds(h.OphoerRegistreret, dage),
            st.builds(h.SagTildelt),
        ),
    ),
    max_size=12,
)


@given(TILLAEG)
def test_R_2_2_a_supplementary_grants_period_is_its_own_whatever_happens(historie: list[tuple[str, h.Data]]) -> None:
    """Every one shows the days it was issued for, and its own end as original and in force, at every version."""
    sag = a_sag(an_action("UdstedTillaegsbevilling", ordning="Tillaegsbevilling"))
    for akt, data in historie:
        if isinstance(data, h.TillaegsbevillingUdstedt) and et_id(akt) in {t.id for t in sag.tillaegsbevillinger}:
            continue
        try:
            sag = evolve(sag, an_event(data, akt, sag.version + 1))
        except KanIkkeFoldes:
            continue
        for t in sag.tillaegsbevillinger:
            virkning = virkning_tillaeg(t)
            bagvendt = t.periode.slutdato is not None and t.periode.slutdato < t.periode.startdato
            assert virkning.gaeldendePeriode == (None if bagvendt else t.periode)
            assert tuple(datoer_tillaeg(t)) == (t.periode.slutdato, None, t.periode.slutdato)
            assert (virkning.status == "Underskrevet") == (t.underskrevet is not None)


def test_R_3_7_many_supplementary_grants_each_have_their_own_signature() -> None:
    """Ten on a case, signed in another order than issued: every one has the time of its own signature."""
    sag = a_sag(an_action("UdstedTillaegsbevilling", ordning="Tillaegsbevilling"))
    for n in range(9):
        sag = udfoert(sag, an_action("UdstedTillaegsbevilling", f"t{n}", uden=SENERE))
    for n in reversed(range(9)):
        sag = udfoert(sag, an_action("UnderskrivTillaegsbevilling", f"t{n}"))
    assert [t.underskrevet is not None for t in sag.tillaegsbevillinger] == [False, *[True] * 9]
