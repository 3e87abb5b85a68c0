"""The migrations on a real PostgreSQL."""

import inspect
import json
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError, ProgrammingError
from structlog.testing import capture_logs

from hub.bootstrap import Hus, klargoer_database
from hub.events.database import motor, server_start
from hub.events.tables import METADATA, SKEMAER
from hub.events.topics import FAKTA, SATSER
from hub.migrations import migrer as modul
from hub.migrations.migrer import migrer
from hub.projections import generation
from hub.projections.generation import AndenProjektionsversion
from hub.settings import Settings

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def engine(database_url: str) -> Iterator[Engine]:
    """An engine on this module's database, which nobody has migrated."""
    engine = motor(database_url, "test")
    yield engine
    engine.dispose()


def test_four_processes_at_once_migrate_an_empty_database(engine: Engine) -> None:
    """Processes that start together all succeed, and a later start changes nothing."""
    _at_once(lambda: migrer(engine), 4)
    before = _revisions(engine)
    migrer(engine)
    assert _revisions(engine) == before == {"ledger_0003", "delivery_0003", "keys_0003", "audit_0002"}


def test_the_migrated_database_is_what_the_tables_say(engine: Engine) -> None:
    """Alembic finds no difference between the migrated database and METADATA."""
    migrer(engine)
    with engine.connect() as conn:
        assert _differences(conn) == []
        conn.execute(text("ALTER TABLE ledger.stroemme DROP COLUMN gulv"))
        assert [d[0] for d in _differences(conn)] == ["add_column"]
        conn.rollback()


def test_a_dropped_schema_is_made_anew_beside_those_kept(engine: Engine) -> None:
    """With ledger and delivery dropped (a restore), migrating brings them back and leaves keys alone."""
    migrer(engine)
    with engine.begin() as conn:
        conn.execute(text("INSERT INTO keys.personer VALUES ('\\x00', 'b1') ON CONFLICT DO NOTHING"))
        conn.execute(text("DROP SCHEMA ledger CASCADE; DROP SCHEMA delivery CASCADE"))
    migrer(engine)
    with engine.connect() as conn:
        assert _differences(conn) == []
        assert conn.execute(text("SELECT count(*) FROM keys.personer")).scalar_one() == 1


def test_old_code_starts_on_a_newer_schema(engine: Engine, database_url: str) -> None:
    """A revision that the code does not have is a later release's: it stays, no schema changes, a line says so, and the process starts."""
    migrer(engine)
    with engine.begin() as conn:
        conn.execute(text("UPDATE ledger.alembic_version SET version_num = 'ledger_9999'; ALTER TABLE ledger.stroemme ADD COLUMN ny int"))
    try:
        with capture_logs() as said:
            klargoer_database(Hus(Settings(), "", database_url))
        assert "ledger_9999" in _revisions(engine)
        assert [(s["log_level"], s["schema"], s["revision"]) for s in said] == [("warning", "ledger", "ledger_9999")]
    finally:
        with engine.begin() as conn:
            conn.execute(text("UPDATE ledger.alembic_version SET version_num = 'ledger_0003'; ALTER TABLE ledger.stroemme DROP COLUMN ny"))


SENERE = """
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "ledger_9001", "ledger_0003", None, None


def upgrade() -> None:
    op.add_column("stroemme", sa.Column("senere", sa.Text()), schema="ledger")
"""


