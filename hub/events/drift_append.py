"""Appending operators' events (stream `drift`, `vitas.driftshaendelser`): numbered, chained and sent as the cases' are.

In the caller's transaction, so that what is said to have been done is done. The stream's row stays locked until that commits.
"""

from collections.abc import Sequence
from hashlib import sha256

import orjson
from sqlalchemy import Connection

from hub.events.besoeg import besoeg
from hub.events.codec import Kodeks
from hub.events.drift import STROEM, Driftsdata, Driftshaendelse, driftskuvert
from hub.events.forbindelse import raa_forbindelse
from hub.events.hoveder import hoveder
from hub.events.ids import nyt_id
from hub.events.ledger_laes import baner, kraev_baner, laas, stroem
from hub.events.ledger_skriv import Outboxraekke, bogfoer
from hub.events.schemas import Skemaregister
from hub.events.topics import DRIFT

PARTITION = 0
HUBBEN = "hub"


class Driftslog:
    """Appends operators' events; without another name it is the hub itself that acted."""

    def __init__(self, register: Skemaregister, kodeks: Kodeks) -> None:
        self._register = register
        self._kodeks = kodeks

    def append(self, conn: Connection, data: Sequence[Driftsdata], hvem: str = HUBBEN) -> list[int]:
        """Append in order; their versions in the stream. `hvem`: the operator at work (open). Raises `LedgerBagud`."""
        if not data:
            return []
        raa = raa_forbindelse(conn)
        *_, raekker, stande = besoeg(raa, *laas(DRIFT, [STROEM], {STROEM: PARTITION}), baner([(DRIFT, PARTITION)]))
        nu = kraev_baner([(DRIFT, PARTITION)], stande)
        hoved = stroem(DRIFT, raekker[0])
        outbox = []
        for del_ in data:
            kuvert = driftskuvert(nyt_id(), hoved.version + 1, hoved.hoved, hoved.naeste_tid(nu), hvem)
            haendelse = Driftshaendelse(kuvert, del_)
            vaerdi = self._kodeks.indkod_drift(haendelse)
            hoved.flyt(kuvert.version, sha256(vaerdi).digest(), kuvert.registreringstidspunkt, None)
            tekst = orjson.dumps(hoveder(self._register, haendelse)).decode()
            outbox.append(Outboxraekke(PARTITION, STROEM, kuvert.version, vaerdi, tekst))
        besoeg(raa, bogfoer(DRIFT, [hoved], outbox))
        return [raekke.version for raekke in outbox]
