"""An upgrade under traffic as docs/operations.md and docs/rebuild.md say it, and the step back, with a later release beside this one."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from rig.invariants import check, drained
from rig.processes import Rig
from rig.release import Release, revisions
from rig.report import Report
from rig.traffic import Traffic

from hub.events.tables import SKEMAER
from hub.local.generator import saa_mange

LATER = {f"{schema}_9001" for schema in SKEMAER}


async def replaced(rig: Rig, release: Release | None) -> None:
    """Worker and API of another release instead of those that run; the worker may have ended by itself."""
    await asyncio.gather(*(rig.children[name].end() for name in ("worker", "api")))
    for name in ("worker", "api"):
        rig.children[name].environment = rig.environment() | (release.environment if release else {})
    await rig.up("worker", "api")


async def upgraded_and_back(rig: Rig, folder: Path, seed: int, number: int) -> dict[str, Any]:
    """Traffic over an upgrade and its step back; the report's figures."""
    release, before = Release(folder, rig), revisions(rig)
    traffic = Traffic(rig.address, rig.token("vitas"), saa_mange(number, seed), f"upgrade-{seed:x}x", number / 60)
    sending = asyncio.create_task(traffic.run())
    await traffic.acknowledged(number // 10)

    refused = await asyncio.to_thread(release.call, "worker", "--json")
    assert refused.returncode == 1 and "run `hub rebuild --accept --execute` with this code" in refused.stderr
    assert revisions(rig) == before, "a refusal has changed the database"

    rebuilt = await asyncio.to_thread(release.said, "rebuild", "--accept", "--execute")
    assert revisions(rig) >= LATER
    async with asyncio.timeout(30):
        while not rig.children["worker"].ends[1]:
            await asyncio.sleep(0.1)
    assert b"newer code took over: end this process and start that code" in rig.children["worker"].log.read_bytes()
    await replaced(rig, release)
    await traffic.acknowledged(number // 2)

    await asyncio.gather(*(rig.children[name].end() for name in ("worker", "api")))
    back = await rig.call("rebuild", "--back", "--execute", "--json")
    assert back.returncode == 0, back.stderr[-3000:]
    await replaced(rig, None)
    assert b"newer than this code" in rig.children["worker"].log.read_bytes()
    last = await rig.call("rebuild", "--execute", "--json")
    assert last.returncode == 0, last.stderr[-3000:]
    await sending
    assert traffic.refused == [], traffic.refused[:3]
    rig.receipts |= traffic.receipts
    await drained(rig)
    assert revisions(rig) >= LATER, "the old code has changed what the later one made"
    return {"differences": rebuilt["differences"], "tried again": dict(traffic.failures), "seed": seed} | await check(rig)


@pytest.mark.faults
async def test_an_upgrade_and_its_step_back_lose_nothing(rig: Rig, tmp_path: Path, seed: int, amount: int, report: Report) -> None:
    """Old code works and starts on the schema that a later release has migrated, rebuilds on it, and verify finds nothing."""
    try:
        report(await upgraded_and_back(rig, tmp_path, seed, amount // 10))
    finally:
        for child in rig.children.values():
            child.environment = rig.environment()
