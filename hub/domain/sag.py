"""The state of one case, folded from its events by `evolve`: history as it was decided, nothing derived (R-2.2)."""

from datetime import date, datetime

import msgspec

from hub.domain.forseglet import Forseglet
from hub.domain.periode import Periode
from hub.domain.vilkaar import Ansat, Assistancevilkaar, Hjaelpemiddelvilkaar, Kursus, Mentorvilkaar, Sats, Vikar

FOLD_VERSION = 4
"""Raised when a stored `Sag` of older code can no longer be read or would fold differently."""


class Medarbejder(msgspec.Struct, frozen=True, gc=False):
    """A caseworker at work (open)."""

    navn: str | None
    email: str | None


class AndenAktoer(msgspec.Struct, frozen=True, gc=False):
    """A contractor's company: CVR (8 digits) and P-number (10)."""

    cvrNummer: str
    pNummer: str


class Akt(msgspec.Struct, frozen=True, gc=False):
    """What every act has: its uuid, and the case version and times at which it was registered and happened."""

    id: str
    version: int
    registreret: datetime
    sket: datetime


class Ansoegning(Akt, frozen=True, gc=False):
    """The application. `komplet` from the signature that completes it; `afgjort` is when it was decided."""

    startdato: date
    slutdato: date | None
    ugentligArbejdstid: str
    ansvarligKontaktperson: Forseglet
    kontaktpersonPaaArbejdsstedet: Forseglet
    medarbejderrepraesentant: Forseglet | None
    harMedarbejderrepraesentant: bool
    ansatteRimelighedskrav: str | None
    ansatteMerbeskaeftigelseskrav: str | None
    konfliktramt: bool
    konfliktOprindelse: str | None
    konfliktKommentar: Forseglet | None
    konfliktKommentarUdfyldt: bool
    sats: Sats | None
    underskrevetAf: tuple[str, ...] = ()
    komplet: bool = False
    afgjort: datetime | None = None
    tekst: Forseglet | None = None
    tekstversion: str | None = None
    konfliktKilde: str | None = None
    oeremaerket: bool | None = None
    ansatte: tuple[Ansat, ...] = ()
    kurser: tuple[Kursus, ...] = ()
    vikarer: tuple[Vikar, ...] = ()


class Vurdering(Akt, frozen=True, gc=False):
    """The fleksjob assessment (R-4.1, R-4.2)."""

    ansvarlig: Medarbejder | None = None
    arbejdsintensitetPct: str | None = None
    afgjort: bool = False


class Forlaengelse(Akt, frozen=True, gc=False):
    """An extension: asked for, granted or refused. `bevilgetVersion` is the case version that granted it."""

    ansoegtSlutdato: date | None = None
    bevilget: Periode | None = None
    bevilgetVersion: int | None = None
    afslaaet: bool = False
    ansaettelsesbrevGaelderFortsat: bool | None = None
    sats: Sats | None = None
    tekst: Forseglet | None = None


class Ophoer(Akt, frozen=True, gc=False):
    """A termination: stop date as last corrected; it stands until it is withdrawn."""

    stopdato: date
    rettet: bool = False
    tilbagekaldt: bool = False
    aarsag: Forseglet | None = None
    modtagetStoetteSeneste12Mdr: str | None = None
    loenudgiftSeneste12Mdr: str | None = None
    sats: Sats | None = None


class Statusskift(msgspec.Struct, frozen=True, gc=False):
    """A grant status and the act that caused it: 'as before X' is the list without X's entry."""

    aarsag: str
    kode: int


class Bevilling(Akt, frozen=True, gc=False):
    """A grant with its own history of extensions and terminations, oldest first."""

    periode: Periode
    ugentligArbejdstid: str | None
    kontaktpersonPaaArbejdsstedet: Forseglet | None
    sats: Sats | None
    statusskift: tuple[Statusskift, ...]
    godkendtAf: tuple[str, ...] = ()
    afvist: bool = False
    forlaengelser: tuple[Forlaengelse, ...] = ()
    ophoer: tuple[Ophoer, ...] = ()
    mentor: Mentorvilkaar | None = None
    mentorfunktion: Forseglet | None = None
    assistance: Assistancevilkaar | None = None
    funktionsnedsaettelse: Forseglet | None = None
    beskedTilVirksomhed: Forseglet | None = None
    hjaelpemiddel: Hjaelpemiddelvilkaar | None = None
    hjaelpemiddelbeskrivelse: Forseglet | None = None

    @property
    def status(self) -> int:
        """The bevillingsstatus code of this grant."""
        return self.statusskift[-1].kode

    @property
    def egenstatus(self) -> int:
        """The last code that no extension made: whether it is sent, approved, refused or ended itself."""
        forlaengelser = {f.id for f in self.forlaengelser}
        return next(s.kode for s in reversed(self.statusskift) if s.aarsag not in forlaengelser)

    @property
    def godkendt(self) -> bool:
        """Whether everybody who must has approved it: once it was 9304, Bevilget."""
        return any(skift.kode == 9304 for skift in self.statusskift)


