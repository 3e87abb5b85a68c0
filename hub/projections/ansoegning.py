"""GetAnsoegning: the application as it stands, with the conflict message (R-2.1), the fleksjob's assessment (R-4.1, R-4.2) and the
jobrotation's lists (R-4.3).
"""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Boolean, Column, Date, Integer, Table, Text

from hub.domain.forseglet import Forseglet
from hub.domain.koder import BEVILLINGSSTATUS
from hub.domain.matrix import har
from hub.domain.periode import Periode
from hub.domain.sag import Ansoegning, Sag, Vurdering
from hub.domain.vilkaar import Ansat, Kursus, Vikar
from hub.projections import jobrotation, sager, vis
from hub.projections.kolonner import GENERATION, TID, Pakket, Segl, akt, sats
from hub.projections.sager import Hoved
from hub.projections.vis import Dokument

METODE = "GetAnsoegning"
KONFLIKTBESKED = "Virksomheden er omfattet af en konflikt."

TABEL = Table(
    "ansoegninger",
    GENERATION,
    *akt(),
    Column("periode_start", Date),
    Column("periode_slut", Date),
    Column("timer_pr_uge", Integer),
    Column("minutter_pr_uge", Integer),
    *sats(),
    Column("ansvarlig_kontaktperson", Segl),
    Column("kontaktperson_paa_arbejdsstedet", Segl),
    Column("medarbejderrepraesentant", Segl),
    Column("ansatte_rimelighedskrav", Text),
    Column("ansatte_merbeskaeftigelseskrav", Text),
    Column("konfliktramt", Boolean, nullable=False),
    Column("konflikt_oprindelse", Text),
    Column("konflikt_kommentar", Segl),
    Column("konflikt_vises", Boolean, nullable=False, comment="the employer has signed (R-2.1)"),
    Column("underskrevet_af", Text, nullable=False, comment="Arbejdsgiver, Medarbejderrepraesentant; space between"),
    Column("afgjort", TID),
    Column("tekst", Segl),
    Column("tekstversion", Text),
    Column("vurdering_id", Text),
    Column("vurdering_navn", Text),
    Column("vurdering_email", Text),
    Column("arbejdsintensitet_pct", Text),
    Column("vurdering_afgjort", Boolean),
    Column("oeremaerket", Boolean, comment="the company has found the citizen itself; null: not said"),
    Column("ansatte", Pakket(tuple[Ansat, ...]), nullable=False, comment="employees of a jobrotation (R-4.3)"),
    Column("kurser", Pakket(tuple[Kursus, ...]), nullable=False),
    Column("vikarer", Pakket(tuple[Vikar, ...]), nullable=False),
)


class Raekke(NamedTuple):
    """One application; TABEL's columns."""

    ekstern_identifier: str
    sags_id: str
    akt_version: int
    haendelsestidspunkt: datetime
    periode_start: date | None
    periode_slut: date | None
    timer_pr_uge: int | None
    minutter_pr_uge: int | None
    sats_kode: int | None
    sats_beskrivelse: str | None
    ansvarlig_kontaktperson: Forseglet | None
    kontaktperson_paa_arbejdsstedet: Forseglet | None
    medarbejderrepraesentant: Forseglet | None
    ansatte_rimelighedskrav: str | None
    ansatte_merbeskaeftigelseskrav: str | None
    konfliktramt: bool
    konflikt_oprindelse: str | None
    konflikt_kommentar: Forseglet | None
    konflikt_vises: bool
    underskrevet_af: str
    afgjort: datetime | None
    tekst: Forseglet | None
    tekstversion: str | None
    vurdering_id: str | None
    vurdering_navn: str | None
    vurdering_email: str | None
    arbejdsintensitet_pct: str | None
    vurdering_afgjort: bool | None
    oeremaerket: bool | None
    ansatte: tuple[Ansat, ...]
    kurser: tuple[Kursus, ...]
    vikarer: tuple[Vikar, ...]


class _Vurderingsfelter(NamedTuple):
    id: str | None = None
    navn: str | None = None
    email: str | None = None
    pct: str | None = None
    afgjort: bool | None = None


