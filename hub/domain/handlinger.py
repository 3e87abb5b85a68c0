"""The actions VITAS sends (contract.md): the envelope, the data of each, and `laes_handling`, which lists every error at once."""

import re
from collections.abc import Iterator, Mapping
from typing import Literal

from pydantic import SerializeAsAny, ValidationError, ValidationInfo, field_validator

from hub.domain import handlinger_aftale as f
from hub.domain import handlinger_ansoegning as a
from hub.domain import handlinger_bevilling as b
from hub.domain import handlinger_dokument as d
from hub.domain import handlinger_tillaeg as t
from hub.domain.fejl import Afvisning, Fejl, fejl
from hub.domain.fejlkoder import Fejlkode
from hub.domain.felter import (
    CVR,
    FORMATER,
    JOBCENTER,
    KOMMUNE,
    Adresse,
    AktoerId,
    JobCenterKode,
    Model,
    Navn,
    Sagsnummer,
    Tidspunkt,
    Uuid,
    krav,
    uden_personnummer,
)
from hub.domain.koder import ORDNINGER
from hub.domain.kuvert import AABNE_AKTOERER, AktoerType
from hub.domain.matrix import FOEDES_VED, FOERSTE, KUN_FOERSTE
from hub.domain.ordningsfelter import fejl_i_felterne
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
    "ForhaandsgodkendAnsoegning": a.MedTekst,
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
    "RetTilskudssats": b.RetTilskudssats,
    "RegistrerOphoer": b.Ophoersdata,
    "RetOphoer": b.Ophoersdata,
    "TilbagekaldOphoer": a.Ingen,
    "IndgaaAftale": f.IndgaaAftale,
    "RetAftale": f.RetAftale,
    "TilfoejDokument": d.TilfoejDokument,
    "UdstedTillaegsbevilling": t.UdstedTillaegsbevilling,
    "UnderskrivTillaegsbevilling": t.UnderskrivTillaegsbevilling,
}
"""Every action the hub knows, and the model of its data."""

SAGENS_FELTER = ("ordning", "jobCenterKode", "vitasSagsnummer")
"""What names a new case in the envelope: on the action that opens it, and on no other."""
SAGENS_VALGFRIE = ("vitasUrl",)
"""What may stand there beside them, on that action alone."""
SAGENS_DATA = ("virksomhed", "borger")
"""The same in its data."""


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
    """Who acted. A citizen acts for no organisation; whoever is at work stands open with id and name."""

    type: AktoerType
    id: AktoerId
    navn: Navn | None = None
    organisation: OrganisationIn | None = None

    @field_validator("id", "navn")
    @classmethod
    def _aaben(cls, tekst: str | None, info: ValidationInfo) -> str | None:
        return uden_personnummer(tekst) if tekst and info.data.get("type") in AABNE_AKTOERER else tekst

    @field_validator("organisation", mode="before")
    @classmethod
    def _ikke_for_en_borger(cls, organisation: object, info: ValidationInfo) -> object:
        if organisation is not None and info.data.get("type") == "Borger":
            raise krav(Fejlkode.BORGER_UDEN_ORGANISATION)
        return organisation


class Handling(Model):
    """One action, checked in form. `haendelsestidspunkt` is aware UTC; `data` is the model that `HANDLINGER` names.

    `vitasUrl` may stand beside `vitasSagsnummer`: the address of the case's page in VITAS.
    """

    handling: str
    sagsId: Uuid
    eksternIdentifier: Uuid
    haendelsestidspunkt: Tidspunkt
    aktoer: AktoerIn
    data: SerializeAsAny[Model]
    ordning: str | None = None
    jobCenterKode: JobCenterKode | None = None
    vitasSagsnummer: Sagsnummer | None = None
    vitasUrl: Adresse | None = None

    @property
    def aabner(self) -> bool:
        """Whether it opens a case: it names a new one, in all of `SAGENS_FELTER` and `SAGENS_DATA`."""
        return self.ordning is not None


def laes_handling(obj: object) -> Handling:
    """The action in `obj` (decoded JSON). Raises `Afvisning` with every error of envelope and data; no error repeats what was typed."""
    if not isinstance(obj, Mapping):
        raise Afvisning([fejl(Fejlkode.FORKERT_TYPE, type="et objekt")])
    navn = obj.get("handling")
    model = HANDLINGER.get(navn) if isinstance(navn, str) else None
    data, fejlene = _laes(model, obj.get("data", {}), "data") if model else (Model(), list(_ukendt(obj)))
    handling, flere = _laes(Handling, {**obj, "data": data or Model()}, "")
    fejlene = [*flere, *fejlene, *(_foerste(obj, model) if model else _kendt_ordning(obj))]
    if fejlene or not isinstance(handling, Handling):
        raise Afvisning([*fejlene, *_ordningens_felter(obj, fejlene)])
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


def _foerste(obj: Mapping[str, object], model: type[Model]) -> Iterator[Fejl]:
    """The fields of a case's first action: all or none where it can also come later, none where it is never the first.

    It must be the one that opens cases of its scheme.
    """
    navn = obj["handling"]
    if navn not in FOERSTE:
        yield from (fejl(Fejlkode.KUN_FOERSTE_HANDLING, felt) for felt in (*SAGENS_FELTER, *SAGENS_VALGFRIE) if felt in obj)
    elif navn in KUN_FOERSTE or _naevner_ny_sag(obj):
        yield from (fejl(Fejlkode.MANGLER, felt) for felt in SAGENS_FELTER if obj.get(felt) is None)
        for felt in SAGENS_DATA:
            if not model.model_fields[felt].is_required() and _data(obj).get(felt) is None:
                yield fejl(Fejlkode.MANGLER, f"data.{felt}")
        yield from _kendt_ordning(obj)
        ordning = obj.get("ordning")
        if isinstance(ordning, str) and FOEDES_VED.get(ordning, navn) != navn:
            yield fejl(Fejlkode.FORKERT_FOERSTE_HANDLING, "handling", ordning=ordning, foerste=FOEDES_VED[ordning])


def _kendt_ordning(obj: Mapping[str, object]) -> Iterator[Fejl]:
    """The scheme must be one of the code list's."""
    ordning = obj.get("ordning")
    if isinstance(ordning, str) and ordning not in ORDNINGER:
        yield fejl(Fejlkode.UKENDT_VAERDI, "ordning", vaerdier=", ".join(ORDNINGER))


def _ordningens_felter(obj: Mapping[str, object], fejlene: list[Fejl]) -> Iterator[Fejl]:
    """Of an action that names its scheme, what `decide` would have said of the scheme's fields, had the form been right."""
    ordning, handling, data = obj.get("ordning"), str(obj.get("handling")), _data(obj)
    if not isinstance(ordning, str) or FOEDES_VED.get(ordning) != handling:
        return
    sagt = {f.felt for f in fejlene}
    for en in fejl_i_felterne(ordning, handling, data.get):
        if en.kode != Fejlkode.MANGLER or en.felt not in sagt:
            yield en


def _naevner_ny_sag(obj: Mapping[str, object]) -> bool:
    kuvert = any(obj.get(felt) is not None for felt in (*SAGENS_FELTER, *SAGENS_VALGFRIE))
    return kuvert or any(_data(obj).get(felt) is not None for felt in SAGENS_DATA)


def _data(obj: Mapping[str, object]) -> Mapping[str, object]:
    data = obj.get("data")
    return data if isinstance(data, Mapping) else {}
