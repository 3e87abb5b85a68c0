"""A ledger on a real PostgreSQL, and the hands that give it orders and look into its tables."""

import itertools
import os
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any, TypeVar

import orjson
import pytest
from sqlalchemy import Engine, Row, text

from hub.domain.fejl import Afvisning
from hub.domain.handlinger import laes_handling
from hub.events.codec import Kodeks
from hub.events.database import motor
from hub.events.drift_append import Driftslog
from hub.events.keys import Noeglering
from hub.events.ledger import Ledger
from hub.events.ordre import Kvitteret, Ordre
from hub.events.schemas import Skemaregister, skemamappe
from hub.events.topics import baner
from hub.local.generator import en_sag
from hub.migrations.migrer import migrer

Handling = dict[str, Any]
Svar = TypeVar("Svar")
FROE = itertools.count(1)
TABELLER = "ledger.stroemme, ledger.outbox, ledger.anmodninger, ledger.akter, ledger.baner, keys.noegler, keys.personer"


def _akt(sags_id: str) -> str:
    """The id of the application of a case made here."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, sags_id))


class Hus:
    """An empty ledger whose lanes are all compared."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.register = Skemaregister(skemamappe())
        self.kodeks = Kodeks(self.register)
        self.noegler = Noeglering(os.urandom(32))
        self.ledger = Ledger(engine, self.register, self.kodeks, self.noegler)
        self.drift = Driftslog(self.register, self.kodeks)
        self.sql(f"TRUNCATE {TABELLER}")
        self.aabn()

    def aabn(self, navne: Sequence[tuple[str, int]] = baner()) -> None:
        """Mark lanes, every one unless told, as compared with their log."""
        for topic, partition in navne:
            self.sql(
                "INSERT INTO ledger.baner VALUES (:t, :p, 0, pg_postmaster_start_time()) ON CONFLICT (topic, partition)"
                " DO UPDATE SET server_start = excluded.server_start, bagud = NULL",
                t=topic,
                p=partition,
            )

    def sql(self, saetning: str, **felter: Any) -> list[Row[Any]]:
        """Run one statement; its rows, if it has any."""
        with self.engine.begin() as conn:
            svar = conn.execute(text(saetning), felter)
            return list(svar) if svar.returns_rows else []

    def ventende(self, antal: int) -> None:
        """Wait until so many sessions stand in line for an advisory lock."""
        frist = time.monotonic() + 10
        while self.sql("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted") != [(antal,)]:
            assert time.monotonic() < frist
            time.sleep(0.01)

    def en(self, ordre: Ordre) -> Kvitteret:
        """Append one order that is not refused."""
        (svar,) = self.ledger.append([ordre])
        assert isinstance(svar, Kvitteret), svar
        return svar

    def afvist(self, ordre: Ordre) -> Afvisning:
        """Append one order that is refused."""
        (svar,) = self.ledger.append([ordre])
        assert isinstance(svar, Afvisning), svar
        return svar

    def ny_sag(self) -> str:
        """A case with one event; its id."""
        ordre = self.opret()
        self.en(ordre)
        return ordre.handling.sagsId

    def indhold(self) -> dict[str, list[Row[Any]]]:
        """Every row of every table that an append writes."""
        return {tabel: self.sql(f"SELECT * FROM {tabel} ORDER BY 1, 2") for tabel in TABELLER.split(", ")}

    @staticmethod
    def ordre(handling: Handling, request_id: str | None = None, if_match: int | None = None) -> Ordre:
        """The order of an action, with a request id of its own unless one is given."""
        krop = orjson.dumps(handling, option=orjson.OPT_SORT_KEYS)
        return Ordre(laes_handling(handling), request_id or uuid.uuid4().hex, krop, if_match)

    @staticmethod
    def opret_handling(sags_id: str | None = None, ordning: str = "Loentilskud") -> Handling:
        """An action that opens a case which no other test has."""
        sag = sags_id or str(uuid.uuid4())
        foerste = next(en_sag(Random(next(FROE)), 1, ordning))
        return foerste | {"sagsId": sag, "eksternIdentifier": _akt(sag)}

    def opret(self, sags_id: str | None = None, request_id: str | None = None) -> Ordre:
        """An order that opens a case."""
        return self.ordre(self.opret_handling(sags_id), request_id)

    def tildel(self, sags_id: str, team: str = "Team A", request_id: str | None = None, if_match: int | None = None) -> Ordre:
        """An order that gives a case to a team: always allowed once the case is there."""
        handling = {
            "handling": "TildelSag",
            "sagsId": sags_id,
            "eksternIdentifier": _akt(sags_id),
            "haendelsestidspunkt": "2025-09-15T10:00:00+02:00",
            "aktoer": {"type": "Sagsbehandler", "id": "s@jobcenter.example", "navn": "Sanne Sagsbehandler"},
            "data": {"team": team},
        }
        return self.ordre(handling, request_id, if_match)

    @staticmethod
    def samtidig(*arbejder: Callable[[], Svar]) -> list[Svar]:
        """Do everything at the same moment, each in a thread of its own; what came of it, in order. Raises what one of them raised."""
        port = threading.Barrier(len(arbejder))

        def loeb(arbejde: Callable[[], Svar]) -> Svar:
            port.wait()
            return arbejde()

        with ThreadPoolExecutor(len(arbejder)) as traade:
            return list(traade.map(loeb, arbejder))


@pytest.fixture(scope="module")
def engine(database_url: str) -> Iterator[Engine]:
    """An engine on this module's migrated database."""
    engine = motor(database_url, "test-ledger", pulje=20)
    migrer(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def hus(engine: Engine) -> Hus:
    """An empty ledger whose lanes are compared."""
    return Hus(engine)
