"""The live transaction on a real PostgreSQL: what moves together, what is skipped, cut off, parked."""

import threading
from dataclasses import replace as med
from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import text

from hub.domain import haendelser as h
from hub.events.besoeg import Kald
from hub.events.forbindelse import raa_forbindelse
from hub.projections import checkpoint, generation, live
from hub.projections.checkpoint import CheckpointUdenForLoggen, Stade, UdenCheckpoint, start_checkpoints
from hub.projections.live import Anvendt, Hul, Skiftet

pytestmark = pytest.mark.integration


def test_a_part_moves_rows_notifications_and_checkpoint(projektion, loggen, db):
    """Rows, timeline, notifications and checkpoint are all there after one part."""
    sag = loggen.sag().bevilget()
    assert projektion.anvend(0, loggen.poster) == Anvendt(3, 3, 0, 0)
    assert db.checkpoint() == 3 and projektion.checkpoint(0) == 3
    assert db.versioner() == {sag.id: 3}
    assert db.gemt() == [(sag.id, 1), (sag.id, 2), (sag.id, 3)]
    assert db.raekker("SELECT version, kafka_offset FROM gen.tidslinje ORDER BY 1") == [(1, 0), (2, 1), (3, 2)]
    assert db.raekker("SELECT ekstern_identifier, status FROM gen.bevillinger") == [(sag.akt("bev"), "Udstedt")]


def test_the_same_part_again_changes_nothing(projektion, loggen, db):
    """What lies below the checkpoint is cut off: nothing is written or notified a second time."""
    sag = loggen.sag()
    projektion.anvend(0, loggen.poster)
    sag.bevilget()
    assert projektion.anvend(0, loggen.poster[:1]) == Anvendt(1, 0, 0, 0)
    assert projektion.anvend(0, loggen.poster) == Anvendt(3, 2, 0, 0)
    assert db.gemt() == [(sag.id, 1), (sag.id, 2), (sag.id, 3)]


def test_a_part_beyond_the_checkpoint_or_with_a_hole_is_refused(projektion, loggen, db):
    """A part that does not go on from the checkpoint, record by record, is not applied; the checkpoint to catch up from is told."""
    loggen.sag().bevilget()
    assert projektion.anvend(0, loggen.poster[1:]) == Hul(0)
    assert projektion.anvend(0, [loggen.poster[0], loggen.poster[2]]) == Hul(0)
    assert projektion.anvend(0, []) == Hul(0)
    assert db.checkpoint() == 0 and db.versioner() == {} and db.gemt() == []


def test_a_reader_may_vouch_for_offsets_without_a_record(projektion, loggen, db):
    """An offset that holds no record (a transaction's marker) is no hole for a reader that read from the checkpoint on."""
    loggen.sag()
    loggen.poster[0] = loggen.poster[0]._replace(offset=4)
    assert projektion.anvend(0, loggen.poster, fra=0) == Anvendt(5, 1, 0, 0)
    assert projektion.anvend(0, [loggen.poster[0]._replace(offset=9)], fra=6) == Hul(5)


def test_an_identical_repeat_on_the_log_is_skipped_and_counted(projektion, loggen, db):
    """A copy of an event, in the same part or a later one, changes nothing and notifies nobody."""
    sag = loggen.sag()
    loggen.laeg(sag.id, loggen.poster[0].vaerdi)
    sag.bevilget()
    loggen.laeg(sag.id, loggen.poster[2].vaerdi)
    assert projektion.anvend(0, loggen.poster) == Anvendt(5, 3, 2, 0)
    loggen.laeg(sag.id, loggen.poster[0].vaerdi)
    sag.sker("bev", h.BevillingGodkendt("Virksomhed"))
    assert projektion.anvend(0, loggen.poster[5:]) == Anvendt(7, 1, 1, 0)
    assert db.gemt() == [(sag.id, v) for v in (1, 2, 3, 4)] and db.parkerede() == []


