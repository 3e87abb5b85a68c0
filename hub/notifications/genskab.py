"""Bring the notifications back after the database was lost (`hub restore`): what the topics hold, and what is due beside it.

In one transaction of the caller's: `begynd`, then every topic (`topics`), `behold`, then what is due (`skyldige`, in the order of the
log), then `afslut`. What a topic has keeps its id, number, bytes and offset; what the table had numbered beyond it keeps number and bytes,
since whoever numbered it may still send it; what else is due gets its number later. Nothing is sent here, and memory is bounded by one
batch.
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from psycopg.errors import LockNotAvailable
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from hub.events.codec import Kodeks, Ulaeselig
from hub.events.forbindelse import raa_forbindelse
from hub.events.journal import Post, laes
from hub.events.ordningsnotifikation import Ordningsnotifikation
from hub.events.topics import NOTIFIKATIONER
from hub.notifications.afstemning import ender
from hub.notifications.gem import INDSAET_SENDTE, KANAL, KOLONNER, SENDTE, indsaet, kolonner
from hub.notifications.numre import LAASEKLASSE
from hub.notifications.udkast import ANTAL_BANER, Udkast, bane

POSTER_AD_GANGEN = 5000

# A worker that was just ended keeps its lanes until the server notices.
VENT = text("SET LOCAL lock_timeout = '3s'")
LAAS = text("SELECT pg_advisory_xact_lock(:klasse, bane) FROM generate_series(0, :sidste) AS b(bane)")
HUSK = text("CREATE TEMP TABLE genskab_numre ON COMMIT DROP AS SELECT * FROM delivery.notifikationer WHERE vaerdi IS NOT NULL")
TOEM = text("TRUNCATE delivery.notifikationer, delivery.numre RESTART IDENTITY")
HOVEDER = text(
    "INSERT INTO delivery.numre (job_center_kode, hoved, sendt) "
    "SELECT kode, hoved, hoved FROM unnest(CAST(:koder AS text[]), CAST(:hoveder AS bigint[])) AS u(kode, hoved)"
)
FELTER = ", ".join([navn for navn, _ in KOLONNER] + ["nummer", "vaerdi"])
# Only what follows the topic's last number without a hole: a number that is not kept is given again.
BEHOLD = text(f"""
WITH fulgte AS (
    SELECT g.*, coalesce(m.hoved, 0) + row_number() OVER (PARTITION BY g.job_center_kode ORDER BY g.nummer) AS naeste
    FROM genskab_numre g LEFT JOIN delivery.numre m USING (job_center_kode)
    WHERE g.nummer > coalesce(m.hoved, 0) AND NOT EXISTS (SELECT FROM delivery.notifikationer n WHERE n.id = g.id)
), beholdt AS (
    INSERT INTO delivery.notifikationer ({FELTER}) SELECT {FELTER} FROM fulgte WHERE nummer = naeste ORDER BY job_center_kode, nummer
    RETURNING job_center_kode, nummer
), frem AS (
    INSERT INTO delivery.numre AS m (job_center_kode, hoved) SELECT job_center_kode, max(nummer) FROM beholdt GROUP BY 1
    ON CONFLICT (job_center_kode) DO UPDATE SET hoved = excluded.hoved
)
SELECT count(*) FROM beholdt
""")  # noqa: S608 - our own columns
BYTES = text("SELECT nummer, vaerdi FROM delivery.notifikationer WHERE job_center_kode = :kode AND nummer = ANY(:numre)")
VAEK = text("SELECT pg_notify(:kanal, CAST(bane AS text)) FROM generate_series(0, :sidste) AS b(bane)")


class BanerOptaget(RuntimeError):
    """A worker holds sequencer lanes: stop every worker before restoring."""


class TopicBrudt(RuntimeError):
    """A notification topic is not what the hub writes: its numbers have a hole, or a number stands for two notifications."""


class Genskabt(NamedTuple):
    """What was brought back: rows the topics had, repeats and foreign records passed over, rows that keep a number no topic has, due rows
    to be numbered, the topics' heads by jobcentre.
    """

    sendte: int = 0
    gentagne: int = 0
    fremmede: int = 0
    beholdte: int = 0
    skyldige: int = 0
    hoveder: Mapping[str, int] = {}


class Genskabelse:
    """One restoration on one connection; the methods block and are called in the order of the module's text."""

    def __init__(self, conn: Connection, kodeks: Kodeks) -> None:
        self._conn = conn
        self._kodeks = kodeks
        self._tal = Genskabt()
        self._hoveder: dict[str, int] = {}

    def begynd(self) -> None:
        """Lock every lane for the transaction, set aside what has a number, and empty the tables. Raises `BanerOptaget`."""
        self._conn.execute(VENT)
        try:
            self._conn.execute(LAAS, {"klasse": LAASEKLASSE, "sidste": ANTAL_BANER - 1})
        except OperationalError as fejl:
            if isinstance(fejl.orig, LockNotAvailable):
                raise BanerOptaget("sequencer lanes are held by a running worker; stop it first") from fejl
            raise
        self._conn.execute(HUSK)
        self._conn.execute(TOEM)

    def fra_topic(self, job_center_kode: str, poster: Sequence[Post]) -> None:
        """Store the next records of one topic, in the order of offsets: first occurrences as sent. Raises `TopicBrudt`."""
        laeste = [(n, post) for post in poster if (n := self._laest(job_center_kode, post)) is not None]
        nye = [(n, post) for n, post in laeste if self._er_ny(job_center_kode, n)]
        if nye:
            beside = zip(*((n.nummer, post.vaerdi, post.offset, _tid(post)) for n, post in nye), strict=True)
            felter = {navn: list(vaerdier) for (navn, _), vaerdier in zip(SENDTE, beside, strict=True)}
            raa_forbindelse(self._conn).execute(INDSAET_SENDTE, kolonner([_udkast(n) for n, _ in nye]) | felter)
        if len(nye) < len(laeste):
            self._ens(job_center_kode, {n.nummer: post.vaerdi for n, post in laeste})
        self._tael(sendte=len(nye), gentagne=len(laeste) - len(nye))

    def behold(self) -> None:
        """Store the topics' heads, and behind them what the table had numbered and no topic has: numbers and bytes as they were."""
        self._conn.execute(HOVEDER, {"koder": list(self._hoveder), "hoveder": list(self._hoveder.values())})
        self._tael(beholdte=self._conn.execute(BEHOLD).scalar_one())

    def skyldige(self, udkast: Sequence[Udkast]) -> None:
        """Store what is due, in the order of the log; what a topic already has is left as it is."""
        self._tael(skyldige=indsaet(self._conn, udkast))

    def afslut(self) -> Genskabt:
        """Wake the lanes at the commit."""
        self._conn.execute(VAEK, {"kanal": KANAL, "sidste": ANTAL_BANER - 1})
        return self._tal._replace(hoveder=self._hoveder)

    def _laest(self, kode: str, post: Post) -> Ordningsnotifikation | None:
        try:
            notifikation = self._kodeks.afkod_notifikation(post.vaerdi or b"")
        except Ulaeselig:
            notifikation = None
        if notifikation is None or notifikation.jobCenterKode != kode:
            self._tael(fremmede=1)
            return None
        return notifikation

    def _er_ny(self, kode: str, notifikation: Ordningsnotifikation) -> bool:
        hoved = self._hoveder.get(kode, 0)
        if notifikation.nummer > hoved + 1:
            raise TopicBrudt(f"{NOTIFIKATIONER}{kode} goes from number {hoved} to {notifikation.nummer}")
        self._hoveder[kode] = max(hoved, notifikation.nummer)
        return notifikation.nummer > hoved

    def _ens(self, kode: str, sidste: dict[int, bytes | None]) -> None:
        """A repeat is an identical copy of what was stored under its number."""
        gemte = self._conn.execute(BYTES, {"kode": kode, "numre": list(sidste)})
        for nummer, vaerdi in gemte:
            if vaerdi != sidste[nummer]:
                raise TopicBrudt(f"{NOTIFIKATIONER}{kode} has two notifications under number {nummer}")

    def _tael(self, **flere: int) -> None:
        self._tal = self._tal._replace(**{navn: getattr(self._tal, navn) + antal for navn, antal in flere.items()})


