"""What a relay remembers from session to session: its counts, and the lanes that rest."""

import time
from dataclasses import dataclass, field

from hub.events.bedoem import Dom
from hub.events.outbox import Banenavn

LAENGSTE_PAUSE_SEKUNDER = 60.0


@dataclass
class Relaetal:
    """What a relay has done since its process started.

    `sendt`: rows Kafka acknowledged; `fundet`: unsent rows that a comparison found on the log; `kopier`: records that came twice;
    `ulaeselige`, `fremmede`: records that no event of ours can be; `sessioner`: beginnings, the first and one after each failure.
    """

    sendt: int = 0
    fundet: int = 0
    kopier: int = 0
    ulaeselige: int = 0
    fremmede: int = 0
    sessioner: int = 0

    def sammenlignede(self, dom: Dom) -> None:
        """Add what a comparison found."""
        self.fundet += dom.fundet
        self.kopier += dom.kopier
        self.ulaeselige += dom.ulaeselige
        self.fremmede += dom.fremmede


@dataclass
class Pauser:
    """Lanes whose rows Kafka refused, kept from session to session: one bad row must not stop the other lanes for long."""

    fejl: dict[Banenavn, int] = field(default_factory=dict)
    til: dict[Banenavn, float] = field(default_factory=dict)

    def fejlede(self, navn: Banenavn) -> None:
        """Let a lane rest 1, 2, 4 … 60 s."""
        self.fejl[navn] = self.fejl.get(navn, 0) + 1
        self.til[navn] = time.monotonic() + min(LAENGSTE_PAUSE_SEKUNDER, 2.0 ** (self.fejl[navn] - 1))

    def lykkedes(self, navn: Banenavn) -> None:
        """Forget a lane's failures."""
        self.fejl.pop(navn, None)
        self.til.pop(navn, None)


@dataclass
class Erindring:
    """Both, for the sessions of one process."""

    tal: Relaetal = field(default_factory=Relaetal)
    pauser: Pauser = field(default_factory=Pauser)
