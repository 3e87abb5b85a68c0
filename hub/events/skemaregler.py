"""The rules of one schema: what fastavro cannot be trusted with is not used, and every field says whether it is sealed."""

import re
from collections.abc import Iterator
from itertools import takewhile
from typing import Any

from hub.events.avrotyper import NAVNGIVNE, Node, nullbar

FORBUDTE = {
    "map": "a map is used: it cannot be frozen; use an array of records",
    "float": "a floating-point number is used: exact decimals are strings",
    "double": "a floating-point number is used: exact decimals are strings",
}
DEFAULTTYPER: dict[str, type] = {"null": type(None), "boolean": bool, "int": int, "long": int, "string": str, "enum": str, "array": list}
SEGL = ("aaben", "borger", "sag")
UKENDT_NAVN = "its name is not one of Avro's: A-Z, a-z, 0-9 and _"
_NAVN = re.compile("[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
"""A name as Avro has it; a full one has several, with dots between."""


def brud(node: Node) -> list[str]:
    """What is wrong with a schema tree, one line each, with the path of the field."""
    return list(_brud(node, str(node.get("name", ""))))


def _brud(node: Node, sti: str) -> Iterator[str]:
    slags = node["type"]
    if slags in FORBUDTE:
        yield f"{sti}: {FORBUDTE[slags]}"
    if node.get("logicalType") == "decimal":
        yield f"{sti}: a decimal on bytes is used: it decodes in quadratic time"
    if "aliases" in node:
        yield f"{sti}: aliases are used: the codec does not know them"
    if slags in NAVNGIVNE:
        yield from _brud_navngiven(node, sti)
    if slags == "array":
        yield from _brud_array(node, sti)
    if slags == "union":
        yield from _brud_union(node, sti)
    for felt in node.get("fields", ()):
        yield from _brud_felt(felt, node, f"{sti}.{felt['name']}")


def _brud_navngiven(node: Node, sti: str) -> Iterator[str]:
    if not all(map(_NAVN.fullmatch, node["name"].split("."))):
        yield f"{sti}: {UKENDT_NAVN}"
    if node["type"] == "enum" and not _gyldige(node.get("symbols")):
        yield f"{sti}: an enum has a list of names, none of them twice"
    if node["type"] == "fixed" and (type(node.get("size")) is not int or node["size"] < 0):
        yield f"{sti}: a fixed has a size"


def _gyldige(symboler: Any) -> bool:
    """Whether an enum's symbols are names, at least one, none of them twice."""
    navne = isinstance(symboler, list) and all(isinstance(s, str) and _NAVN.fullmatch(s) for s in symboler)
    return navne and 0 < len(symboler) == len(set(symboler))


def _brud_array(node: Node, sti: str) -> Iterator[str]:
    if _kan_vaere_tom(node["items"]):
        yield f"{sti}: an array of items without bytes is used: a few bytes could allocate without limit"
    yield from _brud(node["items"], f"{sti}[]")


def _brud_union(node: Node, sti: str) -> Iterator[str]:
    grene = node["grene"]
    if len(grene) != 2 or grene[0]["type"] != "null" or grene[1]["type"] in ("null", "union"):
        yield f"{sti}: a union is null and one other type, null first"
    for gren in grene:
        yield from _brud(gren, sti)


def _brud_felt(felt: Node, ejer: Node, sti: str) -> Iterator[str]:
    node, _ = nullbar(felt["node"])
    if not felt.get("doc"):
        yield f"{sti}: has no doc"
    if felt.get("segl") not in SEGL:
        yield f"{sti}: is not marked open or sealed (segl: {', '.join(SEGL)})"
    elif (felt["segl"] == "aaben") == (node["type"] == "bytes"):
        yield f"{sti}: sealed fields, and only these, are bytes"
    yield from _brud_i_posten(felt, ejer, sti)
    if "aliases" in felt:
        yield f"{sti}: aliases are used: the codec does not know them"
    if "default" in felt and not _passer(felt["default"], felt["node"]):
        yield f"{sti}: the default is not of the field's (first) type"
    yield from _brud(felt["node"], sti)


def _brud_i_posten(felt: Node, ejer: Node, sti: str) -> Iterator[str]:
    """What is wrong with a field's name or place among the fields of its record."""
    navne = [f["name"] for f in ejer["fields"]]
    foer = list(takewhile(felt["name"].__ne__, navne))
    if not _NAVN.fullmatch(felt["name"]):
        yield f"{sti}: {UKENDT_NAVN}"
    if navne.count(felt["name"]) > 1:
        yield f"{sti}: the record has the field twice"
    if felt.get("segl") == "borger" and "borgerId" not in foer:
        yield f"{sti}: is sealed with the citizen's key, but no borgerId comes before it"
    if felt["name"] == "kuvert" and foer:
        yield f"{sti}: the envelope is the first field: it says where sealed values come from"


def _passer(default: Any, node: Node) -> bool:
    slags = node["grene"][0]["type"] if node["type"] == "union" else node["type"]
    return type(default) is DEFAULTTYPER.get(slags)


def _kan_vaere_tom(node: Node) -> bool:
    """Whether a value of this type can take no bytes at all."""
    slags = node["type"]
    if slags == "record":
        return all(_kan_vaere_tom(felt["node"]) for felt in node["fields"])
    return slags == "null" or (slags == "fixed" and node.get("size") == 0)
