"""Wait for PostgreSQL's NOTIFY on a connection of its own, for as long as the process runs."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import structlog

GENFORBIND_SEKUNDER = 0.5
# A server that vanished without a word is found out within about ten seconds (TCP; a Unix socket needs nothing).
LEVETEGN: dict[str, Any] = {"connect_timeout": 5, "keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3}

log = structlog.get_logger(__name__)


async def lyt(url: str, kanal: str, besked: Callable[[str], None], forbundet: Callable[[], None]) -> None:
    """Call `besked` with each payload notified on `kanal`, until cancelled; a lost connection is made again.

    `forbundet` is called each time listening begins: what was notified before that moment was not heard, so look for yourself.
    Raises psycopg's errors other than a connection's (a wrong password is a connection's too, and is tried again).
    """
    while True:
        try:
            await _en_forbindelse(url, kanal, besked, forbundet)
        except psycopg.OperationalError as fejl:
            log.warning("listening lost its connection", channel=kanal, error=type(fejl).__name__)
        await asyncio.sleep(GENFORBIND_SEKUNDER)


async def _en_forbindelse(url: str, kanal: str, besked: Callable[[str], None], forbundet: Callable[[], None]) -> None:
    navn = f"hub-lytter-{kanal}"
    async with await psycopg.AsyncConnection.connect(url, autocommit=True, application_name=navn, **LEVETEGN) as conn:
        await conn.execute(psycopg.sql.SQL("LISTEN {}").format(psycopg.sql.Identifier(kanal)))
        forbundet()
        with _nyheder(conn) as nyt:
            while True:
                await nyt.wait()
                nyt.clear()
                # psycopg's own `notifies` makes a task's worth of work of each; this is three calls.
                conn.pgconn.consume_input()
                while notifikation := conn.pgconn.notifies():
                    besked(notifikation.extra.decode())


@contextmanager
def _nyheder(conn: psycopg.AsyncConnection[Any]) -> Iterator[asyncio.Event]:
    """An event that is set when the connection has something to read, its end included; set once at the start."""
    loop, nyt = asyncio.get_running_loop(), asyncio.Event()
    nyt.set()
    sokkel = conn.pgconn.socket
    loop.add_reader(sokkel, nyt.set)
    try:
        yield nyt
    finally:
        loop.remove_reader(sokkel)
