"""What OpenAPI says of the reference routes: bodies from the models that check them, rows from the rows themselves."""

from typing import Any

from hub.domain.fejlkoder import Fejlkode
from hub.domain.felter import CVR
from hub.domain.reference_handlinger import LISTENAVN, REFERENCEHANDLINGER

Skema = dict[str, Any]
_TEKST: Skema = {"type": "string"}
_TAL: Skema = {"type": "integer"}
_DAG: Skema = {"type": "string", "format": "date"}
_TID: Skema = {"type": "string", "format": "date-time"}
_KILDE: Skema = {"enum": ["STAR", "egen"], "description": "Whose code it is."}

REGISTRERER = {
    "registrer_konflikt": "RegistrerKonflikt",
    "registrer_sats": "RegistrerSats",
    "registrer_afslagstekst": "RegistrerAfslagstekst",
    "registrer_kode": "RegistrerKode",
}
"""Route → the action whose data its body is."""
LISTER = ("satser", "afslagstekster", "koder")
SKRIVER = (*REGISTRERER, "ophoer_konflikt")

BRUGER: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(SKRIVER, ("x-requestId", "If-Match")),
    **dict.fromkeys(LISTER, ("paa",)),
    "afslagstekster": ("paa", "ordning_afslagstekst"),
    "koder": ("paa", "liste"),
}
FEJL: tuple[Fejlkode, ...] = (
    Fejlkode.HTML_I_TEKST,
    Fejlkode.MANGLER,
    Fejlkode.UKENDT_FELT,
    Fejlkode.FORKERT_TYPE,
    Fejlkode.FORKERT_FORMAT,
    Fejlkode.FORKERT_LAENGDE,
    Fejlkode.IKKE_EN_DATO,
    Fejlkode.UKENDT_VAERDI,
    Fejlkode.UDEN_FOR_GRAENSEN,
    Fejlkode.KONTROLTEGN,
    Fejlkode.KONFLIKT_IKKE_REGISTRERET,
    Fejlkode.TOM_GYLDIGHED,
    Fejlkode.LOVHENVISNING,
    Fejlkode.PERSONNUMMER_I_TEKST,
    Fejlkode.REGISTER_FULDT,
    Fejlkode.SATS_FINDES_IKKE,
    Fejlkode.FORKERT_ANTAL,
    Fejlkode.ANDEN_KROP,
    Fejlkode.SAGEN_ER_AENDRET,
    Fejlkode.KAN_IKKE_GEMMES,
    Fejlkode.KAN_IKKE_FOLDES,
)
"""What a registration can be refused for."""
INDHOLD: dict[str, tuple[str, str]] = {
    **dict.fromkeys(SKRIVER, ("application/json", "Referencekvittering")),
    "konflikt": ("application/json", "Konflikt"),
    "satser": ("application/json", "Satser"),
    "afslagstekster": ("application/json", "Afslagstekster"),
    "koder": ("application/json", "Koder"),
}
KROPPE = {rute: ("application/json", handling) for rute, handling in REGISTRERER.items()}
PARAMETRE: dict[str, Skema] = {
    "cvr": {"in": "path", "schema": {"type": "string", "pattern": CVR}},
    "paa": {"in": "query", "schema": _DAG, "description": "Only what is in force on this day."},
    "liste": {"in": "query", "schema": {"type": "string", "pattern": LISTENAVN}, "description": "Only this code list."},
    "ordning_afslagstekst": {"name": "ordning", "in": "query", "schema": {"type": "string", "pattern": LISTENAVN}},
}


def skemaer() -> dict[str, Skema]:
    """Name → schema."""
    handlinger = {navn: REFERENCEHANDLINGER[navn].model.model_json_schema() for navn in REGISTRERER.values()}
    gyldighed = {"startdato": _tom(_DAG), "slutdato": _tom(_DAG), "kilde": _KILDE, "registreringstidspunkt": _tom(_TID)}
    haendelse = _objekt({"id": {**_TEKST, "format": "uuid"}, "type": _TEKST, "version": _TAL})
    registrering = {
        "kilde": _TEKST, "fra": _DAG, "fagomraader": _liste(_TEKST), "registreringstidspunkt": _TID, "ophoerstidspunkt": _tom(_TID),
    }  # fmt: skip
    konflikt = {"cvrNummer": _TEKST, "version": _TAL, "staaende": {"anyOf": [_objekt(registrering), {"type": "null"}]}}
    kvittering = {"stroem": _TEKST, "version": _TAL, "haendelser": _liste(haendelse), "registreringstidspunkt": _TID}
    return {
        **handlinger,
        "Referencekvittering": _objekt(kvittering),
        "Konflikt": _objekt({**konflikt, "historik": _liste(_objekt(registrering))}),
        "Satser": _raekker({"raekke": _TEKST, "kode": _TAL, "navn": _TEKST, "beskrivelse": _TEKST, **gyldighed}),
        "Afslagstekster": _raekker({"raekke": _TEKST, "ordning": _TEKST, "tekstversion": _TEKST, "tekst": _TEKST, **gyldighed}),
        "Koder": _raekker({"raekke": _TEKST, "liste": _TEKST, "kode": _TAL, "navn": _TEKST, "beskrivelse": _tom(_TEKST), **gyldighed}),
    }


def _raekker(felter: Skema) -> Skema:
    return _objekt({"paa": _tom(_DAG), "raekker": _liste(_objekt(felter))})


def _objekt(felter: Skema) -> Skema:
    return {"type": "object", "properties": felter, "required": list(felter), "additionalProperties": False}


def _liste(skema: Skema) -> Skema:
    return {"type": "array", "items": skema}


def _tom(skema: Skema) -> Skema:
    return {**skema, "type": [skema["type"], "null"]}
