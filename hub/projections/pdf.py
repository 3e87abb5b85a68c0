"""GetPDF: a document of an act, with its bytes; and what the other GetMetoder's documents list of it.

Every scheme has it: an act that has a document is all it needs (R-1.1). The bytes are not in the read model: the row names them.
"""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Column, Integer, Table, Text

from hub.domain.akter import vist_med
from hub.domain.dokumenter import Indhold, noeglenavn
from hub.domain.forseglet import Forseglet
from hub.domain.koder import BEVILLINGSSTATUS
from hub.domain.matrix import har
from hub.domain.sag import Sag
from hub.projections import sager, vis
from hub.projections.kolonner import GENERATION, Segl, akt
from hub.projections.sager import Hoved
from hub.projections.vis import Dokument

METODE = "GetPDF"

TABEL = Table(
    "dokumenter",
    GENERATION,
    *akt(),
    Column("vedroerer", Text, nullable=False, comment="the act that the document is about"),
    Column("navn", Segl, nullable=False),
    Column("mimetype", Text, nullable=False),
    Column("stoerrelse", Integer, nullable=False, comment="bytes"),
    Column("sha256", Text, nullable=False, comment="of the bytes, 64 hexadecimal characters"),
)


class Raekke(NamedTuple):
    """One document; TABEL's columns."""

    ekstern_identifier: str
    sags_id: str
    akt_version: int
    haendelsestidspunkt: datetime
    vedroerer: str
    navn: Forseglet
    mimetype: str
    stoerrelse: int
    sha256: str


def raekker(sag: Sag) -> list[Raekke]:
    """Every document of the case."""
    if not har(sag.ordning, METODE):
        return []
    return [Raekke(d.id, sag.id, d.version, d.sket, d.vedroerer, d.navn, d.mimetype, d.stoerrelse, d.sha256) for d in sag.dokumenter]


def dokument(h: Hoved, r: Raekke) -> Dokument:
    """GetPDF's answer; `indhold` is a leaf that the API opens, base64."""
    return {
        **sager.dokument(h, r.ekstern_identifier, vis.kode(h.bevillingsstatus, BEVILLINGSSTATUS), {}),
        "haendelsestidspunkt": vis.tidspunkt(r.haendelsestidspunkt),
        "vedroerer": r.vedroerer,
        "navn": r.navn,
        "mimetype": r.mimetype,
        "stoerrelse": r.stoerrelse,
        "sha256": r.sha256,
        "indhold": Indhold(noeglenavn(h.sags_id, r.sha256), r.sha256, r.stoerrelse),
    }


def liste(sag: Sag, akt_id: str) -> list[Dokument]:
    """The documents of an act, and of those shown with it (an assessment's with the application), as its document lists them.

    Read off the case at the query: a document that comes changes no other act's row.
    """
    return [led(sag.ordning, r) for r in raekker(sag) if vist_med(sag, r.vedroerer) == akt_id]


def led(ordning: str, r: Raekke) -> Dokument:
    """One entry of such a list: what it is and where to fetch it."""
    return {
        "eksternIdentifier": r.ekstern_identifier,
        "navn": r.navn,
        "mimetype": r.mimetype,
        "stoerrelse": r.stoerrelse,
        "link": f"/v1/{ordning}/{METODE}/{r.ekstern_identifier}",
    }
