"""renotify: send again to one jobcentre exactly what it was sent: same ids, numbers and bytes, on the same topic (decision 024).

Nothing unsent is sent by it and nothing is numbered. A repeat is an identical copy, which every consumer skips by its number, so sending
one twice is harmless; the place reached is kept after each page, so a run that was cut short goes on there and skips nothing.
"""

import asyncio
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Engine

from hub.domain.jobcentre import kendt_kommune
from hub.events.codec import Kodeks
from hub.events.drift import GenudsendelseBegyndt, GenudsendelseUdfoert
from hub.events.drift_append import Driftslog
from hub.events.genskabelseslaas import delt
from hub.events.schemas import Skemaregister
from hub.notifications.afsender import Afsender
from hub.notifications.genudsend import Genudsendelse, Hoved, Optaget, Valg, alene
from hub.notifications.numre import Nummereret
from hub.notifications.pakning import Pakning

A_SECOND = 500
"""Notifications sent again per second, unless said otherwise: live ones keep their way."""
PAGE = 200
ATTEMPTS = 6
PAUSE_SECONDS = 1.0

Progress = Callable[[int, int], None]
"""Told how many are sent, and how many are to be."""


class Refused(ValueError):
    """What was asked for cannot be sent again; the text says why."""


class NotDelivered(RuntimeError):
    """Kafka did not take it; the place reached is kept."""


class Parts(NamedTuple):
    """What renotify works on."""

    engine: Engine
    options: dict[str, Any]
    codec: Kodeks
    register: Skemaregister
    drift: Driftslog


class Order(NamedTuple):
    """Which jobcentre, what of its notifications, who asks and why, and how many a second at most."""

    jobcentre: str
    choice: Valg
    who: str
    why: str
    a_second: int = A_SECOND


@dataclass(frozen=True)
class Preview:
    """What would be sent: to whom how many, of how many cases, which numbers, when the oldest was sent first, and in how many seconds.

    `goes_on_after`: the number that a run of the same choice had reached when it was cut short. `unfinished`: other choices cut short.
    """

    jobcentre: str
    choice: str
    notifications: int
    cases: int
    first: int | None
    last: int | None
    oldest: datetime | None
    recipients: dict[str, int]
    seconds: float
    goes_on_after: int | None
    unfinished: tuple[str, ...]


@dataclass(frozen=True)
class Renotified:
    """What was sent again: by this run, and with those of the same choice that were cut short; the first and last number of them all."""

    jobcentre: str
    choice: str
    notifications: int
    all_in_all: int
    first: int
    last: int
    seconds: float


def preview(engine: Engine, order: Order) -> Preview:
    """Look, and change nothing. Raises `Refused`."""
    known_jobcentre(order.jobcentre)
    choice = Genudsendelse(order.jobcentre, order.choice)
    with engine.connect() as conn:
        _refuse(order, choice.hoved(conn))
        cut_short, unfinished = choice.afbrudt(conn), choice.andre_afbrudte(conn)
        after = cut_short.naaet if cut_short is not None else 0
        found = choice.udvalg(conn, after)
    if not found.antal and cut_short is None:
        raise Refused(f"jobcentre {order.jobcentre} was sent nothing like that: {order.choice.tekst}")
    return Preview(
        jobcentre=order.jobcentre,
        choice=order.choice.tekst,
        notifications=found.antal,
        cases=found.sager,
        first=found.fra,
        last=found.til,
        oldest=found.aeldste,
        recipients={order.jobcentre: found.antal},
        seconds=round(found.antal / order.a_second, 1),
        goes_on_after=cut_short.naaet if cut_short is not None else None,
        unfinished=unfinished,
    )


def known_jobcentre(code: str) -> None:
    """Raises `Refused` for what is no jobcentre's code."""
    if not re.fullmatch(r"[0-9]{5}", code, re.ASCII):
        raise Refused("a jobcentre's code is five digits")
    if not kendt_kommune(code):
        raise Refused(f"there is no jobcentre {code}: no kommune has the number {code[:3]}")


