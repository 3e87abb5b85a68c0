"""How a process that `hub up` started ends: on a signal, or with whoever started it, even if that was killed."""

import os
import signal
import sys
import threading
from typing import Annotated

import typer

LAST_SECONDS = 30.0

Tied = Annotated[bool, typer.Option("--tied", hidden=True, help="End when stdin closes: with the process that started this one.")]


def end_with_parent() -> None:
    """Send SIGTERM to this process when its stdin closes."""
    threading.Thread(target=_wait_for_end_of_input, name="tied", daemon=True).start()


def end_anyway(seconds: float = LAST_SECONDS) -> None:
    """Leave within `seconds`, whatever hangs: nothing that is not stored yet was promised to anybody."""
    timer = threading.Timer(seconds, os._exit, [1])
    timer.daemon = True
    timer.start()


def _wait_for_end_of_input() -> None:
    while os.read(sys.stdin.fileno(), 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
