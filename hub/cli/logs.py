"""Logging: structured lines on stderr, from the level that the settings give; the libraries' too, from warning."""

import logging
import sys
import threading
import time
import traceback
from pathlib import Path
from types import TracebackType
from typing import Any

import structlog

QUIET_SECONDS = 60.0
"""A library that says the same again says it in vain for so long: aiokafka does twenty times a second while Kafka is away."""
MOST = 1_000
FRAMES = 8


def configure(level: str) -> None:
    """Send what the hub logs to stderr: stdout is data. Nothing is kept from one call to the next, so tests may replace stderr."""
    logging.basicConfig(level=logging.WARNING, handlers=[Libraries()], force=True)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=_to_stderr,
        cache_logger_on_first_use=False,
    )


class Libraries(logging.Handler):
    """What libraries log, each record a line like our own: an exception by its kind and where it was, not as a traceback."""

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[tuple[str, str], float] = {}
        self._in_vain: dict[tuple[str, str], int] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """Log it, unless it was said a moment ago; then it is counted, and the next line says how often."""
        key, now = (record.name, str(record.msg)), time.monotonic()
        if now - self._said.get(key, -QUIET_SECONDS) < QUIET_SECONDS:
            self._in_vain[key] = self._in_vain.get(key, 0) + 1
            return
        if len(self._said) >= MOST:
            self._said.clear()
            self._in_vain.clear()
        self._said[key] = now
        more: dict[str, Any] = {"library": record.name}
        if record.exc_info and record.exc_info[0]:
            more |= _cause(record.exc_info[0], record.exc_info[2])
        if again := self._in_vain.pop(key, 0):
            more["again"] = again
        structlog.get_logger().log(record.levelno, record.getMessage(), **more)


def log_ends_of_threads() -> None:
    """Let a thread that an exception ends say so in a line like our own. For a process of its own."""
    threading.excepthook = _thread_ended


def _thread_ended(args: threading.ExceptHookArgs) -> None:
    name = None if args.thread is None else args.thread.name
    structlog.get_logger().error("a thread ended", thread=name, **_cause(args.exc_type, args.exc_traceback))


def _cause(kind: type[BaseException], where: TracebackType | None) -> dict[str, Any]:
    """Never the exception's text, which may hold values."""
    return {"error": kind.__name__, "at": [f"{Path(f.filename).name}:{f.lineno}" for f in traceback.extract_tb(where)[-FRAMES:]]}


def _to_stderr(*_: Any) -> structlog.PrintLogger:
    """A logger to what stderr is when something is logged, not to what it was when logging was set up."""
    return structlog.PrintLogger(sys.stderr)
