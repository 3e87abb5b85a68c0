"""GetHjaelpemiddel: a supplementary grant of an aid (R-3.7)."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Table

from hub.domain.forseglet import Forseglet
from hub.domain.sag import Sag
from hub.projections import tillaeg, vilkaar
from hub.projections.kolonner import GENERATION
from hub.projections.sager import Hoved
from hub.projections.vis import Dokument

METODE = "GetHjaelpemiddel"

TABEL = Table("tillaeg_hjaelpemiddel", GENERATION, *tillaeg.kolonner(), *vilkaar.hjaelpemiddelkolonner())


class Raekke(NamedTuple):
    """One supplementary grant of an aid; TABEL's columns. Dates are inclusive, prices in kroner."""

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
    hjaelpemiddel_art: str | None
    hjaelpemiddel_beloeb: str | None
    hjaelpemiddel_beskrivelse: Forseglet | None


def raekker(sag: Sag) -> list[Raekke]:
    """Every supplementary grant of an aid on the case."""
    return [Raekke(*tillaeg.vaerdier(sag, t), *vilkaar.hjaelpemiddel(t)) for t in tillaeg.af_metode(sag, METODE)]


def dokument(h: Hoved, r: Raekke) -> Dokument:
    """GetHjaelpemiddel's answer."""
    return {**tillaeg.dokument(h, r), **vilkaar.hjaelpemiddeldokument(r)}
