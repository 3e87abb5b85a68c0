"""Looks for what is personal wherever it must not be readable: as text, as text in JSON, and as bytes shown in hex or base64."""

import base64
import binascii
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from hub.domain.kuvert import AABNE_AKTOERER
from hub.events.sealing import FORTROLIGE, PERSONFELTER

TEN_DIGITS = re.compile(rb"(?<![0-9A-Za-z])[0-9]{6}-?[0-9]{4}(?![0-9A-Za-z])")
HEX = re.compile(rb"(?:[0-9a-fA-F]{2}){8,}")
BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{12,}={0,2}")
SEALED = {name for names in FORTROLIGE.values() for name in names}
"""A new sealed field is looked for without a line here; a test holds the types against the schemas' marks."""
PEOPLE = {name for names in PERSONFELTER.values() for name in names}


class Personal:
    """CPR numbers, and texts (names, e-mails, phones) of which none may be found; a name also by its last part alone."""

    def __init__(self, cprs: Iterable[str], texts: Iterable[str]) -> None:
        self.cprs = {cpr.encode() for cpr in cprs}
        self.texts = set(texts)
        shapes = {shape for text in self.texts for shape in _shapes(text)}
        self._any = re.compile(b"|".join(re.escape(shape) for shape in sorted(shapes))) if shapes else re.compile(rb"(?!)")

    @classmethod
    def of(cls, actions: Iterable[Mapping[str, Any]]) -> "Personal":
        """What stands sealed of the actions' data by the marks of the events, and every actor who is not at work; CPR numbers apart."""
        texts = {text for action in actions for text in (*_sealed(action["data"]), *_actor(action["aktoer"]))}
        cprs = {text for text in texts if re.fullmatch("[0-9]{10}", text)}
        return cls(cprs, texts - cprs)

    def found(self, where: str, content: bytes) -> list[str]:
        """Where something personal stands in `content`; what it is is not repeated."""
        return [f"{where}: {how}" for how, layer in _layers(content) if self._in(layer)]

    def _in(self, content: bytes) -> bool:
        return self._any.search(content) is not None or any(m[0].replace(b"-", b"") in self.cprs for m in TEN_DIGITS.finditer(content))


def _sealed(data: Mapping[str, Any]) -> Iterator[str]:
    """Every text of the sealed fields; of lists of people, and of an aid, the sealed part."""
    for name, value in data.items():
        if name in SEALED or name == "borger":
            yield from _texts(name, value)
        for person in value if name in PEOPLE and value else ():
            yield from _texts("borger", {"personnummer": person["personnummer"], "navn": person["navn"]})
        if name == "hjaelpemiddel" and value:
            yield from _texts(name, value.get("beskrivelse"))


def _actor(actor: Mapping[str, Any]) -> Iterator[str]:
    if actor["type"] not in AABNE_AKTOERER:
        yield from _texts("aktoer", {name: actor.get(name) for name in ("id", "navn")})


def _texts(name: str, value: Any) -> Iterator[str]:
    """The texts in a value; a person's name also by its last part alone."""
    if isinstance(value, dict):
        for inner, content in value.items():
            yield from _texts("person" if inner == "navn" else inner, content)
    elif value:
        yield value
        if name == "person":
            yield _last(value)


def _last(name: str) -> str:
    return name.rsplit(maxsplit=1)[-1]


def _shapes(text: str) -> set[bytes]:
    """The text as UTF-8, and as JSON that escapes what is not ASCII."""
    return {text.encode(), text.encode("ascii", "backslashreplace").replace(b"\\x", b"\\u00")}


def _layers(content: bytes) -> Iterator[tuple[str, bytes]]:
    """The content itself, and what stands in it in hex or base64."""
    yield "text", content
    for run in HEX.findall(content):
        yield "hex", binascii.unhexlify(run)
    for run in BASE64.findall(content):
        whole = run.rstrip(b"=")[: len(run.rstrip(b"=")) // 4 * 4]
        yield "base64", base64.b64decode(whole, altchars=b"-_" if b"-" in whole or b"_" in whole else None)
