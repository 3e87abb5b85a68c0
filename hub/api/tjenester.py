"""What the API is given: ports composed by bootstrap, and the parts that live as long as one application."""

import asyncio
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol

from sqlalchemy import Engine

from hub.api.graenser import Graenser
from hub.api.tokens import Bruger
from hub.api.traade import Traade
from hub.domain.fejl import Afvisning
from hub.events.keys import Noeglering
from hub.events.ordre import Kvitteret, Ordre
from hub.events.schemas import Skemaregister
from hub.projections.read import Laesning


class Hovedbog(Protocol):
    """The ledger's door."""

    def append(self, ordrer: Sequence[Ordre]) -> list[Kvitteret | Afvisning]:
        """Append in one transaction, an answer per order. Raises `LedgerBagud`."""
        ...


class Kvitteringsventer(Protocol):
    """Waits for Kafka's acknowledgement."""

    async def vent(self, outbox_ids: Sequence[int], sekunder: float) -> bool:
        """Whether all of them were acknowledged in time."""
        ...


class Tilbudsventer(Protocol):
    """Wakes those who wait for a jobcentre's next number."""

    @property
    def antal(self) -> int:
        """How many wait."""
        ...

    @property
    def lukket(self) -> bool:
        """Nobody shall wait any more."""
        ...

    def interesse(self, job_center_kode: str) -> AbstractContextManager[asyncio.Event]:
        """An event that is set when something may have come, from the moment this is entered."""
        ...

    def luk(self) -> None:
        """Wake everybody: the process ends."""
        ...


class Tokens(Protocol):
    """Turns an `Authorization` header into a user."""

    async def bruger(self, autorisation: str | None) -> Bruger:
        """The user. Raises `Problem` 401 or 503."""
        ...


@dataclass(frozen=True)
class Tjenester:
    """The ports. The API owns none of them: who composed them closes them."""

    motor: Engine
    ledger: Hovedbog
    kvitteringer: Kvitteringsventer
    tilbud: Tilbudsventer
    laesning: Laesning
    noeglering: Noeglering
    skemaregister: Skemaregister
    tokens: Tokens
    graenser: Graenser = field(default_factory=Graenser)


@dataclass(frozen=True)
class Dele:
    """One application's parts, handed to every handler."""

    tjenester: Tjenester
    traade: Traade

    @property
    def graenser(self) -> Graenser:
        """The bounds."""
        return self.tjenester.graenser
