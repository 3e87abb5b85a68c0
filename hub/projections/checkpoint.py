"""Where each partition stands (architecture 5): read under the generation's pointer, moved by compare-and-set with the rows."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, Engine, bindparam, select
from sqlalchemy.dialects.postgresql import insert

from hub.events.besoeg import Kald, Saetning, besoeg
from hub.events.forbindelse import Raekke, raa_forbindelse
from hub.events.tables import CHECKPOINTS, GENERATIONER, POSITIONER
from hub.projections.generation import PROJEKTIONSVERSION, kraev_version, serverende


class UdenCheckpoint(RuntimeError):
    """The log has events but the database no checkpoint: it is new or was lost. `hub restore` brings it back from the log."""


class CheckpointUdenForLoggen(RuntimeError):
    """A checkpoint lies outside the log: the log was cut, or the database belongs to another one."""


class Stade(NamedTuple):
    """One partition as a transaction found it: serving generation, next offset to apply, next offset to notify of."""

    generation: int
    naeste: int
    position: int


_C, _G = CHECKPOINTS.c, GENERATIONER.c

# set_config stands here and not in a statement of its own: one round trip less for each part. Why the commit may be asynchronous:
# rows, notifications and checkpoint are lost together, and come again from the log. What leaves the hub leaves later: the sequencer's
# numbering commits synchronously after this transaction in the same write-ahead log, and flushes it too. (Decision record 006.)
LAAS = Saetning("""
SELECT g.nummer, c.naeste_offset, p.naeste_offset, g.projektionsversion, set_config('synchronous_commit', 'off', true)
FROM delivery.generationer g
JOIN delivery.checkpoints c ON c.generation = g.nummer AND c.partition = %(partition)b::int
JOIN delivery.notifikationspositioner p ON p.partition = %(partition)b::int
WHERE g.serverer FOR SHARE OF g
""")
# The position never goes down: an older generation that catches up lies below it. Nobody else moves it: they would have moved the
# checkpoint.
FLYT = Saetning("""
WITH flyttet AS (
    UPDATE delivery.checkpoints SET naeste_offset = %(til)b::bigint
    WHERE generation = %(generation)b::int AND partition = %(partition)b::int AND naeste_offset = %(fra)b::bigint RETURNING partition
), position AS (
    UPDATE delivery.notifikationspositioner p SET naeste_offset = %(til)b::bigint FROM flyttet f
    WHERE p.partition = f.partition AND p.naeste_offset < %(til)b::bigint
)
SELECT 1 FROM flyttet
""")
# The same for the parts of several partitions at once, the pointer held and the checkpoints compared in one statement. The positions are
# as before the move: the statement's own snapshot, and nobody moves a position without its checkpoint.
FLYT_FLERE = Saetning("""
WITH g AS MATERIALIZED (
    SELECT nummer FROM delivery.generationer WHERE serverer AND projektionsversion = %(version)b::int FOR SHARE
), flyttet AS (
    UPDATE delivery.checkpoints c SET naeste_offset = d.til
    FROM g, unnest(%(partitioner)b::int[], %(fra)b::bigint[], %(til)b::bigint[]) AS d (partition, fra, til)
    WHERE c.generation = g.nummer AND c.partition = d.partition AND c.naeste_offset = d.fra
    RETURNING c.generation, c.partition, d.til
), position AS (
    UPDATE delivery.notifikationspositioner p SET naeste_offset = f.til FROM flyttet f
    WHERE p.partition = f.partition AND p.naeste_offset < f.til
)
SELECT f.partition, f.generation, p.naeste_offset, set_config('synchronous_commit', 'off', true)
FROM flyttet f JOIN delivery.notifikationspositioner p ON p.partition = f.partition
""")
_TAG = select(_C.naeste_offset).where(_C.generation == bindparam("g"), _C.partition == bindparam("p")).with_for_update()
_LAES = select(_C.partition, _C.naeste_offset).join(GENERATIONER, _C.generation == _G.nummer).where(_G.serverer)


def laas(conn: Connection, partition: int) -> Stade | None:
    """The partition's stand, with the pointer to the serving generation held FOR SHARE; the transaction commits asynchronously.

    None when the generation changed while we waited for the pointer, or there is no checkpoint. Raises `AndenProjektionsversion`.
    """
    (raekker,) = besoeg(raa_forbindelse(conn), LAAS.med(partition=partition))
    if not raekker:
        return None
    kraev_version(raekker[0][0], raekker[0][3])
    return Stade(*raekker[0][:3])


def flyt(partition: int, stade: Stade, til: int) -> Kald:
    """Move checkpoint and notify position to `til`; no row comes when another worker has moved the checkpoint meanwhile.

    Done before any row is read or written: of two workers with the same part the second waits here, and then finds that it came late.
    """
    return FLYT.med(generation=stade.generation, partition=partition, fra=stade.naeste, til=til)


def flyt_flere(skridt: Mapping[int, tuple[int, int]]) -> Kald:
    """Move the checkpoints of several partitions (partition → from, to) and hold the pointer; the transaction commits asynchronously.

    A row for each that stood where it was expected: partition, generation, and the notify position before; for `flyttede`. None at all
    when other code made the serving generation.
    """
    fra, til = zip(*skridt.values(), strict=True)
    return FLYT_FLERE.med(partitioner=list(skridt), fra=fra, til=til, version=PROJEKTIONSVERSION)


def flyttede(raekker: Sequence[Raekke]) -> tuple[dict[int, int], int | None]:
    """The rows of `flyt_flere`: the notify position by partition, and the serving generation (None: nothing was moved)."""
    return {partition: position for partition, _, position, _ in raekker}, raekker[0][1] if raekker else None


def tag(conn: Connection, partition: int, stade: Stade) -> int:
    """Hold the partition's checkpoint until the transaction ends, without moving it: no part is applied meanwhile."""
    return int(conn.execute(_TAG, {"g": stade.generation, "p": partition}).scalar_one())


def laes(conn: Connection) -> dict[int, int]:
    """The serving generation's checkpoints: partition → next offset."""
    return {r.partition: r.naeste_offset for r in conn.execute(_LAES)}


def start_checkpoints(engine: Engine, slutninger: Mapping[int, int], starter: Mapping[int, int] | None = None) -> dict[int, int]:
    """Hold the checkpoints of these partitions against the log (its first offsets and the offsets after its last).

    A partition that is new and whose log is empty gets checkpoint 0. Returns partition → checkpoint.
    Raises `UdenCheckpoint` or `CheckpointUdenForLoggen`.
    """
    with engine.begin() as conn:
        generation = serverende(conn)
        nye = [{"generation": generation, "partition": p, "naeste_offset": 0} for p, slut in slutninger.items() if slut == 0]
        if nye:
            conn.execute(insert(CHECKPOINTS).on_conflict_do_nothing(), nye)
            conn.execute(insert(POSITIONER).on_conflict_do_nothing(), [{"partition": n["partition"], "naeste_offset": 0} for n in nye])
        steder, positioner = laes(conn), {r.partition: r.naeste_offset for r in conn.execute(select(POSITIONER))}
    for partition, slut in slutninger.items():
        if partition not in steder or partition not in positioner:
            raise UdenCheckpoint(f"partition {partition} has events on the log but no checkpoint: run `hub restore`")
        start = (starter or {}).get(partition, 0)
        for sted in (steder[partition], positioner[partition]):
            if not start <= sted <= slut:
                raise CheckpointUdenForLoggen(f"partition {partition}: checkpoint {sted} is outside the log, which has {start} to {slut}")
    return {partition: steder[partition] for partition in slutninger}
