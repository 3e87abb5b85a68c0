"""The swap's lock and the fence of the projection version."""

import threading
from typing import Any

import pytest
from sqlalchemy import text

from hub.projections import checkpoint, generation
from hub.projections.generationsbyg import hold_pegepind, indskriv, noegl, opret_bar, ryd

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
    """Keys and indexes of the second, and of one that is made with them, are those of the first."""
    definition = "SELECT tablename, replace(indexdef, '{0}.', '') FROM pg_indexes WHERE schemaname = '{0}' ORDER BY 1, 2"
    with engine.begin() as conn:
        for nummer in (2, 3):
            opret_bar(conn, nummer)
            noegl(conn, nummer)
            indskriv(conn, nummer, {})
        generation.opret(conn, 4)
        alle = [conn.execute(text(definition.format(f"gen_{n}"))).all() for n in (1, 2, 3, 4)]
        assert len(alle[0]) > 20 and alle[1:] == [alle[0]] * 3


def test_the_serving_generation_is_never_dropped(engine: Any) -> None:
    """Whatever is to be kept."""
    with engine.begin() as conn:
        assert ryd(conn, set()) == [] and generation.serverende(conn) == 1
