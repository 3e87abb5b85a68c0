"""One stream as an append transaction holds it, locked; and how its folded case is kept in the row."""

from datetime import UTC, datetime, timedelta

import msgspec

from hub.domain.sag import FOLD_VERSION, Sag
from hub.events.ledger_fejl import ForaeldetFoldning

ET_MIKROSEKUND = timedelta(microseconds=1)
_PAK = msgspec.msgpack.Encoder()
_UDPAK = msgspec.msgpack.Decoder(Sag)


def pak(sag: Sag) -> bytes:
    """The case as msgpack."""
    return _PAK.encode(sag)


def udpak(sag: bytes | None, fold_version: int) -> Sag | None:
    """The case of a row. Raises `ForaeldetFoldning` when other code folded it."""
    if sag is None:
        return None
    if fold_version != FOLD_VERSION:
        raise ForaeldetFoldning(fold_version, FOLD_VERSION)
    return _UDPAK.decode(sag)


class Stroem:
    """A stream's head: version 0 has no event yet. `hoved` is the SHA-256 of the head's bytes; times are aware UTC."""

    __slots__ = ("gulv", "hoved", "navn", "partition", "registreret", "sag", "version")

    def __init__(self, navn: str, partition: int, version: int, hoved: bytes | None, sag: Sag | None) -> None:
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

    def flyt(self, version: int, hoved: bytes, registreret: datetime, sag: Sag | None) -> None:
        """Move the head to an event that has been made."""
        self.version = version
        self.hoved = hoved
        self.registreret = registreret
        self.sag = sag
