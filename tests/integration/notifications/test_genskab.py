"""`hub restore` of the notifications: from the topics and from what the log says is due, on the real services."""

import pytest

from hub.notifications.afsender import Afsender
from hub.notifications.genskab import BanerOptaget, Genskabelse, TopicBrudt, topics
from hub.notifications.udkast import bane

from .conftest import sags_id

pytestmark = pytest.mark.integration


async def genskab(rum, skyldige, portion=7):
    """Restore in one transaction, what is due given in portions."""
    with rum.engine.begin() as conn:
        genskabelse = Genskabelse(conn, rum.kilder.kodeks)
        genskabelse.begynd()
        await topics(rum.kilder.kafka, genskabelse)
        genskabelse.behold()
        for nr in range(0, len(skyldige), portion):
            genskabelse.skyldige(skyldige[nr : nr + portion])
        return genskabelse.afslut()


async def test_what_the_topics_have_comes_back_and_only_the_rest_is_sent(rum, koder):
    """With the database lost, ids, numbers, bytes and offsets are those of the topics; what was due is sent after them."""
    skyldige = rum.gem([u for kode in koder for u in rum.udkast(kode, 20)])
    async with rum.sekvenser():
        await rum.alle_sendt()
    alt = "SELECT id, job_center_kode, nummer, vaerdi, kafka_offset, bane FROM delivery.notifikationer WHERE sendt IS NOT NULL ORDER BY id"
    foer = rum.sql(alt)
    usendte = rum.udkast(koder[0], 3)
    rum.gem(usendte)
    numre = rum.numre()
    numre.nummerer([bane(koder[0])], 2)
    numre.luk()

    genskabt = await genskab(rum, [*skyldige, *usendte])
    assert (genskabt.sendte, genskabt.beholdte, genskabt.skyldige, genskabt.hoveder) == (60, 2, 1, dict.fromkeys(koder, 20))
    assert rum.sql(alt) == foer
    async with rum.sekvenser() as sekvenser:
        assert sekvenser.standset == {}
        await rum.alle_sendt()
    assert (await rum.ider(koder[0]))[20:] == [u.id for u in usendte]
    assert [len(await rum.ider(kode)) for kode in koder[1:]] == [20, 20]


async def test_what_a_worker_has_numbered_keeps_its_number_though_it_comes_after_the_restore(rum, koder):
    """Numbered, not sent when the table is made anew, and then sent by the one who stood still: no number stands for two."""
    kode = koder[0]
    udkast = rum.gem(rum.udkast(kode, 6))
    numre, afsender = rum.numre(), Afsender(rum.kilder.kafka)
    raekker = numre.nummerer([bane(kode)], 4)
    numre.luk()
    await afsender.send(raekker[:1])
    genskabt = await genskab(rum, udkast[::-1])
    assert (genskabt.sendte, genskabt.beholdte, genskabt.skyldige) == (1, 3, 2)
    async with rum.sekvenser() as sekvenser:
        await rum.alle_sendt()
        await afsender.send(raekker)
        assert sekvenser.standset == {}
    await afsender.luk()
    poster = {(rum.kilder.kodeks.afkod_notifikation(p.vaerdi).nummer, p.vaerdi) for p in await rum.paa_topic(kode)}
    assert len(poster) == 6 and sorted(nummer for nummer, _ in poster) == [1, 2, 3, 4, 5, 6]
    assert poster >= {(r.nummer, r.vaerdi) for r in raekker}


