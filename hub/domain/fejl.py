"""A refusal and its errors. No text holds personal data: what was typed is never repeated."""

from collections.abc import Sequence
from typing import Any

import msgspec

from hub.domain.fejlkoder import Fejlkode, Fejltekst
from hub.domain.fejltekster_form import FORMFEJL
from hub.domain.fejltekster_sag import SAGSFEJL

FEJL: dict[Fejlkode, Fejltekst] = FORMFEJL | SAGSFEJL
"""The whole catalogue; a test keeps every code in it."""


class Fejl(msgspec.Struct, frozen=True, gc=False):
    """One error: the code, the field (a dotted path from the action's root; null: the action), the texts, and the form's step (R-3.2)."""

    kode: int
    felt: str | None
    fejltekst: str
    engelsk: str
    status: int
    trin: int | None = None

    def som_json(self) -> dict[str, Any]:
        """As a row of `errors` in problem+json."""
        return {"fejlkode": self.kode, "felt": self.felt, "fejltekst": self.fejltekst, "detail": self.engelsk, "trin": self.trin}


def fejl(kode: Fejlkode, felt: str | None = None, trin: int | None = None, **fyld: object) -> Fejl:
    """The error of the catalogue, its templates filled."""
    raekke = FEJL[kode]
    return Fejl(int(kode), felt, raekke.dansk.format(**fyld).strip(), raekke.engelsk.format(**fyld).strip(), raekke.status, trin)


def modsigelse(kode: Fejlkode, felt: str | None = None, **fyld: object) -> Fejl:
    """The error, where it is the case that the field contradicts: 409 whatever the catalogue says of the form."""
    return msgspec.structs.replace(fejl(kode, felt, None, **fyld), status=409)


class Afvisning(Exception):
    """The action is refused and the case untouched; `fejl` has every error found, at least one.

    `status`, `fejlkode` and `fejltekst` are the first error's: malformed 422, unknown case 404, contradiction 409.
    """

    def __init__(self, fejl: Sequence[Fejl]) -> None:
        super().__init__("; ".join(f"{f.kode} {f.felt or ''}".strip() for f in fejl))
        self.fejl = list(fejl)
        self.status = self.fejl[0].status
        self.fejlkode = self.fejl[0].kode
        self.fejltekst = self.fejl[0].fejltekst
