"""Where the next page begins, as an opaque word: bound to the question it was given for, and nobody else can make one."""

import base64
import binascii
from collections.abc import Callable
from datetime import date, datetime
from hmac import compare_digest
from typing import Any

import orjson

from hub.projections.lister import Noegle, Sted

Hash = Callable[[bytes], bytes]
"""A keyed hash of 32 bytes."""
LAENGST = 2_000
SEGL_BYTES = 16
_NOEGLER: dict[type, Callable[[Any], Noegle]] = {str: str, int: int, date: date.fromisoformat, datetime: datetime.fromisoformat}


class FremmedFortsaettelse(ValueError):
    """The word is not ours, or was given for another question."""


def skriv(sted: Sted, spoergsmaal: Any, hash_: Hash) -> str:
    """The word of a place in the answer to a question (JSON: what was asked for, in which order)."""
    indhold = orjson.dumps([sted.noegle, sted.id, sted.sags_id])
    return base64.urlsafe_b64encode(_segl(indhold, spoergsmaal, hash_) + indhold).decode().rstrip("=")


def laes(ord_: str, spoergsmaal: Any, hash_: Hash, type_: type) -> Sted:
    """The place; `type_` is that of what the answer is sorted by. Raises `FremmedFortsaettelse`."""
    try:
        raa = base64.b64decode(ord_ + "=" * (-len(ord_) % 4), altchars=b"-_", validate=True) if len(ord_) <= LAENGST else b""
    except (binascii.Error, ValueError):
        raise FremmedFortsaettelse from None
    segl, indhold = raa[:SEGL_BYTES], raa[SEGL_BYTES:]
    if not compare_digest(segl, _segl(indhold, spoergsmaal, hash_)):
        raise FremmedFortsaettelse
    noegle, id_, sags_id = orjson.loads(indhold)
    return Sted(None if noegle is None else _NOEGLER[type_](noegle), id_, sags_id)


def _segl(indhold: bytes, spoergsmaal: Any, hash_: Hash) -> bytes:
    return hash_(b"fortsaettelse\0" + orjson.dumps(spoergsmaal) + b"\0" + indhold)[:SEGL_BYTES]
