"""One process of a rebuild: its partitions from the log's start to fixed ends, case by case into the bare generation."""

import asyncio
import gc
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection as Pipe
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from typing import Any

import psycopg
from aiokafka.errors import KafkaError

from hub.events import journal
from hub.events.topics import FAKTA
from hub.operations.processes import first_line, own_codec, peak_mb
from hub.projections.kopi import Kopi
from hub.projections.laesemodel import Laesemodel
from hub.projections.ombyg import KanIkkeOmbygges, byg_sag
from hub.projections.project import Vis
from hub.projections.samling import Raa, Samling
from hub.settings import Settings, kafka_client_options

PAUSE_SECONDS = 0.1
AT_ONCE = 5_000
COPY_AT_ONCE = 10_000
PAUSE_EVERY = 500
"""Events after which live traffic is given way to."""


@dataclass(frozen=True)
class Task:
    """What one process does. `places`: partition → the offset it reads to; `aside`: what is and was set aside there.

    `model` is named, not given: its process makes its own.
    """

    settings: Settings
    bootstrap: str
    database_url: str
    generation: int
    places: Mapping[int, int]
    aside: Mapping[tuple[int, int], str]
    folder: Path
    model: Callable[[], Laesemodel]


def run(task: Task, held_back: "Synchronized[float]", reports: Pipe) -> None:
    """Do it, reporting ("read", records), ("built", records), and at the end ("done", peak MB) or ("failed", why).

    For a process of its own.
    """
    # Nothing here refers to itself, and a collection would look at every record gathered.
    gc.disable()
    try:
        with psycopg.connect(task.database_url, application_name="hub-rebuild") as conn:
            conn.execute("SET synchronous_commit = off")
            for partition, end in sorted(task.places.items()):
                _partition(task, (partition, end), conn, (reports, held_back))
    except (KanIkkeOmbygges, journal.UdenForLoggen, journal.LoggenSvarerIkke, KafkaError, psycopg.Error, OSError) as problem:
        reports.send(("failed", first_line(problem)))
        return
    reports.send(("done", peak_mb()))


def _partition(task: Task, part: tuple[int, int], conn: psycopg.Connection[Any], channel: tuple[Pipe, Any]) -> None:
    partition, end = part
    model = task.model()
    gathered = Samling(end, task.folder)
    try:
        asyncio.run(_gather(task, part, gathered, channel))
        _build(task, partition, (gathered, model.vis), (Kopi(conn, task.generation, model), channel))
    finally:
        gathered.luk()


async def _gather(task: Task, part: tuple[int, int], gathered: Samling, channel: tuple[Pipe, Any]) -> None:
    (partition, end), (reports, held_back) = part, channel
    options = kafka_client_options(task.settings, task.bootstrap)
    began = time.monotonic()
    async for _, records in journal.laes(options, FAKTA, {partition: 0}, {partition: end}, AT_ONCE):
        gathered.laeg((record.noegle or b"", Raa(record.offset, record.vaerdi or b"")) for record in records)
        reports.send(("read", len(records)))
        began = _give_way(began, held_back)


def _build(task: Task, partition: int, source: tuple[Samling, Vis], out: tuple[Kopi, tuple[Pipe, Any]]) -> None:
    gathered, vis = source
    copy, (reports, held_back) = out
    codec = own_codec()
    built, pause_at, began = 0, PAUSE_EVERY, time.monotonic()
    for cases in gathered.dele():
        for key, records in cases.items():
            copy.tag(byg_sag((partition, key), records, task.aside, codec, vis=vis))
            built += len(records)
            if built >= COPY_AT_ONCE:
                copy.toem()
                reports.send(("built", built))
                built, pause_at = 0, 0
            if built >= pause_at:
                pause_at = built + PAUSE_EVERY
                began = _give_way(began, held_back)
    copy.toem()
    reports.send(("built", built))


def _give_way(began: float, held_back: Any) -> float:
    """After work that began then: pause for as long as live traffic asks for now. When the next work begins."""
    worked, until = time.monotonic() - began, time.monotonic()
    while held_back.value and (left := until + worked * held_back.value - time.monotonic()) > 0:
        time.sleep(min(left, PAUSE_SECONDS))
    return time.monotonic()
