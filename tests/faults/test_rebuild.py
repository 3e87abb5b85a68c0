"""`hub rebuild` killed at random moments in the middle of traffic: nothing of it is ever seen, and the next one works."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from random import Random
from typing import Any

import pytest
from rig.invariants import check, drained
from rig.processes import Rig
from rig.report import Report
from rig.traffic import Traffic

from hub.local.generator import saa_mange


async def killed(rig: Rig, seconds: float) -> int | None:
    """Start a rebuild and kill it after so long; its exit code when it was done before."""
    command = [sys.executable, "-m", "hub.cli", "rebuild", "--execute", "--json"]
    environment = {**os.environ, "HUB_DATA": str(rig.hus.settings.data)}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    ends = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < ends:
        await asyncio.sleep(0.005)
    process.send_signal(signal.SIGKILL) if process.poll() is None else None
    return await asyncio.to_thread(process.wait)


async def killed_often(rig: Rig, seed: int, times: int, per_second: float) -> dict[str, Any]:
    """Traffic while rebuilds are killed; the report's figures."""
    rng = Random(seed)
    begun = time.monotonic()
    assert (await rig.call("rebuild", "--execute", "--json")).returncode == 0
    whole = time.monotonic() - begun
    traffic = Traffic(rig.address, rig.token("vitas"), saa_mange(round(times * whole * per_second), seed), f"rebuild-{seed:x}x", per_second)
    sending = asyncio.create_task(traffic.run())
    ends = [await killed(rig, rng.uniform(0.3, 1.0) * whole) for _ in range(times)]
    await sending
    assert traffic.refused == [], traffic.refused[:3]
    rig.receipts |= traffic.receipts
    await drained(rig)
    last = await rig.call("rebuild", "--execute", "--json")
    assert last.returncode == 0, last.stdout + last.stderr
    assert json.loads(last.stdout)["differences"] == 0
    left = rig.sql("SELECT count(*) FROM pg_namespace WHERE nspname ~ '^gen_'"), rig.sql("SELECT count(*) FROM delivery.generationer")
    assert left[0] == left[1]
    return {"killed": ends.count(-signal.SIGKILL), "done before": ends.count(0), "refused": ends.count(1)} | await check(rig)


@pytest.mark.faults
async def test_rebuilds_killed_in_traffic_leave_nothing(rig: Rig, seed: int, report: Report) -> None:
    """Twenty times at random moments: no difference afterwards, nobody told twice, nothing half built left behind."""
    report(await killed_often(rig, seed, 20, 40))
