"""Conflicts, rates, rejection texts and code lists: registered by VITAS through the ledger, as actions are; read by everybody."""

import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import date
from typing import Any

from litestar import Response
from sqlalchemy import Connection

from hub.api import anmodning
from hub.api.anmodning import Anmodning
from hub.api.json_ind import laes_objekt
from hub.api.modtag import TYPER, Vist, afvist, gem, kanonisk
from hub.api.problem import Problem, json_svar, svar
from hub.api.tjenester import Dele
from hub.api.vagt import bruger_af
from hub.domain.fejl import Afvisning, Fejl, doerfejl, fejl
from hub.domain.fejlkoder import Fejlkode
from hub.domain.handlinger import AktoerIn
from hub.domain.reference_handlinger import LISTENAVN, PAA_KONFLIKTER, laes_reference
from hub.events.anmodningsid import af_indhold
from hub.events.ordre import Kvitteret, Ordre
from hub.events.topics import KONFLIKTER, SATSER
from hub.projections import referencer

Svarer = Callable[[Anmodning, Dele], Awaitable[Response[bytes]]]
_DAG = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def registrering(handling: str, sti: str) -> Svarer:
    """What answers a route that registers: `sti` is where what was registered is read."""

    async def svarer(request: Anmodning, dele: Dele) -> Response[bytes]:
        givet = anmodning.request_id(request)
        anmodning.parametre(request, ())
        version = anmodning.if_match(request)
        data = await _data(request, dele)
        cvr = str(request.path_params.get("cvr", ""))
        # The same row is registered again to bring it back into force, the same end ends another conflict: only the stream's version tells.
        indhold = kanonisk({"handling": handling, "cvr": cvr, "data": data, "version": version})
        lavet_id = anmodning.nyt_id() if version is None else af_indhold(indhold, dele.tjenester.noeglering.request_hash)
        request_id = givet or anmodning.eget_id(request, lavet_id)
        aktoer = AktoerIn.model_construct(type="System", id=bruger_af(request).sub)

        def lav() -> Ordre:
            lavet = laes_reference(handling, data, aktoer, cvr)
            krop = kanonisk({"handling": handling, "stroem": lavet.sagsId, "data": data})
            return Ordre(lavet, request_id, krop, version, KONFLIKTER if handling in PAA_KONFLIKTER else SATSER)

        return await gem(dele, request_id, lav, lambda udfald: _kvittering(udfald, sti.replace("{cvr}", cvr)))

    return svarer


async def _data(request: Anmodning, dele: Dele) -> dict[str, Any]:
    """The body's object; a DELETE has none, and what it has nevertheless is read as strictly."""
    if request.method != "DELETE":
        anmodning.kraev_type(request, TYPER, "forkert_type")
    raa = await anmodning.krop(request, dele.graenser)
    return {} if request.method == "DELETE" and not raa else laes_objekt(raa, dele.graenser)


def _kvittering(udfald: Kvitteret, sti: str) -> Vist:
    """The receipt: as of an action, but the stream has a name, and there is no act."""
    k = udfald.kvittering
    felter = {navn: k[navn] for navn in ("version", "haendelser", "registreringstidspunkt")}
    return {"stroem": k["sagsId"], **felter}, {"Location": sti}


async def konflikt(request: Anmodning, dele: Dele) -> Response[bytes]:
    """A company's conflict as it stands, and its history."""
    anmodning.parametre(request, ())
    cvr = str(request.path_params["cvr"])
    register = await _laes(dele, lambda conn: referencer.konflikt(conn, cvr))
    if register is None:
        return svar(afvist(Afvisning([fejl(Fejlkode.KONFLIKT_IKKE_REGISTRERET, "cvr")])))
    return json_svar(referencer.konfliktdokument(register), hoveder={"ETag": f'"{register.version}"'})


def liste(navn: str, *filtre: str) -> Svarer:
    """What answers a route that reads a list: `?paa=DATE` for what is in force that day, and a filter by the fields named."""

    async def svarer(request: Anmodning, dele: Dele) -> Response[bytes]:
        givet, fejlene = anmodning.laes_parametre(request, ("paa", *filtre))
        dag = _dag(givet.get("paa"), fejlene)
        oensket = {felt: givet[felt] for felt in filtre if felt in givet}
        fejlene += [doerfejl("ugyldig_parameter", felt) for felt, vaerdi in oensket.items() if not re.fullmatch(LISTENAVN, vaerdi)]
        if fejlene:
            raise Problem(str(fejlene[0].kode), fejlene)
        fundne = await _laes(dele, lambda conn: referencer.raekker(conn, navn, dag))
        viste = [referencer.dokument(r) for r in fundne if all(getattr(r, felt) == vaerdi for felt, vaerdi in oensket.items())]
        return json_svar({"paa": dag, "raekker": viste})

    return svarer


def _dag(givet: str | None, fejlene: list[Fejl]) -> date | None:
    """A day, or none; what is no day is among the errors."""
    if givet is None:
        return None
    if _DAG.fullmatch(givet):
        with suppress(ValueError):
            return date.fromisoformat(givet)
    fejlene.append(doerfejl("ugyldig_parameter", "paa"))
    return None


async def _laes(dele: Dele, find: Callable[[Connection], Any]) -> Any:
    """What `find` gives, in a thread."""

    def i_traad() -> Any:
        with dele.tjenester.motor.connect() as conn:
            return find(conn)

    return await dele.traade.koer(i_traad)
