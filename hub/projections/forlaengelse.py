"""GetForlaengelse: an extension as asked for and as granted, what of it is in force, and its grant's three dates (R-2.2)."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Boolean, Column, Date, Integer, Table, Text

from hub.domain.datoer import datoer, virkning_forlaengelse
from hub.domain.forseglet import Forseglet
from hub.domain.koder import BEVILLINGSSTATUS
from hub.domain.matrix import har
from hub.domain.sag import Bevilling, Forlaengelse, Sag
from hub.projections import sager, vilkaar, vis
from hub.projections.bevilling import kontaktperson
from hub.projections.kolonner import GENERATION, Segl, akt, sats
from hub.projections.kolonner import datoer as datokolonner
from hub.projections.sager import Hoved
from hub.projections.vis import Dokument

METODE = "GetForlaengelse"

TABEL = Table(
    "forlaengelser",
    GENERATION,
    *akt(),
    Column("bevilling", Text, nullable=False, comment="the grant it belongs to"),
    Column("bevillingsstatus", Integer, nullable=False),
    Column("status", Text, nullable=False, comment="Ansoegt, Bevilget, Afslaaet, Annulleret"),
    Column("annulleret_af", Text, comment="the termination it would have started after"),
    Column("ansoegt_slut", Date),
    Column("bevilget_start", Date),
    Column("bevilget_slut", Date),
    Column("gaeldende_start", Date),
    Column("gaeldende_slut", Date),
    *datokolonner(),
    Column("timer_pr_uge", Integer),
    Column("minutter_pr_uge", Integer),
    *sats(),
    Column("ansaettelsesbrev_gaelder_fortsat", Boolean),
    Column("kontaktperson_paa_arbejdsstedet", Segl),
    Column("tekst", Segl),
    *vilkaar.mentorkolonner(),
    *vilkaar.assistancekolonner(),
    *vilkaar.hjaelpemiddelkolonner(),
)


class Raekke(NamedTuple):
    """One extension; TABEL's columns. Dates are inclusive."""

    ekstern_identifier: str
    sags_id: str
    akt_version: int
    haendelsestidspunkt: datetime
    bevilling: str
    bevillingsstatus: int
    status: str
    annulleret_af: str | None
    ansoegt_slut: date | None
    bevilget_start: date | None
    bevilget_slut: date | None
    gaeldende_start: date | None
    gaeldende_slut: date | None
    oprindelig_slutdato: date | None
    slutdato_foer_ophoer: date | None
    aktuel_slutdato: date | None
    timer_pr_uge: int | None
    minutter_pr_uge: int | None
    sats_kode: int | None
    sats_beskrivelse: str | None
    ansaettelsesbrev_gaelder_fortsat: bool | None
    kontaktperson_paa_arbejdsstedet: Forseglet | None
    tekst: Forseglet | None
    mentortype: int | None
    tilskud_til_uddannelse: bool | None
    mentorfunktion: Forseglet | None
    antal_assistenter: int | None
    assistance_art: str | None
    assistance_arttype: str | None
    timepris: str | None
    pristype_timer: str | None
    pris_andet: str | None
    pristype_andet: str | None
    tilbudsnummer: str | None
    funktionsnedsaettelse: Forseglet | None
    besked_til_virksomhed: Forseglet | None
    hjaelpemiddel_art: str | None
    hjaelpemiddel_beloeb: str | None
    hjaelpemiddel_beskrivelse: Forseglet | None


def raekker(sag: Sag) -> list[Raekke]:
    """Every extension of every grant of the case."""
    if not har(sag.ordning, METODE):
        return []
    return [_raekke(sag, b, f) for b in sag.bevillinger for f in b.forlaengelser]


def _raekke(sag: Sag, b: Bevilling, f: Forlaengelse) -> Raekke:
    virkning = virkning_forlaengelse(b, f)
    return Raekke(
        f.id,
        sag.id,
        f.version,
        f.sket,
        b.id,
        b.status,
        virkning.status,
        virkning.annulleretAf,
        f.ansoegtSlutdato,
        *vis.graenser(f.bevilget),
        *vis.graenser(virkning.gaeldendePeriode),
        *datoer(b),
        *vis.timer(b.ugentligArbejdstid),
        *vis.satsfelter(f.sats),
        f.ansaettelsesbrevGaelderFortsat,
        kontaktperson(sag, b),
        f.tekst,
        *vilkaar.mentor(b),
        *vilkaar.assistance(b),
        *vilkaar.hjaelpemiddel(b),
    )


def dokument(h: Hoved, r: Raekke) -> Dokument:
    """GetForlaengelse's answer. `ansoegtPeriode` has no start: that is decided when the extension is granted."""
    kontakter = {"kontaktpersonPaaArbejdsstedet": r.kontaktperson_paa_arbejdsstedet}
    return {
        **sager.dokument(h, r.ekstern_identifier, vis.kode(r.bevillingsstatus, BEVILLINGSSTATUS), kontakter),
        "haendelsestidspunkt": vis.tidspunkt(r.haendelsestidspunkt),
        "bevillingIdentifier": r.bevilling,
        "status": r.status,
        "annulleretAf": r.annulleret_af,
        "ansoegtPeriode": vis.periode(None, r.ansoegt_slut),
        "bevilgetPeriode": vis.periode(r.bevilget_start, r.bevilget_slut),
        "gaeldendePeriode": vis.periode(r.gaeldende_start, r.gaeldende_slut),
        **vis.tre_datoer(r.oprindelig_slutdato, r.slutdato_foer_ophoer, r.aktuel_slutdato),
        "arbejdstid": vis.arbejdstid(r.timer_pr_uge, r.minutter_pr_uge),
        **vis.satser(r.sats_kode, r.sats_beskrivelse),
        **vilkaar.mentordokument(r),
        **vilkaar.assistancedokument(r),
        **vilkaar.hjaelpemiddeldokument(r),
        "ansaettelsesbrevGaelderFortsat": r.ansaettelsesbrev_gaelder_fortsat,
        "tekst": r.tekst,
        "dokumenter": [],
    }
