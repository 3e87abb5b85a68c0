"""GET /v1/{ordning}/{getMetode}/{eksternIdentifier} in its plainest form: as it is now, by one who may, of the caller's own case."""

import re
import time
from typing import NamedTuple

from litestar.types import HTTPScope, Receive, Send

from hub.api.anmodning import formaal_af
from hub.api.laes_mange import Dokument, Laeser, Oenske
from hub.api.laesekald import har_den
from hub.api.maalinger import Maalinger
from hub.api.problem import JSON, Problem
from hub.api.ruter import METODENS_RUTE, RUTER
from hub.api.samler import Samler
from hub.api.tjenester import Dele
from hub.api.tokens import Bruger
from hub.domain.matrix import har
from hub.projections.metoder import METODER

RUTE = "hent"
HOEJST = 64
"""Reads in one transaction: about five milliseconds of work."""
_STI = re.compile(r"/v1/([A-Za-z]+)/([A-Za-z]+)/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})", re.ASCII)
_HOVEDER = frozenset({b"authorization", b"x-formaal", b"if-none-match"})


class _Kald(NamedTuple):
    """What a plain call asks for."""

    metode: str
    ordning: str
    akt: str
    hoveder: dict[bytes, str]


class HentDirekte:
    """The direct route; one per application."""

    def __init__(self, dele: Dele, maalinger: Maalinger) -> None:
        laeser = Laeser(dele.tjenester.laesemotor or dele.tjenester.motor, dele.tjenester.noeglering)
        self._tokens, self._maalinger = dele.tjenester.tokens, maalinger
        self._samler: Samler[Oenske, Dokument] = Samler(dele.traade, laeser.laes, HOEJST)

    async def __call__(self, scope: HTTPScope, receive: Receive, send: Send) -> bool:
        """Answer, or leave it to the framework."""
        begyndt = time.perf_counter()
        kald = _kald(scope)
        if kald is None:
            return False
        try:
            bruger = await self._tokens.bruger(kald.hoveder.get(b"authorization"))
            formaal = formaal_af(kald.hoveder.get(b"x-formaal"))
        except Problem:
            return False
        if not _maa(bruger):
            return False
        dokument = await self._samler.en(Oenske(kald.metode, kald.ordning, kald.akt, bruger, formaal))
        if dokument is None:
            return False
        kendt = har_den(kald.hoveder.get(b"if-none-match"), dokument.etag)
        await _svar(send, dokument, kendt=kendt)
        self._maalinger.tael(RUTE, "GET", 304 if kendt else 200, time.perf_counter() - begyndt)
        return True


def _kald(scope: HTTPScope) -> _Kald | None:
    """The call, if it is a plain one: no query, and none of the headers given twice."""
    if scope["method"] != "GET" or scope["query_string"]:
        return None
    fund = _STI.fullmatch(scope["path"])
    if fund is None:
        return None
    ordning, metode, akt = fund.groups()
    if metode not in METODER or metode in METODENS_RUTE or not har(ordning, metode):
        return None
    hoveder: dict[bytes, str] = {}
    for navn, vaerdi in scope["headers"]:
        if navn in _HOVEDER:
            if navn in hoveder:
                return None
            hoveder[navn] = vaerdi.decode("latin-1")
    return _Kald(metode, ordning, akt, hoveder)


def _maa(bruger: Bruger) -> bool:
    return bruger.rolle in (RUTER[RUTE].roller or ())


async def _svar(send: Send, dokument: Dokument, *, kendt: bool) -> None:
    """200 with the document, or 304 when the caller has it; the access log has both."""
    raa = b"" if kendt else dokument.raa
    hoveder = [(b"etag", dokument.etag.encode()), (b"cache-control", b"no-store")]
    if not kendt:
        hoveder += [(b"content-type", JSON.encode()), (b"content-length", str(len(raa)).encode())]
    await send({"type": "http.response.start", "status": 304 if kendt else 200, "headers": hoveder})
    await send({"type": "http.response.body", "body": raa, "more_body": False})
