"""The reference streams folded: what stands now and all that stood before; rows are history, never overwritten (R-2.1, R-3.1, R-3.4).

A stream is named after what it is about: a CVR number, `sats-<kode>`, `afslagstekst-<ordning>`, `kodeliste-<liste>`.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from hub.domain.foldning import KanIkkeFoldes
from hub.domain.koder import KodeRaekke, kilde_til
from hub.domain.opslag import SatsRaekke, TekstRaekke
from hub.domain.reference_haendelser import (
    AfslagstekstRegistreret,
    KodeRegistreret,
    KonfliktOphoert,
    KonfliktRegistreret,
    Referencedata,
    Referencehaendelse,
    SatsRegistreret,
)

REFERENCE_FOLD_VERSION = 1
"""Raised when the fold below gives something else for the same events."""


class Konfliktregistrering(msgspec.Struct, frozen=True, gc=False):
    """One registration of a company: `til` is when it was ended or replaced, null while it stands; times are aware UTC."""

    kilde: str
    fra: date
    fagomraader: tuple[str, ...]
    registreret: datetime
    til: datetime | None = None


class Konfliktregister(msgspec.Struct, frozen=True, gc=False, tag="konflikter"):
    """A company's registrations, oldest first."""

    cvrNummer: str
    version: int
    raekker: tuple[Konfliktregistrering, ...] = ()

    @property
    def staaende(self) -> Konfliktregistrering | None:
        """The registration that stands."""
        sidste = self.raekker[-1] if self.raekker else None
        return sidste if sidste is not None and sidste.til is None else None


class Satsliste(msgspec.Struct, frozen=True, gc=False, tag="satser"):
    """The registered rows of one rate, in the order of their registration."""

    version: int
    raekker: tuple[SatsRaekke, ...] = ()


class Tekstliste(msgspec.Struct, frozen=True, gc=False, tag="afslagstekster"):
    """The registered rejection texts of one scheme, in the order of their registration."""

    version: int
    raekker: tuple[TekstRaekke, ...] = ()


class Kodeliste(msgspec.Struct, frozen=True, gc=False, tag="koder"):
    """The registered rows of one code list, in the order of their registration."""

    version: int
    raekker: tuple[KodeRaekke, ...] = ()


Reference = Konfliktregister | Satsliste | Tekstliste | Kodeliste
"""What a reference stream folds to."""


def kilde(stroem: str, version: int) -> str:
    """The name of what one event of a stream registered, as events of cases keep it."""
    return f"{stroem}@{version}"


def evolve_reference(tilstand: Reference | None, haendelse: Referencehaendelse) -> Reference:
    """The stream after its next event. Raises `KanIkkeFoldes`."""
    fold, klasse = FOLD[type(haendelse.data)]
    if tilstand is not None and not isinstance(tilstand, klasse):
        raise KanIkkeFoldes(f"{haendelse.type} on a stream of another kind")
    efter: Reference = fold(tilstand, haendelse)
    return efter


def _konflikt(register: Konfliktregister | None, haendelse: Referencehaendelse) -> Konfliktregister:
    d: Any = haendelse.data
    k = haendelse.kuvert
    ny = Konfliktregistrering(kilde(k.sagsId, k.version), d.fra, d.fagomraader, k.registreringstidspunkt)
    foer = _lukket(register, k.registreringstidspunkt) if register is not None else ()
    return Konfliktregister(d.cvrNummer, k.version, (*foer, ny))


def _konflikt_ophoert(register: Konfliktregister | None, haendelse: Referencehaendelse) -> Konfliktregister:
    if register is None or register.staaende is None:
        raise KanIkkeFoldes("no conflict stands")
    k = haendelse.kuvert
    return replace(register, version=k.version, raekker=_lukket(register, k.registreringstidspunkt))


def _lukket(register: Konfliktregister, nu: datetime) -> tuple[Konfliktregistrering, ...]:
    """The registrations, none of which stands any more."""
    return tuple(replace(r, til=nu) if r.til is None else r for r in register.raekker)


def _sats(liste: Satsliste | None, haendelse: Referencehaendelse) -> Satsliste:
    d: Any = haendelse.data
    k = haendelse.kuvert
    tid = k.registreringstidspunkt
    ny = SatsRaekke(kilde(k.sagsId, k.version), d.kode, d.navn, d.beskrivelse, d.startdato, d.slutdato, kilde_til(d.kode), tid)
    return Satsliste(k.version, (*(liste.raekker if liste else ()), ny))


def _tekst(liste: Tekstliste | None, haendelse: Referencehaendelse) -> Tekstliste:
    d: Any = haendelse.data
    k = haendelse.kuvert
    tid = k.registreringstidspunkt
    ny = TekstRaekke(kilde(k.sagsId, k.version), d.ordning, d.tekstversion, d.tekst, d.startdato, d.slutdato, registreret=tid)
    return Tekstliste(k.version, (*(liste.raekker if liste else ()), ny))


def _kode(liste: Kodeliste | None, haendelse: Referencehaendelse) -> Kodeliste:
    d: Any = haendelse.data
    k = haendelse.kuvert
    navn, tid = kilde(k.sagsId, k.version), k.registreringstidspunkt
    ny = KodeRaekke(navn, d.liste, d.kode, d.navn, d.beskrivelse, d.startdato, d.slutdato, kilde_til(d.kode), tid)
    return Kodeliste(k.version, (*(liste.raekker if liste else ()), ny))


Fold = Callable[[Any, Referencehaendelse], Reference]
FOLD: dict[type[Referencedata], tuple[Fold, type]] = {
    KonfliktRegistreret: (_konflikt, Konfliktregister),
    KonfliktOphoert: (_konflikt_ophoert, Konfliktregister),
    SatsRegistreret: (_sats, Satsliste),
    AfslagstekstRegistreret: (_tekst, Tekstliste),
    KodeRegistreret: (_kode, Kodeliste),
}
"""Event → its fold, and what its stream folds to."""
