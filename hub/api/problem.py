"""RFC 9457 problems: every refusal of the door, with all errors at once and nothing of the input in it."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import orjson
from litestar import Response

from hub.api.fejlkoder import KODER

PROBLEM = "application/problem+json"
JSON = "application/json"


class Delfejl(NamedTuple):
    """One error: its code, the field it is about (a JSON path, a parameter or a header; "" for the whole), and a Danish text."""

    fejlkode: str
    felt: str
    fejltekst: str


class Problem(Exception):
    """A refusal. `status`, `titel` and `tekst` come from the code's row; `hoveder` are extra response headers."""

    def __init__(self, kode: str, errors: Sequence[Delfejl] = (), hoveder: Mapping[str, str] | None = None) -> None:
        super().__init__(kode)
        self.kode = kode
        self.status, self.titel, self.tekst = KODER[kode]
        self.errors = tuple(errors) or (Delfejl(kode, "", self.tekst),)
        self.hoveder = dict(hoveder or {})

    @classmethod
    def om(cls, kode: str, felt: str) -> "Problem":
        """The problem `kode` about one field."""
        return cls(kode, (Delfejl(kode, felt, KODER[kode].tekst),))

    @classmethod
    def proev_igen(cls, kode: str, sekunder: int = 1) -> "Problem":
        """The problem `kode` with Retry-After."""
        return cls(kode, hoveder={"Retry-After": str(sekunder)})

    def krop(self) -> dict[str, Any]:
        """The problem as JSON."""
        return dokument(self.status, self.titel, self.tekst, [fejl._asdict() for fejl in self.errors])


def dokument(status: int, titel: str, detalje: str, errors: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The body of a problem; `fejlkode` (a word of the door's, or a number of the domain's) and `fejltekst` are the first error's."""
    return {
        "type": f"urn:vitas-hub:fejl:{errors[0]['fejlkode']}",
        "title": titel,
        "status": status,
        "detail": detalje,
        "fejlkode": errors[0]["fejlkode"],
        "fejltekst": errors[0]["fejltekst"],
        "errors": list(errors),
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
