"""`hub verify` again and again in the middle of traffic: it finds what was changed by hand, and nothing else, by one process or several."""

import asyncio
import json
from typing import Any

import pytest
from rig.invariants import check, drained
from rig.processes import Rig
from rig.report import Report
from rig.traffic import Traffic

from hub.local.generator import saa_mange

GRANT = (
    "SELECT sags_id, ekstern_identifier, oprindelig_slutdato FROM gen.bevillinger WHERE oprindelig_slutdato IS NOT NULL ORDER BY 1 LIMIT 1"
)


async def sent(rig: Rig, actions: int, seed: int, name: str, per_second: float) -> Traffic:
    """Traffic of cases of its own, to its end."""
    traffic = Traffic(rig.address, rig.token("vitas"), saa_mange(actions, seed), name, per_second)
    await traffic.run()
    assert traffic.refused == [], traffic.refused[:3]
    rig.receipts |= traffic.receipts
    return traffic


async def verified(rig: Rig, workers: int) -> dict[str, Any]:
    """What it says now."""
    done = await rig.call("verify", "--json", "--workers", str(workers))
    found: dict[str, Any] = json.loads(done.stdout)
    assert done.returncode == (not found["ok"]), done.stderr[-3000:]
    return found


async def beside_traffic(rig: Rig, seed: int, actions: int, per_second: float) -> dict[str, Any]:
    """Every third verification with a date changed by hand, which is then put back; the report's figures."""
    await sent(rig, 60, seed + 1, f"before-{seed:x}x", 100)
    await drained(rig)
    ((case, act, date),) = rig.sql(GRANT)
    change = f"UPDATE gen.bevillinger SET oprindelig_slutdato = %s WHERE ekstern_identifier = '{act}'"
    sending = asyncio.create_task(sent(rig, actions, seed, f"verify-{seed:x}x", per_second))
    rounds, named, events = 0, 0, set[int]()
    while not sending.done():
        harmed, rounds = rounds % 3 == 2, rounds + 1
        if harmed:
            rig.sql(change, "2031-01-01")
        found = await verified(rig, 1 + rounds % 2)
        if harmed:
            rig.sql(change, date)
            said = [(f["case"], f["what"], f["log"], f["database"]) for f in found["findings"]]
            assert said == [(case, "bevillinger.oprindelig_slutdato", str(date), "2031-01-01")], found["findings"]
            named += 1
        else:
            assert found["findings"] == []
        events.add(found["events"])
    await sending
    await drained(rig)
    return {"verified": rounds, "changed and named": named, "positions": len(events), "seed": seed} | await check(rig)


@pytest.mark.faults
async def test_verify_in_traffic_finds_what_was_changed_and_nothing_else(rig: Rig, seed: int, amount: int, report: Report) -> None:
    """All through some minutes of traffic: each time 0 differences at another position, or the changed row with both values."""
    report(await beside_traffic(rig, seed, amount // 2, 100))
