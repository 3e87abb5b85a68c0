"""POST /v1/borgere/personnummerskift: a citizen's new CPR number; the numbers stand in the body and nowhere else."""

from typing import Any

from litestar import Response

from hub.api import anmodning
from hub.api.anmodning import Anmodning
from hub.api.json_ind import laes_objekt
from hub.api.modtag import TYPER, Vist, besvar, kanonisk
from hub.api.problem import Problem
from hub.api.tjenester import Dele
from hub.domain.fejl import Afvisning
from hub.domain.personnummerskift import laes_personnummerskift
from hub.events.anmodningsid import af_indhold
from hub.events.ledger_fejl import ForaeldetFoldning, LedgerBagud, OptagetAfAnden
from hub.events.ordre import Kvitteret
from hub.events.personnummerskift import Skifteordre


async def skift_personnummer(request: Anmodning, dele: Dele) -> Response[bytes]:
    """Record the change on every case of the citizen, or on none. The same request id and body again gives the first receipt."""
    givet = anmodning.request_id(request)
    anmodning.parametre(request, ())
    anmodning.kraev_type(request, TYPER, "forkert_type")
    objekt = laes_objekt(await anmodning.krop(request, dele.graenser), dele.graenser)
    request_id = givet or anmodning.eget_id(request, _id(objekt, dele))
    try:
        ordre = Skifteordre(laes_personnummerskift(objekt), request_id, kanonisk(objekt))
        udfald = await dele.traade.koer(dele.tjenester.ledger.skift_personnummer, ordre)
    except (LedgerBagud, ForaeldetFoldning):
        raise Problem.proev_igen("hovedbog_bagud", 2) from None
    except OptagetAfAnden:
        raise Problem.proev_igen("overbelastet") from None
    except Afvisning as afvisning:
        udfald = afvisning
    return await besvar(dele, request_id, udfald, _vis)


def _id(objekt: dict[str, Any], dele: Dele) -> str:
    """Its own for what says when it happened; else the same numbers may change back and forth, and each time is another change."""
    return af_indhold(kanonisk(objekt), dele.tjenester.noeglering.request_hash) if "haendelsestidspunkt" in objekt else anmodning.nyt_id()


def _vis(udfald: Kvitteret) -> Vist:
    """The receipt: each case's event."""
    return udfald.kvittering, {}
