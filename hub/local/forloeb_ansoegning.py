"""The life cycles that begin with an application: løntilskud, virksomhedspraktik, nytteindsats, fleksjob, voksenlærling, jobrotation."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from hub.domain.ordninger import REPRAESENTANT
from hub.local.forloeb import (
    Forloeb,
    behandling,
    flyt,
    forlaeng_og_afslut,
    godkendelse,
    hos_anden_aktoer,
    medarbejder,
    ophoer,
    periode,
    satsrettelse,
    timer,
)
from hub.local.personer import TEAMS, en_borger
from hub.local.skriver import Handling, Skriver

AFSLAG = "Ansøgningen opfylder ikke betingelserne."
KURSER = ("Truckcertifikat", "Svejsning", "Regnskab", "Demens og pleje", "Maskinføring")


def loentilskud(s: Skriver) -> Iterator[Handling]:
    """Apply, sign, decide, grant, approve, extend, end: most of the way for most cases."""
    start, slut = _forventet(s, 60, 180)
    sats = s.rng.choice((9403, 9404))
    ansoegning = s.uuid()
    yield from _ansoeg(s, ansoegning, start, slut, oeremaerket=s.sker(0.3), timeTilskudsats=sats, **_konflikt(s), **_ansatte(s))
    yield from _underskrives(s, ansoegning, repraesentant=True)
    yield from _afgoerelse(s, ansoegning, 0.12, ("2025-1", "2025-2"))
    if not s.godkendt:
        return
    beloeb = {
        "modtagetStoetteSeneste12Mdr": f"{s.rng.randrange(10_000, 90_000)}.00",
        "loenudgiftSeneste12Mdr": f"{s.rng.randrange(90_000, 400_000)}.50",
    }
    yield from _bevilling(s, start, slut, 0.55, beloeb, timeTilskudsats=sats, ugentligArbejdstid=timer(s))


def virksomhedspraktik(s: Skriver) -> Iterator[Handling]:
    """The most common: short, often extended, often ended early."""
    start, slut = _forventet(s, 28, 91)
    ansoegning = s.uuid()
    yield from _ansoeg(s, ansoegning, start, slut, **_konflikt(s), **_ansatte(s))
    yield from _underskrives(s, ansoegning, repraesentant=True)
    yield from _afgoerelse(s, ansoegning, 0.08, ("2025-1",))
    if s.godkendt:
        yield from _bevilling(s, start, slut, 0.4, {}, ugentligArbejdstid=timer(s))


def nytteindsats(s: Skriver) -> Iterator[Handling]:
    """At most thirteen weeks, seldom extended."""
    start, slut = _forventet(s, 20, 90)
    ansoegning = s.uuid()
    yield from _ansoeg(s, ansoegning, start, slut, **_konflikt(s))
    yield from _underskrives(s, ansoegning, repraesentant=True)
    yield from _afgoerelse(s, ansoegning, 0.05, ())
    if s.godkendt:
        yield from _bevilling(s, start, slut, 0.35, {}, ugentligArbejdstid=timer(s))


def fleksjob(s: Skriver) -> Iterator[Handling]:
    """A draft or an application, an assessment, an often open-ended grant, sometimes an early end."""
    start = s.dag + s.om(20, 60)
    ansoegning, vurdering, bevilling = s.uuid(), s.uuid(), s.uuid()
    yield from _ansoeg(s, ansoegning, start, None)
    yield from _underskrives(s, ansoegning, kladde=0.3)
    yield from behandling(s, ansoegning)
    yield s.handling("OvertagVurdering", vurdering, medarbejder=medarbejder(s))
    if s.sker(0.2):
        yield s.handling("FrigivVurdering", vurdering)
        yield s.handling("OvertagVurdering", vurdering, medarbejder=medarbejder(s))
    yield s.handling("AfgoerVurdering", vurdering, arbejdsintensitetPct=f"{s.rng.randrange(100, 900) / 10}")
    if s.sker(0.1):
        yield s.handling("GenaabnVurdering", vurdering)
        yield s.handling("AfgoerVurdering", vurdering, arbejdsintensitetPct=f"{s.rng.randrange(100, 900) / 10}")
    yield s.handling("GodkendAnsoegning", ansoegning)
    slut = start + timedelta(days=365) if s.sker(0.4) else None
    yield s.handling("UdstedBevilling", bevilling, **_grundlag(s, start, slut), ugentligArbejdstid=timer(s))
    yield from godkendelse(s, bevilling)
    yield from ophoer(s, start, slut, 0.35)


def voksenlaerling(s: Skriver) -> Iterator[Handling]:
    """Often approved beforehand; a grant of years."""
    start, slut = _forventet(s, 700, 1400)
    sats = s.rng.choice((9411, 9412))
    ansoegning = s.uuid()
    yield from _ansoeg(s, ansoegning, start, slut, timeTilskudsats=sats)
    yield from _underskrives(s, ansoegning)
    if s.sker(0.5):
        yield s.handling("ForhaandsgodkendAnsoegning", ansoegning, tekst="Forhåndsgodkendt med forbehold for uddannelsesaftalen.")
    yield from _afgoerelse(s, ansoegning, 0.1, ("2025-1",))
    if s.godkendt:
        yield from _bevilling(s, start, slut, 0.2, {}, timeTilskudsats=sats)


def jobrotation(s: Skriver) -> Iterator[Handling]:
    """Employees, courses and substitutes; decided on the application, no grant."""
    start, slut = _forventet(s, 60, 270)
    ansoegning = s.uuid()
    yield from _ansoeg(s, ansoegning, start, slut, **_konflikt(s), **_hold(s, start, slut))
    yield from _underskrives(s, ansoegning)
    yield from _afgoerelse(s, ansoegning, 0.15, ())


def _forventet(s: Skriver, mindst: int, hoejst: int) -> tuple[date, date]:
    start = s.dag + s.om(20, 60)
    return start, start + s.om(mindst, hoejst)


def _ansoeg(s: Skriver, ansoegning: str, start: date, slut: date | None, **mere: Any) -> Iterator[Handling]:
    kontakt = s.virksomhed.kontakt.som_data()
    faelles: dict[str, Any] = {"ansvarligKontaktperson": kontakt, "kontaktpersonPaaArbejdsstedet": kontakt}
    repraesentant: dict[str, Any] = {"medarbejderrepraesentant": kontakt} if s.ordning in REPRAESENTANT else {}
    yield s.foerste(
        "OpretAnsoegning", ansoegning, periode=periode(start, slut), ugentligArbejdstid=timer(s), **faelles, **repraesentant, **mere
    )
    if s.sker(0.15):
        yield s.handling("RetAnsoegning", ansoegning, "Virksomhed", ugentligArbejdstid=timer(s))


def _underskrives(s: Skriver, ansoegning: str, *, repraesentant: bool = False, kladde: float = 0.08) -> Iterator[Handling]:
    """Signed by those who must; or the jobcentre's draft, which comes back, now and then unsigned first (R-4.4)."""
    if s.sker(kladde):
        yield s.handling("SendKladde", ansoegning, team=s.rng.choice(TEAMS), medarbejder=medarbejder(s))
        if s.sker(0.25):
            yield s.handling("ReturnerKladde", ansoegning, "Virksomhed", underskrevet=False)
            yield s.handling("SendKladde", ansoegning, team=s.rng.choice(TEAMS), medarbejder=medarbejder(s))
        yield s.handling("ReturnerKladde", ansoegning, "Virksomhed", underskrevet=True)
        return
    yield s.handling("UnderskrivAnsoegning", ansoegning, "Virksomhed", underskriver="Arbejdsgiver")
    if repraesentant:
        yield s.handling("UnderskrivAnsoegning", ansoegning, "Virksomhed", underskriver="Medarbejderrepraesentant")


