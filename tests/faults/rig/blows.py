"""Blows at random moments: a moment is a number of acknowledged actions, so that a slow machine is hit as often as a fast one."""

import asyncio
from random import Random
from typing import NamedTuple

from rig.processes import Rig
from rig.traffic import Traffic


class Blow(NamedTuple):
    """When (acknowledged actions) and what; `away`: seconds that a service is left dead."""

    after: int
    what: str
    away: float


def plan(seed: int, actions: int, **how_often: int) -> list[Blow]:
    """So many blows at each of `worker`, `api`, `kafka`, `postgres`, all over the run."""
    rng = Random(seed)
    blows = [Blow(rng.randrange(actions // 50, actions), what, rng.uniform(0, 3)) for what, n in how_often.items() for _ in range(n)]
    return sorted(blows)


async def strike(rig: Rig, traffic: Traffic, blows: list[Blow]) -> None:
    """Do them; ends when every service that was hit is back."""
    services = []
    for blow in blows:
        await traffic.acknowledged(blow.after)
        if blow.what in ("kafka", "postgres"):
            services.append(asyncio.create_task(rig.kill_service(blow.what, blow.away)))
            continue
        await rig.children[blow.what].kill()
    await asyncio.gather(*services)
