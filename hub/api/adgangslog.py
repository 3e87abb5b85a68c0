"""The access log (I8): a row for every read of a case, and for every search with its criteria, in the transaction of the read."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection

from hub.api.tokens import Bruger
from hub.events.forbindelse import raa_forbindelse

NOTER = """
INSERT INTO audit.adgangslog (hvem, rolle, jobcentre, formaal, sags_id, version, opslag, ekstern_identifier, as_of)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
NOTER_FUNDNE = """
INSERT INTO audit.adgangslog (hvem, rolle, jobcentre, formaal, sags_id, version, opslag, ekstern_identifier)
SELECT hvem, rolle, jobcentre, formaal, h_sags_id, h_version, opslag, akt FROM fundet
"""
"""The same of everything that one statement reads (`laes_akter`), as a part of it."""
NOTER_SOEGNING = """
INSERT INTO audit.soegninger (hvem, rolle, jobcentre, formaal, opslag, omraade, kriterier, paa_personnummer, borger_id, raekker)
VALUES (%s, %s, %s, %s, %s, %s, %s::jsonb, %s, %s, %s) RETURNING id
"""
NOTER_VISTE = """
INSERT INTO audit.adgangslog (hvem, rolle, jobcentre, formaal, opslag, soegning, sags_id, version, ekstern_identifier)
SELECT %s, %s, %s, %s, %s, %s::bigint, v.sags_id, v.version, v.akt
FROM unnest(%s::text[], %s::int[], %s::text[]) AS v (sags_id, version, akt)
"""


class Opslag(NamedTuple):
    """What was looked up: GetMetode, `sag` or `historik`; the act; and for what purpose, if the caller said so."""

    navn: str
    ekstern_identifier: str | None
    as_of: datetime | None
    formaal: str | None


class Soegning(NamedTuple):
    """One page of a search or a list: `soeg` or `liste`, the area, the criteria, whether a CPR number was one and whose it is."""

    navn: str
    formaal: str | None
    omraade: str
    kriterier: Mapping[str, Any]
    paa_personnummer: bool
    borger_id: str | None


class Vist(NamedTuple):
    """A case (and act) that a page showed, at its version."""

    sags_id: str
    version: int
    ekstern_identifier: str | None


def skriv(conn: Connection, bruger: Bruger, opslag: Opslag, sags_id: str, version: int) -> None:
    """Note the read; it is kept when the caller commits, which is before anything is answered."""
    hvem = _hvem(bruger, opslag.formaal)
    raa_forbindelse(conn).execute(NOTER, (*hvem, sags_id, version, opslag.navn, opslag.ekstern_identifier, opslag.as_of))


def skriv_soegning(conn: Connection, bruger: Bruger, soegning: Soegning, viste: Sequence[Vist]) -> None:
    """Note the search, and a read of every case shown; kept like the others when the caller commits."""
    raa, hvem = raa_forbindelse(conn), _hvem(bruger, soegning.formaal)
    kriterier = orjson.dumps(soegning.kriterier).decode()
    egne = (soegning.navn, soegning.omraade, kriterier, soegning.paa_personnummer, soegning.borger_id, len(viste))
    (nummer,) = raa.execute(NOTER_SOEGNING, (*hvem, *egne)).fetchone() or (None,)
    if viste:
        raa.execute(NOTER_VISTE, (*hvem, soegning.navn, nummer, *map(list, zip(*viste, strict=True))))


def _hvem(bruger: Bruger, formaal: str | None) -> tuple[str | None, ...]:
    return (bruger.sub, bruger.rolle, " ".join(bruger.jobcentre), formaal)
