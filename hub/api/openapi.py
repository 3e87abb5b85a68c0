"""The OpenAPI 3.1 description, made from the tables that the door itself uses: routes, roles, matrix, views, actions."""

from collections.abc import Iterator
from typing import Any

from hub.api import openapi_lister, openapi_referencer
from hub.api import openapi_skemaer as s
from hub.api import openapi_svar as svar
from hub.api.csv_ud import CSV
from hub.api.dokumentskemaer import skemanavn
from hub.api.openapi_eksempler import med_eksempler
from hub.api.openapi_parametre import PARAMETRE
from hub.api.ruter import METODENS_RUTE, RUTER, Rute
from hub.domain.matrix import GETMETODER, MATRIX

LAES = ("version", "asOf", "If-None-Match", "x-formaal")
SIDE = (*openapi_lister.SIDENS, "x-formaal")
BRUGER: dict[str, tuple[str, ...]] = {
    "modtag": ("x-requestId", "If-Match"),
    "skift_personnummer": ("x-requestId",),
    "hent": LAES,
    "hent_pdf": LAES,
    "sag": LAES,
    "historik": ("asOf", "If-None-Match", "x-formaal"),
    "soeg": SIDE,
    "liste": (*openapi_lister.KRITERIERNES, *SIDE),
    "notifikationer": ("jobCenterKode", "efter", "maks", "vent"),
    **openapi_referencer.BRUGER,
}
"""Route → its parameters beside those of the path."""

INDHOLD: dict[str, tuple[str, str]] = {
    "modtag": ("application/json", "Kvittering"),
    "modtag_mange": ("application/x-ndjson", "Linjesvar"),
    "skift_personnummer": ("application/json", "Skiftekvittering"),
    "modtag_dokument": ("application/json", "Modtaget"),
    "sag": ("application/json", "Sag"),
    "historik": ("application/json", "Historik"),
    "soeg": ("application/json", "Liste"),
    "liste": ("application/json", "Liste"),
    "notifikationer": ("application/json", "Feed"),
    "skema": ("application/vnd.schemaregistry.v1+json", "Registerskema"),
    "emner": ("application/vnd.schemaregistry.v1+json", "Emner"),
    "emneversioner": ("application/vnd.schemaregistry.v1+json", "Versioner"),
    "emneversion": ("application/vnd.schemaregistry.v1+json", "Emneversion"),
    "session": ("application/json", "Session"),
    "lever": ("application/json", "Helbred"),
    "klar": ("application/json", "Helbred"),
    "maalinger": ("text/plain", "Tekst"),
    "openapi": ("application/json", "Objekt"),
    **openapi_referencer.INDHOLD,
}
"""Route → what a good answer holds."""
OGSAA = {
    "soeg": {CSV: {"schema": s.ref("Tekst")}},
    "liste": {CSV: {"schema": s.ref("Tekst")}},
    "hent_pdf": {"application/pdf": {"schema": s.ref("Pdf")}},
}
"""Route → what it can answer with instead, by `Accept`."""
EGEN_NOEGLE = {("emneversion", "version"): "version_sti", ("liste", "omraade"): f"omraade{openapi_lister.ENDELSE}"}
"""Parameters of a path that other routes have under the same name."""
KROPPE = {
    "modtag": ("application/json", "Handling"),
    "modtag_mange": ("application/x-ndjson", "Handling"),
    "skift_personnummer": ("application/json", "Personnummerskift"),
    "modtag_dokument": ("application/pdf", "Pdf"),
    "soeg": ("application/json", "Soegning"),
    **openapi_referencer.KROPPE,
}


def beskrivelse() -> dict[str, Any]:
    """The whole document."""
    dokument: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {"title": "VITAS hub", "version": "1", "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"}},
        "paths": _stier(),
        "components": {
            "schemas": s.skemaer(),
            "parameters": {_noegle(navn): {"name": navn, "required": p["in"] == "path", **p} for navn, p in PARAMETRE.items()},
            "responses": {f"{navn}_{status}": svar.afslag(fejl) for navn in RUTER for status, fejl in svar.koder(navn).items()},
            "examples": svar.eksempler(),
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }
    return med_eksempler(dokument)


def _stier() -> dict[str, Any]:
    """Address → method → operation."""
    stier: dict[str, Any] = {}
    for sti, metode, operation in _operationer():
        stier.setdefault(sti, {})[metode] = operation
    return stier


def _operationer() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Path, method, operation: GetMetoder by the matrix, every other route as it is."""
    for navn, rute in RUTER.items():
        if navn not in {"hent", *METODENS_RUTE.values()}:
            yield rute.sti, rute.metode.lower(), _operation(navn, navn, rute, INDHOLD[navn])
    for ordning, metoder in MATRIX.items():
        for metode in (m for m in GETMETODER if m in metoder):
            sti = f"/v1/{ordning}/{metode}/{{eksternIdentifier}}"
            navn = skemanavn(ordning, metode)
            vej = METODENS_RUTE.get(metode, "hent")
            yield sti, "get", _operation(vej, navn, RUTER[vej]._replace(sti=sti), ("application/json", navn))


def _operation(navn: str, id_: str, rute: Rute, indhold: tuple[str, str]) -> dict[str, Any]:
    roller = "nobody needs a token" if rute.roller is None else f"roles: {', '.join(sorted(rute.roller))}"
    operation: dict[str, Any] = {
        "operationId": id_,
        "summary": rute.tekst,
        "description": roller,
        "parameters": [_henvis(p) for p in _stiens(navn, rute)] + [_henvis(p) for p in BRUGER.get(navn, ())],
        "responses": {str(status): _svar(navn, status, indhold) for status in svar.statusser(navn)},
        "security": [] if rute.roller is None else [{"bearer": []}],
    }
    if navn in KROPPE:
        medie, skema = KROPPE[navn]
        operation["requestBody"] = {"required": True, "content": {medie: {"schema": s.ref(skema)}}}
    return operation


def _stiens(navn: str, rute: Rute) -> list[str]:
    fundne = [del_.strip("{}") for del_ in rute.sti.split("/") if del_.startswith("{")]
    return [EGEN_NOEGLE.get((navn, p), p) for p in fundne]


def _svar(navn: str, status: int, indhold: tuple[str, str]) -> dict[str, Any]:
    if status == 304:
        return {"description": "Nothing has changed."}
    if status < 300:
        return {"description": "The answer.", "content": {indhold[0]: {"schema": s.ref(indhold[1])}, **OGSAA.get(navn, {})}}
    eget = svar.EGNE.get(navn, {}).get(status)
    if eget is None:
        return {"$ref": f"#/components/responses/{navn}_{status}"}
    fejl = svar.koder(navn).get(status)
    return {
        "description": "In its own shape.",
        "content": {indhold[0]: {"schema": s.ref(eget)}, **(svar.afslag(fejl)["content"] if fejl else {})},
    }


def _noegle(navn: str) -> str:
    return navn.replace("-", "_")


def _henvis(navn: str) -> dict[str, str]:
    return {"$ref": f"#/components/parameters/{_noegle(navn)}"}
