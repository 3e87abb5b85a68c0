"""Processes of a demonstration's stack."""

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from hub.local import services
from hub.local.stak import proces, stak
from hub.settings import Settings

SNAK = """
import pathlib, sys, time
print("klar", flush=True)
for _ in range(1000):
    print("x" * 1000)
pathlib.Path(sys.argv[1]).touch()
time.sleep(60)
"""


def test_a_process_that_says_much_is_not_held_up(tmp_path: Path) -> None:
    """More output than a pipe holds, after the line that was waited for: the process goes on."""
    naaet = tmp_path / "reached"
    with proces([sys.executable, "-c", SNAK, str(naaet)], dict(os.environ), "klar") as linje:
        assert linje == "klar"
        frist = time.monotonic() + 20
        while not naaet.exists() and time.monotonic() < frist:
            time.sleep(0.02)
        assert naaet.exists(), "it waits for somebody to read"


def test_a_start_that_is_broken_off_leaves_nothing_running(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C while the services start: what had started is stopped before its folder goes."""
    stoppet: list[bool] = []

    def afbrudt(_: Settings) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(services, "start", afbrudt)
    monkeypatch.setattr(services, "stop", lambda settings: stoppet.append(settings.data.exists()))
    with pytest.raises(KeyboardInterrupt), stak():
        pass
    assert stoppet == [True]


def test_sigterm_leaves_no_service_running(monkeypatch: pytest.MonkeyPatch) -> None:
    """A demonstration or benchmark that is asked to end (a time limit, a supervisor) stops what it started, as with Ctrl-C."""
    stopped: list[Path] = []
    monkeypatch.setattr(services, "start", lambda _: services.Services("b:1", "postgresql://h/d"))
    monkeypatch.setattr(services, "stop", lambda settings: stopped.append(settings.data))
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(KeyboardInterrupt), stak() as hus:
        signal.raise_signal(signal.SIGTERM)
    assert stopped == [hus.settings.data] and not stopped[0].exists() and signal.getsignal(signal.SIGTERM) is before
