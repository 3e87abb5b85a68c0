"""The reference jobcentre: subscribe, dedupe by number, shout at a gap, follow up by GetMetode, check the version.

What a jobcentre system must do is written here once, small enough to be copied into any language.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

import aiohttp
import orjson
import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition

from hub.events.codec import Kodeks, Ulaeselig
from hub.events.ordningsnotifikation import Ordningsnotifikation

log = structlog.get_logger(__name__)

I_ET_OEJEBLIK = frozenset({425, 503})
Modtagelse = Literal["ny", "gentaget", "hul", "afvigende"]
HUSKEDE = 10_000
"""Numbers whose bytes are remembered, to see that a repeat is an identical copy."""


class Besked(NamedTuple):
    """One record of a notification topic: its offset, its bytes and what they say."""

    offset: int
    vaerdi: bytes
    notifikation: Ordningsnotifikation


class Opfoelgning(NamedTuple):
    """The answer to a follow-up: HTTP status, the document (or problem), whether it is at least the announced version, Retry-After."""

    status: int
    dokument: dict[str, Any]
    ok: bool
    igen_om: float | None = None


@dataclass
class Modtager:
    """Judges each notification by its number: new, an identical repeat, a gap before it, or a copy that differs."""

    sidste: int = 0
    taeller: dict[str, int] = field(default_factory=dict)
    _set: OrderedDict[int, bytes] = field(default_factory=OrderedDict)

    def modtag(self, besked: Besked) -> Modtagelse:
        """Judge and remember a notification; after a gap the newest number counts, so that each gap is shouted once."""
        dom = self._doem(besked)
        self.taeller[dom] = self.taeller.get(dom, 0) + 1
        if dom in ("ny", "hul"):
            self.sidste = besked.notifikation.nummer
            self._set[self.sidste] = besked.vaerdi
            if len(self._set) > HUSKEDE:
                self._set.popitem(last=False)
        return dom

    def _doem(self, besked: Besked) -> Modtagelse:
        nummer = besked.notifikation.nummer
        if nummer <= self.sidste:
            kendt = self._set.get(nummer)
            return "gentaget" if kendt in (None, besked.vaerdi) else "afvigende"
        return "ny" if nummer == self.sidste + 1 else "hul"


async def lyt(klient: Mapping[str, Any], kodeks: Kodeks, kode: str, fra_nummer: int = 1) -> AsyncIterator[Besked]:
    """Every notification of the jobcentre `kode` from number `fra_nummer`, and then what comes, until cancelled."""
    forbruger = AIOKafkaConsumer(
        **klient, group_id=None, enable_auto_commit=False, auto_offset_reset="earliest", fetch_max_wait_ms=500, metadata_max_age_ms=2_000
    )
    await forbruger.start()
    try:
        await _vent_paa_emne(forbruger, f"ordningsnotifikation.{kode}")
        async for post in forbruger:
            try:
                besked = Besked(post.offset, post.value, kodeks.afkod_notifikation(post.value))
            except Ulaeselig as fejl:
                log.error("record that is no notification", topic=post.topic, offset=post.offset, reason=str(fejl))
                continue
            if besked.notifikation.nummer >= fra_nummer:
                yield besked
    finally:
        await forbruger.stop()


async def _vent_paa_emne(forbruger: AIOKafkaConsumer, emne: str) -> None:
    """A jobcentre may subscribe before it was ever told anything; its topic is made with its first notification."""
    while emne not in await forbruger.topics():  # noqa: ASYNC110 (a topic is asked for, not signalled)
        await asyncio.sleep(0.5)
    forbruger.assign([TopicPartition(emne, 0)])
    await forbruger.seek_to_beginning()


async def foelg_op(http: aiohttp.ClientSession, notifikation: Ordningsnotifikation) -> Opfoelgning:
    """Fetch what a notification names. `http` has the hub's base address and the jobcentre's bearer token."""
    async with http.get(notifikation.link) as svar:
        dokument = _objekt(await svar.read())
        ok = svar.status == 200 and dokument.get("version", 0) >= notifikation.version
        return Opfoelgning(svar.status, dokument, ok, _sekunder(svar.headers.get("Retry-After")))


async def bliv_ved(http: aiohttp.ClientSession, notifikation: Ordningsnotifikation, forsoeg: int = 6) -> Opfoelgning:
    """`foelg_op`, again while the answer is "in a moment" (425, 503) or the hub cannot be reached. Raises aiohttp's last error."""
    for nummer in range(1, forsoeg):
        vent = 0.5 * nummer
        try:
            svar = await foelg_op(http, notifikation)
            if svar.status not in I_ET_OEJEBLIK:
                return svar
            vent = svar.igen_om or vent
        except aiohttp.ClientError as fejl:
            log.warning("the hub cannot be reached", error=type(fejl).__name__)
        await asyncio.sleep(vent)
    return await foelg_op(http, notifikation)


def _objekt(raa: bytes) -> dict[str, Any]:
    """The answer's JSON object; an empty one for what is none (a proxy's page)."""
    try:
        objekt = orjson.loads(raa)
    except orjson.JSONDecodeError:
        return {}
    return objekt if isinstance(objekt, dict) else {}


def _sekunder(hoved: str | None) -> float | None:
    """Retry-After in seconds, at most ten; None when there is none."""
    return min(10.0, float(hoved)) if hoved and hoved.isdecimal() else None
