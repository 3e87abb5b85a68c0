"""The case-wide head: joined to a GetMetode's row at the query, so that a case event rewrites no act's row; and the folded case."""

from datetime import datetime
from typing import NamedTuple

import msgspec
from sqlalchemy import Column, Index, Integer, LargeBinary, Table, Text

from hub.domain.forseglet import Forseglet
from hub.domain.koder import ANSOEGNINGSTATUS
from hub.domain.sag import Sag
from hub.projections import vis
from hub.projections.kolonner import GENERATION, TID, Segl
from hub.projections.vis import Dokument

TABEL = Table(
    "sager",
    GENERATION,
    Column("sags_id", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("registreret", TID, nullable=False),
    Column("ordning", Text, nullable=False),
    Column("vitas_sagsnummer", Text, nullable=False),
    Column("vitas_url", Text),
    Column("job_center_kode", Text, nullable=False),
    Column("team", Text),
    Column("ansvarlig_navn", Text),
    Column("ansvarlig_email", Text),
    Column("ansoegning_status", Integer),
    Column("bevillingsstatus", Integer, comment="the newest grant's"),
    Column("cvr_nummer", Text, nullable=False),
    Column("p_nummer", Text, nullable=False),
    Column("borger_id", Text, nullable=False),
    Column("personnummer", Segl, nullable=False),
    Column("borger_navn", Segl, nullable=False),
    Column("anden_aktoer_cvr", Text),
    Column("anden_aktoer_p", Text),
    Column("hoved", LargeBinary, nullable=False, comment="SHA-256 of the bytes of the last event applied"),
    Column("sag", LargeBinary, nullable=False, comment="the folded Sag, msgpack, personal fields sealed"),
    # Only what most events leave alone: an update that touches no indexed column stays in its page (HOT).
    Index("ix_sager_job_center_kode", "job_center_kode"),
    Index("ix_sager_borger_id", "borger_id"),
    Index("ix_sager_vitas_sagsnummer", "vitas_sagsnummer"),
    Index("ix_sager_cvr_nummer", "cvr_nummer"),
    postgresql_with={"fillfactor": 80, "toast_tuple_target": 8160},  # a folded case stays in its row, uncompressed
)


class Hoved(NamedTuple):
    """The case-wide part of every document: TABEL's columns without the hash and the folded case."""

    sags_id: str
    version: int
    registreret: datetime
    ordning: str
    vitas_sagsnummer: str
    vitas_url: str | None
    job_center_kode: str
    team: str | None
    ansvarlig_navn: str | None
    ansvarlig_email: str | None
    ansoegning_status: int | None
    bevillingsstatus: int | None
    cvr_nummer: str
    p_nummer: str
    borger_id: str
    personnummer: Forseglet
    borger_navn: Forseglet
    anden_aktoer_cvr: str | None
    anden_aktoer_p: str | None


_ind = msgspec.msgpack.Encoder()
_ud = msgspec.msgpack.Decoder(Sag)


def pak(sag: Sag) -> bytes:
    """The folded case as stored."""
    return _ind.encode(sag)


def udpak(data: bytes) -> Sag:
    """The folded case; raises msgspec's ValidationError when other code stored it."""
    return _ud.decode(data)


def hoved(sag: Sag) -> Hoved:
    """The case-wide head of a folded case."""
    medarbejder, aktoer = sag.ansvarlig, sag.andenAktoer
    return Hoved(
        sag.id,
        sag.version,
        sag.registreret,
        sag.ordning,
        sag.vitasSagsnummer,
        sag.vitasUrl,
        sag.jobCenterKode,
        sag.team,
        medarbejder.navn if medarbejder else None,
        medarbejder.email if medarbejder else None,
        sag.ansoegningStatus,
        sag.bevillingsstatus,
        sag.cvrNummer,
        sag.pNummer,
        sag.borgerId,
        sag.personnummer,
        sag.borgerNavn,
        aktoer.cvrNummer if aktoer else None,
        aktoer.pNummer if aktoer else None,
    )


def dokument(h: Hoved, ekstern_identifier: str, bevillingsstatus: Dokument | None, kontakter: Dokument) -> Dokument:
    """What every GetMetode's document begins with; `kontakter` are the sealed contact persons beside the company's numbers."""
    aktoer = {"cvrNummer": h.anden_aktoer_cvr, "pNummer": h.anden_aktoer_p} if h.anden_aktoer_cvr else None
    return {
        "sagsId": h.sags_id,
        "eksternIdentifier": ekstern_identifier,
        "vitasSagsnummer": h.vitas_sagsnummer,
        "vitasUrl": h.vitas_url,
        "version": h.version,
        "ordning": h.ordning,
        "registreringstidspunkt": vis.tidspunkt(h.registreret),
        "jobCenterKode": h.job_center_kode,
        "team": h.team,
        "ansvarligMedarbejder": vis.medarbejder(h.ansvarlig_navn, h.ansvarlig_email),
        "indhentetAfAndenAktoer": aktoer is not None,
        "andenAktoer": aktoer,
        "ansoegningStatus": vis.kode(h.ansoegning_status, ANSOEGNINGSTATUS),
        "bevillingsstatus": bevillingsstatus,
        "virksomhed": {"cvrNummer": h.cvr_nummer, "pNummer": h.p_nummer, **kontakter},
        "borger": {"personnummer": h.personnummer, "navn": h.borger_navn},
    }
