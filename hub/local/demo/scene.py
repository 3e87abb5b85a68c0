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

FRIST = 15.0
JSON = {"Content-Type": "application/json"}


class Svar(NamedTuple):
    """What the door answered: the HTTP status and the body."""

    status: int
    krop: dict[str, Any]


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

    def session(self, rolle: str, *jobcentre: str, token: str | None = None) -> aiohttp.ClientSession:
        """An HTTP client with a token of the development issuer; the caller closes it."""
        token = token or udsted(udviklingsnoegle(self.hus.settings.data), self.hus.settings.issuer, f"demo-{rolle}", rolle, jobcentre)
        return aiohttp.ClientSession(self.adresse, headers={"Authorization": f"Bearer {token}"})

    async def send(self, handling: dict[str, Any], **hoveder: str) -> Svar:
        """One action to the door; `x_requestId` and `If_Match` are headers."""
        egne = {navn.replace("_", "-"): vaerdi for navn, vaerdi in hoveder.items()}
        async with self.vitas.post("/v1/handlinger", data=orjson.dumps(handling), headers=JSON | egne) as svar:
            return Svar(svar.status, await svar.json(content_type=None))

    async def hent(self, sti: str, http: aiohttp.ClientSession | None = None) -> Svar:
        """A read, as Copenhagen's system unless another client is given."""
        async with (http or self.koebenhavn.http).get(sti) as svar:
            return Svar(svar.status, await svar.json(content_type=None))

    async def dokument(self, metode: str, ordning: str, akt: str, version: int) -> dict[str, Any]:
        """The document of an act at that version of its case or later."""
        svar = await self.hent(f"/v1/{ordning}/{metode}/{akt}?version={version}")
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

        centre = [Jobcenter(kode, await klient("system", kode)) for kode in ("10100", "14700")]
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
