"""The rebuild's brake: the later live traffic is, the longer the rebuild pauses; it does not wait for what does not move."""

from contextlib import contextmanager
from typing import Any

import pytest

from hub.operations import rebuild_fill
from hub.operations.rebuild_fill import LATE_SECONDS, MOST, Brake


class Scripted:
    """A database whose answers about lag and place are given, a second apart."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, answers: list[tuple[int, int]]) -> None:
        self._answers, self._now = iter(answers), 0.0
        monkeypatch.setattr(rebuild_fill.time, "monotonic", lambda: self._now)

    @contextmanager
    def connect(self) -> Any:
        """Itself."""
        yield self

    def execute(self, *_: object) -> Any:
        """The next answer, a second later."""
        self._now += 1.0
        return self

    def one(self) -> tuple[int, int]:
        """Lag and place."""
        return next(self._answers)


def pauses(monkeypatch: pytest.MonkeyPatch, answers: list[tuple[int, int]]) -> list[float]:
    """What the brake says at each look."""
    brake = Brake(Scripted(monkeypatch, answers))  # type: ignore[arg-type]
    return [brake.pause() for _ in answers]


def test_it_pauses_more_and_more_while_live_traffic_is_late_and_less_when_it_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """200 a second: late is a lag of more than 200 · LATE_SECONDS."""
    late, early = round(200 * LATE_SECONDS) + 1, round(200 * LATE_SECONDS) - 1
    said = pauses(monkeypatch, [(late, 200 * n) for n in range(30)] + [(early, 200 * n) for n in range(30, 140)])
    assert said[0] == 0.0 and said[1:10] == sorted(said[1:10]) and 0 < said[1] < said[9]
    assert max(said) == said[29] == MOST
    assert said[30:] == sorted(said[30:], reverse=True) and said[-1] == 0.0


def test_it_waits_for_nobody_who_does_not_move(monkeypatch: pytest.MonkeyPatch) -> None:
    """A backlog that no worker works on is no reason to stand still, and nor is a quiet log."""
    assert pauses(monkeypatch, [(90_000, 5)] * 4) == [0.0] * 4
    assert pauses(monkeypatch, [(100, 0), (100, 10), (0, 10), (0, 11)])[2:] == [0.0, 0.0]
