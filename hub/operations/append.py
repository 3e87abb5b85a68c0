"""Append actions from JSON lines: in order, in pieces, idempotent; one line's refusal leaves the others untouched."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, NamedTuple

from hub.domain.fejl import Afvisning, doerfejl
from hub.events.ledger_fejl import LedgerBagud
from hub.events.ordre import Kvitteret, Ordre

PIECE = 500
LONGEST_LINE = 64 * 1024
PATIENCE_SECONDS = 60.0
PAUSE_SECONDS = 0.5


class Line(NamedTuple):
    """A line's number (from 1) and its bytes; None when it is longer than `LONGEST_LINE`."""

    number: int
    raw: bytes | None


@dataclass(frozen=True)
class Rejected:
    """A line that was refused: every error, and the HTTP status that the door would have answered."""

    line: int
    status: int
    errors: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class Receipt:
    """A line that is recorded: the contract's receipt; `repeated`: it had been recorded before."""

    line: int
    receipt: dict[str, Any]
    repeated: bool


Answer = Receipt | Rejected
Read = Callable[[bytes], Ordre]
"""Reads one line as the door does. Raises `Refused`."""
Append = Callable[[Sequence[Ordre]], Sequence[Kvitteret | Afvisning]]


class Refused(ValueError):
    """A line is no action; `status` and `errors` are what the door would have answered."""

    def __init__(self, status: int, errors: Sequence[dict[str, Any]]) -> None:
        super().__init__(f"{status}, {len(errors)} error(s)")
        self.status = status
        self.errors = tuple(errors)


def lines(source: BinaryIO, longest: int = LONGEST_LINE) -> Iterator[Line]:
    """The lines of a file in bounded memory: what is too long is passed over, empty lines are skipped but counted."""
    number = 0
    while raw := source.readline(longest + 2):
        number += 1
        if len(raw.rstrip(b"\r\n")) > longest:
            while not raw.endswith(b"\n") and (raw := source.readline(longest)):
                pass
            yield Line(number, None)
        elif raw.strip():
            yield Line(number, raw)


def append(to: Append, read: Read, source: Iterable[Line], waiting: Callable[[str], None], piece: int = PIECE) -> Iterator[Answer]:
    """An answer per line, in the order of the lines; a piece is one transaction, and its answers come once it is committed.

    While the ledger is behind its log it waits (`waiting` is told why), at most a minute. Raises `LedgerBagud`, database errors.
    """
    for group in _pieces(source, piece):
        read_lines = [_read(line, read) for line in group]
        orders = [order for order in read_lines if isinstance(order, Ordre)]
        outcomes = iter(_patiently(to, orders, waiting) if orders else ())
        for line, order in zip(group, read_lines, strict=True):
            yield _answer(line.number, next(outcomes)) if isinstance(order, Ordre) else order


def _pieces(source: Iterable[Line], size: int) -> Iterator[list[Line]]:
    group: list[Line] = []
    for line in source:
        group.append(line)
        if len(group) >= size:
            yield group
            group = []
    if group:
        yield group


def _read(line: Line, read: Read) -> Ordre | Rejected:
    try:
        if line.raw is None:
            raise Refused(413, [doerfejl("for_stor").som_json()])
        return read(line.raw)
    except Refused as refusal:
        return Rejected(line.number, refusal.status, refusal.errors)


def _patiently(to: Append, orders: Sequence[Ordre], waiting: Callable[[str], None]) -> Sequence[Kvitteret | Afvisning]:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return to(orders)
        except LedgerBagud as problem:
            if time.monotonic() > deadline or "hub restore" in str(problem):
                raise
            waiting(str(problem))
        time.sleep(PAUSE_SECONDS)


def _answer(number: int, outcome: Kvitteret | Afvisning) -> Answer:
    if isinstance(outcome, Afvisning):
        return Rejected(number, outcome.status, tuple(fejl.som_json() for fejl in outcome.fejl))
    return Receipt(number, outcome.kvittering, outcome.gentaget)
