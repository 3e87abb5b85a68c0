"""What the two GetMetoder of supplementary grants share: period, dates, signature (R-2.2, R-3.7)."""

from typing import Any

from sqlalchemy import Boolean, Column, Date, Text

from hub.domain.datoer import datoer_tillaeg, virkning_tillaeg
from hub.domain.koder import BEVILLINGSSTATUS
from hub.domain.matrix import har
from hub.domain.sag import Sag, Tillaegsbevilling
from hub.domain.tillaegstyper import TILLAEGETS_METODE
from hub.projections import sager, vis
from hub.projections.kolonner import TID, Segl, akt
from hub.projections.kolonner import datoer as datokolonner
from hub.projections.sager import Hoved
from hub.projections.vis import Dokument


def kolonner() -> list[Column[Any]]:
    """The columns that both tables begin with."""
    return [
        *akt(),
        Column("status", Text, nullable=False, comment="Udstedt, Underskrevet"),
        Column("til_sags_id", Text, comment="the case it adds to, where known"),
        Column("bevilget_start", Date),
        Column("bevilget_slut", Date),
        Column("gaeldende_start", Date),
        Column("gaeldende_slut", Date),
        *datokolonner(),
        Column("underskrevet_tidspunkt", TID, comment="when the employer signed, also with an attachment"),
        Column("underskrevet_med_bilag", Boolean),
        Column("kontaktperson_paa_arbejdsstedet", Segl),
    ]


def af_metode(sag: Sag, metode: str) -> list[Tillaegsbevilling]:
    """The case's supplementary grants that the GetMetode fetches."""
    return [t for t in sag.tillaegsbevillinger if TILLAEGETS_METODE[t.type] == metode] if har(sag.ordning, metode) else []


def vaerdier(sag: Sag, t: Tillaegsbevilling) -> tuple[Any, ...]:
    """The values of `kolonner`."""
    virkning = virkning_tillaeg(t)
    return (
        t.id,
        sag.id,
        t.version,
        t.sket,
        virkning.status,
        t.tilSagsId,
        *vis.graenser(t.periode),
        *vis.graenser(virkning.gaeldendePeriode),
        *datoer_tillaeg(t),
        t.underskrevet,
        None if t.underskrevet is None else t.medBilag,
        t.kontaktpersonPaaArbejdsstedet,
    )


def dokument(h: Hoved, r: Any) -> Dokument:
    """What both answers begin with."""
    kontakter = {"kontaktpersonPaaArbejdsstedet": r.kontaktperson_paa_arbejdsstedet}
    return {
        **sager.dokument(h, r.ekstern_identifier, vis.kode(h.bevillingsstatus, BEVILLINGSSTATUS), kontakter),
        "haendelsestidspunkt": vis.tidspunkt(r.haendelsestidspunkt),
        "status": r.status,
        "tilSagsId": r.til_sags_id,
        "bevilgetPeriode": vis.periode(r.bevilget_start, r.bevilget_slut),
        "gaeldendePeriode": vis.periode(r.gaeldende_start, r.gaeldende_slut),
        **vis.tre_datoer(r.oprindelig_slutdato, r.slutdato_foer_ophoer, r.aktuel_slutdato),
        "underskrevetTidspunkt": vis.tidspunkt(r.underskrevet_tidspunkt),
        "underskrevetMedBilag": r.underskrevet_med_bilag,
        "dokumenter": [],
    }
