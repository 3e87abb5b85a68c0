"""Looks for what is personal wherever it must not be readable: as text, as text in JSON, and as bytes shown in hex or base64."""

import base64
import binascii
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

TEN_DIGITS = re.compile(rb"(?<![0-9A-Za-z])[0-9]{6}-?[0-9]{4}(?![0-9A-Za-z])")
HEX = re.compile(rb"(?:[0-9a-fA-F]{2}){8,}")
BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{12,}={0,2}")
CONTACTS = ("ansvarligKontaktperson", "kontaktpersonPaaArbejdsstedet", "medarbejderrepraesentant")


class Personal:
    """CPR numbers, and texts (names, e-mails, phones) of which none may be found; a name also by its last part alone."""

    def __init__(self, cprs: Iterable[str], texts: Iterable[str]) -> None:
        self.cprs = {cpr.encode() for cpr in cprs}
        self.texts = set(texts)
        shapes = {shape for text in self.texts for shape in _shapes(text)}
        self._any = re.compile(b"|".join(re.escape(shape) for shape in sorted(shapes))) if shapes else re.compile(rb"(?!)")

    @classmethod
    def of(cls, actions: Iterable[Mapping[str, Any]]) -> "Personal":
        """What the actions hold of citizens and companies' people; a caseworker at work is open."""
        cprs, texts = set(), set()
        for action in actions:
            data = action["data"]
            if "borger" in data:
                cprs.add(data["borger"]["personnummer"])
                texts |= {data["borger"]["navn"], _last(data["borger"]["navn"])}
            for contact in filter(None, map(data.get, CONTACTS)):
                texts |= {contact["navn"], _last(contact["navn"]), contact["email"], contact["telefon"]}
            if action["aktoer"]["type"] == "Virksomhed":
                texts |= {action["aktoer"]["navn"], action["aktoer"]["id"]}
        return cls(cprs, texts)

    def found(self, where: str, content: bytes) -> list[str]:
        """Where something personal stands in `content`; what it is is not repeated."""
        return [f"{where}: {how}" for how, layer in _layers(content) if self._in(layer)]

    def _in(self, content: bytes) -> bool:
        return self._any.search(content) is not None or any(m[0].replace(b"-", b"") in self.cprs for m in TEN_DIGITS.finditer(content))


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
