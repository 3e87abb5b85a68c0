"""R-2.2 over random histories: the fold against the oracle, at every version, through the door and past it."""

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from byggere import BEVILGET, KOMPLET, NU, OPSLAG, SENERE, a_sag, an_action, an_event, et_id, udfoert
from hypothesis import event, given, settings
from hypothesis import strategies as st
from orakel import Facit, Fakta, Svar, facit, statuskode

from hub.domain import haendelser as h
from hub.domain.datoer import datoer, virkning_bevilling, virkning_forlaengelse
from hub.domain.decide import REGLER, decide
from hub.domain.evolve import evolve
from hub.domain.fejl import Afvisning
from hub.domain.foldning import KanIkkeFoldes
from hub.domain.handlinger import Handling
from hub.domain.matrix import FOEDES_VED, KUN_FOERSTE, MATRIX
from hub.domain.sag import Bevilling, Sag

LANG = settings.get_profile("faults")
NUL = date(2025, 1, 1)
dage = st.integers(-5, 70).map(lambda n: NUL + timedelta(days=n))
maaske_dage = st.none() | dage


def akter(*navne: str) -> st.SearchStrategy[str]:
    """One of a few acts, so that histories meet themselves."""
    return st.sampled_from(navne).map(et_id)


# --- past the door: raw facts, as an importer could bring them, breaking every rule of the door ---

FORLAENGELSER, OPHOER, BEVILLINGER = akter("f1", "f2", "f3"), akter("o1", "o2", "o3"), akter("b1", "b2")
RAA: st.SearchStrategy[Fakta] = st.one_of(
    st.tuples(BEVILLINGER, st.builds(h.BevillingAfvist, af=st.just("Virksomhed"))),
    st.tuples(BEVILLINGER, st.builds(h.BevillingGodkendt, af=st.just("Virksomhed"))),
    st.tuples(FORLAENGELSER, st.builds(h.ForlaengelseAnsoegt, slutdato=dage)),
    st.tuples(FORLAENGELSER, st.builds(h.ForlaengelseBevilget, startdato=dage, slutdato=dage)),
    st.tuples(FORLAENGELSER, st.builds(h.ForlaengelseBevilget, startdato=dage, slutdato=dage)),
    st.tuples(FORLAENGELSER, st.just(h.ForlaengelseAfslaaet())),
    st.tuples(OPHOER, st.builds(h.OphoerRegistreret, stopdato=dage)),
    st.tuples(OPHOER, st.builds(h.OphoerRegistreret, stopdato=dage)),
    st.tuples(OPHOER, st.builds(h.OphoerRettet, stopdato=dage)),
    st.tuples(OPHOER, st.just(h.OphoerTilbagekaldt())),
    st.tuples(BEVILLINGER | FORLAENGELSER, st.just(h.TilskudssatsRettet(h.Sats(9404, "Rettet", "sats-9404@1")))),
)
UDSTEDT: st.SearchStrategy[Fakta] = st.tuples(BEVILLINGER, st.builds(h.BevillingUdstedt, startdato=dage, slutdato=maaske_dage))
raa_historier = st.builds(
    lambda foerste, mere, ny, rest: [foerste, *mere, *([ny, *rest] if ny else [])],
    UDSTEDT,
    st.lists(RAA, min_size=5, max_size=14),
    st.none() | UDSTEDT,
    st.lists(RAA, min_size=2, max_size=8),
)
ANSOEGNING = a_sag(*KOMPLET)


def ny_id(fakta: list[Fakta], akt_id: str, data: h.Data) -> bool:
    """Whether the fact names an act as facts do: what registers an act has a new id (a repeated registration is never on a log)."""
    kendte = {i for i, _ in fakta}
    if isinstance(data, h.BevillingUdstedt | h.ForlaengelseAnsoegt | h.OphoerRegistreret):
        return akt_id not in kendte
    return True


def gennemgaa(historie: list[Fakta]) -> None:
    """Fold the history event by event; after each the fold must agree with the oracle and show no period backwards."""
    sag, fakta = ANSOEGNING, list[Fakta]()
    for akt_id, data in historie:
        if not ny_id(fakta, akt_id, data):
            continue
        try:
            sag = evolve(sag, an_event(data, akt_id, sag.version + 1))
        except KanIkkeFoldes:
            continue
        fakta.append((akt_id, data))
        enige(sag, facit(fakta))
    event(f"{len(fakta) // 4 * 4}+ facts folded")


