"""A lane is compared with its log before anything is sent: what is ours, what shows that the ledger is behind, and what is neither."""

import asyncio
import hashlib
from typing import Any

import pytest
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete
from aiokafka.structs import TopicPartition

from hub.events import bane
from hub.events.outbox import BaneFlyttet, Bundt, Laes, Outbox

pytestmark = pytest.mark.integration


def sha(vaerdi: bytes) -> bytes:
    """The hash that a successor names."""
    return hashlib.sha256(vaerdi).digest()


async def test_a_record_that_equals_an_unsent_row_is_marked_and_not_sent_again(stand: Any, vent: Any, haendelse: Any) -> None:
    """The row gets the record's offset; a second copy of it is counted; what the log lacks is sent behind."""
    stand.tilfoej(0, "a", 1)
    stand.tilfoej(0, "a", 2)
    await stand.skriv(0, ("a", haendelse("a", 1)), ("a", haendelse("a", 1)))
    async with stand.relae() as relae:
        await vent(lambda: (relae.tal.fundet, relae.tal.kopier, relae.tal.sendt) == (1, 1, 1))
    assert stand.conn.execute("SELECT version, kafka_offset FROM ledger.outbox ORDER BY id").fetchall() == [(1, 0), (2, 2)]
    assert stand.bane(0) == (3, None, True)
    assert len(await stand.log()) == 3


