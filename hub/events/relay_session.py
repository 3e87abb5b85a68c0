"""One session of the relay: locks, a producer and a listener that live and end together."""

import asyncio
import time
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from itertools import groupby
from typing import Any, TypeVar

from aiokafka import AIOKafkaProducer

from hub.events.andel import LEDIG, Plads
from hub.events.bane import Bane, Sendefejl, send
from hub.events.linje import Linje
from hub.events.outbox import BYTES_PR_BANE, RAEKKER_PR_BANE, SLET_AD_GANGEN, Banenavn, Bundt, Laes, Outbox, Raekke
from hub.events.relay_tal import Erindring
from hub.events.sammenlign import Sammenligning

TAKT_SEKUNDER = 1.0
OPRYDNING_SEKUNDER = 60.0
SIDSTE_SEKUNDER = 2.0
MARKER_SEKUNDER = 0.03
"""How far the marks may be behind Kafka: nobody waits for them, and one transaction marks what thirty did."""

T = TypeVar("T")


class Session:
    """Sends what the outbox has until it is stopped or something fails; never two in one process at once."""

    def __init__(
        self, outbox: Outbox, producent: AIOKafkaProducer, sammenligning: Sammenligning, erindring: Erindring, linje: Linje
    ) -> None:
        self._outbox = outbox
        self._producent = producent
        self._sammenligning = sammenligning
        self._erindring = erindring
        self._linje = linje
        self._i_traad = linje.i_traad
        self._baner: dict[Banenavn, Bane] = {}
        self._vaek = asyncio.Event()
        self._deltager = False
        self._naeste_takt = 0.0
        self._naeste_oprydning = 0.0
        self._marker_senest = float("inf")

    def vaek(self) -> None:
        """Look again now."""
        self._vaek.set()

    def usendt(self, besked: str) -> None:
        """Rows were committed to the lane that the payload `topic:partition` names, or lanes were given up."""
        if besked == LEDIG:
            self._naeste_takt = 0.0
            self._vaek.set()
        topic, _, partition = besked.rpartition(":")
        bane = self._baner.get((topic, int(partition))) if partition.isdecimal() else None
        if bane is not None:
            bane.snavset = True
            self._vaek.set()

    def alle_usendt(self) -> None:
        """Rows may have been committed to any lane."""
        for bane in self._baner.values():
            bane.snavset = True
        self._vaek.set()

    async def koer(self, navne: Sequence[Banenavn], stop: asyncio.Event) -> None:
        """Serve this worker's share of the lanes. Raises `Sendefejl`, KafkaError, psycopg's errors: the session is over."""
        while not stop.is_set():
            if time.monotonic() >= self._naeste_takt:
                await self._takt(navne)
            self._begynd_sammenligninger()
            await self._omgang()
            await self._slip()
            await self._vent()
        await self._sidste_omgang()

    async def slut(self) -> None:
        """Let go of what is under way; its outcome is unknown from here on."""
        opgaver = [opgave for bane in self._baner.values() for opgave in (bane.sender, bane.sammenligner) if opgave]
        for opgave in opgaver:
            opgave.cancel()
        await asyncio.gather(*opgaver, return_exceptions=True)

    async def _vent(self) -> None:
        # Not `wait_for`: in Python 3.11 it swallows a cancellation that comes together with what it waits for.
        with suppress(TimeoutError):
            async with asyncio.timeout(max(0.0, min(self._naeste_takt, self._marker_senest) - time.monotonic())):
                await self._vaek.wait()
        self._vaek.clear()

    async def _takt(self, navne: Sequence[Banenavn]) -> None:
        """Once a second: locks that others held, lanes that nobody woke, rows grown old. It also shows that our own locks live."""
        self._naeste_takt = time.monotonic() + TAKT_SEKUNDER
        topics = sorted({topic for topic, _ in navne})
        if not self._deltager:
            await self._i_traad(self._outbox.deltag, topics)
            self._deltager = True
        pladser = await self._i_traad(self._outbox.pladser, topics)
        for topic in topics:
            await self._fordel([navn for navn in navne if navn[0] == topic], pladser[topic])
        self.alle_usendt()
        if self._baner and time.monotonic() >= self._naeste_oprydning:
            slettet = await self._i_traad(self._outbox.ryd_op)
            self._naeste_oprydning = time.monotonic() + (0.0 if slettet == SLET_AD_GANGEN else OPRYDNING_SEKUNDER)

    async def _fordel(self, navne: Sequence[Banenavn], plads: Plads) -> None:
        """Take what is missing of our share of a topic's lanes, or mark what is too much."""
        egne = [navn for navn in navne if navn in self._baner and not self._baner[navn].slippes]
        mangler = plads.andel(len(navne)) - len(egne)
        for navn in egne[mangler:] if mangler < 0 else ():
            self._baner[navn].slippes = True
        fremmede = [navn for navn in navne if navn not in self._baner]
        for navn in await self._i_traad(self._outbox.laas, fremmede, mangler) if mangler > 0 and fremmede else ():
            self._baner[navn] = Bane(navn, self._erindring.pauser.til.get(navn, 0.0))

    async def _slip(self) -> None:
        """Give up the marked lanes that are at rest."""
        navne = [bane.navn for bane in self._baner.values() if bane.slippes and bane.i_ro]
        if navne:
            await self._i_traad(self._outbox.slip, navne)
            for navn in navne:
                del self._baner[navn]

    def _begynd_sammenligninger(self) -> None:
        for bane in self._baner.values():
            if bane.skal_sammenlignes:
                bane.sammenligner = self._opgave(self._sammenligning.bane(bane.navn))

    async def _omgang(self) -> None:
        """Tell of what Kafka has, now and then mark it, and read what is unsent, in one visit to the database; then send."""
        self._tag_sammenligninger()
        kvitterede, bundter = self._tag_sendte(), self._umarkerede()
        ledige = [bane for bane in self._baner.values() if bane.kan_sende]
        if not kvitterede and not bundter and not ledige:
            return
        for bane in ledige:
            bane.snavset = False
        laes = Laes([bane.navn for bane in ledige], [id_ for bane in ledige for id_ in bane.kvitterede])
        flyttet, raekker = await self._linje.paa_loekken(self._outbox.omgang, kvitterede, bundter, laes)
        self._bogfoer(bundter, flyttet)
        for navn, gruppe in groupby(raekker, key=lambda raekke: (raekke.topic, raekke.partition)):
            self._send(self._baner[navn], list(gruppe))

    async def _sidste_omgang(self) -> None:
        """Give what is under way a moment, and mark it, so that the next session finds nothing to compare."""
        sendere = {bane.sender for bane in self._baner.values() if bane.sender}
        if sendere:
            await asyncio.wait(sendere, timeout=SIDSTE_SEKUNDER)
        kvitterede = self._tag_sendte()
        self._marker_senest = 0.0
        bundter = self._umarkerede()
        if bundter:
            flyttet, _ = await self._linje.paa_loekken(self._outbox.omgang, kvitterede, bundter, Laes([]))
            self._bogfoer(bundter, flyttet)

    def _tag_sammenligninger(self) -> None:
        for bane in self._baner.values():
            fundet = bane.tag_sammenligning()
            if fundet is not None:
                self._erindring.tal.sammenlignede(fundet.tal)

    def _tag_sendte(self) -> list[int]:
        """What Kafka has acknowledged since the last time: told at once, marked within `MARKER_SEKUNDER`."""
        kvitterede: list[int] = []
        try:
            for bane in self._baner.values():
                if ider := bane.tag_sendt():
                    kvitterede += ider
                    self._erindring.pauser.lykkedes(bane.navn)
        except Sendefejl as fejl:
            self._erindring.pauser.fejlede(fejl.navn)
            raise
        if kvitterede:
            self._erindring.tal.sendt += len(kvitterede)
            self._marker_senest = min(self._marker_senest, time.monotonic() + MARKER_SEKUNDER)
        return kvitterede

    def _umarkerede(self) -> list[Bundt]:
        """What is to be marked, when the time has come."""
        if time.monotonic() < self._marker_senest:
            return []
        self._marker_senest = float("inf")
        return [bundt for bane in self._baner.values() if (bundt := bane.umarkeret()) is not None]

    def _bogfoer(self, bundter: Sequence[Bundt], flyttet: set[Banenavn]) -> None:
        for bundt in bundter:
            if bundt.bane in flyttet:
                self._baner[bundt.bane].er_markeret(bundt)
            else:
                self._baner[bundt.bane].opgiv()

    def _send(self, bane: Bane, raekker: list[Raekke]) -> None:
        if bane.naeste is None or bane.markeret != raekker[0].naeste_offset:
            # Not where we left it: a database put back under us. What it has may not fit the log any more.
            bane.opgiv()
            return
        # More was there than was read; what is committed from now on is told.
        bane.snavset |= len(raekker) == RAEKKER_PR_BANE or sum(len(raekke.vaerdi) for raekke in raekker) >= BYTES_PR_BANE
        bane.sender = self._opgave(send(self._producent, bane.navn, bane.naeste, raekker))

    def _opgave(self, arbejde: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        opgave = asyncio.create_task(arbejde)
        opgave.add_done_callback(lambda _: self._vaek.set())
        return opgave
