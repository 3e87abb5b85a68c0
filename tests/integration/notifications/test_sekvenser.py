"""The sequencer on a real Kafka and a real PostgreSQL: numbers, order, takeover, and every place where it may be killed."""

import asyncio
import time
from contextlib import AsyncExitStack

import psycopg
import pytest
from aiokafka.errors import KafkaError

from hub.events.linje import Linje
from hub.events.topics import liste
from hub.notifications import omgang as runden
from hub.notifications.afsender import Afsender
from hub.notifications.numre import Sendt
from hub.notifications.omgang import Omgang
from hub.notifications.sekvenser import Sekvenser
from hub.notifications.udkast import bane

pytestmark = pytest.mark.integration


async def test_numbers_are_contiguous_under_concurrent_inserts_and_two_sequencers(rum, koder):
    """Three writers and two workers, one of which ends in the middle: each topic has 1..n once, each case in order of version."""
    sager = [f"{kode}-{nr}" for kode in koder for nr in range(8)]

    def skriv(nummer: int) -> None:
        for runde in range(15):
            for sag in sager[nummer::3]:
                rum.gem(rum.udkast(sag[:5], 2, sag=sag, version=1 + 2 * runde))

    async with AsyncExitStack() as anden:
        async with rum.sekvenser():
            await anden.enter_async_context(rum.sekvenser(klar=False))
            skrivere = [asyncio.create_task(asyncio.to_thread(skriv, nummer)) for nummer in range(3)]
            await asyncio.sleep(0.3)
        await asyncio.gather(*skrivere)
        await rum.alle_sendt()
    for kode in koder:
        assert len(await rum.ider(kode)) == 8 * 30
        beskeder = [rum.kilder.kodeks.afkod_notifikation(post.vaerdi) for post in await rum.paa_topic(kode)]
        for sag in {b.sagsId for b in beskeder}:
            assert [b.version for b in beskeder if b.sagsId == sag] == list(range(1, 31))


async def test_two_workers_share_the_lanes_and_one_takes_over_when_the_other_ends(rum, koder, vent_til):
    """Four each, moved while notifications come; with one ended the other has all eight; nothing is lost or told twice."""
    async with rum.sekvenser() as foerste:
        rum.gem([u for kode in koder for u in rum.udkast(kode, 40)])
        async with rum.sekvenser(klar=False) as anden:
            await vent_til(lambda: len(foerste.baner) == len(anden.baner) == 4)
            assert foerste.baner.isdisjoint(anden.baner)
            rum.gem([u for kode in koder for u in rum.udkast(kode, 5)])
        await vent_til(lambda: len(foerste.baner) == 8)
        await rum.alle_sendt()
    for kode in koder:
        assert len(await rum.ider(kode)) == 45


async def test_a_worker_that_does_not_reach_kafka_has_no_share(rum, koder, vent_til):
    """Lanes given up for it would wait with it: the other keeps all eight."""
    uden = rum.kilder._replace(kafka={**rum.kilder.kafka, "bootstrap_servers": "127.0.0.1:1"})
    async with rum.sekvenser() as foerste:
        opgave = asyncio.create_task(Sekvenser(uden).run())
        await asyncio.sleep(2.5)
        assert len(foerste.baner) == 8
        opgave.cancel()
        await asyncio.gather(opgave, return_exceptions=True)


async def test_lanes_go_to_another_worker_when_their_holder_loses_the_database(rum, koder, vent_til):
    """The lock is the session's: with the sessions killed the lanes are shared out anew and sent on."""
    async with rum.sekvenser() as foerste, rum.sekvenser(klar=False) as anden:
        await vent_til(lambda: len(foerste.baner) == len(anden.baner) == 4)
        rum.sql("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'")
        rum.gem(rum.udkast(koder[0], 5))
        await vent_til(lambda: len(foerste.baner) == len(anden.baner) == 4)
        await rum.alle_sendt()
        assert foerste.baner.isdisjoint(anden.baner)
    assert len(await rum.ider(koder[0])) == 5


async def test_a_kill_between_number_and_send_sends_the_same_bytes(rum, koder):
    """What was numbered by a worker that died is sent by the next one, with its number and bytes, before anything newer."""
    rum.gem(rum.udkast(koder[0], 3))
    numre = rum.numre()
    assert numre.laas({bane(koder[0])}) == {bane(koder[0])}
    nummererede = numre.nummerer([bane(koder[0])], 2)
    numre.luk()
    async with rum.sekvenser():
        await rum.alle_sendt()
    assert len(await rum.ider(koder[0])) == 3
    assert [post.vaerdi for post in await rum.paa_topic(koder[0])][:2] == [n.vaerdi for n in nummererede]


