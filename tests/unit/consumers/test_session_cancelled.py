"""A relay session that is cancelled ends, also when it is woken at that very moment."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from hub.events.relay_session import Session
from hub.events.relay_tal import Erindring


class TomOutbox:
    """There are no lanes."""

    def deltag(self, topics: object) -> None:
        """Nothing."""

    def pladser(self, topics: object) -> dict[str, Any]:
        """None."""
        return {}


def i_traad(arbejde: Callable[..., Any], *argumenter: Any) -> Awaitable[Any]:
    """At once."""
    svar: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    svar.set_result(arbejde(*argumenter))
    return svar


async def test_a_session_woken_and_cancelled_at_once_ends() -> None:
    """Python 3.11's `wait_for` swallows a cancellation that comes with the awaited result; the session must not wait that way."""
    session = Session(TomOutbox(), None, None, Erindring(), i_traad)  # type: ignore[arg-type]
    opgave = asyncio.create_task(session.koer([], asyncio.Event()))
    await asyncio.sleep(0.05)
    session.vaek()
    await asyncio.sleep(0)
    opgave.cancel()
    done, _ = await asyncio.wait({opgave}, timeout=0.5)
    assert done and opgave.cancelled()
