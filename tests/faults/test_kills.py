"""Worker, API, Kafka and PostgreSQL are killed with -9 under traffic: nothing acknowledged is lost, nothing told out of order."""

import asyncio
import signal
import time
from typing import Any

import pytest
from rig.blows import plan, strike
from rig.centres import followed, listening
from rig.invariants import check, drained
from rig.processes import Rig
from rig.report import Report
from rig.traffic import Traffic

from hub.local.generator import saa_mange
from hub.local.skriver import JOBCENTRE


async def under_blows(rig: Rig, seed: int, number: int, per_second: float, **how_often: int) -> dict[str, Any]:
    """Traffic, jobcentres and blows together; then everything is checked. The report's figures."""
    traffic = Traffic(rig.address, rig.token("vitas"), saa_mange(number, seed), f"kills-{seed:x}x", per_second)
    begun, killed = time.monotonic(), {name: child.ends[-signal.SIGKILL] for name, child in rig.children.items()}
    async with listening(rig, JOBCENTRE) as centres:
        await asyncio.gather(traffic.run(), strike(rig, traffic, plan(seed, number, **how_often)))
        sent = time.monotonic() - begun
        assert traffic.refused == [], traffic.refused[:3]
        rig.receipts |= traffic.receipts
        await drained(rig)
        heads = dict(rig.sql("SELECT job_center_kode, hoved FROM delivery.numre"))
        await followed(centres, heads)
    figures = await check(rig, centres)
    for what in ("worker", "api"):
        assert rig.children[what].ends[-signal.SIGKILL] - killed[what] == how_often[what]
    assert [centre.behind for centre in centres if centre.behind] == []
    assert sum(centre.receiver.taeller.get(k, 0) for centre in centres for k in ("hul", "afvigende")) == 0
    figures |= {"followed up": sum(c.followed for c in centres), "door away at a follow-up": sum(c.door_away for c in centres)}
    figures |= {"statuses": dict(traffic.statuses), "tried again": dict(traffic.failures), "seconds": round(sent, 1)}
    return figures | {"ends": {name: dict(child.ends) for name, child in rig.children.items()}, "seed": seed}


@pytest.mark.integration
async def test_kills_under_traffic_lose_nothing(rig: Rig, seed: int, report: Report) -> None:
    """Worker, API and PostgreSQL once each, in 160 actions: I1 to I5 and I8 hold, and every follow-up got the announced version."""
    report(await under_blows(rig, seed, 160, 60, worker=1, api=1, postgres=1))


@pytest.mark.faults
async def test_twenty_thousand_actions_under_blows_lose_nothing(rig: Rig, seed: int, amount: int, report: Report) -> None:
    """Worker twenty times, API five times, Kafka and PostgreSQL once, in 20,000 actions: the same."""
    report(await under_blows(rig, seed, amount, 150, worker=20, api=5, kafka=1, postgres=1))
