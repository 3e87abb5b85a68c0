"""The facts: one class per event, with the fields of its schema. Dates are what was decided, never what can be derived (R-2.2).

A field of type `Fortrolig` is sealed in the log; every other field is open. Decimals are exact, as strings. Terms as in the contract.
"""

from datetime import date

import msgspec

from hub.domain.forseglet import Fortrolig
from hub.domain.kuvert import Kuvert


class Data(msgspec.Struct, frozen=True, gc=False):
    """What every event's data derive from; the class's name is the event's type."""


class Sats(msgspec.Struct, frozen=True, gc=False):
    """The subsidy rate `decide` found in force (R-3.6): code, description, and the id of the rate row it came from."""

    kode: int
    beskrivelse: str
    raekke: str


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
    """The application was rejected, with the text that went to the company (R-2.3, R-3.4)."""

    tekst: Fortrolig | None = None
    tekstversion: str | None = None


class AnsoegningTrukketTilbage(Data, frozen=True, gc=False):
    """The company withdrew the application."""

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


class BevillingUdstedt(Data, frozen=True, gc=False):
    """A grant was issued for [startdato, slutdato], inclusive; slutdato null is open-ended."""

    startdato: date
    slutdato: date | None
    ugentligArbejdstid: str | None = None
    kontaktpersonPaaArbejdsstedet: Fortrolig | None = None
    sats: Sats | None = None


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


class Haendelse(msgspec.Struct, frozen=True, gc=False):
    """One event: envelope and data."""

    kuvert: Kuvert
    data: Data

    @property
    def type(self) -> str:
        """The event's type, e.g. `ForlaengelseBevilget`."""
        return type(self.data).__name__


HAENDELSER: tuple[type[Data], ...] = (
    AnsoegningOprettet, AnsoegningRettet, AnsoegningUnderskrevet, SagTildelt, SagOvertaget, SagFrigivet,
    SendtTilAndenAktoer, AfvistTilAndenAktoer, OvertagetFraAndenAktoer, AnsoegningGodkendt, AnsoegningAfvist,
    AnsoegningTrukketTilbage, SagFlyttet, FlytningKvitteret, KladdeSendt, KladdeReturneret,
    VurderingAfgjort, VurderingOvertaget, VurderingFrigivet, VurderingGenaabnet,
    BevillingUdstedt, BevillingSendt, BevillingGenfremsendt, BevillingGodkendt, BevillingAfvist,
    ForlaengelseAnsoegt, ForlaengelseBevilget, ForlaengelseAfslaaet, OphoerRegistreret, OphoerRettet, OphoerTilbagekaldt,
)  # fmt: skip
"""Every event the hub knows, in the catalogue's order."""

EFTER_TYPE: dict[str, type[Data]] = {klasse.__name__: klasse for klasse in HAENDELSER}
