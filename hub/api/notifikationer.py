"""GET /v1/notifikationer: the pull feed of one jobcentre by number, with long-poll."""

import asyncio
import re
import time
from collections.abc import Callable
from typing import NamedTuple

import msgspec
from litestar import Response

from hub.api.anmodning import Anmodning, laes_parametre
from hub.api.problem import Problem, json_svar
from hub.api.tjenester import Dele
from hub.api.tokens import Bruger
from hub.api.vagt import bruger_af
from hub.domain.fejl import Fejl, doerfejl
from hub.domain.jobcentre import kendt_kommune
from hub.notifications.feed import Side, hent
from hub.notifications.tilbud import kommer

ALLE_JOBCENTRE = frozenset({"auditor", "operator"})
"""The roles that may read any jobcentre's feed: no notification holds anything personal."""
STANDARD_MAKS = 100
SKRIDT_SEKUNDER = 1.0
_KODE = re.compile(r"[0-9]{5}", re.ASCII)
STOERSTE_NUMMER = 2**63 - 1


class Oensket(NamedTuple):
    """What was asked for; `vent` in seconds."""

    kode: str | None
    efter: int
    maks: int
    vent: float


async def notifikationer(request: Anmodning, dele: Dele) -> Response[bytes]:
    """What the jobcentre has been offered after number `efter`; waits up to `vent` seconds when that is nothing."""
    oensket = _oensket(request, dele)
    kode = _jobcenter(bruger_af(request), oensket.kode)
    with dele.tjenester.tilbud.interesse(kode) as signal:
        side = await dele.traade.koer(_hent, dele, kode, oensket)
        frist = time.monotonic() + _ventetid(oensket, dele)
        dele.tilstand.ventende += 1
        try:
            while not side.notifikationer and await _nyt(signal, frist, dele):
                signal.clear()
                side = await dele.traade.koer(_hent, dele, kode, oensket)
        finally:
            dele.tilstand.ventende -= 1
    return json_svar({"notifikationer": msgspec.to_builtins(side.notifikationer), "hoved": side.hoved})


def _hent(dele: Dele, kode: str, oensket: Oensket) -> Side:
    with dele.tjenester.motor.connect() as conn:
        return hent(conn, kode, oensket.efter, oensket.maks)


async def _nyt(signal: asyncio.Event, frist: float, dele: Dele) -> bool:
    """Whether something may have come before the time is up; in short steps, so that an ending process lets go."""
    while (rest := frist - time.monotonic()) > 0 and not dele.tilstand.slutter:
        if await kommer(signal, min(rest, SKRIDT_SEKUNDER)):
            return True
    return False


def _ventetid(oensket: Oensket, dele: Dele) -> float:
    """No waiting when too many wait already: the caller then polls."""
    return oensket.vent if dele.tilstand.ventende < dele.graenser.feed_ventende else 0.0


def _jobcenter(bruger: Bruger, kode: str | None) -> str:
    """The jobcentre read: the one asked for, or the token's only one. Raises `Problem` 400 or 403."""
    if kode is None and len(bruger.jobcentre) == 1:
        return bruger.jobcentre[0]
    if kode is None:
        raise Problem.om("ugyldig_parameter", "jobCenterKode")
    if kode not in bruger.jobcentre and bruger.rolle not in ALLE_JOBCENTRE:
        raise Problem("ikke_eget_jobcenter")
    return kode


def _oensket(request: Anmodning, dele: Dele) -> Oensket:
    """The parameters, every wrong one named at once. Raises `Problem` 400."""
    givet, fejl = laes_parametre(request, ("jobCenterKode", "efter", "maks", "vent"))
    kode = givet.get("jobCenterKode")
    if kode is not None and not (_KODE.fullmatch(kode) and kendt_kommune(kode)):
        fejl.append(doerfejl("ugyldig_parameter", "jobCenterKode"))
    efter = _tal(givet, "efter", 0, lambda n: 0 <= n <= STOERSTE_NUMMER, fejl)
    maks = _tal(givet, "maks", STANDARD_MAKS, lambda n: 1 <= n <= dele.graenser.feed_maks, fejl)
    vent = _tal(givet, "vent", 0, lambda n: 0 <= n <= dele.graenser.feed_sekunder, fejl)
    if fejl:
        raise Problem(str(fejl[0].kode), fejl)
    return Oensket(kode, efter, maks, vent)


def _tal(givet: dict[str, str], navn: str, standard: int, inden_for: Callable[[int], bool], fejl: list[Fejl]) -> int:
    tekst = givet.get(navn)
    if tekst is None:
        return standard
    if tekst.isascii() and tekst.isdecimal() and len(tekst) <= 19 and inden_for(int(tekst)):
        return int(tekst)
    fejl.append(doerfejl("ugyldig_parameter", navn))
    return standard
