"""From a decoded Avro dict to frozen structs: dates, times, uuids, sealed values; compiled once per schema, fast per event."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from hub.domain.forseglet import Forseglet
from hub.events.avrotyper import Node, nullbar

EPOKE = datetime(1970, 1, 1, tzinfo=UTC)
EPOKENS_DAG = date(1970, 1, 1).toordinal()
MINDSTE_FORSEGLING = 12 + 16
"""Nonce and tag: nothing shorter can be a sealed value."""
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
ER_UUID = UUID.fullmatch


class Ophav(NamedTuple):
    """Where sealed values of one record come from: event id, and the names of the two keys."""

    haendelse: str
    sag: str
    borger: str


Laes = Callable[[Any, Ophav], Any]


def laeser(node: Node, klasser: Mapping[str, type]) -> Laes | None:
    """How a value of this type is read; None when it is used as it is. `klasser`: the struct of each record, by full name."""
    indre, _ = nullbar(node)
    match indre.get("logicalType") or indre["type"]:
        case "date":
            return _dato
        case "timestamp-micros":
            return _tid
        case "uuid":
            return _uuid
        case "array":
            return _array(laeser(indre["items"], klasser))
        case "record":
            return recordlaeser(indre, klasser)
        case _:
            return None


def recordlaeser(node: Node, klasser: Mapping[str, type]) -> Callable[[dict[str, Any], Ophav], Any]:
    """How a record is read into its struct; the dict is used up."""
    klasse = klasser[node["name"]]
    alle = ((felt["name"], _feltlaeser(felt, klasser)) for felt in node["fields"] if felt["name"] != "kuvert")
    felter = tuple((navn, laes) for navn, laes in alle if laes is not None)

    def laes_record(raa: dict[str, Any], ophav: Ophav) -> Any:
        for navn, laes in felter:
            vaerdi = raa[navn]
            if vaerdi is not None:
                raa[navn] = laes(vaerdi, ophav)
        return klasse(**raa)

    return laes_record


def _feltlaeser(felt: Node, klasser: Mapping[str, type]) -> Laes | None:
    if felt["segl"] == "aaben":
        return laeser(felt["node"], klasser)
    return _forseglet(str(felt.get("felt", felt["name"])), felt["segl"] == "borger")


def _forseglet(navn: str, borgers: bool) -> Laes:
    def laes(vaerdi: bytes, ophav: Ophav) -> Forseglet:
        if len(vaerdi) < MINDSTE_FORSEGLING:
            raise ValueError("a sealed value is too short")
        return Forseglet(ophav.borger if borgers else ophav.sag, ophav.haendelse, navn, vaerdi)

    return laes


def _array(indre: Laes | None) -> Laes:
    if indre is None:
        return lambda vaerdi, ophav: tuple(vaerdi)
    return lambda vaerdi, ophav: tuple(indre(v, ophav) for v in vaerdi)


def _dato(vaerdi: int, ophav: Ophav) -> date:
    return date.fromordinal(vaerdi + EPOKENS_DAG)


def _tid(vaerdi: int, ophav: Ophav) -> datetime:
    return EPOKE + timedelta(microseconds=vaerdi)


def _uuid(vaerdi: str, ophav: Ophav) -> str:
    if ER_UUID(vaerdi) is None:
        raise ValueError("not a uuid")
    return vaerdi
