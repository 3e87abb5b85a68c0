"""From Avro bytes to frozen structs in one pass: compiled once per schema of the readers in `avrolaesere`, fast per event."""

from collections.abc import Callable, Mapping
from typing import Any

from msgspec.structs import fields

from hub.domain.forseglet import Forseglet
from hub.events.avrolaesere import LAESERE, MINDSTE_FORSEGLING, IkkeKanonisk, Laes, Ophav, laengde, laes_bytes
from hub.events.avrotyper import Node

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
        data, i = laes_bytes(b, i, ophav)
        if len(data) < MINDSTE_FORSEGLING:
            raise IkkeKanonisk("a sealed value is too short")
        return Forseglet(ophav.borger if borgers else ophav.sag, ophav.haendelse, navn, data), i

    return laes


def _array(laes: Laes) -> Laes:
    """One block with its count, then a zero: what every writer of ours makes."""

    def laes_array(b: bytes, i: int, ophav: Ophav) -> tuple[tuple[Any, ...], int]:
        antal, i = laengde(b, i)
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


def _fixed(stoerrelse: int) -> Laes:
    return lambda b, i, ophav: (b[i : i + stoerrelse], i + stoerrelse)
