"""What OpenAPI says of lists and search: parameters from the criteria, rows from the columns (R-1.6); nothing is written twice."""

from typing import Any

from hub.api.dokumentskemaer import med_noeglestand
from hub.api.kriterier import KRITERIER, PERIODE
from hub.api.listekald import SIDE, STANDARD_MAKS
from hub.domain.felter import CPR
from hub.projections.omraader import OMRAADER, Omraade

Skema = dict[str, Any]
ENDELSE = "_liste"
"""Set behind a parameter's key: other routes have parameters of the same names."""
CIVIL = "x-civilRegistrationIdentifier"
_TEKST: Skema = {"type": "string"}
_KRITERIER = {navn: ("query", kriterium.skema, f"Only rows with {kriterium.tekst}.") for navn, kriterium in KRITERIER.items()}
_SORTERBARE = sorted({k.navn for omraade in OMRAADER.values() for k in omraade.kolonner if k.sorterbar})
_SIDE = {
    "omraade": ("path", {"enum": list(OMRAADER)}, "The area."),
    "sorter": ("query", {"enum": [f"{foran}{navn}" for navn in _SORTERBARE for foran in ("", "-")]}, "A column; with a minus falling."),
    "maks": ("query", {"type": "integer", "minimum": 1, "maximum": 1_000, "default": STANDARD_MAKS}, "Rows on the page."),
    "efter": ("query", {"type": "string", "maxLength": 2_000}, "`naeste` of the page before, with the same criteria and order."),
    CIVIL: ("header", {"type": "string", "pattern": CPR}, "The citizen's CPR number; nowhere else."),
}
PARAMETRE: dict[str, Skema] = {
    f"{navn}{ENDELSE}": {"name": navn, "in": sted, "schema": skema, "description": tekst}
    for navn, (sted, skema, tekst) in {**_KRITERIER, **_SIDE}.items()
}
"""Key → parameter object."""
SIDENS = tuple(f"{navn}{ENDELSE}" for navn in (*SIDE, CIVIL))
KRITERIERNES = tuple(f"{navn}{ENDELSE}" for navn in KRITERIER)


def skemaer() -> dict[str, Skema]:
    """Name → schema of an answer, of the rows of each area, and of a search."""
    raekker = {f"Raekke{navn}": _raekke(omraade) for navn, omraade in OMRAADER.items()}
    liste = {
        "omraade": {"enum": list(OMRAADER)},
        "raekker": {"type": "array", "items": {"anyOf": [{"$ref": f"#/components/schemas/{navn}"} for navn in raekker]}},
        "antal": {"type": ["integer", "null"], "description": "Rows on all pages; null behind the first."},
        "antalErMindst": {"type": "boolean", "description": "There are more than `antal`: no more were counted."},
        "naeste": {"type": ["string", "null"], "description": "`efter` of the next page; null: this was the last."},
    }
    return {**raekker, "Liste": _objekt(liste), "Soegning": _soegning()}


def _raekke(omraade: Omraade) -> Skema:
    felter = {kolonne.navn: {**kolonne.slags.skema, "description": kolonne.tekst} for kolonne in omraade.kolonner}
    return med_noeglestand({**_objekt({**felter, "link": _TEKST}), "additionalProperties": False})


def _soegning() -> Skema:
    felter = {n: {**k.skema, "description": k.tekst} for n, k in KRITERIER.items() if n not in PERIODE}
    periode = {"type": "object", "properties": {n: KRITERIER[n].skema for n in PERIODE}, "minProperties": 1, "additionalProperties": False}
    alle = {**felter, "periode": periode, "omraade": {"enum": list(OMRAADER), "description": "Whose rows; left out: the cases."}}
    return {"type": "object", "properties": alle, "additionalProperties": False}


def _objekt(felter: Skema) -> Skema:
    return {"type": "object", "properties": felter, "required": list(felter)}
