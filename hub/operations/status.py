"""Where everything stands: the log beside the checkpoints, the ledger and its outbox, lanes, parked cases, numbers per jobcentre."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, text

from hub.events import journal, topics
from hub.events.genskabelseslaas import ARBEJDER
from hub.projections import checkpoint

PATIENCE_SECONDS = 60
"""An outbox row that waits longer than this is a finding."""

GENERATIONS = text("SELECT nummer, projektionsversion, oprettet, serverer FROM delivery.generationer ORDER BY nummer")
LEDGER = text("""
SELECT (SELECT count(*) FROM ledger.stroemme WHERE topic = :topic AND version > 0) AS cases,
       count(*) FILTER (WHERE sendt IS NULL) AS unsent,
       extract(epoch FROM clock_timestamp() - min(oprettet) FILTER (WHERE sendt IS NULL))::float8 AS oldest_unsent_seconds,
       count(*) FILTER (WHERE sendt IS NOT NULL) AS kept
FROM ledger.outbox
""")
LANES = text("""
SELECT topic, partition, naeste_offset, server_start IS NOT DISTINCT FROM pg_postmaster_start_time() AS compared, bagud
FROM ledger.baner ORDER BY topic, partition
""")
PARKED = text("""
SELECT stroem, count(*) AS events, min(parkeret) AS since, (array_agg(fejl ORDER BY partition, kafka_offset))[1] AS reason
FROM delivery.parkerede WHERE tilstand = 'parkeret' GROUP BY stroem ORDER BY min(parkeret)
""")
NUMBERS = text("""
SELECT coalesce(m.job_center_kode, n.job_center_kode) AS jobcentre, coalesce(m.hoved, 0) AS head, coalesce(m.sendt, 0) AS sent,
       coalesce(n.antal, 0) AS unnumbered
FROM delivery.numre m
FULL JOIN (SELECT job_center_kode, count(*) AS antal FROM delivery.notifikationer WHERE nummer IS NULL GROUP BY 1) n
     USING (job_center_kode)
ORDER BY 1
""")
# Who serves: a mark per class of lanes (the second key -1), beside the locks of the lanes themselves (hub/events/andel.py).
SHARES = text("""
SELECT a.application_name AS serves, l.pid AS session, (count(*) FILTER (WHERE l.objid < 1000))::int AS lanes
FROM pg_locks l JOIN pg_stat_activity a USING (pid)
WHERE l.locktype = 'advisory' AND l.objsubid = 2 AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND a.application_name IN ('hub-relay', 'hub-sekvenser')
GROUP BY 1, 2 ORDER BY 1, 2
""")
# A worker that has lost this connection ends.
WORKERS = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = :worker").bindparams(
    worker=ARBEJDER
)


@dataclass(frozen=True)
class Partition:
    """A partition of the facts: the log's end, the checkpoint (None: none), and how many events lie between."""

    partition: int
    end: int
    checkpoint: int | None
    lag: int | None


@dataclass(frozen=True)
class Log:
    """All partitions together. `trend` is how much the lag changed per second (negative: it is catching up), None when measured once."""

    partitions: tuple[Partition, ...]
    end: int
    lag: int
    trend: float | None = None


@dataclass(frozen=True)
class Status:
    """What `hub status` answers. `shares`: lanes held by each session of a relay or sequencer. `findings`: what to look at."""

    log: Log
    generations: tuple[dict[str, Any], ...]
    ledger: dict[str, Any]
    lanes: tuple[dict[str, Any], ...]
    shares: tuple[dict[str, Any], ...]
    parked: tuple[dict[str, Any], ...]
    jobcentres: tuple[dict[str, Any], ...]
    workers: int
    at: datetime
    findings: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Nothing to look at."""
        return not self.findings


async def log_now(options: dict[str, Any], engine: Engine) -> Log:
    """The log's ends first, then the checkpoints: a lag shown was true at some moment between. Raises KafkaError."""
    ends = await journal.slutninger(options, topics.FAKTA)
    with engine.connect() as conn:
        places = checkpoint.laes(conn)
    partitions = tuple(_partition(p, end, places.get(p)) for p, end in sorted(ends.items()))
    return Log(partitions, sum(ends.values()), sum(p.lag or 0 for p in partitions))


def trend(first: Log, second: Log, seconds: float) -> Log:
    """The second measurement with how the lag changed since the first."""
    return Log(second.partitions, second.end, second.lag, round((second.lag - first.lag) / seconds, 1))


def status(conn: Connection, log: Log) -> Status:
    """Everything, in one snapshot of the database beside a measurement of the log."""
    asked = (("generations", GENERATIONS), ("lanes", LANES), ("shares", SHARES), ("parked", PARKED))
    read = {name: _rows(conn, query) for name, query in asked}
    ledger = dict(conn.execute(LEDGER, {"topic": topics.FAKTA}).mappings().one())
    workers = int(conn.execute(WORKERS).scalar_one())
    jobcentres = _rows(conn, NUMBERS)
    at: datetime = conn.execute(text("SELECT clock_timestamp()")).scalar_one()
    found = (*_log_findings(log), *_ledger_findings(ledger, read["lanes"]), *_other_findings(read["parked"], workers))
    return Status(log, ledger=ledger, jobcentres=jobcentres, workers=workers, at=at, findings=found, **read)


def _rows(conn: Connection, query: Any) -> tuple[dict[str, Any], ...]:
    return tuple(dict(row) for row in conn.execute(query).mappings())


def _partition(partition: int, end: int, place: int | None) -> Partition:
    return Partition(partition, end, place, None if place is None else max(end - place, 0))


def _log_findings(log: Log) -> list[str]:
    lost = [p.partition for p in log.partitions if p.checkpoint is None and p.end > 0]
    beyond = [p.partition for p in log.partitions if p.checkpoint is not None and p.checkpoint > p.end]
    found = [f"partitions {lost} have events but no checkpoint: run `hub restore`"] if lost else []
    return found + ([f"the checkpoints of partitions {beyond} lie beyond the log: it was cut or is another one"] if beyond else [])


def _ledger_findings(ledger: Mapping[str, Any], lanes: tuple[dict[str, Any], ...]) -> list[str]:
    found = [f"{lane['topic']}: {lane['bagud']}" for lane in lanes if lane["bagud"]]
    oldest = ledger["oldest_unsent_seconds"]
    if oldest is not None and oldest > PATIENCE_SECONDS:
        found.append(f"the outbox has {ledger['unsent']} unsent rows, the oldest for {oldest:.0f} s")
    return found


def _other_findings(parked: tuple[dict[str, Any], ...], workers: int) -> list[str]:
    found = [f"{len(parked)} case(s) have parked events: see `hub deadletters list`"] if parked else []
    return found if workers else [*found, "no worker is running"]