def raekker(sag: Sag) -> list[Raekke]:
    """The case's application, if it has one that GetAnsoegning serves."""
    return [_raekke(sag, sag.ansoegning)] if sag.ansoegning is not None and har(sag.ordning, METODE) else []


def _raekke(sag: Sag, a: Ansoegning) -> Raekke:
    vurdering = _vurdering(sag.vurderinger[-1] if sag.vurderinger else None)
    return Raekke(
        a.id,
        sag.id,
        a.version,
        a.sket,
        *vis.graenser(Periode(a.startdato, a.slutdato)),
        *vis.timer(a.ugentligArbejdstid),
        *vis.satsfelter(a.sats),
        a.ansvarligKontaktperson,
        a.kontaktpersonPaaArbejdsstedet,
        a.medarbejderrepraesentant,
        a.ansatteRimelighedskrav,
        a.ansatteMerbeskaeftigelseskrav,
        a.konfliktramt,
        a.konfliktOprindelse,
        a.konfliktKommentar,
        a.konfliktramt and (a.komplet or "Arbejdsgiver" in a.underskrevetAf),
        " ".join(a.underskrevetAf),
        a.afgjort,
        a.tekst,
        a.tekstversion,
        vurdering.id,
        vurdering.navn,
        vurdering.email,
        vurdering.pct,
        vurdering.afgjort,
        a.oeremaerket,
        a.ansatte,
        a.kurser,
        a.vikarer,
    )


def _vurdering(v: Vurdering | None) -> _Vurderingsfelter:
    if v is None:
        return _Vurderingsfelter()
    navn, email = (v.ansvarlig.navn, v.ansvarlig.email) if v.ansvarlig else (None, None)
    return _Vurderingsfelter(v.id, navn, email, v.arbejdsintensitetPct, v.afgjort)


def dokument(h: Hoved, r: Raekke) -> Dokument:
    """GetAnsoegning's answer. `ansvarligKontaktperson` is served here and nowhere else (R-2.4)."""
    kontakter = {
        "ansvarligKontaktperson": r.ansvarlig_kontaktperson,
        "kontaktpersonPaaArbejdsstedet": r.kontaktperson_paa_arbejdsstedet,
        "medarbejderrepraesentant": r.medarbejderrepraesentant,
    }
    return {
        **sager.dokument(h, r.ekstern_identifier, vis.kode(h.bevillingsstatus, BEVILLINGSSTATUS), kontakter),
        "haendelsestidspunkt": vis.tidspunkt(r.haendelsestidspunkt),
        "ansoegtPeriode": vis.periode(r.periode_start, r.periode_slut),
        "arbejdstid": vis.arbejdstid(r.timer_pr_uge, r.minutter_pr_uge),
        **vis.satser(r.sats_kode, r.sats_beskrivelse),
        "antalAnsatteSenesteMaaned": {
            "rimelighedskrav": r.ansatte_rimelighedskrav,
            "merbeskaeftigelseskrav": r.ansatte_merbeskaeftigelseskrav,
        },
        "konfliktramt": r.konfliktramt,
        "konfliktOprindelse": r.konflikt_oprindelse,
        "konfliktKommentar": r.konflikt_kommentar,
        "konfliktBesked": KONFLIKTBESKED if r.konflikt_vises else None,
        "underskrevetAf": r.underskrevet_af.split(),
        "afgoerelsesdato": vis.tidspunkt(r.afgjort),
        "tekst": r.tekst,
        "tekstversion": r.tekstversion,
        "vurdering": _vurderingsdokument(r),
        "oeremaerket": r.oeremaerket,
        "ansatte": [jobrotation.ansat(a) for a in r.ansatte],
        "kurser": [jobrotation.kursus(k) for k in r.kurser],
        "vikarer": [jobrotation.vikar(v) for v in r.vikarer],
        "dokumenter": [],
    }


def _vurderingsdokument(r: Raekke) -> Dokument | None:
    if r.vurdering_id is None:
        return None
    return {
        "vurderingIdentifier": r.vurdering_id,
        "ansvarligMedarbejder": vis.medarbejder(r.vurdering_navn, r.vurdering_email),
        "arbejdsintensitetPct": r.arbejdsintensitet_pct,
        "afgjort": r.vurdering_afgjort,
    }
