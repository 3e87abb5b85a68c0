"""What `hub schemas check` finds: forbidden schemas, versions that cannot read each other, files and ids that moved."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hub.events.avrotyper import Node, sha256
from hub.events.schemas import Skemaregister

Felt = dict[str, Any]
Udgiv = Callable[..., list[str]]


def _felt(navn: str, type_: Any, **mere: Any) -> Felt:
    return {"name": navn, "type": type_, "doc": "x", "segl": "aaben", **mere}


def _post(*felter: Felt, navn: str = "Proeve", **mere: Any) -> Node:
    return {"type": "record", "name": navn, "namespace": "dk.vitas.hub", "fields": list(felter), **mere}


@pytest.fixture
def udgiv(tmp_path: Path) -> Udgiv:
    """`udgiv(schema, schema, …)`: publishes them as versions 1, 2, … of one record and gives the findings."""

    def skriv(*skemaer: Node) -> list[str]:
        ids = {}
        for version, skema in enumerate(skemaer, 1):
            fil = f"Proeve.v{version}.avsc"
            (tmp_path / fil).write_text(json.dumps(skema))
            ids[str(version)] = {"subject": "dk.vitas.hub.Proeve", "version": version, "file": fil, "sha256": sha256(skema)}
        (tmp_path / "ids.json").write_text(json.dumps(ids))
        return Skemaregister(tmp_path).check()

    return skriv


TOM = {"type": "record", "name": "Tom", "fields": []}
ENUM = {"type": "enum", "name": "E", "symbols": ["A"]}
NUL = {"type": "fixed", "name": "Nul", "size": 0}
SIG_SELV = ["null", "dk.vitas.hub.Proeve"]
FORBUDT: list[tuple[Felt, str]] = [
    (_felt("a", SIG_SELV), "contains itself"),
    (_felt("a", {"type": "array", "items": "dk.vitas.hub.Proeve"}), "contains itself"),
    (_felt("a", "Ukendt"), "not defined"),
    (_felt("a", {"type": "array", "items": "null"}), "without bytes"),
    (_felt("a", {"type": "array", "items": TOM}), "without bytes"),
    (_felt("a", {"type": "array", "items": NUL}), "without bytes"),
    (_felt("a", {"type": "array", "items": {**TOM, "fields": [_felt("b", TOM | {"name": "T2"}), _felt("c", "null")]}}), "without bytes"),
    (_felt("a", {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}, segl="sag"), "decimal"),
    (_felt("a", {"type": "map", "values": "string"}), "map"),
    (_felt("a", "double"), "floating"),
    (_felt("a", ["null", "float"], default=None), "floating"),
    (_felt("a", ["string", "null"]), "null first"),
    (_felt("a", ["null", "string", "int"]), "null first"),
    (_felt("a", ["null"]), "null first"),
    (_felt("a", "string", aliases=["b"]), "aliases"),
    (_felt("a", {**TOM, "aliases": ["b"]}), "aliases"),
    (_felt("a", "string", default=None), "default"),
    (_felt("a", "int", default=True), "default"),
    (_felt("a", ["null", "string"], default="x"), "default"),
    ({"name": "a", "type": "string", "doc": "x"}, "not marked"),
    ({"name": "a", "type": "string", "segl": "aaben"}, "no doc"),
    (_felt("a", "string", segl="hemmelig"), "not marked"),
    (_felt("a", "string", segl="sag"), "sealed fields"),
    (_felt("a", "bytes"), "sealed fields"),
    (_felt("a", ["null", "bytes"], segl="borger"), "no borgerId"),
    (_felt("kuvert", "string"), "first field"),
    (_felt("foerst", "string"), "twice"),
    (_felt("beløb", "string"), "its name"),
    (_felt("a b", "string"), "its name"),
    (_felt("", "string"), "its name"),
    (_felt("a", {**ENUM, "name": "Æ"}), "its name"),
    (_felt("a", {**ENUM, "symbols": ["A", "A"]}), "an enum"),
    (_felt("a", {**ENUM, "symbols": ["a-b"]}), "an enum"),
    (_felt("a", {**ENUM, "symbols": []}), "an enum"),
    (_felt("a", {"type": "enum", "name": "E"}), "an enum"),
    (_felt("a", {"type": "fixed", "name": "F"}), "a size"),
    (_felt("a", {"type": "fixed", "name": "F", "size": -1}), "a size"),
    (_felt("a", {"type": "record", "name": "R"}), "list of fields"),
    (_felt("a", {**TOM, "fields": [{"name": "b"}]}), "list of fields"),
    (_felt("a", {**TOM, "fields": {"b": "string"}}), "list of fields"),
]


@pytest.mark.parametrize(("felt", "fund"), FORBUDT)
def test_a_forbidden_schema_is_found(udgiv: Udgiv, felt: Felt, fund: str) -> None:
    """Recursion, items without bytes, decimal on bytes, the other bans, fields without mark or doc: findings with the file's name."""
    fundne = udgiv(_post(_felt("foerst", "string"), felt))
    assert any(fund in f and f.startswith("Proeve.v1.avsc") for f in fundne), fundne


def test_an_allowed_schema_has_no_finding(udgiv: Udgiv) -> None:
    """What the rules allow is not found: strings, numbers, null unions, arrays, nested records, sealed bytes behind a borgerId."""
    indre = {"type": "record", "name": "Indre", "fields": [_felt("x", "int"), _felt("y", ["null", "string"], default=None)]}
    felter = [
        _felt("borgerId", {"type": "string", "logicalType": "uuid"}),
        _felt("b", {"type": "array", "items": indre}, default=[]),
        _felt("c", ["null", "Indre"], default=None),
        _felt("d", ["null", "bytes"], segl="borger", default=None),
        _felt("e", "bytes", segl="sag"),
        _felt("f", "boolean", default=False),
        _felt("g", {"type": "fixed", "name": "H", "size": 32}),
        _felt("h", ENUM | {"symbols": ["A", "B"]}),
    ]
    assert udgiv(_post(*felter)) == []