@pytest.fixture
def later(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A later release's code: the ledger's chain has one revision more, which a running hub's table is changed by."""
    migrer(engine)
    rigtig = modul.konfiguration

    def konfiguration(conn: Connection, skema: str) -> Config:
        config = rigtig(conn, skema)
        if skema == "ledger":
            config.set_main_option("version_locations", f"{config.get_main_option('version_locations')}\n{tmp_path}")
        return config

    (tmp_path / "ledger_9001.py").write_text(SENERE, encoding="utf-8")
    monkeypatch.setattr(modul, "konfiguration", konfiguration)
    yield
    with engine.begin() as conn:
        conn.execute(text("UPDATE ledger.alembic_version SET version_num = 'ledger_0003'"))
        conn.execute(text("ALTER TABLE ledger.stroemme DROP COLUMN IF EXISTS senere"))


def test_a_migration_does_not_hold_up_those_behind_it(engine: Engine, later: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody reads the table for long: who writes meanwhile waits a moment, not for the reader's end; then the table is changed."""
    monkeypatch.setattr(modul, "SAET_LAASETID", "SET LOCAL lock_timeout = '200ms'")
    monkeypatch.setattr(modul, "PAUSE_SEKUNDER", 0.05)
    with ThreadPoolExecutor(1) as pool, engine.connect() as reader:
        reader.execute(text("SELECT count(*) FROM ledger.stroemme"))
        migrating = pool.submit(migrer, engine)
        for _ in range(20):
            with engine.begin() as conn:
                conn.execute(text("SET LOCAL lock_timeout = '1s'"))
                conn.execute(text("DELETE FROM ledger.stroemme WHERE stroem = 'nobody'"))
            time.sleep(0.03)
        assert not migrating.done() and "ledger_0003" in _revisions(engine)
        reader.rollback()
        migrating.result(10)
    assert "ledger_9001" in _revisions(engine)


def test_a_migration_that_never_gets_its_table_gives_up(engine: Engine, later: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """After its attempts it fails, with nothing changed."""
    monkeypatch.setattr(modul, "SAET_LAASETID", "SET LOCAL lock_timeout = '20ms'")
    monkeypatch.setattr(modul, "PAUSE_SEKUNDER", 0.01)
    monkeypatch.setattr(modul, "FORSOEG", 3)
    with engine.connect() as reader:
        reader.execute(text("SELECT count(*) FROM ledger.stroemme"))
        with pytest.raises(OperationalError, match="lock timeout"):
            migrer(engine)
    assert "ledger_0003" in _revisions(engine)


def test_code_that_refuses_what_serves_has_not_migrated(engine: Engine, database_url: str) -> None:
    """Another projection version: refused with nothing changed, so that the code before starts again."""
    migrer(engine)
    generation.sikr(engine)
    with engine.begin() as conn:
        conn.execute(text("DROP INDEX ledger.ix_stroemme_topic; DROP TABLE ledger.akter"))
        conn.execute(text("UPDATE ledger.alembic_version SET version_num = 'ledger_0001'"))
        conn.execute(text("UPDATE delivery.generationer SET projektionsversion = projektionsversion - 1"))
    try:
        with pytest.raises(AndenProjektionsversion, match="hub rebuild --accept --execute"):
            klargoer_database(Hus(Settings(), "", database_url))
        assert "ledger_0001" in _revisions(engine)
    finally:
        with engine.begin() as conn:
            conn.execute(text("UPDATE delivery.generationer SET projektionsversion = projektionsversion + 1"))
        migrer(engine)


def test_acts_of_before_are_known_from_the_receipts(engine: Engine) -> None:
    """What stood in the ledger before acts had a table: each act is its case's, the first one's of two; references have none."""
    migrer(engine)
    akter = [str(uuid.uuid4()) for _ in range(2)]
    modtaget = [("foerste", akter[0], 1), ("foerste", akter[0], 2), ("anden", akter[0], 3), ("anden", akter[1], 4), ("liste", "liste", 5)]
    with engine.begin() as conn:
        conn.execute(text("TRUNCATE ledger.stroemme, ledger.anmodninger; DROP TABLE ledger.akter"))
        conn.execute(text("UPDATE ledger.alembic_version SET version_num = 'ledger_0002'"))
        for navn, topic in (("foerste", FAKTA), ("anden", FAKTA), ("liste", SATSER)):
            conn.execute(text("INSERT INTO ledger.stroemme VALUES (:n, :t, 0, 1, NULL, 1)"), {"n": navn, "t": topic})
        for sag, akt, dag in modtaget:
            felter = {"r": f"r{dag}", "k": json.dumps({"sagsId": sag, "eksternIdentifier": akt}), "o": datetime(2026, 1, dag, tzinfo=UTC)}
            conn.execute(text("INSERT INTO ledger.anmodninger VALUES (:r, '', CAST(:k AS jsonb), :o)"), felter)
        conn.execute(text("INSERT INTO ledger.anmodninger VALUES ('skift', '', '{\"haendelser\": []}')"))
    migrer(engine)
    with engine.begin() as conn:
        fundet = {str(akt): sag for akt, sag in conn.execute(text("SELECT * FROM ledger.akter"))}
        conn.execute(text("TRUNCATE ledger.stroemme, ledger.anmodninger, ledger.akter"))
    assert fundet == {akter[0]: "foerste", akter[1]: "anden"}


def test_a_failed_migration_leaves_nothing(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """All schemas migrate in one transaction: when the last one fails, the first one is not there either."""
    with engine.begin() as conn:
        conn.execute(text("".join(f"DROP SCHEMA IF EXISTS {skema} CASCADE;" for skema in SKEMAER)))
    monkeypatch.setattr(modul, "SKEMAER", (*SKEMAER, "pg_forbudt"))
    with pytest.raises(ProgrammingError, match="pg_forbudt"):
        migrer(engine)
    with engine.connect() as conn:
        assert conn.execute(text("SELECT count(*) FROM pg_tables WHERE schemaname = 'ledger'")).scalar_one() == 0


def test_a_session_is_in_utc_and_named(engine: Engine) -> None:
    """Every connection is in UTC, bears the process's name, and can tell since when the server runs."""
    with engine.connect() as conn:
        assert conn.execute(text("SELECT current_setting('timezone'), current_setting('application_name')")).one() == ("UTC", "test")
        start = server_start(conn)
        assert start.utcoffset() is not None and start < conn.execute(text("SELECT clock_timestamp()")).scalar_one()


def test_an_options_parameter_of_the_url_is_kept(database_url: str) -> None:
    """Session settings in the URL stand beside the hub's own."""
    engine = motor(f"{database_url}{'&' if '?' in database_url else '?'}options=-c%20work_mem%3D8MB", "test")
    with engine.connect() as conn:
        assert conn.execute(text("SELECT current_setting('work_mem'), current_setting('timezone')")).one() == ("8MB", "UTC")
    engine.dispose()


def test_nothing_happens_at_import() -> None:
    """The module that makes engines holds none."""
    assert [v for _, v in inspect.getmembers(inspect.getmodule(motor)) if isinstance(v, Engine)] == []


def _differences(conn: Connection) -> list[tuple[object, ...]]:
    def ours(name: str | None, kind: str, parents: object) -> bool:
        return name in SKEMAER if kind == "schema" else name != "alembic_version"

    context = MigrationContext.configure(conn, opts={"include_schemas": True, "include_name": ours, "compare_server_default": True})
    return list(compare_metadata(context, METADATA))


def _revisions(engine: Engine) -> set[str]:
    with engine.connect() as conn:
        return {conn.execute(text(f"SELECT version_num FROM {skema}.alembic_version")).scalar_one() for skema in SKEMAER}


def _at_once(work: Callable[[], None], n: int) -> None:
    port = threading.Barrier(n)

    def run(_: int) -> None:
        port.wait()
        work()

    with ThreadPoolExecutor(n) as pool:
        list(pool.map(run, range(n)))
