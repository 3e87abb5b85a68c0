"""Connections for visits from the event loop: made in a thread, kept, and taken by one at a time."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from typing import TypeVar

import psycopg
import structlog
from psycopg.pq import TransactionStatus
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from hub.events.flere_besoeg import Besoeg
from hub.events.forbindelse import raa_forbindelse
from hub.events.loekkebesoeg import besoeg

log = structlog.get_logger(__name__)

HALVE = (TransactionStatus.INTRANS, TransactionStatus.INERROR)
"""A transaction that was not committed, on a connection that answers."""
T = TypeVar("T")


class Loekkepulje:
    """Connects by `forbind` in `traade` (None: a thread of the event loop's own); keeps as many connections as were in use at once."""

    def __init__(self, forbind: Callable[[], Connection], traade: Executor | None = None) -> None:
        self._forbind = forbind
        self._traade = traade
        self._ledige: list[Connection] = []

    async def gennemfoer(self, hver: Besoeg[T]) -> T:
        """Make each visit from the event loop; what came of them. A transaction that was not committed by the last of them is undone."""
        conn = self._ledige.pop() if self._ledige else await asyncio.get_running_loop().run_in_executor(self._traade, self._forbind)
        try:
            return await _gennemfoer(conn, hver)
        finally:
            self._laeg_tilbage(conn)

    def luk(self) -> None:
        """Close the connections."""
        while self._ledige:
            self._ledige.pop().close()

    def _laeg_tilbage(self, conn: Connection) -> None:
        """Keep the connection for the next, with nothing of this one left in it; one that cannot be kept is closed."""
        try:
            raa = raa_forbindelse(conn)
            if raa.pgconn.transaction_status in HALVE:
                raa.rollback()
            if raa.pgconn.transaction_status == TransactionStatus.IDLE:
                self._ledige.append(conn)
                return
        except (psycopg.Error, DBAPIError) as fejl:
            log.warning("a connection was lost", error=type(fejl).__name__)
        conn.invalidate()
        conn.close()


async def _gennemfoer(conn: Connection, hver: Besoeg[T]) -> T:
    raa = raa_forbindelse(conn)
    try:
        kald = next(hver)
        while True:
            kald = hver.send(await besoeg(raa, *kald))
    except StopIteration as slut:
        resultat: T = slut.value
        return resultat
