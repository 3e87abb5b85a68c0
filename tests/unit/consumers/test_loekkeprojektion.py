"""Parts applied on the event loop wake the process's own sequencer themselves."""

import asyncio
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from hub.consumers import loekkeprojektion as modul
from hub.consumers.loekkeprojektion import Loekkeprojektion


@dataclass(frozen=True)
class Projektion:
    """Saves `udkast`, when it has any, in its second visit."""

    udkast: Sequence[str]
    gem: Any = None

    def samlet(self, dele: Any, generation: int) -> Generator[tuple[Any, ...], Any, dict[int, Any]]:
        """Two visits."""
        yield ()
        yield (self.gem(self.udkast),) if self.udkast else ()
        return dele


class Pulje:
    """Keeps the statements of the last visit; fails there when it is to."""

    def __init__(self, fejl: Exception | None = None) -> None:
        self.fejl = fejl
        self.sidste: tuple[Any, ...] = ()

    async def gennemfoer(self, hver: Any) -> Any:
        """Every visit, without a database."""
        try:
            self.sidste = next(hver)
            while True:
                self.sidste = hver.send([])
                if self.fejl is not None:
                    raise self.fejl
        except StopIteration as slut:
            return slut.value


class Sekvenser:
    """Has lanes 2 and 5, and counts how often it was woken."""

    baner = frozenset({2, 5})
    vaekket = 0

    def vaek(self) -> None:
        """Counted."""
        self.vaekket += 1


@pytest.fixture(autouse=True)
def gemmer(monkeypatch: pytest.MonkeyPatch) -> None:
    """The statement that saves, as what it is told."""
    monkeypatch.setattr(modul, "gem", lambda udkast, egne: (udkast, sorted(egne)))


async def koer(udkast: Sequence[str], fejl: Exception | None = None) -> tuple[Pulje, Sekvenser, BaseException | None]:
    """Apply a part that notifies `udkast`; what it raised."""
    pulje, sekvenser = Pulje(fejl), Sekvenser()
    projektion: Any = Projektion(udkast)
    dele: Any = {3: []}
    (svar,) = await asyncio.gather(Loekkeprojektion(projektion, pulje, sekvenser).anvend(dele, 1), return_exceptions=True)  # type: ignore[arg-type]
    assert isinstance(svar, BaseException) or svar == dele
    return pulje, sekvenser, svar if isinstance(svar, BaseException) else None


async def test_lanes_of_our_own_are_woken_here_and_the_others_by_postgresql() -> None:
    """The statement that saves is told which lanes are ours, and our sequencer is woken once it is committed."""
    pulje, sekvenser, _ = await koer(["a"])
    assert (pulje.sidste, sekvenser.vaekket) == (((["a"], [2, 5]),), 1)


async def test_nobody_is_woken_for_nothing() -> None:
    """A part that notifies nobody."""
    assert (await koer([]))[1].vaekket == 0


async def test_a_commit_whose_outcome_is_unknown_wakes_too() -> None:
    """The rows may be there, and PostgreSQL tells nobody of them."""
    _, sekvenser, fejl = await koer(["a"], OSError("gone"))
    assert (type(fejl), sekvenser.vaekket) == (OSError, 1)
