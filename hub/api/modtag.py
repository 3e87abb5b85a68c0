"""POST /v1/handlinger: one action in, its receipt out; 201 when Kafka has it, 202 when PostgreSQL has it (architecture 2)."""

from collections.abc import Callable
from typing import Any

import orjson
from litestar import Response

from hub.api import anmodning
from hub.api.anmodning import Anmodning
from hub.api.json_ind import laes_objekt
from hub.api.problem import HANDLING_AFVIST, Problem, dokument, json_svar, svar
from hub.api.tjenester import Dele
from hub.domain.fejl import Afvisning
from hub.domain.handlinger import laes_handling
from hub.events.anmodningsid import af_indhold
from hub.events.ledger_fejl import ForaeldetFoldning, LedgerBagud
from hub.events.ordre import Kvitteret, Ordre

TYPER = frozenset({"application/json"})
Vist = tuple[dict[str, Any], dict[str, str]]
"""The body of an answer, and its headers; beside them the version to send as If-Match next, where it is of one stream."""


async def modtag(request: Anmodning, dele: Dele) -> Response[bytes]:
    """Record one action. The same request id and body again, or the same body without an id, gives the first receipt."""
    givet = anmodning.request_id(request)
    anmodning.parametre(request, ())
    anmodning.kraev_type(request, TYPER, "forkert_type")
    version = anmodning.if_match(request)
    objekt = laes_objekt(await anmodning.krop(request, dele.graenser), dele.graenser)
    request_id = givet or anmodning.eget_id(request, af_indhold(kanonisk(objekt), dele.tjenester.noeglering.request_hash))
    return await gem(dele, request_id, lambda: ordre(objekt, request_id, version), _vis)


async def gem(dele: Dele, request_id: str, lav: Callable[[], Ordre], vis: Callable[[Kvitteret], Vist]) -> Response[bytes]:
    """Append what `lav` makes (it may raise `Afvisning`), and answer as `vis` shows its receipt. Raises `Problem` 503."""
    try:
        udfald = await dele.indskrivning.tilfoej(lav())
    except (LedgerBagud, ForaeldetFoldning):
        raise Problem.proev_igen("hovedbog_bagud", 2) from None
    except Afvisning as afvisning:
        udfald = afvisning
    return await besvar(dele, request_id, udfald, vis)


async def besvar(dele: Dele, request_id: str, udfald: Kvitteret | Afvisning, vis: Callable[[Kvitteret], Vist]) -> Response[bytes]:
    """The refusal with all its errors, or the receipt as `vis` shows it: 201 once Kafka has what it is of, else 202."""
    hoveder = {"x-requestId": request_id}
    if isinstance(udfald, Afvisning):
        return svar(afvist(udfald), hoveder)
    paa_kafka = await dele.tjenester.kvitteringer.vent(udfald.outbox, dele.graenser.kvittering_sekunder)
    krop, flere = vis(udfald)
    etag = {"ETag": f'"{udfald.kvittering["version"]}"'} if "version" in udfald.kvittering else {}
    return json_svar(krop, 201 if paa_kafka else 202, {**hoveder, **flere, **etag})


def ordre(objekt: dict[str, Any], request_id: str, if_match: int | None) -> Ordre:
    """A parsed action as the ledger takes it. Raises `Afvisning`."""
    return Ordre(laes_handling(objekt), request_id, kanonisk(objekt), if_match)


def kanonisk(objekt: dict[str, Any]) -> bytes:
    """The bytes that a body is known by: key order is no difference."""
    return orjson.dumps(objekt, option=orjson.OPT_SORT_KEYS)


def afvist(afvisning: Afvisning) -> dict[str, Any]:
    """A refusal of the domain as a problem, with all its errors."""
    return dokument(HANDLING_AFVIST, afvisning.fejl)


def _vis(udfald: Kvitteret) -> Vist:
    """The receipt, and where the case is."""
    return udfald.kvittering, {"Location": f"/v1/sager/{udfald.kvittering['sagsId']}"}
