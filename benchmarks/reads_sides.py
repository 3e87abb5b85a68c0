"""What a read is held against, each in a process of its own on the core that the API has: the same server, driver, rows and keys.

`select`: one row of a GetMetode's table by key, and nothing else. `limit`: the row and its case's head with their keys in one select,
unseal, a row in the access log, commit; nothing of HTTP, ownership, document or JSON. `limit, visits`: the same by the hub's visits.
`no HTTP`: what the API does of a read, but for HTTP, in groups as large as the load makes them.
"""

import random
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import psycopg
from reads_fill import kopi_id

from hub.api.laes_mange import Laeser, Oenske
from hub.api.tokens import Bruger
from hub.events.besoeg import FULDFOER, Saetning, besoeg
from hub.events.database import motor
from hub.events.keys import Noeglering
from hub.events.sealing import aabn
from hub.projections.kolonner import Segl
from hub.projections.metoder import METODER
from hub.projections.sager import TABEL as SAGER
from hub.projections.sager import Hoved

LOG = """
INSERT INTO audit.adgangslog (hvem, rolle, jobcentre, formaal, sags_id, version, opslag, ekstern_identifier)
VALUES (%b::text, %b::text, %b::text, %b::text, %b::text, %b::int, %b::text, %b::text)
"""
_HOVED = ", ".join(f"c.{felt}" for felt in Hoved._fields)
SEGL = {navn: [nr for nr, k in enumerate(m.tabel.columns) if isinstance(k.type, Segl)] for navn, m in METODER.items()}
HOVEDSEGL = [nr for nr, felt in enumerate(Hoved._fields) if isinstance(SAGER.columns[felt].type, Segl)]
ENKELT = {navn: f"SELECT * FROM gen_1.{m.tabel.name} WHERE ekstern_identifier = %b::text" for navn, m in METODER.items()}
HELT = {
    navn: f"SELECT {_HOVED}, (SELECT indpakket FROM keys.noegler WHERE noegle = c.sags_id), "
    f"(SELECT indpakket FROM keys.noegler WHERE noegle = c.borger_id), a.* FROM gen_1.{m.tabel.name} a "
    f"JOIN gen_1.sager c ON c.sags_id = a.sags_id WHERE a.ekstern_identifier = %b::text"
    for navn, m in METODER.items()
}
Arbejde = Callable[[psycopg.Connection[Any], "Akt", int], None]
GRUPPE = 16


class Akt(NamedTuple):
    """An act that may be read, of the originals; its copies have the same but for the ids."""

    ordning: str
    metode: str
    id: str
    sags_id: str
    jobcenter: str
    registreret: datetime
    haendelser: int


class Maalt(NamedTuple):
    """One side in one round: how many, in how many seconds, each one's seconds, CPU seconds of the process and of PostgreSQL."""

    antal: int
    sekunder: float
    tider: list[float]
    cpu: float
    postgres: float = 0.0


class Grundlag(NamedTuple):
    """What the sides read: the database, the master key, acts of the originals, and how many times each is there."""

    url: str
    master: bytes
    akter: Sequence[Akt]
    gange: int


def maal(grundlag: Grundlag, navn: str, traade: int, sekunder: float) -> Maalt:
    """Read random acts as the side `navn` does, over `traade` connections."""
    return Side(grundlag).maal(navn, traade, sekunder)


