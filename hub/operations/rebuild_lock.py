"""One rebuild at a time in a database, and none while it is restored."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, text

from hub.events.genskabelseslaas import delt

LOCK = 0x72656275
# Who holds the lock, and since when: its connection says so.
HOLDER = text("""
SELECT a.application_name, a.backend_start FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
WHERE l.locktype = 'advisory' AND l.granted AND l.classid = 0 AND l.objid = :lock AND l.database = (
    SELECT oid FROM pg_database WHERE datname = current_database())
""")


class AlreadyRebuilding(RuntimeError):
    """Another rebuild is under way; the text says whose, and since when."""


@contextmanager
def alone(engine: Engine) -> Iterator[None]:
    """The session lock of rebuilds, and a share of the restore's. Raises `AlreadyRebuilding`, `GenskabesNu`."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn, delt(engine):
        if not conn.execute(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": LOCK}).scalar_one():
            raise AlreadyRebuilding(_holder(conn))
        try:
            yield
        finally:
            conn.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": LOCK})


def _holder(conn: Connection) -> str:
    holder = conn.execute(HOLDER, {"lock": LOCK}).one_or_none()
    if holder is None:
        return "Another rebuild has just ended: run this again."
    return f"A rebuild is under way: {holder.application_name.removeprefix('hub-')}, since {holder.backend_start:%Y-%m-%d %H:%M:%S} UTC."
