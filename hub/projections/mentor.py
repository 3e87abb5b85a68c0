"""GetMentor: a supplementary grant of a mentor (R-2.5, R-3.7, R-5.1, R-5.2)."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Column, Integer, Table

from hub.domain.forseglet import Forseglet
from hub.domain.sag import Sag
from hub.projections import tillaeg, vilkaar, vis
from hub.projections.kolonner import GENERATION
from hub.projections.sager import Hoved
from hub.projections.vis import Dokument

METODE = "GetMentor"

TABEL = Table(
    "tillaeg_mentor",
    GENERATION,
    *tillaeg.kolonner(),
    Column("timer_pr_uge", Integer),
    Column("minutter_pr_uge", Integer),
    *vilkaar.mentorkolonner(),
)


class Raekke(NamedTuple):
    """One supplementary grant of a mentor; TABEL's columns. Dates are inclusive."""

    ekstern_identifier: str
    sags_id: str
    akt_version: int
    haendelsestidspunkt: datetime
    status: str
    til_sags_id: str | None
    bevilget_start: date | None
    bevilget_slut: date | None
    gaeldende_start: date | None
    gaeldende_slut: date | None
    oprindelig_slutdato: date | None
    slutdato_foer_ophoer: date | None
    aktuel_slutdato: date | None
    underskrevet_tidspunkt: datetime | None
    underskrevet_med_bilag: bool | None
    kontaktperson_paa_arbejdsstedet: Forseglet | None
    timer_pr_uge: int | None
    minutter_pr_uge: int | None
    mentortype: int | None
    tilskud_til_uddannelse: bool | None
    mentorfunktion: Forseglet | None


def raekker(sag: Sag) -> list[Raekke]:
    """Every supplementary grant of a mentor on the case."""
    egne = tillaeg.af_metode(sag, METODE)
    return [Raekke._make((*tillaeg.vaerdier(sag, t), *vis.timer(t.ugentligArbejdstid), *vilkaar.mentor(t))) for t in egne]


def dokument(h: Hoved, r: Raekke) -> Dokument:
    """GetMentor's answer."""
    return {**tillaeg.dokument(h, r), "arbejdstid": vis.arbejdstid(r.timer_pr_uge, r.minutter_pr_uge), **vilkaar.mentordokument(r)}
