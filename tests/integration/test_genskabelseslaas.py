"""The lock that keeps a restore and everybody who works on the database apart."""

import asyncio
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text

from hub.events.database import motor
from hub.events.genskabelseslaas import ARBEJDER, ArbejdesPaa, GenskabesNu, LaasTabt, alene, arbejd, delt

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def engine(database_url: str) -> Iterator[Engine]:
    """An engine on an empty database: the lock needs no table."""
    engine = motor(database_url, "test", 4)
    yield engine
    engine.dispose()


async def test_workers_share_it_and_a_restore_has_it_alone(engine: Engine, database_url: str) -> None:
    """Two workers and a moment's share at once; no restore beside them, none of them beside a restore, and each again afterwards."""
    async with arbejd(database_url), arbejd(database_url):
        with delt(engine):
            pass
        with pytest.raises(ArbejdesPaa, match="stop every worker"), alene(engine):
            pass
    with alene(engine) as stadig:
        stadig()
        with pytest.raises(GenskabesNu, match="hub restore"), delt(engine):
            pass
        with pytest.raises(GenskabesNu, match="hub restore"):
            async with arbejd(database_url):
                pass
    with delt(engine):
        pass


async def test_it_goes_with_its_connection_and_both_sides_hear_of_it(engine: Engine, database_url: str) -> None:
    """A worker whose connection is ended hears it at once; a restore finds it out before it commits anything more."""
    afbryd = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = :navn AND pid <> pg_backend_pid()")
    async with arbejd(database_url) as til_den_tabes:
        venter = asyncio.create_task(til_den_tabes())
        await asyncio.sleep(0.1)
        assert not venter.done()
        with engine.connect() as conn:
            conn.execute(afbryd, {"navn": ARBEJDER})
        with pytest.raises(LaasTabt):
            await asyncio.wait_for(venter, 5)
    fremmed = motor(database_url, "fremmed", 1)
    with alene(engine) as stadig, fremmed.connect() as conn:
        conn.execute(afbryd, {"navn": "test"})
        with pytest.raises(Exception, match="terminat"):
            stadig()
    fremmed.dispose()
