"""The life cycles of the schemes, as generators of actions; the odds are believable, not measured."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from random import Random
from typing import Any, Protocol

from hub.local.personer import TEAMS, Virksomhed, en_sagsbehandler

Handling = dict[str, Any]
LOENTILSKUDSSATSER = (9403, 9404)


class Skriver(Protocol):
    """Who writes the actions of one case down."""

    rng: Random
    jobcenter: str
    virksomhed: Virksomhed
    ansoegning: str
    dag: date

    def uuid(self) -> str: ...  # noqa: D102
    def handling(self, navn: str, akt: str, aktoer: str = "Sagsbehandler", **data: Any) -> Handling: ...  # noqa: D102
    def foerste(self, navn: str, akt: str, aktoer: str = "Virksomhed", **data: Any) -> Handling: ...  # noqa: D102


def loentilskud(s: Skriver) -> Iterator[Handling]:
    """Apply, sign, decide, grant, approve, extend, end: most of the way for most cases."""
    start = s.dag + timedelta(days=s.rng.randrange(20, 60))
    tal = {"rimelighedskrav": str(s.rng.randrange(0, 60)), "merbeskaeftigelseskrav": str(s.rng.randrange(0, 400))}
    repraesentant = s.virksomhed.kontakt.som_data()
    slut = start + timedelta(days=s.rng.randrange(60, 180))
    yield from _ansoeg(s, start, slut, antalAnsatteSenesteMaaned=tal, medarbejderrepraesentant=repraesentant)
    yield s.handling("UnderskrivAnsoegning", s.ansoegning, "Virksomhed", underskriver="Arbejdsgiver")
    yield s.handling("UnderskrivAnsoegning", s.ansoegning, "Virksomhed", underskriver="Medarbejderrepraesentant")
    yield from _behandling(s)
    if s.rng.random() < 0.12:
        yield s.handling("AfvisAnsoegning", s.ansoegning, tekst="Ansøgningen opfylder ikke betingelserne.", tekstversion="2025-1")
        return
    yield s.handling("GodkendAnsoegning", s.ansoegning)
    yield from _bevilling(s, start, start + timedelta(days=s.rng.randrange(60, 180)))


def fleksjob(s: Skriver) -> Iterator[Handling]:
    """A draft or an application, an assessment, an open-ended grant, sometimes an early end."""
    start = s.dag + timedelta(days=s.rng.randrange(20, 60))
    yield from _ansoeg(s, start, None)
    if s.rng.random() < 0.3:
        yield s.handling("SendKladde", s.ansoegning, team=s.rng.choice(TEAMS), medarbejder=_medarbejder(s))
        yield s.handling("ReturnerKladde", s.ansoegning, "Virksomhed", underskrevet=True)
    else:
        yield s.handling("UnderskrivAnsoegning", s.ansoegning, "Virksomhed", underskriver="Arbejdsgiver")
    yield from _behandling(s)
    vurdering = s.uuid()
    yield s.handling("OvertagVurdering", vurdering, medarbejder=_medarbejder(s))
    yield s.handling("AfgoerVurdering", vurdering, arbejdsintensitetPct=f"{s.rng.randrange(100, 900) / 10}")
    yield s.handling("GodkendAnsoegning", s.ansoegning)
    bevilling = s.uuid()
    slut = start + timedelta(days=365) if s.rng.random() < 0.4 else None
    yield s.handling("UdstedBevilling", bevilling, **_grundlag(s, start, slut))
    yield s.handling("SendBevilling", bevilling)
    yield s.handling("GodkendBevilling", bevilling, "Virksomhed", af="Virksomhed")
    if s.rng.random() < 0.35:
        yield s.handling("RegistrerOphoer", s.uuid(), stopdato=_dag(start + timedelta(days=s.rng.randrange(0, 300))))


def _ansoeg(s: Skriver, start: date, slut: date | None, **mere: Any) -> Iterator[Handling]:
    kontakt = s.virksomhed.kontakt.som_data()
    yield s.foerste(
        "OpretAnsoegning",
        s.ansoegning,
        periode=_periode(start, slut),
        ugentligArbejdstid=f"{s.rng.randrange(400, 3700) / 100:.2f}",
        ansvarligKontaktperson=kontakt,
        kontaktpersonPaaArbejdsstedet=kontakt,
        **mere,
    )
    if s.rng.random() < 0.15:
        yield s.handling("RetAnsoegning", s.ansoegning, "Virksomhed", ugentligArbejdstid=f"{s.rng.randrange(400, 3700) / 100:.2f}")


def _behandling(s: Skriver) -> Iterator[Handling]:
    """What a jobcentre does before it decides: assign, hand over and take back, move."""
    yield s.handling("TildelSag", s.ansoegning, team=s.rng.choice(TEAMS), medarbejder=_medarbejder(s))
    if s.rng.random() < 0.1:
        anden = {"cvrNummer": "87654321", "pNummer": "1087654321"}
        yield s.handling("SendTilAndenAktoer", s.ansoegning, andenAktoer=anden, tekst="Til jeres behandling.")
        yield s.handling("OvertagFraAndenAktoer", s.ansoegning)
    if s.rng.random() < 0.05:
        modtager = "14700" if s.jobcenter != "14700" else "10100"
        yield s.handling("FlytSag", s.ansoegning, modtagendeJobCenterKode=modtager)
        s.jobcenter = modtager
        yield s.handling("KvitterFlytning", s.ansoegning)


def _bevilling(s: Skriver, start: date, slut: date) -> Iterator[Handling]:
    bevilling = s.uuid()
    sats = s.rng.choice(LOENTILSKUDSSATSER)
    yield s.handling("UdstedBevilling", bevilling, timeTilskudsats=sats, **_grundlag(s, start, slut))
    yield s.handling("SendBevilling", bevilling)
    if s.rng.random() < 0.08:
        yield s.handling("AfvisBevilling", bevilling, "Virksomhed", af="Virksomhed")
        bevilling = s.uuid()
        yield s.handling("UdstedBevilling", bevilling, timeTilskudsats=sats, **_grundlag(s, start, slut))
        yield s.handling("SendBevilling", bevilling)
    yield s.handling("GodkendBevilling", bevilling, "Virksomhed", af="Virksomhed")
    yield from _forlaengelser(s, start, slut)


def _forlaengelser(s: Skriver, start: date, slut: date) -> Iterator[Handling]:
    """Up to two extensions, then often an end: a third of them before the newest extension starts (R-2.2)."""
    for _ in range(s.rng.choice((0, 0, 1, 1, 2))):
        forlaengelse, ny = s.uuid(), slut + timedelta(days=s.rng.randrange(30, 120))
        ansoegt = s.rng.random() < 0.7
        if ansoegt:
            yield s.handling("AnsoegForlaengelse", forlaengelse, "Virksomhed", slutdato=_dag(ny))
        if ansoegt and s.rng.random() < 0.15:
            yield s.handling("AfslaaForlaengelse", forlaengelse, tekst="Der er ikke grundlag for en forlængelse.")
            continue
        yield s.handling("BevilgForlaengelse", forlaengelse, slutdato=_dag(ny))
        slut = ny
    yield from _ophoer(s, start, slut)


def _ophoer(s: Skriver, start: date, slut: date) -> Iterator[Handling]:
    if s.rng.random() < 0.45:
        return
    ophoer = s.uuid()
    beloeb = {
        "modtagetStoetteSeneste12Mdr": f"{s.rng.randrange(10_000, 90_000)}.00",
        "loenudgiftSeneste12Mdr": f"{s.rng.randrange(90_000, 400_000)}.50",
    }
    yield s.handling("RegistrerOphoer", ophoer, stopdato=_dag(_stop(s, start, slut)), **beloeb)
    if s.rng.random() < 0.2:
        yield s.handling("RetOphoer", ophoer, stopdato=_dag(_stop(s, start, slut)), **beloeb)
    if s.rng.random() < 0.2:
        yield s.handling("TilbagekaldOphoer", ophoer)


def _stop(s: Skriver, start: date, slut: date) -> date:
    """A last day: sometimes the first or the last of the grant, sometimes before it began."""
    return s.rng.choice(
        (start, slut, start - timedelta(days=3), *(start + timedelta(days=s.rng.randrange((slut - start).days)) for _ in range(5)))
    )


def _grundlag(s: Skriver, start: date, slut: date | None) -> dict[str, Any]:
    tid = f"{s.rng.randrange(400, 3700) / 100:.2f}"
    return {"periode": _periode(start, slut), "ugentligArbejdstid": tid, "kontaktpersonPaaArbejdsstedet": s.virksomhed.kontakt.som_data()}


def _periode(start: date, slut: date | None) -> dict[str, Any]:
    return {"startdato": _dag(start), **({"slutdato": _dag(slut)} if slut else {})}


def _medarbejder(s: Skriver) -> dict[str, Any]:
    return en_sagsbehandler(s.rng, s.jobcenter)._asdict()


def _dag(dag: date) -> str:
    return dag.isoformat()


FORLOEB: dict[str, Callable[[Skriver], Iterator[Handling]]] = {"Loentilskud": loentilskud, "Fleksjob": fleksjob}
"""Scheme → its life cycle."""
