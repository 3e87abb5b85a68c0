"""The ledger's rows made anew from the log."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from itertools import count
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace
from sqlalchemy import Row

from hub.domain.haendelser import Haendelse, SagTildelt
from hub.domain.sag import Sag
from hub.events.arter import DOERE, REFERENCEBANER
from hub.events.drift import HaendelseParkeret
from hub.events.genskab import Genskabelse, Optaelling, Upassende, aabn_baner, eksporter_upassende, luk_baner
from hub.events.journal import Post, partition_for
from hub.events.ledger_fejl import LedgerBagud
from hub.events.topics import DRIFT, FAKTA
from hub.local.generator import generer

pytestmark = pytest.mark.integration
Hus = Any
Log = dict[int, list[Post]]
TOEM = "TRUNCATE ledger.stroemme, ledger.outbox, ledger.anmodninger, ledger.akter, ledger.baner"


def _log(hus: Hus, topic: str = FAKTA) -> Log:
    """The log as the relay would have it: every outbox row, in order, per partition."""
    log: Log = defaultdict(list)
    for r in hus.sql("SELECT partition, stroem, vaerdi FROM ledger.outbox WHERE topic = :t ORDER BY id", t=topic):
        log[r.partition].append(Post(r.partition, len(log[r.partition]), r.stroem.encode(), bytes(r.vaerdi), ()))
    return log


def _genskab(hus: Hus, log: Log, topic: str = FAKTA, kasserede: Sequence[int] = ()) -> tuple[Optaelling, list[Upassende]]:
    """The whole restore of a topic; the counts of all partitions, and what was exported."""
    genskabt = _fold(hus, log, topic, kasserede)
    with hus.engine.begin() as conn:
        aabn_baner(conn)
    hus.aabn(REFERENCEBANER)
    return genskabt


def _fold(hus: Hus, log: Log, topic: str = FAKTA, kasserede: Sequence[int] = ()) -> tuple[Optaelling, list[Upassende]]:
    """Every partition, a few records at a time and few cases in memory, its lane not opened yet."""
    luk_baner(hus.engine, topic)
    tal: Counter[str] = Counter()
    upassende: list[Upassende] = []
    for partition in range(12 if topic == FAKTA else 1):
        poster = log.get(partition, [])
        with hus.engine.begin() as conn:
            genskabelse = Genskabelse(conn, hus.kodeks, (topic, partition), kasserede, hoejst=3)
            for fra in range(0, len(poster), 7):
                genskabelse.fold(poster[fra : fra + 7])
            genskabelse.afstem()
            upassende += eksporter_upassende(conn)
            tal.update(vars(genskabelse.afslut(len(poster))))
    return Optaelling(**tal), upassende


def _stroemme(hus: Hus) -> list[Row[Any]]:
    return list(hus.sql("SELECT * FROM ledger.stroemme ORDER BY stroem"))


def _anmodninger(hus: Hus) -> list[Row[Any]]:
    return list(hus.sql("SELECT request_id, request_hash, kvittering FROM ledger.anmodninger ORDER BY 1"))


def _liv(hus: Hus, sager: int, froe: int) -> list[Any]:
    """Whole lives, appended; their orders."""
    ordrer = [hus.ordre(h) for h in generer(sager, froe)]
    for fra in range(0, len(ordrer), 50):
        hus.ledger.append(ordrer[fra : fra + 50])
    return ordrer


def test_an_emptied_ledger_comes_back_row_for_row(hus: Hus) -> None:
    """Streams (version, hash, folded case, time, partition) and receipts are what they were; appending goes on where it was."""
    ordrer = _liv(hus, 25, 11)
    log, stroemme, anmodninger = _log(hus), _stroemme(hus), _anmodninger(hus)
    foerste = hus.en(ordrer[3]).kvittering
    hus.sql(TOEM)
    with pytest.raises(LedgerBagud):
        hus.ledger.append(ordrer[:1])
    tal, upassende = _genskab(hus, log)
    assert (_stroemme(hus), _anmodninger(hus), upassende) == (stroemme, anmodninger, [])
    assert (tal.poster, tal.haendelser) == (len(ordrer), len(ordrer)) and tal == Optaelling(tal.poster, tal.haendelser)
    assert {b.partition: b.naeste_offset for b in hus.sql("SELECT * FROM ledger.baner WHERE topic = :t", t=FAKTA)} == {
        p: len(log.get(p, [])) for p in range(12)
    }
    assert repr(hus.en(ordrer[3]).kvittering) == repr(foerste)
    assert hus.afvist(ordrer[3]._replace(krop=b"{}")).status == 412
    sag = stroemme[0]
    assert hus.en(hus.ordre(_tildel(sag))).kvittering["version"] == sag.version + 1


def test_an_act_is_still_its_case_s_alone_after_a_restore(hus: Hus) -> None:
    """Whose each act is comes back from the log, of those that the log does not have nothing; another case's use is refused as before."""
    _liv(hus, 8, 12)
    foerste = hus.opret()
    hus.en(foerste)
    akter, log = _akter(hus), _log(hus)
    hus.sql("INSERT INTO ledger.akter VALUES (gen_random_uuid(), 'nobody')")
    _genskab(hus, log)
    assert _akter(hus) == akter and len(akter) > 9
    ny = hus.opret_handling() | {"eksternIdentifier": foerste.handling.eksternIdentifier}
    assert hus.afvist(hus.ordre(ny)).fejlkode == 9623
    hus.sql(TOEM)
    _genskab(hus, log)
    assert _akter(hus) == akter


