"""What a story is: what it plays, what was seen, what should be seen, and the lines a person reads."""

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from hub.events.ordningsnotifikation import Ordningsnotifikation
from hub.local.demo.scene import Scene

DATOER = ("bevilgetPeriode", "gaeldendePeriode", "oprindeligSlutdato", "slutdatoFoerOphoer", "aktuelSlutdato", "status", "annulleretAf")


class Fortalt(NamedTuple):
    """A story that was played: `seen` and `expected` are compared; `linjer` are for a person."""

    seen: Any
    expected: Any
    linjer: list[str]


class Historie(NamedTuple):
    """A story: the rule it tells of (or the promise), its title, and how it is played."""

    regel: str
    titel: str
    spil: Callable[[Scene], Awaitable[Fortalt]]


class Resultat(NamedTuple):
    """A story's result, as `hub demo --json` shows it."""

    rule: str
    title: str
    ok: bool
    seen: Any
    expected: Any


def notifikationer(liste: list[Ordningsnotifikation]) -> list[str]:
    """Notifications as a jobcentre sees them."""
    return [f"   ← nr. {n.nummer}: {n.getMetode}, version {n.version}, {'oprettet' if n.erOprettelse else 'ændret'}" for n in liste]


def datoer(navn: str, dokument: dict[str, Any]) -> list[str]:
    """The dates of a document, one line each."""
    linjer = [f"   {navn} version {dokument['version']}"]
    return linjer + [f"      {felt:<20} {_vis(dokument[felt])}" for felt in DATOER if felt in dokument]


def tidslinje(historik: dict[str, Any]) -> list[str]:
    """A case's history, one line an event."""
    return [f"   {h['version']:>3}  {h['haendelsestidspunkt'][:16].replace('T', ' ')}  {h['type']}" for h in historik["haendelser"]]


def udsnit(dokument: dict[str, Any], *felter: str) -> dict[str, Any]:
    """Some fields of a document."""
    return {felt: dokument[felt] for felt in felter}


def _vis(vaerdi: Any) -> str:
    if isinstance(vaerdi, dict):
        return f"{vaerdi['startdato']} – {vaerdi['slutdato'] or 'uden slut'}"
    return "–" if vaerdi is None else str(vaerdi)
