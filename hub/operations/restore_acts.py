"""restore, of the acts alone: rows of `ledger.akter` that an older release did not write, beside traffic (decision 033)."""

from sqlalchemy import Engine

from hub.events import genskab_akter
from hub.events.drift import GenskabelseUdfoert
from hub.events.drift_append import Driftslog
from hub.events.genskab_akter import Akter
from hub.events.genskabelseslaas import delt


def preview(engine: Engine) -> Akter:
    """The acts without a row, and how many cases they are of; nothing is changed."""
    with engine.connect() as conn:
        return genskab_akter.manglende(conn)


def restore(engine: Engine, drift: Driftslog, who: str, why: str | None) -> Akter:
    """Give each its row, and say so on the operators' log in the same transaction; where none is without, there is no event.

    Raises `GenskabesNu`, `LedgerBagud` (nothing given).
    """
    with delt(engine), engine.begin() as conn:
        given = genskab_akter.giv(conn)
        if given.akter:
            drift.append(conn, [GenskabelseUdfoert(0, given.sager, 0, 0, who, why, given.akter)], who)
        return given
