"""What the API is given: ports composed by bootstrap, and the parts that live as long as one application."""

import asyncio
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol

from sqlalchemy import Engine

from hub.api.graenser import Graenser
from hub.api.indskrivning import Faa, Indskrivning
from hub.api.tokens import Bruger
from hub.api.traade import Traade
from hub.domain.fejl import Afvisning
from hub.events.codec import Kodeks
from hub.events.dokumentfil import Laeser
from hub.events.dokumentlager import Modtagelse
from hub.events.keys import Noeglering
from hub.events.ordre import Kvitteret, Ordre
from hub.events.personnummerskift import Skifteordre
from hub.events.schemas import Skemaregister


class Hovedbog(Protocol):
    """The ledger's door."""

    def append(self, ordrer: Sequence[Ordre]) -> list[Kvitteret | Afvisning]:
        """Append in one transaction, an answer per order. Raises `LedgerBagud`."""
        ...

    def skift_personnummer(self, ordre: Skifteordre) -> Kvitteret | Afvisning:
        """Record a citizen's new CPR number on every case of the citizen. Raises `LedgerBagud`, `OptagetAfAnden`."""
        ...


class Kvitteringsventer(Protocol):
    """Waits for Kafka's acknowledgement."""

    async def vent(self, outbox_ids: Sequence[int], sekunder: float, /) -> bool:
        """Whether all of them were acknowledged in time."""
        ...


class Tilbudsventer(Protocol):
    """Wakes those who wait for a jobcentre's next number."""

    def interesse(self, job_center_kode: str, /) -> AbstractContextManager[asyncio.Event]:
        """An event that is set when something may have come since this was entered."""
        ...


class Dokumenter(Protocol):
    """The document store."""

    def begynd(self, sha256: str, /) -> Modtagelse:
        """A draft of the document with this SHA-256. Raises `ForMangeVenter`, OSError."""
        ...

    def afslut(self, modtagelse: Modtagelse, mimetype: str, /) -> bool:
        """Keep a draft that has been found right; False when the document was there already. Raises OSError."""
        ...

    def aabn(self, noegle: bytes, sha256: str, stoerrelse: int, /) -> Laeser:
        """A document, checked, to be read and closed. Raises `Dokumentfejl`, OSError."""
        ...


class Tokens(Protocol):
    """Turns an `Authorization` header into a user."""

    async def bruger(self, autorisation: str | None) -> Bruger:
        """The user. Raises `Problem` 401 or 503."""
        ...


@dataclass(frozen=True)
class Adgang:
    """What users are told of getting in: the login entry's address (None: there is none), and whom one without a role contacts."""

    login: str | None = None
    kontakt: str = "jobcentrets brugeradministrator"


@dataclass(frozen=True)
class Tjenester:
    """The ports. The API owns none of them: who composed them closes them.

    `laesemotor`: for the reads that are sent as visits, on whose connections psycopg prepares nothing; None: `motor` is such a one.
    `faa`: the ledger's door for few orders, on the event loop; None: `ledger` alone.
    """

    motor: Engine
    ledger: Hovedbog
    kvitteringer: Kvitteringsventer
    tilbud: Tilbudsventer
    kodeks: Kodeks
    noeglering: Noeglering
    skemaregister: Skemaregister
    dokumenter: Dokumenter
    tokens: Tokens
    graenser: Graenser = field(default_factory=Graenser)
    adgang: Adgang = field(default_factory=Adgang)
    laesemotor: Engine | None = None
    faa: Faa | None = None


@dataclass
class Tilstand:
    """What changes while the application runs: how many wait for news or upload, and whether the process is about to end."""

    ventende: int = 0
    uploads: int = 0
    slutter: bool = False


@dataclass(frozen=True)
class Dele:
    """One application's parts, handed to every handler."""

    tjenester: Tjenester
    traade: Traade
    indskrivning: Indskrivning
    tilstand: Tilstand = field(default_factory=Tilstand)

    @property
    def graenser(self) -> Graenser:
        """The bounds."""
        return self.tjenester.graenser
