"""Ledger, delivery and read models are dropped in the middle of traffic and come back from Kafka."""

import asyncio
import json
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from rig.invariants import Facts, check, drained, notified
from rig.processes import Rig
from rig.report import Report
from rig.traffic import Traffic

from hub.events.bedoem import kuvertlaeser
from hub.events.relay import Relae
from hub.local.generator import saa_mange


@asynccontextmanager
async def relay_alone(rig: Rig) -> AsyncIterator[None]:
    """A relay and nothing else: what is appended reaches the log, and nobody is told."""
    stop = asyncio.Event()
    running = asyncio.create_task(Relae(rig.hus.database_url, rig.hus.options, kuvertlaeser(rig.hus.kodeks)).run(stop))
    try:
        yield
    finally:
        stop.set()
        await running


async def on_the_log(rig: Rig) -> None:
    """Wait until the log has all that the ledger has."""
    async with asyncio.timeout(60):
        while await asyncio.to_thread(rig.sql, "SELECT 1 FROM ledger.outbox WHERE sendt IS NULL LIMIT 1"):
            await asyncio.sleep(0.05)


async def lose_the_database(rig: Rig, traffic: Traffic, more: int) -> None:
    """Kill the worker, let `more` be appended and brought to the log, kill the API, drop everything but keys and access log."""
    await rig.children["worker"].end(signal.SIGKILL)
    async with relay_alone(rig):
        await traffic.acknowledged(len(traffic.receipts) + more)
        await rig.children["api"].end(signal.SIGKILL)
        await on_the_log(rig)


async def somebody_told(rig: Rig) -> None:
    """Wait until a topic has something."""
    async with asyncio.timeout(30):
        while not await asyncio.to_thread(rig.sql, "SELECT 1 FROM delivery.notifikationer WHERE sendt IS NOT NULL LIMIT 1"):
            await asyncio.sleep(0.05)


def drop(rig: Rig) -> None:
    """Drop ledger, delivery and every generation."""
    for (schema,) in rig.sql("SELECT nspname FROM pg_namespace WHERE nspname IN ('ledger', 'delivery') OR nspname ~ '^gen_[0-9]+$'"):
        rig.sql(f"DROP SCHEMA {schema} CASCADE")


async def lost_and_restored(rig: Rig, seed: int, number: int, per_second: float) -> dict[str, Any]:
    """Traffic over a lost and restored database; the report's figures."""
    traffic = Traffic(rig.address, rig.token("vitas"), saa_mange(number, seed), f"restore-{seed:x}x", per_second)
    sending = asyncio.create_task(traffic.run())
    await traffic.acknowledged(number // 2)
    await somebody_told(rig)
    await lose_the_database(rig, traffic, number // 4)
    told, due = await notified(rig), (await Facts.read(rig)).due()
    known = {code: {n.notifikationsId for _, n in records} for code, records in told.items()}
    untold = {code: ids - known.get(code, set()) for code, ids in due.items()}
    assert sum(map(len, told.values())) and sum(map(len, untold.values())), "nothing told, or nothing untold: the test shows nothing"
    await asyncio.to_thread(drop, rig)
    done = await rig.call("restore", "--execute", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    await rig.up("api", "worker")
    await sending
    assert traffic.refused == [], traffic.refused[:3]
    rig.receipts |= traffic.receipts
    await drained(rig)
    after = await notified(rig)
    for code, records in after.items():
        before, new = told.get(code, []), [n.notifikationsId for _, n in records[len(told.get(code, [])) :]]
        assert records[: len(before)] == before
        assert not known.get(code, set()) & set(new), f"{code} was told again what its topic had"
        assert len(new) == len(set(new)), f"{code} was told twice"
        assert untold.get(code, set()) <= set(new), f"{code} was not told what was due"
    figures = {"told before": sum(map(len, told.values())), "due and untold": sum(map(len, untold.values()))}
    return figures | {"restore": json.loads(done.stdout)} | await check(rig)


@pytest.mark.integration
async def test_a_lost_database_comes_back_from_kafka(rig: Rig, seed: int, report: Report) -> None:
    """In 240 actions: after `hub restore` no difference, numbers go on, nobody is told again, what was due is told, traffic goes on."""
    report(await lost_and_restored(rig, seed, 240, 80))


@pytest.mark.faults
async def test_a_large_lost_database_comes_back_from_kafka(rig: Rig, seed: int, amount: int, report: Report) -> None:
    """The same over all that the runs before it have left and 4,000 actions more."""
    report(await lost_and_restored(rig, seed, amount // 5, 150))