def _akter(hus: Hus) -> list[Row[Any]]:
    return list(hus.sql("SELECT * FROM ledger.akter ORDER BY 1"))


def _tildel(stroem: Row[Any]) -> dict[str, Any]:
    sag = msgspec.msgpack.decode(stroem.sag, type=Sag)
    return {
        "handling": "TildelSag",
        "sagsId": sag.id,
        "eksternIdentifier": sag.ansoegning.id if sag.ansoegning else "",
        "haendelsestidspunkt": "2026-01-01T00:00:00Z",
        "aktoer": {"type": "System", "id": "vitas"},
        "data": {"team": "Team Efter"},
    }


def test_a_request_with_several_events_is_one_receipt(hus: Hus, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three events of one request are chained one to the next, share its id, and come back from the log as the same one receipt."""
    sag = hus.ny_sag()
    monkeypatch.setitem(DOERE, FAKTA, DOERE[FAKTA]._replace(decide=lambda *_: tuple(SagTildelt(f"Team {n}") for n in range(3))))
    kvittering = hus.en(hus.tildel(sag, request_id="tre")).kvittering
    assert (kvittering["version"], [h["version"] for h in kvittering["haendelser"]]) == (4, [2, 3, 4])
    log, stroemme, anmodninger = _log(hus), _stroemme(hus), _anmodninger(hus)
    haendelser = [hus.kodeks.afkod(p.vaerdi) for p in log[partition_for(sag.encode())]]
    assert {h.kuvert.requestId for h in haendelser[1:]} == {"tre"}
    hus.sql(TOEM)
    _genskab(hus, log)
    assert (_stroemme(hus), _anmodninger(hus)) == (stroemme, anmodninger)


def test_nothing_on_the_log_blocks_the_restore(hus: Hus) -> None:
    """Garbage, no value, no key, another partition's key, another case's bytes, a hole, a fork and repeats are counted, no more."""
    sag, anden = hus.ny_sag(), hus.ny_sag()
    for _ in range(3):
        hus.en(hus.tildel(sag))
    log, stroemme = _log(hus), _stroemme(hus)
    p = partition_for(sag.encode())
    egne = [post for post in log[p] if post.noegle == sag.encode()]
    haendelser: list[Haendelse] = [hus.kodeks.afkod(post.vaerdi) for post in egne]
    hoved = sha256(egne[-1].vaerdi or b"").digest()
    hul = _med(hus, haendelser[-1], version=9, forgaenger=hoved)
    gaffel = _med(hus, haendelser[-1], requestId="anden")
    fremmede = [(sag, b"\x00garbage"), (sag, None), (None, egne[0].vaerdi), (anden, egne[0].vaerdi), (sag, hul), (sag, gaffel)]
    repeats = [(sag, post.vaerdi) for post in (egne[0], egne[-1])]
    offsets = count(len(log[p]))
    for noegle, vaerdi in [*fremmede, *repeats]:
        log[p].append(Post(p, next(offsets), noegle and noegle.encode(), vaerdi, ()))
    forkert = next(n for n in range(12) if n != p and n != partition_for(anden.encode()))
    log[forkert].append(Post(forkert, 0, sag.encode(), egne[0].vaerdi, ()))
    hus.sql(TOEM)
    tal, _ = _genskab(hus, log)
    assert _stroemme(hus) == stroemme
    assert (tal.ulaeselige, tal.fremmede, tal.gentagelser) == (2, 5, 2)


def _med(hus: Hus, haendelse: Haendelse, **kuvert: Any) -> bytes:
    return bytes(hus.kodeks.indkod(replace(haendelse, kuvert=replace(haendelse.kuvert, **kuvert))))


def test_a_discarded_event_is_not_folded(hus: Hus) -> None:
    """An offset that operators discarded moves the chain, so that appending goes on, but leaves the case as it was before it."""
    sag = hus.ny_sag()
    hus.en(hus.tildel(sag, "Team Vaek"))
    log, stroemme = _log(hus), _stroemme(hus)
    hus.sql(TOEM)
    tal, _ = _genskab(hus, log, kasserede=[1])
    (ny,) = _stroemme(hus)
    assert (ny.version, ny.hoved, tal.kasserede) == (2, stroemme[0].hoved, 1)
    assert msgspec.msgpack.decode(ny.sag, type=Sag).team is None
    assert hus.en(hus.tildel(sag)).kvittering["version"] == 3


def test_an_event_that_no_longer_folds_keeps_its_place(hus: Hus, monkeypatch: pytest.MonkeyPatch) -> None:
    """An event that this code cannot fold is counted; its case's chain goes on."""
    sag = hus.ny_sag()
    monkeypatch.setitem(DOERE, FAKTA, DOERE[FAKTA]._replace(decide=lambda *_: (SagTildelt("A"),)))
    hus.en(hus.tildel(sag))
    log = _log(hus)
    hus.sql(TOEM)
    tal, _ = _genskab(hus, {p: poster[1:] and poster for p, poster in log.items()}, kasserede=[0])
    assert (tal.ufoldelige, [(s.version, s.sag) for s in _stroemme(hus)]) == (1, [(2, None)])


def test_outbox_rows_are_held_against_the_log(hus: Hus) -> None:
    """Rows on the log are marked as sent there; a valid next one that it lacks is kept, folded and sent again, sent before or not."""
    sag = hus.ny_sag()
    tabt, ny = hus.tildel(sag, "Tabt"), hus.tildel(sag, "Ny")
    hus.en(tabt)
    hus.sql("UPDATE ledger.outbox SET sendt = now(), kafka_offset = 41")
    log = _log(hus)
    hus.en(ny)
    stroemme, anmodninger = _stroemme(hus), _anmodninger(hus)
    (p,) = log
    del log[p][1:]
    hus.sql("UPDATE ledger.outbox SET sendt = NULL, kafka_offset = NULL WHERE version = 1")
    tal, upassende = _genskab(hus, log)
    assert (_stroemme(hus), _anmodninger(hus), upassende, tal.genoptagne) == (stroemme, anmodninger, [], 2)
    assert hus.sql("SELECT version, sendt IS NOT NULL, kafka_offset FROM ledger.outbox ORDER BY id") == [
        (1, True, 0),
        (2, False, None),
        (3, False, None),
    ]


def test_rows_that_contradict_the_log_are_exported_and_forgotten(hus: Hus) -> None:
    """A ledger put back and gone its own way: its own versions are named with bytes and reason, then gone; their requests append anew."""
    sag = hus.ny_sag()
    log = _log(hus)
    (p,) = log
    gren = [hus.tildel(sag, "Egen", request_id="egen"), hus.tildel(sag, "Egen 2", request_id="egen 2")]
    for ordre in gren:
        hus.en(ordre)
    egne = _log(hus)[p][1:]
    loggens = hus.kodeks.afkod(egne[0].vaerdi)
    log[p].append(Post(p, 1, sag.encode(), _med(hus, loggens, requestId="loggens"), ()))
    tal, upassende = _genskab(hus, log)
    assert [(u.stroem, u.version, u.vaerdi) for u in upassende] == [(sag, 2, egne[0].vaerdi), (sag, 3, egne[1].vaerdi)]
    assert all("another history" in u.grund for u in upassende) and tal.upassende == 2
    assert [r.version for r in hus.sql("SELECT version FROM ledger.outbox")] == [1]
    assert {r.request_id for r in _anmodninger(hus)} >= {"loggens"}
    assert [hus.en(o).kvittering["version"] for o in gren] == [3, 4]


def test_a_restore_cut_short_leaves_the_lane_closed(hus: Hus) -> None:
    """Rolled back before its end, a restore has changed nothing; no partition takes anything until one has come through, all of it."""
    ordre = hus.opret()
    hus.en(ordre)
    log, foer = _log(hus), hus.indhold()
    (p,) = log
    luk_baner(hus.engine, FAKTA)
    with hus.engine.connect() as conn:
        genskabelse = Genskabelse(conn, hus.kodeks, (FAKTA, p))
        genskabelse.fold(log[p])
        conn.rollback()
    efter = hus.indhold()
    assert {t: r for t, r in efter.items() if t != "ledger.baner"} == {t: r for t, r in foer.items() if t != "ledger.baner"}
    with pytest.raises(LedgerBagud, match="being restored"):
        hus.ledger.append([ordre])
    _fold(hus, log)
    with pytest.raises(LedgerBagud, match="`hub restore` has not come to its end"):
        hus.ledger.append([ordre])
    _genskab(hus, log)
    assert hus.en(ordre).gentaget


def test_what_was_answered_as_of_a_time_stays_so(hus: Hus) -> None:
    """The floor of a case is the latest asOf that the access log has of it; one in the future was not answered."""
    spurgt, anden = hus.ny_sag(), hus.ny_sag()
    for sag, as_of in ((spurgt, "2025-02-01"), (spurgt, "2025-02-03"), (spurgt, "2199-01-01"), (anden, None)):
        hus.sql(
            "INSERT INTO audit.adgangslog (hvem, rolle, jobcentre, sags_id, opslag, as_of)"
            " VALUES ('t', 'system', '10100', :sag, 'sag', CAST(:as_of AS timestamptz))",
            sag=sag,
            as_of=as_of,
        )
    log = _log(hus)
    hus.sql(TOEM)
    _genskab(hus, log)
    gulve = {s.stroem: s.gulv for s in _stroemme(hus)}
    assert (gulve[spurgt], gulve[anden]) == (datetime(2025, 2, 3, tzinfo=UTC), None)


def test_the_operators_stream_comes_back(hus: Hus) -> None:
    """The stream `drift` is restored from its own topic; the next operators' event continues its numbers."""
    parkeret = HaendelseParkeret(3, 7, "a860ea3d-284d-4109-b2a8-64fd20d8a930", "fejl", "KanIkkeFoldes")
    with hus.engine.begin() as conn:
        hus.drift.append(conn, [parkeret, parkeret])
    log, stroemme = _log(hus, DRIFT), _stroemme(hus)
    hus.sql(TOEM)
    tal, _ = _genskab(hus, log, DRIFT)
    assert (_stroemme(hus), tal.haendelser) == (stroemme, 2)
    with hus.engine.begin() as conn:
        assert hus.drift.append(conn, [parkeret]) == [3]