def svar(virkning: Any) -> Svar:
    """The fold's answer in the oracle's form."""
    periode = virkning.gaeldendePeriode
    start, slut = (periode.startdato, periode.slutdato) if periode is not None else (None, None)
    return Svar(virkning.status, start, slut, virkning.annulleretAf)


def vist(bevilling: Bevilling) -> dict[str, Svar]:
    """What the documents of a grant and its extensions show."""
    return {
        bevilling.id: svar(virkning_bevilling(bevilling)),
        **{f.id: svar(virkning_forlaengelse(bevilling, f)) for f in bevilling.forlaengelser},
    }


def enige(sag: Sag, ventet: Facit | None) -> None:
    """The newest grant's dates and periods are the oracle's, and every grant's periods run forwards."""
    assert (sag.bevilling is None) == (ventet is None)
    if sag.bevilling is None or ventet is None:
        return
    assert tuple(datoer(sag.bevilling)) == (ventet.oprindelig, ventet.foer, ventet.aktuel)
    assert vist(sag.bevilling) == ventet.akter
    for bevilling in sag.bevillinger:
        for s in vist(bevilling).values():
            assert s.foerste is None or s.sidste is None or s.foerste <= s.sidste
            assert s.annulleretAf is None or s.foerste is None


@given(raa_historier)
def test_R_2_2_imported_histories_agree_with_the_oracle(historie: list[Fakta]) -> None:
    """Facts that break every rule of the door still give the oracle's dates and no period backwards, at every version."""
    gennemgaa(historie)


@pytest.mark.faults
@LANG
@given(raa_historier)
def test_R_2_2_imported_histories_agree_with_the_oracle_long(historie: list[Fakta]) -> None:
    """The same over ten thousand histories."""
    gennemgaa(historie)


@given(raa_historier, st.randoms(use_true_random=False))
def test_R_2_2_no_order_of_arrival_shows_a_period_backwards(historie: list[Fakta], tilfaeldig: Any) -> None:
    """Any permutation of a history that folds at all agrees with the oracle too."""
    tilfaeldig.shuffle(historie)
    gennemgaa(historie)


# --- through the door: random actions, the accepted ones folded ---

MULIGE: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "TilfoejDokument": st.sampled_from(["ansoegning", "bevilling", "dokument", "ukendt"]).map(lambda akt: {"vedroerer": et_id(akt)}),
    "RetAnsoegning": st.just({"ugentligArbejdstid": "30"}),
    "UnderskrivAnsoegning": st.sampled_from(["Arbejdsgiver", "Medarbejderrepraesentant"]).map(lambda af: {"underskriver": af}),
    "ReturnerKladde": st.booleans().map(lambda ja: {"underskrevet": ja}),
    "GodkendBevilling": st.sampled_from(["Virksomhed", "Borger"]).map(lambda af: {"af": af}),
    "RetTilskudssats": st.sampled_from([None, 9404, 9411]).map(lambda kode: {"timeTilskudsats": kode}),
    "UdstedBevilling": st.sampled_from(
        [
            {},
            {"timeTilskudsats": None},
            {"timeTilskudsats": None, "mentortype": 35},
            {"timeTilskudsats": None, "ugentligArbejdstid": None, "hjaelpemiddel": {"art": "Arbejdspladsindretning"}},
        ]
    ),
}
ALLE = tuple(sorted(REGLER.keys() - KUN_FOERSTE))
IDER = ("ansoegning", "bevilling", "vurdering", "forlaengelse", "ophoer", "aftale", "tillaeg", "dokument", "ny")
alle_handlinger = st.lists(
    st.sampled_from(ALLE).flatmap(
        lambda navn: st.builds(lambda akt, data: an_action(navn, akt, **data), st.sampled_from(IDER), MULIGE.get(navn, st.just({})))
    ),
    min_size=5,
    max_size=25,
)
ORDNINGER = sorted(ordning for ordning in MATRIX if FOEDES_VED[ordning] in REGLER)
FOEDT_BEVILGET = [ordning for ordning in ORDNINGER if FOEDES_VED[ordning] == "UdstedBevilling"]
BEGGE = frozenset({"Virksomhed", "Borger"})
GENER = st.lists(st.tuples(st.integers(0, 99), st.integers(-9, 40)), min_size=6, max_size=24)
"""A history through the door: each pair picks an action that may be possible then, and a number of days."""


