"""The reference jobcentres: each follows its topic and fetches what every notification names at once."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp
from aiokafka.errors import KafkaError

from hub.consumers.jobcenter import Modtager, foelg_op, lyt
from hub.events.ordningsnotifikation import Ordningsnotifikation
from rig.processes import Rig

AWAY = (aiohttp.ClientError, TimeoutError, OSError)
AGAIN_SECONDS = 0.2


@dataclass
class Centre:
    """One jobcentre. `behind`: follow-ups whose answer was not at least the announced version; `reads`: what was answered."""

    code: str
    receiver: Modtager = field(default_factory=Modtager)
    followed: int = 0
    door_away: int = 0
    behind: list[tuple[int, int, object]] = field(default_factory=list)
    reads: Counter[tuple[str, str]] = field(default_factory=Counter)

    async def listen(self, rig: Rig) -> None:
        """Follow the topic until cancelled, through the loss of Kafka and of the door."""
        headers = {"Authorization": f"Bearer {rig.token('system', self.code)}"}
        timeout = aiohttp.ClientTimeout(total=20)
        async with aiohttp.ClientSession(rig.address, headers=headers, timeout=timeout) as http:
            while True:
                try:
                    await self._receive(rig, http)
                except (KafkaError, OSError):
                    await asyncio.sleep(AGAIN_SECONDS)

    async def _receive(self, rig: Rig, http: aiohttp.ClientSession) -> None:
        async for message in lyt(rig.hus.options, rig.hus.kodeks, self.code):
            if self.receiver.modtag(message) in ("ny", "hul"):
                await self._fetch(http, message.notifikation)
                self.followed += 1

    async def _fetch(self, http: aiohttp.ClientSession, notification: Ordningsnotifikation) -> None:
        """Fetch at once; only a door that is not there (or says so) is asked again."""
        while True:
            try:
                answer = await foelg_op(http, notification)
            except AWAY:
                self.door_away += 1
            else:
                if answer.status != 503:
                    return self._judge(notification, answer.ok, answer.status, answer.dokument)
                self.door_away += 1
            await asyncio.sleep(AGAIN_SECONDS)

    def _judge(self, notification: Ordningsnotifikation, ok: bool, status: int, document: dict[str, object]) -> None:
        if ok:
            self.reads[notification.getMetode, notification.eksternIdentifier] += 1
        else:
            self.behind.append((notification.nummer, status, document.get("fejlkode", document.get("version"))))


@asynccontextmanager
async def listening(rig: Rig, codes: Sequence[str]) -> AsyncIterator[list[Centre]]:
    """Jobcentres that listen as long as the context."""
    centres = [Centre(code) for code in codes]
    tasks = [asyncio.create_task(centre.listen(rig)) for centre in centres]
    try:
        yield centres
    finally:
        for task in tasks:
            task.cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
        for problem in ended:
            if isinstance(problem, Exception):
                raise problem


async def followed(centres: list[Centre], heads: dict[str, int]) -> None:
    """Wait until each jobcentre has followed up everything that its topic has."""
    async with asyncio.timeout(120):
        while any(centre.followed < heads.get(centre.code, 0) for centre in centres):
            await asyncio.sleep(0.1)
