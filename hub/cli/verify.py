"""`hub verify`: the log against everything that was made of it."""

import asyncio
from typing import Annotated

import typer

from hub.cli.form import AsJson, finding, json_line, progress, say, table
from hub.cli.reach import engine, reach
from hub.notifications.tabel import notificer
from hub.operations.verify import Parts, Verification
from hub.operations.verify import verify as run

COLUMNS = ("partition", "offset", "case", "what", "log", "database")
COUNTS = ("cases", "references", "events", "repeats", "parked", "discarded", "jobcentres", "notifications", "differences")


def verify(
    sample: Annotated[float, typer.Option(min=0.0001, max=1.0, help="The share of the cases to look at.")] = 1.0,
    as_json: AsJson = False,
) -> None:
    """Fold the logs anew and compare: rows, timeline, ledger, reference streams, what was due to whom, the topics' numbers.

    Exit 1 on any difference.
    """
    hub = reach()
    with engine(hub, 3) as db, progress("verifying") as move:
        found = asyncio.run(run(Parts(db, hub.options, hub.kodeks, notificer), sample, move))
    if as_json:
        json_line({**vars(found), "ok": found.ok})
    else:
        _print(found)
    if not found.ok:
        raise finding(f"{found.differences} difference(s)")
    say("Everything agrees with the log.")


def _print(found: Verification) -> None:
    table([vars(found)], COUNTS)
    if found.findings:
        typer.echo("")
        table(found.findings, COLUMNS)
