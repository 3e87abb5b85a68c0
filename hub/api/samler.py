"""What comes while others are being served waits for them, and is then served together: one transaction for many."""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from typing import Generic, TypeVar

import structlog

from hub.api.traade import Traade

T = TypeVar("T")
U = TypeVar("U")
LOG = structlog.get_logger(__name__)


class Samler(Generic[T, U]):
    """Calls `alle` in a thread with what has come, at most `hoejst` at a time; two such calls may run at once.

    While one waits for the disk, the other works; a third would only make the groups smaller. No more wait than there are connections.
    """

    SAMTIDIGE = 2

    def __init__(self, traade: Traade, alle: Callable[[Sequence[T]], Sequence[U | None]], hoejst: int) -> None:
        self._traade, self._alle = traade, alle
        self._hoejst = hoejst
        self._venter: list[tuple[T, asyncio.Future[U | None]]] = []
        self._kald: set[asyncio.Task[Sequence[U | None]]] = set()

    async def en(self, vaerdi: T) -> U | None:
        """The value's result; None when there is none, or when the call failed: then it is to be done on its own."""
        svar: asyncio.Future[U | None] = asyncio.get_running_loop().create_future()
        self._venter.append((vaerdi, svar))
        self._begynd()
        return await svar

    def _begynd(self) -> None:
        while self._venter and len(self._kald) < self.SAMTIDIGE:
            gruppe, self._venter = self._venter[: self._hoejst], self._venter[self._hoejst :]
            self._kald.add(kald := asyncio.create_task(self._traade.koer(self._alle, [vaerdi for vaerdi, _ in gruppe])))
            kald.add_done_callback(partial(self._slut, gruppe))

    def _slut(self, gruppe: Sequence[tuple[T, asyncio.Future[U | None]]], kald: asyncio.Task[Sequence[U | None]]) -> None:
        self._kald.discard(kald)
        fejl = None if kald.cancelled() else kald.exception()
        if fejl is not None:
            LOG.warning("joined_calls_failed", error=type(fejl).__name__, calls=len(gruppe))
        faaet = [None] * len(gruppe) if fejl is not None or kald.cancelled() else kald.result()
        for (_, svar), resultat in zip(gruppe, faaet, strict=True):
            if not svar.done():
                svar.set_result(resultat)
        self._begynd()
