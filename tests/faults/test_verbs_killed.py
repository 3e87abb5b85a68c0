"""Operators' verbs killed with -9 twenty times at random moments: a swap, a dead-letter retry, a re-notify; the next call does the rest."""

import asyncio
import json
import os
import signal
from collections import Counter
from random import Random

import psycopg
import pytest
from rig.invariants import check, drained, notified
from rig.processes import Rig
from rig.report import Report
from rig.traffic import Action, Traffic
from rig.verbs import Verb

from hub.local.generator import saa_mange

pytestmark = pytest.mark.faults
GENERATIONS = "SELECT nummer FROM delivery.generationer ORDER BY nummer"
SERVING = "SELECT nummer FROM delivery.generationer WHERE serverer"
SCHEMAS = "SELECT count(*) FROM pg_namespace WHERE nspname ~ '^gen_'"
HOLD = "SELECT 1 FROM delivery.generationer WHERE serverer FOR SHARE"
PARKED = "SELECT count(*) FROM delivery.parkerede WHERE tilstand = 'parkeret'"
CLI, REBUILD = "hub-cli", "hub-rebuild by%"


@pytest.fixture
def times() -> int:
    """How many blows; FAULTS_TIMES makes it another number."""
    return int(os.environ.get("FAULTS_TIMES") or 20)


async def recorded(rig: Rig, seed: int, number: int, name: str) -> list[Action]:
    """So many actions, acknowledged, projected and told of, but for what is parked."""
    actions = saa_mange(number, seed)
    traffic = Traffic(rig.address, rig.token("vitas"), actions, f"{name}-{seed:x}x", 400)
    await traffic.run()
    assert traffic.refused == [], traffic.refused[:3]
    rig.receipts |= traffic.receipts
    await drained(rig)
    return actions


async def struck_in_the_swap(rig: Rig, rng: Random, verb: tuple[str, ...], window: float) -> tuple[int, bool]:
    """Hold the verb at the beginning of its swap, let it go, and kill it within it: exit code, and whether it had swapped."""
    ((before,),) = await asyncio.to_thread(rig.sql, SERVING)
    with psycopg.connect(rig.hus.database_url) as holding:
        holding.execute(HOLD.encode())
        process = Verb(rig, REBUILD, *verb)
        assert await process.waits("LOCK TABLE delivery.generationer%"), f"{verb} did not come to its swap"
        holding.rollback()
    code = await process.kill(rng.uniform(0, window))
    ((after,),) = await asyncio.to_thread(rig.sql, SERVING)
    return code, after != before


async def test_swaps_killed_in_traffic_are_done_or_not(rig: Rig, seed: int, times: int, report: Report) -> None:
    """Within the transaction that moves the pointer, of rebuilds and of steps back: one generation serves, and nothing differs."""
    rng, verbs = Random(seed), {"rebuild": ("rebuild", "--execute"), "back": ("rebuild", "--back", "--execute")}
    await recorded(rig, seed, 300, "swapped")
    whole = json.loads((await rig.call("rebuild", "--execute", "--json")).stdout)
    traffic = Traffic(rig.address, rig.token("vitas"), saa_mange(100 * times, seed + 1), f"swap-{seed:x}x", 20)
    sending, seen = asyncio.create_task(traffic.run()), Counter[str]()
    for _ in range(times):
        ((serving,),), known = rig.sql(SERVING), [number for (number,) in rig.sql(GENERATIONS)]
        name = rng.choice(["rebuild", "back"]) if min(known) < serving else "rebuild"
        code, swapped = await struck_in_the_swap(rig, rng, verbs[name], 1.5 * whole["swap_seconds"])
        seen[f"{name} {'killed' if code == -signal.SIGKILL else code}, {'swapped' if swapped else 'not swapped'}"] += 1
    await sending
    assert traffic.refused == [], traffic.refused[:3]
    rig.receipts |= traffic.receipts
    await drained(rig)
    assert any("killed, not swapped" in what for what in seen), seen
    assert (await rig.verify())["differences"] == 0
    last = await rig.call("rebuild", "--execute", "--json")
    assert last.returncode == 0 and json.loads(last.stdout)["differences"] == 0, last.stdout + last.stderr
    assert rig.sql(SCHEMAS) == [(len(rig.sql(GENERATIONS)),)]
    report(dict(seen) | {"swap seconds": whole["swap_seconds"], "seed": seed} | await check(rig))


async def parked_cases(rig: Rig, seed: int, number: int) -> int:
    """Actions of which every third case is parked from its first event on (a worker whose every event fails ends); how many events are."""
    points = rig.hus.settings.fault_points
    assert points is not None
    files = [points / f"projektion.{case}" for case in sorted({action["sagsId"] for action in saa_mange(number, seed)})[::3]]
    for file in files:
        file.touch()
    await recorded(rig, seed, number, "parked")
    for file in files:
        file.unlink()
    ((events,),) = rig.sql(PARKED)
    return int(events)


async def test_retries_killed_go_on(rig: Rig, seed: int, times: int, report: Report) -> None:
    """`deadletters retry --all`: what was applied was told once, what was not is parked still, and the last call applies the rest."""
    rng, left = Random(seed), [await parked_cases(rig, seed, 300 * times)]
    verb, codes = ("deadletters", "retry", "--all", "--why", "proeve", "--execute"), Counter[int]()
    for _ in range(times):
        process = Verb(rig, CLI, *verb)
        assert await process.connected(), "it ended before it began"
        codes[await process.kill(rng.uniform(0, 0.2))] += 1
        left.append(rig.sql(PARKED)[0][0])
    assert left[0] > left[-1] > 0 and codes[-signal.SIGKILL] == times, (left, codes)
    last = await rig.call(*verb, "--json")
    assert last.returncode == 0 and json.loads(last.stdout)["left"] == 0, last.stdout + last.stderr
    await drained(rig)
    report({"parked after each kill": left, "seed": seed} | await check(rig))


async def test_renotifies_killed_go_on(rig: Rig, seed: int, times: int, report: Report) -> None:
    """Every copy is identical, the next call goes on where it was, and when one has come to its end no number lacks its copy."""
    await recorded(rig, seed, 600, "told")
    rng = Random(seed)
    ((code, sent),) = rig.sql("SELECT job_center_kode, sendt FROM delivery.numre ORDER BY sendt DESC LIMIT 1")
    choice = ("renotify", "--jobcentre", code, "--since", "2020-01-01T00:00:00Z", "--why", "proeve", "--execute", "--json")
    verb, codes = (*choice, "--rate", str(max(2, sent // 12))), Counter[int]()
    before = len((await notified(rig))[code])
    for _ in range(times):
        process = Verb(rig, CLI, *verb)
        assert await process.connected(), "it ended before it began"
        codes[await process.kill(rng.uniform(0, 1.2))] += 1
    killed = [told.nummer for _, told in (await notified(rig))[code][before:]]
    last = await rig.call(*choice)
    assert last.returncode == 0 and rig.sql("SELECT * FROM delivery.genudsendelser") == [], last.stdout + last.stderr
    copies = Counter(told.nummer for _, told in (await notified(rig))[code][before:])
    assert killed and codes[-signal.SIGKILL] >= times // 2, codes
    assert set(copies) == set(range(1, sent + 1))
    figures = {"numbers": sent, "copies under the kills": len(killed), "most copies of one": max(copies.values()), "ends": dict(codes)}
    report(figures | {"seed": seed} | await check(rig))
