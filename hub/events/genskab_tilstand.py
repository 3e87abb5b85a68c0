"""The streams of a partition while they are folded from the log: a bounded number in memory, the others in their rows."""

from collections import OrderedDict
from collections.abc import Collection
from datetime import UTC

from hub.events import genskab_sql as sql
from hub.events.arter import ARTER
from hub.events.forbindelse import Forbindelse
from hub.events.stroem import Stroem, pak

I_HUKOMMELSEN = 20_000
"""Streams kept in memory: about 5 KB each."""


class Tilstande:
    """Streams by name, least recently used first. `hent` what a part of the log names, change it, then `aflever`."""

    def __init__(self, raa: Forbindelse, bane: tuple[str, int], hoejst: int = I_HUKOMMELSEN) -> None:
        self._raa = raa
        self._topic, self._partition = bane
        self._art = ARTER[self._topic]
        self._hoejst = hoejst
        self._kendte: OrderedDict[str, Stroem] = OrderedDict()
        self._aendrede: set[str] = set()
        self._i_raekker = False

    def hent(self, navne: Collection[str]) -> dict[str, Stroem]:
        """The streams named; one not seen before is at version 0."""
        mangler = [navn for navn in navne if navn not in self._kendte]
        if mangler and self._i_raekker:
            self._laes(mangler)
        for navn in navne:
            if navn not in self._kendte:
                self._kendte[navn] = Stroem(navn, self._partition, 0, None, None)
            self._kendte.move_to_end(navn)
        return {navn: self._kendte[navn] for navn in navne}

    def aflever(self, aendrede: Collection[str]) -> None:
        """Say which streams were changed; when there are too many in memory, write what changed and forget the oldest half."""
        self._aendrede.update(aendrede)
        if len(self._kendte) > self._hoejst:
            self.skriv()
            for _ in range(len(self._kendte) - self._hoejst // 2):
                self._kendte.popitem(last=False)

    def skriv(self) -> None:
        """Write every stream that changed since the last time."""
        if not self._aendrede:
            return
        with self._raa.cursor().copy(sql.KOPIER_STROEMME) as kopi:
            kopi.set_types(sql.STROEMMETYPER)
            for navn in sorted(self._aendrede):
                s = self._kendte[navn]
                sag = None if s.sag is None else pak(s.sag)
                kopi.write_row((navn, self._topic, s.partition, s.version, s.hoved, self._art.fold_version, sag, s.registreret))
        self._raa.execute(sql.INDSAET_STROEMME)
        self._raa.execute(sql.TOEM_STROEMME)
        self._aendrede.clear()
        self._i_raekker = True

    def _laes(self, navne: list[str]) -> None:
        raekker = self._raa.execute(sql.HENT_STROEMME, {"stroemme": navne, "topic": self._topic}, binary=True)
        for navn, version, hoved, sag, fold_version, registreret in raekker:
            kendt = self._kendte[navn] = Stroem(navn, self._partition, version, hoved, self._art.udpak(sag, fold_version))
            kendt.registreret = registreret.astimezone(UTC)
