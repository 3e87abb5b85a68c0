"""JSON Schemas of the documents, read off the views themselves: each is shown once full and once empty, and what was seen is the schema.

So a new GetMetode, or a new field in one, is described without a line here.
"""

import re
import types
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import reduce
from typing import Any, Union, get_args, get_origin, get_type_hints

from hub.domain.dokumenter import Indhold
from hub.domain.forseglet import Afkortes, Forseglet
from hub.domain.matrix import GETMETODER, MATRIX
from hub.domain.vilkaar import Ansat, Kursus, Vikar
from hub.projections import pdf, sager
from hub.projections.dokumentfelter import FELTER, YDRE
from hub.projections.metoder import METODER, Metode
from hub.projections.sager import Hoved

Skema = dict[str, Any]

PERSONFELTER = {"ansvarligKontaktperson", "kontaktpersonPaaArbejdsstedet", "medarbejderrepraesentant"}
KONTAKTPERSON: Skema = {
    "type": ["object", "null"],
    "description": "A contact person; null when there is none, or when the key is erased.",
    "properties": {navn: {"type": ["string", "null"]} for navn in ("navn", "email", "telefon")},
}
AFKORTET: Skema = {
    "type": ["object"],
    "description": "A text; `afkortet`: only its first characters are shown, it has `laengde`. Null when the key is erased.",
    "properties": {"tekst": {"type": ["string"]}, "afkortet": {"type": ["boolean"]}, "laengde": {"type": ["integer"]}},
    "required": ["tekst", "afkortet", "laengde"],
    "additionalProperties": False,
}
INDHOLD: Skema = {
    "type": ["string", "null"],
    "contentEncoding": "base64",
    "description": "The document's bytes; null when the key is erased. With `Accept: application/pdf` they are the whole answer.",
}
SEGL = Forseglet("", "", "", b"")
EKSEMPLER: dict[Any, Any] = {
    str: "x", int: 1, bool: True, date: date(2025, 1, 1), datetime: datetime(2025, 1, 1, tzinfo=UTC), Forseglet: SEGL, float: 1.0,
    tuple[Ansat, ...]: (Ansat("x", SEGL, SEGL, "x"), Ansat("x", SEGL, SEGL)),
    tuple[Kursus, ...]: (
        Kursus("x", "x", date(2025, 1, 1), date(2025, 1, 1)), Kursus("x"), Kursus("x", startdato=date(2025, 1, 1)),
        Kursus("x", slutdato=date(2025, 1, 1)),
    ),
    tuple[Vikar, ...]: (
        Vikar("x", SEGL, SEGL, date(2025, 1, 1), date(2025, 1, 1), "1"), Vikar("x", SEGL, SEGL), Vikar("x", SEGL, SEGL, date(2025, 1, 1)),
    ),
}  # fmt: skip
"""Type → an example; of a list one entry full, one with what may be left out left out."""
KODER = {"ansoegning_status": 9201, "bevillingsstatus": 9301, "mentortype": 34}
FORMATER = ((re.compile(r"\d{4}-\d\d-\d\d"), "date"), (re.compile(r"\d{4}-\d\d-\d\dT.*Z"), "date-time"))


def dokumentskema(metode: Metode, ordning: str) -> Skema:
    """The schema of one GetMetode's document of a scheme: every field that the scheme has required, null where it can be."""
    hoveder = [h._replace(ordning=ordning) for h in _udgaver(Hoved)]
    vist = [metode.dokument(h, _raekke(metode.raekke, fuld=True)) for h in hoveder]
    vist += [metode.dokument(hoveder[0], r) for r in _udgaver(metode.raekke)]
    return _beskrevet(med_noeglestand(reduce(_forenet, (_skema("", dokument) for dokument in vist))))


def _beskrevet(skema: Skema, sti: str = "") -> Skema:
    """The schema with what each field says and where it comes from; a field that has no row says neither."""
    return {**skema, "properties": {navn: _med_tekst(f"{sti}{navn}", felt) for navn, felt in skema["properties"].items()}}


def _med_tekst(sti: str, skema: Skema) -> Skema:
    felt = FELTER.get(sti)
    if felt is None:
        return skema
    egen = f" {skema['description']}" if "description" in skema else ""
    return {**(_beskrevet(skema, f"{sti}.") if sti in YDRE else skema), "description": f"{felt.tekst}{egen} Source: {felt.kilde}."}


