"""Every parameter of the OpenAPI document, once."""

from typing import Any

from hub.api.openapi_lister import PARAMETRE as LISTEPARAMETRE
from hub.api.openapi_referencer import PARAMETRE as REFERENCEPARAMETRE
from hub.domain.matrix import GETMETODER, MATRIX

Parameter = dict[str, Any]
UUID: Parameter = {"type": "string", "format": "uuid"}
TEKST: Parameter = {"type": "string"}


def _tal(mindst: int, hoejst: int | None = None, **mere: Any) -> Parameter:
    return {"type": "integer", "minimum": mindst, **({} if hoejst is None else {"maximum": hoejst}), **mere}


def _ord(moenster: str) -> Parameter:
    return {"type": "string", "pattern": moenster}


def _i(sted: str, skema: Parameter, tekst: str = "") -> Parameter:
    return {"in": sted, "schema": skema, **({"description": tekst} if tekst else {})}


PARAMETRE: dict[str, Parameter] = {
    "ordning": _i("path", {"enum": sorted(MATRIX)}),
    "getMetode": _i("path", {"enum": list(GETMETODER)}),
    "eksternIdentifier": _i("path", UUID, "The act, as a notification names it."),
    "sagsId": _i("path", UUID),
    "sha256": _i("path", _ord("^[0-9a-f]{64}$"), "Of the document's bytes."),
    "id": _i("path", _tal(1)),
    "subject": _i("path", TEKST),
    "version_sti": {"name": "version", **_i("path", TEKST, "A number, or `latest`.")},
    "version": _i("query", _tal(1, 999_999_999), "This version of the case or later (a former owner: exactly it); waits, else 425."),
    "asOf": _i("query", {"type": "string", "format": "date-time"}, "As registered at or before this time; not in the future."),
    "jobCenterKode": _i("query", _ord("^[0-9]{5}$"), "May be left out when the token has one jobcentre."),
    "efter": _i("query", _tal(0, default=0), "Numbers above this one."),
    "maks": _i("query", _tal(1, 1_000, default=100)),
    "vent": _i("query", _tal(0, 30, default=0), "Seconds to wait when there is nothing."),
    "x-requestId": _i("header", _ord("^[A-Za-z0-9._:-]{1,46}$"), "The same again with the same body gives the first receipt."),
    "If-Match": _i("header", _ord('^"[1-9][0-9]{0,8}"$'), "The case's version, in quotes."),
    "If-None-Match": _i("header", TEKST, "An ETag got before: 304 when nothing has changed."),
    "x-formaal": _i("header", {"type": "string", "maxLength": 200}, "The purpose of the read, for the access log."),
    **LISTEPARAMETRE,
    **REFERENCEPARAMETRE,
}
"""Name → parameter object without its name, which is the key's."""
