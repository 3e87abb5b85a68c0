"""What the life cycles of several schemes share: the jobcentre's work, extensions, terminations; the odds are believable, not measured."""

from collections.abc import Callable, Generator, Iterator
from datetime import date, timedelta
from typing import Any

from hub.domain.satser import ORDNINGENS_SATSER
from hub.local.personer import ANDEN_AKTOER, TEAMS, en_sagsbehandler
from hub.local.skriver import Handling, Skriver

Forloeb = Callable[[Skriver], Iterator[Handling]]


def behandling(s: Skriver, akt: str) -> Iterator[Handling]:
    """What a jobcentre does with a case: assign it, take it over, let it go, move it."""
    yield s.handling("TildelSag", akt, team=s.rng.choice(TEAMS), medarbejder=medarbejder(s))
    if s.sker(0.1):
        yield s.handling("OvertagSag", akt, medarbejder=medarbejder(s))
        if s.sker(0.3):
            yield s.handling("FrigivSag", akt)
    if s.sker(0.05):
        yield from flyt(s, akt)


def flyt(s: Skriver, akt: str) -> Iterator[Handling]:
    """The case goes to another jobcentre, which acknowledges it."""
    modtager = "14700" if s.jobcenter != "14700" else "10100"
    yield s.handling("FlytSag", akt, modtagendeJobCenterKode=modtager)
    s.jobcenter = modtager
    yield s.handling("KvitterFlytning", akt)


def hos_anden_aktoer(s: Skriver, ansoegning: str) -> Generator[Handling, None, str]:
    """Handed to a contractor, who decides it, or taken back, sometimes rejected towards the contractor first (R-2.3); gives who decides."""
    yield s.handling("SendTilAndenAktoer", ansoegning, andenAktoer=ANDEN_AKTOER, tekst="Til jeres behandling.")
    if s.sker(0.5):
        return "AndenAktoer"
    if s.sker(0.4):
        yield s.handling("AfvisTilAndenAktoer", ansoegning, tekst="Virksomheden opfylder ikke betingelserne.")
    yield s.handling("OvertagFraAndenAktoer", ansoegning)
    return "Sagsbehandler"


def godkendelse(s: Skriver, bevilling: str, borger: bool = False) -> Iterator[Handling]:
    """The grant is sent, sometimes once more, and approved by the company, then perhaps by the citizen."""
    yield s.handling("SendBevilling", bevilling)
    if s.sker(0.06):
        yield s.handling("GenfremsendBevilling", bevilling)
    yield s.handling("GodkendBevilling", bevilling, "Virksomhed", af="Virksomhed")
    if borger:
        yield s.handling("GodkendBevilling", bevilling, "Borger", af="Borger")


def forlaengelser(s: Skriver, slut: date, hoejst: int = 2, dage: int = 120) -> Iterator[Handling | date]:
    """Up to `hoejst` extensions, some refused; the last thing given is the end in force."""
    for _ in range(s.rng.choice((0, 0, *range(hoejst + 1)))):
        forlaengelse, ny = s.uuid(), slut + s.om(dage // 4, dage)
        ansoegt = s.sker(0.7)
        if ansoegt:
            yield s.handling("AnsoegForlaengelse", forlaengelse, "Virksomhed", slutdato=ny.isoformat())
        if ansoegt and s.sker(0.15):
            yield s.handling("AfslaaForlaengelse", forlaengelse, tekst="Der er ikke grundlag for en forlængelse.")
            continue
        yield s.handling("BevilgForlaengelse", forlaengelse, slutdato=ny.isoformat())
        yield from satsrettelse(s, forlaengelse)
        slut = ny
    yield slut


def satsrettelse(s: Skriver, akt: str) -> Iterator[Handling]:
    """In a scheme that has rates: now and then one is put right after it was decided, by its own code or another (R-3.6)."""
    koder = sorted(ORDNINGENS_SATSER.get(s.ordning, ()))
    if koder and s.sker(0.05):
        anden: dict[str, Any] = {"timeTilskudsats": s.rng.choice(koder)} if s.sker(0.4) else {}
        yield s.handling("RetTilskudssats", akt, **anden)


def ophoer(s: Skriver, start: date, slut: date | None, chance: float, **beloeb: str) -> Iterator[Handling]:
    """An early end, sometimes corrected, sometimes withdrawn; also before the beginning, on the first and on the last day (R-2.2)."""
    if not s.sker(chance):
        return
    akt = s.uuid()
    yield s.handling("RegistrerOphoer", akt, stopdato=_stop(s, start, slut), aarsag=_aarsag(s), **beloeb)
    if s.sker(0.2):
        yield s.handling("RetOphoer", akt, stopdato=_stop(s, start, slut), **beloeb)
    if s.sker(0.2):
        yield s.handling("TilbagekaldOphoer", akt)


def forlaeng_og_afslut(s: Skriver, start: date, slut: date, chance: float, **beloeb: str) -> Iterator[Handling]:
    """Extensions, then perhaps an early end of what they came to."""
    for skridt in forlaengelser(s, slut):
        if isinstance(skridt, date):
            yield from ophoer(s, start, skridt, chance, **beloeb)
        else:
            yield skridt


def periode(start: date, slut: date | None) -> dict[str, str]:
    """A period as an action names it; an open end is left out."""
    return {"startdato": start.isoformat(), **({"slutdato": slut.isoformat()} if slut else {})}


def timer(s: Skriver) -> str:
    """Weekly hours, exact, seldom a whole quarter."""
    return f"{s.rng.randrange(400, 3700) / 100:.2f}"


def medarbejder(s: Skriver) -> dict[str, Any]:
    """A caseworker of the case's jobcentre."""
    return en_sagsbehandler(s.rng, s.jobcenter)._asdict()


def _aarsag(s: Skriver) -> str | None:
    return s.rng.choice((None, None, "Borgeren har fået ordinært arbejde.", "Efter aftale mellem parterne.", "Virksomheden er lukket."))


def _stop(s: Skriver, start: date, slut: date | None) -> str:
    dage = (slut - start).days if slut else 300
    kanter = (start, slut or start, start - timedelta(days=3))
    return s.rng.choice((*kanter, *(start + timedelta(days=s.rng.randrange(dage + 1)) for _ in range(5)))).isoformat()
