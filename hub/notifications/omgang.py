"""The rounds of one sequencer connection: lanes taken and given up, numbers, sendings, marks, and what became of those that failed."""

import time
from collections.abc import Awaitable, Callable, Collection
from contextlib import suppress
from typing import Any, NamedTuple, TypeVar

import psycopg
import structlog
from aiokafka.errors import KafkaError

from hub.events.codec import Kodeks
from hub.events.journal import LoggenSvarerIkke, UdenForLoggen
from hub.events.linje import Linje
from hub.events.schemas import Skemaregister
from hub.notifications.afsender import Afsender
from hub.notifications.afstemning import Afstemning, BaneStandset
from hub.notifications.numre import Nummereret, Numre, Sendt
from hub.notifications.udkast import ANTAL_BANER, bane

RAEKKER_AD_GANGEN = 1000
FAA = 50
"""Rows that are numbered on the event loop; after a round of more the next one has a thread, or it would hold the loop up."""
GENPROEV_SEKUNDER = 1.0
MARKER_SEKUNDER = 0.03
"""How far the marks may be behind the topics: the feed waits that long, and so does a notification that must follow another one."""
STANDSET_SEKUNDER = 5.0
"""A halted lane is looked at again this often: `hub restore` sets it going without a restart."""
SPOERG_EFTER_SEKUNDER = 1.0
"""So long after the session last answered it is asked again before anything is sent: a worker that stood still may have lost it."""
RESTER_AD_GANGEN, RESTER_MINDST = 5000, 50
KAFKAFEJL = (KafkaError, OSError, LoggenSvarerIkke, UdenForLoggen)

T = TypeVar("T")
log = structlog.get_logger(__name__)


class Kilder(NamedTuple):
    """What the sequencer works on: a postgresql:// URL, aiokafka's options, the codec and its registry."""

    url: str
    kafka: dict[str, Any]
    kodeks: Kodeks
    register: Skemaregister


