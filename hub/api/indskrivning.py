"""Actions at the door: those that come while others are being appended share the next transaction (decision 026).

What has come goes at once while fewer than `SAMTIDIGE` appends run; the rest waits for the first of them to end, and then goes together.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import NamedTuple

import psycopg
from sqlalchemy.exc import SQLAlchemyError

from hub.api.problem import Problem
from hub.api.traade import Traade
from hub.domain.fejl import Afvisning
from hub.events.forbigaaende import er_forbigaaende
from hub.events.ledger_fejl import ForaeldetFoldning, LedgerBagud
from hub.events.ordre import Kvitteret, Ordre

SAMTIDIGE = 1
STOERSTE = 50
"""Orders that share a transaction, at most."""
LANGSOM_SEKUNDER = 0.05
"""An append that has run so long waits for somebody, and holds nobody up any longer."""
FAA = 8
"""Orders that may be appended on the event loop: some milliseconds of work."""
HOEJST_PAA_LOEKKEN = 2
"""Appends under way on the event loop, each with a connection; one more has a thread."""
Udfald = Kvitteret | Afvisning
Faa = Callable[[Sequence[Ordre]], Awaitable[list[Udfald] | None]]
"""Appends on the event loop; None, or an error of the ledger or the database: nothing is known to be appended, ask `append`."""


class _Ventende(NamedTuple):
    """An order that waits, and its answer."""

    ordre: Ordre
    svar: "asyncio.Future[Udfald]"


class Indskrivning:
    """Calls `append` in the threads of the pool, for a few orders first `faa` on the event loop; at most `koe` orders wait."""

    def __init__(self, append: Callable[[Sequence[Ordre]], list[Udfald]], traade: Traade, koe: int, faa: Faa | None = None) -> None:
        self._append = append
        self._traade = traade
        self._koe = koe
        self._faa = faa
        self._ventende: deque[_Ventende] = deque()
        self._i_gang: dict[asyncio.Future[list[Udfald]], float] = {}

    async def tilfoej(self, ordre: Ordre) -> Udfald:
        """The order's answer. Raises `Problem` 503 when too many wait, and what the ledger raises about this order."""
        if len(self._ventende) >= self._koe:
            raise Problem.proev_igen("overbelastet")
        loop = asyncio.get_running_loop()
        ventende = _Ventende(ordre, loop.create_future())
        self._ventende.append(ventende)
        self._begynd()
        if not ventende.svar.done() and self._ventende and self._ventende[-1] is ventende:
            loop.call_later(LANGSOM_SEKUNDER, self._begynd)
        return await ventende.svar

    def _begynd(self) -> None:
        graense = asyncio.get_running_loop().time() - LANGSOM_SEKUNDER
        while self._ventende and sum(begyndt > graense for begyndt in self._i_gang.values()) < SAMTIDIGE:
            if gruppe := self._tag():
                self._start(gruppe)

    def _tag(self) -> list[_Ventende]:
        """Those in front that go together: of one kind of stream, no request twice. Who has gone away is passed over."""
        gruppe: list[_Ventende] = []
        ids: set[str] = set()
        while self._ventende and len(gruppe) < STOERSTE:
            ordre, svar = self._ventende[0]
            if gruppe and (ordre.topic != gruppe[0].ordre.topic or ordre.request_id in ids):
                break
            self._ventende.popleft()
            if not svar.done():
                gruppe.append(_Ventende(ordre, svar))
                ids.add(ordre.request_id)
        return gruppe

    def _start(self, gruppe: Sequence[_Ventende]) -> None:
        opgave = asyncio.ensure_future(self._tilfoejet([ventende.ordre for ventende in gruppe]))
        self._i_gang[opgave] = asyncio.get_running_loop().time()
        opgave.add_done_callback(partial(self._faerdig, gruppe))

    async def _tilfoejet(self, ordrer: Sequence[Ordre]) -> list[Udfald]:
        """What is not done on the event loop is done in a thread, and says there why it cannot be done."""
        if self._faa is not None and len(ordrer) <= FAA and len(self._i_gang) <= HOEJST_PAA_LOEKKEN:
            with suppress(psycopg.Error, SQLAlchemyError, LedgerBagud, ForaeldetFoldning):
                udfald = await self._faa(ordrer)
                if udfald is not None:
                    return udfald
        return await self._traade.koer(self._append, ordrer)

    def _faerdig(self, gruppe: Sequence[_Ventende], opgave: "asyncio.Future[list[Udfald]]") -> None:
        """Answer who is still there."""
        del self._i_gang[opgave]
        fejl = asyncio.CancelledError() if opgave.cancelled() else opgave.exception()
        if fejl is None:
            for (_, svar), udfald in zip(gruppe, opgave.result(), strict=True):
                if not svar.done():
                    svar.set_result(udfald)
        else:
            self._fejlede(gruppe, fejl)
        self._begynd()

    def _fejlede(self, gruppe: Sequence[_Ventende], fejl: BaseException) -> None:
        """What goes wrong for one is no other's fault: each tries for itself, unless it was the database's or the pool's."""
        endeligt = len(gruppe) == 1 or isinstance(fejl, asyncio.CancelledError | Problem) or er_forbigaaende(fejl)
        for ventende in (v for v in gruppe if not v.svar.done()):
            if endeligt:
                ventende.svar.set_exception(fejl)
            else:
                self._start([ventende])
