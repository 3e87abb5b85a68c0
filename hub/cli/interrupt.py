"""Ctrl-C while a verb is still being loaded: nothing has begun, so the process is gone at once, without a word."""

import os
import signal
from types import FrameType

INTERRUPTED = 130


def quiet() -> None:
    """From here on Ctrl-C ends the process, until `heard`. A module half loaded would make something else of a KeyboardInterrupt."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _leave)


def heard() -> None:
    """From here on Ctrl-C is the verb's to hear."""
    if signal.getsignal(signal.SIGINT) is _leave:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _leave(number: int, frame: FrameType | None) -> None:
    os._exit(INTERRUPTED)