def _afgoerelse(s: Skriver, ansoegning: str, afslag: float, versioner: tuple[str, ...]) -> Iterator[Handling]:
    """The jobcentre decides, perhaps after a contractor had it, or the contractor does; sometimes the company withdraws first."""
    yield from behandling(s, ansoegning)
    hvem = "Sagsbehandler"
    if s.sker(0.1):
        hvem = yield from hos_anden_aktoer(s, ansoegning)
    s.godkendt = False
    if s.sker(0.03):
        yield s.handling("TraekAnsoegningTilbage", ansoegning, "Virksomhed", tekst="Vi har ikke længere brug for det.")
    elif s.sker(afslag):
        yield s.handling("AfvisAnsoegning", ansoegning, hvem, tekst=AFSLAG, tekstversion=s.rng.choice(versioner) if versioner else None)
    else:
        s.godkendt = True
        yield s.handling("GodkendAnsoegning", ansoegning, hvem)


def _bevilling(s: Skriver, start: date, slut: date, ender: float, beloeb: dict[str, str], **mere: Any) -> Iterator[Handling]:
    bevilling = s.uuid()
    yield s.handling("UdstedBevilling", bevilling, **_grundlag(s, start, slut), **mere)
    if s.sker(0.06):
        yield s.handling("SendBevilling", bevilling)
        yield s.handling("AfvisBevilling", bevilling, "Virksomhed", af="Virksomhed")
        bevilling = s.uuid()
        yield s.handling("UdstedBevilling", bevilling, **_grundlag(s, start, slut), **mere)
    yield from godkendelse(s, bevilling)
    yield from satsrettelse(s, bevilling)
    if s.sker(0.02):
        yield from flyt(s, bevilling)
    yield from forlaeng_og_afslut(s, start, slut, ender, **beloeb)


