"""The access log (I8): a row for every read of a case, in the transaction of the read."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, insert

from hub.api.tokens import Bruger
from hub.events.tables import ADGANGSLOG


class Opslag(NamedTuple):
    """What was looked up: GetMetode, `sag` or `historik`; the act; and for what purpose, if the caller said so."""

    navn: str
    ekstern_identifier: str | None
    as_of: datetime | None
    formaal: str | None


def skriv(conn: Connection, bruger: Bruger, opslag: Opslag, sags_id: str, version: int) -> None:
    """Note the read; it is kept when the caller commits, which is before anything is answered."""
    conn.execute(
        insert(ADGANGSLOG).values(
            hvem=bruger.sub,
            rolle=bruger.rolle,
            jobcentre=" ".join(bruger.jobcentre),
            formaal=opslag.formaal,
            sags_id=sags_id,
            version=version,
            opslag=opslag.navn,
            ekstern_identifier=opslag.ekstern_identifier,
            as_of=opslag.as_of,
        )
    )
