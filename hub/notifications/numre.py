"""The sequencer's SQL: lane locks, numbers, what is numbered but not sent, what was sent. One connection, one thread at a time.

The locks and the numbering share one session: who has lost the locks cannot number. Numbers are given in a REPEATABLE READ transaction,
so that two who number the same jobcentre (which the locks rule out) cannot both commit.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import NamedTuple

import psycopg

from hub.events.andel import Plads, deltag, pladser, traed_ud
from hub.events.besoeg import FULDFOER, SAET_NOEGLEPLANER, Kald, besoeg
from hub.events.loekkebesoeg import besoeg as paa_loekken
from hub.events.lytter import LEVETEGN
from hub.notifications.gem import KANAL
from hub.notifications.koe import Unummereret, fundne, klare, laes_side, side_efter
from hub.notifications.numre_sql import BEGYND, BYTES, HOVEDER, LAAS, MARKER, MELD_LEDIG, NUMMERER, SLIP, SLIP_ALT, UDEN_AT_VENTE, USENDTE
from hub.notifications.pakning import Hoveder, Pakning
from hub.notifications.udkast import ANTAL_BANER

KANAL_TILBUDT = "hub_tilbudt"
LAASEKLASSE = 0x4E4F54
"""First key of every lane's advisory lock; the lane's number is the second."""

# A worker that stands still (paused, or its machine gone) loses its session and so its lanes: the next one takes over.
SESSION = (
    """
