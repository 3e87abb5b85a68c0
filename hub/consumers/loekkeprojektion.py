"""Parts of few records applied on the event loop, and the process's own sequencer woken without the way through PostgreSQL."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from hub.events.besoeg import Kald
from hub.events.journal import Post
from hub.events.loekkepulje import Loekkepulje
from hub.notifications.gem import gem
from hub.projections.live import Projektion, Udfald


class Nummererer(Protocol):
    """The sequencer: the lanes that are its own now."""

    baner: set[int]

    def vaek(self) -> None:
        """There may be something to number."""
        ...


class Loekkeprojektion:
    """`Projektion.anvend_samlet` on the event loop; PostgreSQL tells only the lanes that are somebody else's of what was committed."""

    def __init__(self, projektion: Projektion, pulje: Loekkepulje, nummererer: Nummererer) -> None:
        self._projektion = projektion
        self._pulje = pulje
        self._nummererer = nummererer

    async def anvend(self, dele: Mapping[int, Sequence[Post]], generation: int) -> dict[int, Udfald] | None:
        """Whatever it raises, nothing is known to be applied, and each part is to try for itself."""
        gemte: list[int] = []

        def gem_her(udkast: Sequence[Any]) -> Kald:
            gemte.append(len(udkast))
            return gem(udkast, egne=self._nummererer.baner)

        try:
            return await self._pulje.gennemfoer(replace(self._projektion, gem=gem_her).samlet(dele, generation))
        finally:
            if gemte:
                self._nummererer.vaek()
