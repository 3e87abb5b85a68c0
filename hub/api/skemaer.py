"""The read calls of a Confluent schema registry: its paths, content type and error bodies (decision 9)."""

import json
from typing import Any

from litestar import Response

from hub.api.anmodning import Anmodning
from hub.api.problem import json_svar
from hub.api.tjenester import Dele
from hub.events.schemas import Skemaversion

REGISTER = "application/vnd.schemaregistry.v1+json"
INTET_EMNE = (404, 40401, "Subject not found.")
INGEN_VERSION = (404, 40402, "Version not found.")
INTET_SKEMA = (404, 40403, "Schema not found.")
UGYLDIG_VERSION = (422, 42202, 'The specified version is not a valid version id. Allowed values are 1 to 2147483647 and "latest".')
STOERSTE = 2**31 - 1


async def skema(request: Anmodning, dele: Dele) -> Response[bytes]:
    """`GET /schemas/ids/{id}`."""
    nummer = _tal(request.path_params["id"])
    fundet = dele.tjenester.skemaregister.efter_id.get(nummer) if nummer else None
    return _fejl(*INTET_SKEMA) if fundet is None else _svar({"schema": _tekst(fundet)})


async def emner(request: Anmodning, dele: Dele) -> Response[bytes]:
    """`GET /subjects`."""
    return _svar(list(dele.tjenester.skemaregister.subjects()))


async def emneversioner(request: Anmodning, dele: Dele) -> Response[bytes]:
    """`GET /subjects/{subject}/versions`."""
    fundne = dele.tjenester.skemaregister.versioner(request.path_params["subject"])
    return _svar([v.version for v in fundne]) if fundne else _fejl(*INTET_EMNE)


async def emneversion(request: Anmodning, dele: Dele) -> Response[bytes]:
    """`GET /subjects/{subject}/versions/{version}`, a number or `latest` (-1 too)."""
    fundne = dele.tjenester.skemaregister.versioner(request.path_params["subject"])
    oensket = request.path_params["version"]
    if not fundne:
        return _fejl(*INTET_EMNE)
    if oensket in {"latest", "-1"}:
        return _svar(_version(fundne[-1]))
    nummer = _tal(oensket)
    if nummer is None:
        return _fejl(*UGYLDIG_VERSION)
    return next((_svar(_version(v)) for v in fundne if v.version == nummer), None) or _fejl(*INGEN_VERSION)


def _version(skema: Skemaversion) -> dict[str, Any]:
    return {"subject": skema.subject, "version": skema.version, "id": skema.id, "schema": _tekst(skema)}


def _tekst(skema: Skemaversion) -> str:
    return json.dumps(skema.skema, ensure_ascii=False, separators=(",", ":"))


def _tal(tekst: str) -> int | None:
    """A positive 32-bit number, or None."""
    if not (tekst.isascii() and tekst.isdecimal() and len(tekst) <= 10):
        return None
    return int(tekst) if 0 < int(tekst) <= STOERSTE else None


def _svar(vaerdi: Any) -> Response[bytes]:
    return json_svar(vaerdi, media_type=REGISTER, hoveder={"Cache-Control": "private, max-age=300"})


def _fejl(status: int, kode: int, tekst: str) -> Response[bytes]:
    return json_svar({"error_code": kode, "message": tekst}, status, media_type=REGISTER)