def _refuse(order: Order, head: Hoved | None) -> None:
    if head is None or not head.sendt:
        raise Refused(f"jobcentre {order.jobcentre} was never sent a notification")
    if order.choice.til is not None and order.choice.til > head.sendt:
        given = f", of the {head.givet} given" if head.givet > head.sendt else ""
        raise Refused(f"jobcentre {order.jobcentre} has been sent numbers up to {head.sendt}{given}: {order.choice.til} is not sent yet")


async def renotify(parts: Parts, order: Order, progress: Progress) -> Renotified:
    """Send, and say so on the operators' log before the first and after the last.

    Raises `Refused`, `Optaget`, `GenskabesNu`, `LedgerBagud`, `NotDelivered`.
    """
    with delt(parts.engine), alene(parts.engine, order.jobcentre):
        run = Run(parts, order, preview(parts.engine, order), progress)
        run.begin()
        await run.send()
        return run.finish()


class Run:
    """One run, up to the last number that its preview saw; the steps are called in the order of `renotify`."""

    def __init__(self, parts: Parts, order: Order, seen: Preview, progress: Progress) -> None:
        self._parts = parts
        self._order = order
        self._seen = seen
        self._progress = progress
        self._choice = Genudsendelse(order.jobcentre, order.choice._replace(til=seen.last or 0))
        self._packing = Pakning(parts.codec, parts.register)
        self._place = seen.goes_on_after or 0
        self._sent = 0
        self._began = time.monotonic()

    def begin(self) -> None:
        """Say what is going to be sent."""
        seen, order = self._seen, self._order
        first, last = seen.first or self._place, seen.last or self._place
        with self._parts.engine.begin() as conn:
            self._choice.begynd(conn, first, order.who)
            said = GenudsendelseBegyndt(order.jobcentre, seen.choice, first, last, seen.notifications, order.who, order.why)
            self._parts.drift.append(conn, [said], order.who)

    async def send(self) -> None:
        """Page by page, no faster than was said; the place is kept when Kafka has a page."""
        sender, idle = Afsender(self._parts.options), 0
        try:
            while page := await asyncio.to_thread(self._page):
                sent = (await sender.send(page)).sendte
                idle = 0 if sent else idle + 1
                if idle == ATTEMPTS:
                    raise NotDelivered(f"Kafka does not take them; the run goes on after number {self._place} when it is asked for again")
                await asyncio.to_thread(self._keep, [one.raekke.nummer for one in sent])
                self._progress(self._sent, self._seen.notifications)
                await asyncio.sleep(PAUSE_SECONDS if idle else self._early())
        finally:
            await sender.luk()

    def finish(self) -> Renotified:
        """Say what was sent, and forget the place."""
        order = self._order
        with self._parts.engine.begin() as conn:
            done = self._choice.faerdig(conn)
            said = GenudsendelseUdfoert(order.jobcentre, self._seen.choice, done.fra, done.naaet, done.antal, order.who, order.why)
            self._parts.drift.append(conn, [said], order.who)
        seconds = round(time.monotonic() - self._began, 3)
        return Renotified(order.jobcentre, self._seen.choice, self._sent, done.antal, done.fra, done.naaet, seconds)

    def _page(self) -> list[Nummereret]:
        with self._parts.engine.connect() as conn:
            return self._choice.side(conn, self._packing, self._place, min(PAGE, self._order.a_second))

    def _keep(self, numbers: Sequence[int]) -> None:
        if numbers:
            with self._parts.engine.begin() as conn:
                self._choice.frem(conn, numbers[-1], len(numbers))
            self._place, self._sent = numbers[-1], self._sent + len(numbers)

    def _early(self) -> float:
        """Seconds until so many may have been sent."""
        return max(0.0, self._sent / self._order.a_second - (time.monotonic() - self._began))


__all__ = ["NotDelivered", "Optaget", "Order", "Parts", "Preview", "Refused", "Renotified", "Valg", "preview", "renotify"]
