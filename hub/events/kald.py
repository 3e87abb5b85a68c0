"""One call's orders against the locked streams: decided one after the other, each on what the earlier ones made of its case."""

from collections.abc import Callable, Mapping, Sequence, Set
from typing import Any, NamedTuple

import structlog

from hub.domain.dokumenter import naevnt
from hub.domain.fejl import Afvisning
from hub.domain.foldning import KanIkkeFoldes
from hub.events.arter import ARTER, DOERE
from hub.events.borgere import borger_ider, ikke_gaeldende, med_id, uden_id, uden_nummer
from hub.events.dokumentbinding import Binding
from hub.events.keys import Slags
from hub.events.kvittering import af_haendelser
from hub.events.ledger_afvist import ANDEN_KROP, KAN_IKKE_FOLDES, KAN_IKKE_GEMMES, SAGEN_ER_AENDRET, afvist
from hub.events.ledger_laes import Start
from hub.events.ledger_skriv import Anmodning, Outboxraekke
from hub.events.optegnelse import Laan, Optegner
from hub.events.ordre import Kvitteret, Ordre
from hub.events.personer import IkkeGaeldende
from hub.events.skrivning import KanIkkeIndkodes

log = structlog.get_logger(__name__)


class Bogfoert(NamedTuple):
    """A request that the ledger has: `raekker` are its rows among this call's outbox rows, `usendte` those from before."""

    request_hash: bytes
    kvittering: dict[str, Any]
    raekker: slice
    usendte: tuple[int, ...]


class Personer(NamedTuple):
    """People found or made: CPR number → borgerId, and their keys by borgerId."""

    borgere: Mapping[str, str]
    noegler: Mapping[str, bytes]


INGEN = slice(0, 0)


