"""The careful way to write a part, taken when PostgreSQL refused a row of it: the poison event is found and set aside, the others flow."""

from collections.abc import Callable, Sequence
from typing import Any

import psycopg
from sqlalchemy import Connection
from sqlalchemy.exc import DataError, IntegrityError

from hub.events.besoeg import Kald, besoeg
from hub.events.forbindelse import raa_forbindelse
from hub.projections.kolonner import skema
from hub.projections.project import Sagsgang
from hub.projections.skriv import skriv

RAEKKEFEJL = (psycopg.DataError, psycopg.IntegrityError, DataError, IntegrityError, UnicodeEncodeError)
"""PostgreSQL, or the driver, cannot take a row as it is; any other error concerns the whole part, which is tried again."""

Gem = Callable[[Sequence[Any]], Kald]
"""The statement that saves notifications."""


def udkast(gange: Sequence[Sagsgang]) -> list[Any]:
    """What the part notifies, in the log's order."""
    skridt = sorted((s for g in gange for s in g.skridt if s.udkast), key=lambda s: s.indgang.offset)
    return [u for s in skridt for u in s.udkast]


def alt(i: str, gange: Sequence[Sagsgang], gem: Gem) -> list[Kald]:
    """The statements that write the cases' rows into the schema `i` and save what they notify. Raises one of RAEKKEFEJL."""
    nye = udkast(gange)
    return skriv(i, gange) + ([gem(nye)] if nye else [])


def skriv_alt(conn: Connection, gange: Sequence[Sagsgang], gem: Gem) -> None:
    """Write the cases' rows and save what they notify, in one round trip. Raises one of RAEKKEFEJL when a row is refused."""
    besoeg(raa_forbindelse(conn), *alt(skema(conn), gange, gem))


def skriv_forsigtigt(conn: Connection, gange: Sequence[Sagsgang], gem: Gem) -> None:
    """Write rows and notifications by halving the cases, savepoint by savepoint, until the one that fails stands alone.

    Of that one the events before the failing one are written; it and those behind it are left in its `parkeringer`.
    """
    fejl = _forsoeg(conn, gange, gem)
    if fejl is None:
        return
    if len(gange) == 1:
        _en_sag(conn, gange[0], gem, fejl)
        return
    midt = len(gange) // 2
    skriv_forsigtigt(conn, gange[:midt], gem)
    skriv_forsigtigt(conn, gange[midt:], gem)


def _en_sag(conn: Connection, gang: Sagsgang, gem: Gem, fejl: str) -> None:
    """Write the longest beginning of the case's events that PostgreSQL takes; rows show the state after it. None of them is one too."""
    for antal in range(len(gang.skridt) - 1, -1, -1):
        gang.afbryd(antal, fejl)
        naeste = _forsoeg(conn, [gang], gem)
        if naeste is None:
            return
        fejl = naeste


def _forsoeg(conn: Connection, gange: Sequence[Sagsgang], gem: Gem) -> str | None:
    """None when it was written; else the error's class, and nothing is."""
    try:
        with conn.begin_nested():
            skriv_alt(conn, gange, gem)
    except RAEKKEFEJL as fejl:
        return type(getattr(fejl, "orig", fejl)).__name__
    return None
