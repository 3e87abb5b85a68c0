"""The swap's lock and the fence of the projection version."""

import threading
from typing import Any

import pytest
from sqlalchemy import text

from hub.projections import checkpoint, generation
from hub.projections.forskel import Par, sammenlign, sammenlign_samtidig
from hub.projections.generationsbyg import hold_pegepind, indskriv, noegl, noegl_samtidig, opret_bar, ryd

pytestmark = pytest.mark.integration

DEL = text("SELECT nummer FROM delivery.generationer WHERE serverer FOR SHARE")


def test_the_pointer_is_had_although_somebody_always_shares_it(engine: Any) -> None:
    """Two that share it by turns, so that it is never free: who wants it alone is next, and they wait."""
    over, foerste, anden = threading.Event(), engine.connect(), engine.connect()

    def del_i_et_vaek() -> None:
        a, b = foerste, anden
        a.execute(DEL)
        while not over.is_set():
            # The next one begins before this one ends.
            b.execute(text("SET LOCAL lock_timeout = '50ms'"))
            try:
                b.execute(DEL)
            except Exception:  # noqa: BLE001 (somebody waits for it alone: that one's turn)
                b.rollback()
            a.rollback()
            a, b = b, a

    traad = threading.Thread(target=del_i_et_vaek)
    traad.start()
    try:
        with engine.begin() as conn:
            conn.execute(text("SET LOCAL statement_timeout = '5s'"))
            assert hold_pegepind(conn) == 1
    finally:
        over.set()
        traad.join()
        foerste.close(), anden.close()


@pytest.fixture
def anden_version(projektion: Any, engine: Any) -> Any:
    """Other code made the serving generation."""
    with engine.begin() as conn:
        conn.execute(text("UPDATE delivery.generationer SET projektionsversion = projektionsversion + 1"))
    return projektion


def test_what_other_code_made_is_not_written(anden_version: Any, loggen: Any, db: Any) -> None:
    """Alone it is said, together nothing is applied; checkpoints and rows stay."""
    loggen.sag()
    assert anden_version.anvend_samlet({0: loggen.poster}, 1) is None
    with pytest.raises(generation.AndenProjektionsversion, match="newer code took over"):
        anden_version.anvend(0, loggen.poster)
    with anden_version.engine.connect() as conn:
        assert checkpoint.laes(conn)[0] == 0
        assert conn.execute(text("SELECT count(*) FROM gen_1.tidslinje")).scalar_one() == 0


def test_what_other_code_made_is_not_read(anden_version: Any) -> None:
    """The pointer's readers are refused; the rebuild, which must see it, is not."""
    with anden_version.engine.connect() as conn:
        with pytest.raises(generation.AndenProjektionsversion):
            generation.serverende(conn)
        assert generation.peger(conn) == 1


def test_two_generations_are_made_alike_in_one_process(engine: Any) -> None:
    """Keys, indexes and settings of those filled first, keyed one by one or together, are those of the ones made with them."""
    definition = """
        SELECT tablename, replace(indexdef, '{0}.', ''), reloptions::text FROM pg_indexes JOIN pg_class ON relname = tablename
        WHERE schemaname = '{0}' AND relnamespace = '{0}'::regnamespace ORDER BY 1, 2"""
    with engine.begin() as conn:
        for nummer in (2, 3, 5):
            opret_bar(conn, nummer)
        for nummer in (2, 3):
            noegl(conn, nummer)
            indskriv(conn, nummer, {})
        generation.opret(conn, 4)
    noegl_samtidig(engine, 5, 2)
    with engine.begin() as conn:
        alle = [conn.execute(text(definition.format(f"gen_{n}"))).all() for n in (1, 2, 3, 4, 5)]
        assert len(alle[0]) > 20 and alle[1:] == [alle[0]] * 4


def test_tables_compared_at_the_same_time_are_compared_as_of_one_moment(projektion: Any, loggen: Any, engine: Any) -> None:
    """What is committed after the comparing transaction began is no difference yet."""
    loggen.sag().bevilget()
    projektion.anvend(0, loggen.poster)
    with engine.begin() as conn:
        generation.opret(conn, 2)
        for tabel in ("sager", "tidslinje", "ansoegninger", "bevillinger"):
            conn.execute(text(f"INSERT INTO gen_2.{tabel} SELECT * FROM gen_1.{tabel}"))
    with engine.connect().execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True) as conn, conn.begin():
        assert sammenlign_samtidig(conn, Par(1, 2), 2).antal == 0
        with engine.begin() as anden:
            anden.execute(text("UPDATE gen_2.sager SET team = 'X'"))
            anden.execute(text("DELETE FROM gen_2.tidslinje WHERE version = 1"))
        assert sammenlign_samtidig(conn, Par(1, 2), 2).antal == 0
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as conn, conn.begin():
        fundet = sammenlign_samtidig(conn, Par(1, 2), 2)
        assert fundet == sammenlign(conn, Par(1, 2))
        assert [f.kolonne for f in fundet.forskelle] == ["sager.team", "tidslinje"]


def test_the_serving_generation_is_never_dropped(engine: Any) -> None:
    """Whatever is to be kept."""
    with engine.begin() as conn:
        assert ryd(conn, set()) == [] and generation.serverende(conn) == 1
