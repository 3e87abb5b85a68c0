"""The actions VITAS sends (contract.md): the envelope, the data of each, and `laes_handling`, which lists every error at once."""

import re
from collections.abc import Iterator, Mapping
from typing import Literal

from pydantic import SerializeAsAny, ValidationError, ValidationInfo, field_validator

from hub.domain import handlinger_ansoegning as a
from hub.domain import handlinger_bevilling as b
from hub.domain.fejl import Afvisning, Fejl, fejl
from hub.domain.fejlkoder import Fejlkode
from hub.domain.felter import (
    CVR,
    FORMATER,
    JOBCENTER,
    KOMMUNE,
    AktoerId,
    JobCenterKode,
    Model,
    Navn,
    Sagsnummer,
    Tidspunkt,
    Uuid,
    krav,
)
from hub.domain.koder import ORDNINGER
from hub.domain.kuvert import AktoerType
from hub.domain.oversaettelse import oversat

HANDLINGER: dict[str, type[Model]] = {
    "OpretAnsoegning": a.OpretAnsoegning,
    "RetAnsoegning": a.RetAnsoegning,
    "UnderskrivAnsoegning": a.UnderskrivAnsoegning,
    "TildelSag": a.TildelSag,
    "OvertagSag": a.Overtag,
    "FrigivSag": a.Ingen,
    "SendTilAndenAktoer": a.SendTilAndenAktoer,
    "AfvisTilAndenAktoer": a.MedTekst,
    "OvertagFraAndenAktoer": a.MedTekst,
    "GodkendAnsoegning": a.GodkendAnsoegning,
    "AfvisAnsoegning": a.AfvisAnsoegning,
    "TraekAnsoegningTilbage": a.MedTekst,
    "FlytSag": a.FlytSag,
    "KvitterFlytning": a.Ingen,
    "SendKladde": a.SendKladde,
    "ReturnerKladde": a.ReturnerKladde,
    "AfgoerVurdering": a.AfgoerVurdering,
    "OvertagVurdering": a.Overtag,
    "FrigivVurdering": a.Ingen,
    "GenaabnVurdering": a.Ingen,
    "UdstedBevilling": b.UdstedBevilling,
    "SendBevilling": a.Ingen,
    "GenfremsendBevilling": a.Ingen,
    "GodkendBevilling": b.GodkendBevilling,
    "AfvisBevilling": b.AfvisBevilling,
    "AnsoegForlaengelse": b.AnsoegForlaengelse,
    "BevilgForlaengelse": b.BevilgForlaengelse,
    "AfslaaForlaengelse": a.MedTekst,
    "RegistrerOphoer": b.Ophoersdata,
    "RetOphoer": b.Ophoersdata,
    "TilbagekaldOphoer": a.Ingen,
}
"""Every action the hub knows, and the model of its data."""

FOERSTE = frozenset({"OpretAnsoegning"})
"""The actions that open a case; they alone carry `ordning`, `jobCenterKode` and `vitasSagsnummer`."""
KUN_FOERSTE = ("ordning", "jobCenterKode", "vitasSagsnummer")


Organisationstype = Literal["Jobcenter", "Kommune", "Virksomhed", "AndenAktoer", "Styrelsen"]
ORGANISATIONSKODER: dict[Organisationstype, str] = {
    "Jobcenter": JOBCENTER,
    "Kommune": KOMMUNE,
    "Virksomhed": CVR,
    "AndenAktoer": CVR,
    "Styrelsen": CVR,
}
"""What an organisation's code looks like. It stands open in every event, so none of them can be taken for a CPR number."""


class OrganisationIn(Model):
    """The organisation somebody acts for: its type, and the code that such a one has."""

    type: Organisationstype
    kode: str

    @field_validator("kode")
    @classmethod
    def _af_sin_type(cls, kode: str, info: ValidationInfo) -> str:
        moenster = ORGANISATIONSKODER.get(info.data.get("type", ""))
        if moenster is not None and not re.fullmatch(moenster, kode):
            raise krav(Fejlkode.FORKERT_FORMAT, format=FORMATER[moenster], moenster=moenster)
        return kode


class AktoerIn(Model):
    """Who acted. A citizen acts for no organisation."""

    type: AktoerType
    id: AktoerId
    navn: Navn | None = None
    organisation: OrganisationIn | None = None

    @field_validator("organisation", mode="before")
    @classmethod
    def _ikke_for_en_borger(cls, organisation: object, info: ValidationInfo) -> object:
        if organisation is not None and info.data.get("type") == "Borger":
            raise krav(Fejlkode.BORGER_UDEN_ORGANISATION)
        return organisation


class Handling(Model):
    """One action, checked in form. `haendelsestidspunkt` is aware UTC; `data` is the model that `HANDLINGER` names."""

    handling: str
    sagsId: Uuid
    eksternIdentifier: Uuid
    haendelsestidspunkt: Tidspunkt
    aktoer: AktoerIn
    data: SerializeAsAny[Model]
    ordning: str | None = None
    jobCenterKode: JobCenterKode | None = None
    vitasSagsnummer: Sagsnummer | None = None


def laes_handling(obj: object) -> Handling:
    """The action in `obj` (decoded JSON). Raises `Afvisning` with every error of envelope and data; no error repeats what was typed."""
    if not isinstance(obj, Mapping):
        raise Afvisning([fejl(Fejlkode.FORKERT_TYPE, type="et objekt")])
    navn = obj.get("handling")
    model = HANDLINGER.get(navn) if isinstance(navn, str) else None
    data, fejlene = _laes(model or Model, obj.get("data", {}), "data") if model else (Model(), list(_ukendt(obj)))
    handling, flere = _laes(Handling, {**obj, "data": data or Model()}, "")
    fejlene = [*flere, *fejlene, *_foerste(obj, model is not None)]
    if fejlene or not isinstance(handling, Handling):
        raise Afvisning(fejlene)
    return handling


def _laes(model: type[Model], obj: object, rod: str) -> tuple[Model | None, list[Fejl]]:
    try:
        return model.model_validate(obj), []
    except ValidationError as samling:
        return None, [oversat(f, rod) for f in samling.errors(include_url=False)]


def _ukendt(obj: Mapping[str, object]) -> Iterator[Fejl]:
    """An action without a name is told so by the envelope's model."""
    if isinstance(obj.get("handling"), str):
        yield fejl(Fejlkode.UKENDT_HANDLING, "handling")


def _foerste(obj: Mapping[str, object], kendt: bool) -> Iterator[Fejl]:
    """The three fields of a case's first action: required there, refused elsewhere; the scheme must be one of the code list's."""
    foerste = obj.get("handling") in FOERSTE if kendt else True
    for navn in KUN_FOERSTE if kendt else ():
        if foerste and obj.get(navn) is None:
            yield fejl(Fejlkode.MANGLER, navn)
        if not foerste and navn in obj:
            yield fejl(Fejlkode.KUN_FOERSTE_HANDLING, navn)
    if foerste and isinstance(obj.get("ordning"), str) and obj["ordning"] not in ORDNINGER:
        yield fejl(Fejlkode.UKENDT_VAERDI, "ordning", vaerdier=", ".join(ORDNINGER))
