"""The bounds before a request exists: how many connections, the size of address and headers, and the time to send them."""

import asyncio
from http import HTTPStatus
from typing import Any, ClassVar

import orjson
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from hub.api.graenser import Graenser
from hub.api.problem import PROBLEM, Problem

ENKELTE = frozenset(
    b"authorization content-type content-encoding transfer-encoding if-match x-requestid x-formaal x-civilregistrationidentifier".split()
)
"""Headers that say one thing: of two, one reader could take the first and another the second."""


class Stop(Exception):
    """A bound is passed; raised to the parser, which stops."""


class BundetProtokol(HttpToolsProtocol):
    """HTTP/1.1 as uvicorn speaks it, with bounds it does not have, or answers in plain text: 431, 503, closing what is too slow."""

    graenser: ClassVar[Graenser] = Graenser()
    _bytes = 0
    _hvorfor = "ugyldigt_hoved"
    _ur: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A connection: its first headers must come in time."""
        super().connection_made(transport)
        self._start_ur()

    def connection_lost(self, exc: Exception | None) -> None:
        """Gone: no clock is left running."""
        self._stop_ur()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """A request begins."""
        self._bytes = 0
        self._start_ur()
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        """A piece of the address."""
        self._tael(len(url), self.graenser.adresse)
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header."""
        self._tael(len(name) + len(value), self.graenser.hoveder)
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The headers are there, in time; one connection too many is answered, and no more read of it."""
        self._stop_ur()
        if len(self.connections) > self.graenser.forbindelser:
            self._hvorfor = "overbelastet"
            raise Stop
        if not self._entydige():
            raise Stop
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        """What the parser refused, and where we stopped it why: a problem without a word of the input."""
        problem = Problem(self._hvorfor)
        krop = orjson.dumps(problem.krop())
        linjer = (
            f"HTTP/1.1 {problem.status} {HTTPStatus(problem.status).phrase}",
            f"content-type: {PROBLEM}",
            f"content-length: {len(krop)}",
            *(("retry-after: 1",) if problem.status == 503 else ()),
            "connection: close",
        )
        self.transport.write("\r\n".join(linjer).encode() + b"\r\n\r\n" + krop)
        self.transport.close()

    def _entydige(self) -> bool:
        """Whether no header that says one thing stands twice, and the body, if it is in pieces, is not compressed beside."""
        navne = [navn for navn, _ in self.headers if navn in ENKELTE]
        hele = all(vaerdi.lower() == b"chunked" for navn, vaerdi in self.headers if navn == b"transfer-encoding")
        return hele and len(navne) == len(set(navne))

    def _tael(self, antal: int, graense: int) -> None:
        self._bytes += antal
        if self._bytes > graense:
            self._hvorfor = "for_store_hoveder"
            raise Stop

    def _start_ur(self) -> None:
        self._stop_ur()
        self._ur = self.loop.call_later(self.graenser.krop_sekunder, self._luk)

    def _stop_ur(self) -> None:
        if self._ur is not None:
            self._ur.cancel()
            self._ur = None

    def _luk(self) -> Any:
        self.transport.close()
