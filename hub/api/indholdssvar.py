"""The answer to a read whose document has bytes of the store in it: JSON with them in base64, or as themselves when `Accept` says so.

They are checked before the first byte is sent, and sent piece by piece: an answer holds one piece in memory, however slowly it is read.
"""

import base64
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any
from urllib.parse import quote

import orjson
import structlog
from litestar import Response

from hub.api.aabning import Aabning
from hub.api.anmodning import Anmodning
from hub.api.dokumenter import lagerets_fejl
from hub.api.laes_sag import Laest
from hub.api.laesekald import svar
from hub.api.problem import JSON, Problem
from hub.api.stroemsvar import Stroemsvar
from hub.api.tjenester import Dele
from hub.events.dokumentfil import DokumentBeskadiget, DokumentMangler, Laeser

LOG = structlog.get_logger(__name__)
VARY = {"Vary": "Accept"}
UDEN_NAVN = "dokument.pdf"
_SIKRE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ._-()")
_VENDER = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that make a name read otherwise than it is."""


async def indholdssvar(request: Anmodning, dele: Dele, laest: Laest) -> Response[bytes]:
    """The answer; of a document without such a leaf, what every read answers. Raises `Problem` 410 or 503."""
    if "indhold" not in laest.dokument:
        return svar(request, laest)
    er_fil = foretraekker(request.headers.get("accept", ""), laest.dokument["mimetype"])
    etag = f'{laest.etag[:-1]}-{"fil" if er_fil else "json"}"'
    indhold = laest.dokument["indhold"]
    if indhold is None and er_fil:
        raise Problem("dokument_slettet", hoveder=VARY)
    uden = svar(request, Laest(laest.dokument | {"indhold": None}, etag))
    uden.headers.update(VARY)
    if indhold is None or uden.status_code == 304:
        return uden
    laeser = await _aabn(dele, indhold)
    hoveder = {"ETag": etag, **VARY, "X-Content-Type-Options": "nosniff"}
    if er_fil:
        navn = _navngivet(laest.dokument["navn"])
        hoveder |= {"Content-Disposition": navn, "Content-Length": str(indhold.stoerrelse)}
        return Stroemsvar(som_fil(dele, laeser), laest.dokument["mimetype"], hoveder)
    begyndelse = orjson.dumps({n: v for n, v in laest.dokument.items() if n != "indhold"})[:-1] + b',"indhold":"'
    hoveder["Content-Length"] = str(len(begyndelse) + 4 * -(-indhold.stoerrelse // 3) + 2)
    return Stroemsvar(som_json(dele, laeser, begyndelse), JSON, hoveder)


def foretraekker(accept: str, mimetype: str) -> bool:
    """Whether a caller asks for the type by its name, and rather than for JSON or anything at all."""
    vaegte = dict(_vaegt(led) for led in accept.lower().split(","))
    vaegt = vaegte.get(mimetype, 0.0)
    return vaegt > vaegte.get(JSON, 0.0) and vaegt >= vaegte.get("*/*", 0.0)


def disposition(navn: str) -> str:
    """Content-Disposition (RFC 6266): a name that any header and file system can take, and the whole one beside it."""
    rent = "".join(t for t in navn if t.isprintable() and t not in _VENDER and t not in '/\\"') or UDEN_NAVN
    enkelt = "".join(t if t in _SIKRE else "_" for t in rent)
    return f"attachment; filename=\"{enkelt}\"; filename*=UTF-8''{quote(rent, safe='')}"


def _navngivet(navn: Any) -> str:
    return disposition(navn if isinstance(navn, str) else UDEN_NAVN)


def _vaegt(led: str) -> tuple[str, float]:
    """A media range of `Accept` and its weight; one that cannot be read weighs nothing."""
    medietype, *egenskaber = [del_.strip() for del_ in led.split(";")]
    for egenskab in egenskaber:
        if egenskab.startswith("q="):
            tal = egenskab.removeprefix("q=")
            return medietype, float(tal) if tal.replace(".", "", 1).isdecimal() and tal.isascii() else 0.0
    return medietype, 1.0


async def _aabn(dele: Dele, indhold: Aabning) -> Laeser:
    """The document, checked. What is wrong with it is logged for the operator by its hash, which is open."""
    with lagerets_fejl():
        try:
            return await dele.traade.koer(dele.tjenester.dokumenter.aabn, indhold.noegle, indhold.sha256, indhold.stoerrelse)
        except DokumentMangler:
            kode = "dokument_mangler"
        except DokumentBeskadiget:
            kode = "dokument_beskadiget"
    LOG.error("document_unreadable", code=kode, sha256=indhold.sha256)
    raise Problem(kode)


async def som_fil(dele: Dele, laeser: Laeser) -> AsyncGenerator[bytes, None]:
    """The bytes, piece by piece; the file is closed at the end, or when nobody takes them any more."""
    try:
        stykker = laeser.stykker()
        while (stykke := await dele.traade.koer(next, stykker, b"")) != b"":
            yield stykke
    finally:
        laeser.luk()


async def som_json(dele: Dele, laeser: Laeser, begyndelse: bytes) -> AsyncGenerator[bytes, None]:
    """Every piece but the last is a multiple of three bytes: their base64 is that of the whole."""
    yield begyndelse
    async with aclosing(som_fil(dele, laeser)) as stykker:
        async for stykke in stykker:
            yield base64.b64encode(stykke)
    yield b'"}'
