"""What the read routes share: parameters, waiting for what is on its way, ETag and 304."""

import asyncio
import re
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from typing import NamedTuple

from litestar import Response

from hub.api.anmodning import Anmodning, laes_parametre
from hub.api.laes_sag import IkkeKlar, Laest
from hub.api.problem import Problem, json_svar
from hub.api.tjenester import Dele
from hub.domain.fejl import doerfejl

FOERSTE_PAUSE, LAENGSTE_PAUSE = 0.01, 0.2
_VERSION = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)
_TID = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)", re.ASCII)
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


class Hvornaar(NamedTuple):
    """Which version, or as of when (aware UTC); both null: now."""

    version: int | None
    as_of: datetime | None


def hvornaar(request: Anmodning, kendte: Collection[str] = ("version", "asOf")) -> Hvornaar:
    """`version` and `asOf`, as far as the route knows them, and not both. Raises `Problem` 400 naming every wrong one."""
    givet, fejl = laes_parametre(request, kendte)
    version, tid = givet.get("version"), givet.get("asOf")
    as_of = tidspunkt(tid) if tid is not None else None
    forkerte = (
        ("version", version is not None and (not _VERSION.fullmatch(version) or tid is not None)),
        ("asOf", tid is not None and as_of is None),
    )
    fejl += [doerfejl("ugyldig_parameter", navn) for navn, forkert in forkerte if forkert]
    if fejl:
        raise Problem(str(fejl[0].kode), fejl)
    return Hvornaar(int(version) if version else None, as_of)


def uuid(request: Anmodning, navn: str, ukendt: str) -> str:
    """A path parameter that is a uuid, in lower case; anything else is simply not found. Raises `Problem` 404."""
    vaerdi = str(request.path_params[navn]).lower()
    if not _UUID.fullmatch(vaerdi):
        raise Problem(ukendt)
    return vaerdi


async def vent_paa(dele: Dele, kald: Callable[[], Laest]) -> Laest:
    """The read, tried again while it is not ready, for as long as the setting says. Raises `Problem` (425 with Retry-After)."""
    loop = asyncio.get_running_loop()
    frist, pause = loop.time() + dele.graenser.laese_sekunder, FOERSTE_PAUSE
    while True:
        try:
            return await dele.traade.koer(kald)
        except IkkeKlar:
            if loop.time() + pause > frist:
                raise Problem.proev_igen("ikke_klar") from None
        await asyncio.sleep(pause)
        pause = min(pause * 1.6, LAENGSTE_PAUSE)


def svar(request: Anmodning, laest: Laest) -> Response[bytes]:
    """200 with the document, or 304 when the caller has it; the access log has both."""
    if har_den(request.headers.get("if-none-match"), laest.etag):
        return Response(b"", status_code=304, headers={"ETag": laest.etag, "Cache-Control": "no-store"})
    return json_svar(laest.dokument, hoveder={"ETag": laest.etag})


def har_den(if_none_match: str | None, etag: str) -> bool:
    """Whether the caller of a read has the document that it names in `If-None-Match`."""
    kendte = [] if if_none_match is None else [kendt.strip().removeprefix("W/") for kendt in if_none_match.split(",")]
    return etag in kendte or "*" in kendte


def tidspunkt(tekst: str) -> datetime | None:
    """An RFC 3339 time with its offset; a space is what a `+` became that was not escaped."""
    tekst = tekst.replace(" ", "+")
    if not _TID.fullmatch(tekst):
        return None
    try:
        return datetime.fromisoformat(tekst).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