def _grundlag(s: Skriver, start: date, slut: date | None) -> dict[str, Any]:
    return {"periode": periode(start, slut), "kontaktpersonPaaArbejdsstedet": s.virksomhed.kontakt.som_data()}


def _ansatte(s: Skriver) -> dict[str, Any]:
    """A real 0 is an answer (R-3.2)."""
    antal = {"rimelighedskrav": str(s.rng.randrange(0, 60)), "merbeskaeftigelseskrav": str(s.rng.randrange(0, 400))}
    return {"antalAnsatteSenesteMaaned": antal}


def _konflikt(s: Skriver) -> dict[str, Any]:
    """Now and then a company that says itself that it is in a conflict (R-2.1)."""
    return {"konfliktramt": True, "konfliktKommentar": "Gælder lagerarbejde."} if s.sker(0.01) else {}


def _hold(s: Skriver, start: date, slut: date) -> dict[str, Any]:
    kurser = [{"nr": str(nr), "navn": navn, **periode(start, slut)} for nr, navn in enumerate(s.rng.sample(KURSER, s.rng.randint(1, 3)), 1)]
    folk = [en_borger(s.rng) for _ in range(s.rng.randint(2, 6))]
    ansatte = [{**b.som_data(), "kursus": s.rng.choice(kurser)["nr"]} for b in folk[: len(folk) // 2]]
    vikarer = [{**b.som_data(), "periode": periode(start, slut), "ugentligArbejdstid": timer(s)} for b in folk[len(folk) // 2 :]]
    return {"ansatte": ansatte, "kurser": kurser, "vikarer": vikarer}


FORLOEB: dict[str, Forloeb] = {
    "Loentilskud": loentilskud,
    "Virksomhedspraktik": virksomhedspraktik,
    "Nytteindsats": nytteindsats,
    "Fleksjob": fleksjob,
    "Voksenlaerling": voksenlaerling,
    "Jobrotation": jobrotation,
}
"""Scheme → its life cycle."""
