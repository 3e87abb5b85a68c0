"""The JSON Schemas of the OpenAPI document: the views' own, the actions' own, and what the door adds."""

from typing import Any

from hub.api import openapi_lister, openapi_referencer
from hub.api.dokumentskemaer import dokumentskemaer, sagsskema
from hub.domain.handlinger import HANDLINGER, Handling
from hub.domain.personnummerskift import Personnummerskift

Skema = dict[str, Any]
TEKST: Skema = {"type": "string"}
TAL: Skema = {"type": "integer"}
TID: Skema = {"type": "string", "format": "date-time"}
UUID: Skema = {"type": "string", "format": "uuid"}
KODE: Skema = {
    "type": ["string", "integer"],
    "description": "A word where the door refuses, a number where an action is refused (docs/errors.md).",
}
NUMMER: Skema = {"type": "integer", "description": "The error's number in the catalogue: STAR's published one, or from 9500 the hub's own."}
LOGIN: Skema = {
    "type": ["string", "null"],
    "description": "Where to log in (R-1.2); only where the caller is not logged in, or has no role.",
}

HANDLING: Skema = {
    "handling": "BevilgForlaengelse",
    "sagsId": "7d0f6c1e-3a52-4c0b-9b64-2f1f0f5a7c11",
    "eksternIdentifier": "b1d5c0de-52b7-4f0a-8d53-0c9a5e2f7a64",
    "haendelsestidspunkt": "2025-09-15T10:00:00+02:00",
    "aktoer": {
        "type": "Sagsbehandler",
        "id": "CVR:12345678-UUID:1",
        "navn": "Sagsbehandler Et",
        "organisation": {"type": "Jobcenter", "kode": "46100"},
    },
    "data": {"slutdato": "2026-03-31"},
}
"""The example of an action."""


def skemaer() -> dict[str, Skema]:
    """Name → schema, as `components.schemas`."""
    return {**_doerens(), **_handlinger(), **dokumentskemaer(), **openapi_lister.skemaer(), **openapi_referencer.skemaer()}


def ref(navn: str) -> Skema:
    """A reference to one of them."""
    return {"$ref": f"#/components/schemas/{navn}"}


def objekt(felter: Skema, mangler: tuple[str, ...] = (), **mere: Any) -> Skema:
    """An object with these fields, all required but those in `mangler`."""
    return {"type": "object", "properties": felter, "required": [f for f in felter if f not in mangler], **mere}


def liste(skema: Skema) -> Skema:
    """An array of the schema."""
    return {"type": "array", "items": skema}


def _doerens() -> dict[str, Skema]:
    delfejl = {
        "fejlkode": KODE,
        "fejlnummer": NUMMER,
        "felt": {"type": ["string", "null"]},
        "fejltekst": TEKST,
        "detail": TEKST,
        "trin": {"type": ["integer", "null"]},
    }
    problem = {"type": TEKST, "title": TEKST, "status": TAL, "detail": TEKST, "fejlkode": KODE, "fejlnummer": NUMMER, "fejltekst": TEKST}
    haendelse = {"id": UUID, "type": TEKST, "version": TAL}
    kvittering = {
        "sagsId": UUID, "version": TAL, "eksternIdentifier": UUID, "haendelser": liste(objekt(haendelse)), "registreringstidspunkt": TID,
    }  # fmt: skip
    return {
        "Problem": objekt({**problem, "errors": liste(objekt(delfejl)), "login": LOGIN}, ("login",)),
        "Kvittering": objekt(kvittering),
        "Skiftekvittering": objekt({"haendelser": liste(objekt({"sagsId": UUID, **haendelse})), "registreringstidspunkt": TID}),
        "Linjesvar": {
            "anyOf": [objekt({"linje": TAL, "status": {"const": 202}, **kvittering}), {"allOf": [ref("Problem"), objekt({"linje": TAL})]}]
        },
        "Modtaget": objekt({"sha256": TEKST, "stoerrelse": TAL, "mimetype": TEKST}),
        "Pdf": {"type": "string", "format": "binary"},
        "Sag": sagsskema(),
        "Historik": objekt(
            {"sagsId": UUID, "version": TAL, "haendelser": liste(_haendelse()), "personoplysningerSlettet": {"type": "boolean"}}
        ),
        "Feed": objekt({"notifikationer": liste(ref("Notifikation")), "hoved": TAL}),
        "Notifikation": _notifikation(),
        "Session": _session(),
        "Registerskema": objekt({"schema": TEKST}),
        "Emner": liste(TEKST),
        "Versioner": liste(TAL),
        "Emneversion": objekt({"subject": TEKST, "version": TAL, "id": TAL, "schema": TEKST}),
        "Registerfejl": objekt({"error_code": TAL, "message": TEKST}),
        "Helbred": objekt({"status": TEKST, "checks": {"type": "object", "additionalProperties": TEKST}}, ("checks",)),
        "Tekst": TEKST,
        "Objekt": {"type": "object"},
    }


