"""The reference jobcentre's verdict: what it shouts at, and when it ends with 1."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from hub.cli import watch
from hub.cli.watch import Centre
from hub.consumers.jobcenter import Besked, Opfoelgning
from hub.events.ordningsnotifikation import Ordningsnotifikation

AT = datetime(2026, 1, 2, tzinfo=UTC)
FINE = Opfoelgning(200, {"version": 3, "ordning": "Fleksjob"}, ok=True)
OLD = Opfoelgning(200, {"version": 2, "ordning": "Fleksjob"}, ok=False)


def _message(number: int, value: bytes | None = None) -> Besked:
    notification = Ordningsnotifikation("id", number, "akt", "sag", 3, "GetBevilling", "/x", "10100", True, AT, AT, 9004, 9102)
    return Besked(number, value or str(number).encode(), notification)


async def _receive(monkeypatch: pytest.MonkeyPatch, messages: Sequence[Besked], answer: Opfoelgning = FINE) -> Centre:
    async def follow_up(*_: object) -> Opfoelgning:
        return answer

    monkeypatch.setattr(watch, "bliv_ved", follow_up)
    centre = Centre("http://hub", "token", 1, as_json=False)
    for message in messages:
        await centre._one(message, None)  # type: ignore[arg-type]
    return centre


async def test_numbers_without_holes_are_fine(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """1, 2 and an identical repeat: nothing is wrong, and the repeat is not fetched again."""
    centre = await _receive(monkeypatch, [_message(1), _message(2), _message(2)])
    assert not centre.wrong and centre.fetched == 2
    assert capsys.readouterr().out.count("(gentaget)") == 1


@pytest.mark.parametrize(
    ("messages", "shout"),
    [
        ([_message(1), _message(4)], "HUL: nummer 2 til 3 mangler før #4"),
        ([_message(1), _message(1, b"other")], "AFVIGELSE: #1"),
    ],
)
async def test_a_gap_and_another_copy_are_shouted(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], messages: Sequence[Besked], shout: str
) -> None:
    """A missing number, or a number that comes again with other bytes: said on stderr, and the exit is 1."""
    centre = await _receive(monkeypatch, messages)
    assert centre.wrong and shout in capsys.readouterr().err


async def test_a_document_older_than_announced_is_wrong(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The follow-up gave version 2 for an announced 3."""
    centre = await _receive(monkeypatch, [_message(1)], OLD)
    assert centre.wrong and "ÆLDRE END ANNONCERET" in capsys.readouterr().out
