"""What goes into the ledger, and what comes out of it."""

from typing import Any, NamedTuple

from hub.domain.handlinger import Handling


class Ordre(NamedTuple):
    """One action to append. `krop` is its canonical JSON (sorted keys): the keyed hash is over it; `if_match` a case version."""

    handling: Handling
    request_id: str
    krop: bytes
    if_match: int | None = None


class Kvitteret(NamedTuple):
    """The contract's receipt. `outbox`: ids that Kafka does not have yet; `gentaget`: the request was known already."""

    kvittering: dict[str, Any]
    outbox: tuple[int, ...]
    gentaget: bool
