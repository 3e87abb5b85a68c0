"""Who has what: the partitions that Kafka gave to each worker, and the lanes that each one's sessions hold."""

import asyncio
import re
import time
from collections import defaultdict
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import psycopg

from hub.events.topics import FAKTA_PARTITIONER, baner
from hub.notifications.udkast import ANTAL_BANER
from hub.operations.status import SHARES
from rig.processes import Rig

STEADY_SECONDS = 60.0
LOOK_SECONDS = 0.2
TAKEN = re.compile(rb"partitions assigned'? partitions=\[([0-9, ]*)\]")
ALL = {"hub-relay": len(baner()), "hub-sekvenser": ANTAL_BANER}


def assigned(rig: Rig, name: str) -> set[int]:
    """The partitions that a worker was last given."""
    given = TAKEN.findall(rig.children[name].log.read_bytes())
    return {int(number) for number in given[-1].split(b",") if number.strip()} if given else set()


def leases(rig: Rig) -> dict[str, list[int]]:
    """Relay and sequencer: how many lanes each session holds."""
    held: defaultdict[str, list[int]] = defaultdict(list)
    for serves, _, lanes in rig.sql(str(SHARES)):
        held[str(serves)].append(int(lanes))
    return held


async def steady(rig: Rig, workers: Collection[str]) -> None:
    """Wait until these workers share partitions and lanes evenly, and none is nobody's."""
    deadline, seen = time.monotonic() + STEADY_SECONDS, ""
    while time.monotonic() < deadline:
        given = {name: assigned(rig, name) for name in workers}
        held = await asyncio.to_thread(leases, rig)
        seen = f"partitions {given}, lanes {dict(held)}"
        if _even([len(its) for its in given.values()], FAKTA_PARTITIONER) and _shared(held, len(workers)):
            return
        await asyncio.sleep(LOOK_SECONDS)
    raise AssertionError(f"{sorted(workers)} did not come to share: {seen}")


def _shared(held: dict[str, list[int]], workers: int) -> bool:
    # A relay's lanes are shared out by topic: three topics of one lane each may be with one worker.
    return all(len(held[what]) == workers and sum(held[what]) == lanes and min(held[what]) >= 2 for what, lanes in ALL.items())


def _even(numbers: list[int], everything: int) -> bool:
    return sum(numbers) == everything and max(numbers) - min(numbers) <= 1


@dataclass
class Unowned:
    """The longest time for which some lanes were nobody's, by service."""

    longest: dict[str, float] = field(default_factory=lambda: dict.fromkeys(ALL, 0.0))
    _since: dict[str, float] = field(default_factory=dict)

    async def look(self, rig: Rig) -> None:
        """Look until cancelled; a database that is away is no look."""
        while True:
            with suppress(psycopg.Error):
                self._seen(await asyncio.to_thread(leases, rig))
            await asyncio.sleep(LOOK_SECONDS)

    def _seen(self, held: dict[str, list[int]]) -> None:
        now = time.monotonic()
        for what, lanes in ALL.items():
            if sum(held[what]) == lanes:
                self._since.pop(what, None)
            else:
                self.longest[what] = max(self.longest[what], now - self._since.setdefault(what, now))


@contextmanager
def unowned(rig: Rig) -> Iterator[Unowned]:
    """Look as long as the context."""
    seen = Unowned()
    task = asyncio.create_task(seen.look(rig))
    try:
        yield seen
    finally:
        task.cancel()