def _session() -> Skema:
    bruger = {"id": TEKST, "navn": {"type": ["string", "null"]}, "rolle": TEKST, "jobcentre": liste(TEKST)}
    regler = {"logUdEfterMinutter": TAL, "advarselFraSekunder": TAL, "advarsel": TEKST, "loggetUd": TEKST}
    login = {"type": ["string", "null"], "description": "The login entry, with `loginProfile=fka`; null: none is set."}
    return objekt({"bruger": objekt(bruger), "login": login, "session": objekt(regler)})


def _haendelse() -> Skema:
    tom = {"type": ["string", "null"]}
    fortroligt = {"type": ["object", "null"], "description": "{id, navn} of an actor who is not at work for an authority."}
    aktoer = {"type": TEKST, "id": tom, "navn": tom, "fortroligt": fortroligt, "organisationstype": tom, "organisationskode": tom}
    felter = {"id": UUID, "type": TEKST, "version": TAL, "eksternIdentifier": UUID, "haendelsestidspunkt": TID}
    return objekt({**felter, "registreringstidspunkt": TID, "aktoer": objekt(aktoer), "data": {"type": "object"}})


def _notifikation() -> Skema:
    return objekt(
        {
            "notifikationsId": UUID, "nummer": TAL, "eksternIdentifier": UUID, "sagsId": UUID, "version": TAL, "getMetode": TEKST,
            "link": TEKST, "jobCenterKode": TEKST, "erOprettelse": {"type": "boolean"}, "registreringsDato": TID,
            "haendelsestidspunkt": TID, "virksomhedsordningSkabelon": TAL, "virksomhedsordningSubskabelon": TAL,
            "ansoegningStatus": {"type": ["integer", "null"]}, "bevillingsstatus": {"type": ["integer", "null"]},
        }
    )  # fmt: skip


def _handlinger() -> dict[str, Skema]:
    """`Handling` with the data of each action, from the models that check them."""
    modeller = {navn: model.model_json_schema(ref_template="#/components/schemas/{model}") for navn, model in HANDLINGER.items()}
    kuvert, skift = (model.model_json_schema(ref_template="#/components/schemas/{model}") for model in (Handling, Personnummerskift))
    dele = {n: d for m in (*modeller.values(), kuvert, skift) for n, d in m.pop("$defs", {}).items() if n != "Model"}
    data = {f"{navn}Data": {**skema, "title": f"{navn}Data"} for navn, skema in modeller.items()}
    felter = kuvert.pop("properties")
    hver = {
        f"{navn}Handling": {**kuvert, "title": navn, "properties": {**felter, "handling": {"const": navn}, "data": ref(f"{navn}Data")}}
        for navn in HANDLINGER
    }
    veje = {navn: f"#/components/schemas/{navn}Handling" for navn in HANDLINGER}
    samlet = {"oneOf": [ref(navn) for navn in hver], "discriminator": {"propertyName": "handling", "mapping": veje}, "examples": [HANDLING]}
    return {**dele, **data, **hver, "Handling": samlet, "Personnummerskift": skift}