@pytest.mark.parametrize("brud", ["hul", "andet_aftryk", "anden_forgaenger"])
def test_an_event_that_breaks_the_chain_is_parked_and_others_flow(projektion, loggen, db, modtaget, brud):
    """A hole in the versions, other bytes for a known version, another predecessor: parked, its case waits, other cases flow."""
    sag = loggen.sag().bevilget()
    projektion.anvend(0, loggen.poster)
    naeste = sag.naeste("bev", h.BevillingGodkendt("Virksomhed"))
    kuvert = {
        "hul": replace(naeste.kuvert, version=5),
        "andet_aftryk": replace(naeste.kuvert, version=3),
        "anden_forgaenger": replace(naeste.kuvert, forgaenger=b"\x09" * 32),
    }[brud]
    sag.laeg(replace(naeste, kuvert=kuvert), fold=False)
    anden = loggen.sag()
    sag.sker("bev", h.BevillingSendt())
    assert projektion.anvend(0, loggen.poster[3:]) == Anvendt(6, 1, 0, 2, 1)
    assert db.versioner() == {sag.id: 3, anden.id: 1}
    assert db.parkerede() == [(3, "fejl", "parkeret"), (5, "venter", "parkeret")]
    assert [(type(d).__name__, d.kafkaOffset, d.slags) for d in modtaget.drift] == [
        ("HaendelseParkeret", 3, "fejl"),
        ("HaendelseParkeret", 5, "venter"),
    ]


def test_a_case_with_something_parked_waits_in_later_parts_too(projektion, loggen, db):
    """The parked set is looked at in every part: an event behind a parked one waits, whenever it comes."""
    sag = loggen.sag()
    loggen.laeg(sag.id, b"\x00not avro")
    projektion.anvend(0, loggen.poster)
    sag.sker("ans", h.AnsoegningUnderskrevet("Arbejdsgiver"))
    loggen.laeg(sag.id, b"\x00not avro")
    assert projektion.anvend(0, loggen.poster[2:]) == Anvendt(4, 0, 1, 1)
    assert db.parkerede() == [(1, "fejl", "parkeret"), (2, "venter", "parkeret")]


@pytest.mark.parametrize("vaerdi", [None, b"", b"\x00\x00\x00\x00\x01", b"\x00\xff\xff\xff\xffx", b"x" * 300_000])
def test_bytes_that_do_not_decode_are_parked(projektion, loggen, db, vaerdi):
    """Nothing, rubbish, a truncated value, an unknown schema, an oversized value: parked with our own words as the reason."""
    loggen.laeg("not a case id", vaerdi)
    sag = loggen.sag()
    assert projektion.anvend(0, loggen.poster) == Anvendt(2, 1, 0, 1, 1)
    assert db.versioner() == {sag.id: 1}
    ((stroem, fejl),) = db.raekker("SELECT stroem, fejl FROM delivery.parkerede")
    assert stroem == "ukendt/0/0" and fejl.startswith("Ulaeselig")


def test_another_case_s_event_under_a_case_s_key_is_parked(projektion, loggen, db):
    """The record's key must be the event's case."""
    sag = loggen.sag()
    loggen.poster[0] = loggen.poster[0]._replace(noegle=b"00000000-0000-0000-0000-000000000000")
    assert projektion.anvend(0, loggen.poster).parkeret == 1
    assert db.versioner() == {} and sag.id not in db.raekker("SELECT stroem FROM delivery.parkerede")[0]


def test_an_event_that_cannot_be_folded_is_parked(projektion, loggen, db):
    """A termination where nothing was granted contradicts the case."""
    sag = loggen.sag()
    sag.laeg(sag.naeste("oph", h.OphoerRegistreret(date(2025, 5, 15))), fold=False)
    assert projektion.anvend(0, loggen.poster) == Anvendt(2, 1, 0, 1, 1)
    assert db.raekker("SELECT fejl FROM delivery.parkerede") == [("KanIkkeFoldes: the case has nothing that can end",)]
    assert db.versioner() == {sag.id: 1}


def test_an_event_that_cannot_be_shown_is_parked_alone(projektion, loggen, db):
    """A view that fails keeps the case's events before the one that makes it fail; its text is not quoted."""
    sag = loggen.sag()
    sag.sker("ans", h.AnsoegningUnderskrevet("Arbejdsgiver"))
    sag.sker("ans", h.AnsoegningRettet(("ugentligArbejdstid",), ugentligArbejdstid="en hemmelighed"))
    sag.sker("ans", h.SagTildelt("Team"))
    assert projektion.anvend(0, loggen.poster) == Anvendt(4, 2, 0, 2, 1)
    assert db.versioner() == {sag.id: 2}
    assert db.parkerede() == [(2, "fejl", "parkeret"), (3, "venter", "parkeret")]
    assert db.raekker("SELECT fejl FROM delivery.parkerede WHERE kafka_offset = 2") == [("InvalidOperation",)]
    assert db.gemt() == [(sag.id, 1), (sag.id, 2)]


