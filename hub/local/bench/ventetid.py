"""The live path's latency: from the moment an action is sent to the door until its notification is read from the jobcentre's topic."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import aiohttp
import orjson
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from hub.bootstrap import Hus
from hub.events.topics import notifikationstopic, sikr
from hub.local.generator import Handling

EFTERLOEB = 5.0


@dataclass
class Maaling:
    """When each (case, version) went to the door and when its receipt came, and when it was first read (seconds)."""

    sendt: dict[tuple[str, int], float] = field(default_factory=dict)
    kvitteret: dict[tuple[str, int], float] = field(default_factory=dict)
    laest: dict[tuple[str, int], float] = field(default_factory=dict)
    afvist: int = 0

    def fra_afsendelse(self) -> list[float]:
        """Seconds from the request to the notification, for every action that notified."""
        return [tid - self.sendt[noegle] for noegle, tid in self.laest.items() if noegle in self.sendt]

    def fra_kvittering(self) -> list[float]:
        """Seconds from the receipt to the notification; below zero where the notification was the quicker."""
        return [tid - self.kvitteret[noegle] for noegle, tid in self.laest.items() if noegle in self.kvitteret]


async def hub_ventetid(hus: Hus, adresse: str, token: str, handlinger: Sequence[Handling], i_sekundet: float) -> Maaling:
    """Send the actions at a fixed rate through the door, in order per case, and read every jobcentre's topic."""
    maaling = Maaling()
    topics = [notifikationstopic(kode) for kode in sorted(jobcentre(handlinger))]
    await sikr(hus.options, topics)
    navne = [topic.navn for topic in topics]
    laeser = AIOKafkaConsumer(*navne, **hus.options, group_id=None, auto_offset_reset="earliest", fetch_max_wait_ms=500)
    await laeser.start()
    opgave = asyncio.ensure_future(_laes(hus, laeser, maaling))
    try:
        async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {token}"}, connector=aiohttp.TCPConnector(limit=32)) as http:
            await _send(http, f"{adresse}/v1/handlinger", handlinger, i_sekundet, maaling)
        await asyncio.sleep(EFTERLOEB)
    finally:
        opgave.cancel()
        await asyncio.gather(opgave, return_exceptions=True)
        await laeser.stop()
    return maaling


def jobcentre(handlinger: Sequence[Handling]) -> set[str]:
    """Every jobcentre that the actions name: whoever may be told of them."""
    navne = ("jobCenterKode", "modtagendeJobCenterKode")
    return {kode for handling in handlinger for del_ in (handling, handling["data"]) for navn in navne if (kode := del_.get(navn))}


async def _send(http: aiohttp.ClientSession, url: str, handlinger: Sequence[Handling], i_sekundet: float, maaling: Maaling) -> None:
    laase: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
    begyndt = time.perf_counter()
    async with asyncio.TaskGroup() as opgaver:
        for nummer, handling in enumerate(handlinger):
            await asyncio.sleep(max(0.0, begyndt + nummer / i_sekundet - time.perf_counter()))
            opgaver.create_task(_en(http, url, handling, laase[handling["sagsId"]], maaling))


async def _en(http: aiohttp.ClientSession, url: str, handling: Handling, laas: asyncio.Lock, maaling: Maaling) -> None:
    async with laas:
        sendt = time.perf_counter()
        async with http.post(url, data=orjson.dumps(handling), headers={"Content-Type": "application/json"}) as svar:
            krop: dict[str, Any] = await svar.json(content_type=None)
        if svar.status not in (201, 202):
            maaling.afvist += 1
            return
        noegle = (krop["sagsId"], krop["version"])
        maaling.sendt[noegle], maaling.kvitteret[noegle] = sendt, time.perf_counter()


async def _laes(hus: Hus, laeser: AIOKafkaConsumer, maaling: Maaling) -> None:
    async for post in laeser:
        nu = time.perf_counter()
        notifikation = hus.kodeks.afkod_notifikation(post.value)
        maaling.laest.setdefault((notifikation.sagsId, notifikation.version), nu)


async def faust_ventetid(hus: Hus, ind: str, ud: str, vaerdier: Sequence[bytes], i_sekundet: float) -> list[float]:
    """Seconds from producing a record to reading the plain agent's answer, at a fixed rate.

    The record's key is the run and its number: what an earlier run left on the topics is not taken for this one's.
    """
    koersel = uuid4().hex
    laeser = AIOKafkaConsumer(ud, **hus.options, group_id=None, auto_offset_reset="earliest", fetch_max_wait_ms=500)
    producent = AIOKafkaProducer(**hus.options, acks="all", enable_idempotence=True, linger_ms=0)
    await laeser.start()
    await producent.start()
    sendt: dict[int, float] = {}
    laest: dict[int, float] = {}
    opgave = asyncio.ensure_future(_laes_numre(laeser, koersel, laest))
    try:
        begyndt = time.perf_counter()
        for nummer, vaerdi in enumerate(vaerdier):
            await asyncio.sleep(max(0.0, begyndt + nummer / i_sekundet - time.perf_counter()))
            sendt[nummer] = time.perf_counter()
            await producent.send(ind, value=vaerdi, key=f"{koersel}:{nummer}".encode())
        await asyncio.sleep(EFTERLOEB)
    finally:
        opgave.cancel()
        await asyncio.gather(opgave, return_exceptions=True)
        await producent.stop()
        await laeser.stop()
    return [tid - sendt[nummer] for nummer, tid in laest.items()]


async def _laes_numre(laeser: AIOKafkaConsumer, koersel: str, laest: dict[int, float]) -> None:
    async for post in laeser:
        nu = time.perf_counter()
        hvis, _, nummer = post.key.decode().partition(":")
        if hvis == koersel:
            laest.setdefault(int(nummer), nu)
