"""What a restore finds in the database, what it refuses, and the generation that it begins."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

from hub.events.genskabelseslaas import er_maerket
from hub.events.tables import CHECKPOINTS, GENERATIONER, PARKEREDE, POSITIONER
from hub.events.topics import FAKTA_PARTITIONER
from hub.operations.status import WORKERS
from hub.projections import generation, generationsbyg

COUNTS = text("""
SELECT (SELECT count(*) FROM ledger.stroemme WHERE version > 0) AS streams,
       (SELECT count(*) FROM ledger.outbox) AS outbox,
       (SELECT count(*) FROM ledger.outbox WHERE sendt IS NULL) AS unsent,
       (SELECT count(*) FROM delivery.notifikationer) AS notifications,
       (SELECT count(*) FROM delivery.parkerede WHERE tilstand = 'parkeret') AS parked
""")
OUR_SCHEMAS = text("SELECT nspname FROM pg_namespace WHERE nspname IN ('ledger', 'delivery')")


class Refused(RuntimeError):
    """The restore is not begun; the text says why."""


@dataclass(frozen=True)
class Found:
    """What the database holds before the restore; `interrupted`: an earlier restore did not get to its end."""

    streams: int
    outbox: int
    unsent: int
    notifications: int
    parked: int
    workers: int
    interrupted: bool

    @property
    def empty(self) -> bool:
        """Nothing that a restore would replace."""
        return not (self.streams or self.outbox or self.notifications)


def find(conn: Connection) -> Found:
    """Count. A database without our schemas is empty."""
    if set(conn.execute(OUR_SCHEMAS).scalars()) != {"ledger", "delivery"}:
        return Found(0, 0, 0, 0, 0, int(conn.execute(WORKERS).scalar_one()), interrupted=False)
    counts: dict[str, Any] = dict(conn.execute(COUNTS).mappings().one())
    workers = int(conn.execute(WORKERS).scalar_one())
    return Found(**counts, workers=workers, interrupted=er_maerket(conn))


def refuse(found: Found, events_on_log: int, replace: bool) -> None:
    """Raise `Refused` when the restore must not begin."""
    if found.workers:
        raise Refused(
            "A worker is running: stop every worker (and `hub up`) first; `hub services start` starts the embedded services alone."
        )
    if not events_on_log and found.streams:
        raise Refused(f"The log is empty, the ledger has {found.streams} streams: this is not the Kafka that belongs to the database.")
    if not (found.empty or found.interrupted or replace):
        raise Refused(
            f"The database is not empty ({found.streams} streams, {found.outbox} outbox rows): add --replace to rebuild it from the log."
        )


def fresh_generation(conn: Connection) -> int:
    """Drop every generation and make a new one that serves, its checkpoints and notify positions at the log's start."""
    old = generationsbyg.findes(conn)
    for earlier in old:
        conn.execute(text(f"DROP SCHEMA {generation.skema(earlier)} CASCADE"))
    for table in (CHECKPOINTS, POSITIONER, PARKEREDE, GENERATIONER):
        conn.execute(table.delete())
    number = 1 + max(old, default=0)
    generation.opret(conn, number)
    conn.execute(GENERATIONER.update().values(serverer=True))
    places = [{"partition": partition, "naeste_offset": 0} for partition in range(FAKTA_PARTITIONER)]
    conn.execute(CHECKPOINTS.insert(), [{"generation": number, **place} for place in places])
    conn.execute(POSITIONER.insert(), places)
    return number
