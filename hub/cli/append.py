"""`hub append`: actions as JSON lines in, receipts as JSON lines out."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, BinaryIO

import orjson
import typer

from hub.api.graenser import Graenser
from hub.api.json_ind import laes_objekt
from hub.api.modtag import ordre
from hub.api.problem import Problem
from hub.bootstrap import Hus
from hub.cli.form import FINDING, AsJson, finding, json_line, misuse, progress, refusals, say
from hub.cli.reach import DATABASE, engine, reach
from hub.domain.fejl import Afvisning
from hub.events.anmodningsid import UgyldigtAnmodningsid, anmodningsid
from hub.events.keys import Noeglering
from hub.events.ledger_fejl import LedgerBagud
from hub.events.ordre import Ordre
from hub.operations import append as operation
from hub.operations.append import Answer, Read, Receipt, Refused, Rejected

BOUNDS = Graenser(linje=operation.LONGEST_LINE)


def append(
    file: Annotated[str, typer.Argument(help="A file of actions, one JSON object a line; - is stdin.")],
    as_json: AsJson = False,
) -> None:
    """Append actions: a receipt per line on stdout, what is refused on stderr with its line number and every error; the rest goes on.

    The same line again gives the same receipt, so a run that was stopped can simply be run again. Exit 1 when a line was refused.
    """
    path = None if file == "-" else Path(file)
    if path is not None and not path.is_file():
        raise misuse(f"there is no file {file}")
    hub, tally = reach(needs=DATABASE), Tally(as_json)
    try:
        _run(hub, path, tally)
    except LedgerBagud as problem:
        raise finding(f"{problem}. Is a worker running?", f"{tally}; run the same again afterwards.") from problem
    except KeyboardInterrupt as problem:
        raise finding(f"Stopped: {tally}. Run the same again to go on: what is recorded is not recorded twice.") from problem
    say(str(tally))
    if tally.rejected:
        raise typer.Exit(FINDING)


@dataclass
class Tally:
    """Prints each answer and counts it."""

    as_json: bool
    recorded: int = 0
    repeated: int = 0
    rejected: int = 0

    def __str__(self) -> str:
        return f"recorded {self.recorded}, already recorded {self.repeated}, refused {self.rejected}"

    def take(self, answer: Answer) -> None:
        """A receipt goes to stdout, a refusal to stderr."""
        if isinstance(answer, Receipt):
            self.recorded += not answer.repeated
            self.repeated += answer.repeated
            json_line(answer.receipt)
            return
        self.rejected += 1
        say(orjson.dumps(answer).decode() if self.as_json else _in_words(answer))


def _run(hub: Hus, file: Path | None, tally: Tally) -> None:
    total = None if file is None else file.stat().st_size
    with engine(hub) as db, _opened(file) as source, progress("appending", total) as move:
        waits = Waits()
        answers = operation.append(hub.ledger(db).append, reader(hub.noeglering), operation.lines(source), waits.because)
        for answer in answers:
            waits.over()
            tally.take(answer)
            if total is not None:
                move(source.tell())


class Waits:
    """Says once why nothing happens."""

    def __init__(self) -> None:
        self._said = False

    def because(self, reason: str) -> None:
        """The ledger is behind its log."""
        if not self._said:
            say(f"Waiting: {reason}")
        self._said = True

    def over(self) -> None:
        """It goes on."""
        self._said = False


def reader(keys: Noeglering) -> Read:
    """Reads a line exactly as the door reads it; a line without `requestId` gets the id that the bulk route would derive."""

    def read(raw: bytes) -> Ordre:
        try:
            action = laes_objekt(raw, BOUNDS)
            return ordre(action, anmodningsid(action, keys.request_hash), None)
        except Problem as problem:
            raise _refused(problem) from problem
        except UgyldigtAnmodningsid as error:
            raise _refused(Problem.om("ugyldigt_request_id", "requestId")) from error
        except Afvisning as refusal:
            raise Refused(refusal.status, [error.som_json() for error in refusal.fejl]) from refusal

    return read


def _refused(problem: Problem) -> Refused:
    body = problem.krop()
    return Refused(body["status"], body["errors"])


@contextmanager
def _opened(file: Path | None) -> Iterator[BinaryIO]:
    if file is None:
        yield sys.stdin.buffer
        return
    with file.open("rb") as source:
        yield source


def _in_words(answer: Rejected) -> str:
    return f"line {answer.line}: {answer.status} {'; '.join(refusals(answer.errors))}"
