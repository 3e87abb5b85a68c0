"""The supervision boundary: the one place that catches everything. A part is handled, postponed, or the process ends.

Rejected events are parked inside the projection's transaction; what reaches this boundary is a failure of the whole part,
which is tried again with back-off before the lane takes more. When it cannot be stored for too long the process exits:
its supervisor starts it afresh, and nothing was acknowledged that is not in PostgreSQL.
"""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

log = structlog.get_logger(__name__)

FOERSTE_PAUSE = 0.05
STOERSTE_PAUSE = 5.0


class GivOp(RuntimeError):
    """The hub cannot go on here; the process ends so that its supervisor can start it again."""


class Bremse:
    """The dead-letter brake: `graense` rejected events in a row, with nothing handled between, halt the worker."""

    def __init__(self, graense: int = 100) -> None:
        self._graense = graense
        self._i_traek = 0

    def taelt(self, haandteret: int, afvist: int) -> None:
        """Count a part. Raises `GivOp` at the limit."""
        self._i_traek = 0 if haandteret else self._i_traek + afvist
        if self._i_traek >= self._graense:
            raise GivOp(f"{self._i_traek} events in a row were rejected: halted before more are parked; see `hub deadletters list`")


async def overvaag(arbejde: Callable[[], Awaitable[None]], hvad: str, taalmodighed: float) -> None:
    """Run `arbejde` until it succeeds. Postpones on any failure; raises `GivOp` after `taalmodighed` seconds of them."""
    loop = asyncio.get_running_loop()
    frist, pause = loop.time() + taalmodighed, FOERSTE_PAUSE
    while True:
        try:
            return await arbejde()
        except GivOp:
            raise
        except Exception as fejl:
            if loop.time() > frist:
                raise GivOp(f"{hvad} kept failing for {taalmodighed:.0f} s: {type(fejl).__name__}") from fejl
            log.warning("part postponed", what=hvad, error=type(fejl).__name__, retry_in_seconds=pause)
        await asyncio.sleep(pause)
        pause = min(pause * 2, STOERSTE_PAUSE)
