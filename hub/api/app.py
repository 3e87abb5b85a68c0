"""The application: the routes of `RUTER` with their handlers, the guard, the problems, the metrics. Nothing is created at import."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import orjson
from litestar import Litestar, Response
from litestar.datastructures import State
from litestar.handlers import HTTPRouteHandler
from sqlalchemy.exc import SQLAlchemyError

from hub.api import (
    dokumenter,
    hent,
    lister,
    modtag,
    modtag_mange,
    notifikationer,
    personnummerskift,
    referencer,
    sager,
    session,
    skemaer,
    soeg,
    sundhed,
)
from hub.api.anmodning import Anmodning
from hub.api.direkte import Applikation
from hub.api.fejlsvar import problemsvar
from hub.api.hent_direkte import HentDirekte
from hub.api.indskrivning import Indskrivning
from hub.api.maalinger import TEKSTTYPE, Maalinger
from hub.api.modtag_direkte import ModtagDirekte
from hub.api.openapi import beskrivelse
from hub.api.problem import JSON, Problem
from hub.api.ruter import RUTER
from hub.api.tjenester import Dele, Tjenester
from hub.api.traade import Traade
from hub.api.vagt import vagt
from hub.operations.backlog import Backlog, backlog

Svarer = Callable[[Anmodning, Dele], Awaitable[Response[bytes]]]
Levetid = AbstractAsyncContextManager[Any]

SVARERE: Mapping[str, Svarer] = {
    "modtag": modtag.modtag,
    "modtag_mange": modtag_mange.modtag_mange,
    "skift_personnummer": personnummerskift.skift_personnummer,
    "modtag_dokument": dokumenter.modtag_dokument,
    "hent": hent.hent,
    "hent_pdf": hent.hent_pdf,
    "sag": sager.sag,
    "historik": sager.historik,
    "soeg": soeg.soeg,
    "liste": lister.liste,
    "registrer_konflikt": referencer.registrering("RegistrerKonflikt", RUTER["konflikt"].sti),
    "ophoer_konflikt": referencer.registrering("OphoerKonflikt", RUTER["konflikt"].sti),
    "konflikt": referencer.konflikt,
    "registrer_sats": referencer.registrering("RegistrerSats", RUTER["satser"].sti),
    "satser": referencer.liste("satser"),
    "registrer_afslagstekst": referencer.registrering("RegistrerAfslagstekst", RUTER["afslagstekster"].sti),
    "afslagstekster": referencer.liste("afslagstekster", "ordning"),
    "registrer_kode": referencer.registrering("RegistrerKode", RUTER["koder"].sti),
    "koder": referencer.liste("koder", "liste"),
    "notifikationer": notifikationer.notifikationer,
    "skema": skemaer.skema,
    "emner": skemaer.emner,
    "emneversioner": skemaer.emneversioner,
    "emneversion": skemaer.emneversion,
    "session": session.session,
    "lever": sundhed.lever,
    "klar": sundhed.klar,
}
"""Route name → what answers it; the routes without a row answer from what `create_api` makes."""


def create_api(tjenester: Tjenester, levetider: Sequence[Levetid] = ()) -> Litestar:
    """The application over composed ports; `levetider` (the listeners' async contexts) live from its start to its end."""
    traade = Traade(tjenester.graenser.traade, tjenester.graenser.traadkoe)
    indskrivning = Indskrivning(tjenester.ledger.append, traade, tjenester.graenser.traadkoe, tjenester.faa)
    dele = Dele(tjenester, traade, indskrivning)
    maalinger = Maalinger(lambda: traade.optaget)
    openapi = orjson.dumps(beskrivelse())

    async def vis_maalinger(request: Anmodning, dele: Dele) -> Response[bytes]:
        return Response(maalinger.tekst(await _venter(dele)), media_type=TEKSTTYPE)

    async def vis_openapi(request: Anmodning, dele: Dele) -> Response[bytes]:
        return Response(openapi, media_type=JSON)

    svarere = {**SVARERE, "maalinger": vis_maalinger, "openapi": vis_openapi}
    app = Applikation(
        [_handler(navn, svarer, dele) for navn, svarer in svarere.items()],
        request_class=Anmodning,
        guards=[vagt],
        middleware=[maalinger.lag],
        exception_handlers={Exception: problemsvar},
        lifespan=[*levetider, _traades_levetid(traade)],
        state=State({"dele": dele}),
        openapi_config=None,
        logging_config=None,
        request_max_body_size=None,
        debug=False,
    )
    app.direkte = (HentDirekte(dele, maalinger), ModtagDirekte(dele, maalinger))
    return app


class Handler(HTTPRouteHandler):
    """A handler that the framework does not copy for each call: our guard changes nothing on it."""

    def __copy__(self) -> "Handler":
        return self


async def _venter(dele: Dele) -> Backlog | None:
    """What waits in the hub; None when the database, or a thread to ask it in, is not to be had."""
    try:
        return await dele.traade.koer(backlog, dele.tjenester.motor)
    except (Problem, SQLAlchemyError):
        return None


def _handler(navn: str, svarer: Svarer, dele: Dele) -> HTTPRouteHandler:
    """A handler that reads its request itself: the framework decodes nothing."""

    async def kald(request: Anmodning) -> Response[bytes]:
        return await svarer(request, dele)

    rute = RUTER[navn]
    return Handler(rute.sti.replace("}", ":str}"), http_method=rute.metode, name=navn, status_code=200)(kald)


@asynccontextmanager
async def _traades_levetid(traade: Traade) -> AsyncIterator[None]:
    try:
        yield
    finally:
        traade.luk()