class Aftaleperiode(msgspec.Struct, frozen=True, gc=False):
    """A period as agreed, and the case version that agreed it."""

    version: int
    periode: Periode


class Aftale(Akt, frozen=True, gc=False):
    """An agreement (IGU): its periods as agreed, the first one first; terminations as of a grant."""

    perioder: tuple[Aftaleperiode, ...]
    kontaktpersonPaaArbejdsstedet: Forseglet | None = None
    ophoer: tuple[Ophoer, ...] = ()

    @property
    def periode(self) -> Periode:
        """The period as it is agreed now: each correction replaced the one before."""
        return self.perioder[-1].periode


Forloeb = Bevilling | Aftale
"""What runs for a period, and ends early by a termination."""


class Tillaegsbevilling(Akt, frozen=True, gc=False):
    """A supplementary grant of a `type` (Mentor, Hjaelpemiddel); `underskrevet` is when the employer signed (R-3.7)."""

    type: str
    periode: Periode
    ugentligArbejdstid: str | None = None
    kontaktpersonPaaArbejdsstedet: Forseglet | None = None
    tilSagsId: str | None = None
    mentor: Mentorvilkaar | None = None
    mentorfunktion: Forseglet | None = None
    hjaelpemiddel: Hjaelpemiddelvilkaar | None = None
    hjaelpemiddelbeskrivelse: Forseglet | None = None
    underskrevet: datetime | None = None
    medBilag: bool = False


class Dokument(Akt, frozen=True, gc=False):
    """A document of the act `vedroerer`; `sha256` (hex) is its address in the document store, `stoerrelse` its bytes."""

    vedroerer: str
    navn: Forseglet
    mimetype: str
    stoerrelse: int
    sha256: str


class Ejerskab(msgspec.Struct, frozen=True, gc=False):
    """A jobcentre that owned the case up to and including version `til` (its SagFlyttet)."""

    jobCenterKode: str
    til: int


class Sag(msgspec.Struct, frozen=True, gc=False):
    """One case. Personal fields are ciphertext with their origin."""

    id: str
    version: int
    registreret: datetime
    ordning: str
    vitasSagsnummer: str
    jobCenterKode: str
    cvrNummer: str
    pNummer: str
    borgerId: str
    personnummer: Forseglet
    borgerNavn: Forseglet
    ansoegningStatus: int | None = None
    team: str | None = None
    ansvarlig: Medarbejder | None = None
    andenAktoer: AndenAktoer | None = None
    tidligereEjere: tuple[Ejerskab, ...] = ()
    ansoegning: Ansoegning | None = None
    vurderinger: tuple[Vurdering, ...] = ()
    bevillinger: tuple[Bevilling, ...] = ()
    aftale: Aftale | None = None
    tillaegsbevillinger: tuple[Tillaegsbevilling, ...] = ()
    dokumenter: tuple[Dokument, ...] = ()
    vitasUrl: str | None = None

    @property
    def bevilling(self) -> Bevilling | None:
        """The newest grant, refused or not."""
        return self.bevillinger[-1] if self.bevillinger else None

    @property
    def bevillingsstatus(self) -> int | None:
        """The newest grant's status code; the case's second status dimension."""
        return self.bevillinger[-1].status if self.bevillinger else None


def find_bevilling(sag: Sag, akt_id: str) -> Bevilling | None:
    """The grant that is, or owns, the act `akt_id`."""
    for bevilling in sag.bevillinger:
        if bevilling.id == akt_id or akt_id in [akt.id for akt in (*bevilling.forlaengelser, *bevilling.ophoer)]:
            return bevilling
    return None


def find_forloeb(sag: Sag, akt_id: str) -> Forloeb | None:
    """The grant or agreement that is, or owns, the act `akt_id`."""
    aftale = sag.aftale
    if aftale is not None and (aftale.id == akt_id or akt_id in [ophoer.id for ophoer in aftale.ophoer]):
        return aftale
    return find_bevilling(sag, akt_id)


def hovedakt(sag: Sag) -> str:
    """The main act's id: the newest grant that is not refused, an agreement, the application, else the newest grant (domain.md)."""
    gyldige = [b.id for b in sag.bevillinger if not b.afvist]
    if gyldige:
        return gyldige[-1]
    for akt in (sag.aftale, sag.ansoegning, *reversed(sag.bevillinger), *reversed(sag.tillaegsbevillinger)):
        if akt is not None:
            return akt.id
    raise ValueError("a case has an act")
