"""GET /v1/{ordning}/{getMetode}/{eksternIdentifier}: the document of one act."""

from typing import Any

from litestar import Response
from sqlalchemy import Connection

from hub.api.adgangslog import Opslag
from hub.api.anmodning import Anmodning, formaal
from hub.api.laes_sag import Oensket, Savnet, laes
from hub.api.laesekald import hvornaar, svar, uuid, vent_paa
from hub.api.problem import Problem
from hub.api.tjenester import Dele
from hub.api.vagt import bruger_af
from hub.domain.matrix import har
from hub.domain.sag import Sag
from hub.projections import read, sager
from hub.projections.metoder import METODER
from hub.projections.read import Nu


async def hent(request: Anmodning, dele: Dele) -> Response[bytes]:
    """The act's document now, at a version, or as of a time."""
    ordning, metode = request.path_params["ordning"], request.path_params["getMetode"]
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
    return svar(request, await vent_paa(dele, lambda: laes(dele.tjenester, bruger, oensket)))


def _dokument(metode: str, akt: str, sag: Sag, nu: Nu | None) -> dict[str, Any] | None:
    """The stored row's document, or the view's of a case folded anew; the two are the same function of the same case (architecture 4)."""
    if nu is not None:
        return METODER[metode].dokument(nu.hoved, nu.raekke)
    raekke = next((r for r in METODER[metode].raekker(sag) if r[0] == akt), None)
    return None if raekke is None else METODER[metode].dokument(sager.hoved(sag), raekke)
