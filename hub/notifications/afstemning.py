"""Compare the topics' tails with the table: what is there already is marked, and a topic that knows more than the table halts the lane."""

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition

from hub.events.codec import Kodeks, Ulaeselig
from hub.events.journal import ANMODNING_MS, Post, laes
from hub.events.topics import NOTIFIKATIONER
from hub.notifications.numre import Hoved, Nummereret, Numre, Sendt
from hub.notifications.udkast import bane

POSTER_AD_GANGEN = 1000
log = structlog.get_logger(__name__)


class BaneStandset(RuntimeError):
    """The lane may not number: table and topic contradict each other, and only `hub restore` can bring them together."""

    def __init__(self, job_center_kode: str, grund: str) -> None:
        super().__init__(f"{NOTIFIKATIONER}{job_center_kode} {grund}; run `hub restore`")
        self.bane = bane(job_center_kode)


class Ende(NamedTuple):
    """A topic's first offset and the offset after its last record."""

    start: int
    slut: int


async def ender(options: dict[str, Any], baner: Collection[int]) -> dict[str, Ende]:
    """Where the notification topics of some lanes begin and end, by jobcentre. Raises KafkaError."""
    consumer = AIOKafkaConsumer(
        **options,
        client_id="hub-sekvenser",
        group_id=None,
        enable_auto_commit=False,
        auto_offset_reset="none",
        request_timeout_ms=ANMODNING_MS,
    )
    try:
        await consumer.start()
        koder = [navn.removeprefix(NOTIFIKATIONER) for navn in await consumer.topics() if navn.startswith(NOTIFIKATIONER)]
        tps = {TopicPartition(NOTIFIKATIONER + kode, 0): kode for kode in koder if bane(kode) in baner}
        if not tps:
            return {}
        consumer.assign(list(tps))
        for tp in tps:
            # At rest: nothing is fetched, and no position is looked for.
            consumer.seek(tp, 0)
            consumer.pause(tp)
        starter, slutter = await consumer.beginning_offsets(list(tps)), await consumer.end_offsets(list(tps))
        return {kode: Ende(starter[tp], slutter[tp]) for tp, kode in tps.items()}
    finally:
        await consumer.stop()


class Afstemning:
    """Compares jobcentres. `i_traad(f, *args)` runs SQL in the one thread that owns the connection."""

    def __init__(self, options: dict[str, Any], numre: Numre, kodeks: Kodeks, i_traad: Callable[..., Awaitable[Any]]) -> None:
        self._options = options
        self._numre = numre
        self._kodeks = kodeks
        self._i_traad = i_traad

    async def baner(self, baner: Collection[int], koder: Collection[str] | None = None) -> tuple[dict[str, Hoved], dict[int, BaneStandset]]:
        """Mark what the topics of these lanes (of these jobcentres only, if given) have.

        Returns the jobcentres compared, and the lanes that may not number and why. Raises KafkaError or psycopg's errors: then nothing
        is known.
        """
        hoveder: dict[str, Hoved] = {kode: h for kode, h in (await self._i_traad(self._numre.hoveder)).items() if bane(kode) in baner}
        emner = await ender(self._options, baner)
        standsede: dict[int, BaneStandset] = {}
        alle = hoveder.keys() | emner.keys()
        for kode in sorted(alle if koder is None else alle & set(koder)):
            try:
                await self._en(kode, hoveder.get(kode, Hoved()), emner.get(kode, Ende(0, 0)))
            except BaneStandset as grund:
                standsede.setdefault(grund.bane, grund)
        return hoveder, standsede

    async def _en(self, kode: str, hoved: Hoved, ende: Ende) -> None:
        if not ende.start <= hoved.naeste_offset <= ende.slut:
            grund = f"has offsets {ende.start} to {ende.slut}, but it had a notification at {hoved.naeste_offset - 1}"
            raise BaneStandset(kode, grund)
        fra, til = {0: hoved.naeste_offset}, {0: ende.slut}
        if ende.slut > hoved.naeste_offset:
            async for _, poster in laes(self._options, NOTIFIKATIONER + kode, fra, til, POSTER_AD_GANGEN):
                fundne = self._fundne(kode, hoved, poster)
                await self._i_traad(self._marker, kode, fundne)

    def _fundne(self, kode: str, hoved: Hoved, poster: Sequence[Post]) -> dict[int, Sendt]:
        """The first occurrence of each number in a part of the tail."""
        fundne: dict[int, Sendt] = {}
        for post, raekke in _laeste(self._kodeks, kode, poster):
            if raekke.nummer > hoved.nummer:
                raise BaneStandset(kode, f"has number {raekke.nummer}, but the database has given numbers only up to {hoved.nummer}")
            fundne.setdefault(raekke.nummer, Sendt(raekke, post.offset))
        return fundne

    def _marker(self, kode: str, fundne: Mapping[int, Sendt]) -> None:
        gemte = self._numre.gemte_bytes(kode, list(fundne))
        for nummer, sendt in fundne.items():
            if gemte.get(nummer) != sendt.raekke.vaerdi:
                raise BaneStandset(kode, f"has another notification under number {nummer} than the database")
        if fundne:
            self._numre.marker(list(fundne.values()))


def _laeste(kodeks: Kodeks, kode: str, poster: Iterable[Post]) -> Iterable[tuple[Post, Nummereret]]:
    for post in poster:
        try:
            n = kodeks.afkod_notifikation(post.vaerdi or b"")
        except Ulaeselig as fejl:
            # Nobody but the hub may write here; what is not a notification has no number to be counted.
            log.warning("foreign record on a notification topic", topic=NOTIFIKATIONER + kode, offset=post.offset, reason=str(fejl))
            continue
        yield post, Nummereret(kode, n.nummer, n.notifikationsId, post.vaerdi or b"", n.sagsId, n.version)
