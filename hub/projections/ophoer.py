"""GetOphoer: a termination's stop date and its grant's three dates as they now are, also when it was withdrawn (R-2.2)."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Column, Date, Integer, Table, Text

from hub.domain.datoer import datoer, status_ophoer
from hub.domain.forseglet import Forseglet
from hub.domain.koder import BEVILLINGSSTATUS
from hub.domain.matrix import har
from hub.domain.sag import Bevilling, Ophoer, Sag
from hub.projections import sager, vis
from hub.projections.bevilling import kontaktperson
from hub.projections.kolonner import GENERATION, Segl, akt, sats
from hub.projections.kolonner import datoer as datokolonner
from hub.projections.sager import Hoved
from hub.projections.vis import Dokument

METODE = "GetOphoer"

TABEL = Table(
    "ophoer",
    GENERATION,
    *akt(),
    Column("bevilling", Text, nullable=False, comment="the grant it ends"),
    Column("bevillingsstatus", Integer, nullable=False),
    Column("status", Text, nullable=False, comment="Registreret, Rettet, Tilbagekaldt"),
    Column("stopdato", Date, nullable=False, comment="the last day"),
    *datokolonner(),
    Column("timer_pr_uge", Integer),
    Column("minutter_pr_uge", Integer),
    *sats(),
    Column("modtaget_stoette_seneste_12_mdr", Text),
    Column("loenudgift_seneste_12_mdr", Text),
    Column("kontaktperson_paa_arbejdsstedet", Segl),
    Column("aarsag", Segl),
)


class Raekke(NamedTuple):
    """One termination; TABEL's columns. Dates are inclusive, amounts in kroner, exact."""

    ekstern_identifier: str
    sags_id: str
    akt_version: int
    haendelsestidspunkt: datetime
    bevilling: str
    bevillingsstatus: int
    status: str
    stopdato: date
    oprindelig_slutdato: date | None
    slutdato_foer_ophoer: date | None
    aktuel_slutdato: date | None
    timer_pr_uge: int | None
    minutter_pr_uge: int | None
    sats_kode: int | None
    sats_beskrivelse: str | None
    modtaget_stoette_seneste_12_mdr: str | None
    loenudgift_seneste_12_mdr: str | None
    kontaktperson_paa_arbejdsstedet: Forseglet | None
    aarsag: Forseglet | None


def raekker(sag: Sag) -> list[Raekke]:
    """Every termination of every grant of the case; a fleksjob's is read through GetBevilling."""
    return [_raekke(sag, b, o) for b in sag.bevillinger for o in b.ophoer] if har(sag.ordning, METODE) else []


def _raekke(sag: Sag, b: Bevilling, o: Ophoer) -> Raekke:
    return Raekke(
        o.id,
        sag.id,
        o.version,
        o.sket,
        b.id,
        b.status,
        status_ophoer(o),
        o.stopdato,
        *datoer(b),
        *vis.timer(b.ugentligArbejdstid),
        *vis.satsfelter(o.sats),
        o.modtagetStoetteSeneste12Mdr,
        o.loenudgiftSeneste12Mdr,
        kontaktperson(sag, b),
        o.aarsag,
    )


def dokument(h: Hoved, r: Raekke) -> Dokument:
    """GetOphoer's answer: no period."""
    kontakter = {"kontaktpersonPaaArbejdsstedet": r.kontaktperson_paa_arbejdsstedet}
    return {
        **sager.dokument(h, r.ekstern_identifier, vis.kode(r.bevillingsstatus, BEVILLINGSSTATUS), kontakter),
        "haendelsestidspunkt": vis.tidspunkt(r.haendelsestidspunkt),
        "bevillingIdentifier": r.bevilling,
        "status": r.status,
        "stopdato": vis.dato(r.stopdato),
        **vis.tre_datoer(r.oprindelig_slutdato, r.slutdato_foer_ophoer, r.aktuel_slutdato),
        "arbejdstid": vis.arbejdstid(r.timer_pr_uge, r.minutter_pr_uge),
        **vis.satser(r.sats_kode, r.sats_beskrivelse),
        "aarsag": r.aarsag,
        "modtagetStoetteSeneste12Mdr": r.modtaget_stoette_seneste_12_mdr,
        "loenudgiftSeneste12Mdr": r.loenudgift_seneste_12_mdr,
        "dokumenter": [],
    }
