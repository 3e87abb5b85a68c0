"""`hub verify` against a copy of the log in another Kafka: whole, it agrees; with anything changed in it, the change is named."""

import asyncio
import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from msgspec.structs import replace
from rig.invariants import drained, topic
from rig.processes import Rig
from rig.traffic import Traffic

from hub.events.journal import Post, producent
from hub.events.topics import FAKTA, Topic, liste, sikr
from hub.local import services
from hub.local.generator import saa_mange
from hub.settings import Settings

pytestmark = pytest.mark.faults
Records = Sequence[Post]
Change = Callable[[Rig, Records], tuple[Records, dict[str, Any]]]
"""The facts' records to the records of the copy, and what of a finding must be so."""


@dataclass(frozen=True)
class Copy:
    """A Kafka of its own beside the rig's database."""

    rig: Rig
    options: dict[str, Any]

    async def fill(self, name: str, partitions: int, records: Records) -> None:
        """A topic with exactly these records, each in its partition, in their order."""
        admin = AIOKafkaAdminClient(**self.options)
        await admin.start()
        try:
            while name in await admin.list_topics():
                await admin.delete_topics([name])
                await asyncio.sleep(0.2)
        finally:
            await admin.close()
        await sikr(self.options, [Topic(name, partitions)])
        async with producent(self.options, "copy") as out:
            sent = [await out.send(name, r.vaerdi, r.noegle, r.partition, headers=list(r.hoveder)) for r in records]
            await asyncio.gather(*sent)

    async def verify(self) -> tuple[int, dict[str, Any]]:
        """What `hub verify` says of the rig's database with this Kafka: exit code and report."""
        others = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
        environment = others | {"HUB_DATA": str(self.rig.hus.settings.data), "HUB_KAFKA": self.options["bootstrap_servers"]}
        command = [sys.executable, "-m", "hub.cli", "verify", "--json"]
        done = await asyncio.to_thread(lambda: subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300))
        assert done.stdout, done.stderr[-3000:]
        return done.returncode, json.loads(done.stdout)


@pytest.fixture
def copied(rig: Rig, tmp_path: Path) -> Iterator[Copy]:
    """An empty Kafka."""
    settings = Settings(data=tmp_path, kafka=None, database=rig.hus.database_url)
    try:
        yield Copy(rig, {"bootstrap_servers": services.start(settings).bootstrap})
    finally:
        services.stop(settings)


def a_case(records: Records) -> list[Post]:
    """The records of the case that has the most."""
    cases: Mapping[Any, list[Post]] = defaultdict(list)
    for record in records:
        cases[record.noegle].append(record)
    return max(cases.values(), key=len)


def exchanged(records: Records, others: Mapping[tuple[int, int], bytes | None]) -> Records:
    """The records, some with other bytes."""
    return [r._replace(vaerdi=others.get((r.partition, r.offset), r.vaerdi)) for r in records]


def edited(rig: Rig, records: Records) -> tuple[Records, dict[str, Any]]:
    """One event in the middle of a case happened an hour earlier: the next one does not follow on it."""
    case = a_case(records)
    event = rig.hus.kodeks.afkod(case[1].vaerdi or b"")
    at = event.kuvert.haendelsestidspunkt.replace(year=2001)
    other = rig.hus.kodeks.indkod(replace(event, kuvert=replace(event.kuvert, haendelsestidspunkt=at)))
    changed = exchanged(records, {(case[1].partition, case[1].offset): other})
    return changed, {"partition": case[2].partition, "offset": case[2].offset, "case": event.kuvert.sagsId, "what": "parkerede"}


def one_bit(rig: Rig, records: Records) -> tuple[Records, dict[str, Any]]:
    """The last byte of a case's last event: nothing follows, but timeline and ledger have its hash."""
    last = a_case(records)[-1]
    value = last.vaerdi or b""
    changed = exchanged(records, {(last.partition, last.offset): value[:-1] + bytes([value[-1] ^ 1])})
    return changed, {"partition": last.partition, "case": (last.noegle or b"").decode()}


def reordered(rig: Rig, records: Records) -> tuple[Records, dict[str, Any]]:
    """Two neighbours of a case changed places."""
    _, one, two, *_ = a_case(records)
    changed = exchanged(records, {(one.partition, one.offset): two.vaerdi, (two.partition, two.offset): one.vaerdi})
    return changed, {"partition": one.partition, "offset": one.offset, "case": (one.noegle or b"").decode(), "what": "parkerede"}


def cut(rig: Rig, records: Records) -> tuple[Records, dict[str, Any]]:
    """The last record of a partition is not there."""
    last = a_case(records)[0].partition
    end = max(r.offset for r in records if r.partition == last)
    left = [r for r in records if (r.partition, r.offset) != (last, end)]
    return left, {"partition": last, "offset": end, "what": "checkpoints.naeste_offset", "database": str(end + 1)}


async def test_a_copy_of_the_log_is_verified_like_the_log(rig: Rig, copied: Copy, seed: int) -> None:
    """A whole copy agrees; an edited event, a flipped bit, another order, a cut tail are found, with place and case, exit 1."""
    traffic = Traffic(rig.address, rig.token("vitas"), saa_mange(400, seed), f"copied-{seed:x}x", 400)
    await traffic.run()
    rig.receipts |= traffic.receipts
    await drained(rig)
    for status in await liste(rig.hus.options):
        if status.findes:
            await copied.fill(status.topic.navn, status.partitioner, await topic(rig, status.topic.navn))
    assert (await copied.verify())[1]["differences"] == 0
    facts = await topic(rig, FAKTA)
    for change in (edited, one_bit, reordered, cut):
        records, expected = change(rig, facts)
        await copied.fill(FAKTA, 12, records)
        code, found = await copied.verify()
        assert code == 1 and any(finding.items() >= expected.items() for finding in found["findings"]), (change, expected, found)