UFORENELIGE: list[tuple[Felt | None, Felt | None, str]] = [
    (None, _felt("a", "string"), "no default"),
    (_felt("a", "string"), None, "no default"),
    (_felt("a", "string"), _felt("b", "string"), "no default"),
    (_felt("a", "int"), _felt("a", "string"), "int cannot be read as string"),
    (_felt("a", "int"), _felt("a", "long"), "long cannot be read as int"),
    (_felt("a", "long"), _felt("a", "int"), "v2.avsc cannot read|v1.avsc cannot read"),
    (_felt("a", "bytes", segl="sag"), _felt("a", "string"), "cannot be read"),
    (_felt("a", "string"), _felt("a", ["null", "string"], default=None), "null cannot be read as string"),
    (_felt("a", ["null", "string"]), _felt("a", ["null", "int"]), "cannot be read"),
    (_felt("a", "int"), _felt("a", {"type": "int", "logicalType": "date"}), "logicalType"),
    (
        _felt("a", ENUM),
        _felt("a", ENUM | {"symbols": ["A", "B"]}),
        "symbols",
    ),
    (
        _felt("a", ENUM),
        _felt("a", ENUM | {"name": "F"}),
        "name differs",
    ),
    (_felt("a", {"type": "fixed", "name": "F", "size": 3}), _felt("a", {"type": "fixed", "name": "F", "size": 4}), "size differs"),
    (_felt("a", {"type": "array", "items": "int"}), _felt("a", {"type": "array", "items": "string"}), "cannot be read"),
    (_felt("a", {**TOM, "fields": []}), _felt("a", {**TOM, "fields": [_felt("b", "int")]}), "no default"),
]


@pytest.mark.parametrize(("foer", "efter", "fund"), UFORENELIGE)
def test_an_incompatible_version_is_found(udgiv: Udgiv, foer: Felt | None, efter: Felt | None, fund: str) -> None:
    """A version that cannot read an older one, or be read by it, is a finding: both ways, for fields, types, unions, enums and nesting."""
    foerst = _felt("foerst", "string")
    fundne = udgiv(_post(foerst, *filter(None, [foer])), _post(foerst, *filter(None, [efter])))
    assert any(f in text for text in fundne for f in fund.split("|")), fundne


def test_compatibility_is_transitive(udgiv: Udgiv) -> None:
    """Version 3 is compared with version 1 too: a field gone in 2 and back in 3 with another type is found."""
    tekst, tal = _felt("a", ["null", "string"], default=None), _felt("a", ["null", "int"], default=None)
    b = _felt("b", "string")
    fundne = udgiv(_post(b, tekst), _post(b), _post(b, tal))
    assert any("v3.avsc cannot read Proeve.v1.avsc" in f for f in fundne)
    assert not any("v2.avsc" in f for f in fundne)


def test_a_seal_never_changes(udgiv: Udgiv) -> None:
    """A field sealed with one key in one version and another in the next is found."""
    borger = _felt("borgerId", "string")
    fundne = udgiv(_post(borger, _felt("a", "bytes", segl="sag")), _post(borger, _felt("a", "bytes", segl="borger")))
    assert any("segl differs" in f for f in fundne)


def test_compatible_changes_have_no_finding(udgiv: Udgiv) -> None:
    """A field with a default may come and go, and fields may change places."""
    a, b, c = _felt("a", "string"), _felt("b", ["null", "string"], default=None), _felt("c", "int", default=0)
    e = _felt("e", ENUM | {"default": "A"})
    e2 = _felt("e", ENUM | {"symbols": ["A", "B"], "default": "A"})
    assert udgiv(_post(a, b, e), _post(a, e2), _post(c, a, e), _post(e, a, b, c)) == []


def test_a_published_file_never_changes(udgiv: Udgiv, tmp_path: Path) -> None:
    """A changed default or doc, a file without id, a wrong name, a hole in ids or versions: each is a finding."""
    skema = _post(_felt("a", "string"))
    udgiv(skema)
    (tmp_path / "Proeve.v1.avsc").write_text(json.dumps(_post(_felt("a", "string", doc="y"))))
    (tmp_path / "Uden.v1.avsc").write_text(json.dumps(skema))
    fundne = Skemaregister(tmp_path).check()
    assert any("SHA-256" in f for f in fundne)
    assert "Uden.v1.avsc: has no id in ids.json" in fundne


def test_ids_versions_and_names_have_no_holes(tmp_path: Path) -> None:
    """An id or a version left out, and a file that is not the record its subject says, are findings."""
    skema = _post(_felt("a", "string"), navn="Andet")
    (tmp_path / "Andet.v3.avsc").write_text(json.dumps(skema))
    raekke = {"subject": "dk.vitas.hub.Proeve", "version": 2, "file": "Andet.v3.avsc", "sha256": sha256(skema)}
    (tmp_path / "ids.json").write_text(json.dumps({"2": raekke}))
    fundne = " ".join(Skemaregister(tmp_path).check())
    for fund in ("id 1 is missing", "versions are [2]", "should be named Proeve.v2.avsc", "is not the record dk.vitas.hub.Proeve"):
        assert fund in fundne
