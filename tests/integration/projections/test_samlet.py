"""The parts of several partitions in one transaction: each by its own compare-and-set, all or none."""

import threading
from dataclasses import replace as med
from typing import Any

import pytest
from sqlalchemy import text

from hub.events.fejlpunkter import Fejlpunkter
from hub.projections import generation
from hub.projections.live import Anvendt, Projektion

pytestmark = pytest.mark.integration


@pytest.fixture
def anden(loggen: Any, kodeks: Any) -> Any:
    """An empty partition 1."""
    return type(loggen)(kodeks, 1)


def flyt(projektion: Projektion, partition: int, til: int) -> None:
    """Another worker moves a checkpoint."""
    with projektion.engine.begin() as conn:
        conn.execute(text("UPDATE delivery.checkpoints SET naeste_offset = :til WHERE partition = :p"), {"til": til, "p": partition})


def positioner(db: Any) -> list[tuple[int, int]]:
    """Partition → notify position."""
    return list(db.raekker("SELECT partition, naeste_offset FROM delivery.notifikationspositioner ORDER BY 1"))


def test_parts_of_two_partitions_move_together(projektion, loggen, anden, db):
    """Rows, notifications, checkpoints and positions of both are there, each with its own outcome."""
    en, to = loggen.sag().bevilget(), anden.sag()
    udfald = projektion.anvend_samlet({0: loggen.poster, 1: anden.poster}, 1)
    assert udfald == {0: Anvendt(3, 3, 0, 0), 1: Anvendt(1, 1, 0, 0)}
    assert db.versioner() == {en.id: 3, to.id: 1}
    assert (db.checkpoint(0), db.checkpoint(1)) == (3, 1)
    assert positioner(db) == [(0, 3), (1, 1)]
    assert db.gemt() == sorted([(en.id, 1), (en.id, 2), (en.id, 3), (to.id, 1)])


def test_a_lost_partition_keeps_all_of_them_from_being_applied_together(projektion, loggen, anden, db):
    """Where one checkpoint is not where its part begins nothing is written, of the others neither; alone they are applied."""
    loggen.sag(), anden.sag()
    flyt(projektion, 1, 1)
    assert projektion.anvend_samlet({0: loggen.poster, 1: anden.poster}, 1) is None
    assert db.versioner() == {} and db.gemt() == [] and (db.checkpoint(0), db.checkpoint(1)) == (0, 1)
    assert projektion.anvend(0, loggen.poster) == Anvendt(1, 1, 0, 0)
    assert projektion.anvend(1, anden.poster) == Anvendt(1, 0, 0, 0)


@pytest.mark.parametrize("valgte", [slice(1, None), slice(None, None, 2)])
def test_a_part_with_a_hole_does_not_go_with_the_others(projektion, loggen, anden, db, valgte):
    """Neither one that begins beyond the checkpoint nor one with an offset missing; the cases' own chains do not show it."""
    loggen.sag(), loggen.sag(), loggen.sag(), anden.sag()
    assert projektion.anvend_samlet({0: loggen.poster[valgte], 1: anden.poster}, 1) is None
    assert db.versioner() == {} and db.checkpoint(1) == 0


def test_what_is_to_be_set_aside_is_set_aside_alone(projektion, loggen, anden, db):
    """Parking has its own transaction, with a synchronous commit: together nothing is parked and nothing applied."""
    loggen.sag(), loggen.laeg("rubbish", b"rubbish"), anden.sag()
    assert projektion.anvend_samlet({0: loggen.poster, 1: anden.poster}, 1) is None
    assert db.parkerede() == [] and db.versioner() == {}


def test_a_row_that_is_refused_undoes_all_of_them(projektion, loggen, anden, db, monkeypatch):
    """PostgreSQL refuses one: nothing is left of the others, and nothing is raised."""
    loggen.sag(), anden.sag()
    with projektion.engine.begin() as conn:
        conn.execute(text("ALTER TABLE gen_1.tidslinje ADD CHECK (partition <> 1)"))
    assert projektion.anvend_samlet({0: loggen.poster, 1: anden.poster}, 1) is None
    assert db.versioner() == {} and (db.checkpoint(0), db.checkpoint(1)) == (0, 0)


def test_repeats_are_skipped_and_counted_where_they_are(projektion, loggen, anden, db):
    """An identical copy is passed over in its own partition."""
    loggen.sag(), loggen.laeg(loggen.poster[0].noegle.decode(), loggen.poster[0].vaerdi), anden.sag()
    udfald = projektion.anvend_samlet({0: loggen.poster, 1: anden.poster}, 1)
    assert udfald == {0: Anvendt(2, 1, 1, 0), 1: Anvendt(1, 1, 0, 0)}


def test_each_partition_notifies_from_its_own_position(projektion, loggen, anden, db):
    """What the position of one partition has passed is not told again; the other's is."""
    loggen.sag(), (to := anden.sag())
    with projektion.engine.begin() as conn:
        conn.execute(text("UPDATE delivery.notifikationspositioner SET naeste_offset = 9 WHERE partition = 0"))
    projektion.anvend_samlet({0: loggen.poster, 1: anden.poster}, 1)
    assert db.gemt() == [(to.id, 1)] and positioner(db) == [(0, 9), (1, 1)]


def test_the_wrong_generation_is_not_written_to(projektion, loggen, anden, db):
    """Who thinks that another generation serves writes nothing, neither there nor here."""
    loggen.sag(), anden.sag()
    with projektion.engine.begin() as conn:
        generation.opret(conn, 2)
    assert projektion.anvend_samlet({0: loggen.poster, 1: anden.poster}, 2) is None
    assert db.versioner() == {} and db.checkpoint(0) == 0


def test_a_generation_swapped_under_the_parts_drops_them(projektion, loggen, anden, db):
    """Parts that wait for the pointer while the generation is swapped are dropped; nothing is written to the one that served."""
    loggen.sag(), anden.sag()
    udfald: list[Any] = []
    with projektion.engine.connect() as conn, conn.begin():
        generation.opret(conn, 2)
        conn.execute(text("UPDATE delivery.generationer SET serverer = false WHERE nummer = 1"))
        conn.execute(text("UPDATE delivery.generationer SET serverer = true WHERE nummer = 2"))
        conn.execute(
            text("INSERT INTO delivery.checkpoints SELECT 2, partition, naeste_offset FROM delivery.checkpoints WHERE generation = 1")
        )
        dele = {0: loggen.poster, 1: anden.poster}
        traad = threading.Thread(target=lambda: udfald.append(projektion.anvend_samlet(dele, 1)))
        traad.start()
        traad.join(0.3)
        assert traad.is_alive()
        conn.commit()
    traad.join()
    assert udfald == [None]
    assert db.raekker("SELECT count(*) FROM gen_1.sager") == [(0,)] and db.checkpoint(0) == 0


def test_a_fault_point_leaves_nothing_together(projektion, loggen, anden, db, tmp_path):
    """An event that fails in the fold is parked alone, not with the others."""
    sag = loggen.sag()
    anden.sag()
    (tmp_path / f"projektion.{sag.id}").touch()
    fejler = med(projektion, fejlpunkter=Fejlpunkter(tmp_path))
    assert fejler.anvend_samlet({0: loggen.poster, 1: anden.poster}, 1) is None
    assert db.versioner() == {} and db.parkerede() == []
