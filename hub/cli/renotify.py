"""`hub renotify`: what a jobcentre was sent, sent again."""

import asyncio
import getpass
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from hub.bootstrap import Hus
from hub.cli.acting import operators_log
from hub.cli.centres import Jobcentre
from hub.cli.form import AsJson, Execute, Why, finding, json_line, misuse, progress, say, table
from hub.cli.moments import moment
from hub.cli.reach import engine, reach
from hub.domain.jobcentre import kommune
from hub.operations import renotify as operation
from hub.operations.renotify import A_SECOND, NotDelivered, Optaget, Order, Parts, Preview, Refused, Renotified, Valg

NUMBERS = re.compile(r"([1-9][0-9]{0,17})(?:-([1-9][0-9]{0,17}))?", re.ASCII)
CASE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
COLUMNS = ("jobcentre", "choice", "notifications", "cases", "first", "last", "oldest", "seconds")


def renotify(
    jobcentre: Jobcentre,
    why: Why,
    since: Annotated[str | None, typer.Option(help="What it was sent at this time or later (RFC 3339, with its offset).")] = None,
    numbers: Annotated[str | None, typer.Option(metavar="A-B", help="These numbers, both included.")] = None,
    case: Annotated[str | None, typer.Option(metavar="SAGSID", help="What it was sent about this case.")] = None,
    rate: Annotated[int, typer.Option(min=1, max=20_000, help="At most so many a second.")] = A_SECOND,
    execute: Execute = False,
    as_json: AsJson = False,
) -> None:
    """Send again to a jobcentre exactly what it was sent: same ids, numbers and bytes, on its topic, header `genafspilning: true`.

    A consumer skips the copies by their numbers. Nothing unsent is sent, nothing is numbered, and the pull feed stays as it is. Cut short
    at any time (Ctrl-C, a crash), the same call goes on where it was. Exit 1 when there is nothing like that, or it cannot be sent now.
    """
    order = Order(jobcentre, _choice(since, numbers, case), getpass.getuser(), why, rate)
    hub = reach()
    try:
        with _parts(hub) as parts:
            seen = operation.preview(parts.engine, order)
            if not execute:
                _preview(seen, as_json)
                return
            operators_log(hub, parts.engine)
            with progress("sending again") as move:
                done = asyncio.run(operation.renotify(parts, order, move))
    except KeyboardInterrupt as problem:
        raise finding("Cut short. The same call goes on where this one was.") from problem
    except (Refused, Optaget, NotDelivered) as problem:
        raise finding(str(problem)) from problem
    _show(done, as_json)


def _choice(since: str | None, numbers: str | None, case: str | None) -> Valg:
    """What is to be sent; exactly one way to say it. Raises typer.Exit (misuse)."""
    if sum(given is not None for given in (since, numbers, case)) != 1:
        raise misuse("Say what: one of --since, --numbers and --case.")
    if since is not None:
        at = moment("--since", since)
        return Valg(f"since {at:%Y-%m-%dT%H:%M:%S.%f}Z", siden=at)
    if numbers is not None:
        return _numbers(numbers)
    assert case is not None
    if not CASE.fullmatch(case.lower()):
        raise misuse("--case: a case's id is a uuid")
    return Valg(f"case {case.lower()}", sag=case.lower())


def _numbers(text: str) -> Valg:
    found = NUMBERS.fullmatch(text)
    if found is None or int(found[2] or found[1]) < int(found[1]):
        raise misuse("--numbers: A-B, from 1 on, A not above B")
    first, last = int(found[1]), int(found[2] or found[1])
    return Valg(f"numbers {first}-{last}", fra=first, til=last)


@contextmanager
def _parts(hub: Hus) -> Iterator[Parts]:
    with engine(hub, 4) as db:
        yield Parts(db, hub.options, hub.kodeks, hub.register, hub.driftslog)


def _preview(seen: Preview, as_json: bool) -> None:
    if as_json:
        json_line({**vars(seen), "executed": False})
    else:
        table([vars(seen)], COLUMNS)
    if seen.goes_on_after is not None:
        say(f"A run of the same choice was cut short; this one goes on after number {seen.goes_on_after}.")
    if seen.unfinished:
        say(f"Cut short and not taken up again: {'; '.join(seen.unfinished)}.")
    to = f"{seen.jobcentre} ({kommune(seen.jobcentre)})"
    say(f"{seen.notifications} notification(s) would be sent to {to} again, in about {seen.seconds} s. Nothing is done yet: add --execute.")


def _show(done: Renotified, as_json: bool) -> None:
    if as_json:
        json_line({**vars(done), "executed": True})
    else:
        table([vars(done)], ("jobcentre", "choice", "notifications", "all_in_all", "first", "last", "seconds"))
    say(f"Sent again to jobcentre {done.jobcentre}: {done.notifications} notification(s).")
