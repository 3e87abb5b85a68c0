"""Examples for the OpenAPI document, made from its own schemas: a new field, or a new route, gets its example by itself."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

Skema = Mapping[str, Any]
UUID = "7d0f6c1e-3a52-4c0b-9b64-2f1f0f5a7c11"
EFTER_FORMAT = {"uuid": UUID, "date": "2025-09-15", "date-time": "2025-09-15T08:00:00Z"}
EFTER_NAVN: dict[str, Any] = {
    "aarsag": "Aftale om ophør",
    "annulleretAf": "c0a3b6de-8f1e-4a43-9d0f-6c5d1b2e3f48",
    "cvrNummer": "12345674",
    "eksternIdentifier": "b1d5c0de-52b7-4f0a-8d53-0c9a5e2f7a64",
    "email": "karla@example.dk",
    "getMetode": "GetBevilling",
    "jobCenterKode": "46100",
    "kode": 9403,
    "link": "/v1/Loentilskud/GetBevilling/b1d5c0de-52b7-4f0a-8d53-0c9a5e2f7a64",
    "mimetype": "application/pdf",
    "minutterPrUge": 0,
    "navn": "Karla Kontakt",
    "ordning": "Loentilskud",
    "personnummer": "0101901234",
    "pNummer": "1000000009",
    "sagsId": UUID,
    "slutdato": "2026-03-31",
    "team": "Team Øst",
    "telefon": "12345678",
    "timerPrUge": 37,
    "timeTilskudsatsType": 9403,
    "vitasSagsnummer": "V-2025-000123",
    "vitasUrl": "https://vitas.example/sag/V-2025-000123",
    "x-formaal": "Sagsbehandling",
    "If-None-Match": '"7-1-0a1b2c3d"',
}
"""What a field of the name shows, where its schema allows it."""
KANDIDATER = (
    "tekst",
    7,
    1,
    0,
    True,
    1.5,
    "46100",
    "12345674",
    "1000000009",
    "0101901234",
    "36.26",
    UUID,
    "karla@example.dk",
    '"7"',
    "0" * 64,
)
"""What any other field shows: the first that its schema allows. They are nobody's: the numbers of the hub's own tests."""
TYPER = {"string": str, "integer": int, "boolean": bool, "number": float}


def med_eksempler(dokument: dict[str, Any]) -> dict[str, Any]:
    """The document with an example at every parameter and at everything sent or answered that has none. Changes it."""
    skemaer = dokument["components"]["schemas"]
    for parameter in dokument["components"]["parameters"].values():
        parameter.setdefault("example", eksempel(parameter["schema"], skemaer, parameter["name"]))
    for indhold in _indhold(dokument["paths"]):
        if "examples" not in indhold:
            indhold.setdefault("example", eksempel(indhold["schema"], skemaer))
    return dokument


def eksempel(skema: Skema, skemaer: Mapping[str, Skema], navn: str = "") -> Any:
    """A value that the schema allows, the same each time: of choices the first, of an object what it must have.

    Raises ValueError when nothing here fits: then `KANDIDATER` needs one more.
    """
    if "$ref" in skema:
        return eksempel(skemaer[skema["$ref"].rpartition("/")[2]], skemaer, navn)
    if "examples" in skema:
        return skema["examples"][0]
    if "const" in skema or "enum" in skema:
        mulige = skema.get("enum") or [skema["const"]]
        return EFTER_NAVN[navn] if EFTER_NAVN.get(navn) in mulige else mulige[0]
    if "allOf" in skema:
        return {felt: vaerdi for led in skema["allOf"] for felt, vaerdi in eksempel(led, skemaer, navn).items()}
    valg = skema.get("anyOf") or skema.get("oneOf")
    return eksempel(valg[0], skemaer, navn) if valg else _af_type(skema, skemaer, navn)


def _af_type(skema: Skema, skemaer: Mapping[str, Skema], navn: str) -> Any:
    typer = skema.get("type", "object")
    type_ = typer if isinstance(typer, str) else next((t for t in typer if t != "null"), "null")
    if type_ == "object":
        skal = skema.get("required", ())
        return {felt: eksempel(led, skemaer, felt) for felt, led in skema.get("properties", {}).items() if felt in skal}
    if type_ == "array":
        return [eksempel(skema["items"], skemaer, navn)] if "items" in skema else []
    return None if type_ == "null" else _enkelt(skema, TYPER[type_], navn)


def _enkelt(skema: Skema, type_: type, navn: str) -> Any:
    """The first value that fits: the name's, the format's, one of the candidates, the least that is allowed."""
    mulige = (EFTER_NAVN.get(navn), EFTER_FORMAT.get(skema.get("format", "")), *KANDIDATER, skema.get("minimum"))
    fundet = next((vaerdi for vaerdi in mulige if type(vaerdi) is type_ and _passer(vaerdi, skema)), None)
    if fundet is None:
        raise ValueError(f"no example fits {navn}: {skema}")
    return fundet


def _passer(vaerdi: Any, skema: Skema) -> bool:
    if isinstance(vaerdi, str):
        laengde = skema.get("minLength", 0) <= len(vaerdi) <= skema.get("maxLength", len(vaerdi))
        return laengde and re.search(skema.get("pattern", ""), vaerdi) is not None
    return bool(skema.get("minimum", vaerdi) <= vaerdi <= skema.get("maximum", vaerdi))


def _indhold(led: Any) -> Iterator[dict[str, Any]]:
    """Every media type object below, with its schema."""
    if isinstance(led, dict):
        yield from (medie for medie in led.get("content", {}).values() if "schema" in medie)
        for under in led.values():
            yield from _indhold(under)
