"""The sequencer's SQL: lane locks, numbers, what is numbered but not sent, what was sent. One connection, one thread at a time.

The locks and the numbering share one session: who has lost the locks cannot number. Numbers are given in a REPEATABLE READ transaction,
so that two who number the same jobcentre (which the locks rule out) cannot both commit.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import NamedTuple

import psycopg

from hub.events.andel import LEDIG, Plads, deltag, pladser, traed_ud
from hub.events.besoeg import FULDFOER, SAET_NOEGLEPLANER, Kald, Saetning, besoeg
from hub.events.lytter import LEVETEGN
from hub.notifications.gem import KANAL
from hub.notifications.koe import Unummereret, klare, laes_side
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
LAAS = "SELECT bane FROM unnest(%s::int[]) AS b(bane) WHERE pg_try_advisory_lock(%s, bane) LIMIT %s"
SLIP = "SELECT pg_advisory_unlock(%s, bane) FROM unnest(%s::int[]) AS b(bane)"
MELD_LEDIG = f"SELECT pg_notify('{KANAL}', '{LEDIG}')"
SLIP_ALT = "SELECT pg_advisory_unlock_all()"
# Heads raised and numbers given in one statement. It divides by zero, and nothing is committed, unless every row was without a number and
# every head is then the last number given: the snapshot rules the rest out already. `num_nulls`: a plain IS NULL is a partial index's
# predicate, and a plan made while that index is empty goes through all of it for each row.
NUMMERER = Saetning("""
WITH forhoejet AS (
    INSERT INTO delivery.numre AS n (job_center_kode, hoved)
    SELECT kode, antal FROM unnest(%(koder)b::text[], %(antal)b::bigint[]) AS u(kode, antal)
    ON CONFLICT (job_center_kode) DO UPDATE SET hoved = n.hoved + excluded.hoved RETURNING job_center_kode, hoved
), givet AS (
    UPDATE delivery.notifikationer n SET nummer = u.nummer, vaerdi = u.vaerdi
    FROM unnest(%(ider)b::text[], %(numre)b::bigint[], %(vaerdier)b::bytea[]) AS u(id, nummer, vaerdi)
    WHERE n.id = u.id AND num_nulls(n.nummer) = 1 RETURNING 1
)
SELECT 1 / ((SELECT count(*) FROM givet) = cardinality(%(ider)b::text[]) AND (
    SELECT count(*) FROM forhoejet f JOIN unnest(%(koder)b::text[], %(sidste)b::bigint[]) AS u(kode, sidste)
    ON f.job_center_kode = u.kode AND f.hoved = u.sidste
) = cardinality(%(koder)b::text[]))::int
""")
BEGYND = Saetning("BEGIN ISOLATION LEVEL REPEATABLE READ").af()
USENDTE = """
SELECT n.job_center_kode, n.nummer, n.id, n.vaerdi, n.sags_id, n.version FROM unnest(%s::int[], %s::text[]) AS u(bane, kode)
CROSS JOIN LATERAL (
    SELECT * FROM delivery.notifikationer
    WHERE bane = u.bane AND job_center_kode = u.kode AND sendt IS NULL AND nummer IS NOT NULL ORDER BY nummer LIMIT %s
) n ORDER BY n.job_center_kode, n.nummer
"""
# Lost only with a crash of the server; the lanes' next start then finds the records on the topics.
UDEN_AT_VENTE = Saetning("SET LOCAL synchronous_commit = off").af()
# All of it in one statement. A row that waits is of the same case and version as the one it waits for.
MARKER = Saetning("""
WITH u AS (
    SELECT * FROM unnest(
        %(ider)b::text[], %(offsets)b::bigint[], %(koder)b::text[], %(numre)b::bigint[], %(sager)b::text[], %(versioner)b::int[]
    ) AS u(id, kafka_offset, kode, nummer, sags_id, version)
), markeret AS (
    UPDATE delivery.notifikationer n SET sendt = clock_timestamp(), kafka_offset = u.kafka_offset
    FROM u WHERE n.id = u.id AND n.sendt IS NULL
), frem AS (
    UPDATE delivery.numre n SET sendt = greatest(n.sendt, h.nummer)
    FROM (SELECT kode, max(nummer) AS nummer FROM u GROUP BY kode) h WHERE n.job_center_kode = h.kode RETURNING n.job_center_kode
)
SELECT pg_notify(%(tilbudt)b::text, job_center_kode) FROM frem
UNION ALL
SELECT pg_notify(%(kanal)b::text, bane::text) FROM (
    SELECT DISTINCT v.bane FROM u JOIN delivery.notifikationer v ON v.sags_id = u.sags_id AND v.version = u.version AND v.venter_paa = u.id
    WHERE num_nulls(v.nummer) = 1
) b
""")
HOVEDER = """
SELECT m.job_center_kode, m.hoved, coalesce(n.kafka_offset + 1, 0) FROM delivery.numre m
LEFT JOIN delivery.notifikationer n ON n.job_center_kode = m.job_center_kode AND n.nummer = m.sendt
"""
BYTES = "SELECT nummer, vaerdi FROM delivery.notifikationer WHERE job_center_kode = %s AND nummer = ANY(%s::bigint[])"


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
            try:
                nye = self._pakkede(klare(side, baner, maks))
                besoeg(self.conn, *foer, _nummerer(nye) if nye else UDEN_AT_VENTE, FULDFOER)
            except psycopg.errors.DivisionByZero:
                raise psycopg.errors.SerializationFailure("somebody else numbered the same notifications") from None
        return nye

    @contextmanager
    def _helt_eller_fortrudt(self) -> Iterator[None]:
        """A block that does not come to its end leaves no transaction behind, where the connection still lives."""
        faerdig = False
        try:
            yield
            faerdig = True
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