class Omgang:
    """The rounds of one connection: its lanes, and the jobcentres whose last sending has an unknown outcome (`ukendte`)."""

    def __init__(self, kilder: Kilder, numre: Numre, linje: Linje) -> None:
        self.baner: set[int] = set()
        self.standset: dict[int, str] = {}
        self._numre = numre
        self._linje = linje
        self._sidst = 0
        self._deltager = False
        self._ukendte: set[str] = set()
        self._hviler: dict[int, float] = {}
        self._tidligst = 0.0
        self._marker_senest = 0.0
        self._sendte: list[Sendt] = []
        self._svarede = (float("-inf"), float("-inf"))
        self._afsender = Afsender(kilder.kafka, self._stadig_vores)
        self._afstemning = Afstemning(kilder.kafka, numre, kilder.kodeks, self._i_traad)

    async def tag_baner(self) -> None:
        """Give up the lanes beyond our share, lock what is missing of it and compare that with its topics before it numbers.

        Halted lanes are tried now and then. While Kafka does not answer us we have no share.
        """
        nye: set[int] = set()
        try:
            mangler = await self._andel() - len(self.baner)
            if mangler < 0:
                await self._giv_fra(-mangler)
            if mangler > 0:
                hviler = {b for b, til in self._hviler.items() if time.monotonic() < til}
                nye = await self._i_traad(self._numre.laas, set(range(ANTAL_BANER)) - self.baner - hviler, mangler)
            if not nye:
                return
            hoveder, standsede = await self._afstemning.baner(nye)
        except KAFKAFEJL as fejl:
            log.warning("lanes could not be compared with their topics", lanes=sorted(nye), error=type(fejl).__name__)
            await self._i_traad(self._numre.slip, nye)
            await self._traed_ud()
            return
        self.baner |= nye
        await self._stands(standsede)
        for nummer in nye - standsede.keys():
            self.standset.pop(nummer, None)
        log.info("sequencer lanes taken", lanes=sorted(nye - standsede.keys()))
        koder = {kode for kode in hoveder if bane(kode) in nye - standsede.keys()}
        self._ukendte |= koder
        await self._send_rest(koder)

    async def _andel(self) -> int:
        """How many lanes are ours. We count from when Kafka has answered: lanes given up for us would otherwise wait with us."""
        if not self._deltager:
            await self._afstemning.baner(())
            await self._i_traad(self._numre.deltag)
            self._deltager = True
        return (await self._i_traad(self._numre.plads)).andel(ANTAL_BANER)

    async def _traed_ud(self) -> None:
        if self._deltager:
            self._deltager = False
            await self._i_traad(self._numre.traed_ud)

    async def _giv_fra(self, antal: int) -> None:
        """Give up lanes for the other workers: of which every outcome is known, and all that was sent is marked."""
        fra = sorted(self.baner - {bane(kode) for kode in self._ukendte})[-antal:]
        if fra:
            await self._marker()
            self.baner -= set(fra)
            await self._i_traad(self._numre.slip, fra)
            await self._i_traad(self._numre.meld_ledig)

    async def koer(self) -> bool:
        """Number, and now and then mark what earlier rounds sent, then send; whether there may be more at once."""
        sendte: list[Sendt] = []
        if self.umarkeret_til() <= 0.0:
            sendte, self._sendte = self._sendte, []
        givet = (tuple(self.baner), RAEKKER_AD_GANGEN, sendte)
        if self._sidst > FAA:
            nye = await self._i_traad(self._numre.nummerer, *givet)
        else:
            nye = await self._svaret(self._linje.paa_loekken(self._numre.nummerer_paa_loekken, *givet))
        self._sidst = len(nye)
        await self._send([raekke for raekke in nye if raekke.job_center_kode not in self._ukendte])
        if self._ukendte and time.monotonic() >= self._tidligst:
            await self._genoptag()
        return len(nye) == RAEKKER_AD_GANGEN

    def umarkeret_til(self) -> float:
        """Seconds until what was sent is to be marked; infinite when there is nothing."""
        return self._marker_senest - time.monotonic() if self._sendte else float("inf")

    async def luk(self) -> None:
        """Drop the producer, mark what was sent and close the connection, which gives up the lanes; a statement under way ends first."""
        await self._afsender.luk()
        with suppress(psycopg.Error):
            await self._marker()
        await self._i_traad(self._numre.luk)

    async def _send(self, raekker: list[Nummereret]) -> set[str]:
        """Send, to be marked; the jobcentres whose outcome is unknown."""
        if not raekker:
            return set()
        sendte, ukendte = await self._afsender.send(raekker)
        if not self._sendte:
            self._marker_senest = time.monotonic() + MARKER_SEKUNDER
        self._sendte += sendte
        if ukendte:
            self._ukendte |= ukendte
            self._tidligst = time.monotonic() + GENPROEV_SEKUNDER
        return ukendte

    async def _marker(self) -> None:
        sendte, self._sendte = self._sendte, []
        if sendte:
            await self._i_traad(self._numre.marker, sendte)

    async def _genoptag(self) -> None:
        """Look up on the topics what became of the failed sendings, and send the rest again: the same bytes, in order."""
        await self._marker()
        koder = set(self._ukendte)
        self._tidligst = time.monotonic() + GENPROEV_SEKUNDER
        try:
            _, standsede = await self._afstemning.baner({bane(kode) for kode in koder}, koder)
        except KAFKAFEJL as fejl:
            log.warning("notification topics could not be read", topics=len(koder), error=type(fejl).__name__)
            return
        await self._stands(standsede)
        await self._send_rest({kode for kode in koder if bane(kode) in self.baner})

    async def _send_rest(self, koder: Collection[str]) -> None:
        """Send what is numbered and not on its topic, of jobcentres just compared; those with nothing left are known again."""
        mangler = set(koder)
        while mangler:
            valgte = sorted(mangler)
            maks = max(RESTER_MINDST, RESTER_AD_GANGEN // len(valgte))
            raekker = await self._i_traad(self._numre.usendte, [bane(kode) for kode in valgte], valgte, maks)
            self._ukendte -= mangler - {raekke.job_center_kode for raekke in raekker}
            mangler = {raekke.job_center_kode for raekke in raekker} - await self._send(raekker)
            await self._marker()

    async def _stands(self, standsede: dict[int, BaneStandset]) -> None:
        for nummer, grund in standsede.items():
            if self.standset.get(nummer) != str(grund):
                log.error("sequencer lane halted", lane=nummer, reason=str(grund))
            self.standset[nummer] = str(grund)
            self._hviler[nummer] = time.monotonic() + STANDSET_SEKUNDER
        if standsede:
            self.baner -= standsede.keys()
            self._ukendte = {kode for kode in self._ukendte if bane(kode) in self.baner}
            await self._i_traad(self._numre.slip, set(standsede))

    async def _stadig_vores(self) -> bool:
        """Whether the session that has the lanes lives: nothing was restored since it numbered."""
        # Both clocks: one may stand still while the machine does, the other may be set.
        if max(abs(nu - da) for nu, da in zip(_ure(), self._svarede, strict=True)) < SPOERG_EFTER_SEKUNDER:
            return True
        try:
            await self._i_traad(self._numre.stadig)
        except psycopg.Error:
            return False
        return True

    async def _i_traad(self, kald: Callable[..., T], *argumenter: Any) -> T:
        """A call to the session, in its thread."""
        return await self._svaret(self._linje.i_traad(kald, *argumenter))

    async def _svaret(self, svar: Awaitable[T]) -> T:
        """What the session answers; it lived after this was begun."""
        begyndt = _ure()
        fundet = await svar
        self._svarede = begyndt
        return fundet


def _ure() -> tuple[float, float]:
    return time.monotonic(), time.time()
