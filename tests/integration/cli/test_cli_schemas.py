"""`hub schemas check` with the log of a hub that has lived: every record is read, and a bad one is named."""

import asyncio
import json

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient

from hub.events.topics import notifikationstopic, sikr
from hub.local import kafka

from .conftest import Hub

pytestmark = pytest.mark.integration
TOPIC = notifikationstopic("99901")


async def _put(bootstrap: str, value: bytes) -> None:
    """A foreign record on a topic of its own."""
    await sikr({"bootstrap_servers": bootstrap}, [TOPIC])
    async with AIOKafkaProducer(bootstrap_servers=bootstrap) as producer:
        await producer.send_and_wait(TOPIC.navn, value)


async def _drop(bootstrap: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        await admin.delete_topics([TOPIC.navn])
    finally:
        await admin.close()


def test_every_record_of_the_log_is_read_and_a_foreign_one_is_named(hub: Hub) -> None:
    """Counts by schema id add up to the log; a foreign record is a finding with its place; without the log it is not looked at."""
    bootstrap = kafka.address(hub.folder)
    assert bootstrap
    with hub.running("worker"):
        assert hub("append", "-", stdin=hub("generate", "--cases", "12", "--seed", "3").out).code == 0
        hub.settled()
    good = hub("schemas", "check", "--log", "--json")
    log = good.json["log"]
    assert (good.code, good.json["ok"], log["unreadable"]) == (0, True, 0)
    assert log["records"] == sum(use["records"] for use in log["used"]) >= 100
    subjects = {use["subject"].rpartition(".")[2] for use in log["used"]}
    assert {"AnsoegningOprettet", "BevillingUdstedt", "Ordningsnotifikation"} <= subjects
    try:
        asyncio.run(_put(bootstrap, b"\0\0\0\0\1 Bo Borger"))
        bad = hub("schemas", "check", "--json")
        assert (bad.code, bad.json["ok"], bad.json["findings"]) == (1, False, [])
        (named,) = bad.json["log"]["named"]
        assert (named["topic"], named["partition"], named["offset"]) == (TOPIC.navn, 0, 0)
        assert "Borger" not in json.dumps(bad.json) + bad.err and bad.json["log"]["records"] == log["records"] + 1
        assert TOPIC.navn in hub("schemas", "check").out
        assert hub("schemas", "check", "--no-log", "--json").json["log"] is None
    finally:
        asyncio.run(_drop(bootstrap))
