"""The facts of grants, extensions, terminations, agreements, supplementary grants, documents, and of the citizen; see `haendelser`."""

from datetime import date

from hub.domain.forseglet import Fortrolig
from hub.domain.haendelser_ansoegning import Data
from hub.domain.vilkaar import Assistancevilkaar, Hjaelpemiddelvilkaar, Mentorvilkaar, Sats


class BevillingUdstedt(Data, frozen=True, gc=False):
    """A grant was issued for [startdato, slutdato], inclusive; slutdato null is open-ended.

    The fields from `ordning` to `borgerNavn` only where it is the case's birth: a scheme without an application.
    """

    startdato: date
    slutdato: date | None
    ugentligArbejdstid: str | None = None
    kontaktpersonPaaArbejdsstedet: Fortrolig | None = None
    sats: Sats | None = None
    ordning: str | None = None
    jobCenterKode: str | None = None
    vitasSagsnummer: str | None = None
    cvrNummer: str | None = None
    pNummer: str | None = None
    borgerId: str | None = None
    personnummer: Fortrolig | None = None
    borgerNavn: Fortrolig | None = None
    mentor: Mentorvilkaar | None = None
    mentorfunktion: Fortrolig | None = None
    assistance: Assistancevilkaar | None = None
    funktionsnedsaettelse: Fortrolig | None = None
    beskedTilVirksomhed: Fortrolig | None = None
    hjaelpemiddel: Hjaelpemiddelvilkaar | None = None
    hjaelpemiddelbeskrivelse: Fortrolig | None = None
    vitasUrl: str | None = None


class BevillingSendt(Data, frozen=True, gc=False):
    """The grant was sent to the company for approval."""


class BevillingGenfremsendt(Data, frozen=True, gc=False):
    """The grant was sent to the company once more (R-5.4: changes nothing)."""


class BevillingGodkendt(Data, frozen=True, gc=False):
    """`af` (Virksomhed or Borger) approved the grant."""

    af: str


class BevillingAfvist(Data, frozen=True, gc=False):
    """`af` (Virksomhed or Borger) refused the grant."""

    af: str
    tekst: Fortrolig | None = None


class ForlaengelseAnsoegt(Data, frozen=True, gc=False):
    """An extension up to `slutdato` was applied for; its start is decided when it is granted."""

    slutdato: date
    ansaettelsesbrevGaelderFortsat: bool | None = None
    sats: Sats | None = None


class ForlaengelseBevilget(Data, frozen=True, gc=False):
    """An extension [startdato, slutdato] was granted."""

    startdato: date
    slutdato: date
    ansaettelsesbrevGaelderFortsat: bool | None = None
    sats: Sats | None = None


class ForlaengelseAfslaaet(Data, frozen=True, gc=False):
    """An extension was refused."""

    tekst: Fortrolig | None = None


class OphoerRegistreret(Data, frozen=True, gc=False):
    """The grant ends with `stopdato` as its last day; amounts in kroner, exact (løntilskud)."""

    stopdato: date
    aarsag: Fortrolig | None = None
    modtagetStoetteSeneste12Mdr: str | None = None
    loenudgiftSeneste12Mdr: str | None = None
    sats: Sats | None = None


class OphoerRettet(Data, frozen=True, gc=False):
    """The termination's facts were replaced by these."""

    stopdato: date
    aarsag: Fortrolig | None = None
    modtagetStoetteSeneste12Mdr: str | None = None
    loenudgiftSeneste12Mdr: str | None = None
    sats: Sats | None = None


class OphoerTilbagekaldt(Data, frozen=True, gc=False):
    """The termination was withdrawn; what it annulled stands again."""


class TilskudssatsRettet(Data, frozen=True, gc=False):
    """The rate of the grant or extension that the envelope names was corrected to this one (R-3.6)."""

    sats: Sats


class AftaleIndgaaet(Data, frozen=True, gc=False):
    """An agreement (IGU) was made for [startdato, slutdato], inclusive; also the case's birth."""

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
    kontaktpersonPaaArbejdsstedet: Fortrolig | None = None
    vitasUrl: str | None = None


class AftaleRettet(Data, frozen=True, gc=False):
    """The agreement's period, and its contact where one is given, were replaced by these."""

    startdato: date
    slutdato: date | None
    kontaktpersonPaaArbejdsstedet: Fortrolig | None = None


class TillaegsbevillingUdstedt(Data, frozen=True, gc=False):
    """A supplementary grant of a `type` (Mentor or Hjaelpemiddel), for a period of its own; `tilSagsId` is the case it adds to, when known.

    The fields from `ordning` to `borgerNavn` only where it is the case's birth.
    """

    type: str
    startdato: date
    slutdato: date | None
    ugentligArbejdstid: str | None = None
    kontaktpersonPaaArbejdsstedet: Fortrolig | None = None
    tilSagsId: str | None = None
    ordning: str | None = None
    jobCenterKode: str | None = None
    vitasSagsnummer: str | None = None
    cvrNummer: str | None = None
    pNummer: str | None = None
    borgerId: str | None = None
    personnummer: Fortrolig | None = None
    borgerNavn: Fortrolig | None = None
    mentor: Mentorvilkaar | None = None
    mentorfunktion: Fortrolig | None = None
    hjaelpemiddel: Hjaelpemiddelvilkaar | None = None
    hjaelpemiddelbeskrivelse: Fortrolig | None = None
    vitasUrl: str | None = None


class TillaegsbevillingUnderskrevet(Data, frozen=True, gc=False):
    """The employer signed the supplementary grant, perhaps with an attachment; the signature's time is the event's own (R-3.7)."""

    medBilag: bool


class DokumentTilfoejet(Data, frozen=True, gc=False):
    """A document of the act `vedroerer`: its name, media type, size in bytes and SHA-256 (hex); the bytes are in the document store."""

    vedroerer: str
    navn: Fortrolig
    mimetype: str
    stoerrelse: int
    sha256: str


class CprSkiftet(Data, frozen=True, gc=False):
    """The citizen has a new CPR number; `borgerId` stays."""

    borgerId: str
    personnummer: Fortrolig
