"""Fold the log back into the ledger for `hub restore`: one partition, one transaction, bounded memory, and nothing on the log blocks it.

Close the lanes (`luk_baner`), then for each partition: `Genskabelse`, `fold` the log from its start to a fixed end, `afstem` the outbox,
export what `eksporter_upassende` names, `afslut`, commit; when everything else is restored too, `aabn_baner`. Until then appending
answers 503, and a restore cut short leaves it so. Floors (`gulv`) are not on the log, but whoever was answered is in the access log.
"""

from collections.abc import Container, Sequence
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

from sqlalchemy import Connection, Engine

from hub.events import genskab_sql as sql
from hub.events.arter import ARTER, Nogen
from hub.events.codec import Kodeks
from hub.events.forbindelse import raa_forbindelse
from hub.events.genskab_fold import Folder, Optaelling, PasserIkke
from hub.events.genskab_tilstand import I_HUKOMMELSEN, Tilstande
from hub.events.genskabelseslaas import GENSKABES
from hub.events.journal import Post
from hub.events.topics import DRIFT


class Upassende(NamedTuple):
    """An acknowledged event that the ledger has and the log contradicts; `vaerdi` is its bytes, `grund` why it does not fit."""

    id: int
    topic: str
    partition: int
    stroem: str
    version: int
    vaerdi: bytes
    hoveder: dict[str, str]
    oprettet: datetime
    sendt: datetime | None
    kafka_offset: int | None
    grund: str


def luk_baner(engine: Engine, topic: str) -> None:
    """Refuse appending to every lane of a topic from now on, and wait until those under way have committed."""
    with engine.begin() as conn:
        conn.exec_driver_sql(sql.LUK_BANER, {"topic": topic, "lukket": sql.LUKKET})
    # An append holds this lock from before it reads its lanes: one that comes after us reads what we just wrote.
    with engine.begin() as conn:
        conn.exec_driver_sql(sql.VENT_PAA_APPENDS)


def aabn_baner(conn: Connection) -> None:
    """Open every lane that was restored: once this is committed the API appends, later than every asOf answered, and the relay sends."""
    raa_forbindelse(conn).execute(sql.SAET_GULVE)
    raa_forbindelse(conn).execute(sql.AABN_BANER, {"genskabes": GENSKABES})


def eksporter_upassende(conn: Connection) -> list[Upassende]:
    """The outbox rows that `afstem` found to contradict the log, oldest first; they are gone once `afslut` is committed."""
    return [Upassende(*raekke) for raekke in raa_forbindelse(conn).execute(sql.UPASSENDE)]


class Genskabelse:
    """One lane's rows, made anew in the caller's transaction. `kasserede`: offsets that operators discarded; they are not folded."""

    def __init__(
        self, conn: Connection, kodeks: Kodeks, bane: tuple[str, int], kasserede: Container[int] = (), hoejst: int = I_HUKOMMELSEN
    ) -> None:
        self._raa = raa_forbindelse(conn)
        self._topic, self._partition = bane
        self._sted = {"topic": self._topic, "partition": self._partition, "lukket": sql.LUKKET}
        self._folder = Folder(kodeks, bane, kasserede)
        self._tilstande = Tilstande(self._raa, bane, hoejst)
        self._har_akter = ARTER[self._topic].har_akter
        for trin in (*((sql.GLEM_AKTER,) if self._har_akter else ()), *sql.FORBERED):
            self._raa.execute(trin, self._sted if "%(" in trin else None)
        self._har_outbox = self._raa.execute(sql.HAR_OUTBOX, self._sted).fetchone() == (True,)

    def fold(self, poster: Sequence[Post]) -> None:
        """Fold the next records of the partition, in order."""
        navne = [self._folder.navn(post) for post in poster]
        hashes = [sha256(post.vaerdi or b"").digest() for post in poster]
        if self._har_outbox:
            kolonner = {"stroemme": navne, "hashes": hashes, "offsets": [post.offset for post in poster]}
            self._raa.execute(sql.FIND_I_OUTBOX, {**self._sted, **kolonner})
        stroemme = self._tilstande.hent({navn for navn in navne if navn})
        foldede = [self._folder.fold(p, h, stroemme.get(n)) for p, h, n in zip(poster, hashes, navne, strict=True)]
        self._optag([h for h in foldede if h is not None])

    def afstem(self) -> Optaelling:
        """Hold the outbox rows that the log does not have against it: those that continue it are sent again, the others do not fit."""
        efter = 0
        while raekker := self._raa.execute(sql.IKKE_FUNDNE, {**self._sted, "efter": efter}, binary=True).fetchall():
            self._afstem([(id_, navn, vaerdi) for id_, navn, vaerdi in raekker])
            efter = raekker[-1][0]
        return self._folder.tal

    def afslut(self, naeste_offset: int) -> Optaelling:
        """Write what is left, remove the rows that do not fit; the lane is level with the log up to `naeste_offset`, and still closed.

        But the operators' own is open: the restore itself says there what it sets aside.
        """
        self._tilstande.skriv()
        for trin in (*sql.AFSLUT, sql.INDSAET_ANMODNINGER, *((sql.INDSAET_AKTER,) if self._har_akter else ())):
            self._raa.execute(trin)
        self._raa.execute(sql.JAEVN, {**self._sted, "naeste": naeste_offset, "bagud": None if self._topic == DRIFT else sql.LUKKET})
        return self._folder.tal

    def _afstem(self, raekker: Sequence[tuple[int, str, bytes]]) -> None:
        stroemme = self._tilstande.hent({navn for _, navn, _ in raekker})
        domme = [(id_, self._folder.genoptag(vaerdi, stroemme[navn])) for id_, navn, vaerdi in raekker]
        genoptagne = [(id_, dom) for id_, dom in domme if not isinstance(dom, PasserIkke)]
        upassende = [(id_, *dom) for id_, dom in domme if isinstance(dom, PasserIkke)]
        self._raa.execute(sql.GENOPTAG, {"ids": [id_ for id_, _ in genoptagne]})
        self._raa.cursor().executemany(sql.NOTER_UPASSENDE, upassende)
        self._folder.tal.genoptagne += len(genoptagne)
        self._folder.tal.upassende += len(upassende)
        self._optag([haendelse for _, haendelse in genoptagne])

    def _optag(self, haendelser: Sequence[Nogen]) -> None:
        """Keep what moved: the streams, and each event's part of its request's receipt."""
        self._tilstande.aflever({h.kuvert.sagsId for h in haendelser})
        if self._topic == DRIFT or not haendelser:
            return
        with self._raa.cursor().copy(sql.KOPIER_ANMODNINGER) as kopi:
            kopi.set_types(sql.ANMODNINGSTYPER)
            for h in haendelser:
                k = h.kuvert
                tid = k.registreringstidspunkt
                kopi.write_row((k.requestId, k.requestHash, k.sagsId, k.version, k.haendelsesId, h.type, k.eksternIdentifier, tid))
