"""Parts that are ready at the same time share a transaction; what cannot go together goes alone."""

import asyncio
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from tvillinger import en_post

from hub.consumers.samkoersel import SAMTIDIGE, SMAA, Samkoersel
from hub.events.journal import Post
from hub.projections.live import Anvendt, Udfald


class Projektion:
    """Remembers which partitions came together and which alone; holds the transactions until `fri` is set."""

    def __init__(self, fejl: Exception | None = None, sammen: bool = True) -> None:
        self.sammen, self.fejl = sammen, fejl
        self.samlede: list[set[int]] = []
        self.alene: list[int] = []
        self.spurgt = 0
        self.fri = threading.Event()

    def generation(self) -> int:
        """Always 7."""
        self.spurgt += 1
        return 7

    def checkpoint(self, partition: int) -> int:
        """Nothing applied."""
        return 0

    def anvend(self, partition: int, poster: Sequence[Post], fra: int | None = None) -> Udfald:
        """Alone."""
        self.alene.append(partition)
        return Anvendt(poster[-1].offset + 1, len(poster), 0, 0)

    def anvend_samlet(self, dele: Mapping[int, Sequence[Post]], generation: int) -> dict[int, Udfald] | None:
        """Together, in generation 7."""
        assert generation == 7
        self.samlede.append(set(dele))
        self.fri.wait(2)
        if self.fejl is not None:
            raise self.fejl
        return {p: Anvendt(d[-1].offset + 1, len(d), 0, 0) for p, d in dele.items()} if self.sammen else None


async def koer(projektion: Projektion, partitioner: Sequence[int]) -> list[Udfald]:
    """Hand in a part of each partition, in this order, and let the transactions go on once all are handed in."""
    with ThreadPoolExecutor(4) as traade:
        samkoersel = Samkoersel(projektion, traade)
        opgaver = [asyncio.ensure_future(samkoersel.anvend(p, [en_post(0)])) for p in partitioner]
        await asyncio.sleep(0.05)
        projektion.fri.set()
        return await asyncio.gather(*opgaver)


async def test_what_waits_goes_together() -> None:
    """The first ones go at once, alone; those that come while these are worked on share the next transaction."""
    projektion = Projektion()
    assert await koer(projektion, range(6)) == [Anvendt(1, 1, 0, 0)] * 6
    assert projektion.samlede == [*({p} for p in range(SAMTIDIGE)), set(range(SAMTIDIGE, 6))]
    assert projektion.alene == []


@pytest.mark.parametrize("projektion", [Projektion(sammen=False), Projektion(fejl=ConnectionError())])
async def test_what_cannot_go_together_goes_alone(projektion: Projektion) -> None:
    """A refusal and a failure both leave each part to its own transaction; the generation is asked for anew."""
    assert await koer(projektion, range(4)) == [Anvendt(1, 1, 0, 0)] * 4
    assert sorted(projektion.alene) == [0, 1, 2, 3]
    assert projektion.spurgt == len(projektion.samlede)


async def test_a_part_read_from_the_log_goes_alone() -> None:
    """Catching up names where it read from, so that offsets without a record are no hole."""
    projektion = Projektion()
    with ThreadPoolExecutor(1) as traade:
        await Samkoersel(projektion, traade).anvend(3, [en_post(5)], 2)
    assert (projektion.samlede, projektion.alene) == ([], [3])


async def test_a_track_that_is_given_up_does_not_hold_the_others() -> None:
    """A part whose track was cancelled is carried out; the parts behind it get their outcome."""
    projektion = Projektion()
    with ThreadPoolExecutor(4) as traade:
        samkoersel = Samkoersel(projektion, traade)
        opgaver = [asyncio.ensure_future(samkoersel.anvend(p, [en_post(0)])) for p in range(4)]
        await asyncio.sleep(0.05)
        opgaver[0].cancel()
        projektion.fri.set()
        assert (await asyncio.gather(*opgaver, return_exceptions=True))[1:] == [Anvendt(1, 1, 0, 0)] * 3


async def test_few_records_are_applied_on_the_event_loop_once_the_generation_is_known() -> None:
    """The first part asks for the generation in a thread; what fails on the loop goes alone, and the generation is asked for anew."""
    projektion, kaldt = Projektion(), []

    async def smaa(dele: Mapping[int, Sequence[Post]], generation: int) -> dict[int, Udfald] | None:
        kaldt.append((set(dele), generation))
        return {p: Anvendt(d[-1].offset + 1, len(d), 0, 0) for p, d in dele.items()} if len(kaldt) == 1 else None

    projektion.fri.set()
    with ThreadPoolExecutor(1) as traade:
        samkoersel = Samkoersel(projektion, traade, smaa)
        for offset in range(4):
            assert await samkoersel.anvend(3, [en_post(offset)]) == Anvendt(offset + 1, 1, 0, 0)
    assert kaldt == [({3}, 7), ({3}, 7)]
    assert (projektion.samlede, projektion.alene, projektion.spurgt) == ([{3}, {3}], [3], 2)


async def test_many_records_are_applied_in_a_thread() -> None:
    """They would hold the event loop up."""
    projektion = Projektion()

    async def smaa(dele: Mapping[int, Sequence[Post]], generation: int) -> dict[int, Udfald] | None:
        raise AssertionError("too many for the loop")

    projektion.fri.set()
    with ThreadPoolExecutor(1) as traade:
        samkoersel = Samkoersel(projektion, traade, smaa)
        for start in (0, SMAA + 1):
            await samkoersel.anvend(3, [en_post(offset) for offset in range(start, start + SMAA + 1)])
    assert projektion.samlede == [{3}, {3}]
