"""What a story is: what it plays, what was seen, what should be seen, and the lines a person reads."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any, NamedTuple

from hub.events.ordningsnotifikation import Ordningsnotifikation
from hub.local.demo.scene import Scene

DATOER = ("bevilgetPeriode", "gaeldendePeriode", "oprindeligSlutdato", "slutdatoFoerOphoer", "aktuelSlutdato", "status", "annulleretAf")
LANGT = 80
"""The most characters of a value that a line shows."""

ENKELTE = {None: "–", True: "ja", False: "nej"}


class Fortalt(NamedTuple):
    """A story that was played: `seen` and `expected` are compared; `linjer` are for a person."""

    seen: Any
    expected: Any
    linjer: list[str]


class Historie(NamedTuple):
    """A story: the rule it tells of (or the promise), its title, and how it is played; `til_sidst`: once all others have ended."""

    regel: str
    titel: str
    spil: Callable[[Scene], Awaitable[Fortalt]]
    til_sidst: bool = False


class Kapitel(NamedTuple):
    """A chapter of the release note, or of the hub's own, with its stories in the order they are told."""

    nummer: int
    titel: str
    historier: tuple[Historie, ...]


class Resultat(NamedTuple):
    """A story's result, as `hub demo --json` shows it."""

    rule: str
    title: str
    ok: bool
    seen: Any
    expected: Any


def notifikationer(liste: Iterable[Ordningsnotifikation]) -> list[str]:
    """Notifications as a jobcentre sees them."""
    return [f"   ← nr. {n.nummer}: {n.getMetode}, version {n.version}, {'oprettet' if n.erOprettelse else 'ændret'}" for n in liste]


def uddrag(navn: str, dokument: dict[str, Any], *felter: str) -> list[str]:
    """Some fields of a document, one line each; those of `DATOER` that it has when none is named."""
    valgte = felter or tuple(felt for felt in DATOER if felt in dokument)
    return [f"   {navn} version {dokument['version']}", *(f"      {felt:<26} {_vis(dokument.get(felt))}" for felt in valgte)]


def tidslinje(historik: dict[str, Any]) -> list[str]:
    """A case's history, one line an event."""
    return [f"   {h['version']:>3}  {h['haendelsestidspunkt'][:16].replace('T', ' ')}  {h['type']}" for h in historik["haendelser"]]


def gammel(besked: str, galt: str) -> str:
    """What the legacy message said, and what was wrong with it."""
    return f"   the legacy message:  {besked}   ← {galt}"


def udsnit(dokument: dict[str, Any], *felter: str) -> dict[str, Any]:
    """Some fields of a document; one that it does not have is missing here too."""
    return {felt: dokument[felt] for felt in felter if felt in dokument}


def _vis(vaerdi: Any) -> str:
    if isinstance(vaerdi, dict):
        return _sammensat(vaerdi)
    if isinstance(vaerdi, list):
        return ", ".join(_vis(led) for led in vaerdi) or "ingen"
    tekst = ENKELTE.get(vaerdi, str(vaerdi)) if isinstance(vaerdi, bool | None) else str(vaerdi)
    return tekst if len(tekst) <= LANGT else f"{tekst[:LANGT]}… ({len(tekst)} tegn)"


def _sammensat(vaerdi: dict[str, Any]) -> str:
    if vaerdi.keys() == {"startdato", "slutdato"}:
        return f"{vaerdi['startdato']} – {vaerdi['slutdato'] or 'uden slut'}"
    if "timerPrUge" in vaerdi:
        return f"{vaerdi['timerPrUge']}:{vaerdi['minutterPrUge']:02d}"
    if "kode" in vaerdi:
        return f"{vaerdi['kode']} {vaerdi['navn']}"
    if "afkortet" in vaerdi:
        return f"{_vis(vaerdi['tekst'])} {'(afkortet af ' + str(vaerdi['laengde']) + ' tegn)' if vaerdi['afkortet'] else ''}".rstrip()
    if "udfyldt" in vaerdi:
        return f"{'' if vaerdi['udfyldt'] else '✗ '}{vaerdi['navn'] or vaerdi.get('nr')}"
    return str(vaerdi["navn"]) if "navn" in vaerdi else ", ".join(_vis(led) for led in vaerdi.values() if led is not None)
