"""Opening sealed leaves at the query: nowhere else does clear personal data exist on the read side (architecture 7)."""

import hashlib
from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec
import orjson

from hub.domain.dokumenter import Indhold
from hub.domain.forseglet import Afkortes, Forseglet
from hub.events.sealing import aabn_eller_slettet


class Aabnet(NamedTuple):
    """A value with its leaves open; `slettet`: a key is erased, what it sealed is null."""

    vaerdi: Any
    slettet: bool


class Aabning(NamedTuple):
    """A document of the store with the key to it: what opens it, later and piece by piece."""

    noegle: bytes
    sha256: str
    stoerrelse: int


def noeglenavne(vaerdi: Any) -> set[str]:
    """The names of the keys that sealed the leaves."""
    navne, rest = set(), [vaerdi]
    while rest:
        led = rest.pop()
        if isinstance(led, Forseglet | Indhold):
            navne.add(led.noegle)
        elif isinstance(led, dict):
            rest.extend(led.values())
        elif isinstance(led, list | tuple):
            rest.extend(led)
        elif isinstance(led, msgspec.Struct):
            rest.extend(getattr(led, navn) for navn in led.__struct_fields__)
    return navne


def aabn_alt(vaerdi: Any, navne: set[str], noegler: Mapping[str, bytes]) -> Aabnet:
    """The value as plain JSON data; `navne` are its `noeglenavne`. Raises `KanIkkeAabnes` when a ciphertext was changed."""
    return Aabnet(_aabn(vaerdi, noegler), bool(navne - noegler.keys()))


class Somjson(NamedTuple):
    """A document as JSON bytes with its leaves open, and the names of the keys that sealed them."""

    raa: bytes
    navne: set[str]


def som_json(dokument: Any, noegler: Mapping[str, bytes]) -> Somjson:
    """What `noeglenavne`, `aabn_alt` and a JSON encoder make of it, in one pass; not for a document with bytes of the store in it.

    Raises `KanIkkeAabnes`; TypeError for what is not JSON.
    """
    navne: set[str] = set()

    def aaben(led: Any) -> Any:
        segl = led.segl if isinstance(led, Afkortes) else led
        if not isinstance(segl, Forseglet):
            raise TypeError
        navne.add(segl.noegle)
        return _aabn(led, noegler)

    return Somjson(orjson.dumps(dokument, default=aaben), navne)


def noeglestand(navne: set[str], noegler: Mapping[str, bytes]) -> str:
    """Which keys there are, as part of an ETag: it changes when one is erased."""
    stand = ",".join(f"{navn}={navn in noegler:d}" for navn in sorted(navne))
    return hashlib.sha256(stand.encode()).hexdigest()[:8]


def _aabn(vaerdi: Any, noegler: Mapping[str, bytes]) -> Any:
    if isinstance(vaerdi, Forseglet):
        return aabn_eller_slettet(vaerdi, noegler)
    if isinstance(vaerdi, Indhold):
        return Aabning(noegler[vaerdi.noegle], vaerdi.sha256, vaerdi.stoerrelse) if vaerdi.noegle in noegler else None
    if isinstance(vaerdi, Afkortes):
        return _afkortet(aabn_eller_slettet(vaerdi.segl, noegler), vaerdi.hoejst)
    if isinstance(vaerdi, dict):
        return {navn: _aabn(led, noegler) for navn, led in vaerdi.items()}
    if isinstance(vaerdi, list | tuple):
        return [_aabn(led, noegler) for led in vaerdi]
    if isinstance(vaerdi, msgspec.Struct):
        return {navn: _aabn(getattr(vaerdi, navn), noegler) for navn in vaerdi.__struct_fields__}
    return vaerdi


def _afkortet(tekst: Any, hoejst: int) -> dict[str, Any] | None:
    """What may be shown of a text, whether that is less than all of it, and how many characters it has (R-5.2)."""
    return None if tekst is None else {"tekst": tekst[:hoejst], "afkortet": len(tekst) > hoejst, "laengde": len(tekst)}
