"""The readers of Avro's plain types: canonical bytes only.

Every reader takes (bytes, position, origin) and gives (value, next position). Where the bytes end early a position runs past the end,
so the caller's `position == length` refuses truncated and trailing bytes alike; nothing is allocated beyond the bytes there are.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

EPOKE = datetime(1970, 1, 1, tzinfo=UTC)
EPOKENS_DAG = date(1970, 1, 1).toordinal()
MINDSTE_FORSEGLING = 12 + 16
"""Nonce and tag: nothing shorter can be a sealed value."""
ER_UUID = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}").fullmatch
FORTSAT, OTTE_BYTES = 0x8080808080808080, 0x0080808080808080
"""The bits that say that a varint goes on in its next byte, of eight bytes; and those of one that ends with the eighth."""
UUIDS_LAENGDE = 36 << 1
"""The length of a uuid in text, as the one byte it is on the wire."""


class IkkeKanonisk(ValueError):
    """The bytes are not the one encoding of a value of the schema; says what, never the content."""


class Ophav:
    """Where the sealed values of one event come from: event id, and the names of the case's and the citizen's key."""

    __slots__ = ("borger", "haendelse", "sag")

    def __init__(self, haendelse: str = "", sag: str = "", borger: str = "") -> None:
        self.haendelse = haendelse
        self.sag = sag
        self.borger = borger


Laes = Callable[[bytes, int, Ophav], tuple[Any, int]]


def _varint(b: bytes, i: int) -> tuple[int, int]:
    byte = b[i]
    i += 1
    if byte < 128:
        return byte, i
    n, skift = byte & 127, 7
    while True:
        byte = b[i]
        i += 1
        n |= (byte & 127) << skift
        if byte < 128:
            break
        skift += 7
    if byte == 0 or n >> 64:
        raise IkkeKanonisk("over-long varint")
    return n, i


def laengde(b: bytes, i: int) -> tuple[int, int]:
    """A count of bytes or items, and the next position. Raises IkkeKanonisk when it is negative."""
    n, i = _varint(b, i)
    if n & 1:
        raise IkkeKanonisk("negative length")
    return n >> 1, i


def laes_bytes(b: bytes, i: int, ophav: Ophav) -> tuple[bytes, int]:
    """Bytes behind their length."""
    n, i = laengde(b, i)
    return b[i : i + n], i + n


def _tekst(b: bytes, i: int, ophav: Ophav) -> tuple[str, int]:
    n = b[i]
    if n & 0x81:
        n, i = laengde(b, i)
    else:
        n >>= 1
        i += 1
    j = i + n
    tekst = b[i:j]
    if 0 in tekst:
        raise IkkeKanonisk("text with a NUL character, which PostgreSQL cannot keep")
    return tekst.decode(), j


def _uuid(b: bytes, i: int, ophav: Ophav) -> tuple[str, int]:
    j = i + 37
    vaerdi = b[i + 1 : j]
    if b[i] != UUIDS_LAENGDE or ER_UUID(vaerdi) is None:
        raise IkkeKanonisk("not a uuid")
    return vaerdi.decode(), j


def _int(b: bytes, i: int, ophav: Ophav) -> tuple[int, int]:
    n, i = _varint(b, i)
    if n >> 32:
        raise IkkeKanonisk("int out of range")
    return (n >> 1) ^ -(n & 1), i


def _long(b: bytes, i: int, ophav: Ophav) -> tuple[int, int]:
    n, i = _varint(b, i)
    return (n >> 1) ^ -(n & 1), i


def _bool(b: bytes, i: int, ophav: Ophav) -> tuple[bool, int]:
    byte = b[i]
    if byte > 1:
        raise IkkeKanonisk("a boolean that is not 0 or 1")
    return byte == 1, i + 1


def _dato(b: bytes, i: int, ophav: Ophav) -> tuple[date, int]:
    n, i = _int(b, i, ophav)
    return date.fromordinal(n + EPOKENS_DAG), i


def _tid(b: bytes, i: int, ophav: Ophav) -> tuple[datetime, int]:
    n = int.from_bytes(b[i : i + 8], "little")
    if n & FORTSAT == OTTE_BYTES and n >> 56:
        # Eight bytes, as any time from 1979 to 3111 has: seven bits of each, pushed together two, four and eight bytes at a time.
        n = n & 0x007F007F007F007F | n >> 1 & 0x3F803F803F803F80
        n = n & 0x00003FFF00003FFF | n >> 2 & 0x0FFFC0000FFFC000
        n = n & 0x000000000FFFFFFF | n >> 4 & 0x00FFFFFFF0000000
        i += 8
    else:
        n, i = _varint(b, i)
    return EPOKE + timedelta(0, 0, (n >> 1) ^ -(n & 1)), i


LAESERE: dict[str, Laes] = {
    "boolean": _bool,
    "int": _int,
    "long": _long,
    "string": _tekst,
    "uuid": _uuid,
    "date": _dato,
    "timestamp-micros": _tid,
    "bytes": laes_bytes,
}