async def test_a_kill_between_send_and_mark_sends_nothing_twice(rum, koder):
    """What the topic already has is found there and marked with its offset, not sent again; the rest follows it."""
    rum.gem(rum.udkast(koder[0], 5))
    numre, afsender = rum.numre(), Afsender(rum.kilder.kafka)
    nummererede = numre.nummerer([bane(koder[0])], 4)
    assert len((await afsender.send(nummererede[:2])).sendte) == 2
    await afsender.luk()
    numre.luk()
    async with rum.sekvenser():
        await rum.alle_sendt()
    assert len(await rum.ider(koder[0])) == 5
    assert [o for (o,) in rum.sql("SELECT kafka_offset FROM delivery.notifikationer ORDER BY nummer")] == [0, 1, 2, 3, 4]


async def test_what_was_numbered_is_not_sent_by_one_who_has_lost_the_lanes(rum, koder, monkeypatch):
    """Between numbering and sending the session ends, as it does when a worker stands still: nothing goes out, the next one sends it."""
    aegte = Afsender._klar

    async def stod_stille(selv):
        producent = await aegte(selv)
        rum.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'hub-sekvenser'")
        return producent

    linje = Linje("test")
    omgang = Omgang(rum.kilder, rum.numre(), linje)
    await omgang.tag_baner()
    rum.gem(rum.udkast(koder[0], 2))
    monkeypatch.setattr(runden, "SPOERG_EFTER_SEKUNDER", 0.0)
    monkeypatch.setattr(Afsender, "_klar", stod_stille)
    await omgang.koer()
    assert await rum.paa_topic(koder[0]) == []
    with pytest.raises(psycopg.OperationalError):
        await omgang.koer()
    monkeypatch.undo()
    await omgang.luk()
    linje.luk()
    async with rum.sekvenser():
        await rum.alle_sendt()
    assert len(await rum.ider(koder[0])) == 2


async def test_an_unknown_outcome_is_looked_up_on_the_topic(rum, koder, monkeypatch):
    """Kafka has the batch but the answer is lost: the producer is dropped, the topic read, and nothing stands twice."""
    aegte, tabte = Afsender._bundt, [2]

    async def tab_svaret(selv, producent, topic, raekker) -> list[Sendt]:
        sendte = await aegte(selv, producent, topic, raekker)
        if tabte[0]:
            tabte[0] -= 1
            raise KafkaError("the answer was lost")
        return sendte

    monkeypatch.setattr(Afsender, "_bundt", tab_svaret)
    async with rum.sekvenser():
        for _ in range(4):
            rum.gem([u for kode in koder for u in rum.udkast(kode, 3)])
            await asyncio.sleep(0.05)
        await rum.alle_sendt()
    assert [len(await rum.ider(kode)) for kode in koder] == [12, 12, 12]


async def test_a_topic_that_cannot_be_sent_to_holds_up_no_other(rum, koder, monkeypatch):
    """One jobcentre's topic fails again and again; the others get theirs, and it gets its own when it works again."""
    aegte, syg = Afsender._bundt, {koder[0]}

    async def fejl(selv, producent, topic, raekker) -> list[Sendt]:
        if topic[-5:] in syg:
            raise KafkaError("no leader")
        return await aegte(selv, producent, topic, raekker)

    monkeypatch.setattr(Afsender, "_bundt", fejl)
    async with rum.sekvenser():
        for _ in range(3):
            rum.gem([u for kode in koder for u in rum.udkast(kode, 2)])
            await asyncio.sleep(0.1)
        for _ in range(200):
            if [s for (s,) in rum.sql("SELECT sendt FROM delivery.numre ORDER BY sendt")] == [0, 6, 6]:
                break
            await asyncio.sleep(0.02)
        else:
            pytest.fail("the other topics waited")
        syg.clear()
        await rum.alle_sendt()
    assert [len(await rum.ider(kode)) for kode in koder] == [6, 6, 6]


async def test_the_givers_last_is_offered_before_the_receivers_first_is_numbered(rum, koder, vent_til):
    """While the giver's lane is held elsewhere the receiver's backfill waits, with what follows it of the case; other cases do not."""
    giver, modtager, _ = koder
    sidste = rum.udkast(giver, sag="flyttet")
    backfill = [u for _ in range(2) for u in rum.udkast(modtager, sag="flyttet", venter_paa=sidste[0].id)]
    senere, andre = rum.udkast(modtager, sag="flyttet", version=2), rum.udkast(modtager, 3)
    giverens_bane = rum.numre()
    assert giverens_bane.laas({bane(giver)})
    async with rum.sekvenser(klar=False) as sekvenser:
        await vent_til(lambda: len(sekvenser.baner) == 7)
        rum.gem([*sidste, *backfill])
        rum.gem([*senere, *andre])
        await vent_til(lambda: rum.sql("SELECT sendt FROM delivery.numre") == [(3,)])
        await asyncio.sleep(0.1)
        sag = sidste[0].sagsId
        assert rum.sql("SELECT count(nummer) FROM delivery.notifikationer WHERE sags_id = :sag", sag=sag) == [(0,)]
        giverens_bane.luk()
        await rum.alle_sendt()
    assert await rum.ider(giver) == [sidste[0].id]
    assert await rum.ider(modtager) == [u.id for u in (*andre, *backfill, *senere)]
    tider = dict(rum.sql("SELECT id, sendt FROM delivery.notifikationer WHERE sags_id = :sag", sag=sag))
    assert tider[sidste[0].id] < min(tider[u.id] for u in backfill)


