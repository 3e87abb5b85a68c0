"""The contestants' table in PostgreSQL; apart from `peer`, since not every environment has psycopg."""

from collections.abc import Iterable, Mapping
from typing import Any

import psycopg
from peer import COLUMNS

TYPES = ("text", "text", "text", "date", "date", "date", "int")
KEEP = f"""
INSERT INTO peer.cases SELECT * FROM unnest({", ".join(f"%b::{type_}[]" for type_ in TYPES)})
ON CONFLICT (sags_id) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in COLUMNS[1:])}
"""
KEEP_ONE = KEEP.replace("SELECT * FROM unnest(", "VALUES (").replace("[]", "")
PLACE = "INSERT INTO peer.places VALUES (%s, %s) ON CONFLICT (partition) DO UPDATE SET next = excluded.next"


class Postgres:
    """A table in PostgreSQL, one commit per batch."""

    def __init__(self, url: str) -> None:
        self._conn = psycopg.connect(url)
        self._conn.execute("DROP SCHEMA IF EXISTS peer CASCADE")
        self._conn.execute("CREATE SCHEMA peer")
        columns = ", ".join(f"{name} {type_}" for name, type_ in zip(COLUMNS, TYPES, strict=True))
        self._conn.execute(f"CREATE TABLE peer.cases ({columns}, PRIMARY KEY (sags_id))")
        self._conn.execute("CREATE TABLE peer.places (partition int PRIMARY KEY, next bigint)")
        self._conn.commit()

    def keep(self, rows: list[tuple[Any, ...]], places: Mapping[int, int]) -> None:
        """Insert or replace the rows, and how far each partition was read, in one commit."""
        if len(rows) == 1:
            self._conn.execute(KEEP_ONE, rows[0])
        elif rows:
            self._conn.execute(KEEP, tuple(map(list, zip(*rows, strict=True))))
        for place in places.items():
            self._conn.execute(PLACE, place)
        self._conn.commit()

    def rows(self) -> Iterable[tuple[Any, ...]]:
        """What is kept."""
        with self._conn.cursor("read_back") as cursor:
            cursor.execute("SELECT * FROM peer.cases")
            yield from cursor
