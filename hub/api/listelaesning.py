"""One page of a list or a search: snapshot, own cases only, the log of the search and of every case shown, keys; all in one transaction."""

from typing import Any, NamedTuple

from hub.api import adgangslog
from hub.api.aabning import aabn_alt, noeglenavne
from hub.api.adgangslog import Soegning, Vist
from hub.api.ejerskab import SER_NAVNE
from hub.api.laes_sag import oejeblik
from hub.api.tjenester import Tjenester
from hub.api.tokens import Bruger
from hub.projections import lister
from hub.projections.listekolonner import FAELLES, PERSONLIG
from hub.projections.lister import Sted, Udsnit
from hub.projections.omraader import OMRAADER

INGEN_BORGER = ""
"""Stands for the citizen of an unknown CPR number: the same query is asked, and nobody's rows fit."""
PERSONLIGE = tuple(kolonne.navn for kolonne in FAELLES if kolonne.slags is PERSONLIG)


class Oensket(NamedTuple):
    """What is asked for: the page, the citizen's CPR number if that is a criterion, and what the log of searches says of it."""

    udsnit: Udsnit
    cpr: str | None
    soegning: Soegning


class Listeside(NamedTuple):
    """Rows with their leaves open, where the next page begins, and (of a first page) how many rows there are in all."""

    raekker: list[dict[str, Any]]
    naeste: Sted | None
    antal: int | None


def laes(tjenester: Tjenester, bruger: Bruger, oensket: Oensket) -> Listeside:
    """Read the page. What is shown is logged before it is answered."""
    with oejeblik(tjenester) as (conn, _):
        borger = None if oensket.cpr is None else tjenester.noeglering.find_borger(conn, oensket.cpr)
        udsnit = oensket.udsnit
        if oensket.cpr is not None:
            udsnit = udsnit._replace(kriterier=udsnit.kriterier._replace(borgerId=borger or INGEN_BORGER))
        side = lister.side(conn, udsnit)
        antal = lister.antal(conn, udsnit) if udsnit.efter is None else None
        viste = [Vist(r["sagsId"], r["version"], r["eksternIdentifier"]) for r in side.raekker]
        adgangslog.skriv_soegning(conn, bruger, oensket.soegning._replace(borger_id=borger), viste)
        dokumenter = [_synligt(bruger, lister.dokument(OMRAADER[udsnit.omraade], r)) for r in side.raekker]
        noegler = tjenester.noeglering.hent(conn, noeglenavne(dokumenter))
    return Listeside([_aabnet(dokument, noegler) for dokument in dokumenter], side.naeste, antal)


def _synligt(bruger: Bruger, dokument: dict[str, Any]) -> dict[str, Any]:
    """Without what the role does not see in lists; its key is then not even asked for."""
    return dokument if bruger.rolle in SER_NAVNE else {**dokument, **dict.fromkeys(PERSONLIGE)}


def _aabnet(dokument: dict[str, Any], noegler: dict[str, bytes]) -> dict[str, Any]:
    aabnet = aabn_alt(dokument, noeglenavne(dokument), noegler)
    return {**aabnet.vaerdi, "personoplysningerSlettet": aabnet.slettet}
