"""GET /v1/sager/{sagsId}: one case with its acts; and its timeline."""

from typing import Any

from litestar import Response
from sqlalchemy import Connection

from hub.api.adgangslog import Opslag
from hub.api.anmodning import Anmodning, formaal
from hub.api.laes_sag import Oensket, Savnet, Vis, laes
from hub.api.laesekald import Hvornaar, hvornaar, svar, uuid, vent_paa
from hub.api.tjenester import Dele
from hub.api.vagt import bruger_af
from hub.domain.haendelser import Haendelse
from hub.domain.koder import BEVILLINGSSTATUS
from hub.domain.kuvert import Aktoer
from hub.domain.sag import Sag, hovedakt
from hub.projections import read, sager, vis
from hub.projections.metoder import METODER
from hub.projections.read import Nu


async def sag(request: Anmodning, dele: Dele) -> Response[bytes]:
    """The case now, at a version, or as of a time."""
    return await _laes(request, dele, "sag", hvornaar(request), lambda _, sag, __: sagsdokument(sag))


async def historik(request: Anmodning, dele: Dele) -> Response[bytes]:
    """Every event of the case that the caller may see, oldest first; as of a time, those registered by then."""
    tid = hvornaar(request, ("asOf",))

    def tidslinje(conn: Connection, sag: Sag, _: Nu | None) -> dict[str, Any]:
        haendelser = read.haendelser(conn, dele.tjenester.kodeks, sag.id, read.til_version(sag.version))
        return {"sagsId": sag.id, "version": sag.version, "haendelser": [haendelsesdokument(h) for h in haendelser]}

    return await _laes(request, dele, "historik", tid, tidslinje)


async def _laes(request: Anmodning, dele: Dele, navn: str, tid: Hvornaar, vis_: Vis) -> Response[bytes]:
    sags_id, bruger = uuid(request, "sagsId", "ukendt_sag"), bruger_af(request)

    def find(conn: Connection) -> list[Nu]:
        return read.find_sag(conn, sags_id)

    savnet = Savnet("ukendt_sag", lambda conn: read.sagens_vej(conn, dele.tjenester.kodeks, sags_id))
    oensket = Oensket(find, vis_, savnet, Opslag(navn, None, tid.as_of, formaal(request)), tid.version)
    return svar(request, await vent_paa(dele, lambda: laes(dele.tjenester, bruger, oensket)))


def sagsdokument(sag: Sag) -> dict[str, Any]:
    """The case's head as in every document, and its acts with where to fetch them, in the order they were registered."""
    hoved = sager.hoved(sag)
    akter = [(raekke, navn) for navn, metode in METODER.items() for raekke in metode.raekker(sag)]
    return {
        **sager.dokument(hoved, hovedakt(sag), vis.kode(sag.bevillingsstatus, BEVILLINGSSTATUS), {}),
        "akter": [
            {
                "eksternIdentifier": raekke[0],
                "getMetode": navn,
                "registreretVersion": raekke[2],
                "haendelsestidspunkt": vis.tidspunkt(raekke[3]),
                "link": f"/v1/{sag.ordning}/{navn}/{raekke[0]}",
            }
            for raekke, navn in sorted(akter, key=lambda par: par[0][2])
        ],
    }


def haendelsesdokument(haendelse: Haendelse) -> dict[str, Any]:
    """One event of the timeline; what is sealed in it is opened like everything else."""
    k = haendelse.kuvert
    return {
        "id": k.haendelsesId,
        "type": haendelse.type,
        "version": k.version,
        "eksternIdentifier": k.eksternIdentifier,
        "haendelsestidspunkt": vis.tidspunkt(k.haendelsestidspunkt),
        "registreringstidspunkt": vis.tidspunkt(k.registreringstidspunkt),
        "aktoer": _aktoer(k.aktoer),
        "data": haendelse.data,
    }


def _aktoer(aktoer: Aktoer) -> dict[str, Any]:
    """`fortroligt` holds {id, navn} of an actor who is not at work for an authority."""
    return {
        "type": aktoer.type,
        "id": aktoer.id,
        "navn": aktoer.navn,
        "fortroligt": aktoer.forseglet,
        "organisationstype": aktoer.organisationstype,
        "organisationskode": aktoer.organisationskode,
    }
