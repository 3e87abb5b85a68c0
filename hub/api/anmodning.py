"""What a request is made of, read strictly: headers, query, body within the bounds."""

import asyncio
import re
import secrets
from collections.abc import AsyncIterator, Collection
from contextlib import suppress
from functools import cached_property
from typing import Any

from litestar import Request
from litestar.datastructures import Headers
from litestar.exceptions import InternalServerException

from hub.api.graenser import Graenser
from hub.api.json_ind import sikkert_navn
from hub.api.problem import Problem
from hub.domain.fejl import Fejl, doerfejl
from hub.domain.personnummer import har_personnummer
from hub.events.anmodningsid import er_anmodningsid


class Anmodning(Request[Any, Any, Any]):
    """A request whose headers are decoded once; the framework's decodes them at every look."""

    @cached_property
    def headers(self) -> Headers:
        """The headers."""
        return Headers.from_scope(self.scope)


REQUEST_ID = "hub.request_id"
"""Where the request's scope has its id."""
MAKS_FORMAAL = 200
TOEMMES_BYTES = 16 * 1024 * 1024
TOEMMES_SEKUNDER = 2.0
_FORMAAL = re.compile(rf"[^\x00-\x1f\x7f-\x9f]{{1,{MAKS_FORMAAL}}}")
_VERSION = re.compile(r'"([1-9][0-9]{0,8})"', re.ASCII)


def request_id(request: Anmodning) -> str | None:
    """`x-requestId`, None when absent; known from now on to whoever answers. Raises `Problem` 400."""
    givet = request.headers.get("x-requestid")
    if givet is not None and not er_anmodningsid(givet):
        raise Problem.om("ugyldigt_request_id", "x-requestId")
    request.scope["state"][REQUEST_ID] = givet
    return givet


def eget_id(request: Anmodning, lavet: str) -> str:
    """The id that the hub has made for a request without one; it goes back with the answer."""
    request.scope["state"][REQUEST_ID] = lavet
    return lavet


def nyt_id() -> str:
    """An id of its own for a request whose content does not tell it from another."""
    return f"hub-{secrets.token_hex(16)}"


def if_match(request: Anmodning) -> int | None:
    """The version of `If-Match: "<version>"`, None when absent. Raises `Problem` 400."""
    givet = request.headers.get("if-match")
    if givet is None:
        return None
    fund = _VERSION.fullmatch(givet.strip())
    if fund is None:
        raise Problem.om("ugyldig_if_match", "If-Match")
    return int(fund.group(1))


def formaal(request: Anmodning) -> str | None:
    """The purpose of a read, for the access log: `x-formaal`, Latin-1 or UTF-8, at most 200 characters, no CPR number.

    Raises `Problem` 400.
    """
    return formaal_af(request.headers.get("x-formaal"))


def formaal_af(givet: str | None) -> str | None:
    """The same of the header as it was given. Raises `Problem` 400."""
    if givet is None:
        return None
    tekst = _utf8(givet)
    if not _FORMAAL.fullmatch(tekst) or har_personnummer(tekst):
        raise Problem.om("ugyldigt_hoved", "x-formaal")
    return tekst


def parametre(request: Anmodning, kendte: Collection[str]) -> dict[str, str]:
    """The query, each parameter known and given once. Raises `Problem` 400 with every error."""
    fundne, fejl = laes_parametre(request, kendte)
    if fejl:
        raise Problem(str(fejl[0].kode), fejl)
    return fundne


def laes_parametre(request: Anmodning, kendte: Collection[str]) -> tuple[dict[str, str], list[Fejl]]:
    """The known parameters as they were first given, and an error for every unknown or repeated one: for who has errors to add."""
    fundne: dict[str, str] = {}
    fejl: list[Fejl] = []
    for navn, vaerdi in request.query_params.multi_items():
        if navn not in kendte:
            fejl.append(doerfejl("ukendt_parameter", sikkert_navn(navn)))
        elif navn in fundne:
            fejl.append(doerfejl("gentaget_parameter", navn))
        else:
            fundne[navn] = vaerdi
    return fundne, fejl


def kraev_type(request: Anmodning, typer: Collection[str], kode: str) -> None:
    """Refuse (415) another content type, another charset than UTF-8, and compression."""
    medietype, _, rest = request.headers.get("content-type", "").partition(";")
    egenskaber = [del_.strip().lower().replace('"', "") for del_ in rest.split(";") if del_.strip()]
    if medietype.strip().lower() not in typer or any(e not in {"charset=utf-8", "charset=utf8"} for e in egenskaber):
        raise Problem(kode)
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise Problem(kode)


async def krop(request: Anmodning, graenser: Graenser) -> bytes:
    """The whole body. Raises `Problem` 413 as soon as it is too large, 408 when it does not arrive in time."""
    laengde = request.headers.get("content-length", "0")
    if laengde.isdecimal() and int(laengde[:12]) > graenser.krop:
        await toem(request)
        raise _for_stor()
    raa = bytearray()
    try:
        async with asyncio.timeout(graenser.krop_sekunder):
            async for stykke in request.stream():
                raa += stykke
                if len(raa) > graenser.krop:
                    break
    except (TimeoutError, InternalServerException):
        raise _for_langsom() from None
    if len(raa) > graenser.krop:
        await toem(request)
        raise _for_stor()
    return bytes(raa)


async def toem(request: Anmodning) -> None:
    """Take in and forget what is still under way of a body that is refused, within bounds.

    A connection closed on it is reset, and a simple client, which writes it all before it reads, would never see the answer. Who asked
    before sending (Expect) has sent nothing.
    """
    if request.headers.get("expect"):
        return
    taget = 0
    with suppress(TimeoutError, InternalServerException):
        async with asyncio.timeout(TOEMMES_SEKUNDER):
            async for stykke in request.stream():
                taget += len(stykke)
                if taget > TOEMMES_BYTES:
                    return


async def linjer(request: Anmodning, graenser: Graenser) -> AsyncIterator[bytes | None]:
    """The body's lines as they arrive, without their ends; None stands for a line longer than the bound. Raises `Problem` 408."""
    rest, for_lang = bytearray(), False
    stykker = aiter(request.stream())
    while (stykke := await _naeste(stykker, graenser)) is not None:
        rest += stykke
        *hele, sidste = rest.split(b"\n")
        for linje in hele:
            yield None if for_lang or len(linje) > graenser.linje else bytes(linje).removesuffix(b"\r")
            for_lang = False
        rest, for_lang = (sidste, for_lang) if len(sidste) <= graenser.linje else (bytearray(), True)
    if for_lang or rest:
        yield None if for_lang else bytes(rest)


async def _naeste(stykker: AsyncIterator[bytes], graenser: Graenser) -> bytes | None:
    try:
        async with asyncio.timeout(graenser.krop_sekunder):
            return await anext(stykker, None)
    except (TimeoutError, InternalServerException):
        raise _for_langsom() from None


def _for_stor() -> Problem:
    """The body is over its bound."""
    return Problem("for_stor", hoveder={"Connection": "close"})


def _for_langsom() -> Problem:
    """The body did not come in time, or (what the framework's InternalServerException says) the caller went away in the middle of it."""
    return Problem("for_langsom", hoveder={"Connection": "close"})


def _utf8(tekst: str) -> str:
    try:
        return tekst.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return tekst
