"""Waiting for the acknowledgement of what was appended: the difference between 201 and 202."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from hub.events import ack
from hub.events.ack import Kvitteringer

pytestmark = pytest.mark.integration


@pytest.fixture
async def kvitteringer(stand: Any, vent: Any) -> AsyncIterator[Kvitteringer]:
    """A listener at work, and listening."""
    nye = Kvitteringer(stand.url)
    opgave = asyncio.create_task(nye.run())
    await vent(lambda: stand.et("SELECT count(*) FROM pg_stat_activity WHERE query = 'LISTEN \"hub_sendt\"'"))
    yield nye
    opgave.cancel()
    await asyncio.gather(opgave, return_exceptions=True)


async def test_waiting_ends_when_kafka_has_every_row(stand: Any, kvitteringer: Kvitteringer) -> None:
    """True as soon as the relay has marked them all, however many there are; nothing is remembered of who waited."""
    async with stand.relae():
        ider = [stand.tilfoej(p % 4, f"sag-{p}", 1) for p in range(500)]
        assert await kvitteringer.vent(ider, 10)
        assert await kvitteringer.vent([], 0)
    assert kvitteringer._ventende == {}


async def test_waiting_times_out_when_nobody_relays(stand: Any, kvitteringer: Kvitteringer) -> None:
    """False at the time asked for, not later; the row is still a promise (202)."""
    id_ = stand.tilfoej(0, "a", 1)
    begyndt = time.monotonic()
    assert not await kvitteringer.vent([id_], 0.3)
    assert time.monotonic() - begyndt < 1.0
    assert kvitteringer._ventende == {}


async def test_an_acknowledgement_heard_before_anybody_waited_counts(stand: Any, vent: Any, kvitteringer: Kvitteringer) -> None:
    """The relay can be faster than the append's own answer."""
    async with stand.relae():
        id_ = stand.tilfoej(0, "a", 1)
        await vent(lambda: id_ in kvitteringer._hoert)
        assert await kvitteringer.vent([id_], 0)


async def test_what_notify_could_not_tell_is_read_from_the_table(
    stand: Any, kvitteringer: Kvitteringer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Marked while the listener was cut off: those who wait get it from the table, during the wait or at its end."""
    foer, under = stand.tilfoej(0, "a", 1), stand.tilfoej(0, "a", 2)
    marker = "UPDATE ledger.outbox SET sendt = clock_timestamp(), kafka_offset = 0 WHERE id = %s"
    stand.conn.execute(marker, [foer])
    assert await kvitteringer.vent([foer], 0.05)
    monkeypatch.setattr(ack, "EFTERSE_SEKUNDER", 0.1)
    ventende = asyncio.create_task(kvitteringer.vent([under], 10))
    await asyncio.sleep(0.05)
    stand.conn.execute(marker, [under])
    begyndt = time.monotonic()
    assert await ventende
    assert time.monotonic() - begyndt < 5


async def test_a_lost_connection_is_made_again(stand: Any, vent: Any, kvitteringer: Kvitteringer) -> None:
    """After the server ended the listener's connection, acknowledgements are heard again."""
    stand.conn.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'hub-lytter-hub_sendt'")
    async with stand.relae():
        assert await kvitteringer.vent([stand.tilfoej(0, "a", 1)], 10)
        await vent(lambda: stand.et("SELECT count(*) FROM pg_stat_activity WHERE query = 'LISTEN \"hub_sendt\"'"))
        id_ = stand.tilfoej(0, "a", 2)
        await vent(lambda: id_ in kvitteringer._hoert)


async def test_memory_is_bounded(stand: Any, vent: Any, kvitteringer: Kvitteringer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the latest ids heard are kept."""
    monkeypatch.setattr(ack, "HUSK", 10)
    stand.conn.execute("SELECT pg_notify('hub_sendt', string_agg(i::text, ',')) FROM generate_series(1, 100) i")
    await vent(lambda: list(kvitteringer._hoert) == list(range(91, 101)))
