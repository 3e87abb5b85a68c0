"""GetAftale: an agreement (IGU), its period as agreed now and as in force, and the three dates, in which its end shows (R-2.2)."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Column, Date, Table, Text

from hub.domain.datoer import datoer, virkning_aftale
from hub.domain.forseglet import Forseglet
from hub.domain.koder import BEVILLINGSSTATUS
from hub.domain.matrix import har
from hub.domain.sag import Aftale, Sag
from hub.projections import sager, vis
from hub.projections.kolonner import GENERATION, Segl, akt
from hub.projections.kolonner import datoer as datokolonner
from hub.projections.sager import Hoved
from hub.projections.vis import Dokument

METODE = "GetAftale"

TABEL = Table(
    "aftaler",
    GENERATION,
    *akt(),
    Column("status", Text, nullable=False, comment="Indgaaet, Ophoert, IkkePaabegyndt"),
    Column("annulleret_af", Text, comment="the termination that came before the agreement's start"),
    Column("bevilget_start", Date),
    Column("bevilget_slut", Date),
    Column("gaeldende_start", Date),
    Column("gaeldende_slut", Date),
    *datokolonner(),
    Column("kontaktperson_paa_arbejdsstedet", Segl),
)


class Raekke(NamedTuple):
    """One agreement; TABEL's columns. Dates are inclusive; the period is the newest agreed, the original end the first."""

    ekstern_identifier: str
    sags_id: str
    akt_version: int
    haendelsestidspunkt: datetime
    status: str
    annulleret_af: str | None
    bevilget_start: date | None
    bevilget_slut: date | None
    gaeldende_start: date | None
    gaeldende_slut: date | None
    oprindelig_slutdato: date | None
    slutdato_foer_ophoer: date | None
    aktuel_slutdato: date | None
    kontaktperson_paa_arbejdsstedet: Forseglet | None


def raekker(sag: Sag) -> list[Raekke]:
    """The case's agreement, if it has one."""
    return [_raekke(sag, sag.aftale)] if sag.aftale is not None and har(sag.ordning, METODE) else []


def _raekke(sag: Sag, a: Aftale) -> Raekke:
    virkning = virkning_aftale(a)
    return Raekke(
        a.id,
        sag.id,
        a.version,
        a.sket,
        virkning.status,
        virkning.annulleretAf,
        *vis.graenser(a.periode),
        *vis.graenser(virkning.gaeldendePeriode),
        *datoer(a),
        a.kontaktpersonPaaArbejdsstedet,
    )


def dokument(h: Hoved, r: Raekke) -> Dokument:
    """GetAftale's answer."""
    kontakter = {"kontaktpersonPaaArbejdsstedet": r.kontaktperson_paa_arbejdsstedet}
    return {
        **sager.dokument(h, r.ekstern_identifier, vis.kode(h.bevillingsstatus, BEVILLINGSSTATUS), kontakter),
        "haendelsestidspunkt": vis.tidspunkt(r.haendelsestidspunkt),
        "status": r.status,
        "annulleretAf": r.annulleret_af,
        "bevilgetPeriode": vis.periode(r.bevilget_start, r.bevilget_slut),
        "gaeldendePeriode": vis.periode(r.gaeldende_start, r.gaeldende_slut),
        **vis.tre_datoer(r.oprindelig_slutdato, r.slutdato_foer_ophoer, r.aktuel_slutdato),
        "dokumenter": [],
    }
