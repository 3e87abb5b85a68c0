"""The notification topics beside the table: numbers 1, 2, 3 … by first occurrence, repeats identical, both with the same bytes."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import Connection, text

from hub.events import journal
from hub.events.codec import Kodeks, Ulaeselig
from hub.events.journal import Post
from hub.events.topics import NOTIFIKATIONER, notifikationstopic
from hub.notifications.afstemning import Ende
from hub.projections.fund import HOEJST_FUND, Fund, Fundne, vist

AT_A_TIME = 1_000
TOPICS_AT_ONCE = 8
HEADS = text("""
SELECT coalesce(m.job_center_kode, n.kode), coalesce(m.hoved, 0), coalesce(m.sendt, 0), coalesce(n.antal, 0), coalesce(n.hoejst, 0),
       coalesce(n.sidst_sendt, 0)
FROM delivery.numre m FULL JOIN (
    SELECT job_center_kode AS kode, count(nummer) AS antal, max(nummer) AS hoejst,
           max(nummer) FILTER (WHERE sendt IS NOT NULL) AS sidst_sendt
    FROM delivery.notifikationer WHERE nummer IS NOT NULL GROUP BY 1
) n ON n.kode = m.job_center_kode ORDER BY 1
""")
ROWS = text("""
SELECT nummer, vaerdi, kafka_offset, sags_id FROM delivery.notifikationer
WHERE job_center_kode = :code AND nummer BETWEEN :first AND :last
""")


class Row(NamedTuple):
    """A numbered notification as the table has it."""

    value: bytes
    offset: int | None
    case: str


class Heads(NamedTuple):
    """A jobcentre in the table: last number given and last sent, and how many rows have a number, the highest, the highest sent."""

    code: str
    head: int
    sent: int
    numbered: int
    highest: int
    highest_sent: int


@dataclass
class Counted:
    """What was looked at, and what was found, by jobcentre."""

    jobcentres: int = 0
    notifications: int = 0
    repeats: int = 0
    found: dict[str, Fundne] = field(default_factory=dict)

    def take(self, other: "Counted") -> None:
        """Count what another looked at too."""
        self.jobcentres += other.jobcentres
        self.notifications += other.notifications
        self.repeats += other.repeats
        self.found |= other.found

    def findings(self) -> Fundne:
        """Everything found, the jobcentres in order."""
        found = Fundne()
        for _, one in sorted(self.found.items()):
            found.flet(one)
        return found


@dataclass
class Centre:
    """One jobcentre's topic on the way through; what it has beyond the table's head came after the snapshot and is not judged.

    `elsewhere`: numbers whose row names another offset than the first, until a copy lies there.
    """

    heads: Heads
    findings: Fundne = field(default_factory=Fundne)
    last: int = 0
    repeats: int = 0
    elsewhere: dict[int, tuple[int, str]] = field(default_factory=dict)
    _new: dict[int, Post] = field(default_factory=dict)
    _copies: list[tuple[int, Post]] = field(default_factory=list)
    _missing: list[tuple[int, Post]] = field(default_factory=list)

    @property
    def topic(self) -> str:
        """Its name."""
        return NOTIFIKATIONER + self.heads.code

    def take(self, codec: Kodeks, records: Sequence[Post]) -> None:
        """The next records in order: first occurrences must be the next number."""
        self._new, self._copies, self._missing = {}, [], []
        for record in records:
            try:
                number = codec.afkod_notifikation(record.vaerdi or b"").nummer
            except Ulaeselig:
                self._found(record, "", "nothing of the hub's", "")
                continue
            if number <= self.last:
                self._copies.append((number, record))
            elif number <= self.heads.head:
                self._first(number, record)
        self.repeats += len(self._copies)

    def compare(self, conn: Connection) -> None:
        """Hold the records just taken against the table's bytes."""
        both = [*self._new.items(), *self._copies]
        numbers = [number for number, _ in both] + [number for number, _ in self._missing]
        if not numbers:
            return
        found = conn.execute(ROWS, {"code": self.heads.code, "first": min(numbers), "last": max(numbers)})
        rows = {number: Row(bytes(value or b""), offset, case) for number, value, offset, case in found}
        for number, record in self._missing:
            self._found(record, rows[number].case if number in rows else "", "no record before this one", f"number {number}")
        for number, record in both:
            row = rows.get(number)
            if row is None or row.value != record.vaerdi:
                sides = f"number {number}: {vist(record.vaerdi)}", "no row" if row is None else vist(row.value)
                self._found(record, row.case if row else "", *sides)
            elif row.offset is not None:
                self._place(number, record, row)

    def end(self) -> None:
        """What the table has sent must be on the topic; its own numbers are 1 to the head."""
        head, sent, numbered, highest, highest_sent = self.heads[1:]
        if self.last < sent:
            self._found(None, "", f"last number {self.last}", f"sent {sent}")
        if not numbered == highest == head:
            self._found(None, "", "numbers 1, 2, 3 …", f"{numbered} numbers, the highest {highest}, head {head}", "numre.hoved")
        if highest_sent != sent:
            self._found(None, "", f"the highest number sent is {highest_sent}", str(sent), "numre.sendt")
        for number, (offset, case) in sorted(self.elsewhere.items()):
            self.findings.tag([Fund(0, offset, case, "notifikationer.kafka_offset", f"number {number} is elsewhere", str(offset))])

    def _first(self, number: int, record: Post) -> None:
        self._missing += [(gap, record) for gap in range(self.last + 1, min(number, self.last + 1 + HOEJST_FUND))]
        self.last = number
        self._new[number] = record

    def _place(self, number: int, record: Post, row: Row) -> None:
        """A row names the record that was acknowledged, which may be a copy."""
        if row.offset == record.offset:
            self.elsewhere.pop(number, None)
        elif number in self._new and self._new[number] is record and row.offset is not None and len(self.elsewhere) < HOEJST_FUND:
            self.elsewhere[number] = (row.offset, row.case)

    def _found(self, record: Post | None, case: str, on_topic: str, in_database: str, what: str = "") -> None:
        place = -1 if record is None else record.offset
        named = f"{what} {self.heads.code}" if what else self.topic
        self.findings.tag([Fund(0, place, case, named, on_topic, in_database)])