SET synchronous_commit = on; SET timezone = 'UTC';
SET statement_timeout = '30s'; SET lock_timeout = '5s';
SET idle_session_timeout = '20s'; SET idle_in_transaction_session_timeout = '20s';
SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 3;
"""
    + SAET_NOEGLEPLANER
)


class Nummereret(NamedTuple):
    """A row with its number and its final bytes."""

    job_center_kode: str
    nummer: int
    id: str
    vaerdi: bytes
    sags_id: str
    version: int
    hoveder: Hoveder = ()


class Sendt(NamedTuple):
    """A row and the offset at which its topic has it."""

    raekke: Nummereret
    offset: int


class Hoved(NamedTuple):
    """A jobcentre as the table has it: the last number given, and the offset after the last record known to be on the topic."""

    nummer: int = 0
    naeste_offset: int = 0


class Numre:
    """The sequencer's connection. Every method blocks and raises psycopg's errors; the locks live as long as the connection."""

    def __init__(self, url: str, pakning: Pakning) -> None:
        self._pakning = pakning
        self.conn = psycopg.connect(url, autocommit=True, application_name="hub-sekvenser", prepare_threshold=None, **LEVETEGN)
        self.conn.execute(SESSION)

    def luk(self) -> None:
        """Give up every lane and close the connection; the lanes are free when this returns, not when the server notices the end."""
        with suppress(psycopg.Error):
            self.conn.execute(SLIP_ALT)
        self.conn.close()

    def stadig(self) -> None:
        """Nothing, by the session that has the locks: psycopg's error when it is no more."""
        self.conn.execute("SELECT 1")

    def deltag(self) -> None:
        """Be counted among those who number; once."""
        deltag(self.conn, [LAASEKLASSE])

    def traed_ud(self) -> None:
        """Be counted no longer."""
        traed_ud(self.conn, [LAASEKLASSE])

    def plads(self) -> Plads:
        """This session's place among those who number."""
        return pladser(self.conn, [LAASEKLASSE])[LAASEKLASSE]

    def laas(self, baner: Iterable[int], hoejst: int = ANTAL_BANER) -> set[int]:
        """Lock at most so many of the lanes, of those that nobody else holds; they are returned."""
        return {bane for (bane,) in self.conn.execute(LAAS, [sorted(baner), LAASEKLASSE, hoejst])}

    def slip(self, baner: Iterable[int]) -> None:
        """Give lanes up."""
        self.conn.execute(SLIP, [LAASEKLASSE, sorted(baner)])

    def meld_ledig(self) -> None:
        """Say to the other workers that lanes were given up for them."""
        self.conn.execute(MELD_LEDIG)

    def nummerer(self, baner: Collection[int], maks: int, sendte: Sequence[Sendt] = ()) -> list[Nummereret]:
        """Give the next numbers to at most `maks` rows of lanes we hold and store their final bytes; durable when this returns.

        Before that, in the same visit, `sendte` are marked. This commit is synchronous. The projection's is not: PostgreSQL's log is
        sequential, so the flush of this one takes along the transaction that made the rows, and nothing is sent before what it
        announces is on disk.
        """
        foer = [BEGYND, *([_marker(sendte)] if sendte else [])]

        def side(efter: Mapping[int, int]) -> list[Unummereret]:
            raekker = laes_side(self.conn, efter, foer=tuple(foer))
            foer.clear()
            return raekker

        with self._helt_eller_fortrudt():
            nye = self._pakkede(klare(side, baner, maks))
            besoeg(self.conn, *foer, *_giv(nye))
        return nye

    async def nummerer_paa_loekken(self, baner: Collection[int], maks: int, sendte: Sequence[Sendt] = ()) -> list[Nummereret]:
        """`nummerer` in two short visits from the event loop, for few rows: where a lane has more than a page, the loop waits for them."""
        with self._helt_eller_fortrudt():
            foer = (BEGYND, *([_marker(sendte)] if sendte else []))
            svar = await paa_loekken(self.conn, *foer, side_efter(dict.fromkeys(baner, 0)))
            foerste = [fundne(svar[-1])]
            nye = self._pakkede(klare(lambda efter: foerste.pop() if foerste else laes_side(self.conn, efter), baner, maks))
            await paa_loekken(self.conn, *_giv(nye))
        return nye

    @contextmanager
    def _helt_eller_fortrudt(self) -> Iterator[None]:
        """A block that does not come to its end leaves no transaction behind, where the connection still lives.

        Raises SerializationFailure when what was to be numbered had a number already.
        """
        faerdig = False
        try:
            yield
            faerdig = True
        except psycopg.errors.DivisionByZero:
            raise psycopg.errors.SerializationFailure("somebody else numbered the same notifications") from None
        finally:
            if not faerdig:
                with suppress(psycopg.Error):
                    self.conn.rollback()

    def _pakkede(self, raekker: Sequence[Unummereret]) -> list[Nummereret]:
        nye = []
        naeste = {raekke.job_center_kode: raekke.hoved + 1 for raekke in raekker}
        for raekke in raekker:
            kode = raekke.job_center_kode
            vaerdi, hoveder = self._pakning.pak(raekke.med_nummer(naeste[kode]))
            nye.append(Nummereret(kode, naeste[kode], raekke.id, vaerdi, raekke.sags_id, raekke.version, hoveder))
            naeste[kode] += 1
        return nye

    def usendte(self, baner: Sequence[int], koder: Sequence[str], maks: int) -> list[Nummereret]:
        """Numbered rows that no topic is known to have, per jobcentre in order of number, at most `maks` of each."""
        raekker = [Nummereret(*raekke) for raekke in self.conn.execute(USENDTE, [baner, koder, maks], binary=True)]
        return [raekke._replace(hoveder=self._pakning.hoveder(raekke.vaerdi)) for raekke in raekker]

    def marker(self, sendte: Sequence[Sendt]) -> None:
        """Note what the topics have: now it may be offered, and what waited for it may be numbered."""
        with self._helt_eller_fortrudt():
            besoeg(self.conn, BEGYND, UDEN_AT_VENTE, _marker(sendte), FULDFOER)

    def hoveder(self) -> dict[str, Hoved]:
        """Every jobcentre that was ever given a number."""
        return {kode: Hoved(nummer, offset) for kode, nummer, offset in self.conn.execute(HOVEDER)}

    def gemte_bytes(self, kode: str, numre: Sequence[int]) -> dict[int, bytes]:
        """The final bytes of some numbers of a jobcentre."""
        return dict(self.conn.execute(BYTES, [kode, numre], binary=True))


def _giv(nye: Sequence[Nummereret]) -> tuple[Kald, Kald]:
    """Give the numbers, if there are any to give, and commit."""
    return _nummerer(nye) if nye else UDEN_AT_VENTE, FULDFOER


def _nummerer(nye: Sequence[Nummereret]) -> Kald:
    antal = Counter(n.job_center_kode for n in nye)
    sidste = {n.job_center_kode: n.nummer for n in nye}
    koder = sorted(antal)
    felter = {"ider": [n.id for n in nye], "numre": [n.nummer for n in nye], "vaerdier": [n.vaerdi for n in nye]}
    return NUMMERER.med(koder=koder, antal=[antal[k] for k in koder], sidste=[sidste[k] for k in koder], **felter)


def _marker(sendte: Sequence[Sendt]) -> Kald:
    raekker = [s.raekke for s in sendte]
    felter = {"ider": [r.id for r in raekker], "offsets": [s.offset for s in sendte], "koder": [r.job_center_kode for r in raekker]}
    felter |= {"numre": [r.nummer for r in raekker], "sager": [r.sags_id for r in raekker], "versioner": [r.version for r in raekker]}
    return MARKER.med(kanal=KANAL, tilbudt=KANAL_TILBUDT, **felter)
