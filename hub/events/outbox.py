"""The relay's SQL: its locks, what is unsent, what was sent, where each lane stands. One connection, used by one at a time.

synchronous_commit is off here. That is safe because whatever this connection writes can be found again: rows marked sent and the
lane's position are written together and lost together, only by a crash of the server, and then the server's start differs from the
lane's, so the lane is compared with the log (which has the records, that is why they were marked) before anything is appended or sent.
"""

import zlib
from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

import orjson
import psycopg
from psycopg.types.json import set_json_loads

from hub.events.andel import LEDIG, Plads, deltag, pladser
from hub.events.besoeg import SAET_NOEGLEPLANER, Kald, Saetning
from hub.events.genskabelseslaas import GENSKABES
from hub.events.loekkebesoeg import besoeg
from hub.events.lytter import LEVETEGN

KANAL_USENDT = "hub_outbox"
KANAL_SENDT = "hub_sendt"
IDER_PR_BESKED = 380
"""A payload has at most 7,999 bytes, an id at most 19 digits and a comma."""
RAEKKER_PR_BANE = 1000
BYTES_PR_BANE = 1024 * 1024
SLET_AD_GANGEN = 1000

# A worker that stands still (paused, or its machine gone) loses its session and so its locks: the next one takes over.
SESSION = (
    """
SET synchronous_commit = off; SET timezone = 'UTC'; SET statement_timeout = '30s';
SET idle_session_timeout = '20s'; SET idle_in_transaction_session_timeout = '20s';
SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 3;
"""
    + SAET_NOEGLEPLANER
)
LAAS = """
SELECT nr FROM unnest(%s::int[], %s::int[]) WITH ORDINALITY AS l(klasse, partition, nr)
WHERE pg_try_advisory_lock(klasse, partition) LIMIT %s
"""
SLIP = "SELECT pg_advisory_unlock(klasse, partition) FROM unnest(%s::int[], %s::int[]) AS l(klasse, partition)"
OPRET_BANE = "INSERT INTO ledger.baner (topic, partition, naeste_offset) VALUES (%s, %s, 0) ON CONFLICT DO NOTHING"
BANE = "SELECT naeste_offset, bagud FROM ledger.baner WHERE topic = %s AND partition = %s"
# The first row of a lane always, more while they fit: memory is bounded whatever the events' size.
USENDT = Saetning("""
SELECT topic, partition, naeste_offset, id, stroem, vaerdi, hoveder
FROM (
    SELECT b.topic, b.partition, b.naeste_offset, o.id, o.stroem, o.vaerdi, o.hoveder,
           sum(octet_length(o.vaerdi)) OVER (PARTITION BY b.topic, b.partition ORDER BY o.id) - octet_length(o.vaerdi) AS foer
    FROM unnest(%(topics)b::text[], %(partitioner)b::int[]) AS l(topic, partition)
    JOIN ledger.baner b ON b.topic = l.topic AND b.partition = l.partition AND b.bagud IS NULL
    CROSS JOIN LATERAL (
        SELECT id, stroem, vaerdi, hoveder FROM ledger.outbox
        WHERE topic = l.topic AND partition = l.partition AND sendt IS NULL AND id <> ALL (%(udeladte)b::bigint[])
        ORDER BY id LIMIT %(raekker)b::int
    ) o
) u WHERE foer < %(bytes)b::int ORDER BY topic, partition, id
""")
# Compare-and-set: a position that is not where the lane left it (a database put back under us) marks nothing, nor does one that a
# restore has closed: only the restore opens that again.
# One statement, and so one transaction: lanes moved, rows marked. `num_nulls`: a plain IS NULL is a partial index's predicate, and a plan
# made while that index is empty goes through all of it.
FLYT = Saetning("""
WITH flyttet AS (
    UPDATE ledger.baner b SET naeste_offset = v.til
    FROM unnest(%(topics)b::text[], %(partitioner)b::int[], %(fra)b::bigint[], %(til)b::bigint[]) WITH ORDINALITY
        AS v(topic, partition, fra, til, nr)
    WHERE b.topic = v.topic AND b.partition = v.partition AND b.naeste_offset = v.fra AND b.bagud IS NULL
    RETURNING v.nr
), markeret AS (
    UPDATE ledger.outbox o SET sendt = clock_timestamp(), kafka_offset = v.kafka_offset
    FROM unnest(%(ider)b::bigint[], %(offsets)b::bigint[], %(id_baner)b::int[]) AS v(id, kafka_offset, bane)
    WHERE v.bane IN (SELECT nr FROM flyttet) AND o.id = v.id AND num_nulls(o.sendt) = 1
)
SELECT nr FROM flyttet
""")
FORTAEL = Saetning("SELECT pg_notify(%(kanal)b::text, besked) FROM unnest(%(beskeder)b::text[]) AS besked")
MARKER = """
UPDATE ledger.outbox o SET sendt = clock_timestamp(), kafka_offset = v.kafka_offset
FROM unnest(%s::bigint[], %s::bigint[]) AS v(id, kafka_offset) WHERE o.id = v.id AND num_nulls(o.sendt) = 1
"""
MELD = "SELECT pg_notify(%s, besked) FROM unnest(%s::text[]) AS besked"
VIDERE = """
UPDATE ledger.baner SET naeste_offset = %(til)s
WHERE topic = %(topic)s AND partition = %(partition)s AND naeste_offset = %(fra)s AND NOT starts_with(coalesce(bagud, ''), %(genskabes)s)
"""
SLUT = """
UPDATE ledger.baner SET naeste_offset = %(til)s, bagud = %(bagud)s, server_start = pg_postmaster_start_time()
WHERE topic = %(topic)s AND partition = %(partition)s AND naeste_offset = %(fra)s AND NOT starts_with(coalesce(bagud, ''), %(genskabes)s)
"""
RYD_OP = """
DELETE FROM ledger.outbox WHERE id IN (
    SELECT id FROM ledger.outbox WHERE sendt < clock_timestamp() - interval '30 days' ORDER BY sendt LIMIT %s FOR UPDATE SKIP LOCKED
)
"""

