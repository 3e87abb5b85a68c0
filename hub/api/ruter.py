"""Every route, and who may call it: the one table of the guard, the router and the OpenAPI document. What is not here is refused."""

from typing import Literal, NamedTuple

ALLE = frozenset({"vitas", "system", "Star-VITAS-CaseWorker", "Star-VITAS-Administrator", "operator", "auditor"})
JOBCENTER = frozenset({"system", "Star-VITAS-CaseWorker", "Star-VITAS-Administrator"})
"""The jobcentres' roles: only their own cases (I7)."""
LAESER_SAGER = JOBCENTER | {"auditor"}
LAESER_FEED = JOBCENTER | {"auditor", "operator"}
KUN_VITAS = frozenset({"vitas"})
DRIFT = frozenset({"operator", "auditor"})


class Rute(NamedTuple):
    """One route: method, path, the roles that may call it (None: everybody, without a token), and what it does."""

    metode: Literal["GET", "POST", "PUT", "DELETE"]
    sti: str
    roller: frozenset[str] | None
    tekst: str


RUTER: dict[str, Rute] = {
    "modtag": Rute("POST", "/v1/handlinger", KUN_VITAS, "Record one action."),
    "modtag_mange": Rute(
        "POST", "/v1/handlinger/bulk", KUN_VITAS, "Record actions, one a line with its `requestId`; read the answer while sending."
    ),
    "skift_personnummer": Rute("POST", "/v1/borgere/personnummerskift", KUN_VITAS, "A citizen's new CPR number, on all of the cases."),
    "modtag_dokument": Rute("PUT", "/v1/dokumenter/{sha256}", KUN_VITAS, "Keep a document, before an action names it."),
    "hent": Rute("GET", "/v1/{ordning}/{getMetode}/{eksternIdentifier}", LAESER_SAGER, "The document of one act."),
    "hent_pdf": Rute("GET", "/v1/{ordning}/GetPDF/{eksternIdentifier}", LAESER_SAGER, "A document of an act, with its bytes or as them."),
    "sag": Rute("GET", "/v1/sager/{sagsId}", LAESER_SAGER, "One case."),
    "historik": Rute("GET", "/v1/sager/{sagsId}/historik", LAESER_SAGER, "The timeline of one case."),
    "soeg": Rute("POST", "/v1/soeg", LAESER_SAGER, "Search by criteria; a citizen by CPR number in a header only."),
    "liste": Rute("GET", "/v1/lister/{omraade}", LAESER_SAGER, "One of the seven areas, a page at a time, as it is now."),
    "registrer_konflikt": Rute("PUT", "/v1/konflikter/{cvr}", KUN_VITAS, "Register a company as affected by a conflict."),
    "ophoer_konflikt": Rute("DELETE", "/v1/konflikter/{cvr}", KUN_VITAS, "End a company's conflict; its history stays."),
    "konflikt": Rute("GET", "/v1/konflikter/{cvr}", ALLE, "A company's conflict as it stands, and its history."),
    "registrer_sats": Rute("POST", "/v1/satser", KUN_VITAS, "Register a rate, or correct one: a further row."),
    "satser": Rute("GET", "/v1/satser", ALLE, "The rates, history and all; `paa`: in force on that day."),
    "registrer_afslagstekst": Rute("POST", "/v1/afslagstekster", KUN_VITAS, "Register a version of a scheme's rejection text."),
    "afslagstekster": Rute("GET", "/v1/afslagstekster", ALLE, "The rejection texts, history and all; `paa`: in force on that day."),
    "registrer_kode": Rute("POST", "/v1/koder", KUN_VITAS, "Register a row of a code list, or correct one: a further row."),
    "koder": Rute("GET", "/v1/koder", ALLE, "The code lists, history and all; `paa`: in force on that day."),
    "notifikationer": Rute("GET", "/v1/notifikationer", LAESER_FEED, "A jobcentre's notifications by number; long-poll with `vent`."),
    "skema": Rute("GET", "/schemas/ids/{id}", ALLE, "A schema by its id (as a Confluent schema registry answers)."),
    "emner": Rute("GET", "/subjects", ALLE, "The subjects of the schema registry."),
    "emneversioner": Rute("GET", "/subjects/{subject}/versions", ALLE, "The versions of a subject."),
    "emneversion": Rute("GET", "/subjects/{subject}/versions/{version}", ALLE, "A schema by subject and version, or `latest`."),
    "session": Rute("GET", "/v1/session", ALLE, "Who the caller is, where to log in, and the rules of a session."),
    "lever": Rute("GET", "/health/live", None, "The process runs."),
    "klar": Rute("GET", "/health/ready", None, "Database, lanes and checkpoints are as they must be to serve."),
    "maalinger": Rute("GET", "/metrics", DRIFT, "Prometheus metrics; nothing personal."),
    "openapi": Rute("GET", "/openapi.json", ALLE, "This description."),
}
"""Route name → route. A path parameter is written as in OpenAPI."""
METODENS_RUTE = {"GetPDF": "hent_pdf"}
"""GetMetode → the route that answers it, where that is not `hent`."""


def tilladte(sti: str) -> str:
    """The methods of an address, as an Allow header has them."""
    return ", ".join(sorted(rute.metode for rute in RUTER.values() if rute.sti == sti))
