"""rebuild: a new generation of the read models, filled from the log beside the serving one, compared with it row by row, and swapped.

Live traffic goes on, nobody is told anything, and readers see the old generation or the new one. Cut short before the swap it leaves a
half-built schema that nobody reads; the next rebuild begins anew and drops it.
"""

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from hub.domain.sag import FOLD_VERSION
from hub.events import journal
from hub.events.drift import GenopbygningUdfoert
from hub.events.journal import LoggenSvarerIkke, Post
from hub.events.ledger_fejl import ForaeldetFoldning
from hub.events.topics import FAKTA
from hub.operations.drift_lane import Lane, compare
from hub.operations.rebuild_fill import Parts, Progress, RebuildFailed, at_once, fill
from hub.operations.rebuild_lock import AlreadyRebuilding, alone
from hub.projections import checkpoint, generationsbyg
from hub.projections.enkeltsag import Genfoldet, genfold_sag
from hub.projections.forskel import Forskel, Sammenligning
from hub.projections.generation import peger
from hub.projections.skifte import Forskelle, Skifte, forrige, steder, til_side

READ_SECONDS = 15.0
"""What one reading of a part of the log may take: in the swap, live traffic waits for it."""
OTHER_FOLD = text("SELECT fold_version FROM ledger.stroemme WHERE topic = :topic AND fold_version <> :own LIMIT 1")
BEFORE = text("SELECT max(nummer) FROM delivery.generationer WHERE nummer < (SELECT nummer FROM delivery.generationer WHERE serverer)")


@dataclass(frozen=True)
class Preview:
    """What a rebuild would do: the events up to the serving checkpoints, and the generations there are."""

    events: int
    serving: int
    generations: tuple[int, ...]


@dataclass(frozen=True)
class Rebuilt:
    """What a rebuild did. `peak_rss_mb`: of the largest process. `dropped`: generations that were let go."""

    events: int
    seconds: float
    differences: int
    generation: int
    found: tuple[Forskel, ...] = ()
    dropped: tuple[int, ...] = ()
    fill_seconds: float = 0.0
    index_seconds: float = 0.0
    compare_seconds: float = 0.0
    swap_seconds: float = 0.0
    peak_rss_mb: int = 0

    @property
    def events_per_second(self) -> float:
        """Events rebuilt per second, everything counted."""
        return self.events / self.seconds if self.seconds else 0.0


def preview(engine: Engine) -> Preview:
    """Look, and change nothing. Raises `IngenGeneration`."""
    with engine.connect() as conn:
        serving, places = peger(conn), checkpoint.laes(conn)
        numbers = conn.execute(text("SELECT nummer FROM delivery.generationer ORDER BY nummer")).scalars()
        return Preview(sum(places.values()), serving, tuple(numbers))


def rebuild(parts: Parts, workers: int, *, accept: bool, progress: Progress) -> Rebuilt:
    """Do it with `workers` processes.

    Raises `AlreadyRebuilding`, `RebuildFailed`, `Forskelle` (nothing swapped), `KanIkkeOmbygges`, `IndhenterIkke`, `IngenGeneration`,
    `LedgerBagud`, `ForaeldetFoldning`, KafkaError, database errors.
    """
    with alone(parts.engine):
        began = time.monotonic()
        _ledger_is_folded_as_here(parts.engine)
        asyncio.run(compare(_lane(parts)))
        with parts.engine.begin() as conn:
            generationsbyg.ryd(conn, {peger(conn), *_before(conn)})
            number = generationsbyg.nyt_nummer(conn)
            generationsbyg.opret_bar(conn, number)
            places, aside = checkpoint.laes(conn), til_side(conn)
        with _gone_unless_serving(parts.engine, number):
            peak = fill(parts, number, places, {(p, o): state for p, o, state in aside}, workers, progress)
            filled = time.monotonic()
            generationsbyg.noegl_samtidig(parts.engine, number, at_once(parts.engine))
            with parts.engine.begin() as conn:
                generationsbyg.indskriv(conn, number, places)
            indexed = time.monotonic()
            swap = _swap(parts, number, aside, sum(places.values()))
            old, found, compared = _compare_and_swap(swap, accept=accept)
            swapped = time.monotonic()
        return Rebuilt(
            sum(places.values()), time.monotonic() - began, found.antal, number, found.forskelle, _drop(parts.engine, {number, old}),
            filled - began, indexed - filled, compared - indexed, swapped - compared, peak,
        )  # fmt: skip


