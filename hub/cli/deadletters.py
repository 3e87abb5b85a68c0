"""`hub deadletters`: parked events."""

import getpass
from typing import Annotated

import typer

from hub.cli.form import FINDING, AsJson, Execute, Why, finding, json_line, say, table
from hub.cli.reach import engine, reach
from hub.events.genskabelseslaas import delt
from hub.operations import deadletters
from hub.operations.deadletters import IkkeParkeret, ParkedEvent

app = typer.Typer(help="Parked events, with reason, in order per case.", no_args_is_help=True)
Case = Annotated[str, typer.Argument(metavar="SAGSID", help="The case.")]
COLUMNS = ("partition", "offset", "kind", "since", "bytes", "reason")


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """Every case that stands still, the longest first; exit 1 when there is one."""
    with engine(reach()) as db, db.connect() as conn:
        found = deadletters.cases(conn)
    if as_json:
        json_line({"cases": found})
    elif found:
        table([vars(case) for case in found], ("case_id", "events", "since", "partition", "offset", "reason"))
    if found:
        raise finding(f"{len(found)} case(s) stand still")
    say("Nothing is parked.")


@app.command()
def show(case_id: Case, as_json: AsJson = False) -> None:
    """The case's parked events in order; exit 1 when nothing of it is parked."""
    found = _events(case_id)
    _print(found, as_json)


@app.command()
def retry(case_id: Case, why: Why, execute: Execute = False, as_json: AsJson = False) -> None:
    """Apply the case's parked events in order and notify; stops at the first that fails again. Exit 1 when something is left."""
    found = _events(case_id)
    if not execute:
        _print(found, as_json)
        say(f"{len(found)} event(s) would be applied, and notified. Nothing is done yet: add --execute.")
        return
    hub = reach()
    with engine(hub) as db:
        try:
            with delt(db):
                done = deadletters.retry(hub.projektion(db), case_id, getpass.getuser(), why)
        except IkkeParkeret as problem:
            raise finding(str(problem)) from problem
    if as_json:
        json_line(done)
    say(f"applied {done.applied}, repeats passed over {done.repeated}, still parked {done.left}{f': {done.reason}' if done.reason else ''}")
    if done.left:
        raise typer.Exit(FINDING)


@app.command()
def discard(
    partition: Annotated[int, typer.Argument(min=0, help="The event's partition.")],
    offset: Annotated[int, typer.Argument(min=0, help="The event's offset.")],
    why: Why,
    execute: Execute = False,
    as_json: AsJson = False,
) -> None:
    """Discard one parked event: the case goes on without it. What waits behind it stays parked until it is retried."""
    hub = reach()
    with engine(hub) as db:
        if not execute:
            with db.connect() as conn:
                _preview(deadletters.at(conn, partition, offset), as_json)
            return
        try:
            with delt(db):
                case_id = deadletters.discard(hub.projektion(db), (partition, offset), getpass.getuser(), why)
        except IkkeParkeret as problem:
            raise finding(str(problem)) from problem
    if as_json:
        json_line({"case_id": case_id, "partition": partition, "offset": offset, "discarded": True})
    say(f"Discarded. Events of {case_id} that wait behind it: `hub deadletters retry {case_id}`.")


def _preview(found: ParkedEvent | None, as_json: bool) -> None:
    if found is None:
        raise finding("Nothing is parked there.")
    _print([found], as_json)
    if found.kind == "venter":
        say("This event only waits: an earlier one of its case failed and is still parked.")
    say("The case would go on without this event, for ever. Nothing is done yet: add --execute.")


def _events(case_id: str) -> list[ParkedEvent]:
    with engine(reach()) as db, db.connect() as conn:
        found = deadletters.events(conn, case_id)
    if not found:
        raise finding("Nothing of this case is parked.")
    return found


def _print(found: list[ParkedEvent], as_json: bool) -> None:
    if as_json:
        json_line({"events": found})
    else:
        table([vars(event) for event in found], COLUMNS)
