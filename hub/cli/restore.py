"""`hub restore`: everything but keys and access log, back from Kafka."""

import asyncio
import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from hub.bootstrap import Hus, klargoer_kafka
from hub.cli.acting import operators_log
from hub.cli.form import AsJson, Execute, WhyIfSaid, finding, json_line, misuse, progress, say, table
from hub.cli.reach import engine, reach
from hub.migrations.migrer import migrer
from hub.notifications.genskab import BanerOptaget, TopicBrudt
from hub.operations import restore as operation
from hub.operations import restore_acts
from hub.operations.restore import Parts, Preview, Refused, Restored

COUNTS = (
    "events",
    "cases",
    "references",
    "repeats",
    "passed_over",
    "sent_again",
    "parked",
    "discarded",
    "newly_parked",
    "notifications",
    "due",
    "jobcentres",
)


def restore(
    replace: Annotated[bool, typer.Option("--replace", help="Also when the ledger is not empty: it is rebuilt from the log.")] = False,
    acts: Annotated[
        bool, typer.Option("--acts", help="Only the rows of acts that an older release did not write; beside traffic.")
    ] = False,
    why: WhyIfSaid = None,
    execute: Execute = False,
    as_json: AsJson = False,
) -> None:
    """Bring ledger, read models, parked set and numbers back from Kafka; `keys` and the access log stay as they are.

    What a topic has is not sent again; what was due and not sent is, by the next worker. Acknowledged events that the log contradicts
    are exported to a file and named. Stop every worker first. Exit 1 when it refuses, or when events were exported.
    """
    if acts and replace:
        raise misuse("--acts does not go with --replace, which makes those rows anew too")
    hub = reach()
    if acts:
        _acts(hub, why, execute, as_json)
        return
    try:
        with _parts(hub) as parts:
            seen = asyncio.run(operation.preview(parts, replace))
            if not execute:
                _show_preview(seen, as_json)
                return
            done = _execute(hub, parts, why)
    except KeyboardInterrupt as problem:
        raise finding("Cut short. The same call begins anew; `hub status` says whether workers and APIs wait for it.") from problem
    except (Refused, BanerOptaget, TopicBrudt) as problem:
        raise finding(str(problem)) from problem
    _show(done, as_json)


def _execute(hub: Hus, parts: Parts, why: str | None) -> Restored:
    """The schemas and topics are made when they are not there: a restore begins from nothing."""
    asyncio.run(klargoer_kafka(hub))
    migrer(parts.engine)
    with progress("restoring") as move:
        return asyncio.run(operation.restore(parts, getpass.getuser(), lambda _, done, total: move(done, total), why))


def _acts(hub: Hus, why: str | None, execute: bool, as_json: bool) -> None:
    with engine(hub) as db:
        if execute:
            operators_log(hub, db)
        found = restore_acts.restore(db, hub.driftslog, getpass.getuser(), why) if execute else restore_acts.preview(db)
    if as_json:
        json_line({"acts": found.akter, "cases": found.sager, "executed": execute})
    else:
        table([{"acts": found.akter, "cases": found.sager}], ("acts", "cases"))
    say("Each has its row now." if execute else "Each would be given its row in `ledger.akter`. Nothing is done yet: add --execute.")


@contextmanager
def _parts(hub: Hus) -> Iterator[Parts]:
    with engine(hub, 4) as db:
        yield Parts(db, hub.options, hub.kodeks, hub.projektion(db), hub.driftslog, hub.settings.data)


def _show_preview(seen: Preview, as_json: bool) -> None:
    if as_json:
        json_line({"on_log": seen.on_log, "found": seen.found, "executed": False})
    else:
        table([{"topic": topic, "records": records} for topic, records in seen.on_log.items()], ("topic", "records"))
        found = vars(seen.found)
        typer.echo("")
        table([found], tuple(found))
    say("The database would be made anew from these topics. Nothing is done yet: add --execute.")


def _show(done: Restored, as_json: bool) -> None:
    if as_json:
        json_line({**vars(done), "executed": True})
    else:
        table([vars(done)], COUNTS)
    if done.unfit:
        named = [f"{row['case']} version {row['version']}: {row['reason']}" for row in done.unfit]
        raise finding(f"{len(named)} acknowledged event(s) do not fit the log; they are in {done.unfit_file}:", *named)
    say("Restored. Start the workers, then `hub verify`.")
