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

Laes = Callable[[bytes, int], Any]
"""(bytes, position) → the value that they hold from there to their end."""
HELE = """\
def laes(b, i):
    haendelse = sag = borger = ""
{linjer}    if i != len(b):
        raise IkkeKanonisk("truncated, or bytes left over")
    return {laest}
"""


def laeser(node: Node, klasser: Mapping[str, type], navn: str) -> Laes:
    """How a value of this type is read; `klasser` has the struct (or dict) of each record by full name, tracebacks say `navn`.

    Raises KeyError for a type we do not use.
    """
    kilde = Kilde(klasser)
    return _oversat(kilde, vaerdi(kilde, node, "laest"), "laest", navn)


def haendelseslaeser(node: Node, klasser: Mapping[str, type], slags: type, navn: str) -> Laes:
    """How a record with an envelope is read into a `slags` of the envelope and the record of its other fields."""
    kilde = Kilde(klasser)
    linjer, lokale = felter(kilde, node["fields"])
    kuvert = lokale.pop("kuvert")
    linjer += f'if {kuvert}.version < 1:\n    raise IkkeKanonisk("version below 1")\n'
    return _oversat(kilde, linjer, f"{kilde.klasse(slags)}({kuvert}, {kald(kilde, klasser[node['name']], lokale)})", navn)


def _oversat(kilde: Kilde, linjer: str, laest: str, navn: str) -> Laes:
    """The one place where source becomes code."""
    kode, fil = HELE.format(linjer=indent(linjer, "    "), laest=laest), f"<reader of {navn}>"
    linecache.cache[fil] = (len(kode), None, kode.splitlines(keepends=True), fil)
    navne = NAVNE | kilde.navne
    exec(compile(kode, fil, "exec"), navne)  # noqa: S102 - of published schemas alone: nothing that was read is in it
    laes: Laes = navne["laes"]
    return laes
