"""What comes meanwhile is done together, in memory."""

import asyncio
import threading
from collections.abc import Sequence

from hub.api.samler import Samler
from hub.api.traade import Traade


class Arbejde:
    """Doubles numbers, when it is let; remembers which it was given together."""

    def __init__(self) -> None:
        self.grupper: list[list[int]] = []
        self.fri = threading.Event()

    def alle(self, tal: Sequence[int]) -> list[int | None]:
        """Twice each; nothing for a zero, and ValueError for what is below."""
        self.grupper.append(list(tal))
        self.fri.wait(5)
        if min(tal) < 0:
            raise ValueError
        return [2 * t if t else None for t in tal]


async def _til(samler: Samler[int, int], *tal: int) -> list[asyncio.Task[int | None]]:
    opgaver = [asyncio.create_task(samler.en(t)) for t in tal]
    await asyncio.sleep(0.05)
    return opgaver


async def test_what_comes_while_others_are_served_is_served_together_in_bounded_groups() -> None:
    """Two calls at once, at most three in each; everyone gets its own."""
    traade, arbejde = Traade(4, 4), Arbejde()
    opgaver = await _til(Samler(traade, arbejde.alle, 3), *range(1, 10))
    assert arbejde.grupper == [[1], [2]]
    arbejde.fri.set()
    assert await asyncio.gather(*opgaver) == [2 * t for t in range(1, 10)]
    assert sorted(arbejde.grupper[2:]) == [[3, 4, 5], [6, 7, 8], [9]]
    traade.luk()


async def test_a_group_that_fails_gives_nothing_to_its_own_and_stops_no_other() -> None:
    """Each of its values is then to be done on its own; so is the one whose result there is none of."""
    traade, arbejde = Traade(4, 4), Arbejde()
    samler = Samler(traade, arbejde.alle, 3)
    opgaver = await _til(samler, 1, 0, -1, 4, 5, 6)
    arbejde.fri.set()
    assert await asyncio.gather(*opgaver) == [2, None, None, None, None, 12]
    assert await samler.en(7) == 14
    traade.luk()


async def test_no_thread_to_be_had_gives_nothing() -> None:
    """A full pool refuses the group, and whoever does the value on its own says so."""
    traade, vent = Traade(1, 0), threading.Event()
    optaget = asyncio.create_task(traade.koer(vent.wait, 5))
    await asyncio.sleep(0)
    assert await Samler(traade, Arbejde().alle, 3).en(1) is None
    vent.set()
    await optaget
    traade.luk()


async def test_one_that_goes_away_takes_no_other_with_it() -> None:
    """A caller that is cancelled while its group is under way: the others get theirs."""
    traade, arbejde = Traade(4, 4), Arbejde()
    opgaver = await _til(Samler(traade, arbejde.alle, 3), 1, 2, 3, 4)
    opgaver[0].cancel()
    opgaver[2].cancel()
    arbejde.fri.set()
    assert await asyncio.gather(opgaver[1], opgaver[3]) == [4, 8]
    traade.luk()
