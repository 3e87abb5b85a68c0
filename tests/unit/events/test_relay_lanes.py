"""Which lanes a relay gives up, and when."""

import asyncio
from typing import Any, NamedTuple

from hub.events.bane import Bane
from hub.events.linje import Linje
from hub.events.relay_session import Session

NAVNE = [("t", partition) for partition in range(4)]


class Andel(NamedTuple):
    """A share of so many lanes."""

    antal: int

    def andel(self, af: int) -> int:
        """So many."""
        return self.antal


class Outbox:
    """A connection that keeps what was unlocked."""

    def __init__(self) -> None:
        self.sluppet: list[Any] = []

    def slip(self, navne: Any) -> None:
        """Unlock lanes."""
        self.sluppet += navne


def _session() -> tuple[Any, Outbox]:
    outbox = Outbox()
    session: Any = Session(outbox, None, None, None, Linje("test"))  # type: ignore[arg-type]
    session._baner = {navn: Bane(navn) for navn in NAVNE}
    return session, outbox


async def test_what_is_too_much_is_marked_once() -> None:
    """A lane that is being given up counts no more: while it is at work, no other is marked for it."""
    session, _ = _session()
    session._baner[NAVNE[0]].slippes = True
    await session._fordel(NAVNE, Andel(3))
    assert [bane.slippes for bane in session._baner.values()] == [True, False, False, False]
    await session._fordel(NAVNE, Andel(2))
    assert [bane.slippes for bane in session._baner.values()] == [True, False, False, True]


async def test_a_lane_at_work_is_given_up_when_it_is_at_rest() -> None:
    """Not while something is sent or compared, nor before the marks are made; one that is kept is never."""
    session, outbox = _session()
    sender, sammenlignes, umarkeret, beholdt = session._baner.values()
    sender.sender = sammenlignes.sammenligner = asyncio.ensure_future(asyncio.sleep(0))
    umarkeret.kvitterede = [1]
    for bane in (sender, sammenlignes, umarkeret):
        bane.slippes = True
    await session._slip()
    assert (outbox.sluppet, list(session._baner)) == ([], NAVNE)
    sender.sender = sammenlignes.sammenligner = None
    umarkeret.kvitterede = []
    await session._slip()
    assert (outbox.sluppet, list(session._baner)) == (NAVNE[:3], [beholdt.navn])
