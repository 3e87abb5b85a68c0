"""A visit that the event loop waits for: handing a short one to a thread and back costs more than the visit."""

import asyncio

from hub.events.besoeg import Kald, Svar, gang
from hub.events.forbindelse import Forbindelse


async def besoeg(raa: Forbindelse, *kald: Kald) -> list[Svar]:
    """`hub.events.besoeg.besoeg` without a thread: for statements that are short and rows that are few; one at a time on a connection.

    Who is cancelled in the middle of one closes the connection: what was sent has an unknown outcome.
    """
    skridt = gang(raa, *kald)
    try:
        while True:
            await _klar(raa.pgconn.socket, skriver=next(skridt))
    except StopIteration as slut:
        svar: list[Svar] = slut.value
        return svar
    except asyncio.CancelledError:
        raa.close()
        raise


async def _klar(sokkel: int, *, skriver: bool) -> None:
    """Until the socket has something to read or, when asked, takes more."""
    loop = asyncio.get_running_loop()
    nyt: asyncio.Future[None] = loop.create_future()
    loop.add_reader(sokkel, _sig, nyt)
    if skriver:
        loop.add_writer(sokkel, _sig, nyt)
    try:
        await nyt
    finally:
        loop.remove_reader(sokkel)
        if skriver:
            loop.remove_writer(sokkel)


def _sig(nyt: "asyncio.Future[None]") -> None:
    if not nyt.done():
        nyt.set_result(None)