def muligheder(sag: Sag) -> list[tuple[str, str]]:
    """Actions with their acts, most of them possible now; the likelier ones stand more than once."""
    b, ny = sag.bevilling, f"ny{sag.version}"
    if b is None or b.afvist:
        return [("UdstedBevilling", ny)]
    verserende = [f.id for f in b.forlaengelser if f.bevilget is None and not f.afslaaet]
    nye = [("BevilgForlaengelse", (verserende or [ny])[0]), ("RegistrerOphoer", ny), ("BevilgForlaengelse", ny), ("AnsoegForlaengelse", ny)]
    kendte = [("AfslaaForlaengelse", akt) for akt in verserende] + [
        (navn, o.id) for o in b.ophoer for navn in ("RetOphoer", "TilbagekaldOphoer")
    ]
    kendte += [("RetTilskudssats", akt.id) for akt in (b, *b.forlaengelser)]
    grundens = [(navn, b.id) for navn in ("SendBevilling", "GenfremsendBevilling", "GodkendBevilling", "AfvisBevilling")]
    return [*nye, *kendte, *kendte, *nye, *grundens, ("UdstedBevilling", ny)]


def en_handling(sag: Sag, valg: int, dage_frem: int) -> Handling:
    """The action that a pair picks: extensions end after the end in force, terminations stop before it, now and then not."""
    navn, akt = (alle := muligheder(sag))[valg % len(alle)]
    slut = datoer(sag.bevilling).aktuelSlutdato if sag.bevilling is not None else None
    frem, tilbage = ((slut or NUL) + timedelta(days=n) for n in (dage_frem, -dage_frem))
    data: dict[str, Any] = {
        "UdstedBevilling": {
            "periode": {"startdato": str(NUL), "slutdato": str(NUL + timedelta(days=abs(dage_frem))) if valg % 9 else None}
        },
        "AnsoegForlaengelse": {"slutdato": str(frem)},
        "BevilgForlaengelse": {"slutdato": str(frem), "startdato": None if valg % 9 else str(tilbage)},
        "GodkendBevilling": {"af": "Virksomhed" if valg % 3 else "Borger"},
    }.get(navn, {"stopdato": str(tilbage)} if navn in ("RegistrerOphoer", "RetOphoer") else {})
    return an_action(navn, akt, ordning=sag.ordning, uden=SENERE, **data)


def begyndelse(ordning: str) -> tuple[Sag, list[Fakta]]:
    """A case that may be granted, or one that a grant has opened, and what the oracle is told of it."""
    if FOEDES_VED[ordning] == "OpretAnsoegning":
        return a_sag(an_action("OpretAnsoegning", ordning=ordning), an_action("UnderskrivAnsoegning")), []
    foerste = an_action("UdstedBevilling", ordning=ordning)
    return a_sag(foerste), [(foerste.eksternIdentifier, *decide(None, foerste, OPSLAG, NU))]


def gennem_doeren(gener: list[tuple[int, int]], ordning: str = "Loentilskud") -> None:
    """Put actions through the door; what it takes must fold, agree with the oracle, and keep the door's promises."""
    (sag, fakta), godkendere = begyndelse(ordning), BEGGE if ordning == "PersonligAssistance" else BEGGE - {"Borger"}
    for valg, dage_frem in gener:
        handling = en_handling(sag, valg, dage_frem)
        try:
            (faktum,) = decide(sag, handling, OPSLAG, NU)
        except Afvisning:
            continue
        sag = evolve(sag, an_event(faktum, handling.eksternIdentifier, sag.version + 1))
        fakta.append((handling.eksternIdentifier, faktum))
        enige(sag, facit(fakta, godkendere))
        assert sag.bevillingsstatus == statuskode(fakta, godkendere)
        loefter(sag)
    event(f"{len(fakta) // 4 * 4}+ actions taken")


