"""Send numbered notifications to the jobcentres' topics: per topic in order of number, one batch at a time, all topics at once."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from itertools import groupby
from typing import Any, NamedTuple

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from hub.events.journal import kasser, producent
from hub.events.topics import Topic, TopicFejl, notifikationstopic, sikr
from hub.notifications.numre import Nummereret, Sendt

SEND_SEKUNDER = 12.0
"""How long one delivery may take before its outcome is unknown."""

log = structlog.get_logger(__name__)


class UkendtUdfald(KafkaError):  # type: ignore[misc]
    """Kafka acknowledged a batch without saying where it lies (a repeat it had already forgotten the place of)."""


class IkkeVores(RuntimeError):
    """The lanes were lost between numbering and sending: what was numbered may have been told otherwise since."""


class Afsendelse(NamedTuple):
    """What the topics have now, in order per jobcentre, and the jobcentres whose outcome must be looked up on the topic."""

    sendte: list[Sendt]
    ukendte: set[str]


class Afsender:
    """An idempotent acks=all producer for all the lanes of a worker; after any failure it is dropped and a new one made.

    `stadig_vores` is asked immediately before each batch goes out.
    """

    def __init__(self, options: dict[str, Any], stadig_vores: Callable[[], Awaitable[bool]] | None = None) -> None:
        self._options = options
        self._stadig_vores = stadig_vores
        self._producent: AIOKafkaProducer | None = None
        self._kendte: set[str] = set()

    async def send(self, raekker: Sequence[Nummereret]) -> Afsendelse:
        """Send rows, in order of number per jobcentre. What fails is in `ukendte`; nothing of Kafka's is raised."""
        emner = {kode: list(gruppe) for kode, gruppe in groupby(sorted(raekker), key=lambda r: r.job_center_kode)}
        await self._sikr({kode for kode in emner if notifikationstopic(kode).navn not in self._kendte})
        try:
            producent = await self._klar()
        except (KafkaError, OSError, TimeoutError) as fejl:
            await self._opgiv(dict.fromkeys(emner, fejl))
            return Afsendelse([], set(emner))
        udfald = await asyncio.gather(*(self._emne(producent, kode, emne) for kode, emne in emner.items()))
        fejlede = {kode: fejl for kode, (_, fejl) in zip(emner, udfald, strict=True) if fejl is not None}
        if fejlede:
            await self._opgiv(fejlede)
        return Afsendelse([sendt for sendte, _ in udfald for sendt in sendte], set(fejlede))

    async def luk(self) -> None:
        """Drop the producer within a few seconds, whatever is under way."""
        producent, self._producent = self._producent, None
        if producent is not None:
            await kasser(producent)

    async def _klar(self) -> AIOKafkaProducer:
        if self._producent is None:
            self._producent = producent(self._options, "hub-sekvenser")
            async with asyncio.timeout(SEND_SEKUNDER):
                await self._producent.start()
        return self._producent

    async def _sikr(self, koder: Iterable[str]) -> None:
        """Make the topics that are missing, from the same declaration as `hub topics`; one that cannot be had holds up no other."""
        if not await self._har([notifikationstopic(kode) for kode in koder]):
            for kode in koder:
                await self._har([notifikationstopic(kode)])

    async def _har(self, topics: Sequence[Topic]) -> bool:
        try:
            if topics:
                await sikr(self._options, topics)
        except (KafkaError, OSError, TopicFejl) as fejl:
            log.warning("notification topics are not there", topics=len(topics), error=type(fejl).__name__, text=str(fejl)[:200])
            return False
        self._kendte |= {topic.navn for topic in topics}
        return True

    async def _emne(self, producent: AIOKafkaProducer, kode: str, raekker: list[Nummereret]) -> tuple[list[Sendt], Exception | None]:
        """Send one jobcentre's rows; what Kafka has acknowledged, and what ended it early.

        The next batch is made when the one before is acknowledged: none can overtake another, whatever the client retries or drops.
        """
        sendte: list[Sendt] = []
        topic = notifikationstopic(kode).navn
        if topic not in self._kendte:
            return sendte, TopicFejl(f"{topic} is not there")
        try:
            async with asyncio.timeout(SEND_SEKUNDER):
                while len(sendte) < len(raekker):
                    sendte += await self._bundt(producent, topic, raekker[len(sendte) :])
        except (KafkaError, OSError, TimeoutError, AssertionError, IkkeVores) as fejl:
            # A fenced idempotent producer fails with a bare AssertionError.
            return sendte, fejl
        return sendte, None

    async def _bundt(self, producent: AIOKafkaProducer, topic: str, raekker: Sequence[Nummereret]) -> list[Sendt]:
        bundt = producent.create_batch()
        antal = 0
        for raekke in raekker:
            noegle = raekke.job_center_kode.encode()
            if bundt.append(timestamp=None, key=noegle, value=raekke.vaerdi, headers=list(raekke.hoveder)) is None:
                break
            antal += 1
        bundt.close()
        if self._stadig_vores is not None and not await self._stadig_vores():
            raise IkkeVores(topic)
        levering = await producent.send_batch(bundt, topic, partition=0)
        # Who gives up waiting leaves the delivery to fail later, unheard.
        levering.add_done_callback(lambda f: f.cancelled() or f.exception())
        svar = await asyncio.shield(levering)
        if svar.offset < 0:
            raise UkendtUdfald(topic)
        return [Sendt(raekke, svar.offset + nr) for nr, raekke in enumerate(raekker[:antal])]

    async def _opgiv(self, fejlede: dict[str, Exception]) -> None:
        """Nothing may be sent through a producer that failed, and the failed topics are looked for anew."""
        for slags in sorted({type(fejl).__name__ for fejl in fejlede.values()}):
            log.warning("sending notifications failed", error=slags, topics=len(fejlede))
        self._kendte -= {notifikationstopic(kode).navn for kode in fejlede}
        await self.luk()
