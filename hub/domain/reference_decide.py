"""What an action on a reference stream becomes, or why it is refused: as `decide` is for cases, and as pure."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from hub.domain import reference_haendelser as h
from hub.domain.fejl import Afvisning, Fejl, fejl
from hub.domain.fejlkoder import Fejlkode
from hub.domain.opslag import Opslag
from hub.domain.reference import Reference
from hub.domain.reference_handlinger import Referencehandling
from hub.domain.satser import ORDNINGENS_SATSER

HOEJST_RAEKKER = 1000
"""Rows of one stream: it is read whole, and written whole with each of them."""

Vagt = Callable[[Reference | None, Referencehandling], Iterator[Fejl]]


class Regel(NamedTuple):
    """What an action becomes, and the guards that must be silent first."""

    byg: Callable[[Referencehandling], h.Referencedata]
    vagter: tuple[Vagt, ...]


def ikke_fuldt(tilstand: Reference | None, _: Referencehandling) -> Iterator[Fejl]:
    """A stream has a bound."""
    if tilstand is not None and len(tilstand.raekker) >= HOEJST_RAEKKER:
        yield fejl(Fejlkode.REGISTER_FULDT, hoejst=HOEJST_RAEKKER)


def staar(tilstand: Any, _: Referencehandling) -> Iterator[Fejl]:
    """Only a conflict that stands is ended."""
    if tilstand is None or tilstand.staaende is None:
        yield fejl(Fejlkode.KONFLIKT_IKKE_REGISTRERET, "cvr")


def kendt_sats(_: Reference | None, handling: Referencehandling) -> Iterator[Fejl]:
    """A rate that no scheme has could not be named by any action (R-3.6)."""
    if not any(handling.data.kode in satser for satser in ORDNINGENS_SATSER.values()):
        yield fejl(Fejlkode.SATS_FINDES_IKKE, "kode", sats=handling.data.kode)


def _konflikt(k: Referencehandling) -> h.KonfliktRegistreret:
    return h.KonfliktRegistreret(k.sagsId, k.data.fra, tuple(k.data.fagomraader))


def _sats(k: Referencehandling) -> h.SatsRegistreret:
    d = k.data
    return h.SatsRegistreret(d.kode, d.navn, d.beskrivelse, d.startdato, d.slutdato)


def _tekst(k: Referencehandling) -> h.AfslagstekstRegistreret:
    d = k.data
    return h.AfslagstekstRegistreret(d.ordning, d.tekstversion, d.tekst, d.startdato, d.slutdato)


def _kode(k: Referencehandling) -> h.KodeRegistreret:
    d = k.data
    return h.KodeRegistreret(d.liste, d.kode, d.navn, d.startdato, d.slutdato, d.beskrivelse)


REGLER: dict[str, Regel] = {
    "RegistrerKonflikt": Regel(_konflikt, (ikke_fuldt,)),
    "OphoerKonflikt": Regel(lambda k: h.KonfliktOphoert(k.sagsId), (staar,)),
    "RegistrerSats": Regel(_sats, (kendt_sats, ikke_fuldt)),
    "RegistrerAfslagstekst": Regel(_tekst, (ikke_fuldt,)),
    "RegistrerKode": Regel(_kode, (ikke_fuldt,)),
}
"""Action → what it becomes and its guards."""


def decide_reference(tilstand: Reference | None, handling: Referencehandling, opslag: Opslag, nu: datetime) -> tuple[h.Referencedata, ...]:
    """The events of an action on a stream as it stands (None: there is none yet). Raises `Afvisning` with every error.

    A reference stream looks nothing up, and its clock is the ledger's.
    """
    regel = REGLER[handling.handling]
    fejlene = [f for vagt in regel.vagter for f in vagt(tilstand, handling)]
    if fejlene:
        raise Afvisning(fejlene)
    return (regel.byg(handling),)
