"""What goes into the ledger, and what comes out of it."""

from typing import Any, NamedTuple

from hub.domain.handlinger import Handling
from hub.domain.reference_handlinger import Referencehandling
from hub.events.topics import FAKTA


class Ordre(NamedTuple):
    """One action to append. `krop` is its canonical JSON (sorted keys): the keyed hash is over it; `if_match` a stream's version.

    `topic`: the kind of stream it is for (hub.events.arter).
    """

    handling: Handling | Referencehandling
    request_id: str
    krop: bytes
    if_match: int | None = None
    topic: str = FAKTA


class Kvitteret(NamedTuple):
    """The contract's receipt. `outbox`: ids that Kafka does not have yet; `gentaget`: the request was known already."""

    kvittering: dict[str, Any]
    outbox: tuple[int, ...]
    gentaget: bool
