"""From Avro bytes to frozen structs in one pass: a function per schema, its source made by `laesekilde` once (decision 034).

As `dataclasses` do it; the source stands in `linecache`, so that tracebacks and debuggers show it.
"""

import linecache
from collections.abc import Callable, Mapping
from textwrap import indent
from typing import Any

from hub.events.avrolaesere import NAVNE
from hub.events.avrotyper import Node
from hub.events.laesekilde import Kilde, felter, kald, vaerdi

Laes = Callable[[bytes, int], tuple[Any, int]]
"""(bytes, position) → (value, next position). Beyond the end is no error: the caller compares the position with the length."""


def laeser(node: Node, klasser: Mapping[str, type], navn: str) -> Laes:
    """How a value of this type is read; `klasser` has the struct of each record by full name, tracebacks say `navn`.

    Raises KeyError for a type we do not use.
    """
    kilde = Kilde(klasser)
    return _oversat(kilde, vaerdi(kilde, node, "laest"), "laest", navn)


def feltlaeser(node: Node, klasser: Mapping[str, type], navn: str) -> Laes:
    """How a record is read into a dict of its fields."""
    kilde = Kilde(klasser)
    linjer, lokale = felter(kilde, node["fields"])
    return _oversat(kilde, linjer, f"{{{', '.join(f'{felt!r}: {lokal}' for felt, lokal in lokale.items())}}}", navn)


def haendelseslaeser(node: Node, klasser: Mapping[str, type], klasse: type, slags: type, navn: str) -> Laes:
    """How a record is read into a `slags` of its envelope and a `klasse` of its other fields."""
    kilde = Kilde(klasser)
    linjer, lokale = felter(kilde, node["fields"])
    kuvert = lokale.pop("kuvert")
    return _oversat(kilde, linjer, f"{kilde.klasse(slags)}({kuvert}, {kald(kilde, klasse, lokale)})", navn)


def _oversat(kilde: Kilde, linjer: str, laest: str, navn: str) -> Laes:
    """The one place where source becomes code."""
    kode = f'def laes(b, i):\n    haendelse = sag = borger = ""\n{indent(linjer, "    ")}    return {laest}, i\n'
    fil = f"<reader of {navn}>"
    linecache.cache[fil] = (len(kode), None, kode.splitlines(keepends=True), fil)
    navne = NAVNE | kilde.navne
    exec(compile(kode, fil, "exec"), navne)  # noqa: S102 - of published schemas alone: nothing that was read is in it
    laes: Laes = navne["laes"]
    return laes
