"""`hub verify`: the log against everything that was made of it."""

from typing import Annotated

import typer

from hub.cli.form import AsJson, finding, json_line, progress, say, table
from hub.cli.reach import engine, reach
from hub.notifications.tabel import notificer
from hub.operations.processes import ProcessFailed
from hub.operations.verify import Parts, Verification
from hub.operations.verify import verify as run

COLUMNS = ("partition", "offset", "case", "what", "log", "database")
WITHOUT_ROW = ("ledger.akter", "no row")
COUNTS = ("cases", "references", "events", "repeats", "parked", "discarded", "jobcentres", "notifications", "differences")


def verify(
    sample: Annotated[float, typer.Option(min=0.0001, max=1.0, help="The share of the cases to look at.")] = 1.0,
    workers: Annotated[int, typer.Option("--workers", min=1, max=64, help="Processes that read and fold; each takes partitions.")] = 2,
    as_json: AsJson = False,
) -> None:
    """Fold the logs anew and compare: rows, timeline, ledger, reference streams, what was due to whom, the topics' numbers.

    Beside live traffic it compares at a fixed position, in one snapshot of the database. It changes nothing and may be cut short at any
    time. Exit 1 on any difference.
    """
    hub = reach()
    try:
        with engine(hub, 1) as db, progress("reading and comparing") as move:
            where = hub.settings, hub.bootstrap, hub.database_url
            found = run(Parts(*where, db, hub.options, hub.kodeks, notificer, hub.settings.data), sample, move, workers)
    except KeyboardInterrupt:
        raise finding("Cut short: nothing is said of what was not looked at yet.") from None
    except ProcessFailed as problem:
        raise finding(f"Not verified: {problem}") from problem
    if as_json:
        json_line({**vars(found), "events_per_second": round(found.events_per_second), "ok": found.ok})
    else:
        _print(found)
    if not found.ok:
        raise finding(f"{found.differences} difference(s)", *_advice(found))
    if found.told_otherwise:
        say(f"{found.told_otherwise} notification(s) were told by older rules, and the present ones would say otherwise: no difference.")
    say(f"Everything agrees with the log. {found.events} event(s) in {found.seconds:.1f} s, {found.events_per_second:.0f} a second.")


def _advice(found: Verification) -> list[str]:
    """What mends a difference that needs no restore."""
    if any((one["what"], one["database"]) == WITHOUT_ROW for one in found.findings):
        return [
            "Acts without a row are an older release's, which appended beside this one: `hub restore --acts --execute` gives them theirs."
        ]
    return []


def _print(found: Verification) -> None:
    table([vars(found)], COUNTS)
    if found.findings:
        typer.echo("")
        table(found.findings, COLUMNS)
