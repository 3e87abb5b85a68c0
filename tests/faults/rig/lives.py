"""Lives of one worker and one door that end at any step, drawn from a seed: each begins with what the last one left."""

import asyncio
import signal
import uuid
from collections import Counter, deque
from collections.abc import Iterable
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from rig.invariants import drained
from rig.life import Errand, live
from rig.processes import Rig
from rig.wire import Cut, Wire

POSTGRES, KAFKA = "postgres", "kafka"
MESSAGES = {POSTGRES: 150, KAFKA: 20}
"""So many messages at most lie before an end: a start and some ten actions take about as many."""
LIFE_SECONDS = 60.0
KILLED = -signal.SIGKILL


class End(NamedTuple):
    """Where a life ends: at which service's message, counted from its very start or from when it was ready."""

    service: str
    cut: Cut
    at_once: bool

    def __str__(self) -> str:
        return f"{'after' if self.cut.after else 'before'} a message to {self.service}"


class Lives:
    """One life after the other on a rig's services. `ended`: how many were killed where, or came to their own end."""

    def __init__(self, rig: Rig, wire: Wire, actions: Iterable[dict[str, Any]], seed: int) -> None:
        self._rig, self._wire = rig, wire
        self._left = deque((str(uuid.uuid5(uuid.NAMESPACE_OID, f"{seed}/{nr}")), action) for nr, action in enumerate(actions))
        self._rng = Random(f"lives/{seed}")
        self._make = get_context("forkserver")
        self._make.set_forkserver_preload(["rig.life"])
        self.ended: Counter[str] = Counter()

    async def run(self, lives: int) -> None:
        """So many that end somewhere, then one in which everything comes to its end."""
        for nr in range(lives):
            self._poison(sick=nr % 3 == 1)
            await self._life(self._end(), len(self._left) // (lives + 1 - nr))
        self._poison(sick=False)
        await self._life(None, len(self._left))

    def _end(self) -> End:
        service = self._rng.choice((POSTGRES, POSTGRES, KAFKA))
        return End(service, Cut(self._rng.randint(1, MESSAGES[service]), self._rng.random() < 0.5), self._rng.random() < 0.3)

    def _poison(self, *, sick: bool) -> None:
        """Let the case that comes next fail, or mend what failed."""
        folder: Path = self._rig.hus.settings.fault_points
        for point in folder.iterdir():
            point.unlink()
        if sick and self._left:
            (folder / f"projektion.{self._left[0][1]['sagsId']}").touch()

    async def _life(self, end: End | None, actions: int) -> None:
        ours, theirs = self._make.Pipe()
        errand = self._errand(end, [self._left[nr] for nr in range(actions)])
        process = self._make.Process(target=live, args=(errand, theirs))
        process.start()
        theirs.close()
        cut = end.cut if end is not None and end.service == POSTGRES else None
        # At the very start nothing of it is heard before this process has gone on.
        self._wire.arm(cut if end and end.at_once else None, process.kill)
        try:
            code = await asyncio.wait_for(self._follow(process, ours, cut if end and not end.at_once else None), LIFE_SECONDS)
        finally:
            process.kill()
            ours.close()
        assert code in (0, KILLED), f"a life ended with {code}: see {errand.log}"
        self.ended[str(end) if code == KILLED else "by itself"] += 1

    def _errand(self, end: End | None, actions: list[tuple[str, dict[str, Any]]]) -> Errand:
        kafka = end.cut if end is not None and end.service == KAFKA else None
        self._rig.logs.mkdir(exist_ok=True)
        settings, log = self._rig.hus.settings, self._rig.logs / "lives.log"
        return Errand(settings, log, self._rig.hus.bootstrap, self._wire.database_url, actions, kafka, end is not None and end.at_once)

    async def _follow(self, process: BaseProcess, pipe: Connection, cut: Cut | None) -> int | None:
        """Keep the receipts that it says, let it end when all has come to its end; its exit code."""
        try:
            while True:
                match await asyncio.to_thread(pipe.recv):
                    case None:
                        self._wire.arm(cut, process.kill)
                    case True:
                        await self._come_to_its_end(process)
                    case request_id, receipt:
                        self._rig.receipts[request_id] = receipt
                        assert self._left.popleft()[0] == request_id
                        continue
                pipe.send(None)
        except (EOFError, ConnectionError):
            await asyncio.to_thread(process.join)
            return process.exitcode

    async def _come_to_its_end(self, process: BaseProcess) -> None:
        """Wait until everything has come to its end, or the life is over before."""
        over = asyncio.ensure_future(asyncio.to_thread(wait, [process.sentinel]))
        end = asyncio.ensure_future(drained(self._rig, LIFE_SECONDS / 2))
        await asyncio.wait({over, end}, return_when=asyncio.FIRST_COMPLETED)
        if end.done():
            end.result()
        end.cancel()
