"""What each route may answer: its good statuses, and every error it can refuse with. A test holds it against the handlers."""

from string import Formatter
from typing import Any

from hub.api import openapi_referencer
from hub.api.problem import AFVIST, HANDLING_AFVIST, PROBLEM, SVIGTET, dokument
from hub.api.ruter import ALLE, RUTER
from hub.domain.fejl import FEJL, doerfejl, fejl
from hub.domain.fejlkoder import Fejlkode
from hub.domain.fejltekster_doer import DOERFEJL

Kode = str | Fejlkode

FOER_ALT = ("ugyldigt_hoved", "for_store_hoveder", "overbelastet")
"""Before a request exists: any address."""
VAGTENS = ("mangler_token", "ugyldigt_token", "udloebet_token", "ingen_rolle", "noegler_vaek")
SQL = ("overbelastet", "database_vaek")
FORESPOERGSEL = ("ukendt_parameter", "gentaget_parameter")
JSON_IND = ("tom_krop", "ikke_utf8", "ugyldig_json", "ikke_et_objekt", "dobbelt_felt", "for_dyb", "ugyldigt_tal", "ugyldigt_tegn")
KROP = ("for_stor", "for_langsom")
SKRIV = (
    *JSON_IND, *KROP, *FORESPOERGSEL, "ugyldigt_request_id", "ugyldig_if_match", "forkert_type", "hovedbog_bagud", *SQL,
)  # fmt: skip
SAGEN = ("ikke_egen_sag", "sag_flyttet", "fandtes_ikke", "sag_parkeret", "ikke_klar")
LAES = (*FORESPOERGSEL, "ugyldig_parameter", "ugyldigt_hoved", *SAGEN, *SQL)
SIDE = (
    *FORESPOERGSEL, "ugyldig_parameter", "ugyldigt_hoved", "personnummer_i_soegning", "ugyldig_fortsaettelse", "kan_ikke_leveres",
    "ikke_eget_jobcenter", *SQL,
)  # fmt: skip

SKIFTETS: tuple[Fejlkode, ...] = (
    Fejlkode.MANGLER, Fejlkode.UKENDT_FELT, Fejlkode.FORKERT_TYPE, Fejlkode.FORKERT_FORMAT, Fejlkode.FORKERT_LAENGDE,
    Fejlkode.IKKE_ET_TIDSPUNKT, Fejlkode.UKENDT_VAERDI, Fejlkode.I_FREMTIDEN, Fejlkode.KONTROLTEGN, Fejlkode.HTML_I_TEKST,
    Fejlkode.BORGER_UDEN_ORGANISATION, Fejlkode.IKKE_GAELDENDE_CPR, Fejlkode.UKENDT_BORGER, Fejlkode.SAMME_PERSONNUMMER,
    Fejlkode.PERSONNUMMER_OPTAGET, Fejlkode.FOR_MANGE_SAGER, Fejlkode.INTET_PERSONNUMMER, Fejlkode.ANDEN_KROP,
)  # fmt: skip
"""What a change of number can be refused for."""

