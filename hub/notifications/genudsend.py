"""What a jobcentre was sent, to be sent again as it was (`hub renotify`, decision 024): only what its topic has; how far a run has come."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any, NamedTuple

import psycopg
from sqlalchemy import Connection, Engine, text

from hub.events.forbindelse import raa_forbindelse
from hub.notifications.numre import Nummereret
from hub.notifications.pakning import Hoveder, Pakning

GENAFSPILNING = ("genafspilning", b"true")
"""The header that marks a copy sent on purpose; a consumer needs it for nothing, since a copy is skipped by its number."""
LAASEKLASSE = 0x47454E
"""First key of a jobcentre's advisory lock while it is sent to again; the second is its code."""

SAMME = "job_center_kode = :kode AND valg = :tekst"
VALGTE = """
FROM delivery.notifikationer
WHERE job_center_kode = :kode AND sendt IS NOT NULL AND nummer > :efter AND nummer >= :fra
  AND (CAST(:til AS bigint) IS NULL OR nummer <= :til)
  AND (CAST(:siden AS timestamptz) IS NULL OR sendt >= :siden) AND (CAST(:sag AS text) IS NULL OR sags_id = :sag)
"""
HOVED = text("SELECT hoved, sendt FROM delivery.numre WHERE job_center_kode = :kode")
TAEL = text(f"SELECT count(*), count(DISTINCT sags_id), min(nummer), max(nummer), min(sendt) {VALGTE}")
SIDE = text(f"SELECT nummer, id, vaerdi, sags_id, version {VALGTE} ORDER BY nummer LIMIT :maks")
AFBRUDT = text(f"SELECT fra, naaet, antal, hvem, begyndt FROM delivery.genudsendelser WHERE {SAMME}")  # noqa: S608 - our own text
ANDRE = text("SELECT valg FROM delivery.genudsendelser WHERE job_center_kode = :kode AND valg <> :tekst ORDER BY valg")
BEGYND = text("""
INSERT INTO delivery.genudsendelser (job_center_kode, valg, fra, naaet, antal, hvem) VALUES (:kode, :tekst, :foerste, 0, 0, :hvem)
ON CONFLICT (job_center_kode, valg) DO UPDATE SET hvem = excluded.hvem
""")
FREM = text(f"UPDATE delivery.genudsendelser SET naaet = :naaet, antal = antal + :antal WHERE {SAMME}")  # noqa: S608 - our own text
FAERDIG = text(f"DELETE FROM delivery.genudsendelser WHERE {SAMME} RETURNING fra, naaet, antal, hvem, begyndt")  # noqa: S608 - our own text
LAAS = "SELECT pg_try_advisory_lock(%s, %s)"
SLIP = "SELECT pg_advisory_unlock(%s, %s)"


class Optaget(RuntimeError):
    """Somebody else is sending to the jobcentre again."""


class Valg(NamedTuple):
    """What is to be sent again: told at `siden` or later, numbers `fra` to `til`, or one case's; `tekst` names the choice."""

    tekst: str
    siden: datetime | None = None
    fra: int = 1
    til: int | None = None
    sag: str | None = None


class Hoved(NamedTuple):
    """A jobcentre's last number given, and the last that its topic has."""

    givet: int
    sendt: int


class Udvalg(NamedTuple):
    """What a choice comes to: notifications, cases, first and last number, and when the oldest was sent first."""

    antal: int
    sager: int
    fra: int | None
    til: int | None
    aeldste: datetime | None


class Afbrudt(NamedTuple):
    """A run of the same choice that was cut short: its first number, the last sent, how many, whose and since when."""

    fra: int
    naaet: int
    antal: int
    hvem: str
    begyndt: datetime


class Genudsendelse(NamedTuple):
    """A choice of what one jobcentre was sent. Every method is one statement in the caller's transaction."""

    kode: str
    valg: Valg

    def hoved(self, conn: Connection) -> Hoved | None:
        """How far the jobcentre's numbers have come; None: it was never told anything."""
        raekke = conn.execute(HOVED, {"kode": self.kode}).one_or_none()
        return None if raekke is None else Hoved(*raekke)

    def udvalg(self, conn: Connection, efter: int = 0) -> Udvalg:
        """What the choice comes to behind number `efter`."""
        return Udvalg(*conn.execute(TAEL, self._felter(efter)).one())

    def side(self, conn: Connection, pakning: Pakning, efter: int, maks: int) -> list[Nummereret]:
        """The next `maks` behind number `efter`, in order: the bytes as they were sent, with the header that says that they are copies."""
        raekker = conn.execute(SIDE, self._felter(efter) | {"maks": maks})
        return [Nummereret(self.kode, r.nummer, r.id, v := bytes(r.vaerdi), r.sags_id, r.version, _hoveder(pakning, v)) for r in raekker]

    def afbrudt(self, conn: Connection) -> Afbrudt | None:
        """The run of this choice that was cut short."""
        raekke = conn.execute(AFBRUDT, self._noegle()).one_or_none()
        return None if raekke is None else Afbrudt(*raekke)

    def andre_afbrudte(self, conn: Connection) -> tuple[str, ...]:
        """Other choices of the jobcentre's that were cut short and not taken up again."""
        return tuple(conn.execute(ANDRE, self._noegle()).scalars())

    def begynd(self, conn: Connection, foerste: int, hvem: str) -> None:
        """Remember that the choice is under way; one that was cut short keeps its place."""
        conn.execute(BEGYND, self._noegle() | {"foerste": foerste, "hvem": hvem})

    def frem(self, conn: Connection, naaet: int, antal: int) -> None:
        """The topic has `antal` more, up to number `naaet`."""
        conn.execute(FREM, self._noegle() | {"naaet": naaet, "antal": antal})

    def faerdig(self, conn: Connection) -> Afbrudt:
        """Forget the place: the choice has come to its end. What the run, and those cut short, came to."""
        return Afbrudt(*conn.execute(FAERDIG, self._noegle()).one())

    def _noegle(self) -> dict[str, Any]:
        return {"kode": self.kode, "tekst": self.valg.tekst}

    def _felter(self, efter: int) -> dict[str, Any]:
        valg = self.valg
        return {"kode": self.kode, "siden": valg.siden, "fra": valg.fra, "til": valg.til, "sag": valg.sag, "efter": efter}


@contextmanager
def alene(engine: Engine, kode: str) -> Iterator[None]:
    """Be the only one who sends to the jobcentre again: none passes the place that another has reached. Raises `Optaget`."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        raa = raa_forbindelse(conn)
        if raa.execute(LAAS, [LAASEKLASSE, int(kode)]).fetchone() != (True,):
            raise Optaget(f"somebody else is sending to jobcentre {kode} again: wait until that has come to its end")
        try:
            yield
        finally:
            with suppress(psycopg.Error):
                raa.execute(SLIP, [LAASEKLASSE, int(kode)])


def _hoveder(pakning: Pakning, vaerdi: bytes) -> Hoveder:
    return (*pakning.hoveder(vaerdi), GENAFSPILNING)
