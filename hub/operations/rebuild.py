"""rebuild: a new generation of the read models, filled from the log beside the serving one, compared with it row by row, and swapped.

Live traffic goes on, nobody is told anything, and readers see the old generation or the new one. Cut short before the swap it leaves a
half-built schema that nobody reads; the next rebuild begins anew and drops it.
"""

import asyncio
import multiprocessing
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.context import SpawnProcess
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, text

from hub.events import journal
from hub.events.codec import Kodeks
from hub.events.drift import GenopbygningUdfoert
from hub.events.drift_append import Driftslog
from hub.events.journal import Post
from hub.events.topics import FAKTA
from hub.operations.rebuild_process import Task, run
from hub.projections import checkpoint, generationsbyg
from hub.projections.forskel import Forskel, Sammenligning
from hub.projections.skifte import Forskelle, Skifte, forrige, steder, til_side
from hub.settings import Settings

Progress = Callable[[str, int, int], None]
"""Told what is done, how many events of it so far, and how many there are."""
LOCK = 0x72656275
WAIT_SECONDS = 0.05
LOOK_SECONDS = 1.0
LIVE_LAG = 500
"""Events that live traffic may lie behind before the rebuild stands still."""

# Who holds the lock, and since when: its connection says so.
HOLDER = text("""
SELECT a.application_name, a.backend_start FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
WHERE l.locktype = 'advisory' AND l.granted AND l.classid = 0 AND l.objid = :lock AND l.database = (
    SELECT oid FROM pg_database WHERE datname = current_database())
""")


class AlreadyRebuilding(RuntimeError):
    """Another rebuild is under way; the text says whose, and since when."""


class RebuildFailed(RuntimeError):
    """A process of the rebuild ended early; the text says why. Nothing was swapped."""


class Parts(NamedTuple):
    """What a rebuild works on. `engine` is named after `who` rebuilds; `folder` takes what does not fit into memory."""

    settings: Settings
    bootstrap: str
    database_url: str
    engine: Engine
    options: dict[str, Any]
    codec: Kodeks
    drift: Driftslog
    folder: Path
    who: str


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
    swapped: bool
    found: tuple[Forskel, ...] = ()
    dropped: tuple[int, ...] = ()
    fill_seconds: float = 0.0
    index_seconds: float = 0.0

    @property
    def events_per_second(self) -> float:
        """Events rebuilt per second, everything counted."""
        return self.events / self.seconds if self.seconds else 0.0


def preview(engine: Engine) -> Preview:
    """Look, and change nothing. Raises `IngenGeneration`."""
    with engine.connect() as conn:
        places = checkpoint.laes(conn)
        rows = conn.execute(text("SELECT nummer, serverer FROM delivery.generationer ORDER BY nummer")).all()
    return Preview(sum(places.values()), next(r.nummer for r in rows if r.serverer), tuple(r.nummer for r in rows))


def rebuild(parts: Parts, workers: int, *, accept: bool, progress: Progress) -> Rebuilt:
    """Do it with `workers` processes.

    Raises `AlreadyRebuilding`, `RebuildFailed`, `Forskelle` (nothing swapped), `KanIkkeOmbygges`, KafkaError, database errors.
    """
    with _alone(parts.engine):
        began = time.monotonic()
        with parts.engine.begin() as conn:
            kept = {row.nummer for row in conn.execute(text("SELECT nummer FROM delivery.generationer"))}
            generationsbyg.ryd(conn, kept)
            number = generationsbyg.nyt_nummer(conn)
            generationsbyg.opret_bar(conn, number)
            places, aside = checkpoint.laes(conn), til_side(conn)
        with _gone_unless_serving(parts.engine, number):
            _fill(parts, _tasks(parts, number, places, {(p, o): state for p, o, state in aside}, workers), progress)
            filled = time.monotonic()
            with parts.engine.begin() as conn:
                generationsbyg.noegl(conn, number)
                generationsbyg.indskriv(conn, number, places)
            indexed = time.monotonic()
            swap = Skifte(parts.engine, parts.codec, _reader(parts.options), number, aside)
            found = _compare_and_swap(parts, swap, sum(places.values()), accept=accept)
        dropped = swap.ryd()
        seconds = time.monotonic() - began
    return Rebuilt(
        sum(places.values()), seconds, found.antal, number, True, found.forskelle, tuple(dropped), filled - began, indexed - filled
    )


def go_back(parts: Parts) -> Rebuilt:
    """Let the generation before the serving one serve again, caught up first, silently.

    Raises `IngenGenerationTilbage`, and as `rebuild`.
    """
    with _alone(parts.engine):
        began = time.monotonic()
        with parts.engine.connect() as conn:
            number = forrige(conn)
            behind = sum(checkpoint.laes(conn).values()) - sum(steder(conn, number).values())
        swap = Skifte(parts.engine, parts.codec, _reader(parts.options), number, frozenset())
        found = _compare_and_swap(parts, swap, 0, accept=True)
        return Rebuilt(behind, time.monotonic() - began, found.antal, number, True, found.forskelle)


