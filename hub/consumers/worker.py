"""The worker process: relay lanes, the Faust agent with its tracks, sequencer lanes and the watchdog, in one event loop."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import faust
import structlog

from hub.consumers.app import registrer_agent, ved_tildeling
from hub.consumers.overvaagning import Bremse, GivOp
from hub.consumers.samkoersel import Samkoersel
from hub.consumers.spor import Log, Spor
from hub.consumers.vagthund import Vagthund
from hub.events.journal import Post

log = structlog.get_logger(__name__)

LUKKETID = 10.0
"""Seconds that Faust is given to stop before the process ends without it (it may hang; nothing depends on it)."""

Tjeneste = Callable[[], Awaitable[None]]


@dataclass
class Worker:
    """Runs until `stop` is set or a part cannot go on.

    `app` is Faust's, `tjenester` run beside it (relay, sequencer).
    """

    app: faust.App
    topic: str
    samkoersel: Samkoersel
    journal: Log
    bremse: Bremse
    tjenester: dict[str, Tjeneste]
    spor: dict[int, Spor] = field(default_factory=dict)
    _opgaver: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _nyt: asyncio.Event = field(default_factory=asyncio.Event)

    async def koer(self, stop: asyncio.Event, klar: Callable[[], None] | None = None) -> None:
        """Start everything, wait for `stop`, end everything. Raises what ended the worker early."""
        registrer_agent(self.app, self.topic, self._modtag)
        ved_tildeling(self.app, self.topic, self._tildelt, self._frataget)
        self._start("stop", _vent(stop))
        for navn, tjeneste in self.tjenester.items():
            self._start(navn, tjeneste())
        self._start("vagthund", Vagthund(self.journal, self.spor).koer())
        self._start("faust", self._faust(klar))
        try:
            await self._til_en_er_faerdig()
        finally:
            await self._luk()

    async def _faust(self, klar: Callable[[], None] | None) -> None:
        self.app.finalize()
        await self.app.start()
        if klar is not None:
            klar()
        await self.app.wait_until_stopped()
        raise GivOp("Faust stopped by itself")

    async def _modtag(self, post: Post) -> None:
        spor = self.spor.get(post.partition)
        if spor is not None:
            await spor.laeg(post)

    def _tildelt(self, partitioner: set[int]) -> None:
        for partition in sorted(partitioner - self.spor.keys()):
            self.spor[partition] = Spor(partition, self.samkoersel, self.journal, self.bremse)
            self._start(f"spor-{partition}", self.spor[partition].koer())
        log.info("partitions assigned", partitions=sorted(partitioner))

    def _frataget(self, partitioner: set[int]) -> None:
        for partition in partitioner & self.spor.keys():
            self.spor.pop(partition).slip()
            self._opgaver.pop(f"spor-{partition}").cancel()

    def _start(self, navn: str, arbejde: Awaitable[None]) -> None:
        self._opgaver[navn] = asyncio.ensure_future(arbejde)
        self._nyt.set()

    async def _til_en_er_faerdig(self) -> None:
        """Wait for the first task that ends, also among those started meanwhile, and pass its exception on."""
        while True:
            self._nyt.clear()
            nyt = asyncio.ensure_future(self._nyt.wait())
            await asyncio.wait([*self._opgaver.values(), nyt], return_when=asyncio.FIRST_COMPLETED)
            nyt.cancel()
            faerdige = [o for o in self._opgaver.values() if o.done()]
            if faerdige:
                return faerdige[0].result()

    async def _luk(self) -> None:
        for spor in self.spor.values():
            spor.slip()
        for opgave in self._opgaver.values():
            opgave.cancel()
        await asyncio.wait(self._opgaver.values(), timeout=LUKKETID)
        lukning = asyncio.ensure_future(self.app.stop())
        _, haenger = await asyncio.wait([lukning], timeout=LUKKETID)
        if haenger:
            log.warning("faust did not stop in time; the process ends without it", seconds=LUKKETID)


async def _vent(stop: asyncio.Event) -> None:
    await stop.wait()
