"""A bare generation filled by several processes, each with partitions of its own; they pause the more the later live traffic is."""

import time
from collections.abc import Callable, Mapping, Sequence
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Engine, text

from hub.events.codec import Kodeks
from hub.events.drift_append import Driftslog
from hub.events.topics import FAKTA
from hub.operations.processes import ProcessFailed, context, deal, side_by_side
from hub.operations.rebuild_process import Task, run
from hub.projections.laesemodel import Laesemodel, alt
from hub.settings import Settings

Progress = Callable[[int, int], None]
"""Told how many events are done, and how many there are."""
STEPS = 2
"""What is done for each event: it is read, and its case is written."""
LOOK_SECONDS = 0.25
LATE_SECONDS = 0.06
"""How long live traffic may take from commit to rows and marks before the rebuild pauses more."""
TABLES_AT_ONCE = 2
"""Tables that are indexed, or compared, at the same time when there is no live traffic; PostgreSQL's work is not of low priority."""
STEP, MOST = 0.5, 30.0
"""By how much the pause for each second of work grows at each look, and the most that it grows to."""
# Asking Kafka for the log's end each time would cost a client each time: what is committed is not sent, or sent and not projected.
LAG = text("""
SELECT coalesce(sum(greatest(0, b.naeste_offset - c.naeste_offset)), 0)::int
           + (SELECT count(*) FROM ledger.outbox WHERE sendt IS NULL)::int,
       coalesce(sum(c.naeste_offset), 0)::bigint
FROM ledger.baner b JOIN delivery.checkpoints c ON c.partition = b.partition
JOIN delivery.generationer g ON g.nummer = c.generation AND g.serverer WHERE b.topic = :topic
""")


class RebuildFailed(RuntimeError):
    """A process of the rebuild ended early; the text says why. Nothing was swapped."""


class Parts(NamedTuple):
    """What a rebuild works on. `engine` is named after `who` rebuilds, `why` if they said so; `folder` takes what does not fit into memory;
    `model` is filled.
    """

    settings: Settings
    bootstrap: str
    database_url: str
    engine: Engine
    options: dict[str, Any]
    codec: Kodeks
    drift: Driftslog
    folder: Path
    who: str
    model: Callable[[], Laesemodel] = alt
    why: str | None = None


class Brake:
    """Says how many seconds to pause for each second of work: more at each look at which live traffic is late, less at each other.

    Live traffic that is not at work (nothing moved since the last look) is late in vain: then nobody waits for it.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._last: tuple[float, int] | None = None
        self._pause = 0.0
        self.live = False
        """Whether live traffic was at work between the last two looks."""

    def pause(self) -> float:
        """Look again."""
        with self._engine.connect() as conn:
            lag, place = conn.execute(LAG, {"topic": FAKTA}).one()
        now, last = time.monotonic(), self._last
        self._last = now, place
        moved = 0 if last is None else place - last[1]
        self.live = moved > 0
        if last is None or not self.live:
            self._pause = 0.0
        elif lag * (now - last[0]) > LATE_SECONDS * moved:
            self._pause = min(MOST, self._pause * 1.5 + STEP)
        else:
            self._pause = max(0.0, self._pause - STEP)
        return self._pause


def at_once(engine: Engine) -> int:
    """How many tables to work on at the same time now: one while live traffic is at work."""
    brake = Brake(engine)
    brake.pause()
    time.sleep(LOOK_SECONDS)
    brake.pause()
    return 1 if brake.live else TABLES_AT_ONCE


def fill(
    parts: Parts, number: int, places: Mapping[int, int], aside: Mapping[tuple[int, int], str], workers: int, progress: Progress
) -> int:
    """Fill generation `number` up to `places`; the peak memory of the largest process, in MB. Raises `RebuildFailed`."""
    parts.folder.mkdir(parents=True, exist_ok=True)
    tasks = [
        Task(parts.settings, parts.bootstrap, parts.database_url, number, share, aside, parts.folder, parts.model)
        for share in shares(places, workers)
    ]
    return _run(tasks, Brake(parts.engine), progress)


def shares(places: Mapping[int, int], workers: int) -> list[dict[int, int]]:
    """The partitions that hold something dealt out, the largest first, each to whoever has least."""
    full = {partition: end for partition, end in places.items() if end}
    return [{partition: full[partition] for partition in hand} for hand in deal(full, min(workers, len(full)))]


def _run(tasks: Sequence[Task], brake: Brake, progress: Progress) -> int:
    """Run the processes and pass on what they report; the peak memory of the largest."""
    held_back: Synchronized[float] = context().Value("d", 0.0)
    total, done, peaks, looked = sum(sum(task.places.values()) for task in tasks), 0, [0], time.monotonic()

    def take(what: str, value: int) -> None:
        nonlocal done
        if what == "done":
            peaks.append(value)
        else:
            done += value

    def tick() -> None:
        nonlocal looked
        progress(done // STEPS, total)
        if time.monotonic() - looked > LOOK_SECONDS:
            held_back.value = brake.pause()
            looked = time.monotonic()

    try:
        side_by_side(run, [(task, held_back) for task in tasks], take, tick)
    except ProcessFailed as problem:
        raise RebuildFailed(str(problem)) from None
    return max(peaks)
