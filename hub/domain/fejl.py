"""The error catalogue, an error of it, and a refusal. No text holds personal data: what was typed is never repeated."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec

from hub.domain.fejlkoder import Fejlkode, Fejltekst
from hub.domain.fejltekster_borger import BORGERFEJL
from hub.domain.fejltekster_doer import DOERFEJL
from hub.domain.fejltekster_form import FORMFEJL
from hub.domain.fejltekster_hovedbog import HOVEDBOGSFEJL
from hub.domain.fejltekster_reference import REFERENCEFEJL
from hub.domain.fejltekster_sag import SAGSFEJL
from hub.domain.koder import Kilde

FEJL: dict[Fejlkode, Fejltekst] = FORMFEJL | SAGSFEJL | BORGERFEJL | REFERENCEFEJL | HOVEDBOGSFEJL
"""What an action can be refused for; with `DOERFEJL` the whole catalogue (docs/errors.md, decision 017)."""


class Katalograekke(NamedTuple):
    """One error as the catalogue shows it. Where the number is also the `fejlkode`, `navn` is what the code calls it."""

    fejlkode: int | str
    nummer: int
    navn: str
    status: int
    dansk: str
    engelsk: str
    kilde: Kilde


KATALOG: tuple[Katalograekke, ...] = (
    *(Katalograekke(int(kode), int(kode), kode.name.lower(), *raekke) for kode, raekke in FEJL.items()),
    *(Katalograekke(kode, raekke.nummer, kode, *raekke[1:]) for kode, raekke in DOERFEJL.items()),
)
"""Every error there is. A test keeps it whole, its numbers apart, and every row in use."""


class Fejl(msgspec.Struct, frozen=True, gc=False):
    """One error: code and number, the field (a path, a parameter or a header; null: the whole), the texts, and the form's step (R-3.2)."""

    kode: int | str
    nummer: int
    felt: str | None
    fejltekst: str
    engelsk: str
    status: int
    trin: int | None = None

    def som_json(self) -> dict[str, Any]:
        """As a row of `errors` in problem+json."""
        tekster = {"fejltekst": self.fejltekst, "detail": self.engelsk, "trin": self.trin}
        return {"fejlkode": self.kode, "fejlnummer": self.nummer, "felt": self.felt, **tekster}


def fejl(kode: Fejlkode, felt: str | None = None, trin: int | None = None, **fyld: object) -> Fejl:
    """The error of an action, its templates filled."""
    raekke, nummer = FEJL[kode], int(kode)
    return Fejl(nummer, nummer, felt, raekke.dansk.format(**fyld).strip(), raekke.engelsk.format(**fyld).strip(), raekke.status, trin)


def doerfejl(kode: str, felt: str | None = None, **fyld: object) -> Fejl:
    """The error of the door, its templates filled. Raises KeyError for a word that is not in the catalogue."""
    nummer, status, dansk, engelsk, _ = DOERFEJL[kode]
    return Fejl(kode, nummer, felt, dansk.format(**fyld), engelsk.format(**fyld), status)


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
