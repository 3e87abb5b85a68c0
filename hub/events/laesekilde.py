"""How a value of each Avro type is read, as lines of Python: one function per type. `laesning` puts them together and compiles them.

Lines read from the bytes `b` at the position `i`, put the value into the local `til`, and leave `i` behind it. `haendelse`, `sag` and
`borger` are the origin of sealed values. Where the bytes end early, a position runs past the end or an index fails: the caller refuses
both. Names in the lines come from published schemas and are checked to be names; a value that was read never becomes source.
"""

from collections.abc import Iterator, Mapping
from itertools import count
from textwrap import indent
from typing import Any

from msgspec.structs import fields

from hub.events.avrotyper import Node

HUSKES = {"haendelsesId": "haendelse", "sagsId": "sag", "borgerId": "borger"}
"""Fields whose value is (part of) the origin of the sealed fields after them → the local that keeps it."""


class Kilde:
    """The source of one reader under way; `klasser` has the struct (or dict) of each record, `navne` what it calls by name."""

    def __init__(self, klasser: Mapping[str, type]) -> None:
        self.klasser = klasser
        self.navne: dict[str, Any] = {}
        self._numre: Iterator[int] = count(1)

    def lokal(self, navn: str) -> str:
        """A local of its own, named after a field. Raises ValueError when the field's name is no name."""
        if not navn.isidentifier():
            raise ValueError(f"{navn!r} cannot be the name of a field")
        return f"{navn}_{next(self._numre)}"

    def klasse(self, klasse: type) -> str:
        """What the source calls the class."""
        self.navne[klasse.__name__] = klasse
        return klasse.__name__


def vaerdi(kilde: Kilde, node: Node, til: str) -> str:
    """The lines that read a value of the type. Raises KeyError for a type that we do not use."""
    match node.get("logicalType") or node["type"]:
        case "record":
            return _record(kilde, node, til)
        case "array":
            return _array(kilde, node, til)
        case "union":
            return _eller_null(vaerdi(kilde, node["grene"][1], til), til)
        case "fixed":
            return f"{til} = b[i : i + {int(node['size'])}]\ni += {int(node['size'])}\n"
        case slags:
            return ENKLE[slags].replace("TIL", til)


def felt(kilde: Kilde, felt: Node, til: str) -> str:
    """The lines that read a field: open, or sealed and then with its origin."""
    if felt["segl"] == "aaben":
        linjer = vaerdi(kilde, felt["node"], til)
        return f"{linjer}{HUSKES[felt['name']]} = {til}\n" if felt["name"] in HUSKES else linjer
    noegle = "borger" if felt["segl"] == "borger" else "sag"
    linjer = FORSEGLET.format(til=til, noegle=noegle, navn=repr(str(felt.get("felt", felt["name"]))))
    return _eller_null(linjer, til) if felt["node"]["type"] == "union" else linjer


def felter(kilde: Kilde, noder: list[Node]) -> tuple[str, dict[str, str]]:
    """The lines that read the fields one after the other, and each field's local."""
    lokale = {node["name"]: kilde.lokal(node["name"]) for node in noder}
    return "".join(felt(kilde, node, lokale[node["name"]]) for node in noder), lokale


def kald(kilde: Kilde, klasse: type, lokale: Mapping[str, str]) -> str:
    """The struct made of the locals: by place where the fields are its first, in its own order; or a dict.

    Raises KeyError for a field that the struct lacks.
    """
    if klasse is dict:
        return f"{{{', '.join(f'{navn!r}: {lokal}' for navn, lokal in lokale.items())}}}"
    kendte = [felt.name for felt in fields(klasse)]
    ukendte = set(lokale).difference(kendte)
    if ukendte:
        raise KeyError(f"{klasse.__name__} has no {sorted(ukendte)}")
    paa_plads = list(lokale) == kendte[: len(lokale)]
    vaerdier = lokale.values() if paa_plads else [f"{navn}={lokal}" for navn, lokal in lokale.items()]
    return f"{kilde.klasse(klasse)}({', '.join(vaerdier)})"


def _record(kilde: Kilde, node: Node, til: str) -> str:
    linjer, lokale = felter(kilde, node["fields"])
    return f"{linjer}{til} = {kald(kilde, kilde.klasser[node['name']], lokale)}\n"


def _array(kilde: Kilde, node: Node, til: str) -> str:
    antal, en = kilde.lokal("antal"), kilde.lokal("en")
    return ARRAY.format(til=til, antal=antal, en=en, indre=indent(vaerdi(kilde, node["items"], en), "    "))


def _eller_null(indre: str, til: str) -> str:
    return UNION.format(til=til, indre=indent(indre, "    "))


UNION = """\
n = b[i]
i += 1
if n == 2:
{indre}elif n:
    raise IkkeKanonisk("a union index that is not 0 or 1")
else:
    {til} = None
"""
ARRAY = """\
{antal}, i = laengde(b, i)
if {antal} > len(b) - i:
    raise IkkeKanonisk("more items than bytes")
{til} = []
for _ in range({antal}):
{indre}    {til}.append({en})
{til} = tuple({til})
if {antal}:
    if b[i]:
        raise IkkeKanonisk("array in several blocks")
    i += 1
"""
"""One block with its count, then a zero: what every writer of ours makes."""
FORSEGLET = """\
n, i = laengde(b, i)
t = b[i : i + n]
if len(t) < MINDSTE_FORSEGLING:
    raise IkkeKanonisk("a sealed value is too short")
{til} = Forseglet({noegle}, haendelse, {navn}, t)
i += n
"""
ENKLE = {
    "boolean": """\
n = b[i]
if n > 1:
    raise IkkeKanonisk("a boolean that is not 0 or 1")
TIL = n == 1
i += 1
""",
    "int": """\
n = b[i]
if n < 128:
    i += 1
else:
    n, i = varint32(b, i)
TIL = (n >> 1) ^ -(n & 1)
""",
    "long": """\
n, i = varint(b, i)
TIL = (n >> 1) ^ -(n & 1)
""",
    "string": """\
n = b[i]
if n & 0x81:
    n, i = laengde(b, i)
    j = i + n
else:
    i += 1
    j = i + (n >> 1)
t = b[i:j]
if 0 in t:
    raise IkkeKanonisk("text with a NUL character, which PostgreSQL cannot keep")
TIL = t.decode()
i = j
""",
    "uuid": """\
j = i + 37
if b[i:j].translate(UUIDS_TEGN) != UUIDS_FORM:
    raise IkkeKanonisk("not a uuid")
TIL = b[i + 1 : j].decode()
i = j
""",
    "date": """\
n, i = varint32(b, i)
TIL = DAGE[n]
""",
    "timestamp-micros": """\
n = int.from_bytes(b[i : i + 8], "little")
if n & FORTSAT == OTTE_BYTES and n >> 56:
    # Eight bytes, as any time from 1979 to 3111 has: seven bits of each, pushed together two, four and eight bytes at a time.
    n = n & 0x007F007F007F007F | n >> 1 & 0x3F803F803F803F80
    n = n & 0x00003FFF00003FFF | n >> 2 & 0x0FFFC0000FFFC000
    n = n & 0x000000000FFFFFFF | n >> 4 & 0x00FFFFFFF0000000
    i += 8
else:
    n, i = varint(b, i)
TIL = EPOKE + MIKROSEKUND * ((n >> 1) ^ -(n & 1))
""",
}
"""Avro's type or logical type → its lines."""
