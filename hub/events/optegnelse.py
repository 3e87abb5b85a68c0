"""From what `decide` gave to events as they are kept for ever: envelope, sealing, bytes, chain, and the case folded on."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

import orjson
from msgspec.structs import replace

from hub.domain.evolve import evolve
from hub.domain.haendelser import Data, Haendelse
from hub.domain.handlinger import AktoerIn
from hub.domain.kuvert import Aktoer, Kuvert
from hub.events.codec import Kodeks
from hub.events.hoveder import hoveder
from hub.events.ids import nyt_id
from hub.events.ledger_skriv import Outboxraekke
from hub.events.ordre import Ordre
from hub.events.schemas import Skemaregister
from hub.events.sealing import forsegl, forsegl_aktoer
from hub.events.stroem import Stroem


class Optegnelse(NamedTuple):
    """One order's events; `stroem` is its stream with the head moved past them."""

    stroem: Stroem
    haendelser: tuple[Haendelse, ...]
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

    def optegn(self, stroem: Stroem, ordre: Ordre, request_hash: bytes, data: Sequence[Data], laan: Laan) -> Optegnelse:
        """The order's events, in sequence; `stroem` itself is left as it is. Raises `KanIkkeIndkodes` and `KanIkkeFoldes`."""
        ny = stroem.kopi()
        haendelser = []
        outbox = []
        for del_ in data:
            haendelse = self._haendelse(ny, ordre, request_hash, del_, laan)
            vaerdi = self._kodeks.indkod(haendelse)
            kuvert = haendelse.kuvert
            ny.flyt(kuvert.version, sha256(vaerdi).digest(), kuvert.registreringstidspunkt, evolve(ny.sag, haendelse))
            haendelser.append(haendelse)
            tekst = orjson.dumps(hoveder(self._register, haendelse)).decode()
            outbox.append(Outboxraekke(ny.partition, ny.navn, ny.version, vaerdi, tekst))
        return Optegnelse(ny, tuple(haendelser), tuple(outbox))

    def _haendelse(self, stroem: Stroem, ordre: Ordre, request_hash: bytes, data: Data, laan: Laan) -> Haendelse:
        handling = ordre.handling
        id_ = nyt_id()
        borger_id = stroem.sag.borgerId if stroem.sag is not None else getattr(data, "borgerId", "")
        kuvert = Kuvert(
            haendelsesId=id_,
            sagsId=stroem.navn,
            version=stroem.version + 1,
            eksternIdentifier=handling.eksternIdentifier,
            haendelsestidspunkt=handling.haendelsestidspunkt,
            registreringstidspunkt=stroem.naeste_tid(laan.nu),
            aktoer=forsegl_aktoer(_aktoer(handling.aktoer), id_, laan.noegler[stroem.navn], stroem.navn),
            requestId=ordre.request_id,
            requestHash=request_hash,
            korrelationsId=ordre.request_id,
            forgaenger=stroem.hoved,
        )
        return Haendelse(kuvert, forsegl(data, id_, laan.noegler, stroem.navn, borger_id))


def med_borger(data: Data, borgere: Mapping[str, str]) -> Data:
    """The event's data with the `borgerId` of its citizen; `borgere` is by CPR. Other events as they are."""
    if getattr(data, "borgerId", None) == "":
        return replace(data, borgerId=borgere[data.personnummer])  # type: ignore[attr-defined]
    return data


def _aktoer(givet: AktoerIn) -> Aktoer:
    organisation = givet.organisation
    return Aktoer(
        type=givet.type,
        id=givet.id,
        navn=givet.navn,
        organisationstype=organisation.type if organisation else None,
        organisationskode=organisation.kode if organisation else None,
    )
