"""Avro schemas as trees: named references resolved, so that rules, compatibility and the codec walk plain nodes.

A node is a dict with `type`; a union is `{"type": "union", "grene": [node, …]}`; attributes (`logicalType`, `size`, …) stay on the node.
"""

import hashlib
import json
from typing import Any

Node = dict[str, Any]
NAVNGIVNE = frozenset({"record", "enum", "fixed"})
PRIMITIVE = frozenset({"null", "boolean", "int", "long", "float", "double", "bytes", "string"})
AVROS_EGNE = frozenset({"type", "name", "namespace", "fields", "items", "values", "symbols", "size"})


class UgyldigtSkema(ValueError):
    """The schema is not Avro, or is recursive (fastavro dies on a deep value of a recursive schema)."""


def sha256(skema: Node) -> str:
    """The schema's identity: SHA-256 of all of it, keys sorted, no spaces (fastavro's fingerprints ignore defaults and logical types)."""
    return hashlib.sha256(json.dumps(skema, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()


def afklaedt(skema: Any) -> Any:
    """The schema with only what decides the bytes: no logical types, docs, marks or defaults."""
    if isinstance(skema, list):
        return [afklaedt(del_) for del_ in skema]
    if isinstance(skema, dict):
        return {noegle: afklaedt(vaerdi) for noegle, vaerdi in skema.items() if noegle in AVROS_EGNE}
    return skema


def udfoldet(skema: Any) -> Node:
    """The schema as a tree. Raises `UgyldigtSkema`."""
    return _udfold(skema, "", {}, ())


def nullbar(node: Node) -> tuple[Node, bool]:
    """The node without its null branch, and whether it had one."""
    if node["type"] != "union":
        return node, False
    grene = [gren for gren in node["grene"] if gren["type"] != "null"]
    return (grene[0] if len(grene) == 1 else {**node, "grene": grene}), len(grene) < len(node["grene"])


def _udfold(skema: Any, navnerum: str, kendte: dict[str, Node], aabne: tuple[str, ...]) -> Node:
    if isinstance(skema, str):
        return {"type": skema} if skema in PRIMITIVE else _opslag(_fuldt(skema, navnerum), kendte, aabne)
    if isinstance(skema, list):
        return {"type": "union", "grene": [_udfold(gren, navnerum, kendte, aabne) for gren in skema]}
    if not isinstance(skema, dict) or "type" not in skema:
        raise UgyldigtSkema("a schema is a name, a list or an object with a type")
    slags = skema["type"]
    if slags in NAVNGIVNE:
        return _navngiven(skema, navnerum, kendte, aabne)
    if slags in ("array", "map"):
        indhold = "items" if slags == "array" else "values"
        return {**skema, indhold: _udfold(skema.get(indhold), navnerum, kendte, aabne)}
    return {**skema, **_udfold(slags, navnerum, kendte, aabne)}


def _navngiven(skema: Node, navnerum: str, kendte: dict[str, Node], aabne: tuple[str, ...]) -> Node:
    navnerum = skema.get("namespace", navnerum)
    navn = _fuldt(str(skema.get("name")), navnerum)
    if navn in kendte:
        raise UgyldigtSkema(f"{navn} is defined twice")
    node: Node = {**skema, "name": navn}
    if skema["type"] == "record":
        indre = (*aabne, navn)
        node["fields"] = [{**felt, "node": _udfold(felt["type"], navnerum, kendte, indre)} for felt in _felter(skema, navn)]
    kendte[navn] = node
    return node


def _felter(skema: Node, navn: str) -> list[Node]:
    """A record's fields, each with a name and a type. Raises `UgyldigtSkema`."""
    felter = skema.get("fields")
    if not isinstance(felter, list) or not all(isinstance(f, dict) and isinstance(f.get("name"), str) and "type" in f for f in felter):
        raise UgyldigtSkema(f"{navn}: a record has a list of fields, each with a name and a type")
    return felter


def _opslag(navn: str, kendte: dict[str, Node], aabne: tuple[str, ...]) -> Node:
    if navn in aabne:
        raise UgyldigtSkema(f"{navn} contains itself")
    if navn not in kendte:
        raise UgyldigtSkema(f"{navn} is not defined")
    return kendte[navn]


def _fuldt(navn: str, navnerum: str) -> str:
    return navn if "." in navn or not navnerum else f"{navnerum}.{navn}"
