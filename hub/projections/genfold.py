"""Fold the log anew in memory, case by case, through the same `project`: what verify compares the database with."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from hub.projections.indgang import Indgang
from hub.projections.project import Sagsgang, Sidespor, Tilstand, ingenting


class Linje(NamedTuple):
    """What the timeline must have of one event."""

    version: int
    partition: int
    kafka_offset: int
    registreret: datetime
    aftryk: bytes


class Foldet:
    """One case folded from the log: its state, its timeline, hashes of what was set aside, and events that should have been."""

    def __init__(self) -> None:
        self.tilstand = Tilstand()
        self.linjer: list[Linje] = []
        self.til_side: set[bytes] = set()
        self.afviste: list[tuple[Indgang, str]] = []
        self._kendte: dict[int, bytes] = {}

    @property
    def sted(self) -> tuple[int, int]:
        """Partition and offset of the last event applied, (-1, -1) when none was."""
        return (self.linjer[-1].partition, self.linjer[-1].kafka_offset) if self.linjer else (-1, -1)

    def tag(self, indgange: Sequence[Indgang], afveje: Mapping[tuple[int, int], str]) -> int:
        """Fold the case's next records, without those parked or discarded; how many were identical repeats."""
        gang = Sagsgang(self.tilstand, Sidespor(kasserede=self.til_side, kendte=self._kendte), ingenting)
        for indgang in indgange:
            if afveje.get((indgang.partition, indgang.offset), "genkoert") == "genkoert":
                gang.tag(indgang)
            else:
                self.til_side.add(indgang.aftryk)
        self.tilstand = gang.efter
        self.afviste += [(p.indgang, p.fejl) for p in gang.parkeringer]
        for s in gang.skridt:
            k = s.haendelse.kuvert
            self._kendte[k.version] = s.indgang.aftryk
            self.linjer.append(Linje(k.version, s.indgang.partition, s.indgang.offset, k.registreringstidspunkt, s.indgang.aftryk))
        return len(gang.sprungne)


class Genfold:
    """Every case of one pass over the log. `afveje`: (partition, offset) → parked, genkoert, kasseret."""

    def __init__(self, afveje: Mapping[tuple[int, int], str]) -> None:
        self.sager: dict[str, Foldet] = {}
        self.gentagelser = 0
        self._afveje = afveje

    def tag(self, indgange: Sequence[Indgang]) -> None:
        """Fold the next records of a partition."""
        per_sag: dict[str, list[Indgang]] = defaultdict(list)
        for indgang in indgange:
            per_sag[indgang.stroem].append(indgang)
        for stroem, egne in per_sag.items():
            self.gentagelser += self.sager.setdefault(stroem, Foldet()).tag(egne, self._afveje)
