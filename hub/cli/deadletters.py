"""`hub deadletters`: parked events."""

import getpass
from typing import Annotated

import typer
from sqlalchemy import Engine

from hub.cli.acting import operators_log
from hub.cli.form import FINDING, AsJson, Execute, Why, finding, json_line, misuse, progress, say, table
from hub.cli.reach import engine, reach
from hub.events.genskabelseslaas import delt
from hub.operations import deadletters
from hub.operations.deadletters import IkkeParkeret, ParkedCase, ParkedEvent, Preview, Retried, RetryPreview

app = typer.Typer(help="Parked events, with reason, in order per case.", no_args_is_help=True, add_completion=False)
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
    with engine(reach()) as db, db.connect() as conn:
        found = deadletters.events(conn, case_id)
    if not found:
        raise finding("Nothing of this case is parked.")
    _print(found, as_json)


@app.command()
def retry(
    why: Why,
    case_id: Annotated[str | None, typer.Argument(metavar="[SAGSID]", help="The case.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Every case that stands still, the longest first.")] = False,
    execute: Execute = False,
    as_json: AsJson = False,
) -> None:
    """Apply a case's parked events in order and notify; stops at the first that fails again. Exit 1 when something is left.

    Without --execute the events are folded and nothing is written: what would be applied, what would fail again, who would be told.
    Each case is a transaction of its own: cut short at any time, the same call goes on with what is still parked.
    """
    if every == (case_id is not None):
        raise misuse("Say which: SAGSID or --all.")
    hub = reach()
    with engine(hub) as db:
        found = _standing(db, case_id)
        projection = hub.projektion(db)
        if not execute:
            with progress("trying") as move:
                _preview_retry(*deadletters.preview_retry(projection, found, move), as_json)
            return
        operators_log(hub, db)
        done = []
        try:
            with delt(db), progress("retrying") as move:
                for row in deadletters.retry_all(projection, found, getpass.getuser(), why):
                    done.append(row)
                    move(len(done), len(found))
        except KeyboardInterrupt as problem:
            raise finding(f"Cut short after {len(done)} of {len(found)} case(s). The same call goes on with what is parked.") from problem
    _show_retried(done, as_json, every)


@app.command()
def discard(
    partition: Annotated[int, typer.Argument(min=0, help="The event's partition.")],
    offset: Annotated[int, typer.Argument(min=0, help="The event's offset.")],
    why: Why,
    execute: Execute = False,
    as_json: AsJson = False,
) -> None:
    """Discard one parked event: the case goes on without it. What waits behind it stays parked until it is retried.

    Without its first event nothing of a case can be applied: the preview says so where it is that one.
    """
    hub = reach()
    with engine(hub) as db:
        with db.connect() as conn:
            case_id = deadletters.case_at(conn, partition, offset)
            parked = [] if case_id is None else deadletters.events(conn, case_id)
            first = deadletters.is_first(conn, hub.kodeks, partition, offset)
        if not execute:
            _preview_discard(case_id, [event for event in parked if event.offset >= offset], first, as_json)
            return
        operators_log(hub, db)
        try:
            with delt(db):
                case_id = deadletters.discard(hub.projektion(db), (partition, offset), getpass.getuser(), why)
        except IkkeParkeret as problem:
            raise finding(str(problem)) from problem
    if as_json:
        json_line({"case_id": case_id, "partition": partition, "offset": offset, "first_of_case": first, "discarded": True})
    behind = "can never be applied now: discard them too" if first else f"that wait behind it: `hub deadletters retry {case_id} --why …`"
    say(f"Discarded. Events of {case_id} {behind}.")


def _standing(db: Engine, case_id: str | None) -> list[ParkedCase]:
    """The cases meant; none is a finding."""
    with db.connect() as conn:
        found = [case for case in deadletters.cases(conn) if case_id in (None, case.case_id)]
    if not found:
        raise finding("Nothing is parked." if case_id is None else "Nothing of this case is parked.")
    return found


def _preview_retry(seen: Preview, rows: list[RetryPreview], as_json: bool) -> None:
    if as_json:
        json_line({**vars(seen), "tried": rows, "executed": False})
    else:
        table([vars(row) for row in rows], ("case_id", "events", "oldest", "would_apply", "repeats", "would_be_left", "reason"))
    told = ", ".join(f"{code} ({number})" for code, number in seen.recipients.items()) or "nobody"
    applied = sum(row.would_apply for row in rows)
    say(
        f"{applied} of {seen.events} event(s) of {seen.cases} case(s) would be applied now, in about {seen.seconds} s.",
        f"Notifications would go to: {told}.",
        "Nothing is done yet: add --execute.",
    )


def _show_retried(done: list[Retried], as_json: bool, every: bool) -> None:
    applied, repeated, left = (sum(getattr(row, name) for row in done) for name in ("applied", "repeated", "left"))
    if as_json:
        json_line({"cases": done, "applied": applied, "repeated": repeated, "left": left} if every else done[0])
    reasons = {row.reason for row in done if row.reason}
    say(f"applied {applied}, repeats passed over {repeated}, still parked {left}{''.join(f': {reason}' for reason in sorted(reasons))}")
    if left:
        raise typer.Exit(FINDING)


def _preview_discard(case_id: str | None, found: list[ParkedEvent], first: bool, as_json: bool) -> None:
    if not found:
        raise finding("Nothing is parked there.")
    event, *behind = found
    if as_json:
        about = {"case_id": case_id, "event": event, "behind": len(behind), "first_of_case": first}
        json_line({**vars(deadletters.preview_discard(event)), **about, "executed": False})
    else:
        _print([event], as_json)
    if event.kind == "venter":
        say("This event only waits: an earlier one of its case failed and is still parked.")
    say(
        _without(case_id, len(behind), first),
        "Nobody would be told. Nothing is done yet: add --execute.",
    )


def _without(case_id: str | None, behind: int, first: bool) -> str:
    if first:
        return (
            f"WARNING: it is the first event of case {case_id}. Without it the {behind} event(s) behind it can never be applied, and "
            "nobody can read the case. Mend what made it fail and retry, if there is any way."
        )
    return f"Case {case_id} would go on without this event, for ever; {behind} event(s) behind it stay parked until they are retried."


def _print(found: list[ParkedEvent], as_json: bool) -> None:
    if as_json:
        json_line({"events": found})
    else:
        table([vars(event) for event in found], COLUMNS)
