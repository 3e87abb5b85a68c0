"""The operators' own events, stream `drift` on `vitas.driftshaendelser`: parked, retried, discarded, rebuilt, restored, resent, swept."""

from datetime import datetime

import msgspec

from hub.domain.kuvert import Aktoer, Kuvert

STROEM = "drift"
INGEN_ANMODNING = bytes(32)


class Driftsdata(msgspec.Struct, frozen=True, gc=False):
    """What every operators' event's data derive from; the class's name is the event's type."""


class HaendelseParkeret(Driftsdata, frozen=True, gc=False):
    """An event could not be applied, or stands behind one that could not, and was set aside (architecture 12)."""

    partition: int
    kafkaOffset: int
    stroem: str
    slags: str
    fejl: str


class HaendelseGenkoert(Driftsdata, frozen=True, gc=False):
    """A parked event was applied and notified."""

    partition: int
    kafkaOffset: int
    stroem: str
    hvem: str
    hvorfor: str | None = None


class HaendelseKasseret(Driftsdata, frozen=True, gc=False):
    """A parked event was discarded: the case folds without it."""

    partition: int
    kafkaOffset: int
    stroem: str
    hvem: str
    hvorfor: str


class GenkoerselMislykket(Driftsdata, frozen=True, gc=False):
    """A parked event was tried again and failed again: it stays parked for `fejl`, and what is behind it waits."""

    partition: int
    kafkaOffset: int
    stroem: str
    fejl: str
    hvem: str
    hvorfor: str


class GenopbygningUdfoert(Driftsdata, frozen=True, gc=False):
    """A generation of the read models took over: a rebuilt one, or the one before again (`tilbage`).

    Or one case (`sagsId`) was written anew into the serving one.
    """

    generation: int
    haendelser: int
    forskelle: int
    hvem: str
    sagsId: str | None = None
    hvorfor: str | None = None
    tilbage: bool = False


class GenskabelseUdfoert(Driftsdata, frozen=True, gc=False):
    """Ledger, read models, parked set and numbers were restored from the log, or nothing but acts' rows (so many: `akter`)."""

    haendelser: int
    sager: int
    parkerede: int
    notifikationer: int
    hvem: str
    hvorfor: str | None = None
    akter: int | None = None


class GenudsendelseBegyndt(Driftsdata, frozen=True, gc=False):
    """Sending a jobcentre's notifications again began, or went on after it was cut short: `antal` from number `fra` to `til` are due."""

    jobCenterKode: str
    valg: str
    fra: int
    til: int
    antal: int
    hvem: str
    hvorfor: str


class GenudsendelseUdfoert(Driftsdata, frozen=True, gc=False):
    """Notifications were sent again to the last one asked for; `antal` by this run and those of the same choice that were cut short."""

    jobCenterKode: str
    valg: str
    fra: int
    til: int
    antal: int
    hvem: str
    hvorfor: str


class DokumentoprydningUdfoert(Driftsdata, frozen=True, gc=False):
    """The document store was swept: rows of uploads that went, and drafts and files that no key knows, with their bytes on disk."""

    uploads: int
    kladder: int
    filer: int
    bytes: int
    hvem: str
    hvorfor: str | None = None


DRIFTSHAENDELSER: tuple[type[Driftsdata], ...] = (
    HaendelseParkeret,
    HaendelseGenkoert,
    HaendelseKasseret,
    GenkoerselMislykket,
    GenopbygningUdfoert,
    GenskabelseUdfoert,
    GenudsendelseBegyndt,
    GenudsendelseUdfoert,
    DokumentoprydningUdfoert,
)


class Driftshaendelse(msgspec.Struct, frozen=True, gc=False):
    """One operators' event: envelope (its `sagsId` is `drift`) and data."""

    kuvert: Kuvert
    data: Driftsdata

    @property
    def type(self) -> str:
        """The event's type, e.g. `HaendelseParkeret`."""
        return type(self.data).__name__


def driftskuvert(haendelses_id: str, version: int, forgaenger: bytes | None, nu: datetime, hvem: str) -> Kuvert:
    """The envelope of an operators' event; `nu` is aware UTC, `hvem` is at work (open)."""
    return Kuvert(
        haendelsesId=haendelses_id,
        sagsId=STROEM,
        version=version,
        eksternIdentifier=STROEM,
        haendelsestidspunkt=nu,
        registreringstidspunkt=nu,
        aktoer=Aktoer("System", id=hvem),
        requestId=haendelses_id,
        requestHash=INGEN_ANMODNING,
        korrelationsId=haendelses_id,
        forgaenger=forgaenger,
    )