Banenavn = tuple[str, int]
"""(topic, partition)"""


class BaneFlyttet(RuntimeError):
    """A lane's position is not where the relay left it: a restore, or a database put back under us."""


class Raekke(NamedTuple):
    """An unsent outbox row; `naeste_offset` is its lane's position in the table."""

    topic: str
    partition: int
    naeste_offset: int
    id: int
    stroem: str
    vaerdi: bytes
    hoveder: dict[str, str]


class Bundt(NamedTuple):
    """What Kafka has of one lane: outbox ids with their offsets; the lane's position moves from `fra` to `til`."""

    bane: Banenavn
    fra: int
    til: int
    ider: Sequence[int]
    offsets: Sequence[int]


class Laes(NamedTuple):
    """Lanes to read what is unsent of, without rows that Kafka has although they are not marked."""

    baner: Sequence[Banenavn]
    udeladte: Sequence[int] = ()


def laasenoegle(bane: Banenavn) -> tuple[int, int]:
    """The two keys of a lane's advisory lock; whoever changes a lane's position holds it, or has the database alone (`hub restore`)."""
    return int.from_bytes(zlib.crc32(f"relay:{bane[0]}".encode()).to_bytes(4), signed=True), bane[1]


class Outbox:
    """The relay's connection. Every method but `omgang` blocks; all raise psycopg's errors. The locks live as long as the connection."""

    def __init__(self, url: str) -> None:
        self.conn = psycopg.connect(url, autocommit=True, application_name="hub-relay", prepare_threshold=None, **LEVETEGN)
        self.conn.execute(SESSION)
        set_json_loads(orjson.loads, self.conn)

    def luk(self) -> None:
        """Close the connection and so give up every lock."""
        self.conn.close()

    def deltag(self, topics: Collection[str]) -> None:
        """Be counted among those who serve lanes of these topics; once."""
        deltag(self.conn, [laasenoegle((topic, 0))[0] for topic in topics])

    def pladser(self, topics: Collection[str]) -> dict[str, Plads]:
        """This relay's place among those who serve each topic's lanes."""
        klasser = {laasenoegle((topic, 0))[0]: topic for topic in topics}
        return {klasser[klasse]: plads for klasse, plads in pladser(self.conn, klasser).items()}

    def laas(self, baner: Sequence[Banenavn], hoejst: int) -> list[Banenavn]:
        """Lock at most so many of the lanes, of those that nobody else holds; they are returned."""
        klasser, partitioner = _kolonner([laasenoegle(bane) for bane in baner], 2)
        return [baner[nr - 1] for (nr,) in self.conn.execute(LAAS, [klasser, partitioner, hoejst])]

    def slip(self, baner: Sequence[Banenavn]) -> None:
        """Give lanes up, and say so to the other workers."""
        self.conn.execute(SLIP, _kolonner([laasenoegle(bane) for bane in baner], 2))
        self.conn.execute(MELD, [KANAL_USENDT, [LEDIG]])

    def stand(self, bane: Banenavn) -> tuple[int, str | None]:
        """A lane's position (0 when it is new) and why it is behind, if it is."""
        self.conn.execute(OPRET_BANE, bane)
        fundet: tuple[int, str | None] | None = self.conn.execute(BANE, bane).fetchone()
        assert fundet is not None
        return fundet

    async def omgang(self, kvitterede: Sequence[int], bundter: Sequence[Bundt], laes: Laes) -> tuple[set[Banenavn], list[Raekke]]:
        """Tell who waits for rows that Kafka has, mark those of `bundter`, then read what is unsent; all in one visit from the event loop.

        Returns the lanes that moved, and the rows by lane and id.
        """
        fortael = [FORTAEL.med(kanal=KANAL_SENDT, beskeder=list(_beskeder(kvitterede)))] if kvitterede else []
        flyt, usendte = [_flyt(bundter)] if bundter else [], [_usendte(laes)] if laes.baner else []
        svar = await besoeg(self.conn, *fortael, *flyt, *usendte)
        flyttede = {bundter[nr - 1].bane for (nr,) in svar[len(fortael)]} if bundter else set()
        return flyttede, [Raekke(*raekke) for raekke in svar[-1]] if usendte else []

    def noter(self, bundt: Bundt) -> None:
        """Store how far a comparison came, and mark the rows it found on the log. Raises `BaneFlyttet`."""
        self._noter(VIDERE, bundt, None)

    def afslut(self, bane: Banenavn, naeste: int, bagud: str | None) -> None:
        """Store the outcome of a comparison, and that it was made with this server's start. Raises `BaneFlyttet`."""
        self._noter(SLUT, Bundt(bane, naeste, naeste, [], []), bagud)

    def _noter(self, sql: str, bundt: Bundt, bagud: str | None) -> None:
        topic, partition = bundt.bane
        felter = {"topic": topic, "partition": partition, "fra": bundt.fra, "til": bundt.til, "bagud": bagud, "genskabes": GENSKABES}
        with self.conn.transaction():
            if self.conn.execute(sql, felter).rowcount == 0:
                raise BaneFlyttet(
                    f"{topic}/{partition}: the position {bundt.fra} was changed by somebody else, or the lane is being restored"
                )
            self._sendt([bundt])

    def ryd_op(self) -> int:
        """Delete some of the rows acknowledged more than 30 days ago; return how many."""
        return self.conn.execute(RYD_OP, [SLET_AD_GANGEN]).rowcount

    def _sendt(self, bundter: Sequence[Bundt]) -> None:
        ider = [id_ for b in bundter for id_ in b.ider]
        if ider:
            self.conn.execute(MARKER, [ider, [offset for b in bundter for offset in b.offsets]])
            self.conn.execute(MELD, [KANAL_SENDT, list(_beskeder(ider))])