def centres(conn: Connection) -> list[Heads]:
    """Every jobcentre that was ever given a number."""
    return [Heads(*row) for row in conn.execute(HEADS).all()]


class Topics(NamedTuple):
    """Where the notification topics are read: the codec, and their ends, asked for after the snapshot; `step` is told of records read."""

    options: dict[str, Any]
    codec: Kodeks
    ends: Mapping[str, Ende]
    step: Callable[[int], None]


async def check(topics: Topics, conn: Connection, heads: Sequence[Heads]) -> Counted:
    """Read these jobcentres' topics whole, a few at a time. `conn` is in a snapshot made before the topics are read. Raises KafkaError."""
    at_once, one_query = asyncio.Semaphore(TOPICS_AT_ONCE), asyncio.Lock()
    todo = [Centre(head) for head in heads]

    async def one(centre: Centre) -> None:
        async with at_once:
            await _through(topics, conn, centre, one_query)

    await asyncio.gather(*(one(centre) for centre in todo))
    found = {centre.heads.code: centre.findings for centre in todo if centre.findings.antal}
    return Counted(len(todo), sum(centre.last for centre in todo), sum(centre.repeats for centre in todo), found)


async def _through(topics: Topics, conn: Connection, centre: Centre, one_query: asyncio.Lock) -> None:
    """One topic, from its first record to its end as it is now."""
    end = topics.ends.get(centre.heads.code)
    async for _, records in _records(topics, centre.heads.code, end):
        centre.take(topics.codec, records)
        async with one_query:
            await asyncio.to_thread(centre.compare, conn)
        topics.step(len(records))
    centre.end()


async def _records(topics: Topics, code: str, end: Ende | None) -> AsyncIterator[tuple[int, list[Post]]]:
    """A topic's records; none of one that was never made."""
    if end is not None and end.start < end.slut:
        topic = notifikationstopic(code).navn
        async for part in journal.laes(topics.options, topic, {0: end.start}, {0: end.slut}, AT_A_TIME):
            yield part
