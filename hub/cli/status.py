"""`hub status`: where everything stands."""

import asyncio
import time
from typing import Annotated, Any

import typer

from hub.bootstrap import Hus
from hub.cli.form import FINDING, AsJson, finding, json_line, say, table
from hub.cli.reach import NotRunning, engine, reach
from hub.operations.status import Log, Status, log_now, trend
from hub.operations.status import status as read_status


def status(
    seconds: Annotated[float, typer.Option(min=0, max=60, help="How long to watch the lag for its trend; 0: not at all.")] = 1.0,
    as_json: AsJson = False,
) -> None:
    """Log ends, checkpoints, lag and trend, generations, ledger and outbox, lanes, parked cases, numbers per jobcentre.

    Exit 1 when nothing runs, or when there is something to look at.
    """
    try:
        found = _measure(reach(), seconds)
    except NotRunning as problem:
        if as_json:
            json_line({"running": False, "findings": [str(problem)]})
        raise finding(str(problem)) from problem
    if as_json:
        json_line({"running": True, **vars(found)})
    else:
        _print(found)
    say(*found.findings)
    if not found.ok:
        raise typer.Exit(FINDING)


def _measure(hub: Hus, seconds: float) -> Status:
    with engine(hub) as db:
        log = asyncio.run(log_now(hub.options, db))
        if seconds:
            started = time.monotonic()
            time.sleep(seconds)
            later = asyncio.run(log_now(hub.options, db))
            log = trend(log, later, time.monotonic() - started)
        with db.connect() as conn:
            return read_status(conn, log)


def _print(found: Status) -> None:
    _section("log", [vars(p) for p in found.log.partitions], ("partition", "end", "checkpoint", "lag"))
    typer.echo(f"in all {found.log.end} events, lag {found.log.lag}{_trend(found.log)}")
    _section("generations", found.generations, ("nummer", "serverer", "projektionsversion", "oprettet"))
    _section("ledger", [found.ledger], ("cases", "unsent", "oldest_unsent_seconds", "kept"))
    _section("lanes", found.lanes, ("topic", "partition", "naeste_offset", "compared", "bagud"))
    _section("lanes of each worker's relay and sequencer", found.shares, ("serves", "session", "lanes"))
    _section("parked", found.parked, ("stroem", "events", "since", "reason"))
    _section("jobcentres", found.jobcentres, ("jobcentre", "head", "sent", "unnumbered"))
    typer.echo(f"\nworkers: {found.workers}")


def _section(title: str, rows: Any, columns: tuple[str, ...]) -> None:
    typer.echo(f"\n{title}" if rows else f"\n{title}: none")
    if rows:
        table(rows, columns)


def _trend(log: Log) -> str:
    return "" if log.trend is None else f", {log.trend:+.1f} a second"
