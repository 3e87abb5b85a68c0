"""The engine: a postgresql:// URL, psycopg 3, a bounded pool, and the session settings that every connection of the hub has."""

from datetime import datetime

from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.engine import URL, make_url

from hub.events.besoeg import NOEGLEPLANER
from hub.events.lytter import LEVETEGN

PULJE = 10
VENT_SEKUNDER = 30.0
SESSION = "-c timezone=UTC -c default_transaction_isolation=read\\ committed"
# A process that stands still (paused, or its machine gone) in the middle of a transaction holds rows that its successor needs, and a
# statement that hangs holds a thread that the process waits for when it ends: both are cut. Not where a snapshot is held for long (verify).
LEVENDE = "-c statement_timeout=30s -c idle_in_transaction_session_timeout=20s"

EN_KERNE = text("SET LOCAL max_parallel_workers_per_gather = 0; SET LOCAL max_parallel_maintenance_workers = 0")
"""For a transaction that leaves the server's other cores to live traffic."""


def motor(url: str, navn: str, pulje: int = PULJE, *, levende: bool = False, forberedt: bool = False) -> Engine:
    """An engine for a postgresql:// URL; no connection is made yet.

    `navn` is shown as application_name; at most `pulje` connections, and a caller waits 30 s for one before `TimeoutError`.
    A connection that the server has closed is found out by its first statement, which then fails: appending is retried.
    `levende`: for the processes that serve; the server ends a transaction that idles for 20 s, and a statement after 30 s, and plans
    for keys.
    `forberedt`: psycopg prepares what is asked often, planned as usual; such a connection makes no visits (`besoeg`).
    """
    maal = make_url(url).set(drivername="postgresql+psycopg")
    return create_engine(
        maal,
        pool_size=pulje,
        max_overflow=0,
        pool_timeout=VENT_SEKUNDER,
        pool_use_lifo=True,
        connect_args={
            "application_name": navn,
            "options": _session(maal, levende, forberedt),
            "prepare_threshold": 5 if forberedt else None,
            **LEVETEGN,
        },
    )


def server_start(conn: Connection) -> datetime:
    """When this PostgreSQL server started (UTC): a lane must have been compared with its log since."""
    start: datetime = conn.execute(text("SELECT pg_postmaster_start_time()")).scalar_one()
    return start


def _session(maal: URL, levende: bool, forberedt: bool) -> str:
    """Our session settings after those that the URL itself asks for."""
    egne = maal.query.get("options", ())
    noegler = [f"-c {navn}={vaerdi}" for navn, vaerdi in NOEGLEPLANER.items()] if levende and not forberedt else []
    return " ".join([*([egne] if isinstance(egne, str) else egne), SESSION, *([LEVENDE] if levende else []), *noegler])
