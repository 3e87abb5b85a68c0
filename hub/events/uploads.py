"""What has been uploaded to the document store and may be named by an action: size, type and wrapped key by SHA-256 (`keys.uploads`).

A row is made once its file is on the disk, and is swept after some days; a case that named the document has a key row of its own by then.
"""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection

from hub.events.forbindelse import raa_forbindelse

LAAS = 0x646F6B75
"""Shared by who puts a file in its place until its row is there, alone for who removes files that no row knows."""
MINDST = 64 * 1024
"""What an upload counts as at least, so that the bound is one on their number too."""

FIND = "SELECT stoerrelse, mimetype, indpakket, oprettet, navngivet FROM keys.uploads WHERE sha256 = %s"
VENTENDE = "SELECT coalesce(sum(greatest(stoerrelse, %s)), 0)::bigint FROM keys.uploads WHERE navngivet IS NULL"
GEM = """
INSERT INTO keys.uploads (sha256, stoerrelse, mimetype, indpakket) VALUES (%s, %s, %s, %s)
ON CONFLICT (sha256) DO NOTHING RETURNING sha256
"""
ALLE = "SELECT sha256, stoerrelse, mimetype, indpakket, oprettet, navngivet FROM keys.uploads ORDER BY oprettet, sha256"
UDLOEBNE = """
DELETE FROM keys.uploads WHERE CASE WHEN navngivet IS NULL THEN oprettet < %s ELSE navngivet < %s END RETURNING sha256
"""


class Upload(NamedTuple):
    """One upload: bytes, media type, the key as wrapped for it, when it came, and when an action first named it."""

    stoerrelse: int
    mimetype: str
    indpakket: bytes
    oprettet: datetime
    navngivet: datetime | None


def noeglenavn(sha256: str) -> str:
    """The name under which the key of an upload is wrapped."""
    return f"upload/{sha256}"


def find(conn: Connection, sha256: str) -> Upload | None:
    """The upload, if it is there."""
    raekke: Any = raa_forbindelse(conn).execute(FIND, (sha256,)).fetchone()
    return None if raekke is None else Upload(*raekke)


def ventende(conn: Connection) -> int:
    """The bytes of the uploads that no action has named."""
    raekke: Any = raa_forbindelse(conn).execute(VENTENDE, (MINDST,)).fetchone()
    return int(raekke[0])


def gem(conn: Connection, sha256: str, stoerrelse: int, mimetype: str, indpakket: bytes) -> bool:
    """Keep an upload; False when it is there already (by another key, perhaps)."""
    return raa_forbindelse(conn).execute(GEM, (sha256, stoerrelse, mimetype, indpakket)).fetchone() is not None


def alle(conn: Connection) -> dict[str, Upload]:
    """SHA-256 → upload, the oldest first."""
    return {sha256: Upload(*resten) for sha256, *resten in raa_forbindelse(conn).execute(ALLE)}


def fjern_udloebne(conn: Connection, kommet_foer: datetime, navngivet_foer: datetime) -> int:
    """Remove the rows of uploads that nobody named and that came before a time, or that were named before another; how many."""
    return len(raa_forbindelse(conn).execute(UDLOEBNE, (kommet_foer, navngivet_foer)).fetchall())


def laas(conn: Connection, *, alene: bool) -> None:
    """Take `LAAS` until the transaction ends."""
    raa_forbindelse(conn).execute(f"SELECT pg_advisory_xact_lock{'' if alene else '_shared'}(%s)", (LAAS,))
