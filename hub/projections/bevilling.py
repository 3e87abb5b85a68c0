"""GetBevilling: a grant with its period as granted and as in force, and the three dates (R-2.2)."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Column, Date, Integer, Table, Text

from hub.domain.datoer import datoer, virkning_bevilling
from hub.domain.forseglet import Forseglet
from hub.domain.koder import BEVILLINGSSTATUS, NEMREFUSION
from hub.domain.matrix import har
from hub.domain.sag import Bevilling, Sag
from hub.projections import sager, vilkaar, vis
from hub.projections.kolonner import GENERATION, Segl, akt, sats
from hub.projections.kolonner import datoer as datokolonner
from hub.projections.sager import Hoved
from hub.projections.vis import Dokument

METODE = "GetBevilling"

TABEL = Table(
    "bevillinger",
    GENERATION,
    *akt(),
    Column("bevillingsstatus", Integer, nullable=False),
    Column("status", Text, nullable=False, comment="Udstedt, Godkendt, Afvist, IkkePaabegyndt"),
    Column("annulleret_af", Text, comment="the termination that came before the grant's start"),
    Column("bevilget_start", Date),
    Column("bevilget_slut", Date),
    Column("gaeldende_start", Date),
    Column("gaeldende_slut", Date),
    *datokolonner(),
    Column("timer_pr_uge", Integer),
    Column("minutter_pr_uge", Integer),
    *sats(),
    Column("kontaktperson_paa_arbejdsstedet", Segl),
    *vilkaar.mentorkolonner(),
    *vilkaar.assistancekolonner(),
    *vilkaar.hjaelpemiddelkolonner(),
)


class Raekke(NamedTuple):
    """One grant; TABEL's columns. Dates are inclusive."""

    ekstern_identifier: str
    sags_id: str
    akt_version: int
    haendelsestidspunkt: datetime
    bevillingsstatus: int
    status: str
    annulleret_af: str | None
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
    kontaktperson_paa_arbejdsstedet: Forseglet | None
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
    """Every grant of the case, refused ones too."""
    return [_raekke(sag, b) for b in sag.bevillinger] if har(sag.ordning, METODE) else []


def kontaktperson(sag: Sag, b: Bevilling) -> Forseglet | None:
    """The contact at the workplace: the grant's, else as the application named it; never the application's own contact (R-2.4)."""
    if b.kontaktpersonPaaArbejdsstedet is None and sag.ansoegning is not None:
        return sag.ansoegning.kontaktpersonPaaArbejdsstedet
    return b.kontaktpersonPaaArbejdsstedet


def _raekke(sag: Sag, b: Bevilling) -> Raekke:
    virkning = virkning_bevilling(b)
    return Raekke(
        b.id,
        sag.id,
        b.version,
        b.sket,
        b.status,
        virkning.status,
        virkning.annulleretAf,
        *vis.graenser(b.periode),
        *vis.graenser(virkning.gaeldendePeriode),
        *datoer(b),
        *vis.timer(b.ugentligArbejdstid),
        *vis.satsfelter(b.sats),
        kontaktperson(sag, b),
        *vilkaar.mentor(b),
        *vilkaar.assistance(b),
        *vilkaar.hjaelpemiddel(b),
    )


def dokument(h: Hoved, r: Raekke) -> Dokument:
    """GetBevilling's answer."""
    kontakter = {"kontaktpersonPaaArbejdsstedet": r.kontaktperson_paa_arbejdsstedet}
    return {
        **sager.dokument(h, r.ekstern_identifier, vis.kode(r.bevillingsstatus, BEVILLINGSSTATUS), kontakter),
        "haendelsestidspunkt": vis.tidspunkt(r.haendelsestidspunkt),
        "status": r.status,
        "annulleretAf": r.annulleret_af,
        "bevilgetPeriode": vis.periode(r.bevilget_start, r.bevilget_slut),
        "gaeldendePeriode": vis.periode(r.gaeldende_start, r.gaeldende_slut),
        **vis.tre_datoer(r.oprindelig_slutdato, r.slutdato_foer_ophoer, r.aktuel_slutdato),
        "arbejdstid": vis.arbejdstid(r.timer_pr_uge, r.minutter_pr_uge),
        **vis.satser(r.sats_kode, r.sats_beskrivelse),
        **vilkaar.mentordokument(r),
        **vilkaar.assistancedokument(r),
        **vilkaar.hjaelpemiddeldokument(r),
        "nemRefusionLink": NEMREFUSION.link,
        "dokumenter": [],
    }
