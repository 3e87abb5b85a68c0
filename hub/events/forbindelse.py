"""The driver's own connection inside a SQLAlchemy transaction: for pipelines (many statements, one round trip) and COPY."""

from typing import Any

import psycopg
from sqlalchemy import Connection

Raekke = tuple[Any, ...]
Forbindelse = psycopg.Connection[Raekke]


def raa_forbindelse(conn: Connection) -> Forbindelse:
    """The psycopg connection under `conn`; what is done on it belongs to the transaction that SQLAlchemy began and will end."""
    raa = conn.connection.driver_connection
    assert isinstance(raa, psycopg.Connection)
    return raa
