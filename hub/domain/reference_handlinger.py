"""The actions on the reference streams (contract.md): their data, what stream each is about, and the checks of open text.

What is registered here stands open on the log, for every reader: a text that may hold a CPR number is refused.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import AfterValidator, ValidationError, ValidationInfo, field_validator

from hub.domain.fejl import Afvisning, fejl
from hub.domain.fejlkoder import Fejlkode
from hub.domain.felter import CVR, FORMATER, Beskrivelse, Betegnelse, Dato, Model, Satskode, Tekst, krav, uden_personnummer
from hub.domain.handlinger import AktoerIn
from hub.domain.oversaettelse import oversat

Afslagsordning = Literal["Loentilskud", "Virksomhedspraktik", "Voksenlaerling"]
"""The schemes whose rejection texts are versioned (R-3.4)."""
LISTENAVN = "^[A-Za-z]{1,40}$"
"""The shape of a list's or a scheme's name, as a reader asks for it."""
Liste = Literal["virksomhedsordningSkabelon", "virksomhedsordningSubskabelon", "ansoegningStatus", "bevillingsstatus", "mentortype"]
"""The code lists that there are; a misspelt one would be a list of its own that nobody reads."""
HOEJST_FAGOMRAADER = 50
HOEJST_KODE = 999_999
FOERSTE_LOVAAR = 2020
"""Laws from before 1 January of this year are not named (R-1.4)."""

# A paragraph says nothing of its law's age, so none is taken; a law by name is taken when the text says that it is new enough.
# The laws that are known by their letters; one with a number after it is a paragraph without its sign.
_FORKORTET = r"(?-i:\b(?:LAB|LAS|ABL|SEL|FVL|RSL|KSL)\b)"
_PARAGRAF = re.compile(
    rf"§|&sect;|&#167;|\bparagraf|\bstk\.? ?\d|\bkap(?:\.|itel|itler)? ?\d|{_FORKORTET},? ?\d{{1,3}}(?!\d)", re.IGNORECASE
)
_LOV = re.compile(
    rf"{_FORKORTET}|\blov(?:en|ens|s)?\b|\b(?!orlov|forlov)\w{{3,}}lov(?:en|ens|s)?\b|\b(?:lov)?bekendtgørelse|\bcirkulære|\b(?:lbk|bek)\b",
    re.IGNORECASE,
)
_LOVNUMMER = re.compile(r"\bnr\.? ?\d+", re.IGNORECASE)
_AAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)", re.ASCII)


def _uden_lovhenvisning(tekst: str) -> str:
    """R-1.4: no paragraph or chapter at all, and a law, by name or by its letters, only with a year that is 2020 or later."""
    aar = [int(fund) for fund in _AAR.findall(_LOVNUMMER.sub("", tekst))]
    if _PARAGRAF.search(tekst) or (_LOV.search(tekst) and min(aar, default=0) < FOERSTE_LOVAAR):
        raise krav(Fejlkode.LOVHENVISNING)
    return tekst


def _fagomraader(givet: list[str]) -> list[str]:
    if not 1 <= len(givet) <= HOEJST_FAGOMRAADER:
        raise krav(Fejlkode.FORKERT_ANTAL, mindst=1, hoejst=HOEJST_FAGOMRAADER)
    return givet


def _kode(kode: int) -> int:
    if not 1 <= kode <= HOEJST_KODE:
        raise krav(Fejlkode.UDEN_FOR_GRAENSEN, mindst=1, hoejst=HOEJST_KODE)
    return kode


Satsnavn = Annotated[Betegnelse, AfterValidator(_uden_lovhenvisning)]
Satsbeskrivelse = Annotated[Beskrivelse, AfterValidator(_uden_lovhenvisning)]


class _MedGyldighed(Model):
    """A row valid in [startdato, slutdato): the first day counts, `slutdato` does not; left out or null, it is open."""

    startdato: Dato
    slutdato: Dato | None = None

    @field_validator("slutdato")
    @classmethod
    def _ikke_tom(cls, slutdato: date | None, info: ValidationInfo) -> date | None:
        startdato = info.data.get("startdato")
        if slutdato is not None and startdato is not None and slutdato <= startdato:
            raise krav(Fejlkode.TOM_GYLDIGHED)
        return slutdato


class RegistrerKonflikt(Model):
    """The company is affected from `fra` on, in these trades (R-2.1)."""

    fra: Dato
    fagomraader: Annotated[list[Betegnelse], AfterValidator(_fagomraader)]


class OphoerKonflikt(Model):
    """The company is affected no more."""


class RegistrerSats(_MedGyldighed):
    """A rate; its texts name no law from before 1 January 2020 (R-1.4)."""

    kode: Satskode
    navn: Satsnavn
    beskrivelse: Satsbeskrivelse


class RegistrerAfslagstekst(_MedGyldighed):
    """A version of a scheme's rejection text (R-3.4), by the name that a rejection gives as `tekstversion`."""

    ordning: Afslagsordning
    tekstversion: Betegnelse
    tekst: Annotated[Tekst, AfterValidator(uden_personnummer)]


