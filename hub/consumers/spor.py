"""One track per partition: what Faust delivers is buffered, and a greedy part of it applied at a time.

A part grows only while the previous one is being worked on, so a single event is handled at once and a backlog in large parts.
Where a part does not begin at the checkpoint, the hole is caught up from the log itself (architecture 5).
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from typing import Protocol

import structlog

from hub.consumers.overvaagning import Bremse, Bremset, overvaag
from hub.consumers.samkoersel import Samkoersel
from hub.events.journal import Post
from hub.projections.live import Anvendt

log = structlog.get_logger(__name__)

STOERSTE_DEL = 500
STOERSTE_BUFFER = 4_000


class Log(Protocol):
    """The log, as a track and the watchdog read it for themselves."""

    async def slutninger(self, partitioner: set[int]) -> dict[int, int]:
        """The offset after the last record, per partition."""
        ...

    def laes(self, partition: int, fra: int, til: int, batch: int) -> AsyncIterator[list[Post]]:
        """Records [fra, til) in parts of at most `batch`."""
        ...


class Spor:
    """The track of one partition."""

    def __init__(self, partition: int, samkoersel: Samkoersel, journal: Log, bremse: Bremse) -> None:
        self.partition = partition
        self.checkpoint = -1
        self.travl = True
        self._samkoersel = samkoersel
        self._journal = journal
        self._bremse = bremse
        self._buffer: deque[Post] = deque()
        self._kommet = asyncio.Event()
        self._plads = asyncio.Event()
        self._plads.set()

    async def laeg(self, post: Post) -> None:
        """Buffer a record; waits while the buffer is full. Records below the checkpoint are dropped."""
        if post.offset < self.checkpoint:
            return
        self._buffer.append(post)
        self._kommet.set()
        if len(self._buffer) >= STOERSTE_BUFFER:
            self._plads.clear()
            await self._plads.wait()

    def vaek(self) -> None:
        """Look at the log's end although nothing was delivered (the watchdog saw it move)."""
        self._kommet.set()

    def slip(self) -> None:
        """Let whoever waits for room go on; the track is being given up."""
        self._buffer.clear()
        self._plads.set()

    async def koer(self, taalmodighed: float = 60.0) -> None:
        """Catch up to the log's end, then apply what comes, until cancelled. Raises `GivOp`."""
        await overvaag(self.indhent, f"catching up partition {self.partition}", taalmodighed)
        while True:
            self.travl = False
            await self._kommet.wait()
            self.travl = True
            poster = self._tag()
            await overvaag(lambda: self._anvend(poster), f"a part of partition {self.partition}", taalmodighed)  # noqa: B023

    def _tag(self) -> list[Post]:
        poster = [self._buffer.popleft() for _ in range(min(len(self._buffer), STOERSTE_DEL))]
        if not self._buffer:
            self._kommet.clear()
        self._plads.set()
        return poster

    async def indhent(self) -> None:
        """Apply what lies between the checkpoint and the log's end through the bulk reader."""
        slut = (await self._journal.slutninger({self.partition}))[self.partition]
        self.checkpoint = await self._samkoersel.checkpoint(self.partition)
        while self.checkpoint < slut:
            log.info("catching up", partition=self.partition, start=self.checkpoint, end=slut)
            async for poster in self._journal.laes(self.partition, self.checkpoint, slut, STOERSTE_DEL):
                if not await self._anvendt(poster, self.checkpoint):
                    break
            self.checkpoint = await self._samkoersel.checkpoint(self.partition)

    async def _anvend(self, poster: list[Post]) -> None:
        if not poster or not await self._anvendt(poster):
            await self.indhent()

    async def _anvendt(self, poster: list[Post], fra: int | None = None) -> bool:
        """Apply a part; False when it did not begin at the checkpoint, or another worker moved that.

        A part that pulls the brake is applied in halves: what lies below the limit is parked, so that an operator sees it and can act.
        """
        try:
            udfald = await self._samkoersel.anvend(self.partition, poster, fra)
        except Bremset:
            if len(poster) == 1:
                raise
            midte = len(poster) // 2
            return await self._anvendt(poster[:midte], fra) and await self._anvendt(poster[midte:], self.checkpoint)
        if not isinstance(udfald, Anvendt):
            return False
        self.checkpoint = udfald.naeste
        self._bremse.taelt(udfald.antal, udfald.fejlet)
        if udfald.parkeret:
            log.error("events parked", partition=self.partition, failed=udfald.fejlet, waiting=udfald.parkeret - udfald.fejlet)
        if udfald.sprunget:
            log.info("repeats passed over", partition=self.partition, count=udfald.sprunget)
        return True
