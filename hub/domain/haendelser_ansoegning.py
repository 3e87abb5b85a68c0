"""The facts of an application, a draft, an assessment, and of the case as a whole; see `haendelser`."""

from datetime import date

import msgspec

from hub.domain.forseglet import Fortrolig
from hub.domain.vilkaar import Ansat, Kursus, Sats, Vikar


class Data(msgspec.Struct, frozen=True, gc=False):
    """What every event's data derive from; the class's name is the event's type."""


class AnsoegningOprettet(Data, frozen=True, gc=False):
    """An application was made; also the case's birth. `konfliktramt` is a snapshot (R-2.1); null employees are unknown, not 0 (R-3.2)."""

    ordning: str
    jobCenterKode: str
    vitasSagsnummer: str
    cvrNummer: str
    pNummer: str
    borgerId: str
    personnummer: Fortrolig
    borgerNavn: Fortrolig
    startdato: date
    slutdato: date | None
    ugentligArbejdstid: str
    ansvarligKontaktperson: Fortrolig
    kontaktpersonPaaArbejdsstedet: Fortrolig
    medarbejderrepraesentant: Fortrolig | None = None
    harMedarbejderrepraesentant: bool = False
    ansatteRimelighedskrav: str | None = None
    ansatteMerbeskaeftigelseskrav: str | None = None
    konfliktramt: bool = False
    konfliktOprindelse: str | None = None
    konfliktKommentar: Fortrolig | None = None
    konfliktKommentarUdfyldt: bool = False
    sats: Sats | None = None
    konfliktKilde: str | None = None
    oeremaerket: bool | None = None
    ansatte: tuple[Ansat, ...] = ()
    kurser: tuple[Kursus, ...] = ()
    vikarer: tuple[Vikar, ...] = ()
    vitasUrl: str | None = None


class AnsoegningRettet(Data, frozen=True, gc=False):
    """An application was corrected; only the fields named in `rettede` count, also when their value is null."""

    rettede: tuple[str, ...]
    startdato: date | None = None
    slutdato: date | None = None
    ugentligArbejdstid: str | None = None
    ansvarligKontaktperson: Fortrolig | None = None
    kontaktpersonPaaArbejdsstedet: Fortrolig | None = None
    medarbejderrepraesentant: Fortrolig | None = None
    harMedarbejderrepraesentant: bool = False
    ansatteRimelighedskrav: str | None = None
    ansatteMerbeskaeftigelseskrav: str | None = None
    konfliktKommentar: Fortrolig | None = None
    konfliktKommentarUdfyldt: bool = False
    sats: Sats | None = None
    oeremaerket: bool | None = None
    ansatte: tuple[Ansat, ...] = ()
    kurser: tuple[Kursus, ...] = ()
    vikarer: tuple[Vikar, ...] = ()


class AnsoegningUnderskrevet(Data, frozen=True, gc=False):
    """`underskriver` (Arbejdsgiver or Medarbejderrepraesentant) signed the application."""

    underskriver: str


class SagTildelt(Data, frozen=True, gc=False):
    """The case was given to a team and perhaps a caseworker (open: at work)."""

    team: str | None = None
    medarbejderNavn: str | None = None
    medarbejderEmail: str | None = None


class SagOvertaget(Data, frozen=True, gc=False):
    """A caseworker took the case over (R-4.1: a fact, not a label)."""

    medarbejderNavn: str | None = None
    medarbejderEmail: str | None = None


class SagFrigivet(Data, frozen=True, gc=False):
    """The responsible caseworker let the case go; the team stays."""


class SendtTilAndenAktoer(Data, frozen=True, gc=False):
    """The jobcentre handed the application to a contractor."""

    andenAktoerCvrNummer: str
    andenAktoerPNummer: str
    tekst: Fortrolig | None = None


class AfvistTilAndenAktoer(Data, frozen=True, gc=False):
    """The jobcentre rejected the application towards the contractor."""

    tekst: Fortrolig | None = None


class OvertagetFraAndenAktoer(Data, frozen=True, gc=False):
    """The jobcentre took the application back (R-2.3)."""

    tekst: Fortrolig | None = None


class AnsoegningGodkendt(Data, frozen=True, gc=False):
    """The jobcentre approved the application."""

    tekst: Fortrolig | None = None
    tekstversion: str | None = None


class AnsoegningAfvist(Data, frozen=True, gc=False):
    """The application was rejected, with the text that went to the company (R-2.3, R-3.4); `tekstKilde` is its version's row."""

    tekst: Fortrolig | None = None
    tekstversion: str | None = None
    tekstKilde: str | None = None


class AnsoegningTrukketTilbage(Data, frozen=True, gc=False):
    """The company withdrew the application."""

    tekst: Fortrolig | None = None


class AnsoegningForhaandsgodkendt(Data, frozen=True, gc=False):
    """The jobcentre approved the application beforehand (voksenlærling)."""

    tekst: Fortrolig | None = None


class SagFlyttet(Data, frozen=True, gc=False):
    """The case moved to another jobcentre."""

    afgivendeJobCenterKode: str
    modtagendeJobCenterKode: str


class FlytningKvitteret(Data, frozen=True, gc=False):
    """The receiving jobcentre acknowledged the move."""


class KladdeSendt(Data, frozen=True, gc=False):
    """The jobcentre sent a draft to the company; the team is the drafting caseworker's (R-4.4)."""

    team: str | None = None
    medarbejderNavn: str | None = None
    medarbejderEmail: str | None = None


class KladdeReturneret(Data, frozen=True, gc=False):
    """The company returned the draft, signed or not."""

    underskrevet: bool


class VurderingAfgjort(Data, frozen=True, gc=False):
    """The fleksjob assessment was decided; `arbejdsintensitetPct` is an exact decimal (R-4.2)."""

    arbejdsintensitetPct: str


class VurderingOvertaget(Data, frozen=True, gc=False):
    """A caseworker took the assessment over (R-4.1)."""

    medarbejderNavn: str | None = None
    medarbejderEmail: str | None = None


class VurderingFrigivet(Data, frozen=True, gc=False):
    """The assessment was released."""


class VurderingGenaabnet(Data, frozen=True, gc=False):
    """The assessment was reopened."""
