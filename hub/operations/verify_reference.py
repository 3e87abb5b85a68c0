"""verify, of the streams that are no cases: their topics folded anew, beside the ledger's rows, its outbox, and the parked set."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from hub.events import journal
from hub.events.arter import ARTER, REFERENCER
from hub.events.codec import Kodeks
from hub.events.framing import skema_id
from hub.events.genskab_fold import Folder
from hub.events.journal import Post
from hub.events.stroem import Stroem
from hub.events.tables import PARKEREDE, STROEMME
from hub.events.topics import DRIFT
from hub.operations.restore_parked import Fact, ParkedSet, Place
from hub.projections.fund import Fund, Fundne, vist
from hub.projections.genfold import Foldet, Paa
from hub.projections.ledgeranmodninger import anmodningsforskelle
from hub.projections.ledgerforskelle import ledgeren, udsendt
from hub.projections.ledgerkaede import Hoved, Kilde, paa_vej, raekkens

Lane = tuple[str, int]
"""(topic, partition)"""
Ends = Mapping[str, Mapping[int, int]]
"""Topic → partition → the offset after the last record."""
TOPICS = (*REFERENCER, DRIFT)


class Refolded:
    """One lane folded from its log; `last` has each stream's last record, `records` all of them by stream and offset."""

    def __init__(self, codec: Kodeks, lane: Lane) -> None:
        self.streams: dict[str, Stroem] = {}
        self.last: dict[str, int] = {}
        self.records: dict[str, dict[int, Paa]] = {}
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
            event = self.folder.fold(record, hash_, stream)
            self.records.setdefault(name, {})[record.offset] = Paa(hash_, event, skema_id(record.vaerdi or b""))
            if event is not None:
                self.last[name] = record.offset
            elif self.folder.tal.ulaeselige + self.folder.tal.fremmede > before:
                self.strange.append((record.offset, name))


async def ends(options: dict[str, Any]) -> Ends:
    """Where the topics end. To be asked before the database's snapshot is taken: what they have by then, the ledger has committed."""
    return {topic: await journal.slutninger(options, topic) for topic in TOPICS}


class Lanes(NamedTuple):
    """Where these streams are read: their topics' `ends`; `step` is told of records read."""

    options: dict[str, Any]
    codec: Kodeks
    ends: Ends
    step: Callable[[int], None]


async def check(lanes: Lanes, conn: Connection, findings: Fundne) -> int:
    """Fold every lane up to its end and compare it with the ledger; how many reference streams there are.

    Raises KafkaError, `UdenForLoggen`.
    """
    streams, parked = 0, ParkedSet()
    for topic, partitions in lanes.ends.items():
        for partition, end in sorted(partitions.items()):
            refolded = Refolded(lanes.codec, (topic, partition))
            async for _, records in journal.laes(lanes.options, topic, {partition: 0}, {partition: end}):
                refolded.take(records)
                lanes.step(len(records))
                if topic == DRIFT:
                    parked.take(lanes.codec, [record.vaerdi or b"" for record in records])
            streams += len(refolded.last) if topic in REFERENCER else 0
            findings.tag(_compare(conn, lanes.codec, refolded, Kilde(ARTER[topic], partition, end)))
            if topic in REFERENCER:
                findings.tag(f._replace(sags_id=vist(f.sags_id)) for f in anmodningsforskelle(conn, _requests(refolded, partition)))
            if topic == DRIFT:
                parked.take_beyond(conn, lanes.codec, end)
    findings.tag(_parked(conn, parked.facts))
    return streams


def _compare(conn: Connection, codec: Kodeks, refolded: Refolded, log: Kilde) -> Iterator[Fund]:
    topic = log.art.topic
    for offset, name in refolded.strange:
        yield Fund(log.partition, offset, vist(name), topic, "a record that continues no stream", "")
    c = STROEMME.c
    of_lane = select(c.stroem).where(c.topic == topic, c.partition == log.partition, c.version > 0)
    names = sorted(refolded.last.keys() | set(conn.execute(of_lane).scalars()))
    ledger = ledgeren(conn, names, log.slut)
    for name in names:
        outbox, stream = ledger.udbakke.get(name, ()), refolded.streams.get(name)
        place = (log.partition, refolded.last.get(name, -1))
        yield from udsendt((name, refolded.records.get(name, {})), outbox, log, codec)
        head = Hoved(0, None, None, None) if stream is None else Hoved(stream.version, stream.hoved, stream.registreret, stream.sag)
        for difference in raekkens(log, head, ledger.raekker.get(name), (paa_vej(outbox, log, codec), ())):
            yield Fund(*place, vist(name), *difference)


def _requests(refolded: Refolded, partition: int) -> dict[str, Foldet]:
    """The streams' events by their requests, as those of cases."""
    folded: dict[str, Foldet] = {}
    for name, records in refolded.records.items():
        one = folded.setdefault(name, Foldet(name, partition))
        for offset, record in records.items():
            if record.haendelse is not None:
                request = record.haendelse.kuvert.requestId
                one.anmodninger.setdefault(request, (offset, []))[1].append(record.haendelse)
    return folded


def _parked(conn: Connection, facts: Mapping[Place, Fact]) -> Iterator[Fund]:
    """The parked set is what the operators' log says; a retried event has a row only where no restore has been since."""
    rows = {(r.partition, r.kafka_offset): r for r in conn.execute(select(PARKEREDE))}
    for place in sorted(facts.keys() | rows.keys()):
        fact, row = facts.get(place), rows.get(place)
        on_log = ("genkoert",) if fact is None else (fact.state, fact.stream, fact.kind, fact.error, fact.number)
        in_database = () if row is None else (row.tilstand, row.stroem, row.slags, row.fejl, row.nummer)
        for column, said, found in zip(("tilstand", "stroem", "slags", "fejl", "nummer"), on_log, in_database, strict=False):
            if said != found:
                yield Fund(place[0], place[1], vist(row.stroem if row else ""), f"parkerede.{column}", vist(said), vist(found))
        if row is None and fact is not None:
            yield Fund(place[0], place[1], vist(fact.stream), "parkerede", fact.state, "no row")
