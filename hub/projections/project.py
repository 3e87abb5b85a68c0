"""project: fold a part of the log, case by case. Pure; live, catch-up, rebuild and verify call the same (architecture 4, 10).

Each event is applied, skipped (an identical repeat) or set aside; behind one that was set aside its case's later ones wait,
other cases flow. The views are worked out once per case, on its state after the part.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from typing import Any, NamedTuple

import msgspec

from hub.domain.evolve import evolve
from hub.domain.haendelser import Haendelse
from hub.domain.kuvert import Kuvert
from hub.domain.sag import Sag
from hub.projections.indgang import HAENDELSENS_FEJL, Indgang, Kaedebrud, fejltekst
from hub.projections.metoder import Billede, billede

FEJL, VENTER = "fejl", "venter"
BAGVED = "behind an event of its case that was set aside"
INGEN: frozenset[bytes] = frozenset()


class Tilstand(NamedTuple):
    """A case as it was before the part: folded, and the SHA-256 of the last event applied; both null before the first."""

    sag: Sag | None = None
    hoved: bytes | None = None


class Sidespor(NamedTuple):
    """What was set aside of a case before the part: hashes still parked and discarded; `kendte` version → hash of old events."""

    parkerede: Set[bytes] = INGEN
    kasserede: Set[bytes] = INGEN
    kendte: Mapping[int, bytes] = {}


class Skridt(msgspec.Struct, frozen=True, gc=False):
    """One event applied: the case before and after, and what `foelg` made of it."""

    indgang: Indgang
    haendelse: Haendelse
    foer: Sag | None
    efter: Sag
    udkast: Sequence[Any]


class Parkering(NamedTuple):
    """One event to set aside: `fejl` (it failed) or `venter` (behind one that failed)."""

    indgang: Indgang
    slags: str
    fejl: str


Foelg = Callable[[Indgang, Haendelse, Sag | None, Sag], Sequence[Any]]
"""Called with each event once it is folded; what it raises (of HAENDELSENS_FEJL) parks the event."""

Vis = Callable[[Sag | None], Billede]
"""Works out the views of a case; what it raises (of HAENDELSENS_FEJL) parks the event that it cannot show."""


def ingenting(indgang: Indgang, haendelse: Haendelse, foer: Sag | None, efter: Sag) -> Sequence[Any]:
    """Follow an event with nothing: rebuild and verify."""
    return ()


class Sagsgang:
    """One case on its way through a part."""

    def __init__(self, foer: Tilstand, sidespor: Sidespor, foelg: Foelg, vis: Vis = billede) -> None:
        self.foer = foer
        self.skridt: list[Skridt] = []
        self.parkeringer: list[Parkering] = []
        self.sprungne: list[Indgang] = []
        self.billede: Billede = {}
        self._sag, self._hoved = foer
        self._sidespor = sidespor
        self._foelg = foelg
        self._vis = vis
        self._kendte = dict(sidespor.kendte)

    @property
    def efter(self) -> Tilstand:
        """The case after the events applied so far."""
        return Tilstand(self._sag, self._hoved)

    def tag(self, indgang: Indgang) -> None:
        """Apply the event, skip it, or set it aside."""
        if self._gentaget(indgang):
            self.sprungne.append(indgang)
        elif self.parkeringer or self._sidespor.parkerede:
            self.parkeringer.append(Parkering(indgang, VENTER, BAGVED))
        elif indgang.haendelse is None:
            self.parkeringer.append(Parkering(indgang, FEJL, indgang.fejl or ""))
        else:
            self._anvend(indgang, indgang.haendelse)

    def afslut(self) -> None:
        """Work out the views of the last state; where they fail, keep only the events before the first one that makes them fail."""
        try:
            self.billede = self._vis(self.efter.sag)
        except HAENDELSENS_FEJL:
            self._afkort(self._foerste_uvisbare())
            self.billede = self._vis(self.efter.sag)

    def afbryd(self, antal: int, fejl: str) -> None:
        """Keep the first `antal` events; set the next one aside for `fejl`, and the others behind it. Views are of the kept ones."""
        self._afkort((antal, fejl))
        self.billede = self._vis(self.efter.sag)

    def _gentaget(self, indgang: Indgang) -> bool:
        aftryk, haendelse = indgang.aftryk, indgang.haendelse
        if haendelse is not None and self._kendte.get(haendelse.kuvert.version) == aftryk:
            return True
        if aftryk in self._sidespor.kasserede or aftryk in self._sidespor.parkerede:
            return True
        return bool(self.parkeringer) and any(aftryk == p.indgang.aftryk for p in self.parkeringer)

    def _anvend(self, indgang: Indgang, haendelse: Haendelse) -> None:
        foer, kuvert = self._sag, haendelse.kuvert
        try:
            _kraev_kaede(kuvert, foer.version if foer else 0, self._hoved, self._sidespor.kasserede)
            efter = evolve(foer, haendelse)
            udkast = self._foelg(indgang, haendelse, foer, efter)
        except HAENDELSENS_FEJL as fejl:
            self.parkeringer.append(Parkering(indgang, FEJL, fejltekst(fejl)))
            return
        self.skridt.append(Skridt(indgang, haendelse, foer, efter, udkast))
        self._sag, self._hoved = efter, indgang.aftryk
        self._kendte[kuvert.version] = indgang.aftryk

    def _foerste_uvisbare(self) -> tuple[int, str]:
        for nummer, skridt in enumerate(self.skridt):
            try:
                self._vis(skridt.efter)
            except HAENDELSENS_FEJL as fejl:
                return nummer, fejltekst(fejl)
        raise AssertionError("the last state could not be shown, yet every step can")

    def _afkort(self, ved: tuple[int, str]) -> None:
        antal, fejl = ved
        foerste, *andre = [s.indgang for s in self.skridt[antal:]]
        bagved = [Parkering(i, VENTER, BAGVED) for i in andre]
        gamle = [Parkering(p.indgang, VENTER, BAGVED) for p in self.parkeringer]
        self.parkeringer = [Parkering(foerste, FEJL, fejl), *bagved, *gamle]
        del self.skridt[antal:]
        self._sag, self._hoved = Tilstand(self.skridt[-1].efter, self.skridt[-1].indgang.aftryk) if self.skridt else self.foer


def _kraev_kaede(kuvert: Kuvert, version: int, hoved: bytes | None, kasserede: Set[bytes]) -> None:
    """The event must follow on the head, or on an event that an operator discarded. Raises `Kaedebrud`."""
    if kuvert.version == version + 1 and kuvert.forgaenger == hoved:
        return
    if kuvert.version > version and kuvert.forgaenger in kasserede:
        return
    grund = "a version that the case already has, with other bytes" if kuvert.version <= version else "not the next of its case"
    raise Kaedebrud(f"version {kuvert.version} after {version}: {grund}, or its predecessor is another one")


def fold(
    tilstande: Mapping[str, Tilstand], sidespor: Mapping[str, Sidespor], indgange: Iterable[Indgang], foelg: Foelg = ingenting
) -> dict[str, Sagsgang]:
    """Fold a part: case → its way through it. Cases missing in `tilstande` are new. Never raises for what lies on the log."""
    gange: dict[str, Sagsgang] = {}
    for indgang in indgange:
        gang = gange.get(indgang.stroem)
        if gang is None:
            gang = gange[indgang.stroem] = Sagsgang(
                tilstande.get(indgang.stroem, Tilstand()), sidespor.get(indgang.stroem, Sidespor()), foelg
            )
        gang.tag(indgang)
    for gang in gange.values():
        gang.afslut()
    return gange
