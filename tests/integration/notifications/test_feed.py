"""Storing, the pull feed and its waiting, on a real PostgreSQL."""

import asyncio

import pytest

from hub.events.besoeg import besoeg
from hub.events.forbindelse import raa_forbindelse
from hub.notifications.feed import hent
from hub.notifications.gem import gem
from hub.notifications.tilbud import Tilbud, kommer
from hub.notifications.udkast import bane

pytestmark = pytest.mark.integration


async def test_a_notification_is_stored_once_in_the_order_given(rum, koder):
    """The same notifications again change nothing, and lbnr follows the order of the table, also over several transactions."""
    udkast = rum.udkast(koder[0], 20)
    rum.gem(udkast[:10])
    rum.gem(udkast)
    assert [id_ for (id_,) in rum.sql("SELECT id FROM delivery.notifikationer ORDER BY lbnr")] == [u.id for u in udkast]


async def test_a_rolled_back_projection_notifies_nobody(rum, koder, vent_til):
    """Rows live and die with the transaction that made them."""
    with rum.engine.connect() as conn:
        besoeg(raa_forbindelse(conn), gem(rum.udkast(koder[0])))
        conn.rollback()
    assert rum.sql("SELECT 1 FROM delivery.notifikationer") == []


async def test_the_feed_never_shows_a_number_that_the_topic_lacks(rum, koder):
    """Numbered is not offered: rows and head follow only what was marked as sent, in pages by number."""
    kode = koder[0]
    rum.gem(rum.udkast(kode, 5))
    numre = rum.numre()
    numre.nummerer([bane(kode)], 5)
    numre.luk()
    with rum.engine.connect() as conn:
        assert hent(conn, kode, 0, 10) == ((), 0)
        assert hent(conn, "99999", 0, 10) == ((), 0)
    async with rum.sekvenser():
        await rum.alle_sendt()
    paa_topic = await rum.ider(kode)
    with rum.engine.connect() as conn:
        foerste, anden, tom = (hent(conn, kode, efter, 3) for efter in (0, 3, 5))
    assert [n.notifikationsId for n in (*foerste.notifikationer, *anden.notifikationer)] == paa_topic
    assert (foerste.hoved, anden.hoved, tom) == (5, 5, ((), 5))
    assert foerste.notifikationer[0] == rum.kilder.kodeks.afkod_notifikation((await rum.paa_topic(kode))[0].vaerdi)


async def test_a_long_poll_wakes_when_its_jobcentre_is_offered_something(rum, koder):
    """Who waits is woken by the mark, only for its own jobcentre, also when the offer came between reading and waiting."""
    tilbud = Tilbud(rum.kilder.url)
    async with tilbud.lytter(), rum.sekvenser():
        await asyncio.sleep(0.3)
        with tilbud.interesse(koder[0]) as signal:
            anden = asyncio.create_task(tilbud.vent(koder[1], 1.0))
            rum.gem(rum.udkast(koder[0]))
            await rum.alle_sendt()
            assert await kommer(signal, 5)
        assert await anden is False
        assert tilbud._ventende == {}
