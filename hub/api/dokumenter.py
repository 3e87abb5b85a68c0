"""PUT /v1/dokumenter/{sha256}: one document into the store, before an action names it. What is not as its address says is not kept."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import structlog
from litestar import Response
from litestar.exceptions import InternalServerException

from hub.api import anmodning
from hub.api.anmodning import Anmodning
from hub.api.problem import Problem, json_svar
from hub.api.tjenester import Dele
from hub.domain.dokumenter import PDF
from hub.events.dokumentfil import STYKKE
from hub.events.dokumentlager import ForMangeVenter, Modtagelse

LOG = structlog.get_logger(__name__)
BEGYNDELSE = b"%PDF-"
"""What every PDF begins with."""
VENT_SEKUNDER = 60
LUK = {"Connection": "close"}
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)


async def modtag_dokument(request: Anmodning, dele: Dele) -> Response[bytes]:
    """Keep the body, 201; one that the store has already, 200. The same again any number of times is the same."""
    sha256 = str(request.path_params["sha256"])
    if not _SHA256.fullmatch(sha256):
        raise Problem.om("ugyldig_sha256", "sha256")
    anmodning.parametre(request, ())
    anmodning.kraev_type(request, {PDF}, "forkert_type_dokument")
    with _plads(dele), lagerets_fejl():
        modtagelse = await dele.traade.koer(dele.tjenester.dokumenter.begynd, sha256)
        try:
            await _modtag(request, dele, modtagelse)
            ny = await dele.traade.koer(dele.tjenester.dokumenter.afslut, modtagelse, PDF)
        finally:
            modtagelse.kladde.kasser()
    return json_svar({"sha256": sha256, "stoerrelse": modtagelse.kladde.skriver.stoerrelse, "mimetype": PDF}, 201 if ny else 200)


@contextmanager
def lagerets_fejl() -> Iterator[None]:
    """The store's own trouble as problems: too much waits (429), its folder cannot be used (503). Raises `Problem`."""
    try:
        yield
    except ForMangeVenter:
        raise Problem.proev_igen("for_mange_uploads", VENT_SEKUNDER) from None
    except OSError as fejl:
        LOG.error("document_store_unusable", error=type(fejl).__name__, errno=fejl.errno)
        raise Problem.proev_igen("dokumentlager_vaek", VENT_SEKUNDER) from None


@contextmanager
def _plads(dele: Dele) -> Iterator[None]:
    """One of the uploads that a process takes at a time. Raises `Problem` 503."""
    if dele.tilstand.uploads >= dele.graenser.uploads:
        raise Problem.proev_igen("overbelastet")
    dele.tilstand.uploads += 1
    try:
        yield
    finally:
        dele.tilstand.uploads -= 1


async def _modtag(request: Anmodning, dele: Dele, modtagelse: Modtagelse) -> None:
    """Take the body into the draft as it comes, and hold it against its type and its SHA-256. Raises `Problem`."""
    skriver, venter = modtagelse.kladde.skriver, bytearray()
    async for del_ in _dele(request, dele):
        venter += del_
        if skriver.stoerrelse == 0 and not venter.startswith(BEGYNDELSE[: len(venter)]):
            raise await _afbrudt(request, "ikke_pdf")
        if len(venter) >= STYKKE:
            await dele.traade.koer(skriver.tag, bytes(venter))
            venter.clear()
    await dele.traade.koer(skriver.tag, bytes(venter))
    if skriver.stoerrelse == 0:
        raise Problem("tom_krop")
    if skriver.stoerrelse <= len(BEGYNDELSE):
        raise Problem("ikke_pdf")
    if skriver.sha256 != modtagelse.sha256:
        raise Problem.om("forkert_sha256", "sha256")


async def _dele(request: Anmodning, dele: Dele) -> AsyncIterator[bytes]:
    """The body as it comes, bounded in size, in time, and in time between two pieces. Raises `Problem` 413 or 408."""
    laengde, taget = request.headers.get("content-length", "0"), 0
    if laengde.isdecimal() and int(laengde[:12]) > dele.graenser.dokument:
        raise await _afbrudt(request, "for_stor")
    stykker = aiter(request.stream())
    frist = asyncio.get_running_loop().time() + dele.graenser.dokument_sekunder
    while True:
        try:
            async with asyncio.timeout_at(min(frist, asyncio.get_running_loop().time() + dele.graenser.krop_sekunder)):
                stykke = await anext(stykker, None)
        except (TimeoutError, InternalServerException):
            raise Problem("for_langsom", hoveder=LUK) from None
        if stykke is None:
            return
        taget += len(stykke)
        if taget > dele.graenser.dokument:
            raise await _afbrudt(request, "for_stor")
        yield stykke


async def _afbrudt(request: Anmodning, kode: str) -> Problem:
    """A refusal in the middle of a body: the rest of it is not kept, and of more than a bound not read."""
    await anmodning.toem(request)
    return Problem(kode, hoveder=LUK)
