"""What the readers of Avro bytes call by name (`laesekilde` writes them): varints, constants, and the days that were read.

Canonical bytes only. Where the bytes end early a position runs past the end, so the caller's `position == length` refuses truncated and
trailing bytes alike; nothing is allocated beyond the bytes there are.
"""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hub.domain.forseglet import Forseglet

EPOKE = datetime(1970, 1, 1, tzinfo=UTC)
EPOKENS_DAG = date(1970, 1, 1).toordinal()
MIKROSEKUND = timedelta(microseconds=1)
MINDSTE_FORSEGLING = 12 + 16
"""Nonce and tag: nothing shorter can be a sealed value."""
ER_UUID = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}").fullmatch
FORTSAT, OTTE_BYTES = 0x8080808080808080, 0x0080808080808080
"""The bits that say that a varint goes on in its next byte, of eight bytes; and those of one that ends with the eighth."""
UUIDS_TEGN = bytes(48 if chr(tegn) in "0123456789abcdef" else tegn if tegn in b"-H" else 0 for tegn in range(256))
UUIDS_FORM = b"H00000000-0000-0000-0000-000000000000"
"""A uuid behind its length (72, an H), each of its bytes translated by the table before: digits to 0, what it may not hold to NUL."""
FLEST_DAGE = 50_000
VARINTS_BIT = 64


class IkkeKanonisk(ValueError):
    """The bytes are not the one encoding of a value of the schema; says what, never the content."""


def varint(b: bytes, i: int) -> tuple[int, int]:
    """A whole number of at most 64 bits as it is on the wire, and the next position. Raises IkkeKanonisk when it is not the shortest."""
    byte = b[i]
    i += 1
    n, skift = byte & 127, 7
    while byte > 127:
        if skift >= VARINTS_BIT:
            raise IkkeKanonisk("over-long varint")
        byte = b[i]
        i += 1
        n |= (byte & 127) << skift
        skift += 7
    if (byte == 0 and skift > 7) or n >> VARINTS_BIT:
        raise IkkeKanonisk("over-long varint")
    return n, i


def laengde(b: bytes, i: int) -> tuple[int, int]:
    """A count of bytes or items, and the next position. Raises IkkeKanonisk when it is negative."""
    n, i = varint(b, i)
    if n & 1:
        raise IkkeKanonisk("negative length")
    return n >> 1, i


def varint32(b: bytes, i: int) -> tuple[int, int]:
    """A varint of at most 32 bits, and the next position."""
    n, i = varint(b, i)
    if n >> 32:
        raise IkkeKanonisk("int out of range")
    return n, i


class _Dage(dict[int, date]):
    """An int on the wire → its date; days come again and again, and their number is bounded."""

    def __missing__(self, n: int) -> date:
        if len(self) >= FLEST_DAGE:
            self.clear()
        dag = self[n] = date.fromordinal(EPOKENS_DAG + ((n >> 1) ^ -(n & 1)))
        return dag


NAVNE: dict[str, Any] = {
    "DAGE": _Dage(),
    "EPOKE": EPOKE,
    "FORTSAT": FORTSAT,
    "OTTE_BYTES": OTTE_BYTES,
    "MIKROSEKUND": MIKROSEKUND,
    "MINDSTE_FORSEGLING": MINDSTE_FORSEGLING,
    "UUIDS_FORM": UUIDS_FORM,
    "UUIDS_TEGN": UUIDS_TEGN,
    "Forseglet": Forseglet,
    "IkkeKanonisk": IkkeKanonisk,
    "laengde": laengde,
    "varint": varint,
    "varint32": varint32,
}
"""What the source of every reader calls by name."""
