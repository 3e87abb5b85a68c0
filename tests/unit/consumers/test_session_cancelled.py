"""A relay session that is cancelled ends, also when it is woken at that very moment."""

import asyncio
from typing import Any

from hub.events.linje import Linje
from hub.events.relay_session import Session
from hub.events.relay_tal import Erindring


class TomOutbox:
    """There are no lanes."""

    def deltag(self, topics: object) -> None:
        """Nothing."""

    def pladser(self, topics: object) -> dict[str, Any]:
        """None."""
        return {}


async def test_a_session_woken_and_cancelled_at_once_ends() -> None:
    """Python 3.11's `wait_for` swallows a cancellation that comes with the awaited result; the session must not wait that way."""
    session = Session(TomOutbox(), None, None, Erindring(), Linje("test"))  # type: ignore[arg-type]
    opgave = asyncio.create_task(session.koer([], asyncio.Event()))
    await asyncio.sleep(0.05)
    session.vaek()
    await asyncio.sleep(0)
    opgave.cancel()
    done, _ = await asyncio.wait({opgave}, timeout=0.5)
    assert done and opgave.cancelled()