def loefter(sag: Sag) -> None:
    """What only the door promises: unbroken extensions, one termination, no stop date after the end before it."""
    for bevilling in sag.bevillinger:
        slut = bevilling.periode.slutdato
        for forlaengelse in (f for f in bevilling.forlaengelser if f.bevilget is not None):
            assert forlaengelse.bevilget is not None
            assert slut is not None
            assert forlaengelse.bevilget.startdato == slut + timedelta(days=1)
            slut = forlaengelse.bevilget.slutdato
        assert sum(not o.tilbagekaldt for o in bevilling.ophoer) <= 1
        d = datoer(bevilling)
        assert d.slutdatoFoerOphoer is None or (d.aktuelSlutdato or date.max) <= d.slutdatoFoerOphoer
        assert sum(f.bevilget is None and not f.afslaaet for f in bevilling.forlaengelser) <= 1
    assert all(b.afvist for b in sag.bevillinger[:-1])


@given(GENER)
def test_R_2_2_what_the_door_takes_agrees_with_the_oracle(gener: list[tuple[int, int]]) -> None:
    """Every accepted history folds to the oracle's dates and status, with unbroken extensions and one termination at a time."""
    gennem_doeren(gener)


@given(GENER, st.sampled_from(FOEDT_BEVILGET))
def test_R_2_2_cases_that_a_grant_opens_agree_with_the_oracle(gener: list[tuple[int, int]], ordning: str) -> None:
    """The same where the first action is the grant itself, further grants come after refused ones, and two may have to approve."""
    gennem_doeren(gener, ordning)


@pytest.mark.faults
@LANG
@given(GENER, st.sampled_from(["Loentilskud", *FOEDT_BEVILGET]))
def test_R_2_2_what_the_door_takes_agrees_with_the_oracle_long(gener: list[tuple[int, int]], ordning: str) -> None:
    """The same over ten thousand histories."""
    gennem_doeren(gener, ordning)


def taget_kan_foldes(historie: list[Handling], ordning: str) -> None:
    """Whatever decide takes, evolve takes; whatever it refuses leaves the case as it was."""
    sag = a_sag(an_action(FOEDES_VED[ordning], ordning=ordning))
    for handling in historie:
        foer, kopi = sag, msgspec.msgpack.encode(sag)
        try:
            sag = udfoert(sag, handling)
        except Afvisning as afvist:
            assert afvist.fejl
            assert msgspec.msgpack.encode(foer) == kopi
            continue
        assert sag.version == foer.version + 1


@given(alle_handlinger, st.sampled_from(ORDNINGER))
def test_decide_never_gives_an_event_that_evolve_cannot_take(historie: list[Handling], ordning: str) -> None:
    """All actions, on all acts, of every scheme: accepted means foldable, refused means untouched."""
    taget_kan_foldes(historie, ordning)


@pytest.mark.faults
@LANG
@given(alle_handlinger, st.sampled_from(ORDNINGER))
def test_decide_never_gives_an_event_that_evolve_cannot_take_long(historie: list[Handling], ordning: str) -> None:
    """The same over ten thousand histories."""
    taget_kan_foldes(historie, ordning)


@given(raa_historier, dage)
def test_R_2_2_a_withdrawn_termination_leaves_no_trace_in_the_dates(historie: list[Fakta], stop: date) -> None:
    """Registered and withdrawn, a termination changes no date and no period: annulment is never an event."""
    sag = ANSOEGNING
    for akt_id, data in historie:
        try:
            sag = evolve(sag, an_event(data, akt_id, sag.version + 1))
        except KanIkkeFoldes:
            continue
    assert sag.bevilling is not None
    foer = (datoer(sag.bevilling), vist(sag.bevilling), sag.bevillingsstatus)
    for data in (h.OphoerRegistreret(stop), h.OphoerTilbagekaldt()):
        sag = evolve(sag, an_event(data, "o9", sag.version + 1))
    assert sag.bevilling is not None
    assert (datoer(sag.bevilling), vist(sag.bevilling), sag.bevillingsstatus) == foer


def test_R_2_2_the_story_of_the_release_note() -> None:
    """An extension, then a termination before its start: the extension is annulled, the grant cut, all three dates told apart."""
    sag = a_sag(*BEVILGET, an_action("BevilgForlaengelse"), an_action("RegistrerOphoer", stopdato="2025-05-15"))
    assert sag.bevilling is not None
    assert tuple(datoer(sag.bevilling)) == (date(2025, 6, 30), date(2025, 9, 30), date(2025, 5, 15))
    assert vist(sag.bevilling) == {
        et_id("bevilling"): Svar("Godkendt", date(2025, 1, 1), date(2025, 5, 15), None),
        et_id("forlaengelse"): Svar("Annulleret", None, None, et_id("ophoer")),
    }
