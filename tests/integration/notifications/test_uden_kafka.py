"""The sequencer while Kafka is away."""

import asyncio
import time

import pytest

from hub.local import kafka
from hub.notifications.udkast import bane

pytestmark = pytest.mark.integration


async def test_nothing_is_lost_or_doubled_while_kafka_is_away(rum, koder, settings, services, vent_til):
    """Numbering goes on without Kafka, the loop answers all the while; when it is back everything is sent, once and in order."""
    if settings.kafka is not None:
        pytest.skip("the Kafka is not ours to stop")
    async with rum.sekvenser():
        rum.gem(rum.udkast(koder[0], 5))
        await rum.alle_sendt()
        await asyncio.to_thread(kafka.stop, settings.data)
        rum.gem([u for kode in koder for u in rum.udkast(kode, 5)])
        stoerste, slut = 0.0, time.monotonic() + 3
        while time.monotonic() < slut:
            foer = time.monotonic()
            await asyncio.sleep(0.01)
            stoerste = max(stoerste, time.monotonic() - foer)
        assert stoerste < 0.5
        assert rum.sql("SELECT sum(hoved), sum(sendt) FROM delivery.numre") == [(20, 5)]
        assert await asyncio.to_thread(kafka.start, settings.data, settings.embedded_kafka_heap_mb) == services.bootstrap
        await rum.alle_sendt(40)
    assert [len(await rum.ider(kode)) for kode in koder] == [10, 5, 5]


async def test_a_stop_without_kafka_ends_within_seconds(rum, koder, settings):
    """With a Kafka that never answers the lanes are not taken, and cancelling ends at once."""
    rum.kilder = rum.kilder._replace(kafka={"bootstrap_servers": "127.0.0.1:1"})
    rum.gem(rum.udkast(koder[0]))
    async with rum.sekvenser(klar=False) as sekvenser:
        await asyncio.sleep(1)
        assert sekvenser.baner == set()
        foer = time.monotonic()
    assert time.monotonic() - foer < 3
    numre = rum.numre()
    assert bane(koder[0]) in numre.laas(range(8))
    numre.luk()
