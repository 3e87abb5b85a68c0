"""Read-only queries on the read models of the serving generation.

A guard against accidents, not against the owner of the database: one statement at a time, in a read-only transaction, as the role
`hub_laeser`, which may read that generation and nothing else. What is sealed comes out as ciphertext: no key is read here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from hub.projections.generation import IngenGeneration, skema

ROLE = "hub_laeser"
MOST_ROWS = 10_000
LOCK = 0x73716C
FORBIDDEN = ("set_config", "query_to_xml", "cursor_to_xml", "table_to_xml", "dblink", "lo_", "pg_read", "pg_ls")
"""Functions that would run something else than what is written, or leave the role."""

SERVING = "SELECT nummer FROM delivery.generationer WHERE serverer"
MAY_READ = "SELECT has_schema_privilege(%s, %s, 'USAGE')"
ROLE_EXISTS = "SELECT FROM pg_roles WHERE rolname = %s"


class NotAllowed(ValueError):
    """The statement is not one that this prompt runs."""


@dataclass(frozen=True)
class Result:
    """The rows of a query; `cut`: there were more than `MOST_ROWS`."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    cut: bool

    def as_dicts(self) -> list[dict[str, Any]]:
        """The rows by column name."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


class Prompt:
    """One connection to the serving generation."""

    def __init__(self, conn: psycopg.Connection[tuple[Any, ...]], generation: int, timeout_seconds: int) -> None:
        self.generation = generation
        self._conn = conn
        self._timeout = timeout_seconds

    def run(self, query: str) -> Result:
        """Run one statement. Raises `NotAllowed`, or psycopg's errors with PostgreSQL's own words."""
        if any(word in query.lower() for word in FORBIDDEN):
            raise NotAllowed(f"not allowed here: {', '.join(FORBIDDEN)}")
        with self._conn.transaction():
            self._conn.execute("SET TRANSACTION READ ONLY")
            self._conn.execute(sql.SQL("SET LOCAL search_path TO {}").format(sql.Identifier(skema(self.generation))))
            self._conn.execute(sql.SQL("SET LOCAL statement_timeout = {}").format(f"{self._timeout}s"))
            self._conn.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(ROLE)))
            return self._fetch(query)

    def _fetch(self, query: str) -> Result:
        """The extended protocol (asked for by binary) takes one statement only."""
        with self._conn.cursor(binary=True) as cursor:
            cursor.execute(query.encode())
            if cursor.description is None:
                raise NotAllowed("only queries are run here")
            rows = cursor.fetchmany(MOST_ROWS + 1)
            return Result(tuple(c.name for c in cursor.description), tuple(rows[:MOST_ROWS]), len(rows) > MOST_ROWS)


@contextmanager
def prompt(url: str, timeout_seconds: int = 30) -> Iterator[Prompt]:
    """A prompt on the generation that serves now. Raises `IngenGeneration`, or psycopg's errors."""
    with psycopg.connect(url, autocommit=True, application_name="hub-sql", options="-c timezone=UTC") as conn:
        conn.execute("SET default_transaction_read_only = on")
        row = conn.execute(SERVING).fetchone()
        if row is None:
            raise IngenGeneration("no generation of the read models serves")
        _let_in(conn, skema(row[0]))
        yield Prompt(conn, row[0], timeout_seconds)


def _let_in(conn: psycopg.Connection[Any], schema: str) -> None:
    """Make the role, and let it read the generation, when that has not been done: the one thing that is written here."""
    made = conn.execute(ROLE_EXISTS, [ROLE]).fetchone() is not None
    may_read = conn.execute(MAY_READ, [ROLE, schema]).fetchone() if made else None
    if may_read == (True,):
        return
    with conn.transaction():
        conn.execute("SET TRANSACTION READ WRITE")
        conn.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        role, place = sql.Identifier(ROLE), sql.Identifier(schema)
        if conn.execute(ROLE_EXISTS, [ROLE]).fetchone() is None:
            conn.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(role))
        conn.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(role))
        conn.execute(sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(place, role))
        conn.execute(sql.SQL("GRANT SELECT ON ALL TABLES IN SCHEMA {} TO {}").format(place, role))
