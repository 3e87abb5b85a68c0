"""Logging: structured lines on stderr, from the level that the settings give; the libraries from warning."""

import logging
import sys
from typing import Any

import structlog


def configure(level: str) -> None:
    """Send what the hub logs to stderr: stdout is data. Nothing is kept from one call to the next, so tests may replace stderr."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s %(message)s", force=True)
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


def _to_stderr(*_: Any) -> structlog.PrintLogger:
    """A logger to what stderr is when something is logged, not to what it was when logging was set up."""
    return structlog.PrintLogger(sys.stderr)
