"""Turns at one connection: calls in a thread of its own, and short visits from the event loop; one at a time."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Linje:
    """Who comes first has the connection first. The event loop never waits in a call of the thread."""

    def __init__(self, navn: str) -> None:
        self._pulje = ThreadPoolExecutor(1, thread_name_prefix=navn)
        self._tur = asyncio.Lock()

    async def i_traad(self, arbejde: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The call's result. Who is cancelled leaves it running: another call waits for it, a visit must not come."""
        async with self._tur:
            return await asyncio.get_running_loop().run_in_executor(self._pulje, partial(arbejde, *args, **kwargs))

    async def paa_loekken(self, besoeg: Callable[P, Awaitable[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        """The result of one visit or several. Who is cancelled leaves them running: whatever comes behind waits for them."""
        return await asyncio.shield(asyncio.ensure_future(self._for_sig(partial(besoeg, *args, **kwargs))))

    async def _for_sig(self, besoeg: Callable[[], Awaitable[T]]) -> T:
        async with self._tur:
            return await besoeg()

    def luk(self) -> None:
        """Take on nothing more; a call under way is left to end."""
        self._pulje.shutdown(wait=False, cancel_futures=True)
