"""The document store: what waits to be named, what the log names and cannot be read, and what nobody can ever read any more.

A file is known by its key alone: its name is derived from the key, and the key stands, wrapped, in an upload's row until the document is
swept, and in a row of each case that was given it until the citizen is erased. So what no key knows belongs to nobody.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, CursorResult, Engine, select, text

from hub.domain.dokumenter import noeglenavn
from hub.events import uploads
from hub.events.dokumentfil import Dokumentfejl, filnavn
from hub.events.dokumentmappe import Dokumentmappe, Fil
from hub.events.drift import DokumentoprydningUdfoert
from hub.events.drift_append import Driftslog
from hub.events.keys import Noeglering
from hub.projections import pdf
from hub.projections.generation import forbind, serverende

YOUNG = 86_400
"""Seconds that a file is left alone whether anybody knows it or not: it may be on its way in."""
NAMED_DAYS = 1
"""Days that an upload stays after a case was given it: the case has its own key by then."""
PIECE = 1_000
KEYS = text("SELECT noegle, indpakket FROM keys.noegler WHERE slags = 'dokument'")


class Store(NamedTuple):
    """What the verbs work on."""

    engine: Engine
    keys: Noeglering
    folder: Dokumentmappe
    drift: Driftslog


@dataclass(frozen=True)
class Waiting:
    """One upload; `named` is when a case was first given it."""

    sha256: str
    bytes: int
    type: str
    uploaded: datetime
    named: datetime | None


@dataclass(frozen=True)
class Swept:
    """What was, or would be, removed: rows of uploads, and files that no key knows (with those of these rows) with their bytes."""

    uploads: int
    drafts: int
    files: int
    bytes: int
    executed: bool


@dataclass(frozen=True)
class Finding:
    """A document that the log names and that cannot be read; why."""

    case: str
    act: str
    sha256: str
    problem: str


@dataclass(frozen=True)
class Checked:
    """How many documents the log names, how many of them are erased with their citizens, and what is wrong with the others."""

    documents: int
    erased: int
    findings: tuple[Finding, ...]


def waiting(store: Store) -> list[Waiting]:
    """Every upload that an action may name, the oldest first."""
    with store.engine.connect() as conn:
        rows = uploads.alle(conn)
    return [Waiting(sha256, u.stoerrelse, u.mimetype, u.oprettet, u.navngivet) for sha256, u in rows.items()]


def preview_sweep(store: Store, days: int) -> Swept:
    """What `sweep` would remove; nothing is changed. Raises OSError, database errors."""
    with store.engine.connect() as conn, conn.begin() as undone:
        uploads.laas(conn, alene=True)
        swept, _ = _expired(store, conn, days, executed=False)
        undone.rollback()
    return swept


def sweep(store: Store, days: int, who: str, why: str | None) -> Swept:
    """Remove the uploads that nobody named for so many days, those named a day ago, and every file that no key knows any more.

    The rows and the operators' event in one transaction, and the files after it: should it be cut short, what has a row has its file, and
    nothing is gone that the log does not name. What was left is then named again, by the sweep that removes it. `store.engine` gives two
    connections at once: no upload is put in its place from the rows to the last file. Where there is nothing to remove, there is no event.
    Raises OSError, `LedgerBagud` (nothing removed), database errors.
    """
    with store.engine.begin() as alone:
        uploads.laas(alone, alene=True)
        with store.engine.begin() as conn:
            swept, lost = _expired(store, conn, days, executed=True)
            if swept.uploads or lost:
                act = DokumentoprydningUdfoert(swept.uploads, swept.drafts, swept.files, swept.bytes, who, why)
                store.drift.append(conn, [act], who)
        for file in lost:
            store.folder.fjern(file.navn, kladde=file.kladde)
    return swept


def check(store: Store) -> Checked:
    """Read every document that the log names. Raises OSError, `IngenGeneration`, database errors."""
    seen = erased = 0
    findings: list[Finding] = []
    with store.engine.connect().execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True) as conn, conn.begin():
        for rows in _named(conn).partitions(PIECE):
            keys = store.keys.hent(conn, [noeglenavn(row.sags_id, row.sha256) for row in rows])
            for row in rows:
                seen += 1
                key = keys.get(noeglenavn(row.sags_id, row.sha256))
                erased += key is None
                problem = None if key is None else _problem(store, key, row)
                findings += [] if problem is None else [Finding(row.sags_id, row.ekstern_identifier, row.sha256, problem)]
    return Checked(seen, erased, tuple(findings))


def _expired(store: Store, conn: Connection, days: int, *, executed: bool) -> tuple[Swept, list[Fil]]:
    """Remove the rows that are due; how much goes, and the files that no key knows then."""
    rows = uploads.fjern_udloebne(conn, *_limits(days))
    lost = [file for file in _unknown(store, conn) if time.time() - file.skrevet > YOUNG]
    drafts = sum(file.kladde for file in lost)
    return Swept(rows, drafts, len(lost) - drafts, sum(file.bytes for file in lost), executed), lost


def _limits(days: int) -> tuple[datetime, datetime]:
    now = datetime.now(UTC)
    return now - timedelta(days=days), now - timedelta(days=NAMED_DAYS)


def _unknown(store: Store, conn: Connection) -> Iterator[Fil]:
    """The files that no key knows, drafts too. The files are listed first: what becomes known meanwhile is then known."""
    files = list(store.folder.filer())
    known = {filnavn(store.keys.pak_ud(uploads.noeglenavn(sha256), u.indpakket)) for sha256, u in uploads.alle(conn).items()}
    known |= {filnavn(store.keys.pak_ud(name, bytes(wrapped))) for name, wrapped in conn.execute(KEYS)}
    return (file for file in files if file.kladde or file.navn not in known)


def _named(conn: Connection) -> CursorResult[Any]:
    """The documents of the serving generation, which are those of the log as far as it is projected."""
    columns = pdf.TABEL.c
    reading = forbind(conn, serverende(conn)).execution_options(stream_results=True)
    return reading.execute(select(columns.sags_id, columns.ekstern_identifier, columns.sha256, columns.stoerrelse))


def _problem(store: Store, key: bytes, row: Any) -> str | None:
    """What is wrong with a document's file; None when it is as it was uploaded."""
    try:
        reader = store.folder.aabn(key, row.sha256, row.stoerrelse)
    except (Dokumentfejl, OSError) as problem:
        return str(problem)
    try:
        reader.kontroller()
    except (Dokumentfejl, OSError) as problem:
        return str(problem)
    finally:
        reader.luk()
    return None
