"""Pitfalls of PostgreSQL and its drivers, each on the real server."""

import time
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from hub.bootstrap import Hus
from hub.consumers import start as worker_start
from hub.events import database, outbox
from hub.local.services import Services
from hub.notifications import numre
from hub.settings import Settings

pytestmark = pytest.mark.integration
FAELLES = {"timezone": "UTC", "transaction_isolation": "read committed"}
LEVENDE = {"statement_timeout": "30s", "idle_in_transaction_session_timeout": "20s"}
LANER = {"idle_session_timeout": "20s", "idle_in_transaction_session_timeout": "20s", "statement_timeout": "30s", "timezone": "UTC"}


def vist(engine: Engine, navne: dict[str, str]) -> dict[str, str]:
    """What a connection of the engine says that these settings are."""
    with engine.connect() as conn:
        return {navn: str(conn.execute(text(f"SHOW {navn}")).scalar_one()) for navn in navne}


@pytest.mark.parametrize("levende", [True, False])
def test_a_connection_s_settings_are_said_not_inherited(services: Services, levende: bool) -> None:
    """Time zone and isolation are ours on every connection; of a process that serves, also how long it may stand still in a transaction."""
    hus = Hus(Settings(), services.bootstrap, services.database_url)
    engine = hus.motor("test", levende=levende)
    ventet = FAELLES | (LEVENDE if levende else dict.fromkeys(LEVENDE, "0"))
    assert vist(engine, ventet) == ventet
    engine.dispose()


@pytest.mark.parametrize("saetninger", [outbox.SESSION, numre.SESSION])
def test_a_lane_s_session_ends_when_its_worker_stands_still(services: Services, saetninger: str) -> None:
    """Relay and sequencer hold advisory locks for as long as their session: a paused worker loses them in 20 s."""
    with psycopg.connect(services.database_url, autocommit=True) as conn:
        conn.execute(saetninger.encode())
        assert {navn: conn.execute(f"SHOW {navn}".encode()).fetchone() for navn in LANER} == {n: (v,) for n, v in LANER.items()}


def test_worker_and_api_are_processes_that_serve() -> None:
    """Both make their engine with the limits."""
    kilder = [Path(worker_start.__file__), Path(worker_start.__file__).parents[1] / "api" / "start.py"]
    assert all("levende=True" in kilde.read_text() for kilde in kilder)


def test_what_a_standing_process_holds_is_freed(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that stops in the middle of a transaction holds rows that its successor needs: the server ends the transaction."""
    monkeypatch.setattr(database, "LEVENDE", database.LEVENDE.replace("20s", "500ms"))
    staaende, efterfoelger = (database.motor(services.database_url, "test", levende=True) for _ in range(2))
    with staaende.connect() as stille, efterfoelger.connect() as conn:
        stille.execute(text("SELECT pg_advisory_xact_lock(4711)"))
        begyndt = time.monotonic()
        conn.execute(text("SELECT pg_advisory_xact_lock(4711)"))
        assert time.monotonic() - begyndt < 10
        with pytest.raises(DBAPIError):
            stille.execute(text("SELECT 1"))
    staaende.dispose()
    efterfoelger.dispose()