def go_back(parts: Parts) -> Rebuilt:
    """Let the generation before the serving one serve again, caught up first, silently.

    Raises `IngenGenerationTilbage`, and as `rebuild`.
    """
    with alone(parts.engine):
        began = time.monotonic()
        asyncio.run(compare(_lane(parts)))
        with parts.engine.connect() as conn:
            number = forrige(conn)
            behind = sum(checkpoint.laes(conn).values()) - sum(steder(conn, number).values())
        _, found, _ = _compare_and_swap(_swap(parts, number, frozenset(), behind, back=True), accept=True)
        return Rebuilt(behind, time.monotonic() - began, found.antal, number, found.forskelle)


def rebuild_case(parts: Parts, case: str, *, execute: bool) -> Genfoldet:
    """Fold one case from the log, write it into the serving generation and say what differed; without `execute` it is undone again.

    Raises `UkendtSag`, and as `rebuild`.
    """

    def record(conn: Any, done: Genfoldet) -> None:
        if execute:
            act = GenopbygningUdfoert(done.generation, done.antal, len(done.forskelle), parts.who, case, parts.why)
            parts.drift.append(conn, [act], parts.who)

    with alone(parts.engine):
        asyncio.run(compare(_lane(parts)))
        return genfold_sag(parts.engine, parts.codec, (case, _case_reader(parts.options, case.encode())), record, udfoer=execute)


def _case_reader(options: dict[str, Any], key: bytes) -> Callable[[int, int, int], list[Post]]:
    async def read(partition: int, first: int, last: int) -> list[Post]:
        parts = journal.laes(options, FAKTA, {partition: first}, {partition: last})
        return [post async for _, posts in parts for post in posts if post.noegle == key]

    return lambda partition, first, last: asyncio.run(read(partition, first, last))


def _swap(parts: Parts, number: int, aside: frozenset[tuple[int, int, str]], events: int, *, back: bool = False) -> Skifte:
    def record(conn: Any, differences: int) -> None:
        act = GenopbygningUdfoert(number, events, differences, parts.who, hvorfor=parts.why, tilbage=back)
        parts.drift.append(conn, [act], parts.who)

    return Skifte(parts.engine, parts.codec, _reader(parts.options), number, aside, record)


def _compare_and_swap(swap: Skifte, *, accept: bool) -> tuple[int, Sammenligning, float]:
    """The generation that served, what differs, and when the swap began."""
    swap.indhent()
    before = swap.forskelle(at_once(swap.engine))
    if before.antal and not accept:
        raise Forskelle(before)
    swap.indhent()
    began = time.monotonic()
    old, last = swap.udfoer(before.antal, accepter=accept)
    return old, Sammenligning(before.antal + last.antal, (*before.forskelle, *last.forskelle)), began


def _reader(options: dict[str, Any]) -> Callable[[Mapping[int, int], Mapping[int, int]], list[tuple[int, list[Post]]]]:
    async def read(first: Mapping[int, int], last: Mapping[int, int]) -> list[tuple[int, list[Post]]]:
        try:
            async with asyncio.timeout(READ_SECONDS):
                return [part async for part in journal.laes(options, FAKTA, first, last)]
        except TimeoutError:
            raise LoggenSvarerIkke(f"Kafka did not give the log's end within {READ_SECONDS:.0f} s: nothing was swapped") from None

    return lambda first, last: asyncio.run(read(first, last))


def _lane(parts: Parts) -> Lane:
    return Lane(parts.engine, parts.database_url, parts.options, parts.codec)


def _ledger_is_folded_as_here(engine: Engine) -> None:
    """New read models over a ledger that this code cannot append to would be of no use. Raises `ForaeldetFoldning`."""
    with engine.connect() as conn:
        other = conn.execute(OTHER_FOLD, {"topic": FAKTA, "own": FOLD_VERSION}).scalar()
    if other is not None:
        raise ForaeldetFoldning(other, FOLD_VERSION)


def _before(conn: Any) -> list[int]:
    """The generation that served before the serving one, whichever code made it."""
    return [number for number in conn.execute(BEFORE).scalars() if number is not None]


@contextmanager
def _gone_unless_serving(engine: Engine, number: int) -> Iterator[None]:
    """However the building ends, a generation that does not serve afterwards is dropped."""
    try:
        yield
    finally:
        with engine.begin() as conn:
            others = set(conn.execute(text("SELECT nummer FROM delivery.generationer")).scalars()) - {number}
            generationsbyg.ryd(conn, others)


def _drop(engine: Engine, keep: set[int]) -> tuple[int, ...]:
    """Drop what is older; what somebody still reads is left for the next rebuild."""
    with suppress(OperationalError), engine.begin() as conn:
        return tuple(generationsbyg.ryd(conn, keep))
    return ()


__all__ = ["AlreadyRebuilding", "Parts", "Preview", "RebuildFailed", "Rebuilt", "go_back", "preview", "rebuild", "rebuild_case"]
