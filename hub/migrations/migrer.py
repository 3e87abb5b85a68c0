"""Bring a database to the newest state; several processes may start at once."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, text
from sqlalchemy.schema import CreateSchema

from hub.events.tables import SKEMAER

LAAS = 0x76697461
"""The advisory lock under which one process migrates while the others wait."""
MAPPE = Path(__file__).parent


def migrer(engine: Engine) -> None:
    """Make or bring up to date every schema that Alembic owns, in one transaction: all of it or nothing.

    Doing it again changes nothing. Raises SQLAlchemy's errors when the database cannot be reached or changed.
    """
    with engine.begin() as conn:
        conn.execute(text("SELECT pg_advisory_xact_lock(:laas)"), {"laas": LAAS})
        for skema in SKEMAER:
            conn.execute(CreateSchema(skema, if_not_exists=True))
            command.upgrade(konfiguration(conn, skema), "head")


def konfiguration(conn: Connection, skema: str) -> Config:
    """Alembic's configuration for one schema's chain, on a connection that is open."""
    config = Config()
    config.set_main_option("script_location", str(MAPPE).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", str(MAPPE / skema).replace("%", "%%"))
    config.attributes["forbindelse"] = conn
    config.attributes["skema"] = skema
    return config
