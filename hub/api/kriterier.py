"""What can be searched by, once: how each criterion is checked and described, for the body of a search and the parameters of a list.

No free text may hold what can be a CPR number: criteria stand in the log of searches, and a list's in its address. A citizen is
searched by the header alone.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NamedTuple

from hub.api.json_ind import sikkert_navn
from hub.domain.fejl import Fejl, doerfejl
from hub.domain.felter import CPR, CVR, P_NUMMER, UUID, paa_een_linje
from hub.domain.jobcentre import kendt_kommune
from hub.domain.koder import ANSOEGNINGSTATUS, BEVILLINGSSTATUS, ORDNINGER
from hub.events.anmodningsid import kan_rumme_cpr
from hub.projections.lister import Kriterier
from hub.projections.omraader import OMRAADER

Skema = dict[str, Any]
AAR = range(1900, 2200)
_DATO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_CPR = re.compile(CPR, re.ASCII)


class Personnummer(ValueError):
    """A free text holds what can be a CPR number."""


class Kriterium(NamedTuple):
    """One criterion: its value out of a JSON value (raises ValueError), its JSON Schema, and what it means."""

    laes: Callable[[Any], Any]
    skema: Skema
    tekst: str


def _moenster(moenster: str, tekst: str) -> Kriterium:
    def laes(vaerdi: Any) -> str:
        if not isinstance(vaerdi, str) or not re.fullmatch(moenster, vaerdi, re.ASCII):
            raise ValueError(tekst)
        return vaerdi.lower() if moenster == UUID else vaerdi

    return Kriterium(laes, {"type": "string", "pattern": moenster}, tekst)


def _fritekst(laengst: int, tekst: str) -> Kriterium:
    def laes(vaerdi: Any) -> str:
        if not isinstance(vaerdi, str) or not 0 < len(vaerdi) <= laengst or not paa_een_linje(vaerdi):
            raise ValueError(tekst)
        if kan_rumme_cpr(vaerdi):
            raise Personnummer
        return vaerdi

    return Kriterium(laes, {"type": "string", "minLength": 1, "maxLength": laengst}, tekst)


def _en_af(vaerdier: Mapping[Any, Any], tekst: str) -> Kriterium:
    def laes(vaerdi: Any) -> Any:
        if isinstance(vaerdi, bool) or not isinstance(vaerdi, str | int) or vaerdi not in vaerdier:
            raise ValueError(tekst)
        return vaerdi

    return Kriterium(laes, {"enum": sorted(vaerdier)}, tekst)


def _jobcenter(vaerdi: Any) -> str:
    if not isinstance(vaerdi, str) or not re.fullmatch("[0-9]{5}", vaerdi, re.ASCII) or not kendt_kommune(vaerdi):
        raise ValueError("jobCenterKode")
    return vaerdi


def _dag(vaerdi: Any) -> date:
    if not isinstance(vaerdi, str) or not _DATO.fullmatch(vaerdi) or (dag := date.fromisoformat(vaerdi)).year not in AAR:
        raise ValueError("date")
    return dag


KRITERIER: dict[str, Kriterium] = {
    "vitasSagsnummer": _fritekst(20, "the case's number in VITAS"),
    "sagsId": _moenster(UUID, "the case"),
    "cvrNummer": _moenster(CVR, "the company"),
    "pNummer": _moenster(P_NUMMER, "its place of work"),
    "team": _fritekst(100, "the team, whole; case does not count"),
    "medarbejder": _fritekst(256, "the caseworker's name or e-mail address, whole; case does not count"),
    "ansoegningStatus": _en_af(ANSOEGNINGSTATUS, "code of the application's status"),
    "bevillingsstatus": _en_af(BEVILLINGSSTATUS, "code of the grant's status; of a case its newest grant's"),
    "status": _moenster("^[A-Za-z]{1,40}$", "the act's own status, in areas that have one"),
    "ordning": _en_af(ORDNINGER, "the scheme"),
    "jobCenterKode": Kriterium(_jobcenter, {"type": "string", "pattern": "^[0-9]{5}$"}, "one of the caller's jobcentres"),
    "fra": Kriterium(_dag, {"type": "string", "format": "date"}, "first day, inclusive, that the act's period in force must meet"),
    "til": Kriterium(_dag, {"type": "string", "format": "date"}, "last day of it"),
}
"""Name → criterion. A list takes each as a parameter; a search in its body, `fra` and `til` inside `periode`."""
PERIODE = ("fra", "til")


class Laest(NamedTuple):
    """Criteria that were read: as the query takes them, as they are logged, and every error."""

    kriterier: Kriterier
    givet: dict[str, Any]
    fejl: list[Fejl]


def fra_parametre(givet: Mapping[str, str], omraade: str) -> Laest:
    """The criteria among a list's parameters; numbers stand there as text."""
    egne = {navn: _tal(navn, tekst) for navn, tekst in givet.items() if navn in KRITERIER}
    return _laes(egne, omraade, ("ugyldig_parameter", ""))


def fra_krop(krop: Mapping[str, Any], omraade: str) -> Laest:
    """The criteria of a search's body; fields that are none are among the errors."""
    flade = {navn: vaerdi for navn, vaerdi in krop.items() if navn in KRITERIER and navn not in PERIODE}
    ukendte = [navn for navn in krop if navn not in flade and navn not in ("omraade", "periode")]
    fejl = [doerfejl("ukendt_kriterium", sikkert_navn(navn)) for navn in ukendte]
    periode = krop.get("periode", {})
    if not isinstance(periode, dict) or ("periode" in krop and not periode):
        fejl.append(doerfejl("ugyldigt_kriterium", "periode"))
        periode = {}
    fejl += [doerfejl("ukendt_kriterium", f"periode.{sikkert_navn(navn)}") for navn in periode if navn not in PERIODE]
    laest = _laes({**flade, **{n: v for n, v in periode.items() if n in PERIODE}}, omraade, ("ugyldigt_kriterium", "periode."))
    return laest._replace(fejl=fejl + laest.fejl)


def cpr(givet: str | None) -> tuple[str | None, list[Fejl]]:
    """The CPR number of the header x-civilRegistrationIdentifier, ten digits."""
    if givet is None or _CPR.fullmatch(givet):
        return givet, []
    return None, [doerfejl("ugyldigt_hoved", "x-civilRegistrationIdentifier")]


def _laes(givet: Mapping[str, Any], omraade: str, fejlvej: tuple[str, str]) -> Laest:
    kode, foran = fejlvej
    fundne: dict[str, Any] = {}
    fejl: list[Fejl] = []
    for navn, vaerdi in givet.items():
        felt = f"{foran}{navn}" if navn in PERIODE else navn
        try:
            fundne[navn] = KRITERIER[navn].laes(vaerdi)
        except Personnummer:
            fejl.append(doerfejl("personnummer_i_soegning", felt))
        except ValueError:
            fejl.append(doerfejl(kode, felt))
    if "status" in fundne and "status" not in OMRAADER[omraade].egne:
        fejl.append(doerfejl(kode, "status"))
    if "fra" in fundne and "til" in fundne and fundne["fra"] > fundne["til"]:
        fejl.append(doerfejl(kode, f"{foran}til"))
    log = {navn: vaerdi.isoformat() if isinstance(vaerdi, date) else vaerdi for navn, vaerdi in fundne.items()}
    return Laest(Kriterier(**fundne), log, fejl)


def _tal(navn: str, tekst: str) -> str | int:
    talkode = navn in ("ansoegningStatus", "bevillingsstatus") and re.fullmatch("[1-9][0-9]{3}", tekst, re.ASCII)
    return int(tekst) if talkode else tekst
