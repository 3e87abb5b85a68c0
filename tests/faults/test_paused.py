"""A worker that stands still past its Kafka session, while another takes its partitions, and then goes on."""

import asyncio
import signal
from typing import Any

import pytest
from rig.invariants import CHECKPOINTS, check, drained
from rig.processes import Rig
from rig.report import Report
from rig.spread import assigned
from rig.traffic import Traffic

from hub.local.generator import saa_mange


async def until_assigned(rig: Rig, name: str, wanted: int) -> set[int]:
    """Wait until a worker has so many partitions."""
    async with asyncio.timeout(60):
        while len(assigned(rig, name)) != wanted:
            await asyncio.sleep(0.1)
    return assigned(rig, name)


async def paused(rig: Rig, traffic: Traffic, sleeper: str, seconds: float) -> dict[str, Any]:
    """Traffic while the worker `sleeper` stands still until its successor has worked for `seconds`; the report's figures."""
    await rig.up("worker-2")
    await asyncio.gather(until_assigned(rig, "worker", 6), until_assigned(rig, "worker-2", 6))
    (successor,) = {"worker", "worker-2"} - {sleeper}
    sending = asyncio.create_task(traffic.run())
    await traffic.acknowledged(len(traffic.actions) // 5)
    its = assigned(rig, sleeper)
    rig.children[sleeper].send(signal.SIGSTOP)
    stood = dict(rig.sql(CHECKPOINTS))
    await until_assigned(rig, successor, 12)
    await asyncio.sleep(seconds)
    moved = dict(await asyncio.to_thread(rig.sql, CHECKPOINTS))
    rig.children[sleeper].send(signal.SIGCONT)
    await sending
    assert traffic.refused == [], traffic.refused[:3]
    rig.receipts |= traffic.receipts
    await drained(rig)
    taken_over = sum(moved[p] - stood[p] for p in its)
    assert taken_over > 0, "the successor did nothing: the test shows nothing"
    figures = await check(rig)
    return figures | {"records its successor applied": taken_over, "ends": dict(rig.children[sleeper].ends)}


def some(rig: Rig, seed: int, number: int, per_second: float) -> Traffic:
    """Traffic of so many actions."""
    return Traffic(rig.address, rig.token("vitas"), saa_mange(number, seed), f"paused-{seed:x}x", per_second)


@pytest.mark.faults
async def test_a_worker_paused_past_its_session_writes_nothing_wrong(rig: Rig, seed: int, report: Report) -> None:
    """One without lanes, continued after another took its partitions: I1 to I5 hold, no row twice, numbers contiguous."""
    report(await paused(rig, some(rig, seed, 450, 30), "worker-2", 1))


@pytest.mark.faults
async def test_a_worker_paused_past_its_locks_writes_nothing_wrong(rig: Rig, seed: int, report: Report) -> None:
    """The one with the lanes, paused so long that PostgreSQL has ended its sessions too: the same, over 3,000 actions."""
    report(await paused(rig, some(rig, seed, 3_000, 60), "worker", 25))
