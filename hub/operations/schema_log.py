"""The local log against the published schemas: every record names one of them and decodes, whatever its age."""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

from hub.events import journal, topics
from hub.events.arter import ARTER
from hub.events.codec import Kodeks, Ulaeselig
from hub.events.framing import skema_id
from hub.events.journal import Post
from hub.events.schemas import Skemaregister
from hub.events.topics import NOTIFIKATIONER

NAMED = 1000
"""How many bad records are named; all are counted."""
Progress = Callable[[int, int], None]
"""Told the records read so far, and how many there will be."""


@dataclass(frozen=True)
class Use:
    """A published version and how many records of the log are written with it."""

    id: int
    subject: str
    version: int
    records: int


@dataclass(frozen=True)
class Unreadable:
    """A record that cannot be read; `reason` holds nothing of its content."""

    topic: str
    partition: int
    offset: int
    reason: str


@dataclass(frozen=True)
class LogCheck:
    """What the log has: its records by schema, and those that cannot be read (the first thousand named)."""

    records: int
    used: tuple[Use, ...]
    unreadable: int
    named: tuple[Unreadable, ...]


class Lane(NamedTuple):
    """A topic of the log, how its values are read, and (first offset, offset after the last) per partition."""

    topic: str
    decode: Callable[[bytes], Any]
    bounds: dict[int, tuple[int, int]]

    @property
    def records(self) -> int:
        """How many offsets it has."""
        return sum(last - first for first, last in self.bounds.values())


class Tally:
    """What was read so far."""

    def __init__(self) -> None:
        self.records = 0
        self.by_id: Counter[int] = Counter()
        self.unreadable = 0
        self.named: list[Unreadable] = []

    def take(self, lane: Lane, records: Iterable[Post]) -> None:
        """Count the records, and name the bad ones."""
        for record in records:
            self.records += 1
            reason = _reason(lane.decode, record.vaerdi)
            if reason is None:
                self.by_id[skema_id(record.vaerdi or b"") or 0] += 1
                continue
            self.unreadable += 1
            if len(self.named) < NAMED:
                self.named.append(Unreadable(lane.topic, record.partition, record.offset, reason))

    def report(self, register: Skemaregister) -> LogCheck:
        """The counts with the schemas' names, by id."""
        versions = ((register.efter_id[id_], number) for id_, number in sorted(self.by_id.items()))
        used = tuple(Use(s.id, s.subject, s.version, number) for s, number in versions)
        return LogCheck(self.records, used, self.unreadable, tuple(self.named))


async def check(options: dict[str, Any], register: Skemaregister, codec: Kodeks, progress: Progress) -> LogCheck:
    """Read facts, reference streams, operators' events and notifications up to where they end now. Raises KafkaError, `UdenForLoggen`."""
    lanes, tally = [lane async for lane in _lanes(options, codec)], Tally()
    total = sum(lane.records for lane in lanes)
    for lane in lanes:
        first, last = ({p: bounds[side] for p, bounds in lane.bounds.items()} for side in (0, 1))
        async for _, records in journal.laes(options, lane.topic, first, last):
            tally.take(lane, records)
            progress(tally.records, total)
    return tally.report(register)


async def _lanes(options: dict[str, Any], codec: Kodeks) -> AsyncIterator[Lane]:
    """Every topic that is there and whose values have schemas; one that is not there yet has no records."""
    for topic, decode in _decoders([status.topic.navn for status in await topics.liste(options) if status.findes], codec):
        yield Lane(topic, decode, await journal.graenser(options, topic))


def _decoders(names: Iterable[str], codec: Kodeks) -> Iterator[tuple[str, Callable[[bytes], Any]]]:
    """How the values of each are read. Dead letters are copies of records that could not be read, and have none."""
    for name in names:
        if name in ARTER:
            yield name, partial(ARTER[name].afkod, codec)
        elif name.startswith(NOTIFIKATIONER):
            yield name, codec.afkod_notifikation


def _reason(decode: Callable[[bytes], Any], value: bytes | None) -> str | None:
    """Why the value cannot be read; None: it can."""
    if value is None:
        return "no value"
    try:
        decode(value)
    except Ulaeselig as problem:
        return str(problem)
    return None