def sagsskema() -> Skema:
    """The schema of a case: what every document begins with, and its acts."""
    vist = [sager.dokument(h, "x", None, {}) for h in _udgaver(Hoved)] + [
        sager.dokument(_raekke(Hoved, fuld=True), "x", {"kode": 1, "navn": "x"}, {})
    ]
    skema = reduce(_forenet, (_skema("", dokument) for dokument in vist))
    akt = {"eksternIdentifier": "x", "getMetode": "x", "registreretVersion": 1, "haendelsestidspunkt": "2025-01-01T00:00:00Z", "link": "x"}
    akter = {"akter": _skema("akter", [akt])}
    return _beskrevet(med_noeglestand({**skema, "properties": {**skema["properties"], **akter}, "required": [*skema["required"], *akter]}))


def med_noeglestand(skema: Skema) -> Skema:
    """The schema with what the API itself adds to a document."""
    tilfoejet = {"personoplysningerSlettet": {"type": "boolean"}}
    return {**skema, "properties": {**skema["properties"], **tilfoejet}, "required": [*skema["required"], *tilfoejet]}


def dokumentskemaer() -> dict[str, Skema]:
    """Scheme_GetMetode → its document's schema, for every cell of the matrix."""
    return {skemanavn(o, m): dokumentskema(METODER[m], o) for o, metoder in MATRIX.items() for m in GETMETODER if m in metoder}


def skemanavn(ordning: str, getmetode: str) -> str:
    """What the document of a cell of the matrix is called."""
    return f"{ordning}_{getmetode}"


def _udgaver(klasse: Callable[..., Any]) -> list[Any]:
    """The row full, empty, with each nullable column alone null and alone filled, and with each boolean false: every null there can be."""
    fuld, tom = _raekke(klasse, fuld=True), _raekke(klasse, fuld=False)
    kan = [navn for navn, vaerdi in tom._asdict().items() if vaerdi is None]
    enkelte = [r for navn in kan for r in (fuld._replace(**{navn: None}), tom._replace(**{navn: getattr(fuld, navn)}))]
    falske = [fuld._replace(**{navn: False}) for navn, vaerdi in fuld._asdict().items() if vaerdi is True]
    return [fuld, tom, *enkelte, *falske]


def _raekke(klasse: Callable[..., Any], *, fuld: bool) -> Any:
    """A row with an example in every column, or with null wherever its type allows it."""
    return klasse(*(_eksempel(navn, type_, fuld) for navn, type_ in get_type_hints(klasse).items()))


def _eksempel(navn: str, type_: Any, fuld: bool) -> Any:
    mulige = get_args(type_) if get_origin(type_) in (Union, types.UnionType) else (type_,)
    if not fuld and type(None) in mulige:
        return None
    return KODER.get(navn) or EKSEMPLER[next(t for t in mulige if t is not type(None))]


def _skema(navn: str, vaerdi: Any) -> Skema:
    """The schema of one value seen."""
    if isinstance(vaerdi, Forseglet):
        return KONTAKTPERSON if navn in PERSONFELTER else {"type": ["string", "null"]}
    if isinstance(vaerdi, Afkortes):
        return AFKORTET
    if isinstance(vaerdi, Indhold):
        return INDHOLD
    if navn == "dokumenter" and vaerdi == []:
        vaerdi = [pdf.led("x", _raekke(pdf.Raekke, fuld=True))]
    if isinstance(vaerdi, dict):
        felter = {felt: _skema(felt, v) for felt, v in vaerdi.items()}
        return {"type": ["object"], "properties": felter, "required": list(felter), "additionalProperties": False}
    if isinstance(vaerdi, list):
        return {"type": ["array"], **({"items": reduce(_forenet, (_skema(navn, led) for led in vaerdi))} if vaerdi else {})}
    if isinstance(vaerdi, str):
        return {"type": ["string"], **_format(vaerdi)}
    return {"type": [{bool: "boolean", int: "integer", type(None): "null"}[type(vaerdi)]]}


def _format(tekst: str) -> Skema:
    return next(({"format": navn} for moenster, navn in FORMATER if moenster.fullmatch(tekst)), {})


def _forenet(a: Skema, b: Skema) -> Skema:
    """What holds for both: the types of either, the fields of both."""
    samlet = {**b, **a, "type": sorted({*a["type"], *b["type"]})}
    if "properties" in a and "properties" in b:
        samlet["properties"] = {navn: _forenet(a["properties"][navn], b["properties"][navn]) for navn in a["properties"]}
    return samlet
