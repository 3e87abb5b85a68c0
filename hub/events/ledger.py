"""The append transaction (architecture 1–3): every order of a call in ONE transaction, a refused one without a trace.

Locks, lanes, known requests, look-ups and the cases' keys are read in one round trip; citizens and keys that are new are found or made in
up to six more; everything is written and committed in one. `korrelationsId` of an event is its request's id: what one request caused,
over all its cases.
"""

from collections.abc import Mapping, Sequence
from functools import partial

from sqlalchemy import Connection, Engine

from hub.domain.dokumenter import naevnt
from hub.domain.fejl import Afvisning
from hub.events.besoeg import FULDFOER
from hub.events.codec import Kodeks
from hub.events.dokumentbinding import Navngivne
from hub.events.flere_besoeg import Besoeg
from hub.events.forbindelse import raa_forbindelse
from hub.events.gentag import gentag
from hub.events.kald import Kald, Personer, kvitteret
from hub.events.keys import Noeglering
from hub.events.ledger_laes import Start, laes, laesning
from hub.events.ledger_skriv import skriv, slut
from hub.events.optegnelse import Optegner
from hub.events.ordre import Kvitteret, Ordre
from hub.events.personer import IkkeGaeldende
from hub.events.personnummerskift import Personnummerskifter, Skifteordre
from hub.events.schemas import Skemaregister
from hub.events.topics import FAKTA


class BehoeverMere(Exception):
    """An order names people who are to be found or made."""


class Ledger:
    """Appends actions; one per process, used by its threads at once."""

    def __init__(self, engine: Engine, register: Skemaregister, kodeks: Kodeks, noeglering: Noeglering) -> None:
        self._engine = engine
        self._optegner = Optegner(register, kodeks)
        self._noeglering = noeglering
        self._skifter = Personnummerskifter(engine, self._optegner, noeglering)

    def skift_personnummer(self, ordre: Skifteordre) -> Kvitteret | Afvisning:
        """Record a citizen's new CPR number on all of the citizen's cases. Raises what `Personnummerskifter.skift` does."""
        return self._skifter.skift(ordre)

    def append(self, ordrer: Sequence[Ordre]) -> list[Kvitteret | Afvisning]:
        """One answer per order, in their order; orders of one stream build on each other. Refused orders leave the others untouched.

        All are for one kind of stream.

        Raises `LedgerBagud` or `ForaeldetFoldning` (nothing appended, 503), and the database's errors when it stays away.
        """
        return gentag(lambda: self._i_een_transaktion(ordrer)) if ordrer else []

    def faa(self, ordrer: Sequence[Ordre]) -> Besoeg[list[Kvitteret | Afvisning] | None]:
        """`append` in two visits, of which the second commits, for orders on cases that are there; without it nothing is appended.

        None: they need more than that, and `append` is to be asked. So also when this raises what that raises, or the database's errors.
        """
        if any(o.topic != FAKTA or o.handling.aabner or naevnt(o.handling) is not None for o in ordrer):
            return None
        start = yield from laesning(ordrer)
        kald = Kald(start, ordrer, self._noeglering.request_hash)
        noegler = {navn: self._noeglering.pak_ud(navn, indpakket) for navn, indpakket in start.indpakkede.items()}
        if start.stroemme.keys() - noegler.keys():
            return None
        try:
            udfald = kald.behandl(noegler, self._optegner, _ingen_andre)
        except BehoeverMere:
            return None
        if not kald.nye:
            yield (FULDFOER,)
            return [kvitteret(u, ()) for u in udfald]
        skrevet, _ = yield slut(start.topic, kald.stroemme.values(), kald.outbox, kald.nye)
        return [kvitteret(u, skrevet[0][0] if kald.outbox else ()) for u in udfald]

    def _i_een_transaktion(self, ordrer: Sequence[Ordre]) -> list[Kvitteret | Afvisning]:
        with self._engine.begin() as conn:
            raa = raa_forbindelse(conn)
            start, navngivne = laes(raa, ordrer), Navngivne(conn, ordrer)
            start = start._replace(opslag={**start.opslag, **navngivne.opslag})
            kald = Kald(start, ordrer, self._noeglering.request_hash)
            udfald = kald.behandl(self._noegler(conn, start, kald), self._optegner, partial(self._andre, conn))
            navngivne.bind(self._noeglering, kald.bindinger(udfald))
            ids = skriv(raa, start.topic, kald.stroemme.values(), kald.outbox, kald.nye)
        return [kvitteret(u, ids) for u in udfald]

    def _noegler(self, conn: Connection, start: Start, kald: Kald) -> Mapping[str, bytes]:
        """The keys of the cases named that exist, and of the new ones that will; citizens and keys are found or made."""
        kendte = {navn: self._noeglering.pak_ud(navn, indpakket) for navn, indpakket in start.indpakkede.items()}
        navne = kald.noeglenavne(self._borgere(conn, kald))
        mangler = {navn: slags for navn, slags in navne.items() if navn not in kendte}
        return kendte | self._noeglering.noegler(conn, mangler)

    def _borgere(self, conn: Connection, kald: Kald) -> Mapping[str, str]:
        """Those that the call's new cases name, by CPR; who names one by an earlier number is refused, and makes nobody."""
        while True:
            try:
                return self._noeglering.borgere(conn, kald.nye_borgere())
            except IkkeGaeldende as gamle:
                kald.naegt(gamle.numre)

    def _andre(self, conn: Connection, cprs: set[str], nye: set[str]) -> Personer:
        """People named on a case that is there; found or made, as citizens of their own. `nye` have an id, but no key yet."""
        borgere = self._noeglering.borgere(conn, cprs)
        return Personer(borgere, self._noeglering.noegler(conn, {id_: ("borger", id_) for id_ in {*borgere.values(), *nye}}))


def _ingen_andre(cprs: set[str], nye: set[str]) -> Personer:
    raise BehoeverMere