async def test_a_block_of_waiting_rows_starves_nobody(rum, koder):
    """Behind 2,500 rows that wait, more than any page, the rows of other cases are numbered at once."""
    rum.gem([u for _ in range(250) for u in rum.udkast(koder[0], 10, sag="venter", venter_paa="not there yet")])
    andre = rum.gem(rum.udkast(koder[0], 5))
    numre = rum.numre()
    assert [n.id for n in numre.nummerer([bane(koder[0])], 1000)] == [u.id for u in andre]
    numre.luk()


async def test_a_missing_topic_is_made_as_declared(rum, koder):
    """A jobcentre that was never told anything gets a topic of one partition that keeps its records for ever, and CloudEvents headers."""
    (udkast,) = rum.gem(rum.udkast(koder[0]))
    async with rum.sekvenser():
        await rum.alle_sendt()
    (status,) = [s for s in await liste(rum.kilder.kafka) if s.topic.navn.endswith(koder[0])]
    assert (status.partitioner, dict(status.afvigelser)) == (1, {})
    (post,) = await rum.paa_topic(koder[0])
    hoveder = dict(post.hoveder)
    assert (post.noegle, hoveder["ce_id"], hoveder["ce_subject"]) == (koder[0].encode(), udkast.id.encode(), udkast.sagsId.encode())


async def test_a_topic_ahead_of_the_table_halts_its_lane_only(rum, koder, vent_til):
    """After a restored backup the lane numbers nothing and names `hub restore`; the other lanes go on."""
    rum.gem(rum.udkast(koder[0], 3))
    async with rum.sekvenser():
        await rum.alle_sendt()
    rum.sql("DELETE FROM delivery.notifikationer WHERE nummer > 1")
    rum.sql("UPDATE delivery.numre SET hoved = 1, sendt = 1")
    async with rum.sekvenser() as sekvenser:
        assert "has number 2, but the database has given numbers only up to 1; run `hub restore`" in sekvenser.standset[bane(koder[0])]
        rum.gem([*rum.udkast(koder[0]), *rum.udkast(koder[1])])
        await vent_til(lambda: dict(rum.sql("SELECT job_center_kode, sendt FROM delivery.numre")) == {koder[0]: 1, koder[1]: 1})
        assert sekvenser.baner == set(range(8)) - {bane(koder[0])}
    assert len(await rum.ider(koder[0])) == 3


async def test_a_topic_that_lost_what_it_had_halts_its_lane(rum, koder):
    """The table says that the topic has a number at an offset that is not there: nothing may be sent after the hole."""
    rum.gem(rum.udkast(koder[0], 3))
    async with rum.sekvenser():
        await rum.alle_sendt()
    rum.sql("UPDATE delivery.notifikationer SET kafka_offset = kafka_offset + 10")
    async with rum.sekvenser() as sekvenser:
        assert "hub restore" in sekvenser.standset[bane(koder[0])]


async def test_it_stops_within_seconds_under_load(rum, koder):
    """Cancelled in the middle of a backlog it ends at once, and its lanes are free."""
    rum.gem(rum.udkast(koder[0], 5000))
    async with rum.sekvenser():
        await asyncio.sleep(0.2)
        foer = time.monotonic()
    assert time.monotonic() - foer < 3
    numre = rum.numre()
    assert numre.laas(range(8)) == set(range(8))
    numre.luk()


async def test_the_marks_follow_and_nothing_is_sent_twice_meanwhile(rum, koder, monkeypatch):
    """What the topic has and the table does not know of is neither numbered nor sent again, and is marked when the lanes are given up."""
    monkeypatch.setattr(runden, "MARKER_SEKUNDER", 600.0)
    async with rum.sekvenser():
        for _ in range(10):
            rum.gem(rum.udkast(koder[0], 2))
            await asyncio.sleep(0.05)
        async with asyncio.timeout(10):
            while len(await rum.paa_topic(koder[0])) < 20:
                await asyncio.sleep(0.05)
        assert rum.sql("SELECT count(*) FROM delivery.notifikationer WHERE sendt IS NULL") == [(20,)]
    assert rum.sql("SELECT count(*) FROM delivery.notifikationer WHERE sendt IS NULL") == [(0,)]
    assert len(await rum.ider(koder[0])) == 20
