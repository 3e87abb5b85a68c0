"""Child processes that are started again when they end, with back-off, and that end with the one who started them."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import Any

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
SETTLED_SECONDS = 60.0
"""A child that lived so long starts again after the shortest pause."""
STOP_SECONDS = 40.0
Say = Callable[[str], None]


class EndedEarly(RuntimeError):
    """A child ended before it was ready for the first time; it has said why on stderr."""


@dataclass
class Child:
    """One `hub VERB`, started again when it ends. `reports` gets each JSON object that it writes to stdout."""

    verb: str
    environment: Mapping[str, str] = field(default_factory=dict)
    reports: SimpleQueue[dict[str, Any]] = field(default_factory=SimpleQueue)
    _process: subprocess.Popen[bytes] | None = None
    _started: float = 0.0
    _next: float = 0.0
    _pause: float = FIRST_PAUSE

    @property
    def pid(self) -> int | None:
        """The process that runs now."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Start the process in a session of its own: Ctrl-C reaches only us, and we end it in order."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "hub.cli", self.verb, "--json", "--tied"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **self.environment},
            start_new_session=True,
        )
        self._started = time.monotonic()
        threading.Thread(target=_read, args=(self._process, self.reports), daemon=True).start()

    def ended(self) -> int | None:
        """The exit code when the process has ended."""
        return None if self._process is None else self._process.poll()

    def look_after(self, say: Say) -> None:
        """Start it again when it has ended and its pause is over."""
        code, now = self.ended(), time.monotonic()
        if code is not None:
            self._pause = FIRST_PAUSE if now - self._started > SETTLED_SECONDS else self._pause
            say(f"{self.verb} ended with code {code}; it starts again in {self._pause:.1f} s")
            self._process, self._next = None, now + self._pause
            self._pause = min(self._pause * 2, LONGEST_PAUSE)
        elif self._process is None and now >= self._next:
            self.start()

    def stop(self) -> None:
        """Ask it to end."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def wait(self, deadline: float) -> None:
        """Wait for its end until the deadline (monotonic), then kill it."""
        if self._process is None:
            return
        try:
            self._process.wait(max(deadline - time.monotonic(), 0.0))
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def first_reports(children: Sequence[Child], stopping: threading.Event, seconds: float = 120.0) -> list[dict[str, Any]]:
    """What each child reports first: it is ready. Raises `EndedEarly`; returns fewer when `stopping` is set meanwhile."""
    deadline, reports = time.monotonic() + seconds, []
    for child in children:
        while child.reports.empty() and not stopping.is_set():
            _must_live(children, deadline)
            stopping.wait(0.05)
        if not child.reports.empty():
            reports.append(child.reports.get())
    return reports


def stop_all(children: Sequence[Child]) -> None:
    """End all children, at once and in order; none is left."""
    for child in children:
        child.stop()
    deadline = time.monotonic() + STOP_SECONDS
    for child in children:
        child.wait(deadline)


def _must_live(children: Sequence[Child], deadline: float) -> None:
    for child in children:
        if child.ended() is not None:
            raise EndedEarly(f"{child.verb} ended with code {child.ended()} while starting")
    if time.monotonic() > deadline:
        raise EndedEarly("the processes were not ready in time")


def _read(process: subprocess.Popen[bytes], reports: SimpleQueue[dict[str, Any]]) -> None:
    """Take what the child writes; a line that is no JSON object is nothing for us."""
    assert process.stdout is not None
    for line in process.stdout:
        try:
            report = json.loads(line)
        except ValueError:
            continue
        if isinstance(report, dict):
            reports.put(report)
