"""Blocking SQL in a bounded pool of threads: never in the event loop, and never an endless queue (pitfalls: SQLAlchemy)."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import ParamSpec, TypeVar

from hub.api.problem import Problem

P = ParamSpec("P")
T = TypeVar("T")


class Traade:
    """At most `antal` calls at a time and `koe` waiting; one more is refused with 503 and Retry-After."""

    def __init__(self, antal: int, koe: int) -> None:
        self._pulje = ThreadPoolExecutor(antal, thread_name_prefix="api-sql")
        self._pladser = antal + koe
        self._optaget = 0
        self._laas = Lock()

    async def koer(self, funktion: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The function's result, run in a thread. Raises `Problem` 503 when too many wait."""
        with self._laas:
            if self._optaget >= self._pladser:
                raise Problem.proev_igen("overbelastet")
            self._optaget += 1
        opgave = self._pulje.submit(funktion, *args, **kwargs)
        opgave.add_done_callback(self._fri)
        return await asyncio.wrap_future(opgave)

    @property
    def optaget(self) -> int:
        """Calls running or waiting now."""
        return self._optaget

    def luk(self) -> None:
        """Wait for what runs and let the threads go."""
        self._pulje.shutdown(wait=True, cancel_futures=True)

    def _fri(self, _: "Future[T]") -> None:
        """The thread is free: also when the one who asked has gone away meanwhile."""
        with self._laas:
            self._optaget -= 1
