"""The relay in ordinary traffic, two at once, and after the deaths that leave an outcome unknown."""

import asyncio
import os
import time
from collections import defaultdict
from typing import Any

import psycopg
import pytest

from hub.events import bane, relay_session
from hub.events.lytter import lyt
from hub.events.outbox import KANAL_SENDT, Outbox

pytestmark = pytest.mark.integration


async def test_every_row_reaches_the_log_once_and_in_order_of_its_case(stand: Any, vent: Any) -> None:
    """600 rows, half of them appended while the relay runs: each lies once, per case by version, and is marked with its offset."""
    for version in range(1, 51):
        for sag in range(6):
            stand.tilfoej(sag % 4, f"sag-{sag}", version)
    async with stand.relae() as relae:
        for version in range(51, 101):
            for sag in range(6):
                stand.tilfoej(sag % 4, f"sag-{sag}", version)
            await asyncio.sleep(0)
        await vent(lambda: relae.tal.sendt == 600)
    assert stand.usendte() == 0
    log = await stand.log()
    versioner = defaultdict(list)
    for post in log:
        versioner[post.noegle].append(int(post.hoveder[0][1].split(b"-")[2]))
    assert versioner == {f"sag-{sag}".encode(): list(range(1, 101)) for sag in range(6)}
    raekker = stand.conn.execute("SELECT partition, kafka_offset, vaerdi FROM ledger.outbox").fetchall()
    assert {(p.partition, p.offset, p.vaerdi) for p in log} == set(raekker)
    assert stand.bane(0) == (sum(p.partition == 0 for p in log), None, True)


async def test_a_row_that_commits_after_a_later_one_is_sent(stand: Any, vent: Any) -> None:
    """Ids commit out of order: the relay reads what is unsent, never what is after the last."""
    with psycopg.connect(stand.url) as sen:
        sen.execute("SELECT 1")
        stand.tilfoej(0, "tidlig", 1, conn=sen)
        async with stand.relae():
            stand.tilfoej(0, "sen", 1)
            await vent(lambda: stand.usendte() == 0)
            sen.commit()
            await vent(lambda: stand.et("SELECT count(*) FROM ledger.outbox WHERE sendt IS NOT NULL") == 2)
    assert [post.noegle for post in await stand.log()] == [b"sen", b"tidlig"]


async def test_one_of_two_relays_sends_and_the_other_takes_over(stand: Any, vent: Any) -> None:
    """While one holds the locks the other sends nothing; when the first is gone it goes on within seconds, and nothing comes twice."""
    async with stand.relae() as anden:
        async with stand.relae() as foerste:
            stand.tilfoej(1, "a", 1)
            await vent(lambda: sorted([foerste.tal.sendt, anden.tal.sendt]) == [0, 1])
        stand.tilfoej(1, "a", 2)
        await vent(lambda: stand.usendte() == 0, 5)
    async with stand.relae():
        stand.tilfoej(1, "a", 3)
        await vent(lambda: stand.usendte() == 0, 5)
    assert [post.hoveder[0][1] for post in await stand.log()] == [b"a-1", b"a-2", b"a-3"]


