"""verify, of the reference streams: their topics folded anew, beside the ledger's rows, which are also what is read."""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, select

from hub.events import journal
from hub.events.arter import ARTER, REFERENCER, Art
from hub.events.codec import Kodeks
from hub.events.genskab_fold import Folder
from hub.events.journal import Post
from hub.events.stroem import Stroem
from hub.events.tables import STROEMME
from hub.projections.forskelle import Fund, paa_vej, vist

Lane = tuple[str, int]
"""(topic, partition)"""
Ends = Mapping[str, Mapping[int, int]]
"""Topic → partition → the offset after the last record."""


class Counted(NamedTuple):
    """The streams and events compared, and what differs."""

    streams: int
    events: int
    findings: list[Fund]


class Refolded:
    """One lane folded from its log; `last` has each stream's last record."""

    def __init__(self, codec: Kodeks, lane: Lane) -> None:
        self.streams: dict[str, Stroem] = {}
        self.last: dict[str, int] = {}
        self.strange: list[tuple[int, str]] = []
        self.folder = Folder(codec, lane, ())
        self._partition = lane[1]

    def take(self, records: list[Post]) -> None:
        """The next records; what is no event of a stream here is remembered with its offset."""
        for record in records:
            name = self.folder.navn(record)
            stream = self.streams.setdefault(name, Stroem(name, self._partition, 0, None, None)) if name else None
            before = self.folder.tal.ulaeselige + self.folder.tal.fremmede
            hash_ = hashlib.sha256(record.vaerdi or b"").digest()
            if self.folder.fold(record, hash_, stream) is not None:
                self.last[name] = record.offset
            elif self.folder.tal.ulaeselige + self.folder.tal.fremmede > before:
                self.strange.append((record.offset, name))


async def ends(options: dict[str, Any]) -> Ends:
    """Where the topics end. To be asked before the database's snapshot is taken: what they have by then, the ledger has committed."""
    return {topic: await journal.slutninger(options, topic) for topic in REFERENCER}


async def check(options: dict[str, Any], conn: Connection, codec: Kodeks, until: Ends) -> Counted:
    """Fold every lane up to its end and compare it with the ledger. Raises KafkaError, `UdenForLoggen`."""
    streams, events, findings = 0, 0, list[Fund]()
    for topic, partitions in until.items():
        for partition, end in sorted(partitions.items()):
            refolded = Refolded(codec, (topic, partition))
            async for _, records in journal.laes(options, topic, {partition: 0}, {partition: end}):
                refolded.take(records)
            streams += len(refolded.last)
            events += refolded.folder.tal.haendelser
            findings += _compare(conn, ARTER[topic], refolded, (partition, end))
    return Counted(streams, events, findings)


def _compare(conn: Connection, kind: Art, refolded: Refolded, place: tuple[int, int]) -> Iterator[Fund]:
    partition, end = place
    for offset, name in refolded.strange:
        yield Fund(partition, offset, name, kind.topic, "a record that continues no stream", "")
    c = STROEMME.c
    rows = {r.stroem: r for r in conn.execute(select(STROEMME).where(c.topic == kind.topic, c.partition == partition, c.version > 0))}
    for name in sorted(refolded.last.keys() | rows.keys()):
        stream, row = refolded.streams.get(name), rows.get(name)
        if row is None or stream is None or row.hoved != stream.hoved:
            ahead = row is not None and (stream is None or row.version > stream.version)
            if not (ahead and paa_vej(conn, name, end)):
                sides = vist(stream.hoved) if stream else "no such stream", vist(row.hoved) if row else "no row"
                yield Fund(partition, refolded.last.get(name, -1), name, "ledger.stroemme.hoved", *sides)
        elif not _same(kind, row, stream):
            yield Fund(partition, refolded.last[name], name, "ledger.stroemme.sag", "the stream folded from the log", "another fold")


def _same(kind: Art, row: Row[Any], stream: Stroem) -> bool:
    """Whether the row holds what the log gives, folded by this code."""
    return bool(row.fold_version == kind.fold_version and kind.udpak(row.sag, row.fold_version) == stream.sag)
