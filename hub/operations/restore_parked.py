"""The parked set folded from the operators' own log: what is parked, what was discarded; a retried event is like any other again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from hub.events.codec import Kodeks, Ulaeselig
from hub.events.drift import Driftshaendelse, HaendelseGenkoert, HaendelseKasseret, HaendelseParkeret
from hub.events.journal import Post
from hub.events.tables import OUTBOX, PARKEREDE
from hub.events.topics import DRIFT

Place = tuple[int, int]
"""(partition, offset) on the facts' topic."""


@dataclass(frozen=True)
class Fact:
    """What the operators' log says of one event of the facts."""

    stream: str
    kind: str
    error: str
    number: int
    since: datetime
    state: str = "parkeret"


@dataclass
class ParkedSet:
    """Folds operators' events, then takes the records they are about."""

    facts: dict[Place, Fact] = field(default_factory=dict)
    _records: dict[Place, Post] = field(default_factory=dict)

    def take(self, codec: Kodeks, values: Sequence[bytes]) -> None:
        """The next operators' events, in order; what is none is passed over."""
        for value in values:
            try:
                self._fold(codec.afkod_drift(value))
            except Ulaeselig:
                continue

    def take_unsent(self, conn: Connection, codec: Kodeks) -> None:
        """The operators' events that the ledger still has to send: they continue the log."""
        unsent = select(OUTBOX.c.vaerdi).where(OUTBOX.c.topic == DRIFT, OUTBOX.c.sendt.is_(None)).order_by(OUTBOX.c.id)
        self.take(codec, [bytes(value) for value in conn.execute(unsent).scalars()])

    def discarded(self, partition: int) -> frozenset[int]:
        """The offsets of a partition that operators discarded."""
        return frozenset(offset for (p, offset), fact in self.facts.items() if p == partition and fact.state == "kasseret")

    def keep(self, records: Sequence[Post]) -> None:
        """Remember those records of the facts that are parked or discarded."""
        for record in records:
            place = (record.partition, record.offset)
            if place in self.facts:
                self._records[place] = record

    def write(self, conn: Connection) -> tuple[int, int]:
        """Insert the rows; how many are parked and how many discarded. A fact about a record that is not there is passed over."""
        rows = [_row(place, fact, self._records[place]) for place, fact in self.facts.items() if place in self._records]
        if rows:
            conn.execute(insert(PARKEREDE), rows)
        parked = sum(row["tilstand"] == "parkeret" for row in rows)
        return parked, len(rows) - parked

    def _fold(self, event: Driftshaendelse) -> None:
        data = event.data
        if isinstance(data, HaendelseParkeret):
            at = event.kuvert.registreringstidspunkt
            self.facts[data.partition, data.kafkaOffset] = Fact(data.stroem, data.slags, data.fejl, event.kuvert.version, at)
        elif isinstance(data, HaendelseGenkoert):
            self.facts.pop((data.partition, data.kafkaOffset), None)
        elif isinstance(data, HaendelseKasseret):
            place = (data.partition, data.kafkaOffset)
            if place in self.facts:
                self.facts[place] = replace(self.facts[place], state="kasseret")


def _row(place: Place, fact: Fact, record: Post) -> Mapping[str, Any]:
    return {
        "partition": place[0],
        "kafka_offset": place[1],
        "stroem": fact.stream,
        "slags": fact.kind,
        "tilstand": fact.state,
        "fejl": fact.error,
        "vaerdi": record.vaerdi or b"",
        "hoveder": [[name, (value or b"").decode("latin-1")] for name, value in record.hoveder],
        "nummer": fact.number,
        "parkeret": fact.since,
    }
