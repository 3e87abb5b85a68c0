"""Workers join, leave, are killed and stand still under traffic: partitions and lanes move between one, two and three of them."""

import asyncio
import signal
import time
from random import Random
from typing import Any

import pytest
from rig.centres import followed, listening
from rig.invariants import check, drained
from rig.processes import Rig
from rig.report import Report
from rig.spread import steady, unowned
from rig.traffic import Traffic

from hub.local.generator import saa_mange
from hub.local.skriver import JOBCENTRE

PAST_KAFKA, PAST_LOCKS = 13.0, 26.0
"""Seconds of standing still: longer than a session of the consumer group, and longer than PostgreSQL lets a session idle."""
BLOWS = ("join", "kill", "pause", "leave", "kill", "pause longer", "join", "leave", "kill")
MOST = 3
LASTS_SECONDS = 150.0
UNOWNED_SECONDS = 15.0


class Crew:
    """The workers that are up, and what is done to them."""

    def __init__(self, rig: Rig, rng: Random) -> None:
        self.up = ["worker"]
        self.done: list[str] = []
        self._rig, self._rng = rig, rng

    async def strike(self, blow: str) -> None:
        """Do it, to a worker at random, and wait until those left share everything; what cannot be done is turned round."""
        if blow == "join" and len(self.up) == MOST:
            blow = "leave"
        elif len(self.up) == 1:
            blow = "join"
        name = self._rng.choice(self.up)
        self.done.append(f"{blow} {len(self.up)}")
        if blow == "join":
            await self._join()
        elif blow == "leave":
            await self._leave(name)
        elif blow == "kill":
            await self._rig.children[name].kill()
            await self._rig.children[name].ready()
        else:
            await self._pause(name, PAST_LOCKS if blow == "pause longer" else PAST_KAFKA)
        await steady(self._rig, self.up)

    async def _join(self) -> None:
        name = next(n for n in ("worker", "worker-2", "worker-3") if n not in self.up)
        await self._rig.up(name)
        self.up.append(name)

    async def _leave(self, name: str) -> None:
        code, _ = await self._rig.children[name].end(signal.SIGTERM)
        assert code == 0, f"{name} ended with {code}"
        self.up.remove(name)

    async def _pause(self, name: str, seconds: float) -> None:
        self._rig.children[name].send(signal.SIGSTOP)
        await asyncio.sleep(seconds)
        self._rig.children[name].send(signal.SIGCONT)


async def moved(rig: Rig, seed: int, number: int) -> dict[str, Any]:
    """Traffic that is followed up while workers come and go; the report's figures."""
    rng = Random(seed)
    crew, blows = Crew(rig, rng), rng.sample(BLOWS, len(BLOWS))
    traffic = Traffic(rig.address, rig.token("vitas"), saa_mange(number, seed), f"scaling-{seed:x}x", number / LASTS_SECONDS)
    begun = time.monotonic()
    async with listening(rig, JOBCENTRE) as centres:
        with unowned(rig) as nobodys:
            sending = asyncio.create_task(traffic.run())
            for blow in ("join", *blows):
                await crew.strike(blow)
            struck = len(traffic.receipts)
            await sending
            took = time.monotonic() - begun
            rig.receipts |= traffic.receipts
            await drained(rig)
        await followed(centres, dict(rig.sql("SELECT job_center_kode, hoved FROM delivery.numre")))
    assert traffic.refused == [], traffic.refused[:3]
    figures = await check(rig, centres)
    assert [centre.behind for centre in centres if centre.behind] == []
    assert sum(centre.receiver.taeller.get(k, 0) for centre in centres for k in ("hul", "afvigende")) == 0
    assert max(nobodys.longest.values()) < UNOWNED_SECONDS, nobodys.longest
    figures |= {"blows": crew.done, "acknowledged at the last": struck, "followed up": sum(c.followed for c in centres)}
    figures |= {"seconds": round(took, 1), "longest unowned": {what: round(s, 1) for what, s in nobodys.longest.items()}}
    return figures | {"tried again": dict(traffic.failures), "ends": {n: dict(c.ends) for n, c in rig.children.items()}, "seed": seed}


@pytest.mark.faults
async def test_partitions_and_lanes_move_between_workers_under_traffic(rig: Rig, seed: int, amount: int, report: Report) -> None:
    """Join, leave, kill, pause past either session: after each, all who are up hold an even share; I1 to I5 and I8 hold at the end."""
    report(await moved(rig, seed, amount // 3))
