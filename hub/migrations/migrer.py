"""Bring a database to the newest state; several processes may start at once."""

import time
from pathlib import Path

import psycopg
import structlog
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.schema import CreateSchema

from hub.events.tables import SKEMAER

LAAS = 0x76697461
"""The advisory lock under which one process migrates while the others wait."""
MAPPE = Path(__file__).parent
SAET_LAASETID = "SET LOCAL lock_timeout = '2s'"
FORSOEG = 60
PAUSE_SEKUNDER = 1.0
OPTAGET = (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected)

log = structlog.get_logger(__name__)


def migrer(engine: Engine) -> None:
    """Make or bring up to date every schema that Alembic owns, in one transaction: all of it or nothing.

    Doing it again changes nothing, and what newer code has made stays as it is: this code works on it, as its release was tried with.
    A change of a table waits for who uses it, and whoever wants the table next waits behind the change: after two seconds it lets them
    pass and is tried again, for up to three minutes. Raises SQLAlchemy's errors when the database cannot be reached or changed.
    """
    for tilbage in reversed(range(FORSOEG)):
        try:
            _migrer(engine)
            break
        except OperationalError as fejl:
            if not tilbage or not isinstance(fejl.orig, OPTAGET):
                raise
        log.warning("the database is in use: migrating again in a moment")
        time.sleep(PAUSE_SEKUNDER)


def _migrer(engine: Engine) -> None:
    with engine.begin() as conn:
        conn.execute(text(SAET_LAASETID))
        conn.execute(text("SELECT pg_advisory_xact_lock(:laas)"), {"laas": LAAS})
        for skema in SKEMAER:
            conn.execute(CreateSchema(skema, if_not_exists=True))
            config = konfiguration(conn, skema)
            if nyere := _ukendte(conn, config, skema):
                log.warning("the database is newer than this code: not migrated", schema=skema, revision=", ".join(sorted(nyere)))
            else:
                command.upgrade(config, "head")


def _ukendte(conn: Connection, config: Config, skema: str) -> set[str]:
    """The revisions that the schema stands at and this code does not have: a later release's."""
    kendte = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    return set(MigrationContext.configure(conn, opts={"version_table_schema": skema}).get_current_heads()) - kendte


def konfiguration(conn: Connection, skema: str) -> Config:
    """Alembic's configuration for one schema's chain, on a connection that is open."""
    config = Config()
    config.set_main_option("script_location", str(MAPPE).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", str(MAPPE / skema).replace("%", "%%"))
    config.attributes["forbindelse"] = conn
    config.attributes["skema"] = skema
    return config
