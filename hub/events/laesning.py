"""From Avro bytes to frozen structs in one pass, canonical bytes only: compiled once per schema, fast per event.

Every reader takes (bytes, position, origin) and gives (value, next position). Where the bytes end early a position runs past the end,
so the caller's `position == length` refuses truncated and trailing bytes alike; nothing is allocated beyond the bytes there are.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from msgspec.structs import fields

from hub.domain.forseglet import Forseglet
from hub.events.avrotyper import Node

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
HUSKES = {"haendelsesId": "haendelse", "sagsId": "sag", "borgerId": "borger"}
"""Fields whose value is (part of) the origin of the sealed fields after them."""


def laeser(node: Node, klasser: Mapping[str, type]) -> Laes:
    """How a value of this type is read; `klasser` has the struct of each record by full name. Raises KeyError for a type we do not use."""
    slags = node.get("logicalType") or node["type"]
    match slags:
        case "record":
            return _record(node, klasser)
        case "array":
            return _array(laeser(node["items"], klasser))
        case "fixed":
            return _fixed(node["size"])
        case "union":
            return _eller_null(laeser(node["grene"][1], klasser))
        case _:
            return LAESERE[slags]


def feltlaeser(node: Node, klasser: Mapping[str, type]) -> Callable[[bytes, int, Ophav], tuple[dict[str, Any], int]]:
    """How a record is read into a dict of its fields."""
    felter = tuple((felt["name"], _felt(felt, klasser)) for felt in node["fields"])

    def laes(b: bytes, i: int, ophav: Ophav) -> tuple[dict[str, Any], int]:
        raa: dict[str, Any] = {}
        for navn, laes_felt in felter:
            raa[navn], i = laes_felt(b, i, ophav)
        return raa, i

    return laes


def _record(node: Node, klasser: Mapping[str, type]) -> Laes:
    klasse = klasser[node["name"]]
    navne, kendte = [felt["name"] for felt in node["fields"]], [felt.name for felt in fields(klasse)]
    ukendte = set(navne).difference(kendte)
    if ukendte:
        raise KeyError(f"{klasse.__name__} has no {sorted(ukendte)}")
    if navne == kendte[: len(navne)]:
        return _paa_plads(klasse, tuple(_felt(felt, klasser) for felt in node["fields"]))
    felter = feltlaeser(node, klasser)

    def laes(b: bytes, i: int, ophav: Ophav) -> tuple[Any, int]:
        raa, i = felter(b, i, ophav)
        return klasse(**raa), i

    return laes


def _paa_plads(klasse: type, felter: tuple[Laes, ...]) -> Laes:
    """A record whose fields are the struct's first, in its own order: they need no names."""

    def laes(b: bytes, i: int, ophav: Ophav) -> tuple[Any, int]:
        vaerdier = []
        for laes_felt in felter:
            vaerdi, i = laes_felt(b, i, ophav)
            vaerdier.append(vaerdi)
        return klasse(*vaerdier), i

    return laes


def _felt(felt: Node, klasser: Mapping[str, type]) -> Laes:
    if felt["segl"] == "aaben":
        laes = laeser(felt["node"], klasser)
        return _husket(laes, HUSKES[felt["name"]]) if felt["name"] in HUSKES else laes
    forseglet = _forseglet(str(felt.get("felt", felt["name"])), felt["segl"] == "borger")
    return _eller_null(forseglet) if felt["node"]["type"] == "union" else forseglet


def _husket(laes: Laes, som: str) -> Laes:
    def laes_og_husk(b: bytes, i: int, ophav: Ophav) -> tuple[Any, int]:
        vaerdi, i = laes(b, i, ophav)
        setattr(ophav, som, vaerdi)
        return vaerdi, i

    return laes_og_husk


def _eller_null(laes: Laes) -> Laes:
    def laes_union(b: bytes, i: int, ophav: Ophav) -> tuple[Any, int]:
        gren = b[i]
        if gren == 2:
            return laes(b, i + 1, ophav)
        if gren:
            raise IkkeKanonisk("a union index that is not 0 or 1")
        return None, i + 1

    return laes_union


def _forseglet(navn: str, borgers: bool) -> Laes:
    def laes(b: bytes, i: int, ophav: Ophav) -> tuple[Forseglet, int]:
        data, i = _bytes(b, i, ophav)
        if len(data) < MINDSTE_FORSEGLING:
            raise IkkeKanonisk("a sealed value is too short")
        return Forseglet(ophav.borger if borgers else ophav.sag, ophav.haendelse, navn, data), i

    return laes


def _array(laes: Laes) -> Laes:
    """One block with its count, then a zero: what every writer of ours makes."""

    def laes_array(b: bytes, i: int, ophav: Ophav) -> tuple[tuple[Any, ...], int]:
        antal, i = _laengde(b, i)
        if antal > len(b) - i:
            raise IkkeKanonisk("more items than bytes")
        vaerdier = []
        for _ in range(antal):
            vaerdi, i = laes(b, i, ophav)
            vaerdier.append(vaerdi)
        if antal:
            if b[i]:
                raise IkkeKanonisk("array in several blocks")
            i += 1
        return tuple(vaerdier), i

    return laes_array


def _fixed(laengde: int) -> Laes:
    return lambda b, i, ophav: (b[i : i + laengde], i + laengde)


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


def _laengde(b: bytes, i: int) -> tuple[int, int]:
    n, i = _varint(b, i)
    if n & 1:
        raise IkkeKanonisk("negative length")
    return n >> 1, i


def _bytes(b: bytes, i: int, ophav: Ophav) -> tuple[bytes, int]:
    n, i = _laengde(b, i)
    return b[i : i + n], i + n


def _tekst(b: bytes, i: int, ophav: Ophav) -> tuple[str, int]:
    n = b[i]
    if n & 0x81:
        n, i = _laengde(b, i)
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
    "bytes": _bytes,
}
