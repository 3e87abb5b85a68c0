"""Try a transaction again, a bounded number of times, when the database says that it lost against another one or went away.

Safe for appending also when the outcome of a COMMIT is unknown: what was kept is found again by its request id.
"""

import random
import time
from collections.abc import Callable
from typing import TypeVar

import psycopg
from sqlalchemy.exc import DBAPIError

from hub.events.forbigaaende import er_forbigaaende
from hub.events.ledger_fejl import OptagetAfAnden

FORSOEG = 5
PAUSE_SEKUNDER = 0.005

Svar = TypeVar("Svar")


def gentag(transaktion: Callable[[], Svar]) -> Svar:
    """What `transaktion` returns; a deadlock, a lost or ended connection, a cancelled statement or an id taken meanwhile starts it over.

    The last failure is raised as it is.
    """
    for forsoeg in range(1, FORSOEG):
        try:
            return transaktion()
        except (psycopg.Error, DBAPIError, OptagetAfAnden) as fejl:
            if not (isinstance(fejl, OptagetAfAnden) or er_forbigaaende(fejl)):
                raise
        time.sleep(random.uniform(0, PAUSE_SEKUNDER * 4**forsoeg))  # noqa: S311
    return transaktion()
