"""What the rebuild's processes do about the brake: they pause after their work, often, and come last."""

import os
import sys
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from hub.events.journal import Post
from hub.operations import processes, rebuild_process
from hub.operations.processes import NICE
from hub.operations.rebuild_process import PAUSE_EVERY, PAUSE_SECONDS, Task
from hub.projections.laesemodel import alt
from hub.projections.samling import Raa, Samling
from hub.settings import Settings


class Clock:
    """Time that passes only in `sleep`; the brake is let go after `until`."""

    def __init__(self, pause: float, until: float = 1e9) -> None:
        self.now, self.slept, self._pause, self._until = 100.0, list[float](), pause, until

    def monotonic(self) -> float:
        """Now."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let it pass."""
        self.slept.append(seconds)
        self.now += seconds

    @property
    def value(self) -> float:
        """What the brake says now."""
        return self._pause if self.now < self._until else 0.0


@pytest.mark.parametrize(("pause", "until", "slept"), [(2.0, 1e9, 1.0), (0.5, 1e9, 0.25), (0.0, 1e9, 0.0), (30.0, 100.25, 0.3)])
def test_work_is_followed_by_the_pause_that_is_asked_for(monkeypatch: pytest.MonkeyPatch, pause: float, until: float, slept: float) -> None:
    """Half a second of work, so many times as long a pause; in short naps, so that one that is no longer asked for ends."""
    clock = Clock(pause, until)
    monkeypatch.setattr(rebuild_process, "time", clock)
    assert rebuild_process._give_way(99.5, clock) == clock.now
    assert sum(clock.slept) == pytest.approx(slept) and all(nap <= PAUSE_SECONDS for nap in clock.slept)


class Reports:
    """A pipe that nobody reads, and rows that nobody wants."""

    def send(self, report: Any) -> None:
        """Nothing."""

    def tag(self, case: Any) -> None:
        """Nothing."""

    def toem(self) -> None:
        """Nothing."""


@pytest.fixture
def given_way(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Each time that live traffic was given way to."""
    times: list[float] = []
    monkeypatch.setattr(rebuild_process, "_give_way", lambda began, held_back: times.append(began) or began)
    return times


@pytest.fixture
def task(tmp_path: Path) -> Task:
    """A process's task; its database is none."""
    settings = Settings(data=tmp_path, kafka="127.0.0.1:1", database=None)
    return Task(settings, "127.0.0.1:1", "postgresql://127.0.0.1:1/none?connect_timeout=1", 9, {0: 1}, {}, tmp_path, alt)


def test_building_gives_way_every_few_hundred_events(monkeypatch: pytest.MonkeyPatch, given_way: list[float], task: Task) -> None:
    """Live traffic waits for no more than that, however many events a COPY has."""
    monkeypatch.setattr(rebuild_process, "byg_sag", lambda *args, **named: None)
    gathered = Samling(10 * PAUSE_EVERY, task.folder)
    gathered.laeg((b"%d" % (n // 10), Raa(n, b"")) for n in range(10 * PAUSE_EVERY))
    rebuild_process._build(task, 0, (gathered, alt().vis), (Reports(), (Reports(), None)))  # type: ignore[arg-type]
    assert 9 <= len(given_way) <= 11


async def test_reading_gives_way_after_each_part(monkeypatch: pytest.MonkeyPatch, given_way: list[float], task: Task) -> None:
    """Also before anything is built."""

    async def parts(*_: Any) -> AsyncIterator[tuple[int, list[Post]]]:
        for n in range(3):
            yield 0, [Post(0, n, b"k", b"v", ())]

    monkeypatch.setattr(rebuild_process.journal, "laes", parts)
    await rebuild_process._gather(task, (0, 3), Samling(3, task.folder), (Reports(), None))  # type: ignore[arg-type]
    assert len(given_way) == 3


def test_its_processes_come_last_from_the_start(task: Task) -> None:
    """Their priority is lower before they have loaded anything; one that cannot reach its database says so."""
    held_back = processes.context().Value("d", 0.0)
    pipe, process = processes.start(rebuild_process.run, (task, held_back))
    try:
        assert os.getpriority(os.PRIO_PROCESS, process.pid or 0) == max(NICE, os.getpriority(os.PRIO_PROCESS, 0))
        with pytest.raises(processes.ProcessFailed, match="OperationalError"):
            processes.report(pipe, process)
    finally:
        process.terminate()
        process.join()


@pytest.mark.parametrize(("threads", "platform", "way"), [(1, "linux", "fork"), (2, "linux", "spawn"), (1, "darwin", "spawn")])
def test_a_process_is_forked_only_where_nothing_can_be_held(monkeypatch: pytest.MonkeyPatch, threads: int, platform: str, way: str) -> None:
    """Another thread may be in the middle of something that only it can end; other systems' libraries do not bear a fork at all."""
    monkeypatch.setattr(threading, "active_count", lambda: threads)
    monkeypatch.setattr(sys, "platform", platform)
    assert processes.context().get_start_method() == way
