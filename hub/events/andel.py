"""How lanes spread over the workers: each that can serve says so, and holds an even share; nobody leads (decision 031).

Who can serve (its database and its Kafka have answered) holds a mark, a shared advisory lock, in the session that locks its lanes. The
marks are the workers among whom the lanes are divided, in an order that all see alike. A worker that ends, or stands still until its
session is ended, is not counted from the moment in which its lanes are free.
"""

from collections.abc import Collection
from typing import Any, NamedTuple

import psycopg

LEDIG = "ledig"
"""What is notified on the lanes' channel when some were given up: whoever has fewer than its share looks at once."""
# The second key of a mark is -1, where a lane has its number: the first is the lanes' own class.
DELTAG = "SELECT pg_advisory_lock_shared(klasse, -1) FROM unnest(%s::int[]) AS k(klasse)"
TRAED_UD = "SELECT pg_advisory_unlock_shared(klasse, -1) FROM unnest(%s::int[]) AS k(klasse)"
PLADSER = """
SELECT classid::int, count(*)::int, (count(*) FILTER (WHERE pid < pg_backend_pid()))::int FROM pg_locks
WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND classid = ANY(%s::int[]::oid[]) AND objid = (-1)::oid AND objsubid = 2
GROUP BY classid
"""


class Plads(NamedTuple):
    """One worker's place: how many serve, and how many of them come before it."""

    antal: int = 1
    foran: int = 0

    def andel(self, baner: int) -> int:
        """How many of so many lanes are its own: the shares of all are even to within one, and together all lanes."""
        return max(0, -(-(baner - self.foran) // self.antal))


def deltag(conn: psycopg.Connection[Any], klasser: Collection[int]) -> None:
    """Be counted among those who serve lanes of these classes, as long as the session lives; once per session."""
    conn.execute(DELTAG, [list(klasser)])


def traed_ud(conn: psycopg.Connection[Any], klasser: Collection[int]) -> None:
    """Be counted no longer."""
    conn.execute(TRAED_UD, [list(klasser)])


def pladser(conn: psycopg.Connection[Any], klasser: Collection[int]) -> dict[int, Plads]:
    """This session's place by class; for one that is counted."""
    return {klasse: Plads(antal, foran) for klasse, antal, foran in conn.execute(PLADSER, [list(klasser)])}