async def test_a_number_is_kept_only_behind_the_topics_last(rum, koder):
    """What the topic has otherwise, and what lies behind a hole, is numbered anew: an older table does not overrule the topic."""
    kode = koder[0]
    udkast = rum.gem(rum.udkast(kode, 4))
    numre, afsender = rum.numre(), Afsender(rum.kilder.kafka)
    raekker = numre.nummerer([bane(kode)], 4)
    numre.luk()
    anden = raekker[0]._replace(vaerdi=rum.kilder.kodeks.indkod_notifikation(_med(rum, raekker[0], notifikationsId=sags_id("anden"))))
    await afsender.send([anden])
    await afsender.luk()
    rum.sql("DELETE FROM delivery.notifikationer WHERE nummer = 3")
    genskabt = await genskab(rum, udkast)
    assert (genskabt.beholdte, genskabt.skyldige) == (1, 3)
    async with rum.sekvenser():
        await rum.alle_sendt()
    ider = [u.id for u in udkast]
    assert await rum.ider(kode) == [sags_id("anden"), ider[1], ider[0], ider[2], ider[3]]


async def test_a_move_half_told_goes_on_in_order(rum, koder):
    """The giver's word is on its topic, the receiver's backfill is not: after the restore it is sent, and waits for nothing."""
    (sidste,) = rum.gem(rum.udkast(koder[0], sag="flyttet"))
    async with rum.sekvenser():
        await rum.alle_sendt()
    backfill = rum.udkast(koder[1], 1, sag="flyttet", venter_paa=sidste.id)
    await genskab(rum, [sidste, *backfill])
    async with rum.sekvenser():
        await rum.alle_sendt()
    assert (await rum.ider(koder[0]), await rum.ider(koder[1])) == ([sidste.id], [backfill[0].id])


async def test_repeats_are_passed_over_and_a_broken_topic_is_named(rum, koder):
    """An identical copy counts once; another notification under the same number stops the restore, which then changes nothing."""
    kode = koder[0]
    skyldige = rum.gem(rum.udkast(kode, 3))
    numre, afsender = rum.numre(), Afsender(rum.kilder.kafka)
    raekker = numre.nummerer([bane(kode)], 3)
    numre.luk()
    await afsender.send(raekker[:2])
    await afsender.send(raekker)
    genskabt = await genskab(rum, skyldige)
    assert (genskabt.sendte, genskabt.gentagne, genskabt.fremmede) == (3, 2, 0)
    assert rum.sql("SELECT kafka_offset FROM delivery.notifikationer ORDER BY nummer") == [(0,), (1,), (4,)]

    andre_bytes = rum.kilder.kodeks.indkod_notifikation(_med(rum, raekker[0], version=9))
    await afsender.send([raekker[0]._replace(vaerdi=andre_bytes)])
    with pytest.raises(TopicBrudt, match="two notifications under number 1"):
        await genskab(rum, skyldige)
    await afsender.luk()
    assert rum.sql("SELECT count(*) FROM delivery.notifikationer") == [(3,)]


async def test_a_topic_with_a_hole_stops_the_restore(rum, koder):
    """A number that does not follow the last one says that the topic is not what the hub wrote; a foreign record is passed over."""
    rum.gem(rum.udkast(koder[0], 3))
    numre, afsender = rum.numre(), Afsender(rum.kilder.kafka)
    foerste, _, tredje = numre.nummerer([bane(koder[0])], 3)
    numre.luk()
    await afsender.send([foerste, foerste._replace(nummer=2, vaerdi=b"foreign")])
    assert (await genskab(rum, [])).fremmede == 1
    await afsender.send([tredje])
    await afsender.luk()
    with pytest.raises(TopicBrudt, match="from number 1 to 3"):
        await genskab(rum, [])


async def test_a_restore_beside_a_running_worker_is_refused(rum, koder):
    """While a worker holds lanes nothing is emptied."""
    rum.gem(rum.udkast(koder[0]))
    async with rum.sekvenser():
        await rum.alle_sendt()
        with pytest.raises(BanerOptaget):
            await genskab(rum, [])
    assert rum.sql("SELECT count(*) FROM delivery.notifikationer") == [(1,)]


def _med(rum, raekke, **felter):
    """The row's notification with other fields."""
    notifikation = rum.kilder.kodeks.afkod_notifikation(raekke.vaerdi)
    return type(notifikation)(**{navn: felter.get(navn, getattr(notifikation, navn)) for navn in notifikation.__struct_fields__})
