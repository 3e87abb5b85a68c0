"""From pydantic's errors to the catalogue's: path, code and text. The value that was typed is never read but for its length."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from pydantic_core import ErrorDetails

from hub.domain.fejl import Fejl, fejl
from hub.domain.fejlkoder import Fejlkode
from hub.domain.felter import FORMATER

Ctx = Mapping[str, Any]
_FELTNAVN = re.compile("[a-z][A-Za-z0-9]{0,39}")

TYPER: dict[str, str] = {
    "string_type": "en tekst",
    "bool_type": "true eller false",
    "int_type": "et helt tal",
    "int_parsing_size": "et helt tal",
    "model_type": "et objekt",
    "model_attributes_type": "et objekt",
    "dict_type": "et objekt",
    "list_type": "en liste",
}
"""pydantic's type errors → what a person is told the field must be."""


def _for_lang(felt: str, ctx: Ctx, vaerdi: object) -> Fejl:
    return _laengde(felt, vaerdi, f"højst {ctx['max_length']}", f"at most {ctx['max_length']}")


def _for_kort(felt: str, ctx: Ctx, vaerdi: object) -> Fejl:
    return _laengde(felt, vaerdi, f"mindst {ctx['min_length']}", f"at least {ctx['min_length']}")


def _laengde(felt: str, vaerdi: object, graense: str, limit: str) -> Fejl:
    laengde = len(vaerdi) if isinstance(vaerdi, str) else 0
    return fejl(Fejlkode.FORKERT_LAENGDE, felt, laengde=laengde, graense=graense, limit=limit)


def _format(felt: str, ctx: Ctx, vaerdi: object) -> Fejl:
    moenster = ctx["pattern"]
    return fejl(Fejlkode.FORKERT_FORMAT, felt, format=FORMATER.get(moenster, f"på formen {moenster}"), moenster=moenster)


def _ukendt_type(felt: str, ctx: Ctx, vaerdi: object) -> Fejl:
    return fejl(Fejlkode.FORKERT_TYPE, felt, type="en gyldig værdi")


ANDRE: dict[str, Callable[[str, Ctx, object], Fejl]] = {
    "missing": lambda felt, ctx, vaerdi: fejl(Fejlkode.MANGLER, felt),
    "extra_forbidden": lambda felt, ctx, vaerdi: fejl(Fejlkode.UKENDT_FELT, felt),
    "literal_error": lambda felt, ctx, vaerdi: fejl(Fejlkode.UKENDT_VAERDI, felt, vaerdier=ctx["expected"].replace(" or ", " eller ")),
    "string_too_long": _for_lang,
    "string_too_short": _for_kort,
    "too_long": lambda felt, ctx, vaerdi: fejl(Fejlkode.FORKERT_ANTAL, felt, mindst=0, hoejst=ctx["max_length"]),
    "string_pattern_mismatch": _format,
    "string_unicode": lambda felt, ctx, vaerdi: fejl(Fejlkode.KONTROLTEGN, felt),
}


def oversat(raa: ErrorDetails, rod: str) -> Fejl:
    """One of pydantic's errors as one of ours; `rod` is the path of the model in the action."""
    felt = ".".join([*([rod] if rod else []), *(_led(led) for led in raa["loc"])]) or "data"
    ctx = raa.get("ctx", {})
    if raa["type"].isdecimal():
        return fejl(Fejlkode(int(raa["type"])), felt, **{navn: vaerdi for navn, vaerdi in ctx.items() if navn != "navn"})
    if raa["type"] in TYPER:
        return fejl(Fejlkode.FORKERT_TYPE, felt, type=TYPER[raa["type"]])
    return ANDRE.get(raa["type"], _ukendt_type)(felt, ctx, raa["input"])


def _led(led: str | int) -> str:
    """A step of a path; an unknown field's name is the sender's and is shown only when it looks like a field's."""
    return str(led) if isinstance(led, int) or _FELTNAVN.fullmatch(led) else "…"