class RegistrerKode(_MedGyldighed):
    """A row of a code list."""

    liste: Liste
    kode: Annotated[int, AfterValidator(_kode)]
    navn: Betegnelse
    beskrivelse: Beskrivelse | None = None


class Referencehandling(NamedTuple):
    """One action on a reference stream, checked in form; the ledger knows the stream as `sagsId`, and there is no act beside it.

    `haendelsestidspunkt` null: it happened when it is registered.
    """

    handling: str
    sagsId: str
    data: Any
    aktoer: AktoerIn
    haendelsestidspunkt: datetime | None = None

    @property
    def aabner(self) -> bool:
        """A stream is there from its first event on; no action before it opens it."""
        return True

    @property
    def eksternIdentifier(self) -> str:  # noqa: N802
        """The stream itself."""
        return self.sagsId


class Slags(NamedTuple):
    """An action's data, and the name of its stream from them and from what the address names."""

    model: type[Model]
    stroem: Callable[[Any, str], str]


def satsstroem(kode: int) -> str:
    """The stream of a rate."""
    return f"sats-{kode}"


def tekststroem(ordning: str) -> str:
    """The stream of a scheme's rejection texts."""
    return f"afslagstekst-{ordning}"


def kodestroem(liste: str) -> str:
    """The stream of a code list."""
    return f"kodeliste-{liste}"


REFERENCEHANDLINGER: dict[str, Slags] = {
    "RegistrerKonflikt": Slags(RegistrerKonflikt, lambda data, cvr: cvr),
    "OphoerKonflikt": Slags(OphoerKonflikt, lambda data, cvr: cvr),
    "RegistrerSats": Slags(RegistrerSats, lambda data, _: satsstroem(data.kode)),
    "RegistrerAfslagstekst": Slags(RegistrerAfslagstekst, lambda data, _: tekststroem(data.ordning)),
    "RegistrerKode": Slags(RegistrerKode, lambda data, _: kodestroem(data.liste)),
}
"""Every action on a reference stream."""
PAA_KONFLIKTER = frozenset({"RegistrerKonflikt", "OphoerKonflikt"})
"""Those whose stream is a company's."""


def laes_reference(handling: str, obj: Mapping[str, object], aktoer: AktoerIn, cvr: str = "") -> Referencehandling:
    """The action with the data in `obj` (decoded JSON), and for a conflict the company named in the address.

    Raises `Afvisning` with every error; none repeats what was typed.
    """
    slags = REFERENCEHANDLINGER[handling]
    fejlene = []
    if handling in PAA_KONFLIKTER and not re.fullmatch(CVR, cvr, re.ASCII):
        fejlene.append(fejl(Fejlkode.FORKERT_FORMAT, "cvr", format=FORMATER[CVR], moenster=CVR))
    try:
        data = slags.model.model_validate(obj)
    except ValidationError as samling:
        raise Afvisning([*fejlene, *(oversat(f, "") for f in samling.errors(include_url=False))]) from None
    if fejlene:
        raise Afvisning(fejlene)
    return Referencehandling(handling, slags.stroem(data, cvr), data, aktoer)
