"""verify: read the log up to the serving checkpoints, fold it anew, and compare with every serving row, the timeline and the ledger.

One snapshot of the database, so it runs beside traffic. Memory is bounded: with many events the log is read several times,
each pass folding the cases of one share.
"""

import itertools
import zlib
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, Engine, select

from hub.events.journal import Post
from hub.events.tables import PARKEREDE, STROEMME
from hub.events.topics import FAKTA
from hub.projections import checkpoint, sager, tidslinje
from hub.projections.forskelle import Fund, forskelle, paa_vej
from hub.projections.generation import forbind, serverende
from hub.projections.genfold import Foldet, Genfold
from hub.projections.indgang import Afkoder, indgang
from hub.projections.metoder import METODER

HAENDELSER_PR_GENNEMLOEB = 200_000
SAGER_AD_GANGEN = 500
HOEJST_FUND = 1_000
ANDELE = 10_000

Laes = Callable[[Mapping[int, int], Mapping[int, int]], AsyncIterator[tuple[int, list[Post]]]]
"""Reads partitions from (inclusive) to (exclusive); `journal.laes` on the facts' topic."""


@dataclass
class Rapport:
    """What was compared and what differs; `fund` holds the first 1,000 of `forskelle`."""

    poster: int = 0
    sager: int = 0
    haendelser: int = 0
    gentagelser: int = 0
    parkerede: int = 0
    kasserede: int = 0
    forskelle: int = 0
    fund: list[Fund] = field(default_factory=list)

    def tag(self, fund: Iterable[Fund]) -> None:
        """Count findings, keep the first."""
        for et in fund:
            self.forskelle += 1
            if len(self.fund) < HOEJST_FUND:
                self.fund.append(et)


class Udvalg:
    """The cases of one pass: share `nummer` of `antal`, of a sample (1.0: all)."""

    def __init__(self, nummer: int, antal: int, andel: float) -> None:
        self._nummer, self._antal, self._graense = nummer, antal, round(andel * ANDELE)

    def har(self, stroem: bytes) -> bool:
        """Whether the case is in this pass."""
        tal = zlib.crc32(stroem)
        return tal % ANDELE < self._graense and (tal // ANDELE) % self._antal == self._nummer


async def verificer(engine: Engine, kodeks: Afkoder, laes: Laes, andel: float = 1.0) -> Rapport:
    """Compare. `andel`: the share of the cases looked at (0 < andel ≤ 1). Raises what `laes` raises, and `IngenGeneration`."""
    rapport = Rapport()
    with engine.connect().execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True) as raa, raa.begin():
        conn = forbind(raa, serverende(raa))
        steder = checkpoint.laes(conn)
        afveje = {(r.partition, r.kafka_offset): r.tilstand for r in conn.execute(select(PARKEREDE))}
        gennemloeb = max(1, round(sum(steder.values()) * andel / HAENDELSER_PR_GENNEMLOEB))
        for nummer in range(gennemloeb):
            udvalg = Udvalg(nummer, gennemloeb, andel)
            genfold = Genfold(afveje)
            async for _, poster in laes(dict.fromkeys(steder, 0), steder):
                egne = [post for post in poster if udvalg.har(post.noegle or b"")]
                rapport.poster += len(egne)
                genfold.tag([indgang(post, kodeks) for post in egne])
            _sammenlign(conn, rapport, genfold, steder)
            rapport.tag(_ukendte(conn, genfold.sager, udvalg, steder))
    rapport.parkerede = sum(t == "parkeret" for t in afveje.values())
    rapport.kasserede = sum(t == "kasseret" for t in afveje.values())
    return rapport


def _sammenlign(conn: Connection, rapport: Rapport, genfold: Genfold, steder: Mapping[int, int]) -> None:
    rapport.gentagelser += genfold.gentagelser
    sager_ = iter(genfold.sager.items())
    while del_ := dict(itertools.islice(sager_, SAGER_AD_GANGEN)):
        rapport.sager += sum(f.tilstand.sag is not None for f in del_.values())
        rapport.haendelser += sum(len(f.linjer) for f in del_.values())
        rapport.tag(forskelle(conn, del_, steder))


def _ukendte(conn: Connection, kendte: Mapping[str, Foldet], udvalg: Udvalg, steder: Mapping[int, int]) -> Iterable[Fund]:
    """Cases that the database has and the log has not; the ledger's may be on their way."""
    for tabel in (sager.TABEL, tidslinje.TABEL, *(m.tabel for m in METODER.values())):
        for (sags_id,) in conn.execute(select(tabel.c.sags_id).distinct()):
            if sags_id not in kendte and udvalg.har(sags_id.encode()):
                yield Fund(-1, -1, sags_id, tabel.name, "no such case", "rows")
    stroemme = select(STROEMME.c.stroem, STROEMME.c.partition).where(STROEMME.c.topic == FAKTA, STROEMME.c.version > 0)
    for sags_id, partition in conn.execute(stroemme).all():
        if sags_id not in kendte and udvalg.har(sags_id.encode()) and not paa_vej(conn, sags_id, steder.get(partition, 0)):
            yield Fund(partition, -1, sags_id, "ledger.stroemme", "no such case", "a stream")
