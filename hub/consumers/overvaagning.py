"""The supervision boundary: the one place that catches everything. A part is handled, postponed, or the process ends.

Rejected events are parked inside the projection's transaction; what reaches this boundary is a failure of the whole part,
which is tried again with back-off before the lane takes more. When it cannot be stored for too long the process exits:
its supervisor starts it afresh, and nothing was acknowledged that is not in PostgreSQL.
"""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from hub.projections.generation import AndenProjektionsversion

log = structlog.get_logger(__name__)

FOERSTE_PAUSE = 0.05
STOERSTE_PAUSE = 5.0


class GivOp(RuntimeError):
    """The hub cannot go on here; the process ends so that its supervisor can start it again."""


class Bremset(GivOp):
    """Too many events in a row failed."""


class Bremse:
    """The dead-letter brake: `graense` events in a row that failed themselves, with none applied between, halt the worker.

    `i_traek`: how many the processes before this one left. Those that only wait behind a failed one do not count.
    """

    def __init__(self, graense: int = 100, i_traek: int = 0) -> None:
        self._graense = graense
        self._i_traek = i_traek

    def kontroller(self, anvendt: int, fejlet: int) -> None:
        """Before a part is committed. Raises `Bremset` when it would reach the limit: it is undone, and nothing of it is parked."""
        if fejlet and self._efter(anvendt, fejlet) >= self._graense:
            raise Bremset(f"{self._graense} events in a row failed: halted before more are parked; see `hub deadletters list`")

    def taelt(self, anvendt: int, fejlet: int) -> None:
        """A part was committed."""
        self._i_traek = self._efter(anvendt, fejlet)

    def _efter(self, anvendt: int, fejlet: int) -> int:
        return 0 if anvendt else self._i_traek + fejlet


async def overvaag(arbejde: Callable[[], Awaitable[None]], hvad: str, taalmodighed: float) -> None:
    """Run `arbejde` until it succeeds. Postpones on any failure; raises `GivOp` after `taalmodighed` seconds of them.

    `AndenProjektionsversion` at once: a rebuild by other code took over, and waiting does not help.
    """
    loop = asyncio.get_running_loop()
    frist, pause = loop.time() + taalmodighed, FOERSTE_PAUSE
    while True:
        try:
            return await arbejde()
        except (GivOp, AndenProjektionsversion):
            raise
        except Exception as fejl:
            if (denne := asyncio.current_task()) is not None and denne.cancelling():
                # What is cleared up on the way out may fail with the service it needs, and must not hide that the part is to end.
                raise asyncio.CancelledError from fejl
            if loop.time() > frist:
                raise GivOp(f"{hvad} kept failing for {taalmodighed:.0f} s: {type(fejl).__name__}") from fejl
            log.warning("part postponed", what=hvad, error=type(fejl).__name__, retry_in_seconds=pause)
        await asyncio.sleep(pause)
        pause = min(pause * 2, STOERSTE_PAUSE)
