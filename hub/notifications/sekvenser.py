"""The sequencer: gives each jobcentre's notifications their numbers, sends them, and notes what the topics have (architecture 6).

A round numbers what it finds (committed durably) and sends it; the next one begins at once while there is more, else at the next NOTIFY.
What was sent is marked a moment later, in the visit of a later round. A number is given once; what was numbered is sent, with the same
bytes, however often it takes: at the start of a lane and after every failure the topics' tails are compared with the table first.
"""

import asyncio
import time

import psycopg
import structlog

from hub.events.andel import LEDIG
from hub.events.linje import Linje
from hub.events.lytter import lyt
from hub.notifications.gem import KANAL
from hub.notifications.numre import Numre
from hub.notifications.omgang import GENPROEV_SEKUNDER, Kilder, Omgang
from hub.notifications.pakning import Pakning

EFTERSYN_SEKUNDER = 1.0
"""A round at least this often: what a lost NOTIFY announced, and lanes that another worker has given up."""

log = structlog.get_logger(__name__)


class Sekvenser:
    """This worker's share of the lanes. `standset`: the lanes that may not number, and why."""

    def __init__(self, kilder: Kilder) -> None:
        self._kilder = kilder
        self._vaekket = asyncio.Event()
        self._proevet = float("-inf")
        self.standset: dict[int, str] = {}
        self.baner: set[int] = set()

    async def run(self) -> None:
        """Work until cancelled; a lost database or Kafka is waited for. Ends within a few seconds; its lanes are then free."""
        lytter = asyncio.create_task(lyt(self._kilder.url, KANAL, self._hoert, self._vaekket.set))
        try:
            while True:
                try:
                    await self._forbundet()
                except psycopg.Error as fejl:
                    log.warning("sequencer lost its database", error=type(fejl).__name__)
                await asyncio.sleep(GENPROEV_SEKUNDER)
        finally:
            lytter.cancel()
            await asyncio.gather(lytter, return_exceptions=True)

    async def _forbundet(self) -> None:
        """Hold a connection with its lanes, and work, until the connection is lost."""
        linje = Linje("sekvenser")
        pakning = Pakning(self._kilder.kodeks, self._kilder.register)
        try:
            numre = await linje.i_traad(Numre, self._kilder.url, pakning)
            omgang = Omgang(self._kilder, numre, linje)
            try:
                await self._arbejd(omgang)
            finally:
                self.baner = set()
                await asyncio.shield(omgang.luk())
        finally:
            linje.luk()

    async def _arbejd(self, omgang: Omgang) -> None:
        self._proevet = float("-inf")
        while True:
            self._vaekket.clear()
            if time.monotonic() - self._proevet >= GENPROEV_SEKUNDER:
                self._proevet = time.monotonic()
                await omgang.tag_baner()
                self.baner, self.standset = omgang.baner, omgang.standset
            if await omgang.koer():
                continue
            try:
                async with asyncio.timeout(min(EFTERSYN_SEKUNDER, omgang.umarkeret_til())):
                    await self._vaekket.wait()
            except TimeoutError:
                continue

    def vaek(self) -> None:
        """Look now: something was committed to a lane of ours."""
        self._vaekket.set()

    def _hoert(self, besked: str) -> None:
        if besked == LEDIG:
            self._proevet = float("-inf")
            self._vaekket.set()
        elif besked.isdigit() and int(besked) in self.baner:
            self._vaekket.set()
