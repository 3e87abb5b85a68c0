"""What lists and search share: how a page is asked for and answered, as JSON or CSV."""

import re
from typing import Any, NamedTuple

from litestar import Response

from hub.api import fortsaettelse, kriterier
from hub.api.adgangslog import Soegning
from hub.api.anmodning import Anmodning, formaal
from hub.api.csv_ud import CSV, CSV_SVAR, tabel
from hub.api.ejerskab import egne_jobcentre
from hub.api.kriterier import Laest
from hub.api.listelaesning import Listeside, Oensket, laes
from hub.api.problem import JSON, Problem, json_svar
from hub.api.tjenester import Dele
from hub.api.vagt import bruger_af
from hub.domain.fejl import Fejl, doerfejl
from hub.projections.lister import TAELLES_TIL, Sortering, Sted, Udsnit
from hub.projections.omraader import OMRAADER, Omraade

SIDE = ("sorter", "maks", "efter")
"""The parameters of a page, beside the criteria."""
STANDARD_MAKS = 100
STANDARD_SORTERING = Sortering("registreringstidspunkt", faldende=True)
NAESTE = "x-naeste"
"""The header that says where the next page begins, for who reads CSV."""
_MAKS = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)


class Kald(NamedTuple):
    """One call: `soeg` or `liste`, the area, its parameters, and the criteria with their errors."""

    navn: str
    omraade: str
    givet: dict[str, str]
    laest: Laest


def svartype(request: Anmodning) -> str:
    """JSON unless the caller takes only, or rather, CSV. Raises `Problem` 406."""
    vaegte = [_vaegt(del_) for del_ in request.headers.get("accept", "*/*").split(",")[:20]]
    muligheder = [(max((v for typer, v in vaegte if egen in typer), default=0.0), egen) for egen in (JSON, CSV)]
    (json, _), (csv, _) = muligheder
    if max(json, csv) <= 0:
        raise Problem("kan_ikke_leveres")
    return JSON if json >= csv else CSV


async def vis(request: Anmodning, dele: Dele, kald: Kald) -> Response[bytes]:
    """The page. Raises `Problem` with every error of criteria, parameters and header at once."""
    bruger, medie = bruger_af(request), svartype(request)
    cpr, fejl = kriterier.cpr(request.headers.get("x-civilregistrationidentifier"))
    spoergsmaal = [kald.omraade, kald.laest.givet, kald.givet.get("sorter"), cpr]
    side = _side(dele, kald, spoergsmaal)
    if fejl := [*kald.laest.fejl, *side.fejl, *fejl]:
        raise Problem(str(fejl[0].kode), fejl)
    jobcentre = egne_jobcentre(bruger, kald.laest.kriterier.jobCenterKode)
    udsnit = Udsnit(kald.omraade, jobcentre, kald.laest.kriterier, side.sortering, side.maks, side.efter)
    soegning = Soegning(kald.navn, formaal(request), kald.omraade, kald.laest.givet, cpr is not None, None)
    fundet = await dele.traade.koer(laes, dele.tjenester, bruger, Oensket(udsnit, cpr, soegning))
    naeste = None if fundet.naeste is None else fortsaettelse.skriv(fundet.naeste, spoergsmaal, dele.tjenester.noeglering.request_hash)
    hoveder = {} if naeste is None else {NAESTE: naeste}
    if medie == JSON:
        return json_svar(_dokument(kald.omraade, fundet, naeste), hoveder=hoveder)
    return _csv(kald.omraade, fundet, hoveder)


class _Side(NamedTuple):
    sortering: Sortering
    maks: int
    efter: Sted | None
    fejl: list[Fejl]


def _side(dele: Dele, kald: Kald, spoergsmaal: Any) -> _Side:
    fejl: list[Fejl] = []
    sortering = _sortering(kald.givet.get("sorter"), OMRAADER[kald.omraade])
    if sortering is None:
        fejl.append(doerfejl("ugyldig_parameter", "sorter"))
    maks = kald.givet.get("maks", str(STANDARD_MAKS))
    if not _MAKS.fullmatch(maks) or int(maks) > dele.graenser.liste_maks:
        fejl.append(doerfejl("ugyldig_parameter", "maks"))
        maks = str(STANDARD_MAKS)
    efter, valgt = None, sortering or STANDARD_SORTERING
    if "efter" in kald.givet:
        type_ = next(k.slags.noegletype for k in OMRAADER[kald.omraade].kolonner if k.navn == valgt.kolonne)
        try:
            efter = fortsaettelse.laes(kald.givet["efter"], spoergsmaal, dele.tjenester.noeglering.request_hash, type_)
        except fortsaettelse.FremmedFortsaettelse:
            fejl.append(doerfejl("ugyldig_fortsaettelse", "efter"))
    return _Side(valgt, int(maks), efter, fejl)


def _sortering(givet: str | None, omraade: Omraade) -> Sortering | None:
    """A sortable column's name, with a minus for falling; None when it is none."""
    if givet is None:
        return STANDARD_SORTERING
    navn = givet.removeprefix("-")
    kendt = any(kolonne.navn == navn and kolonne.sorterbar for kolonne in omraade.kolonner)
    return Sortering(navn, givet.startswith("-")) if kendt else None


def _dokument(omraade: str, fundet: Listeside, naeste: str | None) -> dict[str, Any]:
    antal = fundet.antal
    return {
        "omraade": omraade,
        "raekker": fundet.raekker,
        "antal": None if antal is None else min(antal, TAELLES_TIL),
        "antalErMindst": antal is not None and antal > TAELLES_TIL,
        "naeste": naeste,
    }


def _csv(omraade: str, fundet: Listeside, hoveder: dict[str, str]) -> Response[bytes]:
    alle = {**hoveder, "Cache-Control": "no-store", "Content-Disposition": f'attachment; filename="{omraade}.csv"'}
    return Response(tabel(OMRAADER[omraade].kolonner, fundet.raekker), media_type=CSV_SVAR, headers=alle)


def _vaegt(del_: str) -> tuple[frozenset[str], float]:
    """Which of our types a part of `Accept` takes, and how much it wants them."""
    type_, *egenskaber = (led.strip().lower() for led in del_.split(";"))
    typer = {"*/*": {JSON, CSV}, "application/*": {JSON}, "text/*": {CSV}}.get(type_, {type_})
    q = next((e[2:] for e in egenskaber if re.fullmatch(r"q=[01](\.[0-9]{0,3})?", e)), "1")
    return frozenset(typer), float(q)