def _usendte(laes: Laes) -> Kald:
    topics, partitioner = _kolonner(laes.baner, 2)
    return USENDT.med(topics=topics, partitioner=partitioner, udeladte=laes.udeladte, raekker=RAEKKER_PR_BANE, bytes=BYTES_PR_BANE)


def _flyt(bundter: Sequence[Bundt]) -> Kald:
    topics, partitioner, fra, til = _kolonner([(*b.bane, b.fra, b.til) for b in bundter], 4)
    sendte = [(nr, id_, offset) for nr, b in enumerate(bundter, 1) for id_, offset in zip(b.ider, b.offsets, strict=True)]
    id_baner, ider, offsets = _kolonner(sendte, 3)
    felter = {"ider": ider, "offsets": offsets, "id_baner": id_baner}
    return FLYT.med(topics=topics, partitioner=partitioner, fra=fra, til=til, **felter)


def _kolonner(raekker: Sequence[tuple[Any, ...]], antal: int) -> list[list[Any]]:
    return [[raekke[nr] for raekke in raekker] for nr in range(antal)]


def _beskeder(ider: Sequence[int]) -> Iterable[str]:
    return (",".join(map(str, ider[nr : nr + IDER_PR_BESKED])) for nr in range(0, len(ider), IDER_PR_BESKED))
