"""The data of the actions on an application, a draft, an assessment, and on the case as a whole (contract.md, Actions)."""

from typing import Literal

from pydantic import model_validator

from hub.domain.fejlkoder import Fejlkode
from hub.domain.felter import (
    AnsatteIn,
    Betegnelse,
    BorgerIn,
    JobCenterKode,
    Kommentar,
    KontaktIn,
    MedarbejderIn,
    Model,
    PeriodeIn,
    Procent,
    Satskode,
    Tekst,
    Timer,
    VirksomhedIn,
    krav,
)
from hub.domain.handlinger_jobrotation import Ansatte, Kurser, Vikarer

Underskriver = Literal["Arbejdsgiver", "Medarbejderrepraesentant"]


class Ingen(Model):
    """An action without data of its own."""


class OpretAnsoegning(Model):
    """A new application, and with it the case. `konfliktramt` false is a 'Nej', true a 'Ja', left out no answer (R-2.1).

    What only some schemes have is in `ordningsfelter`.
    """

    virksomhed: VirksomhedIn
    borger: BorgerIn
    periode: PeriodeIn
    ugentligArbejdstid: Timer
    ansvarligKontaktperson: KontaktIn
    kontaktpersonPaaArbejdsstedet: KontaktIn
    medarbejderrepraesentant: KontaktIn | None = None
    antalAnsatteSenesteMaaned: AnsatteIn = AnsatteIn()
    konfliktramt: bool | None = None
    konfliktKommentar: Kommentar | None = None
    timeTilskudsats: Satskode | None = None
    oeremaerket: bool | None = None
    ansatte: Ansatte | None = None
    kurser: Kurser | None = None
    vikarer: Vikarer | None = None


class RetAnsoegning(Model):
    """The changed fields; null removes where null is allowed. Of `antalAnsatteSenesteMaaned` only the numbers given count.

    A list is given whole.
    """

    periode: PeriodeIn | None = None
    ugentligArbejdstid: Timer | None = None
    ansvarligKontaktperson: KontaktIn | None = None
    kontaktpersonPaaArbejdsstedet: KontaktIn | None = None
    medarbejderrepraesentant: KontaktIn | None = None
    antalAnsatteSenesteMaaned: AnsatteIn | None = None
    konfliktramt: bool | None = None
    konfliktKommentar: Kommentar | None = None
    timeTilskudsats: Satskode | None = None
    oeremaerket: bool | None = None
    ansatte: Ansatte | None = None
    kurser: Kurser | None = None
    vikarer: Vikarer | None = None

    @model_validator(mode="after")
    def _noget(self) -> "RetAnsoegning":
        if not self.model_fields_set:
            raise krav(Fejlkode.INTET_AT_RETTE)
        return self


class UnderskrivAnsoegning(Model):
    """Who signed."""

    underskriver: Underskriver


class TildelSag(Model):
    """The team, the caseworker or both that have the case from now on; the one that is left out stays as it is."""

    team: Betegnelse | None = None
    medarbejder: MedarbejderIn | None = None

    @model_validator(mode="after")
    def _noget(self) -> "TildelSag":
        if self.team is None and self.medarbejder is None:
            raise krav(Fejlkode.INTET_AT_RETTE)
        return self


class Overtag(Model):
    """Who takes over; left out, the caseworker who acts (R-4.1)."""

    medarbejder: MedarbejderIn | None = None


class SendTilAndenAktoer(Model):
    """The contractor that gets the application."""

    andenAktoer: VirksomhedIn
    tekst: Tekst | None = None


class MedTekst(Model):
    """An action that may carry a text."""

    tekst: Tekst | None = None


class GodkendAnsoegning(Model):
    """An approval, perhaps with a text and the text's version."""

    tekst: Tekst | None = None
    tekstversion: Betegnelse | None = None


class AfvisAnsoegning(Model):
    """A rejection always carries the text that VITAS mails to the company (R-2.3), and the standard text's version (R-3.4)."""

    tekst: Tekst
    tekstversion: Betegnelse | None = None


class FlytSag(Model):
    """The jobcentre that gets the case."""

    modtagendeJobCenterKode: JobCenterKode


class SendKladde(Model):
    """The draft's team is its caseworker's (R-4.4)."""

    team: Betegnelse
    medarbejder: MedarbejderIn | None = None


class ReturnerKladde(Model):
    """The draft comes back, signed or not."""

    underskrevet: bool


class AfgoerVurdering(Model):
    """The work intensity in percent, an exact decimal from 0 to 100 (R-4.2)."""

    arbejdsintensitetPct: Procent
