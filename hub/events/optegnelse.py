"""From what `decide` gave to events as they are kept for ever: envelope, sealing, bytes, chain, and the case folded on."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

import orjson

from hub.domain.handlinger import AktoerIn
from hub.domain.kuvert import Aktoer, Kuvert
from hub.events.arter import ARTER, DOERE
from hub.events.codec import Kodeks
from hub.events.hoveder import hoveder
from hub.events.ids import nyt_id
from hub.events.ledger_skriv import Outboxraekke
from hub.events.ordre import Ordre
from hub.events.schemas import Skemaregister
from hub.events.stroem import Stroem


class Optegnelse(NamedTuple):
    """One order's events; `stroem` is its stream with the head moved past them."""

    stroem: Stroem
    haendelser: tuple[Any, ...]
    outbox: tuple[Outboxraekke, ...]


class Laan(NamedTuple):
    """What the whole transaction shares: the keys by name, the database's clock."""

    noegler: Mapping[str, bytes]
    nu: datetime


class Optegner:
    """Makes events with the newest schemas."""

    def __init__(self, register: Skemaregister, kodeks: Kodeks) -> None:
        self._register = register
        self._kodeks = kodeks

    def optegn(self, stroem: Stroem, ordre: Ordre, request_hash: bytes, data: Sequence[Any], laan: Laan) -> Optegnelse:
        """The order's events, in sequence; `stroem` itself is left as it is. Raises `KanIkkeIndkodes` and `KanIkkeFoldes`."""
        art, ny = ARTER[ordre.topic], stroem.kopi()
        haendelser = []
        outbox = []
        for del_ in data:
            haendelse = self._haendelse(ny, ordre, request_hash, del_, laan)
            vaerdi = art.indkod(self._kodeks, haendelse)
            kuvert = haendelse.kuvert
            ny.flyt(kuvert.version, sha256(vaerdi).digest(), kuvert.registreringstidspunkt, art.evolve(ny.sag, haendelse))
            haendelser.append(haendelse)
            tekst = orjson.dumps(hoveder(self._register, haendelse)).decode()
            outbox.append(Outboxraekke(ny.partition, ny.navn, ny.version, vaerdi, tekst))
        return Optegnelse(ny, tuple(haendelser), tuple(outbox))

    def _haendelse(self, stroem: Stroem, ordre: Ordre, request_hash: bytes, data: Any, laan: Laan) -> Any:
        handling = ordre.handling
        registreret = stroem.naeste_tid(laan.nu)
        kuvert = Kuvert(
            haendelsesId=nyt_id(),
            sagsId=stroem.navn,
            version=stroem.version + 1,
            eksternIdentifier=handling.eksternIdentifier,
            haendelsestidspunkt=handling.haendelsestidspunkt or registreret,
            registreringstidspunkt=registreret,
            aktoer=_aktoer(handling.aktoer),
            requestId=ordre.request_id,
            requestHash=request_hash,
            korrelationsId=ordre.request_id,
            forgaenger=stroem.hoved,
        )
        return DOERE[ordre.topic].luk(kuvert, data, laan.noegler, stroem.sag)


def _aktoer(givet: AktoerIn) -> Aktoer:
    organisation = givet.organisation
    return Aktoer(
        type=givet.type,
        id=givet.id,
        navn=givet.navn,
        organisationstype=organisation.type if organisation else None,
        organisationskode=organisation.kode if organisation else None,
    )