def test_a_row_that_postgresql_refuses_is_found_among_many(projektion, loggen, db):
    """By halving: the case whose row is refused is parked from that event on, every other case is written and notified."""
    sager = [loggen.sag() for _ in range(20)]
    sager[7].sker("ans", h.SagTildelt("fin"))
    sager[7].sker("ans", h.AnsoegningRettet(("ugentligArbejdstid",), ugentligArbejdstid="99999999999"))
    sager[7].sker("ans", h.SagTildelt("fin igen"))
    assert projektion.anvend(0, loggen.poster) == Anvendt(23, 21, 0, 2, 1)
    assert db.versioner() == {s.id: 2 if s is sager[7] else 1 for s in sager}
    assert db.parkerede() == [(21, "fejl", "parkeret"), (22, "venter", "parkeret")]
    assert db.checkpoint() == 23 and len(db.gemt()) == 21
    assert db.raekker("SELECT fejl FROM delivery.parkerede ORDER BY kafka_offset")[0] == ("NumericValueOutOfRange",)


def test_a_fault_point_parks_the_case_it_names(projektion, loggen, db, tmp_path):
    """The event fails at `projektion.<case>`; its case waits, others flow."""
    sag, anden = loggen.sag(), loggen.sag()
    (tmp_path / f"projektion.{sag.id}").touch()
    assert projektion.anvend(0, loggen.poster) == Anvendt(2, 1, 0, 1, 1)
    assert db.versioner() == {anden.id: 1} and db.gemt() == [(anden.id, 1)]


def test_a_failure_of_the_whole_part_leaves_nothing(projektion, loggen, db, monkeypatch):
    """When storing the notifications fails (a crash, a cut connection), rows, checkpoint and position have not moved."""
    loggen.sag()

    def gaa_ned(udkast: Any) -> Kald:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        projektion.__class__(projektion.engine, projektion.kodeks, projektion.notificer, gaa_ned, projektion.driftlog).anvend(
            0, loggen.poster
        )
    assert db.checkpoint() == 0 and db.versioner() == {}
    assert db.raekker("SELECT naeste_offset FROM delivery.notifikationspositioner WHERE partition = 0") == [(0,)]
    assert projektion.anvend(0, loggen.poster) == Anvendt(1, 1, 0, 0)


def test_of_two_workers_with_the_same_part_one_applies_it(projektion, loggen, db):
    """The compare-and-set lets exactly one through; the other is told where the checkpoint is, and notifies nobody."""
    loggen.sag().bevilget()
    udfald: list[Any] = []
    i_gang = threading.Barrier(2)

    def koer() -> None:
        i_gang.wait()
        udfald.append(projektion.anvend(0, loggen.poster))

    traade = [threading.Thread(target=koer) for _ in range(2)]
    for traad in traade:
        traad.start()
    for traad in traade:
        traad.join()
    assert sorted(map(str, udfald)) in (
        sorted(map(str, [Anvendt(3, 3, 0, 0), Hul(3)])),
        sorted(map(str, [Anvendt(3, 3, 0, 0), Anvendt(3, 0, 0, 0)])),
    )
    assert len(db.gemt()) == 3


def test_a_worker_that_was_paused_writes_nothing(projektion, loggen, db, monkeypatch):
    """A worker that read the checkpoint, stood still, and goes on after its successor has applied the part finds that it came late."""
    loggen.sag().bevilget()
    laas = checkpoint.laas

    def og_saa_en_pause(conn: Any, partition: int) -> Stade | None:
        stade = laas(conn, partition)
        monkeypatch.setattr(checkpoint, "laas", laas)
        assert projektion.anvend(0, loggen.poster) == Anvendt(3, 3, 0, 0)
        return stade

    monkeypatch.setattr(checkpoint, "laas", og_saa_en_pause)
    assert projektion.anvend(0, loggen.poster) == Hul(3)
    assert len(db.gemt()) == 3


def test_a_generation_swapped_under_a_part_drops_it(projektion, loggen, db):
    """A part that waits for the pointer while the generation is swapped is dropped; the next one goes into the new generation."""
    sag = loggen.sag()
    with projektion.engine.connect() as conn, conn.begin():
        generation.opret(conn, 2)
        conn.execute(text("UPDATE delivery.generationer SET serverer = false WHERE nummer = 1"))
        conn.execute(text("UPDATE delivery.generationer SET serverer = true WHERE nummer = 2"))
        conn.execute(
            text("INSERT INTO delivery.checkpoints SELECT 2, partition, naeste_offset FROM delivery.checkpoints WHERE generation = 1")
        )
        udfald: list[Any] = []
        traad = threading.Thread(target=lambda: udfald.append(projektion.anvend(0, loggen.poster)))
        traad.start()
        traad.join(0.3)
        assert traad.is_alive()
        conn.commit()
    traad.join()
    assert udfald == [Skiftet(0)]
    assert projektion.anvend(0, loggen.poster) == Anvendt(1, 1, 0, 0)
    assert db.versioner() == {sag.id: 1} and db.raekker("SELECT count(*) FROM gen_1.sager") == [(0,)]


