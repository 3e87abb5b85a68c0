"""The parked set folded from the operators' own log: what is parked, what was discarded; a retried event is like any other again."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, or_, select
from sqlalchemy.dialects.postgresql import insert

from hub.events.codec import Kodeks, Ulaeselig
from hub.events.drift import Driftshaendelse, GenkoerselMislykket, HaendelseGenkoert, HaendelseKasseret, HaendelseParkeret
from hub.events.journal import Post
from hub.events.tables import OUTBOX, PARKEREDE
from hub.events.topics import DRIFT
from hub.projections.parkering import hoveder_som_gemt
from hub.projections.project import BAGVED, FEJL, VENTER

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
    """Folds operators' events, then sets the records they are about aside again, each in its turn."""

    facts: dict[Place, Fact] = field(default_factory=dict)
    copied: set[Place] = field(default_factory=set)

    def take(self, codec: Kodeks, values: Sequence[bytes]) -> None:
        """The next operators' events, in order; what is none is passed over."""
        for value in values:
            try:
                self._fold(codec.afkod_drift(value))
            except Ulaeselig:
                continue

    def take_copies(self, records: Sequence[Post]) -> None:
        """The next records of the dead-letter topic: what is there already is not copied again."""
        for record in records:
            headers = dict(record.hoveder)
            with suppress(KeyError, ValueError):
                self.copied.add((int(headers["__connect.errors.partition"]), int(headers["__connect.errors.offset"])))

    def take_unsent(self, conn: Connection, codec: Kodeks) -> None:
        """The operators' events that the ledger still has to send: they continue the log."""
        unsent = select(OUTBOX.c.vaerdi).where(OUTBOX.c.topic == DRIFT, OUTBOX.c.sendt.is_(None)).order_by(OUTBOX.c.id)
        self.take(codec, [bytes(value) for value in conn.execute(unsent).scalars()])

    def take_beyond(self, conn: Connection, codec: Kodeks, end: int) -> None:
        """The operators' events that the ledger has and the log up to `end` has not."""
        beyond = or_(OUTBOX.c.kafka_offset.is_(None), OUTBOX.c.kafka_offset >= end)
        rows = conn.execute(select(OUTBOX.c.vaerdi).where(OUTBOX.c.topic == DRIFT, beyond).order_by(OUTBOX.c.id))
        self.take(codec, [bytes(value) for value in rows.scalars()])

    def discarded_offsets(self, partition: int) -> frozenset[int]:
        """The offsets of a partition that operators discarded."""
        return frozenset(offset for (p, offset), fact in self.facts.items() if p == partition and fact.state == "kasseret")

    def pieces(self, records: Sequence[Post]) -> Iterator[Sequence[Post]]:
        """The records cut before each one that is to be set aside: what comes before it of its case is applied before it is there."""
        start = 0
        for nr, record in enumerate(records):
            if nr > start and (record.partition, record.offset) in self.facts:
                yield records[start:nr]
                start = nr
        if records:
            yield records[start:]

    def set_aside(self, engine: Engine, record: Post) -> None:
        """Insert the row of a record that the operators' log says is parked or discarded; nothing for another record."""
        place = (record.partition, record.offset)
        fact = self.facts.get(place)
        if fact is None:
            return
        with engine.begin() as conn:
            conn.execute(
                insert(PARKEREDE).on_conflict_do_nothing(),
                _row(place, fact, record) | {"kopieret": fact.since if place in self.copied else None},
            )

    def _fold(self, event: Driftshaendelse) -> None:
        data = event.data
        if isinstance(data, HaendelseParkeret):
            at = event.kuvert.registreringstidspunkt
            self.facts[data.partition, data.kafkaOffset] = Fact(data.stroem, data.slags, data.fejl, event.kuvert.version, at)
        elif isinstance(data, GenkoerselMislykket):
            self._failed_again(data)
        elif isinstance(data, HaendelseGenkoert):
            self.facts.pop((data.partition, data.kafkaOffset), None)
        elif isinstance(data, HaendelseKasseret):
            place = (data.partition, data.kafkaOffset)
            if place in self.facts:
                self.facts[place] = replace(self.facts[place], state="kasseret")

    def _failed_again(self, data: GenkoerselMislykket) -> None:
        """The reason is that of the last try, and what else is parked of the case waits behind it."""
        for place, fact in self.facts.items():
            if fact.stream == data.stroem and fact.state == "parkeret":
                first = place == (data.partition, data.kafkaOffset)
                self.facts[place] = replace(fact, kind=FEJL if first else VENTER, error=data.fejl if first else BAGVED)


def _row(place: Place, fact: Fact, record: Post) -> dict[str, Any]:
    return {
        "partition": place[0],
        "kafka_offset": place[1],
        "stroem": fact.stream,
        "slags": fact.kind,
        "tilstand": fact.state,
        "fejl": fact.error,
        "vaerdi": record.vaerdi or b"",
        "hoveder": hoveder_som_gemt(record.hoveder),
        "nummer": fact.number,
        "parkeret": fact.since,
    }