class Side:
    """The ways of reading."""

    def __init__(self, grundlag: Grundlag) -> None:
        self._url, self._akter, self._gange = grundlag.url, grundlag.akter, grundlag.gange
        self._ring = Noeglering(grundlag.master)
        self._saetninger = {navn: Saetning(sql) for navn, sql in HELT.items()}
        self._log = Saetning(LOG)

    def maal(self, navn: str, traade: int, sekunder: float) -> Maalt:
        """As `maal` of the module."""
        arbejder: dict[str, Arbejde] = {"select": self._enkelt, "limit": self._helt, "limit, visits": self._besoeg}
        tider: list[list[float]] = [[] for _ in range(traade)]
        klar = threading.Barrier(traade + 1)
        alle = [
            threading.Thread(target=self._koer, args=(arbejder[navn], navn, klar, sekunder, liste))
            if navn in arbejder
            else threading.Thread(target=self._koer_grupper, args=(klar, sekunder, liste))
            for liste in tider
        ]
        for traad in alle:
            traad.start()
        klar.wait()
        begyndt, cpu = time.perf_counter(), time.process_time()
        for traad in alle:
            traad.join()
        samlet = [tid for liste in tider for tid in liste]
        return Maalt(len(samlet), time.perf_counter() - begyndt, samlet, time.process_time() - cpu)

    def _koer(self, arbejde: Arbejde, navn: str, klar: threading.Barrier, sekunder: float, tider: list[float]) -> None:
        besoeger = navn == "limit, visits"
        with psycopg.connect(self._url, autocommit=navn == "select", prepare_threshold=None if besoeger else 0) as conn:
            tal = random.Random(threading.get_ident())
            for _ in range(20):
                arbejde(conn, tal.choice(self._akter), tal.randrange(self._gange))
            klar.wait()
            slut = time.perf_counter() + sekunder
            while (foer := time.perf_counter()) < slut:
                arbejde(conn, tal.choice(self._akter), tal.randrange(self._gange))
                tider.append(time.perf_counter() - foer)

    def _koer_grupper(self, klar: threading.Barrier, sekunder: float, tider: list[float]) -> None:
        tal = random.Random(threading.get_ident())
        engine = motor(self._url, "bench", 1, levende=True)
        laeser = Laeser(engine, self._ring)
        laeser.laes(self._oensker(tal))
        klar.wait()
        slut = time.perf_counter() + sekunder
        while (foer := time.perf_counter()) < slut:
            if None in laeser.laes(self._oensker(tal)):
                raise RuntimeError("a read found nothing")
            tider += [time.perf_counter() - foer] * GRUPPE
        engine.dispose()

    def _oensker(self, tal: random.Random) -> list[Oenske]:
        return [
            Oenske(a.metode, a.ordning, som(a.id, tal.randrange(self._gange)), Bruger("bench", "system", (a.jobcenter,), None), None)
            for a in tal.choices(self._akter, k=GRUPPE)
        ]

    def _enkelt(self, conn: psycopg.Connection[Any], akt: Akt, nummer: int) -> None:
        (_,) = conn.execute(ENKELT[akt.metode].encode(), (som(akt.id, nummer),), binary=True).fetchall()

    def _helt(self, conn: psycopg.Connection[Any], akt: Akt, nummer: int) -> None:
        id_ = som(akt.id, nummer)
        (raekke,) = conn.execute(HELT[akt.metode].encode(), (id_,), binary=True).fetchall()
        self._aabn(akt.metode, raekke)
        conn.execute(LOG.encode(), self._linje(akt, raekke, id_))
        conn.commit()

    def _besoeg(self, conn: psycopg.Connection[Any], akt: Akt, nummer: int) -> None:
        id_ = som(akt.id, nummer)
        ((raekke,),) = besoeg(conn, self._saetninger[akt.metode].af((id_,)))
        self._aabn(akt.metode, raekke)
        besoeg(conn, self._log.af(self._linje(akt, raekke, id_)), FULDFOER)

    def _linje(self, akt: Akt, raekke: tuple[Any, ...], id_: str) -> tuple[Any, ...]:
        return ("bench", "system", akt.jobcenter, None, raekke[0], raekke[1], akt.metode, id_)

    def _aabn(self, metode: str, raekke: tuple[Any, ...]) -> None:
        """Every sealed value of the row in the clear; those of other people (a jobrotation's lists) are left closed."""
        hoveder = len(Hoved._fields)
        sags_id, borger_id = raekke[0], raekke[Hoved._fields.index("borger_id")]
        noegler = {sags_id: self._ring.pak_ud(sags_id, raekke[hoveder]), borger_id: self._ring.pak_ud(borger_id, raekke[hoveder + 1])}
        for nr in (*HOVEDSEGL, *(hoveder + 2 + nr for nr in SEGL[metode])):
            if raekke[nr] is not None:
                segl = SAGER.columns.personnummer.type._ud.decode(raekke[nr])
                aabn(segl, noegler[segl.noegle])


def som(id_: str, nummer: int) -> str:
    """The id in copy `nummer`; 0 is the original."""
    return kopi_id(id_, nummer) if nummer else id_
