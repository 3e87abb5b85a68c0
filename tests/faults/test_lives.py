"""A worker and a door that die at any step, message by message: what each leaves is what the next one goes on with."""

import os
from typing import Any

import pytest
from rig.invariants import check
from rig.lives import Lives
from rig.processes import Rig
from rig.report import Report
from rig.wire import a_wire

from hub.bootstrap import klargoer_database, klargoer_kafka
from hub.local.generator import saa_mange

ACTIONS_A_LIFE = 12


async def lived(stack: Rig, seed: int, lives: int) -> dict[str, Any]:
    """So many lives that end somewhere, and one more; then everything is checked. The report's figures."""
    await stack.down()
    await klargoer_kafka(stack.hus)
    klargoer_database(stack.hus)
    with a_wire(stack.hus.database_url) as wire:
        life = Lives(stack, wire, saa_mange(lives * ACTIONS_A_LIFE, seed), seed)
        await life.run(lives)
    return await check(stack) | {"ended": dict(life.ended), "seed": seed}


@pytest.mark.integration
async def test_a_few_lives_that_end_at_any_step_lose_nothing(stack: Rig, seed: int, report: Report) -> None:
    """Two, before or after some message to PostgreSQL or Kafka: I1 to I5 hold, and nothing that was parked and tried again is lost."""
    report(await lived(stack, seed, 2))


@pytest.mark.faults
async def test_many_lives_that_end_at_any_step_lose_nothing(stack: Rig, seed: int, report: Report) -> None:
    """A hundred, or as many as FAULTS_LIVES says: the same."""
    report(await lived(stack, seed, int(os.environ.get("FAULTS_LIVES") or 100)))
