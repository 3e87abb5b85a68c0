"""One life: a worker and a door in a process of their own, which are killed at some message, or end when they are told to."""

import asyncio
import os
import signal
import uuid
from collections.abc import Awaitable, Sequence
from contextlib import suppress
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple

import orjson
import uvloop
from aiokafka.conn import AIOKafkaConnection
from sqlalchemy import Engine, text

from hub.bootstrap import Hus
from hub.cli.logs import configure
from hub.consumers import start
from hub.consumers.app import create_app
from hub.domain.handlinger import laes_handling
from hub.events.ordre import Kvitteret, Ordre
from hub.operations import deadletters
from hub.projections.parked import IkkeParkeret
from hub.settings import Settings
from rig.wire import Cut

PRODUCE = 0
"""The API key of what brings records to Kafka."""
PIECE = 5
PARKED = text("SELECT DISTINCT stroem FROM delivery.parkerede WHERE tilstand = 'parkeret'")
ANSWER_SECONDS = 5.0


class Errand(NamedTuple):
    """What a life is for: actions under their request ids, and the message to Kafka (of those that bring records) where it ends.

    `at_once`: the message is counted from the very start, else from when the worker is ready. `log`: where its lines go.
    """

    settings: Settings
    log: Path
    bootstrap: str
    database_url: str
    actions: Sequence[tuple[str, dict[str, Any]]]
    kafka: Cut | None
    at_once: bool


def live(errand: Errand, pipe: Connection) -> None:
    """The process. It says `None` when it is ready and waits for an answer, then every receipt under its request id, then `True`."""
    with errand.log.open("ab") as log:
        os.dup2(log.fileno(), 2)
    configure("INFO")
    uvloop.run(_live(errand, pipe))


async def _live(errand: Errand, pipe: Connection) -> None:
    hus = Hus(errand.settings, errand.bootstrap, errand.database_url)
    # A group of its own: Kafka would wait ten seconds for the dead one to speak.
    start.create_app = partial(create_app, gruppe=f"life-{uuid.uuid4()}")
    if errand.at_once:
        _count(errand.kafka)
    stop, ready = asyncio.Event(), asyncio.Event()
    worker = asyncio.create_task(start.koer(hus, stop, ready.set))
    await _first(worker, ready.wait())
    await asyncio.to_thread(_told, pipe)
    if not errand.at_once:
        _count(errand.kafka)
    await _first(worker, asyncio.to_thread(_day, hus, errand.actions, pipe))
    await _first(worker, asyncio.to_thread(_told, pipe, True))
    stop.set()
    await worker


async def _first(worker: "asyncio.Task[None]", until: Awaitable[Any]) -> None:
    """Until something has happened; what ends the worker before ends the life."""
    task = asyncio.ensure_future(until)
    done, _ = await asyncio.wait({worker, task}, return_when=asyncio.FIRST_COMPLETED)
    for one in done:
        one.result()


def _told(pipe: Connection, what: bool | None = None) -> None:
    pipe.send(what)
    pipe.recv()


def _day(hus: Hus, actions: Sequence[tuple[str, dict[str, Any]]], pipe: Connection) -> None:
    """Append every action, as the door does, and try again what is parked."""
    engine = hus.motor("life", 2)
    ledger = hus.ledger(engine)
    for begin in range(0, len(actions), PIECE):
        piece = actions[begin : begin + PIECE]
        orders = [Ordre(laes_handling(dict(a)), id_, orjson.dumps(a, option=orjson.OPT_SORT_KEYS)) for id_, a in piece]
        for (id_, _), answer in zip(piece, ledger.append(orders), strict=True):
            assert isinstance(answer, Kvitteret), answer
            pipe.send((id_, answer.kvittering))
    _retry(hus, engine)
    engine.dispose()


def _retry(hus: Hus, engine: Engine) -> None:
    with engine.connect() as conn:
        cases = [case for (case,) in conn.execute(PARKED)]
    for case in cases:
        with suppress(IkkeParkeret):
            deadletters.retry(hus.projektion(engine), case, "lives", "the next life")


def _count(cut: Cut | None) -> None:
    """Die at a message to Kafka: before it goes out, or when its answer is there and nobody has it yet."""
    left, send = cut.nth if cut else 0, AIOKafkaConnection.send

    def counted(self: AIOKafkaConnection, request: Any, expect_response: bool = True) -> Any:
        nonlocal left
        left -= request.API_KEY == PRODUCE
        if cut is None or left or request.API_KEY != PRODUCE:
            return send(self, request, expect_response)
        if not cut.after:
            os.kill(os.getpid(), signal.SIGKILL)
        return _die(send(self, request, expect_response))

    AIOKafkaConnection.send = counted


async def _die(answer: Awaitable[Any]) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(answer, ANSWER_SECONDS)
    os.kill(os.getpid(), signal.SIGKILL)