@pytest.mark.parametrize("kendt", [False, True], ids=["unknown stream", "known stream"])
async def test_a_valid_successor_that_the_ledger_does_not_know_shows_it_to_be_behind(
    stand: Any, vent: Any, haendelse: Any, kendt: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`bagud` names partition, offset and `hub restore`; nothing is sent there, other lanes flow; all is well once the ledger knows it."""
    foerste = haendelse("a", 1)
    naeste = haendelse("a", 2, sha(foerste)) if kendt else foerste
    if kendt:
        stand.hoved(1, "a", 1, sha(foerste))
    stand.tilfoej(1, "b", 1)
    stand.tilfoej(2, "c", 1)
    await stand.skriv(1, ("z", b"garbage"), ("a", naeste))
    monkeypatch.setattr(bane, "BAGUD_SEKUNDER", 0.1)
    async with stand.relae():
        await vent(lambda: stand.usendte() == 1 and stand.bane(1)[1])
        position, bagud, sammenlignet = stand.bane(1)
        assert (position, sammenlignet) == (1, True)
        assert "partition 1" in bagud and "offset 1" in bagud and "hub restore" in bagud
        stand.conn.execute("DELETE FROM ledger.stroemme")
        stand.hoved(1, "a", 1 + kendt, sha(naeste))
        await vent(lambda: stand.usendte() == 0)
        assert stand.bane(1)[1] is None
    assert [post.noegle for post in await stand.log() if post.partition == 1] == [b"z", b"a", b"b"]


async def test_another_event_in_the_place_of_an_unsent_row_shows_the_ledger_to_be_behind(stand: Any, vent: Any, haendelse: Any) -> None:
    """A ledger that was put back and went on: the log has another second event of the case than the one that waits to be sent."""
    foerste = sha(haendelse("a", 1))
    vores = haendelse("a", 2, foerste, "vores")
    stand.hoved(0, "a", 2, sha(vores))
    stand.tilfoej(0, "a", 2, vores)
    await stand.skriv(0, ("a", haendelse("a", 2, foerste, "loggens")))
    async with stand.relae():
        await vent(lambda: stand.bane(0)[1])
    assert stand.usendte() == 1
    assert len(await stand.log()) == 1


async def test_a_lane_that_is_being_restored_is_neither_compared_nor_sent(stand: Any, haendelse: Any) -> None:
    """Only the restore opens it: a comparison and a mark that come meanwhile change nothing, and its rows are not read."""
    outbox, navn = Outbox(stand.url), stand.baner[0]
    id_ = stand.tilfoej(0, "a", 1)
    outbox.afslut(navn, outbox.stand(navn)[0], None)
    assert [r.id for r in (await outbox.omgang([], [], Laes([navn])))[1]] == [id_]
    stand.conn.execute("UPDATE ledger.baner SET bagud = 'being restored: not at its end'")
    for aendring in (lambda: outbox.afslut(navn, 0, None), lambda: outbox.noter(Bundt(navn, 0, 1, [id_], [0]))):
        with pytest.raises(BaneFlyttet, match="being restored"):
            aendring()
    assert await outbox.omgang([], [Bundt(navn, 0, 1, [id_], [0])], Laes([navn])) == (set(), [])
    outbox.luk()
    assert (stand.bane(0)[:2], stand.usendte()) == ((0, "being restored: not at its end"), 1)


async def test_what_does_not_decode_or_does_not_fit_never_blocks(stand: Any, vent: Any, haendelse: Any) -> None:
    """Foreign bytes, a wrong predecessor, a hole, a repeat with other bytes, another case's key, no key: counted, passed over."""
    foerste = haendelse("a", 1)
    stand.hoved(0, "a", 1, sha(foerste))
    stand.tilfoej(0, "a", 2)
    fremmede = [
        ("a", haendelse("a", 2, sha(b"another"))),
        ("a", haendelse("a", 3, sha(foerste))),
        ("a", haendelse("a", 1, None, "other bytes")),
        ("b", haendelse("c", 1)),
        ("ny", haendelse("ny", 1, sha(b"a predecessor of nothing"))),
        ("ny", haendelse("ny", 2)),
    ]
    ulaeselige = [("a", b"\x00\x00"), (None, b"{}"), ("a\x00", b"x"), ("a", b"\xff" * 1000)]
    await stand.skriv(0, *fremmede, *ulaeselige)
    async with stand.relae() as relae:
        await vent(lambda: relae.tal.sendt == 1)
        assert (relae.tal.fremmede, relae.tal.ulaeselige) == (len(fremmede), len(ulaeselige))
    assert stand.bane(0) == (len(fremmede) + len(ulaeselige) + 1, None, True)


async def test_somebody_elses_record_between_ours_is_noticed(stand: Any, vent: Any) -> None:
    """Offsets that do not follow on mark nothing: the lane is compared, its rows are found by their bytes, and it goes on."""
    async with stand.relae() as relae:
        stand.tilfoej(0, "a", 1)
        await vent(lambda: stand.bane(0)[0] == 1)
        await stand.skriv(0, ("x", b"foreign"))
        stand.tilfoej(0, "a", 2)
        await vent(lambda: (relae.tal.fundet, relae.tal.ulaeselige) == (1, 1))
        stand.tilfoej(0, "a", 3)
        await vent(lambda: relae.tal.sendt == 2)
    assert [post.noegle for post in await stand.log()] == [b"a", b"x", b"a", b"a"]


async def test_a_database_put_back_under_the_relay_is_noticed_before_anything_is_sent(stand: Any, vent: Any, haendelse: Any) -> None:
    """The lane's position is not where it was left: it is compared, the log's later event is found, and the fork stays unsent."""
    foerste = haendelse("a", 1)
    async with stand.relae() as relae:
        stand.hoved(0, "a", 2, sha(haendelse("a", 2, sha(foerste))))
        stand.tilfoej(0, "a", 1, foerste)
        stand.tilfoej(0, "a", 2, haendelse("a", 2, sha(foerste)))
        await vent(lambda: relae.tal.sendt == 2)
        with stand.conn.transaction():
            stand.conn.execute("DELETE FROM ledger.outbox WHERE version = 2")
            stand.conn.execute("UPDATE ledger.baner SET naeste_offset = 1 WHERE partition = 0")
            stand.tilfoej(0, "a", 2, haendelse("a", 2, sha(foerste), "fork"))
        await vent(lambda: stand.bane(0)[1])
        assert "offset 1" in stand.bane(0)[1]
    assert len(await stand.log()) == 2


async def test_a_database_put_back_while_rows_are_under_way_gets_no_mark(stand: Any) -> None:
    """Kafka has the rows, but the lane's position is not where they were sent from: the ids may be other rows now, so none is marked."""
    id_ = stand.tilfoej(0, "a", 1)
    outbox = Outbox(stand.url)
    bane_0 = stand.baner[0]
    assert outbox.stand(bane_0) == (0, None)
    assert (await outbox.omgang([], [Bundt(bane_0, 7, 8, [id_], range(7, 8))], Laes([])))[0] == set()
    assert (stand.usendte(), stand.bane(0)[0]) == (1, 0)
    with pytest.raises(BaneFlyttet):
        outbox.noter(Bundt(bane_0, 7, 8, [id_], [7]))
    assert (stand.usendte(), stand.bane(0)[0]) == (1, 0)
    outbox.luk()


@pytest.mark.parametrize("skaaret", [False, True], ids=["another log", "cut log"])
async def test_a_position_outside_the_log_shows_the_ledger_not_to_fit(stand: Any, vent: Any, skaaret: bool) -> None:
    """Beyond the log's end or below its start: appending is refused there, and nothing is sent."""
    stand.conn.execute("INSERT INTO ledger.baner (topic, partition, naeste_offset) VALUES (%s, 0, %s)", [stand.topic, 0 if skaaret else 99])
    await stand.skriv(0, ("x", b"1"), ("x", b"2"))
    if skaaret:
        admin = AIOKafkaAdminClient(**stand.options)
        await admin.start()
        await admin.delete_records({TopicPartition(stand.topic, 0): RecordsToDelete(before_offset=1)})
        await admin.close()
    stand.tilfoej(0, "a", 1)
    async with stand.relae():
        await vent(lambda: stand.bane(0)[1])
        assert "hub restore" in stand.bane(0)[1]
        await asyncio.sleep(0.2)
    assert stand.usendte() == 1


async def test_lanes_count_as_compared_only_when_the_comparison_has_ended(stand: Any, vent: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the log is being read, `server_start` is not stored, so that the ledger still refuses to append."""
    undervejs: list[bool] = []
    rigtig = Outbox.noter

    def noter(self: Outbox, bundt: Bundt) -> None:
        rigtig(self, bundt)
        undervejs.append(stand.bane(0)[2] is True)

    monkeypatch.setattr(Outbox, "noter", noter)
    await stand.skriv(0, *[("x", b"foreign")] * 2500)
    async with stand.relae():
        await vent(lambda: stand.bane(0)[2])
    assert len(undervejs) >= 3 and not any(undervejs)
    assert stand.bane(0) == (2500, None, True)