def _compare_and_swap(parts: Parts, swap: Skifte, events: int, *, accept: bool) -> Sammenligning:
    swap.indhent()
    before = swap.forskelle()
    if before.antal and not accept:
        raise Forskelle(before)
    last = swap.udfoer(accepter=accept)
    found = Sammenligning(before.antal + last.antal, (*before.forskelle, *last.forskelle))
    with parts.engine.begin() as conn:
        parts.drift.append(conn, [GenopbygningUdfoert(swap.ny, events, found.antal, parts.who)], parts.who)
    return found


def _tasks(parts: Parts, number: int, places: Mapping[int, int], aside: Mapping[tuple[int, int], str], workers: int) -> list[Task]:
    """The partitions dealt out, the largest first, each to whoever has least."""
    shares: list[dict[int, int]] = [{} for _ in range(max(1, min(workers, len(places) or 1)))]
    for partition, end in sorted(places.items(), key=lambda item: -item[1]):
        min(shares, key=lambda share: sum(share.values()))[partition] = end
    return [Task(parts.settings, parts.bootstrap, parts.database_url, number, share, aside, parts.folder) for share in shares if share]


def _fill(parts: Parts, tasks: Sequence[Task], progress: Progress) -> None:
    """Run the processes and pass on what they report. Raises `RebuildFailed`; then, and on any other way out, they are ended."""
    context = multiprocessing.get_context("spawn")
    held_back: Synchronized[int] = context.Value("i", 0)
    total, counts = sum(sum(task.places.values()) for task in tasks), {"read": 0, "built": 0}
    running: dict[Any, SpawnProcess] = {}
    for task in tasks:
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(target=run, args=(task, theirs, held_back), daemon=True)
        process.start()
        theirs.close()
        running[ours] = process
    looked = time.monotonic()
    try:
        while running:
            for pipe in multiprocessing.connection.wait(list(running), WAIT_SECONDS):
                _take(pipe, running, counts)
            progress("rebuilding", counts["read"] + counts["built"], 2 * total)
            if time.monotonic() - looked > LOOK_SECONDS:
                held_back.value = int(_live_lag(parts) > LIVE_LAG)
                looked = time.monotonic()
    finally:
        for process in running.values():
            process.terminate()
            process.join()


def _take(pipe: Any, running: dict[Any, SpawnProcess], counts: dict[str, int]) -> None:
    try:
        what, value = pipe.recv()
    except EOFError:
        what, value = "failed", "the process ended without a word"
    if what == "failed":
        raise RebuildFailed(value)
    if what == "done":
        running.pop(pipe).join()
    else:
        counts[what] += value


def _live_lag(parts: Parts) -> int:
    """Events of the log that live traffic has not applied yet."""
    ends = asyncio.run(journal.slutninger(parts.options, FAKTA))
    with parts.engine.connect() as conn:
        places = checkpoint.laes(conn)
    return sum(max(0, end - places.get(partition, 0)) for partition, end in ends.items())


def _reader(options: dict[str, Any]) -> Callable[[Mapping[int, int], Mapping[int, int]], list[tuple[int, list[Post]]]]:
    async def read(first: Mapping[int, int], last: Mapping[int, int]) -> list[tuple[int, list[Post]]]:
        return [part async for part in journal.laes(options, FAKTA, first, last)]

    return lambda first, last: asyncio.run(read(first, last))


@contextmanager
def _gone_unless_serving(engine: Engine, number: int) -> Iterator[None]:
    """However the building ends, a generation that does not serve afterwards is dropped."""
    try:
        yield
    finally:
        with engine.begin() as conn:
            rows = conn.execute(text("SELECT nummer, serverer FROM delivery.generationer")).all()
            if not any(row.nummer == number and row.serverer for row in rows):
                generationsbyg.ryd(conn, {row.nummer for row in rows} - {number})


@contextmanager
def _alone(engine: Engine) -> Iterator[None]:
    """The session lock of rebuilds. Raises `AlreadyRebuilding`."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        if not conn.execute(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": LOCK}).scalar_one():
            raise AlreadyRebuilding(_holder(conn))
        try:
            yield
        finally:
            conn.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": LOCK})


def _holder(conn: Connection) -> str:
    holder = conn.execute(HOLDER, {"lock": LOCK}).one_or_none()
    if holder is None:
        return "Another rebuild has just ended: run this again."
    return f"A rebuild is under way: {holder.application_name.removeprefix('hub-')}, since {holder.backend_start:%Y-%m-%d %H:%M:%S} UTC."
