"""Appending only where the lane is known to be level with its log."""

from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from typing import Any

import pytest

from hub.events.drift import HaendelseKasseret, HaendelseParkeret
from hub.events.forbindelse import raa_forbindelse
from hub.events.genskab import luk_baner
from hub.events.journal import partition_for
from hub.events.ledger_fejl import LedgerBagud
from hub.events.ledger_laes import laes
from hub.events.topics import DRIFT, FAKTA

pytestmark = pytest.mark.integration
Hus = Any
PARKERET = HaendelseParkeret(3, 7, "a860ea3d-284d-4109-b2a8-64fd20d8a930", "fejl", "KanIkkeFoldes")
VENTER = HaendelseParkeret(3, 8, PARKERET.stroem, "venter", "behind 7")


def _naegtet(hus: Hus) -> list[int]:
    """Append to a new case; the partitions that refuse, after nothing was kept."""
    foer = hus.indhold()
    ordre = hus.opret()
    with pytest.raises(LedgerBagud) as fanget:
        hus.ledger.append([ordre])
    assert hus.indhold() == foer and fanget.value.partitioner == [partition_for(ordre.handling.sagsId.encode())]
    return fanget.value.partitioner


@pytest.mark.parametrize(
    ("tilstand", "grund"),
    [
        ("DELETE FROM ledger.baner", "not compared with the log yet"),
        ("UPDATE ledger.baner SET server_start = NULL", "since the database server started"),
        ("UPDATE ledger.baner SET server_start = server_start - interval '1 microsecond'", "since the database server started"),
        ("UPDATE ledger.baner SET bagud = 'the log holds an event that the ledger does not know'", "does not know"),
    ],
)
def test_a_lane_that_is_not_level_refuses(hus: Hus, tilstand: str, grund: str) -> None:
    """Never compared, not since this server started, or behind: nothing is kept, and partition and reason are named."""
    hus.sql(tilstand)
    with pytest.raises(LedgerBagud, match=grund):
        hus.ledger.append([hus.opret()])
    _naegtet(hus)
    hus.aabn()
    hus.en(hus.opret())


def test_only_the_lanes_that_are_named_count(hus: Hus) -> None:
    """A lane that is behind stops its own cases, not those of other partitions."""
    ordrer = {partition_for(o.handling.sagsId.encode()): o for o in (hus.opret() for _ in range(60))}
    (lukket, stoppet), (_, ren) = sorted(ordrer.items())[:2]
    hus.sql("UPDATE ledger.baner SET bagud = 'behind' WHERE topic = :t AND partition = :p", t=FAKTA, p=lukket)
    hus.en(ren)
    with pytest.raises(LedgerBagud) as fanget:
        hus.ledger.append([ren, stoppet])
    assert fanget.value.partitioner == [lukket]


def test_closing_the_lanes_waits_for_appends_under_way(hus: Hus) -> None:
    """`luk_baner` returns only when an append that had read its lanes has ended; a later one is refused."""
    with hus.engine.begin() as conn, ThreadPoolExecutor(1) as traad:
        under_vejs = laes(raa_forbindelse(conn), [hus.opret()])
        lukning = traad.submit(luk_baner, hus.engine, FAKTA)
        with pytest.raises(TimeoutError):
            lukning.result(0.3)
        conn.rollback()
        lukning.result(5)
    assert under_vejs.nu.utcoffset() is not None
    _naegtet(hus)


def test_operators_events_are_numbered_and_chained(hus: Hus) -> None:
    """Two appends in two transactions: versions 1, 2, 3 on the one lane of vitas.driftshaendelser, each with the hash of the one before."""
    with hus.engine.begin() as conn:
        assert hus.drift.append(conn, [PARKERET, VENTER]) == [1, 2]
    with hus.engine.begin() as conn:
        kasseret = HaendelseKasseret(3, 7, PARKERET.stroem, "operatoer", "foreign bytes")
        assert hus.drift.append(conn, [kasseret], "operatoer") == [3]
    raekker = hus.sql("SELECT topic, partition, stroem, vaerdi, hoveder FROM ledger.outbox ORDER BY id")
    assert {tuple(r)[:3] for r in raekker} == {(DRIFT, 0, "drift")}
    haendelser = [hus.kodeks.afkod_drift(r.vaerdi) for r in raekker]
    assert [h.data for h in haendelser] == [PARKERET, VENTER, kasseret]
    assert [h.kuvert.aktoer.id for h in haendelser] == ["hub", "hub", "operatoer"]
    assert [h.kuvert.forgaenger for h in haendelser] == [None, *(sha256(r.vaerdi).digest() for r in raekker[:-1])]
    assert len({h.kuvert.registreringstidspunkt for h in haendelser}) == 3


def test_operators_events_share_their_callers_fate(hus: Hus) -> None:
    """Rolled back with the caller, or refused while the lane is not level: nothing is left."""
    foer = hus.indhold()
    with hus.engine.connect() as conn:
        hus.drift.append(conn, [PARKERET])
        conn.rollback()
    hus.sql("UPDATE ledger.baner SET bagud = 'behind' WHERE topic = :t", t=DRIFT)
    with pytest.raises(LedgerBagud, match=DRIFT), hus.engine.begin() as conn:
        hus.drift.append(conn, [PARKERET])
    hus.aabn()
    assert hus.indhold() == foer


def test_operators_events_queue_for_their_number(hus: Hus) -> None:
    """Many transactions at once get different numbers without holes."""

    def en() -> int:
        with hus.engine.begin() as conn:
            return int(hus.drift.append(conn, [PARKERET])[0])

    assert sorted(hus.samtidig(*[en] * 8)) == list(range(1, 9))


def test_closing_is_what_the_restore_calls(hus: Hus) -> None:
    """After `luk_baner` every lane of the topic refuses, other topics' lanes do not."""
    luk_baner(hus.engine, FAKTA)
    _naegtet(hus)
    with hus.engine.begin() as conn:
        assert hus.drift.append(conn, [PARKERET]) == [1]
