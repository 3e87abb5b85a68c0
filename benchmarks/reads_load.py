"""The load: a process of its own that keeps so many requests under way, each on a connection of its own, and looks at every answer."""

import asyncio
import random
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import uvloop
from reads_sides import Akt, Maalt, som

Anmodning = tuple[bytes, bytes]
"""What is sent, and what the answer's body must have in it."""
Trin = Callable[[random.Random], Anmodning]


class Opgave(NamedTuple):
    """What is asked for: acts of these copies, now, or at times up to `til`; without acts, a route that does nothing."""

    adresse: tuple[str, int]
    tokens: Mapping[str, str]
    akter: Sequence[Akt]
    numre: Sequence[int]
    til: datetime | None = None


class Klient(asyncio.Protocol):
    """One connection: ask, take the whole answer, ask again, until the time is up."""

    def __init__(self, trin: Trin, slut: float, tider: list[float], fejl: list[str]) -> None:
        self._trin, self._slut, self._tider, self._fejl = trin, slut, tider, fejl
        self._tal = random.Random()
        self._raa, self._mangler = b"", 0
        self.faerdig: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: Any) -> None:
        """Begin."""
        self._transport = transport
        self._spoerg()

    def data_received(self, data: bytes) -> None:
        """A piece of the answer, or all of it."""
        self._raa += data
        if not self._mangler:
            hoved = self._raa.find(b"\r\n\r\n")
            if hoved < 0:
                return
            laengde = self._raa[:hoved].lower().partition(b"content-length:")[2].split(b"\r\n")[0]
            self._mangler = hoved + 4 + int(laengde)
        if len(self._raa) < self._mangler:
            return
        self._tider.append(time.perf_counter() - self._begyndt)
        if self._raa[9:12] != b"200" or self._skal_have not in self._raa:
            self._fejl.append(self._raa[:12].decode())
        self._raa, self._mangler = b"", 0
        self._spoerg()

    def connection_lost(self, exc: Exception | None) -> None:
        """The end, or too early."""
        if not self.faerdig.done():
            self._fejl.append("connection lost")
            self.faerdig.set_result(None)

    def _spoerg(self) -> None:
        self._begyndt = time.perf_counter()
        if self._begyndt > self._slut:
            self.faerdig.set_result(None)
            self._transport.close()
            return
        sendes, self._skal_have = self._trin(self._tal)
        self._transport.write(sendes)


def koer(opgave: Opgave, forbindelser: int, sekunder: float) -> Maalt:
    """Keep `forbindelser` requests under way for `sekunder`. Raises RuntimeError when an answer was not what it had to be."""
    return uvloop.run(_koer(opgave, forbindelser, sekunder))


async def _koer(opgave: Opgave, forbindelser: int, sekunder: float) -> Maalt:
    tider: list[float] = []
    fejl: list[str] = []
    loop = asyncio.get_running_loop()
    begyndt, cpu = time.perf_counter(), time.process_time()
    trin = _trin(opgave)
    forbundne = [
        await loop.create_connection(lambda: Klient(trin, begyndt + sekunder, tider, fejl), *opgave.adresse) for _ in range(forbindelser)
    ]
    await asyncio.gather(*(klient.faerdig for _, klient in forbundne))
    if fejl:
        raise RuntimeError(f"{len(fejl)} answers of {len(tider)} were not right, the first: {fejl[0]}")
    return Maalt(len(tider), time.perf_counter() - begyndt, tider, time.process_time() - cpu)


def _trin(opgave: Opgave) -> Trin:
    hoveder = {
        jobcenter: f" HTTP/1.1\r\nHost: hub\r\nAuthorization: Bearer {token}\r\n\r\n".encode() for jobcenter, token in opgave.tokens.items()
    }

    def tom(tal: random.Random) -> Anmodning:
        return b"GET /health/live HTTP/1.1\r\nHost: hub\r\n\r\n", b"{"

    def laes(tal: random.Random) -> Anmodning:
        akt = tal.choice(opgave.akter)
        sti = f"GET /v1/{akt.ordning}/{akt.metode}/{(id_ := som(akt.id, tal.choice(opgave.numre)))}{_tid(opgave, akt, tal)}"
        return sti.encode() + hoveder[akt.jobcenter], id_.encode()

    return laes if opgave.akter else tom


def _tid(opgave: Opgave, akt: Akt, tal: random.Random) -> str:
    if opgave.til is None:
        return ""
    tid = akt.registreret + (opgave.til - akt.registreret) * tal.random()
    return f"?asOf={tid.strftime('%Y-%m-%dT%H:%M:%S.%fZ')}"
