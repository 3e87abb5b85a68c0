"""Readers that fetch the same acts again and again: no error, never backwards, and a version always has the same document."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from random import Random

import aiohttp
import orjson

from rig.processes import Rig

# Those told of last: their cases are the ones that move on while they are read.
ACTS = """SELECT split_part(link, '?', 1) FROM delivery.notifikationer WHERE sendt IS NOT NULL
          GROUP BY 1 ORDER BY max(lbnr) DESC LIMIT %s"""
Document = dict[str, object]


@dataclass
class Reader:
    """What one reader was answered. `problems`: what may not happen; `documents`: (link, version) → the document."""

    links: list[str]
    reads: int = 0
    slowest: float = 0.0
    moved: int = 0
    problems: list[str] = field(default_factory=list)
    documents: dict[tuple[str, int], Document] = field(default_factory=dict)
    _newest: dict[str, int] = field(default_factory=dict)

    async def read(self, rig: Rig) -> None:
        """Fetch until cancelled."""
        headers = {"Authorization": f"Bearer {rig.token('auditor')}"}
        async with aiohttp.ClientSession(rig.address, headers=headers) as http:
            while True:
                for link in self.links:
                    begun = time.monotonic()
                    async with http.get(link) as answer:
                        self._judge(link, answer.status, await answer.read())
                    self.slowest = max(self.slowest, time.monotonic() - begun)

    def _judge(self, link: str, status: int, body: bytes) -> None:
        self.reads += 1
        document: Document = orjson.loads(body)
        version = document.get("version")
        if status != 200 or not isinstance(version, int):
            self.problems.append(f"{link}: {status} {document.get('fejlkode')}")
            return
        newest = self._newest.get(link, version)
        if version < newest:
            self.problems.append(f"{link}: version {version} after {newest}")
        if self.documents.setdefault((link, version), document) != document:
            self.problems.append(f"{link}: version {version} has two documents")
        self.moved += version > newest
        self._newest[link] = max(version, newest)


@asynccontextmanager
async def reading(rig: Rig, seed: int, readers: int, acts: int) -> AsyncIterator[list[Reader]]:
    """Readers of some acts each, the same acts for all, for as long as the context."""
    chosen = [str(link) for (link,) in await asyncio.to_thread(rig.sql, ACTS, acts)]
    made = [Reader(Random(seed + n).sample(chosen, len(chosen))) for n in range(readers)]
    tasks = [asyncio.create_task(reader.read(rig)) for reader in made]
    try:
        yield made
        assert not any(task.done() for task in tasks), [task.exception() for task in tasks if task.done()]
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
