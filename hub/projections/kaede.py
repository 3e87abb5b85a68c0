"""The ledger's own chain of one case, walked by hash from its head backwards.

Whoever may write to the topic can lay something under a case's key, also something that would continue the chain; what the head does not
lead to is not the ledger's. So no two events ever claim the same place, and none is folded in the wrong order.
"""

from collections.abc import Iterable
from hashlib import sha256
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, func, select

from hub.domain.haendelser import Haendelse
from hub.events.codec import Ulaeselig
from hub.events.tables import PARKEREDE
from hub.projections.indgang import Afkoder


class Led(NamedTuple):
    """One event of the chain and the SHA-256 of its bytes."""

    haendelse: Haendelse
    aftryk: bytes


_P = PARKEREDE.c
_KASSEREDE = select(func.sha256(_P.vaerdi)).where(_P.stroem == bindparam("sag"), _P.tilstand == "kasseret")


def kaede(fra: bytes | None, hoved: bytes | None, vaerdier: Iterable[bytes], kodeks: Afkoder) -> list[Led] | None:
    """The events after the one with hash `fra` (None: from the first) up to the one with hash `hoved`, oldest first.

    None when one of them is not among `vaerdier`, which may hold anything else besides.
    """
    kendte = {sha256(vaerdi).digest(): vaerdi for vaerdi in vaerdier}
    led: list[Led] = []
    while hoved != fra:
        haendelse = None if hoved is None else afkodet(kendte.get(hoved), kodeks)
        if hoved is None or haendelse is None:
            return None
        led.append(Led(haendelse, hoved))
        hoved = haendelse.kuvert.forgaenger
    return led[::-1]


def kasserede(conn: Connection, sags_id: str) -> frozenset[bytes]:
    """The hashes of what operators discarded of a case."""
    return frozenset(bytes(aftryk) for aftryk in conn.execute(_KASSEREDE, {"sag": sags_id}).scalars())


def afkodet(vaerdi: bytes | None, kodeks: Afkoder) -> Haendelse | None:
    """The event in some bytes, None when there is none."""
    try:
        return None if vaerdi is None else kodeks.afkod(vaerdi)
    except Ulaeselig:
        return None
