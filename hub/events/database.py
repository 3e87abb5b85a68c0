"""The engine: a postgresql:// URL, psycopg 3, a bounded pool, and the session settings that every connection of the hub has."""

from datetime import datetime

from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.engine import URL, make_url

PULJE = 10
VENT_SEKUNDER = 30.0
SESSION = "-c timezone=UTC -c default_transaction_isolation=read\\ committed"


def motor(url: str, navn: str, pulje: int = PULJE) -> Engine:
    """An engine for a postgresql:// URL; no connection is made yet.

    `navn` is shown as application_name; at most `pulje` connections, and a caller waits 30 s for one before `TimeoutError`.
    A connection that the server has closed is found out by its first statement, which then fails: appending is retried.
    """
    maal = make_url(url).set(drivername="postgresql+psycopg")
    return create_engine(
        maal,
        pool_size=pulje,
        max_overflow=0,
        pool_timeout=VENT_SEKUNDER,
        pool_use_lifo=True,
        connect_args={"application_name": navn, "options": _session(maal)},
    )


def server_start(conn: Connection) -> datetime:
    """When this PostgreSQL server started (UTC): a lane must have been compared with its log since."""
    start: datetime = conn.execute(text("SELECT pg_postmaster_start_time()")).scalar_one()
    return start


def _session(maal: URL) -> str:
    """Our session settings after those that the URL itself asks for."""
    egne = maal.query.get("options", ())
    return " ".join([*([egne] if isinstance(egne, str) else egne), SESSION])
