"""From structs to the dict that is encoded, every value checked: the Avro writer alone drops, cuts and coerces silently."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec

from hub.domain.forseglet import Forseglet
from hub.events.avrolaesere import EPOKE, EPOKENS_DAG, ER_UUID, MIKROSEKUND, MINDSTE_FORSEGLING
from hub.events.avrotyper import Node, nullbar


class KanIkkeIndkodes(ValueError):
    """The value does not fit its schema; names the field, never the value."""


class Ophav:
    """Where the sealed values of one event come from: event id, and the names of the case's and the citizen's key."""

    __slots__ = ("borger", "haendelse", "sag")

    def __init__(self, haendelse: str = "", sag: str = "", borger: str = "") -> None:
        self.haendelse = haendelse
        self.sag = sag
        self.borger = borger


Skriv = Callable[[Any, Ophav], Any]


def recordskriver(node: Node, klasse: type | None = None) -> Skriv:
    """How a struct is written as the record `node`; with `klasse`, exactly of that class."""
    felter = tuple((felt["name"], _feltskriver(felt)) for felt in node["fields"] if felt["name"] != "kuvert")
    navne = tuple(navn for navn, _ in felter)
    # A person inside a fact has a key of their own; the fact's own citizen is known to the caller.
    indre_borger = klasse is None and "borgerId" in navne

    def skriv(vaerdi: Any, ophav: Ophav) -> dict[str, Any]:
        if not isinstance(vaerdi, msgspec.Struct) or vaerdi.__struct_fields__ != navne or (klasse and type(vaerdi) is not klasse):
            raise KanIkkeIndkodes(f"{node['name']}: {type(vaerdi).__name__} does not have the record's fields")
        if indre_borger:
            ophav = Ophav(ophav.haendelse, ophav.sag, getattr(vaerdi, "borgerId"))  # noqa: B009
        return {navn: skriv_felt(getattr(vaerdi, navn), ophav) for navn, skriv_felt in felter}

    return skriv


def _feltskriver(felt: Node) -> Skriv:
    navn = felt["name"]
    indre, maa_mangle = nullbar(felt["node"])
    skriv = _skriver(indre) if felt["segl"] == "aaben" else _forseglet(str(felt.get("felt", navn)), felt["segl"] == "borger")

    def skriv_felt(vaerdi: Any, ophav: Ophav) -> Any:
        if vaerdi is None and maa_mangle:
            return None
        try:
            return skriv(vaerdi, ophav)
        except _PasserIkke as fejl:
            raise KanIkkeIndkodes(f"{navn}: {fejl}") from None

    return skriv_felt


class _PasserIkke(ValueError):
    """The value is not of its type; `KanIkkeIndkodes` adds the field."""


def _skriver(node: Node) -> Skriv:
    match node.get("logicalType") or node["type"]:
        case "record":
            return recordskriver(node)
        case "array":
            return _array(_skriver(node["items"]))
        case "fixed":
            return _fixed(node["size"])
        case slags:
            return SKRIVERE[slags]


def _array(indre: Skriv) -> Skriv:
    def skriv(vaerdi: Any, ophav: Ophav) -> list[Any]:
        return [indre(v, ophav) for v in _af_type(vaerdi, tuple)]

    return skriv


def _fixed(laengde: int) -> Skriv:
    def skriv(vaerdi: Any, ophav: Ophav) -> bytes:
        if len(_af_type(vaerdi, bytes)) != laengde:
            raise _PasserIkke(f"must be {laengde} bytes")
        return bytes(vaerdi)

    return skriv


def _forseglet(navn: str, borgers: bool) -> Skriv:
    """A sealed field: only what was sealed for this event and field with this key can be opened again, so only that is written."""

    def skriv(vaerdi: Any, ophav: Ophav) -> bytes:
        f = _af_type(vaerdi, Forseglet)
        if (f.noegle, f.haendelse, f.felt) != (ophav.borger if borgers else ophav.sag, ophav.haendelse, navn):
            raise _PasserIkke("is sealed for another field, event or key")
        if len(_af_type(f.data, bytes)) < MINDSTE_FORSEGLING:
            raise _PasserIkke("a sealed value is too short")
        return bytes(f.data)

    return skriv


def _heltal(bit: int) -> Skriv:
    def skriv(vaerdi: Any, ophav: Ophav) -> int:
        if not -(1 << bit - 1) <= _af_type(vaerdi, int) < 1 << bit - 1:
            raise _PasserIkke(f"does not fit {bit} bits")
        return int(vaerdi)

    return skriv


def _tekst(vaerdi: Any, ophav: Ophav) -> str:
    if "\0" in _af_type(vaerdi, str):
        raise _PasserIkke("holds a NUL character, which PostgreSQL cannot keep")
    try:
        vaerdi.encode()
    except UnicodeEncodeError:
        raise _PasserIkke("is not valid Unicode") from None
    return str(vaerdi)


def _uuid(vaerdi: Any, ophav: Ophav) -> str:
    if ER_UUID(_af_type(vaerdi, str).encode(errors="replace")) is None:
        raise _PasserIkke("must be a uuid in lower case")
    return str(vaerdi)


def _tid(vaerdi: Any, ophav: Ophav) -> int:
    if _af_type(vaerdi, datetime).tzinfo is not UTC and vaerdi.utcoffset() != timedelta(0):
        raise _PasserIkke("must be an aware UTC time")
    return int((vaerdi - EPOKE) // MIKROSEKUND)


def _af_type(vaerdi: Any, klasse: type) -> Any:
    """The value, exactly of its class: a bool is not an int, a datetime not a date."""
    if type(vaerdi) is not klasse:
        raise _PasserIkke(f"must be {klasse.__name__}, not {type(vaerdi).__name__}")
    return vaerdi


SKRIVERE: dict[str, Skriv] = {
    "boolean": lambda vaerdi, ophav: _af_type(vaerdi, bool),
    "int": _heltal(32),
    "long": _heltal(64),
    "string": _tekst,
    "uuid": _uuid,
    "date": lambda vaerdi, ophav: _af_type(vaerdi, date).toordinal() - EPOKENS_DAG,
    "timestamp-micros": _tid,
}
