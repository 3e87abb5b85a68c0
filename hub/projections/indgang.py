"""From a record of the log to what the fold takes in: its stream, its hash, and the event or why there is none."""

import re
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Protocol

import msgspec

from hub.domain.foldning import KanIkkeFoldes
from hub.domain.haendelser import Haendelse
from hub.events.codec import Ulaeselig
from hub.events.fejlpunkter import Fejlpunkt
from hub.events.journal import Post

ER_SAGSID = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}").fullmatch


class Kaedebrud(ValueError):
    """The event does not follow on the case's head: a hole, another hash, or another version of something known."""


VORES = (KanIkkeFoldes, Ulaeselig, Fejlpunkt, Kaedebrud)
"""Errors whose text is ours and holds nothing personal."""
HAENDELSENS_FEJL = (Fejlpunkt, ValueError, TypeError, LookupError, ArithmeticError, AttributeError)
"""What an event's own content can raise in fold, view or notification: it is parked. Anything else is the process's trouble."""


class Indgang(msgspec.Struct, frozen=True, gc=False):
    """One record: `stroem` is the sagsId, or a name of its own when the key is none; `aftryk` the SHA-256 of `vaerdi`."""

    partition: int
    offset: int
    stroem: str
    vaerdi: bytes
    aftryk: bytes
    hoveder: tuple[tuple[str, bytes], ...]
    haendelse: Haendelse | None
    fejl: str | None


class Afkoder(Protocol):
    """The codec, as far as the projection needs it."""

    def afkod(self, vaerdi: bytes) -> Haendelse:
        """The event; raises `Ulaeselig`."""
        ...


def indgang(post: Post, kodeks: Afkoder) -> Indgang:
    """The record with its event, or with the reason why it has none; never raises for what lies on the log."""
    partition, offset, noegle, fundet, hoveder, _ = post
    navn, vaerdi = stroem(noegle or b"", partition, offset), fundet or b""
    haendelse, fejl = _afkodet(navn, vaerdi, kodeks)
    return Indgang(partition, offset, navn, vaerdi, sha256(vaerdi).digest(), hoveder, haendelse, fejl)


def stroem(noegle: bytes, partition: int, offset: int) -> str:
    """The stream of a record: its key, or a name of its own when that is no sagsId."""
    return noegle.decode() if ER_SAGSID(noegle) else f"ukendt/{partition}/{offset}"


def sagens_indgange(partition: int, noegle: bytes, raa: Iterable[tuple[int, bytes]], kodeks: Afkoder) -> Iterator[Indgang]:
    """`indgang` of the records (offset, bytes) of one key, headers left out."""
    sag = noegle.decode() if ER_SAGSID(noegle) else None
    for offset, vaerdi in raa:
        navn = sag or stroem(noegle, partition, offset)
        haendelse, fejl = _afkodet(navn, vaerdi, kodeks)
        yield Indgang(partition, offset, navn, vaerdi, sha256(vaerdi).digest(), (), haendelse, fejl)


def _afkodet(stroem: str, vaerdi: bytes, kodeks: Afkoder) -> tuple[Haendelse | None, str | None]:
    try:
        haendelse = kodeks.afkod(vaerdi)
    except Ulaeselig as fejl:
        return None, fejltekst(fejl)
    if haendelse.kuvert.sagsId != stroem:
        return None, fejltekst(Kaedebrud("the record's key is not the event's sagsId"))
    return haendelse, None


def fejltekst(fejl: BaseException) -> str:
    """The exception's class, and its text where that is ours: foreign texts may quote the content."""
    return f"{type(fejl).__name__}: {fejl}" if isinstance(fejl, VORES) else type(fejl).__name__
