"""The notification topics beside the table: numbers 1, 2, 3 … by first occurrence, repeats identical, both with the same bytes."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, text

from hub.events import journal
from hub.events.codec import Kodeks, Ulaeselig
from hub.events.journal import Post
from hub.events.topics import notifikationstopic
from hub.notifications.afstemning import Ende, ender
from hub.notifications.udkast import ANTAL_BANER
from hub.projections.forskelle import Fund

AT_A_TIME = 1_000
TOPICS_AT_ONCE = 8
HEADS = text("SELECT job_center_kode, hoved, sendt FROM delivery.numre ORDER BY 1")
ROWS = text("""
SELECT nummer, vaerdi FROM delivery.notifikationer
WHERE job_center_kode = :code AND nummer BETWEEN :first AND :last
""")
COUNTS = text("SELECT count(nummer), coalesce(max(nummer), 0) FROM delivery.notifikationer WHERE job_center_kode = :code")


@dataclass
class Counted:
    """What was looked at."""

    jobcentres: int = 0
    notifications: int = 0
    repeats: int = 0
    findings: list[Fund] = field(default_factory=list)

    def add(self, other: "Counted") -> None:
        """Count another's too."""
        self.jobcentres += other.jobcentres
        self.notifications += other.notifications
        self.repeats += other.repeats
        self.findings += other.findings


@dataclass
class Centre:
    """One jobcentre's topic on the way through. `head`, `sent`: the table's; what the topic has beyond the head is not judged."""

    code: str
    head: int
    sent: int
    last: int = 0
    new: dict[int, Post] = field(default_factory=dict)
    repeats: list[tuple[int, Post]] = field(default_factory=list)
    findings: list[Fund] = field(default_factory=list)

    def take(self, codec: Kodeks, records: Sequence[Post]) -> None:
        """The next records in order: first occurrences must be the next number."""
        self.new, self.repeats = {}, []
        for record in records:
            try:
                number = codec.afkod_notifikation(record.vaerdi or b"").nummer
            except Ulaeselig:
                self._found(record, "nothing of the hub's", "")
                continue
            if number <= self.last:
                self.repeats.append((number, record))
            elif number <= self.head:
                self._first(number, record)

    def compare(self, conn: Connection) -> None:
        """Hold the records just taken against the table's bytes."""
        both = [*self.new.items(), *self.repeats]
        if not both:
            return
        numbers = [number for number, _ in both]
        rows = conn.execute(ROWS, {"code": self.code, "first": min(numbers), "last": max(numbers)})
        values = {number: bytes(value) for number, value in rows if value is not None}
        for number, record in both:
            if values.get(number) != record.vaerdi:
                self._found(record, f"number {number}", "other bytes" if number in values else "no row")

    def end(self, conn: Connection) -> None:
        """What the table has sent must be on the topic; its own numbers are 1 to the head."""
        place = (0, -1)
        if self.last < self.sent:
            self.findings.append(Fund(*place, "", f"ordningsnotifikation.{self.code}", f"last number {self.last}", f"sent {self.sent}"))
        count, highest = conn.execute(COUNTS, {"code": self.code}).one()
        if not count == highest == self.head:
            text_ = f"{count} numbers, the highest {highest}, head {self.head}"
            self.findings.append(Fund(*place, "", f"numre {self.code}", "numbers 1, 2, 3 …", text_))

    def _first(self, number: int, record: Post) -> None:
        if number != self.last + 1:
            self._found(record, f"number {number} after {self.last}", "numbers 1, 2, 3 …")
        self.last = number
        self.new[number] = record

    def _found(self, record: Post, on_topic: str, in_database: str) -> None:
        self.findings.append(Fund(0, record.offset, "", f"ordningsnotifikation.{self.code}", on_topic, in_database))


def centres(conn: Connection) -> Iterator[Centre]:
    """Every jobcentre that was ever given a number."""
    for code, head, sent in conn.execute(HEADS).all():
        yield Centre(code, head, sent)


async def check(options: dict[str, Any], conn: Connection, codec: Kodeks) -> Counted:
    """Read every jobcentre's topic whole, a few at a time. `conn` is in a snapshot made before the topics are read. Raises KafkaError."""
    ends = await ender(options, range(ANTAL_BANER))
    at_once, one_query = asyncio.Semaphore(TOPICS_AT_ONCE), asyncio.Lock()

    async def one(centre: Centre) -> Counted:
        async with at_once:
            return await _through(options, conn, codec, (centre, ends.get(centre.code), one_query))

    counted = Counted()
    for part in await asyncio.gather(*(one(centre) for centre in list(centres(conn)))):
        counted.add(part)
    return counted


async def _through(options: dict[str, Any], conn: Connection, codec: Kodeks, todo: tuple[Centre, Ende | None, asyncio.Lock]) -> Counted:
    """One topic, from its first record to its end as it is now."""
    centre, end, one_query = todo
    counted = Counted(1)
    topic = notifikationstopic(centre.code).navn
    async for _, records in journal.laes(options, topic, {0: end.start}, {0: end.slut}, AT_A_TIME) if end else _nothing():
        centre.take(codec, records)
        counted.repeats += len(centre.repeats)
        async with one_query:
            await asyncio.to_thread(centre.compare, conn)
    async with one_query:
        await asyncio.to_thread(centre.end, conn)
    counted.notifications, counted.findings = centre.last, centre.findings
    return counted


async def _nothing() -> AsyncIterator[tuple[int, list[Post]]]:
    """A topic that was never made."""
    for post in tuple[tuple[int, list[Post]], ...]():
        yield post
