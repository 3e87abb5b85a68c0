"""A citizen's new CPR number: the number changed and CprSkiftet on every case of the citizen, in ONE transaction, all of it or nothing.

The cases are locked before the number, as appends do, so that the two never wait for each other; a case that was opened meanwhile starts it
over. A case that says the new number already (a change that was half lost with a database, sent again) is left as it is.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine

from hub.domain.decide_grund import SPILLERUM
from hub.domain.fejl import Afvisning, Fejl, fejl
from hub.domain.fejlkoder import Fejlkode
from hub.domain.felter import Model
from hub.domain.haendelser import CprSkiftet
from hub.domain.handlinger import Handling
from hub.domain.personnummerskift import Personnummerskift
from hub.domain.sag import Sag, hovedakt
from hub.events.forbindelse import raa_forbindelse
from hub.events.gentag import gentag
from hub.events.keys import Noeglering
from hub.events.kvittering import af_flere_sager
from hub.events.ledger_afvist import ANDEN_KROP, afvist
from hub.events.ledger_fejl import OptagetAfAnden
from hub.events.ledger_laes import Start, laes_sager
from hub.events.ledger_skriv import Anmodning, skriv
from hub.events.optegnelse import Laan, Optegnelse, Optegner
from hub.events.ordre import Kvitteret, Ordre
from hub.events.personer import Nummerskift
from hub.events.sealing import KanIkkeAabnes, aabn
from hub.events.stroem import Stroem
from hub.events.topics import FAKTA

MAKS_SAGER = 1_000
"""Cases of one citizen that change in one transaction; nobody has so many."""
GRUNDE: dict[Nummerskift, Fejl] = {
    Nummerskift.UKENDT: fejl(Fejlkode.UKENDT_BORGER, "gammelt"),
    Nummerskift.IKKE_GAELDENDE: fejl(Fejlkode.IKKE_GAELDENDE_CPR, "gammelt"),
    Nummerskift.OPTAGET: fejl(Fejlkode.PERSONNUMMER_OPTAGET, "nyt"),
}


class Skifteordre(NamedTuple):
    """One change to record. `krop` is its canonical JSON (sorted keys): the keyed hash is over it."""

    skift: Personnummerskift
    request_id: str
    krop: bytes


class Personnummerskifter:
    """Records changes of number; one per process, used by its threads at once."""

    def __init__(self, engine: Engine, optegner: Optegner, noeglering: Noeglering) -> None:
        self._engine = engine
        self._optegner = optegner
        self._noeglering = noeglering

    def skift(self, ordre: Skifteordre) -> Kvitteret | Afvisning:
        """The receipt lists each case's event; refused, nothing has changed.

        Raises `LedgerBagud` or `ForaeldetFoldning` (nothing appended, 503), `OptagetAfAnden` when new cases of the citizen keep coming, and
        the database's errors when it stays away.
        """
        try:
            return gentag(lambda: self._i_een_transaktion(ordre))
        except Afvisning as afvisning:
            return afvisning.with_traceback(None)

    def _i_een_transaktion(self, ordre: Skifteordre) -> Kvitteret:
        with self._engine.begin() as conn:
            borger_id = self._noeglering.find_borger(conn, ordre.skift.gammelt) or ""
            sager = self._sager(conn, borger_id)
            start = laes_sager(raa_forbindelse(conn), sager, ordre.request_id)
            hash_ = self._noeglering.request_hash(ordre.krop)
            if ordre.request_id in start.kendte:
                kendt = start.kendte[ordre.request_id]
                if kendt.request_hash != hash_:
                    raise afvist(ANDEN_KROP)
                return Kvitteret(kendt.kvittering, kendt.usendte, True)
            self._skift_nummeret(conn, ordre, start.nu)
            self._kraev_alle(self._sager(conn, borger_id), sager)
            optegnelser = self._optegn(conn, ordre, borger_id, start)
            kvittering = af_flere_sager([h for o in optegnelser for h in o.haendelser], start.nu)
            outbox = [raekke for o in optegnelser for raekke in o.outbox]
            nye = [Anmodning(ordre.request_id, hash_, kvittering)]
            ids = skriv(raa_forbindelse(conn), FAKTA, [o.stroem for o in optegnelser], outbox, nye)
        return Kvitteret(kvittering, tuple(ids), False)

    def _sager(self, conn: Connection, borger_id: str) -> list[str]:
        """The citizen's cases, one more than are taken at most."""
        return self._noeglering.personer.sager(conn, borger_id, MAKS_SAGER + 1)

    def _skift_nummeret(self, conn: Connection, ordre: Skifteordre, nu: datetime) -> None:
        """Raises `Afvisning`."""
        sket = ordre.skift.haendelsestidspunkt
        if sket is not None and sket > nu + SPILLERUM:
            raise afvist(fejl(Fejlkode.I_FREMTIDEN, "haendelsestidspunkt"))
        udfald = self._noeglering.personer.skift(conn, ordre.skift.gammelt, ordre.skift.nyt)
        if udfald in GRUNDE:
            raise afvist(GRUNDE[udfald])

    @staticmethod
    def _kraev_alle(sager: Sequence[str], laaste: Sequence[str]) -> None:
        """The number is held, so no case can come now. Raises `OptagetAfAnden` when one came since `laaste` were locked; `Afvisning`."""
        if len(sager) > MAKS_SAGER:
            raise afvist(fejl(Fejlkode.FOR_MANGE_SAGER, "gammelt", hoejst=MAKS_SAGER))
        if not set(sager) <= set(laaste):
            raise OptagetAfAnden

    def _optegn(self, conn: Connection, ordre: Skifteordre, borger_id: str, start: Start) -> list[Optegnelse]:
        """CprSkiftet of every case of the citizen that does not say the new number yet, in sorted order."""
        noegler = {navn: self._noeglering.pak_ud(navn, indpakket) for navn, indpakket in start.indpakkede.items()}
        noegler |= self._noeglering.noegler(conn, {borger_id: ("borger", borger_id)})
        laan, nyt = Laan(noegler, start.nu), ordre.skift.nyt
        hash_, ud = self._noeglering.request_hash(ordre.krop), []
        for navn in sorted(start.indpakkede):
            stroem = start.stroemme[navn]
            if stroem.sag is not None and not _siger(stroem.sag, nyt, noegler):
                paa_sagen = Ordre(_handling(stroem, ordre.skift), ordre.request_id, ordre.krop)
                ud.append(self._optegner.optegn(stroem, paa_sagen, hash_, (CprSkiftet(borger_id, nyt),), laan))
        return ud


def _siger(sag: Sag, nummer: str, noegler: Mapping[str, bytes]) -> bool:
    """Whether the case says this number now."""
    try:
        return aabn(sag.personnummer, noegler[sag.borgerId]) == nummer
    except KanIkkeAabnes:
        return False


def _handling(stroem: Stroem, skift: Personnummerskift) -> Handling:
    """The change as an action on one case, about its main act."""
    felter: dict[str, Any] = {
        "handling": "SkiftPersonnummer",
        "sagsId": stroem.navn,
        "eksternIdentifier": hovedakt(stroem.sag),
        "haendelsestidspunkt": skift.haendelsestidspunkt,
    }
    return Handling.model_construct(**felter, aktoer=skift.aktoer, data=Model())
