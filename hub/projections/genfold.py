"""Fold one case anew from its records, through the same `project`, with what should have been told: the side that verify trusts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from hub.domain.haendelser import Haendelse
from hub.domain.sag import Sag
from hub.events.framing import skema_id
from hub.projections.indgang import Afkoder, Indgang, sagens_indgange
from hub.projections.indgang import stroem as stroem_for
from hub.projections.live import Notificer
from hub.projections.metoder import Billede
from hub.projections.ombyg import Afveje
from hub.projections.project import Foelg, Sagsgang, Sidespor, Tilstand
from hub.projections.samling import Raa

TOM = Tilstand()


class Linje(NamedTuple):
    """What the timeline must have of one event."""

    version: int
    partition: int
    kafka_offset: int
    registreret: datetime
    aftryk: bytes


class Paa(NamedTuple):
    """One record as it lies on the log: the hash of its bytes, the event in them, None when there is none, and its schema's id."""

    aftryk: bytes
    haendelse: Any
    skema: int | None


@dataclass
class Foldet:
    """One case folded from the log.

    `paa_log` has every record by its offset, `til_side` what is parked or discarded by its hash, `afviste` what should have been,
    `varsler` each notification due with the offset of its event, `akter` each act with that of its first event, and `anmodninger` each
    request with that of its first event, and the events applied.
    """

    stroem: str
    partition: int
    tilstand: Tilstand = TOM
    billede: Billede = field(default_factory=dict)
    linjer: list[Linje] = field(default_factory=list)
    varsler: list[tuple[int, Any]] = field(default_factory=list)
    akter: dict[str, int] = field(default_factory=dict)
    anmodninger: dict[str, tuple[int, list[Haendelse]]] = field(default_factory=dict)
    paa_log: dict[int, Paa] = field(default_factory=dict)
    til_side: dict[bytes, Haendelse | None] = field(default_factory=dict)
    kasserede: set[bytes] = field(default_factory=set)
    afviste: list[tuple[Indgang, str]] = field(default_factory=list)
    gentagelser: int = 0

    @property
    def sted(self) -> tuple[int, int]:
        """Partition and offset of the last event applied; offset -1 when none was."""
        return self.partition, self.linjer[-1].kafka_offset if self.linjer else -1


def genfold(sted: tuple[int, bytes], raa: Sequence[Raa], afveje: Afveje, kodeks: Afkoder, notificer: Notificer) -> Foldet:
    """One case (`sted`: partition and key) from its first record to its last, without those parked or discarded.

    `notificer` gives what an event should have told. Never raises for what lies on the log.
    """
    partition, noegle = sted
    foldet = Foldet(stroem_for(noegle, partition, raa[0].offset), partition)
    parkerede: set[bytes] = set()
    gang = Sagsgang(Tilstand(), Sidespor(parkerede, foldet.kasserede), _foelger(notificer))
    for indgang in sagens_indgange(partition, noegle, raa, kodeks):
        haendelse = indgang.haendelse
        foldet.paa_log[indgang.offset] = Paa(indgang.aftryk, haendelse, skema_id(indgang.vaerdi))
        tilstand = afveje.get((partition, indgang.offset), "genkoert")
        if tilstand == "genkoert":
            gang.tag(indgang)
            continue
        foldet.til_side[indgang.aftryk] = haendelse
        (foldet.kasserede if tilstand == "kasseret" else parkerede).add(indgang.aftryk)
    gang.afslut()
    return _udfyldt(foldet, gang)


def _foelger(notificer: Notificer) -> Foelg:
    def foelg(indgang: Indgang, haendelse: Haendelse, foer: Sag | None, efter: Sag) -> Sequence[Any]:
        return notificer(foer, haendelse, efter)

    return foelg


def _udfyldt(foldet: Foldet, gang: Sagsgang) -> Foldet:
    foldet.tilstand, foldet.billede, foldet.gentagelser = gang.efter, gang.billede, len(gang.sprungne)
    foldet.afviste = [(p.indgang, p.fejl) for p in gang.parkeringer]
    for skridt in gang.skridt:
        kuvert, indgang = skridt.haendelse.kuvert, skridt.indgang
        linje = Linje(kuvert.version, indgang.partition, indgang.offset, kuvert.registreringstidspunkt, indgang.aftryk)
        foldet.linjer.append(linje)
        foldet.akter.setdefault(kuvert.eksternIdentifier, indgang.offset)
        foldet.anmodninger.setdefault(kuvert.requestId, (indgang.offset, []))[1].append(skridt.haendelse)
        foldet.varsler += [(indgang.offset, udkast) for udkast in skridt.udkast]
    return foldet
