"""Acts without a row in `ledger.akter`, made good beside traffic (decision 033): an older release appends beside this one, and writes none.

Which case has an act is known from the receipts, which every release writes and keeps for ever.
"""

from typing import NamedTuple

from sqlalchemy import Connection

from hub.events.forbindelse import raa_forbindelse
from hub.events.topics import FAKTA

# Of two cases that were given one act, the first. What is no case's is no act: references have receipts too, with ids of any kind, so an id
# is compared as text. In the order in which appends insert acts: of two inserts that wait, both make the same one first.
MANGLENDE = """
SELECT DISTINCT ON (a.kvittering ->> 'eksternIdentifier') (a.kvittering ->> 'eksternIdentifier')::uuid AS akt, s.stroem
FROM ledger.anmodninger a JOIN ledger.stroemme s ON s.stroem = a.kvittering ->> 'sagsId'
WHERE s.topic = %(topic)s
    AND NOT EXISTS (SELECT FROM ledger.akter k WHERE k.ekstern_identifier::text = a.kvittering ->> 'eksternIdentifier')
ORDER BY a.kvittering ->> 'eksternIdentifier', a.oprettet
"""
TAEL = f"SELECT count(*), count(DISTINCT stroem) FROM ({MANGLENDE}) m"  # noqa: S608 - our own statements, put together
GIV = f"""
WITH givet AS (
    INSERT INTO ledger.akter (ekstern_identifier, stroem) {MANGLENDE} ON CONFLICT (ekstern_identifier) DO NOTHING RETURNING stroem
)
SELECT count(*), count(DISTINCT stroem) FROM givet
"""  # noqa: S608 - our own statements, put together


class Akter(NamedTuple):
    """So many acts, of so many cases."""

    akter: int
    sager: int


def manglende(conn: Connection) -> Akter:
    """The acts without a row."""
    return _talt(conn, TAEL)


def giv(conn: Connection) -> Akter:
    """Give each its row, in the caller's transaction."""
    return _talt(conn, GIV)


def _talt(conn: Connection, sql: str) -> Akter:
    raekke = raa_forbindelse(conn).execute(sql.encode(), {"topic": FAKTA}).fetchone()
    assert raekke is not None
    return Akter(*raekke)
