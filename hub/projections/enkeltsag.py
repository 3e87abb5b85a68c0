"""One case anew from the log into the serving generation, in its partition's own turn; nobody is told, nothing is parked."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, select

from hub.events.besoeg import besoeg
from hub.events.forbindelse import raa_forbindelse
from hub.events.journal import Post, partition_for
from hub.events.tables import PARKEREDE
from hub.projections import checkpoint
from hub.projections.forskel import Forskel, raekkeforskelle
from hub.projections.generation import IngenGeneration, forbind, skema
from hub.projections.indgang import Afkoder
from hub.projections.laesemodel import TABELLER
from hub.projections.ombyg import byg_sag
from hub.projections.parkering import synkront
from hub.projections.samling import Raa
from hub.projections.skriv import skriv
from hub.projections.stille import slet_sag

_P = PARKEREDE.c
Raekker = dict[str, dict[tuple[Any, ...], tuple[Any, ...]]]
"""Table → key → row."""

LaesSag = Callable[[int, int, int], Sequence[Post]]
"""The case's own records of (partition, from, to); blocks."""


class UkendtSag(LookupError):
    """Neither the log nor the serving generation has the case."""


class Genfoldet(NamedTuple):
    """The generation, how many events of the case were applied, and what differed from the rows before."""

    generation: int
    antal: int
    forskelle: tuple[Forskel, ...]


def genfold_sag(
    engine: Engine, kodeks: Afkoder, sag: tuple[str, LaesSag], ved: Callable[[Connection, Genfoldet], object], *, udfoer: bool
) -> Genfoldet:
    """Write the case (`sag`: its id and how it is read) anew, in one transaction under its partition's checkpoint; undone unless `udfoer`.

    `ved` is called before the commit. Raises `UkendtSag`, `KanIkkeOmbygges`, `IngenGeneration`.
    """
    sags_id, laes = sag
    partition = partition_for(sags_id.encode())
    with engine.connect() as conn:
        laest_til = checkpoint.laes(conn).get(partition, 0)
    poster = list(laes(partition, 0, laest_til))
    with engine.connect() as conn, conn.begin() as tx:
        stade = checkpoint.laas(conn, partition)
        if stade is None:
            raise IngenGeneration("the generation is changing, or the partition has no checkpoint: try again")
        synkront(conn)
        # Held until the end; what was applied since it was read is read now.
        til = checkpoint.tag(conn, partition, stade)
        poster += laes(partition, laest_til, til) if til > laest_til else ()
        genfoldet = _skriv(forbind(conn, stade.generation), stade.generation, (sags_id, poster), kodeks)
        ved(conn, genfoldet)
        if not udfoer:
            tx.rollback()
    return genfoldet


def _skriv(conn: Connection, generation: int, sag: tuple[str, Sequence[Post]], kodeks: Afkoder) -> Genfoldet:
    sags_id, poster = sag
    til_side = select(_P.partition, _P.kafka_offset, _P.tilstand).where(_P.stroem == sags_id)
    afveje = {(r.partition, r.kafka_offset): r.tilstand for r in conn.execute(til_side)}
    foer = _raekker(conn, generation, sags_id)
    if not poster and not any(foer.values()):
        raise UkendtSag(f"neither the log nor the read models have a case {sags_id}")
    raa = [Raa(post.offset, post.vaerdi or b"") for post in poster]
    gang = byg_sag((partition_for(sags_id.encode()), sags_id.encode()), raa, afveje, kodeks)
    slet_sag(conn, generation, sags_id)
    besoeg(raa_forbindelse(conn), *skriv(skema(generation), [gang]))
    efter = _raekker(conn, generation, sags_id)
    fundet = [f for tabel in TABELLER for f in raekkeforskelle(tabel, foer[tabel.name], efter[tabel.name])]
    return Genfoldet(generation, len(gang.skridt), tuple(fundet))


def _raekker(conn: Connection, generation: int, sags_id: str) -> Raekker:
    """The rows as the database has them: what is packed stays so, whatever it holds."""
    raekker: Raekker = {}
    for tabel in TABELLER:
        noegle = [n for n, kolonne in enumerate(tabel.columns) if kolonne.primary_key]
        sql = f"SELECT {', '.join(k.name for k in tabel.columns)} FROM {skema(generation)}.{tabel.name} WHERE sags_id = %s"  # noqa: S608
        fundne = raa_forbindelse(conn).execute(sql.encode(), (sags_id,)).fetchall()
        raekker[tabel.name] = {tuple(r[n] for n in noegle): r for r in fundne}
    return raekker