async def topics(options: dict[str, Any], genskabelse: Genskabelse) -> None:
    """Read every notification topic whole into the restoration. Raises KafkaError, `UdenForLoggen` (a topic was cut), `TopicBrudt`."""
    for kode, ende in sorted((await ender(options, range(ANTAL_BANER))).items()):
        async for _, poster in laes(options, NOTIFIKATIONER + kode, {0: 0}, {0: ende.slut}, POSTER_AD_GANGEN):
            await asyncio.to_thread(genskabelse.fra_topic, kode, poster)


def _tid(post: Post) -> datetime:
    """When it was sent the first time: what the jobcentre knew when does not change with a restore."""
    return datetime.fromtimestamp(post.sat / 1000, UTC)


def _udkast(n: Ordningsnotifikation) -> Udkast:
    return Udkast(
        id=n.notifikationsId,
        bane=bane(n.jobCenterKode),
        jobCenterKode=n.jobCenterKode,
        sagsId=n.sagsId,
        version=n.version,
        eksternIdentifier=n.eksternIdentifier,
        getMetode=n.getMetode,
        skabelon=n.virksomhedsordningSkabelon,
        subskabelon=n.virksomhedsordningSubskabelon,
        erOprettelse=n.erOprettelse,
        link=n.link,
        registreringsDato=n.registreringsDato,
        haendelsestidspunkt=n.haendelsestidspunkt,
        ansoegningStatus=n.ansoegningStatus,
        bevillingsstatus=n.bevillingsstatus,
    )