GODE: dict[str, tuple[int, ...]] = {
    "modtag": (201, 202),
    "skift_personnummer": (201, 202),
    "hent": (200, 304),
    "hent_pdf": (200, 304),
    "sag": (200, 304),
    "historik": (200, 304),
    "modtag_dokument": (200, 201),
    **dict.fromkeys(openapi_referencer.SKRIVER, (201, 202)),
}
"""Route → what it answers when all is well, where that is not 200 alone."""
FEJLENE: dict[str, tuple[Kode, ...]] = {
    "modtag": (
        *SKRIV, *Fejlkode,
    ),
    "skift_personnummer": (*(kode for kode in SKRIV if kode != "ugyldig_if_match"), *SKIFTETS),
    "modtag_mange": (*FORESPOERGSEL, "forkert_type_bulk", "hoved_gaelder_ikke_bulk"),
    "modtag_dokument": (
        *FORESPOERGSEL, *KROP, *SQL, "ugyldig_sha256", "forkert_sha256", "forkert_type_dokument", "tom_krop", "ikke_pdf",
        "for_mange_uploads", "dokumentlager_vaek",
    ),
    "hent": ("ukendt_kombination", "ukendt_akt", *LAES),
    "hent_pdf": (
        "ukendt_kombination", "ukendt_akt", *LAES, "dokument_slettet", "dokument_mangler", "dokument_beskadiget", "dokumentlager_vaek",
    ),
    "sag": ("ukendt_sag", *LAES),
    "historik": ("ukendt_sag", *LAES),
    "notifikationer": (*FORESPOERGSEL, "ugyldig_parameter", "ikke_eget_jobcenter", *SQL),
    "soeg": (*JSON_IND, *KROP, "forkert_type", "intet_kriterium", "ukendt_kriterium", "ugyldigt_kriterium", *SIDE),
    "liste": ("ukendt_omraade", *SIDE),
    "session": FORESPOERGSEL,
    **dict.fromkeys(openapi_referencer.SKRIVER, (*SKRIV, *openapi_referencer.FEJL)),
    "konflikt": (*FORESPOERGSEL, Fejlkode.KONFLIKT_IKKE_REGISTRERET, *SQL),
    **dict.fromkeys(openapi_referencer.LISTER, (*FORESPOERGSEL, "ugyldig_parameter", *SQL)),
}  # fmt: skip
"""Route → the errors of its own, beside those of the guard and of what comes before a request; bulk's other errors stand in its lines."""
REGISTRETS = "Registerfejl"
EGNE: dict[str, dict[int, str]] = {
    "skema": {404: REGISTRETS},
    "emneversioner": {404: REGISTRETS},
    "emneversion": {404: REGISTRETS, 422: REGISTRETS},
    "klar": {503: "Helbred"},
}
"""Route → refusals in a shape of their own: a Confluent registry's errors, and what is not ready."""
TO_STATUSSER: dict[Kode, tuple[int, ...]] = {Fejlkode.SLUT_FOER_START: (422, 409)}
"""Errors of the form that can be the case's too (`modsigelse`)."""


def koder(navn: str) -> dict[int, list[Kode]]:
    """The route's errors by status."""
    rute = RUTER[navn]
    vagtens: tuple[Kode, ...] = () if rute.roller is None else VAGTENS if rute.roller == ALLE else (*VAGTENS, "mangler_rolle")
    stiens = ("ukendt_adresse",) if "{" in rute.sti else ()
    samlet: dict[int, list[Kode]] = {}
    for kode in dict.fromkeys((*FOER_ALT, *vagtens, *stiens, *FEJLENE.get(navn, ()))):
        for status in TO_STATUSSER.get(kode, (status_af(kode),)):
            samlet.setdefault(status, []).append(kode)
    return samlet


def statusser(navn: str) -> list[int]:
    """Every status that the route is described with, in order."""
    return sorted({*GODE.get(navn, (200,)), *koder(navn), *EGNE.get(navn, ())})


def status_af(kode: Kode) -> int:
    """The status of the catalogue."""
    return FEJL[kode].status if isinstance(kode, Fejlkode) else DOERFEJL[kode].status


def afslag(koder_: list[Kode]) -> dict[str, Any]:
    """The OpenAPI response that lists these errors: what `fejlkode` can be, what each says, and an example of each."""
    navne = [int(kode) if isinstance(kode, Fejlkode) else kode for kode in koder_]
    skema = {"allOf": [{"$ref": "#/components/schemas/Problem"}, {"properties": {"fejlkode": {"enum": navne}}}]}
    return {
        "description": "\n".join(f"- `{navn}` {_engelsk(kode)}" for navn, kode in zip(navne, koder_, strict=True)),
        "content": {PROBLEM: {"schema": skema, "examples": {str(navn): {"$ref": f"#/components/examples/{navn}"} for navn in navne}}},
    }


def eksempler() -> dict[str, Any]:
    """`components.examples`: every error as it is answered, its templates filled with three dots."""
    alle: list[Kode] = [*FEJL, *DOERFEJL]
    return {str(int(kode) if isinstance(kode, Fejlkode) else kode): _eksempel(kode) for kode in alle}


def _engelsk(kode: Kode) -> str:
    return FEJL[kode].engelsk if isinstance(kode, Fejlkode) else DOERFEJL[kode].engelsk


def _eksempel(kode: Kode) -> dict[str, Any]:
    dansk = FEJL[kode].dansk if isinstance(kode, Fejlkode) else DOERFEJL[kode].dansk
    fyld: dict[str, Any] = {felt: "…" for tekst in (dansk, _engelsk(kode)) for _, felt, _, _ in Formatter().parse(tekst) if felt}
    if isinstance(kode, Fejlkode):
        return {"summary": _engelsk(kode), "value": dokument(HANDLING_AFVIST, [fejl(kode, **fyld)])}
    return {"summary": _engelsk(kode), "value": dokument(AFVIST if status_af(kode) < 500 else SVIGTET, [doerfejl(kode, **fyld)])}
