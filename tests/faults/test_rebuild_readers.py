"""Rebuilds and a step back beside live traffic: who reads all through sees no error, nothing older than before, no mixture."""

import asyncio
import json
import time
from typing import Any

import pytest
from rig.invariants import check, drained
from rig.processes import Rig
from rig.readers import Reader, reading
from rig.report import Report
from rig.traffic import Traffic

from hub.local.generator import saa_mange

WAYS = (("rebuild",), ("rebuild", "--back"), ("rebuild", "--workers", "1"), ("rebuild",))
ACTS, READERS = 40, 3


async def swapped_often(rig: Rig, traffic: Traffic) -> list[dict[str, Any]]:
    """Every way of swapping while traffic runs; what each said."""
    said = []
    for nr, way in enumerate(WAYS, 1):
        await traffic.acknowledged(len(traffic.actions) * nr // (len(WAYS) + 2))
        done = await rig.call(*way, "--execute", "--json")
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
        said.append(json.loads(done.stdout))
    return said


def agreed(readers: list[Reader]) -> None:
    """No reader had a problem, and what two were answered under one version is one document."""
    assert [problem for reader in readers for problem in reader.problems] == []
    first, *others = (reader.documents for reader in readers)
    for documents in others:
        assert [key for key in documents.keys() & first.keys() if documents[key] != first[key]] == []
    assert sum(reader.moved for reader in readers), "no document changed: the test shows nothing"


async def read_through(rig: Rig, seed: int, number: int, per_second: float) -> dict[str, Any]:
    """Traffic, readers and rebuilds; the report's figures."""
    traffic = Traffic(rig.address, rig.token("vitas"), saa_mange(number, seed), f"readers-{seed:x}x", per_second)
    serving = "SELECT nummer FROM delivery.generationer WHERE serverer"
    before, begun = rig.sql(serving), time.monotonic()
    sending = asyncio.create_task(traffic.run())
    await traffic.acknowledged(number // (len(WAYS) + 2))
    async with reading(rig, seed, READERS, ACTS) as readers:
        said = await swapped_often(rig, traffic)
        await sending
        sent = time.monotonic() - begun
        await drained(rig)
    assert rig.sql(serving) != before
    assert traffic.refused == [], traffic.refused[:3]
    assert traffic.failures["503"] == 0, "the door was shut to a writer"
    agreed(readers)
    assert [done["differences"] for done in said] == [0] * len(said)
    rig.receipts |= traffic.receipts
    figures = {"swaps": len(said), "events": said[-1]["events"], "longest swap": max(done["swap_seconds"] for done in said)}
    figures |= {"answers": sum(reader.reads for reader in readers), "slowest read": round(max(r.slowest for r in readers), 2)}
    return figures | {"actions a second": round(number / sent), "seed": seed} | await check(rig)


@pytest.mark.faults
async def test_rebuilds_beside_traffic_are_seen_by_no_reader(rig: Rig, seed: int, amount: int, report: Report) -> None:
    """Three rebuilds and a step back at 200 actions a second: 0 differences each, nobody is told of them, every answer is whole."""
    report(await read_through(rig, seed, amount // 2, 200))
