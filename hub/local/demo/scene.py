"""The stage of the demonstration: the door, the tokens, two jobcentres that listen, and what a story asks of them."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import aiohttp
import orjson

from hub.bootstrap import Hus
from hub.consumers.jobcenter import Besked, Modtager, Opfoelgning, foelg_op, lyt
from hub.events.ordningsnotifikation import Ordningsnotifikation
from hub.operations.udsteder import udsted, udviklingsnoegle

FRIST = 30.0
JSON = {"Content-Type": "application/json"}
KOEBENHAVN, FREDERIKSBERG = "10100", "14700"


class Svar(NamedTuple):
    """What the hub answered: the HTTP status, the body when it is a JSON object, and its bytes."""

    status: int
    krop: dict[str, Any]
    raa: bytes


@dataclass
class Jobcenter:
    """A jobcentre that subscribes to its topic and follows up each notification at once."""

    kode: str
    http: aiohttp.ClientSession
    modtager: Modtager = field(default_factory=Modtager)
    modtaget: list[Ordningsnotifikation] = field(default_factory=list)
    opfoelgninger: list[Opfoelgning] = field(default_factory=list)

    async def lyt(self, hus: Hus) -> None:
        """Listen until cancelled."""
        async for besked in lyt(hus.options, hus.kodeks, self.kode):
            await self.modtag(besked)

    async def modtag(self, besked: Besked) -> None:
        """Judge a notification by its number, and follow a new one up."""
        if self.modtager.modtag(besked) in ("ny", "hul"):
            self.modtaget.append(besked.notifikation)
            self.opfoelgninger.append(await foelg_op(self.http, besked.notifikation))

    def om(self, sags_id: str) -> list[Ordningsnotifikation]:
        """What it has been told of a case, in order."""
        return [n for n in self.modtaget if n.sagsId == sags_id]

    async def faar(self, sags_id: str, version: int, antal: int = 1) -> list[Ordningsnotifikation]:
        """Wait until it has been told `antal` times of that version of the case; what it was told of it. Raises TimeoutError."""
        async with asyncio.timeout(FRIST):
            while sum(n.version == version for n in self.om(sags_id)) < antal:  # noqa: ASYNC110 (a story looks as a person does)
                await asyncio.sleep(0.02)
        return [n for n in self.om(sags_id) if n.version == version]


@dataclass
class Scene:
    """Everything a story may use."""

    hus: Hus
    adresse: str
    vitas: aiohttp.ClientSession
    koebenhavn: Jobcenter
    frederiksberg: Jobcenter

    def center(self, kode: str) -> Jobcenter:
        """The jobcentre that listens under the code. Raises LookupError."""
        return {center.kode: center for center in (self.koebenhavn, self.frederiksberg)}[kode]

    def session(self, rolle: str, *jobcentre: str, token: str | None = None) -> aiohttp.ClientSession:
        """An HTTP client with a token of the development issuer; the caller closes it."""
        token = token or udsted(udviklingsnoegle(self.hus.settings.data), self.hus.settings.issuer, f"demo-{rolle}", rolle, jobcentre)
        return aiohttp.ClientSession(self.adresse, headers={"Authorization": f"Bearer {token}"})

    async def kald(
        self, metode: str, sti: str, krop: Any = None, *, som: aiohttp.ClientSession | None = None, hoveder: dict[str, str] | None = None
    ) -> Svar:
        """One call, as VITAS unless another client is given; bytes go as they are, everything else as JSON."""
        raa = krop if krop is None or isinstance(krop, bytes) else orjson.dumps(krop)
        alle = {**({} if krop is None else JSON), **(hoveder or {})}
        async with (som or self.vitas).request(metode, sti, data=raa, headers=alle) as svar:
            indhold = await svar.read()
            objekt = orjson.loads(indhold) if "json" in svar.content_type and indhold else {}
            return Svar(svar.status, objekt if isinstance(objekt, dict) else {}, indhold)

    async def send(self, handling: dict[str, Any], **hoveder: str) -> Svar:
        """One action to the door; `x_requestId` and `If_Match` are headers."""
        return await self.kald("POST", "/v1/handlinger", handling, hoveder={navn.replace("_", "-"): v for navn, v in hoveder.items()})

    async def hent(self, sti: str, som: aiohttp.ClientSession | None = None, **hoveder: str) -> Svar:
        """A read, as Copenhagen's system unless another client is given."""
        return await self.kald("GET", sti, som=som or self.koebenhavn.http, hoveder=hoveder)

    async def dokument(self, metode: str, ordning: str, akt: str, version: int, som: aiohttp.ClientSession | None = None) -> dict[str, Any]:
        """The document of an act at that version of its case or later; asked again while it is on its way."""
        async with asyncio.timeout(FRIST):
            sti = f"/v1/{ordning}/{metode}/{akt}?version={version}"
            while (svar := await self.hent(sti, som)).status == 425:  # noqa: ASYNC110 (425 says: ask again)
                await asyncio.sleep(0.1)
        if svar.status != 200:
            raise AssertionError(f"{metode} answered {svar.status} {svar.krop.get('fejltekst', '')}")
        return svar.krop


@asynccontextmanager
async def scene(hus: Hus, adresse: str) -> AsyncIterator[Scene]:
    """The scene, with both jobcentres listening."""
    noegle = udviklingsnoegle(hus.settings.data)

    def token(rolle: str, *jobcentre: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {udsted(noegle, hus.settings.issuer, f'demo-{rolle}', rolle, jobcentre)}"}

    async with AsyncExitStack() as stak:

        async def klient(rolle: str, *jobcentre: str) -> aiohttp.ClientSession:
            return await stak.enter_async_context(aiohttp.ClientSession(adresse, headers=token(rolle, *jobcentre)))

        centre = [Jobcenter(kode, await klient("system", kode)) for kode in (KOEBENHAVN, FREDERIKSBERG)]
        opgaver = [asyncio.ensure_future(center.lyt(hus)) for center in centre]
        try:
            yield Scene(hus, adresse, await klient("vitas"), *centre)
        finally:
            for opgave in opgaver:
                opgave.cancel()
            await asyncio.gather(*opgaver, return_exceptions=True)


def ny() -> str:
    """A new id, as VITAS mints them."""
    return str(uuid.uuid4())
