"""The access log (I8): a row for every read of a case, in the transaction of the read."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from hub.api.tokens import Bruger
from hub.events.forbindelse import raa_forbindelse

NOTER = """
INSERT INTO audit.adgangslog (hvem, rolle, jobcentre, formaal, sags_id, version, opslag, ekstern_identifier, as_of)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


class Opslag(NamedTuple):
    """What was looked up: GetMetode, `sag` or `historik`; the act; and for what purpose, if the caller said so."""

    navn: str
    ekstern_identifier: str | None
    as_of: datetime | None
    formaal: str | None


def skriv(conn: Connection, bruger: Bruger, opslag: Opslag, sags_id: str, version: int) -> None:
    """Note the read; it is kept when the caller commits, which is before anything is answered."""
    hvem = (bruger.sub, bruger.rolle, " ".join(bruger.jobcentre), opslag.formaal)
    raa_forbindelse(conn).execute(NOTER, (*hvem, sags_id, version, opslag.navn, opslag.ekstern_identifier, opslag.as_of))
