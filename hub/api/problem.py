"""RFC 9457 problems: every refusal of the door, with all errors at once and nothing of the input in it."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from litestar import Response

from hub.domain.fejl import Fejl, doerfejl

PROBLEM = "application/problem+json"
JSON = "application/json"


AFVIST, HANDLING_AFVIST, SVIGTET = "Request refused", "Action refused", "Not possible right now"


class Problem(Exception):
    """A refusal of the door, by a word of the catalogue (`DOERFEJL`); `hoveder` are extra response headers, `mere` members of its body."""

    def __init__(self, kode: str, errors: Sequence[Fejl] = (), hoveder: Mapping[str, str] | None = None) -> None:
        super().__init__(kode)
        self.kode = kode
        self.errors = tuple(errors) or (doerfejl(kode),)
        self.status = self.errors[0].status
        self.hoveder = dict(hoveder or {})
        self.mere: dict[str, Any] = {}

    @classmethod
    def om(cls, kode: str, felt: str) -> "Problem":
        """The problem `kode` about one field."""
        return cls(kode, (doerfejl(kode, felt),))

    @classmethod
    def proev_igen(cls, kode: str, sekunder: int = 1) -> "Problem":
        """The problem `kode` with Retry-After."""
        return cls(kode, hoveder={"Retry-After": str(sekunder)})

    def krop(self) -> dict[str, Any]:
        """The problem as JSON."""
        return {**dokument(AFVIST if self.status < 500 else SVIGTET, self.errors), **self.mere}


def dokument(titel: str, errors: Sequence[Fejl]) -> dict[str, Any]:
    """The body of a problem; its status, codes and texts are the first error's. `fejlkode`: the door's word, an action's number."""
    foerste = errors[0]
    return {
        "type": f"urn:vitas-hub:fejl:{foerste.kode}",
        "title": titel,
        "status": foerste.status,
        "detail": foerste.engelsk,
        "fejlkode": foerste.kode,
        "fejlnummer": foerste.nummer,
        "fejltekst": foerste.fejltekst,
        "errors": [fejl.som_json() for fejl in errors],
    }


def svar(krop: Mapping[str, Any], hoveder: Mapping[str, str] | None = None) -> Response[bytes]:
    """The HTTP answer with a problem's body; never cached."""
    return Response(
        orjson.dumps(krop), status_code=krop["status"], media_type=PROBLEM, headers={"Cache-Control": "no-store", **(hoveder or {})}
    )


def json_svar(vaerdi: Any, status: int = 200, hoveder: Mapping[str, str] | None = None, media_type: str = JSON) -> Response[bytes]:
    """A JSON answer; nobody between keeps a copy of it (`no-store` unless the caller says otherwise)."""
    return Response(
        orjson.dumps(vaerdi), status_code=status, media_type=media_type, headers={"Cache-Control": "no-store", **(hoveder or {})}
    )
