"""The projection as the tracks use it: parts that are ready at the same time share a transaction.

What has arrived goes at once while fewer than `SAMTIDIGE` transactions run; the rest waits for the first of them to end, and then goes
together. A part that cannot go with the others goes alone, through the transaction that catches up and parks.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import Executor
from typing import NamedTuple, Protocol, TypeVar

from hub.events.journal import Post
from hub.projections.live import Udfald

SAMTIDIGE = 2
SMAA = 32
"""Records that are applied on the event loop, if it can: handing so few to a thread and back would cost more than the work."""
STOERSTE_SAMLING = 1_000
"""Records after which no further part is taken along."""

T = TypeVar("T")


class Projiceret(Protocol):
    """The projection; every call blocks on PostgreSQL."""

    def generation(self) -> int:
        """The generation that serves."""
        ...

    def checkpoint(self, partition: int) -> int:
        """The offset after the last record applied."""
        ...

    def anvend(self, partition: int, poster: Sequence[Post], fra: int | None = None) -> Udfald:
        """Apply a part, read from the offset `fra` on, in one transaction."""
        ...

    def anvend_samlet(self, dele: Mapping[int, Sequence[Post]], generation: int) -> dict[int, Udfald] | None:
        """Apply parts of several partitions in one transaction; None: not together."""
        ...


class _Del(NamedTuple):
    """A part that waits, and its outcome: None when it could not go with the others."""

    poster: Sequence[Post]
    udfald: "asyncio.Future[Udfald | None]"


Smaa = Callable[[Mapping[int, Sequence[Post]], int], Awaitable[dict[int, Udfald] | None]]
"""`anvend_samlet` on the event loop."""


class Samkoersel:
    """Runs the projection's calls in `traade`, few records together by `smaa`."""

    def __init__(self, projektion: Projiceret, traade: Executor, smaa: Smaa | None = None) -> None:
        self._projektion = projektion
        self._traade = traade
        self._smaa = smaa
        self._ventende: dict[int, _Del] = {}
        self._i_gang = 0
        self._generation: int | None = None

    async def checkpoint(self, partition: int) -> int:
        """The offset after the last record applied."""
        return await self._i_traad(lambda: self._projektion.checkpoint(partition))

    async def anvend(self, partition: int, poster: Sequence[Post], fra: int | None = None) -> Udfald:
        """Apply a part: together with others when it was delivered, alone when it was read from the offset `fra` on."""
        udfald = await self._sammen(partition, poster) if fra is None else None
        if udfald is not None:
            return udfald
        return await self._i_traad(lambda: self._projektion.anvend(partition, poster, fra))

    async def _sammen(self, partition: int, poster: Sequence[Post]) -> Udfald | None:
        fremtid: asyncio.Future[Udfald | None] = asyncio.get_running_loop().create_future()
        self._ventende[partition] = _Del(poster, fremtid)
        self._begynd()
        return await fremtid

    def _begynd(self) -> None:
        if not self._ventende or self._i_gang >= SAMTIDIGE:
            return
        dele: dict[int, _Del] = {}
        antal = 0
        while self._ventende and antal < STOERSTE_SAMLING:
            partition = next(iter(self._ventende))
            dele[partition] = self._ventende.pop(partition)
            antal += len(dele[partition].poster)
        self._i_gang += 1
        opgave = self._opgave({partition: del_.poster for partition, del_ in dele.items()}, antal)
        opgave.add_done_callback(lambda faerdig: self._faerdig(faerdig, dele))

    def _opgave(self, dele: Mapping[int, Sequence[Post]], antal: int) -> "asyncio.Future[dict[int, Udfald] | None]":
        if self._smaa is not None and self._generation is not None and antal <= SMAA:
            return asyncio.ensure_future(self._smaa(dele, self._generation))
        return asyncio.get_running_loop().run_in_executor(self._traade, self._anvend, dele)

    def _faerdig(self, opgave: "asyncio.Future[dict[int, Udfald] | None]", dele: Mapping[int, _Del]) -> None:
        """Whatever went wrong together, each part tries for itself, and its track deals with what goes wrong then."""
        self._i_gang -= 1
        udfald = None if opgave.cancelled() or opgave.exception() else opgave.result()
        if udfald is None:
            self._generation = None
        for partition, (_, fremtid) in dele.items():
            if not fremtid.done():
                fremtid.set_result(udfald.get(partition) if udfald else None)
        self._begynd()

    def _anvend(self, dele: Mapping[int, Sequence[Post]]) -> dict[int, Udfald] | None:
        generation, self._generation = self._generation, None
        if generation is None:
            generation = self._projektion.generation()
        udfald = self._projektion.anvend_samlet(dele, generation)
        if udfald is not None:
            self._generation = generation
        return udfald

    async def _i_traad(self, arbejde: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._traade, arbejde)