async def test_death_between_send_and_mark_leaves_no_second_copy(stand: Any, vent: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A relay that dies when Kafka has the rows but the table does not know: the next one finds them on the log and marks them."""

    def doe(*_: Any) -> None:
        raise MemoryError

    for version in range(1, 4):
        stand.tilfoej(2, "a", version)
    with monkeypatch.context() as doeende, pytest.raises(MemoryError):
        doeende.setattr("hub.events.outbox._flyt", doe)
        await asyncio.wait_for(stand.ny().run(asyncio.Event()), 10)
    assert stand.usendte() == 3
    async with stand.relae() as anden:
        await vent(lambda: (anden.tal.fundet, anden.tal.sendt) == (3, 0))
    assert stand.usendte() == 0
    assert [(post.offset, post.hoveder[0][1]) for post in await stand.log()] == [(0, b"a-1"), (1, b"a-2"), (2, b"a-3")]


async def test_a_lost_database_session_is_a_new_beginning(stand: Any, vent: Any) -> None:
    """The server ends the relay's connections, and so its locks: every lane is compared again before it goes on, and nothing is lost."""
    async with stand.relae() as relae:
        for version in range(1, 31):
            stand.tilfoej(version % 4, f"sag-{version % 4}", version)
            await asyncio.sleep(0.02)
            if version % 10 == 0:
                stand.conn.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'hub-relay'")
        await vent(lambda: stand.usendte() == 0 and relae.tal.sessioner > 1)
    log = await stand.log()
    assert {post.hoveder[0][1] for post in log} == {f"sag-{v % 4}-{v}".encode() for v in range(1, 31)}
    # A record that was under way when the locks went may come as an identical copy, never as another.
    assert len({(post.noegle, post.vaerdi) for post in log}) == 30


async def test_a_row_that_kafka_refuses_stops_its_own_lane_only(stand: Any, vent: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A value larger than the topic takes: its lane rests a second, then tries again; what is behind it waits; other lanes flow."""
    forsoeg: list[float] = []

    def send(kafka: Any, navn: tuple[str, int], *resten: Any) -> Any:
        forsoeg.extend([time.monotonic()] * (navn[1] == 0))
        return bane.send(kafka, navn, *resten)

    monkeypatch.setattr(relay_session, "send", send)
    stand.tilfoej(0, "stor", 1, os.urandom(2_000_000))
    stand.tilfoej(0, "stor", 2)
    async with stand.relae() as relae:
        await vent(lambda: relae.tal.sessioner > 1)
        for version in range(1, 11):
            stand.tilfoej(1, "lille", version)
        await vent(lambda: stand.usendte() == 2)
        await vent(lambda: len(forsoeg) == 2)
    assert forsoeg[1] - forsoeg[0] >= 1.0
    assert {post.noegle for post in await stand.log()} == {b"lille"}


async def test_rows_are_kept_thirty_days_after_their_acknowledgement(stand: Any, vent: Any) -> None:
    """Older acknowledged rows are deleted; younger ones, and one that was never sent however old, stay."""
    gammel, ung, usendt = (stand.tilfoej(0, navn, 1) for navn in ("gammel", "ung", "usendt"))
    saet = (
        "UPDATE ledger.outbox SET oprettet = clock_timestamp() - interval '90 days', sendt = clock_timestamp() - %s::interval WHERE id = %s"
    )
    for id_, alder in ((gammel, "31 days"), (ung, "29 days"), (usendt, None)):
        stand.conn.execute(saet, [alder, id_])
    outbox = Outbox(stand.url)
    assert outbox.ryd_op() == 1
    outbox.luk()
    assert {id_ for (id_,) in stand.conn.execute("SELECT id FROM ledger.outbox")} == {ung, usendt}


async def test_the_marks_follow_and_nothing_is_sent_twice_meanwhile(stand: Any, vent: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows that Kafka has but the table does not know of are told of, left out of what is read next, and marked at an orderly end."""
    monkeypatch.setattr(relay_session, "MARKER_SEKUNDER", 600.0)
    hoert: list[str] = []
    async with stand.relae() as relae:
        lytter = asyncio.create_task(lyt(stand.url, KANAL_SENDT, hoert.append, lambda: None))
        for version in range(1, 21):
            stand.tilfoej(0, "a", version)
            await asyncio.sleep(0.02)
        await vent(lambda: relae.tal.sendt == 20)
        await vent(lambda: sum(len(besked.split(",")) for besked in hoert) >= 15)
        assert stand.usendte() == 20 and stand.bane(0)[0] == 0
        lytter.cancel()
    assert stand.usendte() == 0 and stand.bane(0)[0] == 20
    assert [post.hoveder[0][1] for post in await stand.log()] == [f"a-{version}".encode() for version in range(1, 21)]