def test_an_event_that_the_position_has_passed_does_not_notify_again(projektion, loggen, db):
    """An older generation that catches up moves rows silently: the notify position is apart from it and only ever rises."""
    sag = loggen.sag().bevilget()
    with projektion.engine.begin() as conn:
        conn.execute(text("UPDATE delivery.notifikationspositioner SET naeste_offset = 2 WHERE partition = 0"))
    projektion.anvend(0, loggen.poster)
    assert db.gemt() == [(sag.id, 3)]
    with projektion.engine.begin() as conn:
        conn.execute(text("UPDATE delivery.notifikationspositioner SET naeste_offset = 9 WHERE partition = 0"))
    sag.sker("bev", h.BevillingGodkendt("Virksomhed"))
    projektion.anvend(0, loggen.poster[3:])
    assert db.gemt() == [(sag.id, 3)] and db.versioner() == {sag.id: 4}
    assert db.raekker("SELECT naeste_offset FROM delivery.notifikationspositioner WHERE partition = 0") == [(9,)]


def test_a_part_commits_asynchronously_unless_it_parks(projektion, loggen, db, monkeypatch):
    """The log brings a lost part back; but the relay sends a park's operators' event at once, so that commit waits for the disk."""
    set_: list[str] = []

    skriv_alt = live.skriv_alt

    def se(conn: Any) -> None:
        set_.append(raa_forbindelse(conn).execute("SHOW synchronous_commit").fetchone()[0])

    def skriv(conn: Any, *resten: Any) -> None:
        se(conn)
        skriv_alt(conn, *resten)

    def driftlog(conn: Any, data: Any, hvem: str = "hub") -> list[int]:
        se(conn)
        return [1] * len(data)

    monkeypatch.setattr(live, "skriv_alt", skriv)
    loggen.sag()
    loggen.laeg("rubbish", b"rubbish")
    med(projektion, driftlog=driftlog).anvend(0, loggen.poster)
    assert set_ == ["off", "on"]


def test_only_rows_that_changed_are_written(projektion, loggen, db):
    """A case event rewrites the head and leaves the acts' rows alone."""
    sag = loggen.sag().bevilget()
    projektion.anvend(0, loggen.poster)
    foer = db.raekker("SELECT xmin::text, ctid::text FROM gen.bevillinger UNION ALL SELECT xmin::text, ctid::text FROM gen.ansoegninger")
    sag.sker("ans", h.SagTildelt("Team Øst"))
    projektion.anvend(0, loggen.poster[3:])
    assert foer == db.raekker(
        "SELECT xmin::text, ctid::text FROM gen.bevillinger UNION ALL SELECT xmin::text, ctid::text FROM gen.ansoegninger"
    )
    assert db.raekker("SELECT team, version FROM gen.sager") == [("Team Øst", 4)]


def test_start_names_what_is_wrong_with_a_checkpoint(engine):
    """A quiet partition is checked too: no checkpoint beside a log that is not empty, and a checkpoint outside the log, stop the start."""
    assert start_checkpoints(engine, {0: 5, 1: 0, 2: 0}) == {0: 0, 1: 0, 2: 0}
    with pytest.raises(UdenCheckpoint, match="hub restore"):
        start_checkpoints(engine, {0: 0, 3: 1})
    with pytest.raises(CheckpointUdenForLoggen):
        start_checkpoints(engine, {0: 5}, {0: 2})
    with engine.begin() as conn:
        conn.execute(text("UPDATE delivery.checkpoints SET naeste_offset = 6"))
    with pytest.raises(CheckpointUdenForLoggen):
        start_checkpoints(engine, {0: 5})


def test_processes_that_start_together_make_the_first_generation_once(engine):
    """Under an advisory lock: one makes generation 1, the others find it; other code's generation is refused."""
    with engine.begin() as conn:
        conn.execute(text("DROP SCHEMA gen_1 CASCADE; TRUNCATE delivery.generationer"))
    svar: list[int] = []
    traade = [threading.Thread(target=lambda: svar.append(generation.sikr(engine))) for _ in range(4)]
    for traad in traade:
        traad.start()
    for traad in traade:
        traad.join()
    assert svar == [1, 1, 1, 1]
    with engine.begin() as conn:
        conn.execute(text("UPDATE delivery.generationer SET projektionsversion = 1"))
    with pytest.raises(generation.AndenProjektionsversion):
        generation.sikr(engine)
