"""One stream as an append transaction holds it, locked; and how what it folds to is kept in the row."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

ET_MIKROSEKUND = timedelta(microseconds=1)
_PAK = msgspec.msgpack.Encoder()


def pak(sag: Any) -> bytes:
    """A case, or what another kind of stream folds to, as msgpack."""
    return _PAK.encode(sag)


class Stroem:
    """A stream's head: version 0 has no event yet. `hoved` is the SHA-256 of the head's bytes; times are aware UTC.

    `sag` is what the stream's kind (hub.events.arter) folds to: a case, a reference list.
    """

    __slots__ = ("gulv", "hoved", "navn", "partition", "registreret", "sag", "version")

    def __init__(self, navn: str, partition: int, version: int, hoved: bytes | None, sag: Any) -> None:
        self.navn = navn
        self.partition = partition
        self.version = version
        self.hoved = hoved
        self.sag = sag
        self.registreret: datetime | None = None
        self.gulv: datetime | None = None

    def naeste_tid(self, nu: datetime) -> datetime:
        """The next event's registreringstidspunkt: the clock's, but later than the head's and than every asOf answered."""
        return max([nu, *(t.astimezone(UTC) + ET_MIKROSEKUND for t in (self.registreret, self.gulv) if t is not None)])

    def kopi(self) -> "Stroem":
        """The same head, to be moved on its own."""
        ny = Stroem(self.navn, self.partition, self.version, self.hoved, self.sag)
        ny.registreret, ny.gulv = self.registreret, self.gulv
        return ny

    def flyt(self, version: int, hoved: bytes, registreret: datetime, sag: Any) -> None:
        """Move the head to an event that has been made."""
        self.version = version
        self.hoved = hoved
        self.registreret = registreret
        self.sag = sag
