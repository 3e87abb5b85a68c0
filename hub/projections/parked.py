"""What an operator does with parked events: apply a case's in order, or discard one.

An event notifies when the notify position passes it, or here when it is taken out of the parked set; never elsewhere.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, select

from hub.events.besoeg import besoeg
from hub.events.drift import Driftsdata, GenkoerselMislykket, HaendelseGenkoert, HaendelseKasseret
from hub.events.forbindelse import raa_forbindelse
from hub.events.tables import PARKEREDE
from hub.projections import checkpoint, parkering
from hub.projections.checkpoint import Stade
from hub.projections.forsigtig import skriv_forsigtigt
from hub.projections.generation import IngenGeneration, forbind, serverende
from hub.projections.indgang import Indgang, indgang
from hub.projections.kolonner import skema
from hub.projections.laes_sager import laest, spoerg
from hub.projections.ledgersag import fold_om
from hub.projections.live import Projektion
from hub.projections.project import BAGVED, FEJL, VENTER, Sagsgang, fold


class IkkeParkeret(LookupError):
    """There is no parked event at that place, or another operator has just dealt with it."""


class Operatoer(NamedTuple):
    """Who does it and why; at work, so it stands open on the operators' log."""

    hvem: str
    hvorfor: str


class Genkoert(NamedTuple):
    """A case's parked events were tried: how many were applied, how many were identical repeats, how many are still parked and why."""

    antal: int
    sprunget: int
    rest: int
    fejl: str | None


class Proevet(NamedTuple):
    """What a retry would do now: events applied, identical repeats, still parked and why; and the notifications it would give."""

    antal: int
    sprunget: int
    rest: int
    fejl: str | None
    udkast: tuple[Any, ...]


_P = PARKEREDE.c
_PARTITIONER = select(_P.partition).where(_P.stroem == bindparam("stroem"), _P.tilstand == "parkeret").distinct()
_STROEM = select(_P.stroem).where(_P.partition == bindparam("p"), _P.kafka_offset == bindparam("o"), _P.tilstand == "parkeret")


def genkoer(projektion: Projektion, sags_id: str, operatoer: Operatoer) -> Genkoert:
    """Apply the case's parked events in the log's order, and notify; stops at the first that fails again, which stays parked with the rest.

    One transaction. Raises `IkkeParkeret` when nothing of the case is parked.
    """
    with projektion.engine.begin() as conn:
        partition = conn.execute(_PARTITIONER, {"stroem": sags_id}).scalars().first()
        if partition is None:
            raise IkkeParkeret("nothing of this case is parked")
        stade = _hold(conn, partition)
        indgange = [indgang(post, projektion.kodeks) for post in parkering.aabne(conn, sags_id)]
        if not indgange:
            raise IkkeParkeret("nothing of this case is parked any more")
        return _genkoer(forbind(conn, stade.generation), projektion, indgange, operatoer)


def proev(projektion: Projektion, sags_id: str) -> Proevet:
    """Fold the case's parked events as `genkoer` would, in a snapshot: nothing is held and nothing changes.

    A row that PostgreSQL would refuse shows only at the retry itself. Raises `IkkeParkeret` when nothing of the case is parked.
    """
    with projektion.engine.connect().execution_options(isolation_level="REPEATABLE READ") as conn, conn.begin():
        indgange = [indgang(post, projektion.kodeks) for post in parkering.aabne(conn, sags_id)]
        if not indgange:
            raise IkkeParkeret("nothing of this case is parked")
        gang = _gang(forbind(conn, serverende(conn)), projektion, indgange)
    fejl = gang.parkeringer[0].fejl if gang.parkeringer else None
    return Proevet(len(gang.skridt), len(gang.sprungne), len(gang.parkeringer), fejl, tuple(u for s in gang.skridt for u in s.udkast))


def kasser(projektion: Projektion, partition: int, offset: int, operatoer: Operatoer) -> str:
    """Discard one parked event: read models and ledger go on without it (later events may name it as their predecessor).

    Returns the stream.
    What waits behind stays parked until it is retried. Raises `IkkeParkeret`, `KaedeAfbrudt`.
    """
    with projektion.engine.begin() as conn:
        stade = _hold(conn, partition)
        stroem = conn.execute(_STROEM, {"p": partition, "o": offset}).scalar_one_or_none()
        if stroem is None:
            raise IkkeParkeret(f"nothing is parked at partition {partition}, offset {offset}")
        parkering.saet(conn, [(partition, offset)], tilstand="kasseret")
        fold_om(forbind(conn, stade.generation), stroem, projektion.kodeks)
        projektion.driftlog(conn, [HaendelseKasseret(partition, offset, stroem, operatoer.hvem, operatoer.hvorfor)], operatoer.hvem)
        return str(stroem)


def _hold(conn: Connection, partition: int) -> Stade:
    """The partition's stand, held so that no part is applied meanwhile; the commit is synchronous (an operators' event leaves with it)."""
    stade = checkpoint.laas(conn, partition)
    if stade is None:
        raise IngenGeneration("the generation is changing, or the partition has no checkpoint: try again")
    parkering.synkront(conn)
    checkpoint.tag(conn, partition, stade)
    return stade


def _gang(conn: Connection, projektion: Projektion, indgange: Sequence[Indgang]) -> Sagsgang:
    """The case's way through its parked events, from where the generation has it."""
    (svar,) = besoeg(raa_forbindelse(conn), spoerg(skema(conn), indgange))
    foer = laest(conn, svar, indgange)
    side = {stroem: s._replace(parkerede=frozenset()) for stroem, s in foer.sidespor.items()}
    (gang,) = fold(foer.tilstande, side, indgange, projektion.foelg({})).values()
    return gang


def _genkoer(conn: Connection, projektion: Projektion, indgange: Sequence[Indgang], operatoer: Operatoer) -> Genkoert:
    gang = _gang(conn, projektion, indgange)
    skriv_forsigtigt(conn, [gang], projektion.gem)
    faerdige = sorted([s.indgang for s in gang.skridt] + gang.sprungne, key=lambda i: i.offset)
    parkering.saet(conn, [(i.partition, i.offset) for i in faerdige], tilstand="genkoert")
    projektion.driftlog(conn, [*(_drift(i, operatoer) for i in faerdige), *_mislykket(gang, operatoer)], operatoer.hvem)
    return Genkoert(len(gang.skridt), len(gang.sprungne), len(gang.parkeringer), _stadig(conn, gang))


def _stadig(conn: Connection, gang: Sagsgang) -> str | None:
    """Write down why the first one that is left failed this time."""
    if not gang.parkeringer:
        return None
    foerste, *andre = gang.parkeringer
    parkering.saet(conn, [(foerste.indgang.partition, foerste.indgang.offset)], slags=FEJL, fejl=foerste.fejl)
    parkering.saet(conn, [(p.indgang.partition, p.indgang.offset) for p in andre], slags=VENTER, fejl=BAGVED)
    return foerste.fejl


def _drift(i: Indgang, operatoer: Operatoer) -> Driftsdata:
    return HaendelseGenkoert(i.partition, i.offset, i.stroem, operatoer.hvem, operatoer.hvorfor)


def _mislykket(gang: Sagsgang, operatoer: Operatoer) -> list[Driftsdata]:
    """An act that came to nothing is one too, and what it found is the reason from now on."""
    return [
        GenkoerselMislykket(p.indgang.partition, p.indgang.offset, p.indgang.stroem, p.fejl, operatoer.hvem, operatoer.hvorfor)
        for p in gang.parkeringer[:1]
    ]
