"""POST /v1/handlinger in front of the framework: from one who may, answered by the same code, without the framework's way to it."""

import time
from collections.abc import AsyncGenerator
from typing import cast

from litestar import Response
from litestar.exceptions import InternalServerException
from litestar.types import HTTPResponseStartEvent, HTTPScope, Receive, Send

from hub.api.anmodning import Anmodning
from hub.api.fejlsvar import problemsvar
from hub.api.maalinger import Maalinger
from hub.api.modtag import modtag
from hub.api.problem import Problem
from hub.api.ruter import RUTER
from hub.api.tjenester import Dele
from hub.api.vagt import BRUGER

NAVN = "modtag"
RUTE = RUTER[NAVN]


class _Anmodning(Anmodning):
    """A request whose body is read as it comes: the framework's reader asks the route that it chose for its bound."""

    _slut = False

    async def stream(self) -> AsyncGenerator[bytes, None]:
        """The pieces of the body that are left. Raises InternalServerException when the caller goes away."""
        while not self._slut:
            del_ = await self.receive()
            if del_["type"] != "http.request":
                raise InternalServerException("the caller has gone away")
            self._slut = not del_.get("more_body", False)
            if del_["body"]:
                yield del_["body"]


class ModtagDirekte:
    """The direct route; one per application."""

    def __init__(self, dele: Dele, maalinger: Maalinger) -> None:
        self._dele, self._maalinger = dele, maalinger

    async def __call__(self, scope: HTTPScope, receive: Receive, send: Send) -> bool:
        """Answer whoever may call the route; the rest, of which nothing was read, is the framework's to refuse."""
        if scope["path"] != RUTE.sti or scope["method"] != RUTE.metode:
            return False
        begyndt = time.perf_counter()
        request = _Anmodning(scope, receive, send)
        try:
            bruger = await self._dele.tjenester.tokens.bruger(request.headers.get("authorization"))
        except Problem:
            return False
        if bruger.rolle not in (RUTE.roller or ()):
            return False
        scope["state"][BRUGER] = bruger
        svar = await self._svar(request)
        self._maalinger.tael(NAVN, RUTE.metode, svar.status_code or 200, time.perf_counter() - begyndt)
        await _send(send, svar)
        return True

    async def _svar(self, request: Anmodning) -> Response[bytes]:
        try:
            return await modtag(request, self._dele)
        # What the framework's own handler of exceptions is given: everything.
        except Exception as fejl:  # noqa: BLE001
            request.scope["path_template"] = RUTE.sti
            return problemsvar(request, fejl)


async def _send(send: Send, svar: Response[bytes]) -> None:
    raa = svar.content
    hoveder = [(navn.lower().encode("latin-1"), vaerdi.encode("latin-1")) for navn, vaerdi in svar.headers.items()]
    hoveder += [(b"content-type", (svar.media_type or "").encode()), (b"content-length", str(len(raa)).encode())]
    start = {"type": "http.response.start", "status": svar.status_code, "headers": hoveder}
    await send(cast(HTTPResponseStartEvent, start))
    await send({"type": "http.response.body", "body": raa, "more_body": False})
