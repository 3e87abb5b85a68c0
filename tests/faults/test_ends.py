"""SIGTERM and Ctrl-C under load."""

import asyncio
import signal
from typing import Any

import pytest
from rig.invariants import check, drained
from rig.processes import Rig
from rig.report import Report
from rig.traffic import Traffic

from hub.local.generator import saa_mange

LONGEST_SECONDS = 30.0
BY = ({"worker": signal.SIGTERM, "api": signal.SIGINT}, {"worker": signal.SIGINT, "api": signal.SIGTERM})


async def ended(rig: Rig, seed: int, number: int, per_second: float) -> dict[str, Any]:
    """Under traffic, end each process by each signal; each ends in time with exit code 0. The report's figures."""
    traffic = Traffic(rig.address, rig.token("vitas"), saa_mange(number, seed), f"ends-{seed:x}x", per_second)
    sending = asyncio.create_task(traffic.run())
    took = {}
    for step, signals in enumerate(BY, 1):
        await traffic.acknowledged(number * step // 4)
        ends = await asyncio.gather(*(rig.children[name].end(how) for name, how in signals.items()))
        for (name, how), (code, seconds) in zip(signals.items(), ends, strict=True):
            took[f"{name} {how.name}"] = round(seconds, 1)
            assert (code, seconds < LONGEST_SECONDS) == (0, True), f"{name} ended on {how.name} with {code} after {seconds:.1f} s"
        await rig.up(*signals)
    await sending
    assert traffic.refused == [], traffic.refused[:3]
    rig.receipts |= traffic.receipts
    await drained(rig)
    return await check(rig) | {"seconds to end": took}


@pytest.mark.integration
async def test_sigterm_and_ctrl_c_under_load_end_in_time_and_lose_nothing(rig: Rig, seed: int, report: Report) -> None:
    """Worker and API, both signals: exit 0 within 30 s, and I1 to I5 hold."""
    report(await ended(rig, seed, 240, 60))


@pytest.mark.faults
async def test_sigterm_and_ctrl_c_under_heavy_load_end_in_time_and_lose_nothing(rig: Rig, seed: int, report: Report) -> None:
    """The same under all the traffic that the door takes."""
    report(await ended(rig, seed, 6_000, 2_000))
