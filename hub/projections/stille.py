"""Events applied to a generation that does not serve: rows and checkpoint move, nobody is told, nothing is parked (architecture 11)."""

from collections.abc import Collection, Sequence

from sqlalchemy import Connection, Text, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import ARRAY

from hub.events.besoeg import besoeg
from hub.events.forbindelse import raa_forbindelse
from hub.events.journal import Post
from hub.events.tables import CHECKPOINTS, PARKEREDE
from hub.projections import tidslinje
from hub.projections.generation import forbind, skema
from hub.projections.indgang import Afkoder, indgang
from hub.projections.laes_sager import laest, spoerg
from hub.projections.laesemodel import TABELLER
from hub.projections.ombyg import KanIkkeOmbygges, byg_sag
from hub.projections.project import fold, ingenting
from hub.projections.samling import Raa
from hub.projections.skriv import skriv

_C, _P, _T = CHECKPOINTS.c, PARKEREDE.c, tidslinje.TABEL.c
_FLYT = update(CHECKPOINTS).where(_C.generation == bindparam("g"), _C.partition == bindparam("p"))
_KASSEREDE = select(func.sha256(_P.vaerdi)).where(_P.stroem == bindparam("sag"), _P.tilstand == "kasseret")
_MED_AFVEJE = select(_P.stroem).where(_P.stroem == func.any(bindparam("sager", type_=ARRAY(Text)))).distinct()
_EGNE = select(_T.partition, _T.kafka_offset, _T.vaerdi).where(_T.sags_id == bindparam("sag")).order_by(_T.version)


def anvend(conn: Connection, generation: int, partition: int, poster: Sequence[Post], kodeks: Afkoder) -> set[str]:
    """Apply the partition's next records; the cases touched. Cases with something set aside are left for `omfold`, and among them.

    Raises `KanIkkeOmbygges`.
    """
    if not poster:
        return set()
    bundet = forbind(conn, generation)
    indgange = [indgang(post, kodeks) for post in poster]
    raa = raa_forbindelse(conn)
    (svar,) = besoeg(raa, spoerg(skema(generation), indgange))
    foer = laest(bundet, svar, indgange)
    aparte = afveje(conn, {i.stroem for i in indgange})
    gange = fold(foer.tilstande, foer.sidespor, [i for i in indgange if i.stroem not in aparte], ingenting)
    for gang in gange.values():
        for parkering in gang.parkeringer:
            raise KanIkkeOmbygges(partition, parkering.indgang.offset, parkering.fejl)
    besoeg(raa, *skriv(skema(generation), list(gange.values())))
    conn.execute(_FLYT.values(naeste_offset=poster[-1].offset + 1), {"g": generation, "p": partition})
    return {i.stroem for i in indgange}


def afveje(conn: Connection, stroemme: Collection[str]) -> set[str]:
    """Those of the cases of which something is or was set aside."""
    return set(conn.execute(_MED_AFVEJE, {"sager": list(stroemme)}).scalars()) if stroemme else set()


def omfold(conn: Connection, fra: int, til: int, stroemme: Collection[str], kodeks: Afkoder) -> None:
    """Write cases into generation `til` as the events that generation `fra` applied make them: folded anew, from their own bytes."""
    kilde = forbind(conn, fra)
    for sags_id in sorted(stroemme):
        kasserede = set(conn.execute(_KASSEREDE, {"sag": sags_id}).scalars())
        raekker = kilde.execute(_EGNE, {"sag": sags_id}).all()
        slet_sag(conn, til, sags_id)
        if raekker:
            egne = [Raa(r.kafka_offset, bytes(r.vaerdi)) for r in raekker]
            gang = byg_sag((raekker[0].partition, sags_id.encode()), egne, {}, kodeks, kasserede)
            besoeg(raa_forbindelse(conn), *skriv(skema(til), [gang]))


def slet_sag(conn: Connection, generation: int, sags_id: str) -> None:
    """Delete a case's rows."""
    for tabel in TABELLER:
        raa_forbindelse(conn).execute(f"DELETE FROM {skema(generation)}.{tabel.name} WHERE sags_id = %s", (sags_id,))  # noqa: S608
