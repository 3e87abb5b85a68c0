"""From a record of the log to what the fold takes in: its stream, its hash, and the event or why there is none."""

import hashlib
import re
from typing import NamedTuple, Protocol

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


class Indgang(NamedTuple):
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
    noegle, vaerdi = post.noegle or b"", post.vaerdi or b""
    stroem = noegle.decode() if ER_SAGSID(noegle) else f"ukendt/{post.partition}/{post.offset}"
    haendelse, fejl = _afkodet(stroem, vaerdi, kodeks)
    return Indgang(post.partition, post.offset, stroem, vaerdi, hashlib.sha256(vaerdi).digest(), post.hoveder, haendelse, fejl)


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
