"""An answer sent piece by piece, in bounded memory: a caller that does not read it is let go."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any

from litestar import Response
from litestar.response.streaming import ASGIStreamingResponse
from litestar.types import Receive, Send

SEND_SEKUNDER = 60


class Stroem(ASGIStreamingResponse):
    """A streamed answer that leaves the request's body to the handler: the framework's own would eat it while it looks for a disconnect."""

    iterator: AsyncIterator[bytes]

    async def send_body(self, send: Send, receive: Receive) -> None:
        """Send each piece as it comes; a caller that does not read for a minute is let go, its answer unfinished."""
        try:
            async for stykke in self.iterator:
                async with asyncio.timeout(SEND_SEKUNDER):
                    await send({"type": "http.response.body", "body": bytes(stykke), "more_body": True})
        except TimeoutError:
            return
        await send({"type": "http.response.body", "body": b"", "more_body": False})


class Stroemsvar(Response[bytes]):
    """What the framework turns into the stream; 200, and kept by nobody between unless the headers say otherwise."""

    def __init__(self, stykker: AsyncIterator[bytes], medietype: str, hoveder: Mapping[str, str] | None = None) -> None:
        super().__init__(b"")
        self._stykker = stykker
        self._medietype = medietype
        self._hoveder = {"Cache-Control": "no-store", **(hoveder or {})}

    def to_asgi_response(self, *_: Any, **__: Any) -> Stroem:
        """The stream; nothing else is configured on the route."""
        return Stroem(iterator=self._stykker, media_type=self._medietype, headers=self._hoveder, status_code=200)
