"""The bounded pool of threads, in memory."""

import asyncio
import threading

import pytest

from hub.api.problem import Problem
from hub.api.traade import Traade


async def test_one_call_too_many_is_refused_and_the_place_is_free_again() -> None:
    """Two threads and one waiting: the fourth call is 503 with Retry-After; when they are done, the next one runs."""
    traade, vent = Traade(2, 1), threading.Event()
    kald = [asyncio.create_task(traade.koer(vent.wait, 5)) for _ in range(3)]
    await asyncio.sleep(0)
    with pytest.raises(Problem) as refuseret:
        await traade.koer(vent.wait, 5)
    assert (refuseret.value.kode, refuseret.value.hoveder) == ("overbelastet", {"Retry-After": "1"})
    vent.set()
    await asyncio.gather(*kald)
    assert await traade.koer(lambda: "ja") == "ja"
    traade.luk()


async def test_a_caller_that_goes_away_does_not_free_a_thread_that_still_works() -> None:
    """The place counts until the work is done: otherwise impatient callers could start more and more of it."""
    traade, vent = Traade(1, 0), threading.Event()
    opgave = asyncio.create_task(traade.koer(vent.wait, 5))
    await asyncio.sleep(0.05)
    opgave.cancel()
    await asyncio.gather(opgave, return_exceptions=True)
    assert traade.optaget == 1
    vent.set()
    traade.luk()
    assert traade.optaget == 0


async def test_the_event_loop_turns_while_a_call_blocks() -> None:
    """Blocking work is in a thread."""
    traade, vent = Traade(1, 0), threading.Event()
    opgave = asyncio.create_task(traade.koer(vent.wait, 5))
    for _ in range(5):
        await asyncio.sleep(0)
    vent.set()
    assert await opgave is True
    traade.luk()
