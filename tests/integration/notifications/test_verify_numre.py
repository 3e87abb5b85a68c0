"""verify, of the jobcentres' topics: one written anew with something changed is found, named by jobcentre, offset, case, both values."""

import dataclasses

import pytest
from msgspec.structs import replace
from sqlalchemy import text

from hub.events.journal import producent
from hub.events.topics import NOTIFIKATIONER, notifikationstopic, sikr
from hub.notifications.afstemning import ender
from hub.notifications.udkast import ANTAL_BANER
from hub.operations import numbers

from .conftest import KODER, slet_topics

pytestmark = pytest.mark.integration
ANTAL = 6


async def efterse(rum, conn):
    """What verify says of the topics: what it looked at, and what it found."""
    ends = await ender(rum.kilder.kafka, range(ANTAL_BANER))
    topics = numbers.Topics(rum.kilder.kafka, rum.kilder.kodeks, ends, lambda _: None)
    counted = await numbers.check(topics, conn, numbers.centres(conn))
    return dataclasses.replace(counted, found={}), counted.findings().foerste


async def efter_kode(rum):
    """The same, the findings by jobcentre; that a row's record is elsewhere now is left out."""
    with rum.engine.connect() as conn:
        counted, findings = await efterse(rum, conn)
    by_code: dict[str, list] = {}
    for finding in findings:
        if finding.kolonne != "notifikationer.kafka_offset":
            by_code.setdefault(finding.kolonne[-5:], []).append(finding)
    return counted, by_code


async def skriv(rum, kode, vaerdier):
    """A jobcentre's topic with exactly these records."""
    await sikr(rum.kilder.kafka, [notifikationstopic(kode)])
    async with producent(rum.kilder.kafka, "test") as ud:
        for vaerdi in vaerdier:
            await ud.send_and_wait(NOTIFIKATIONER + kode, vaerdi, kode.encode())


async def test_a_topic_that_was_changed_is_found(rum):
    """A missing number, other bytes, a copy with others, a cut tail, a foreign record, another order; true copies are no difference."""
    hel, hul, andre, kopi, kort, fremmed, byttet, gentaget = koder = [next(KODER) for _ in range(8)]
    for kode in koder:
        rum.gem(rum.udkast(kode, ANTAL))
    async with rum.sekvenser():
        await rum.alle_sendt()
    assert await efter_kode(rum) == (numbers.Counted(8, 8 * ANTAL, 0), {})
    paa_topic = {kode: [post.vaerdi for post in await rum.paa_topic(kode)] for kode in koder}
    await slet_topics(rum.kilder.kafka)

    def anden(kode, nummer):
        besked = rum.kilder.kodeks.afkod_notifikation(paa_topic[kode][nummer - 1])
        return rum.kilder.kodeks.indkod_notifikation(replace(besked, version=besked.version + 1))

    en, to, *rest = paa_topic[byttet]
    await skriv(rum, hel, paa_topic[hel])
    await skriv(rum, hul, paa_topic[hul][:2] + paa_topic[hul][3:])
    await skriv(rum, andre, [paa_topic[andre][0], anden(andre, 2), *paa_topic[andre][2:]])
    await skriv(rum, kopi, [*paa_topic[kopi], anden(kopi, 2)])
    await skriv(rum, kort, paa_topic[kort][:-2])
    await skriv(rum, fremmed, [*paa_topic[fremmed], b"noget andet"])
    await skriv(rum, byttet, [to, en, *rest])
    await skriv(rum, gentaget, [*paa_topic[gentaget], paa_topic[gentaget][1]])
    counted, fundne = await efter_kode(rum)
    sager = {(kode, nr): sag for kode, nr, sag in rum.sql("SELECT job_center_kode, nummer, sags_id FROM delivery.notifikationer")}
    assert fundne.keys() == {hul, andre, kopi, kort, fremmed, byttet}
    steder = {kode: [(f.offset, f.sags_id, f.i_databasen.split(":")[0]) for f in fund] for kode, fund in fundne.items()}
    assert steder[hul] == [(2, sager[hul, 3], "number 3")]
    assert steder[byttet] == [(0, sager[byttet, 1], "number 1")]
    assert [(f.offset, f.sags_id, f.paa_loggen[:9]) for f in (*fundne[andre], *fundne[kopi])] == [
        (1, sager[andre, 2], "number 2:"), (ANTAL, sager[kopi, 2], "number 2:"),
    ]  # fmt: skip
    assert [(f.paa_loggen, f.i_databasen) for f in fundne[kort]] == [(f"last number {ANTAL - 2}", f"sent {ANTAL}")]
    assert [(f.offset, f.paa_loggen) for f in fundne[fremmed]] == [(ANTAL, "nothing of the hub's")]
    assert counted == numbers.Counted(8, 8 * ANTAL - 2, 3)


async def test_a_table_that_was_changed_is_found(rum, koder):
    """A head or a last one sent that is another, a number that is gone or named twice, a row that names another record."""
    kode = koder[0]
    rum.gem(rum.udkast(kode, ANTAL))
    async with rum.sekvenser():
        await rum.alle_sendt()
    aendringer = {
        "UPDATE delivery.numre SET hoved = hoved - 1": "numre.hoved",
        "UPDATE delivery.numre SET sendt = sendt - 1": "numre.sendt",
        "UPDATE delivery.numre SET job_center_kode = '99999'": "numre.hoved",
        "DELETE FROM delivery.numre": "numre.hoved",
        "DELETE FROM delivery.notifikationer WHERE nummer = 3": NOTIFIKATIONER + kode,
        "UPDATE delivery.notifikationer SET vaerdi = 'x' WHERE nummer = 3": NOTIFIKATIONER + kode,
        "UPDATE delivery.notifikationer SET nummer = 99 WHERE nummer = 3": NOTIFIKATIONER + kode,
        "UPDATE delivery.notifikationer SET kafka_offset = 99 WHERE nummer = 3": "notifikationer.kafka_offset",
    }
    for aendring, hvad in aendringer.items():
        with rum.engine.connect() as conn, conn.begin() as tx:
            conn.execute(text(aendring))
            _, findings = await efterse(rum, conn)
            assert any(f.kolonne.startswith(hvad) for f in findings), (aendring, findings)
            tx.rollback()
