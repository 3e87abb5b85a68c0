"""GET /v1/{ordning}/{getMetode}/{eksternIdentifier}: the document of one act."""

from typing import Any

from litestar import Response
from sqlalchemy import Connection

from hub.api.adgangslog import Opslag
from hub.api.anmodning import Anmodning, formaal
from hub.api.indholdssvar import indholdssvar
from hub.api.laes_sag import Laest, Oensket, Savnet, laes
from hub.api.laesekald import hvornaar, svar, uuid, vent_paa
from hub.api.problem import Problem
from hub.api.tjenester import Dele
from hub.api.vagt import bruger_af
from hub.domain.matrix import har
from hub.domain.sag import Sag
from hub.projections import pdf, read, sager
from hub.projections.metoder import METODER
from hub.projections.read import Nu


async def hent(request: Anmodning, dele: Dele) -> Response[bytes]:
    """The act's document now, at a version, or as of a time."""
    return svar(request, await _laes(request, dele, request.path_params["getMetode"]))


async def hent_pdf(request: Anmodning, dele: Dele) -> Response[bytes]:
    """The same of a document of an act: with its bytes, or as nothing but its bytes."""
    return await indholdssvar(request, dele, await _laes(request, dele, pdf.METODE))


async def _laes(request: Anmodning, dele: Dele, metode: str) -> Laest:
    ordning = request.path_params["ordning"]
    if not har(ordning, metode):
        raise Problem("ukendt_kombination")
    akt, tid = uuid(request, "eksternIdentifier", "ukendt_akt"), hvornaar(request)
    bruger = bruger_af(request)

    def find(conn: Connection) -> list[Nu]:
        return read.find_akt(conn, metode, ordning, akt)

    def vis(_: Connection, sag: Sag, nu: Nu | None) -> dict[str, Any] | None:
        return _dokument(metode, akt, sag, nu)

    savnet = Savnet("ukendt_akt", lambda conn: read.aktens_vej(conn, dele.tjenester.kodeks, akt))
    oensket = Oensket(find, vis, savnet, Opslag(metode, akt, tid.as_of, formaal(request)), tid.version)
    return await vent_paa(dele, lambda: laes(dele.tjenester, bruger, oensket))


def _dokument(metode: str, akt: str, sag: Sag, nu: Nu | None) -> dict[str, Any] | None:
    """The stored row's document, or the view's of a case folded anew; the two are the same function of the same case (architecture 4).

    What it lists of documents is read off the case.
    """
    raekke = nu.raekke if nu is not None else next((r for r in METODER[metode].raekker(sag) if r[0] == akt), None)
    if raekke is None:
        return None
    vist = METODER[metode].dokument(nu.hoved if nu is not None else sager.hoved(sag), raekke)
    return vist | {"dokumenter": pdf.liste(sag, akt)} if "dokumenter" in vist else vist
