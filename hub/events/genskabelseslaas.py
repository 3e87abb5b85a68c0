"""One lock and one mark for the whole database: who restores it has it alone, who works on it shares it (`hub restore`; decision 013).

PostgreSQL's session-level advisory lock: it ends with its session, whatever ends that, and has no time limit. A worker that stands still
keeps it, since nobody knows what it sends when it wakes: it is ended before anything is restored. The mark stays when a restore is cut
short: nobody works on what is half restored either.
"""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress

import psycopg
from sqlalchemy import Connection, Engine

from hub.events.forbindelse import raa_forbindelse
from hub.events.lytter import LEVETEGN

NOEGLE = 0x67656E73
TAG_DELT = f"SELECT pg_try_advisory_lock_shared({NOEGLE})"
SLIP_DELT = f"SELECT pg_advisory_unlock_shared({NOEGLE})"
TAG_ALENE = f"SELECT pg_try_advisory_lock({NOEGLE})"
SLIP_ALENE = f"SELECT pg_advisory_unlock({NOEGLE})"
# The mark is the comment on the schema: it is written and read in transactions, and goes away with a schema that is dropped.
MAERKE = "hub restore is under way"
MAERKET = "SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = 'delivery'"
# A server whose client is gone without a word finds it out; one that stands still it does not end.
SESSION = """
SET idle_session_timeout = 0; SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 3
"""
GENSKABES = "being restored"
"""How the reason begins for which a lane is closed while it is restored: only the restore that comes to its end opens it."""
ARBEJDER = "hub-worker-lock"
"""The application_name of the connection that a worker holds from its start to its end."""
VENT_SEKUNDER = 3.0
"""A worker that was just ended keeps its lock until the server notices."""


class GenskabesNu(RuntimeError):
    """A restore is under way, or was cut short; nobody works meanwhile."""


class ArbejdesPaa(RuntimeError):
    """Somebody works on the database: it is not restored meanwhile."""


class LaasTabt(RuntimeError):
    """The worker's share of the lock went with its connection: from now on a restore may begin, so the worker ends."""


@asynccontextmanager
async def arbejd(url: str) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    """A worker's share, on a connection of its own from here to the end. Raises `GenskabesNu`.

    Gives a function to wait in: it raises `LaasTabt` when the share is lost.
    """
    conn = await psycopg.AsyncConnection.connect(url, autocommit=True, application_name=ARBEJDER, **LEVETEGN)
    try:
        await conn.execute(SESSION)
        _kraev(await (await conn.execute(TAG_DELT)).fetchone())
        _kraev_umaerket(await (await conn.execute(MAERKET)).fetchone())

        async def til_den_tabes() -> None:
            with suppress(psycopg.Error):
                async for _ in conn.notifies():
                    continue
            raise LaasTabt("the connection that kept `hub restore` away was lost: the worker ends, to be started again")

        yield til_den_tabes
    finally:
        await conn.close()


@contextmanager
def delt(engine: Engine) -> Iterator[None]:
    """A share for a moment. Raises `GenskabesNu`."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        raa = raa_forbindelse(conn)
        _kraev(raa.execute(TAG_DELT).fetchone())
        try:
            _kraev_umaerket(raa.execute(MAERKET).fetchone())
            yield
        finally:
            with suppress(psycopg.Error):
                raa.execute(SLIP_DELT)


@contextmanager
def alene(engine: Engine) -> Iterator[Callable[[], None]]:
    """Have the database alone. Raises `ArbejdesPaa`. Gives a check that raises psycopg's error when it is no longer so."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        raa = raa_forbindelse(conn)
        frist = time.monotonic() + VENT_SEKUNDER
        while raa.execute(TAG_ALENE).fetchone() != (True,):
            if time.monotonic() > frist:
                raise ArbejdesPaa(
                    "A worker is running, or stands still: stop every worker (and `hub up`) first, kill one that does not end."
                )
            time.sleep(0.1)

        def stadig() -> None:
            raa.execute("SELECT 1")

        try:
            yield stadig
        finally:
            with suppress(psycopg.Error):
                raa.execute(SLIP_ALENE)


def maerk(conn: Connection, under_vejs: bool) -> None:
    """Mark, in the caller's transaction, that a restore is under way, or that it has come to its end."""
    raa_forbindelse(conn).execute(f"COMMENT ON SCHEMA delivery IS '{MAERKE}'" if under_vejs else "COMMENT ON SCHEMA delivery IS NULL")


def er_maerket(conn: Connection) -> bool:
    """Whether a restore is under way or was cut short."""
    return raa_forbindelse(conn).execute(MAERKET).fetchone() == (MAERKE,)


def kraev_hel(conn: Connection) -> None:
    """Raises `GenskabesNu` when a restore is under way or was cut short: what it has not reached yet would look lost."""
    _kraev_umaerket(raa_forbindelse(conn).execute(MAERKET).fetchone())


def _kraev(svar: object) -> None:
    if svar != (True,):
        raise GenskabesNu("A `hub restore` is under way: nothing else works on the database until it has come to its end.")


def _kraev_umaerket(svar: object) -> None:
    if svar == (MAERKE,):
        raise GenskabesNu(
            "A `hub restore` is under way or was cut short: let it end, or run `hub restore` again (`hub services start` starts the "
            "services); then start this."
        )
