"""Reading JSON lines for `hub append`: bounded, in order, one line's refusal beside the others' receipts."""

import io
from collections.abc import Sequence
from typing import Any

import pytest

from hub.domain.fejl import Afvisning, fejl
from hub.domain.fejlkoder import Fejlkode
from hub.events.ledger_fejl import LedgerBagud
from hub.events.ordre import Kvitteret, Ordre
from hub.operations import append as operation
from hub.operations.append import Line, Receipt, Refused, Rejected, append, lines


def _order(raw: bytes) -> Ordre:
    if raw.strip() == b"bad":
        raise Refused(422, [{"fejlkode": 1, "felt": "a", "fejltekst": "nej"}, {"fejlkode": 2, "felt": "b", "fejltekst": "nej"}])
    return Ordre(raw.strip().decode(), raw.decode(), raw)  # type: ignore[arg-type]


class Ledger:
    """Answers each order with its body; refuses `no`; is behind as often as told."""

    def __init__(self, behind: int = 0, why: str = "not compared with the log yet") -> None:
        self.calls: list[int] = []
        self.behind = behind
        self.why = why

    def append(self, orders: Sequence[Ordre]) -> list[Kvitteret | Afvisning]:
        """As the ledger's."""
        if self.behind:
            self.behind -= 1
            raise LedgerBagud("t", {0: self.why})
        self.calls.append(len(orders))
        return [self._one(order) for order in orders]

    def _one(self, order: Ordre) -> Kvitteret | Afvisning:
        body = order.krop.strip()
        return Afvisning([fejl(Fejlkode.MANGLER, "x")]) if body == b"no" else Kvitteret({"body": body.decode()}, (), body == b"again")


def _append(text: bytes, ledger: Ledger, piece: int = 2) -> list[Any]:
    said: list[str] = []
    return [*append(ledger.append, _order, lines(io.BytesIO(text)), said.append, piece), *said]


def test_answers_come_in_the_order_of_the_lines() -> None:
    """Receipts, refusals by the form and refusals by the ledger stand where their lines stood, with their numbers."""
    found = _append(b"a\nbad\n\nno\nagain\n", Ledger())
    assert [(type(a), a.line) for a in found] == [(Receipt, 1), (Rejected, 2), (Rejected, 4), (Receipt, 5)]
    assert len(found[1].errors) == 2 and found[3].repeated


def test_a_piece_is_one_transaction() -> None:
    """Lines are handed to the ledger in pieces, the refused ones left out."""
    ledger = Ledger()
    _append(b"a\nb\nbad\nc\nd\n", ledger)
    assert ledger.calls == [2, 1, 1]


def test_a_line_too_long_is_passed_over_in_bounded_memory() -> None:
    """It is refused by its number, and the line after it is read whole."""
    assert list(lines(io.BytesIO(b"x" * 300 + b"\nab\n" + b"y" * 11), longest=10)) == [Line(1, None), Line(2, b"ab\n"), Line(3, None)]
    assert [line.number for line in lines(io.BytesIO(b"0123456789\r\n"), longest=10) if line.raw] == [1]


def test_a_ledger_that_is_not_level_yet_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reason is said, and the piece is appended once."""
    monkeypatch.setattr(operation, "PAUSE_SECONDS", 0)
    ledger = Ledger(behind=2)
    receipt, *said = _append(b"a\n", ledger)
    assert receipt.receipt == {"body": "a"} and ledger.calls == [1] and len(said) == 2


def test_a_ledger_that_needs_a_restore_is_not_waited_for() -> None:
    """Waiting would not help."""
    with pytest.raises(LedgerBagud):
        _append(b"a\n", Ledger(behind=9, why="the log holds an event; run `hub restore`"))
