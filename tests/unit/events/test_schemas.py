"""The published schemas: each is its class field by field, each keeps the rules, every version can read every other."""

import json
import types
from datetime import date, datetime
from typing import Any, Union, get_args, get_origin

import msgspec
import pytest

from hub.domain.forseglet import Forseglet
from hub.domain.haendelser import HAENDELSER
from hub.domain.kuvert import Aktoer, Kuvert
from hub.domain.reference_haendelser import REFERENCEHAENDELSER
from hub.domain.vilkaar import VILKAAR, Ansat, Sats, Vikar
from hub.events.avrotyper import Node, nullbar, udfoldet
from hub.events.drift import DRIFTSHAENDELSER
from hub.events.ordningsnotifikation import Ordningsnotifikation
from hub.events.schemas import Skemaregister, skemamappe

TYPER: dict[Any, set[str]] = {
    str: {"string", "uuid"},
    bool: {"boolean"},
    int: {"int", "long"},
    date: {"date"},
    datetime: {"timestamp-micros"},
    bytes: {"fixed"},
    tuple[str, ...]: {"array"},
}
BORGERS = {"personnummer", "borgerNavn"}
PERSONER = (Ansat, Vikar)
ALLE: tuple[type[Any], ...] = (*HAENDELSER, *REFERENCEHAENDELSER, *DRIFTSHAENDELSER, Ordningsnotifikation)
POSTER: list[tuple[str, type[Any], str | None]] = [
    *((k.__name__, k, None) for k in ALLE),
    ("SagFrigivet", Kuvert, "Kuvert"),
    ("HaendelseParkeret", Kuvert, "Driftskuvert"),
    ("SatsRegistreret", Kuvert, "Referencekuvert"),
    ("SagFrigivet", Aktoer, "Aktoer"),
    ("OphoerRegistreret", Sats, "Sats"),
    *(("AnsoegningOprettet", VILKAAR[navn], navn) for navn in ("Ansat", "Kursus", "Vikar")),
    *(("BevillingUdstedt", VILKAAR[navn], navn) for navn in ("Mentorvilkaar", "Assistancevilkaar", "Hjaelpemiddelvilkaar")),
]


def _find(node: Node, navn: str) -> Node | None:
    """The record `navn` in a tree."""
    if node.get("name") == f"dk.vitas.hub.{navn}":
        return node
    under = [felt["node"] for felt in node.get("fields", ())] + node.get("grene", []) + [node[i] for i in ("items",) if i in node]
    return next((fundet for barn in under if (fundet := _find(barn, navn)) is not None), None)


def _standard(felt: Node) -> Any:
    """The field's default, lists as the tuples they become."""
    standard = felt.get("default", msgspec.NODEFAULT)
    return tuple(standard) if isinstance(standard, list) else standard


@pytest.mark.parametrize(("navn", "klasse", "indre"), POSTER)
def test_a_schema_is_its_class_field_by_field(register: Skemaregister, navn: str, klasse: type[Any], indre: str | None) -> None:
    """The newest schema has the class's fields: names, order, types, null, defaults, and the seal of exactly the confidential ones."""
    post = _find(udfoldet(register.nyeste(navn).skema), indre or navn)
    assert post is not None
    felter = [felt for felt in post["fields"] if felt["name"] != "kuvert"]
    assert [felt["name"] for felt in felter] == [f.name for f in msgspec.structs.fields(klasse)]
    for felt, f in zip(felter, msgspec.structs.fields(klasse), strict=True):
        typer = get_args(f.type) if get_origin(f.type) in (Union, types.UnionType) else (f.type,)
        node, null = nullbar(felt["node"])
        assert null == (type(None) in typer), f.name
        assert _standard(felt) == f.default, f.name
        if Forseglet in typer:
            assert (felt["segl"], node["type"]) == ("borger" if f.name in BORGERS or klasse in PERSONER else "sag", "bytes"), f.name
            continue
        assert felt["segl"] == "aaben", f.name
        [type_] = [t for t in typer if t is not type(None)]
        if node["type"] == "array" and node["items"]["type"] == "record":
            assert node["items"]["name"] == f"dk.vitas.hub.{get_args(type_)[0].__name__}", f.name
            continue
        if issubclass(type_ if isinstance(type_, type) else tuple, msgspec.Struct):
            assert node["name"] == f"dk.vitas.hub.{type_.__name__}", f.name
        else:
            assert (node.get("logicalType") or node["type"]) in TYPER[type_], f.name


def test_the_published_schemas_have_no_finding(register: Skemaregister) -> None:
    """What `hub schemas check` reads is clean, and there is a subject for every record."""
    assert register.check() == []
    assert set(register.subjects()) == {f"dk.vitas.hub.{k.__name__}" for k in ALLE}


def test_the_registry_answers_by_id_name_and_subject(register: Skemaregister) -> None:
    """Ids, newest versions and version lists agree; what nobody published is a KeyError or empty."""
    nyeste = register.nyeste("AnsoegningOprettet")
    assert (nyeste.version, nyeste.navn) == (4, "AnsoegningOprettet")
    assert register.efter_id[nyeste.id] is nyeste
    assert [s.version for s in register.versioner(nyeste.subject)] == [1, 2, 3, 4]
    assert register.versioner("dk.vitas.hub.Ukendt") == ()
    with pytest.raises(KeyError):
        register.nyeste("Ukendt")


def test_an_id_once_given_never_moves() -> None:
    """The ids on the log: the first and the last given so far stand where they were given."""
    ids = json.loads((skemamappe() / "ids.json").read_text(encoding="utf-8"))
    assert ids["1"]["file"] == "AnsoegningOprettet.v1.avsc"
    assert ids["2"]["file"] == "AnsoegningOprettet.v2.avsc"
    assert ids["32"]["file"] == "OphoerTilbagekaldt.v1.avsc"
    assert ids["33"]["file"] == "Ordningsnotifikation.v1.avsc"
    assert ids["38"]["file"] == "GenskabelseUdfoert.v1.avsc"
    assert ids["42"]["file"] == "BevillingUdstedt.v2.avsc"
    assert ids["49"]["file"] == "CprSkiftet.v1.avsc"
