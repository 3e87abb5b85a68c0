"""The operators' log read: what was done to the hub, when, by whom and why, in order."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from hub.events import journal
from hub.events.codec import Kodeks, Ulaeselig
from hub.events.journal import Post
from hub.events.topics import DRIFT

ENVELOPED = {"hvem", "hvorfor"}
PARTITION = 0


@dataclass(frozen=True)
class Act:
    """One event of `vitas.driftshaendelser`; `who` is an operator, or `hub` where it acted by itself; `data` are its other fields."""

    version: int
    at: datetime
    who: str | None
    what: str
    why: str | None
    data: dict[str, Any]


@dataclass(frozen=True)
class Unreadable:
    """A record of the log that is no such event."""

    offset: int
    reason: str


async def read(options: dict[str, Any], codec: Kodeks) -> AsyncGenerator[Act | Unreadable, None]:
    """Every act up to the log's end as it is now, an identical copy once. Raises KafkaError, `LoggenSvarerIkke`."""
    ((first, last),) = (await journal.graenser(options, DRIFT, [PARTITION])).values()
    seen = 0
    async with aclosing(journal.laes(options, DRIFT, {PARTITION: first}, {PARTITION: last})) as parts:
        async for _, posts in parts:
            for post in posts:
                act = _act(codec, post)
                if isinstance(act, Act) and act.version <= seen:
                    continue
                seen = act.version if isinstance(act, Act) else seen
                yield act


def _act(codec: Kodeks, post: Post) -> Act | Unreadable:
    try:
        event = codec.afkod_drift(post.vaerdi or b"")
    except Ulaeselig as problem:
        return Unreadable(post.offset, str(problem))
    envelope, data = event.kuvert, msgspec.to_builtins(event.data)
    rest = {name: value for name, value in data.items() if name not in ENVELOPED and value is not None}
    return Act(envelope.version, envelope.registreringstidspunkt, envelope.aktoer.id, event.type, data.get("hvorfor"), rest)