class Kald:
    """Collects what is to be written (`outbox`, `nye`). Of two bodies under one request id in a call the later is refused."""

    def __init__(self, start: Start, ordrer: Sequence[Ordre], request_hash: Callable[[bytes], bytes]) -> None:
        self.stroemme = start.stroemme
        self.outbox: list[Outboxraekke] = []
        self.nye: list[Anmodning] = []
        self._start = start
        self._doer, self._har_akter = DOERE[start.topic], ARTER[start.topic].har_akter
        self._opslag, self._nye_akter = {**start.opslag}, set[str]()
        self._ordrer = ordrer
        self._hashes = [request_hash(o.krop) for o in ordrer]
        self._foerste_hash = {o.request_id: h for o, h in zip(reversed(ordrer), reversed(self._hashes), strict=True)}
        self._kendte = {id_: Bogfoert(k.request_hash, k.kvittering, INGEN, k.usendte) for id_, k in start.kendte.items()}
        self._besluttede: dict[int, tuple[Any, ...]] = {}
        self._naegtede: dict[int, Afvisning] = {}

    def nye_borgere(self) -> set[str]:
        """Decide the order that makes each new case; the CPR numbers of their people. A refused one needs no citizen and no key."""
        lavet = {self._ordrer[nr].handling.sagsId for nr in self._besluttede}
        for nr, ordre in enumerate(self._ordrer):
            sags_id = ordre.handling.sagsId
            if self.stroemme[sags_id].sag is None and sags_id not in lavet and nr not in self._naegtede and self._er_ny(nr, ordre):
                besluttet = self._proev(ordre)
                if besluttet:
                    self._besluttede[nr] = besluttet
                    lavet.add(sags_id)
        return {cpr for data in self._besluttede.values() for cpr in uden_id(data)}

    def naegt(self, gamle: Set[str]) -> None:
        """Refuse the orders by these numbers, which are no current ones; another order of the call may then make the case."""
        for nr, fejlene in [(nr, ikke_gaeldende(data, gamle)) for nr, data in self._besluttede.items()]:
            if fejlene:
                del self._besluttede[nr]
                self._naegtede[nr] = Afvisning(fejlene)

    def noeglenavne(self, borgere: Mapping[str, str]) -> dict[str, tuple[Slags, str]]:
        """The keys needed, name → (kind, borgerId), once `borgere` (by CPR) are known."""
        if not self._doer.personlig:
            return {}
        navne: dict[str, tuple[Slags, str]] = {s.navn: ("sag", s.sag.borgerId) for s in self.stroemme.values() if s.sag is not None}
        for nr, data in self._besluttede.items():
            self._besluttede[nr] = udfyldt = tuple(med_id(d, borgere) for d in data)
            navne |= {borger_id: ("borger", borger_id) for borger_id in borger_ider(udfyldt)}
            navne[self._ordrer[nr].handling.sagsId] = ("sag", udfyldt[0].borgerId)
        return navne

    def behandl(
        self, noegler: Mapping[str, bytes], optegner: Optegner, andre: Callable[[set[str], set[str]], Personer]
    ) -> list[Afvisning | tuple[Bogfoert, bool]]:
        """Every order in its turn: refused, or booked and whether it was so before.

        `andre` finds or makes the people, by CPR or by a `borgerId` that is new, whom an order names on a case that is there; they are few,
        and known once it is decided.
        """
        laan, self._andre = Laan(noegler, self._start.nu), andre
        return [self._en(nr, ordre, laan, optegner) for nr, ordre in enumerate(self._ordrer)]

    def _en(self, nr: int, ordre: Ordre, laan: Laan, optegner: Optegner) -> Afvisning | tuple[Bogfoert, bool]:
        if not self._er_ny(nr, ordre):
            kendt = self._kendte.get(ordre.request_id)
            return (kendt, True) if kendt is not None and kendt.request_hash == self._hashes[nr] else afvist(ANDEN_KROP)
        if nr in self._naegtede:
            return self._naegtede[nr]
        stroem = self.stroemme[ordre.handling.sagsId]
        try:
            # What was decided before the call's own acts were known is decided again where one of them is named.
            forud = None if ordre.handling.eksternIdentifier in self._nye_akter else self._besluttede.get(nr)
            data, laan = self._med_andre(forud or self._beslut(ordre), laan)
            optegnelse = optegner.optegn(stroem, ordre, self._hashes[nr], data, laan)
        except Afvisning as afvisning:
            return afvisning.with_traceback(None)
        except KanIkkeIndkodes:
            return afvist(KAN_IKKE_GEMMES)
        except KanIkkeFoldes as fejl:
            # Decide let through what the fold refuses: our fault, but this order's only.
            log.error("decided_event_does_not_fold", action=ordre.handling.handling, reason=str(fejl))
            return afvist(KAN_IKKE_FOLDES)
        self.stroemme[stroem.navn] = optegnelse.stroem
        fra = len(self.outbox)
        self.outbox.extend(optegnelse.outbox)
        bogfoert = Bogfoert(self._hashes[nr], af_haendelser(optegnelse.haendelser), slice(fra, len(self.outbox)), ())
        self._kendte[ordre.request_id] = bogfoert
        self.nye.append(Anmodning(ordre.request_id, bogfoert.request_hash, bogfoert.kvittering, self._ny_akt(ordre)))
        return bogfoert, False

    def _ny_akt(self, ordre: Ordre) -> str | None:
        """The act that the order has given its case, known from now on; None when a case had it."""
        akt = ordre.handling.eksternIdentifier
        if not self._har_akter or akt in self._opslag:
            return None
        self._opslag[akt] = ordre.handling.sagsId
        self._nye_akter.add(akt)
        return akt

    def _med_andre(self, data: tuple[Any, ...], laan: Laan) -> tuple[tuple[Any, ...], Laan]:
        """What was decided with everybody's `borgerId`, and their keys beside the others. Raises `Afvisning` for an old number."""
        ukendte, nye = uden_id(data), borger_ider(data) - laan.noegler.keys()
        if not ukendte and not nye:
            return data, laan
        try:
            fundet = self._andre(ukendte, nye)
        except IkkeGaeldende as gamle:
            raise Afvisning(ikke_gaeldende(data, gamle.numre)) from None
        return tuple(med_id(d, fundet.borgere) for d in data), laan._replace(noegler={**laan.noegler, **fundet.noegler})

    def bindinger(self, udfald: Sequence[Afvisning | tuple[Bogfoert, bool]]) -> list[Binding]:
        """The documents that the orders booked now have given their cases."""
        return [
            Binding(ordre.handling.sagsId, self.stroemme[ordre.handling.sagsId].sag.borgerId, sha256)
            for ordre, u in zip(self._ordrer, udfald, strict=True)
            if not isinstance(u, Afvisning) and not u[1] and (sha256 := naevnt(ordre.handling)) is not None
        ]

    def _er_ny(self, nr: int, ordre: Ordre) -> bool:
        return ordre.request_id not in self._kendte and self._foerste_hash[ordre.request_id] == self._hashes[nr]

    def _proev(self, ordre: Ordre) -> tuple[Any, ...] | None:
        """What would be decided; None when it is refused, which is said in its turn."""
        try:
            return self._beslut(ordre)
        except Afvisning:
            return None

    def _beslut(self, ordre: Ordre) -> tuple[Any, ...]:
        handling = ordre.handling
        stroem = self.stroemme[handling.sagsId]
        if ordre.if_match is not None and ordre.if_match != stroem.version:
            raise afvist(SAGEN_ER_AENDRET)
        besluttet = self._doer.decide(stroem.sag, handling, self._doer.opslag(handling, self._opslag), self._start.nu)
        return tuple(uden_nummer(data) for data in besluttet)


def kvitteret(udfald: Afvisning | tuple[Bogfoert, bool], ids: Sequence[int]) -> Kvitteret | Afvisning:
    """The order's answer, once the outbox rows of its call have ids."""
    if isinstance(udfald, Afvisning):
        return udfald
    bogfoert, gentaget = udfald
    return Kvitteret(bogfoert.kvittering, bogfoert.usendte or tuple(ids[bogfoert.raekker]), gentaget)
