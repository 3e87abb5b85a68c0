"""Health: alive; and ready, by what the database says of itself, of the lanes and of the checkpoints."""

from typing import Any

import structlog
from litestar import Response
from sqlalchemy import Connection, Engine, and_, exists, func, select
from sqlalchemy.exc import SQLAlchemyError

from hub.api.anmodning import Anmodning
from hub.api.problem import Problem, json_svar
from hub.api.tjenester import Dele
from hub.events.tables import BANER, CHECKPOINTS, GENERATIONER
from hub.projections.generation import PROJEKTIONSVERSION

LOG = structlog.get_logger(__name__)
START = func.pg_postmaster_start_time()


async def lever(request: Anmodning, dele: Dele) -> Response[bytes]:
    """The event loop turns."""
    return json_svar({"status": "ok"})


async def klar(request: Anmodning, dele: Dele) -> Response[bytes]:
    """200 when all of database, lanes and checkpoints are well, else 503; the body says which, in words without detail."""
    try:
        led = await dele.traade.koer(undersoeg, dele.tjenester.motor)
    except Problem:
        led = {"database": "busy"}
    alt_vel = all(tilstand == "ok" for tilstand in led.values())
    return json_svar({"status": "ok" if alt_vel else "not ready", "checks": led}, 200 if alt_vel else 503)


def undersoeg(motor: Engine) -> dict[str, str]:
    """Each part's state: `ok`, or what is wrong."""
    try:
        with motor.connect() as conn:
            return {"database": "ok", "lanes": _baner(conn), "checkpoints": _checkpoints(conn)}
    except SQLAlchemyError as fejl:
        LOG.warning("not_ready", error=type(fejl).__name__)
        return {"database": "away"}


def _baner(conn: Connection) -> str:
    """Appending needs every lane compared with its log since this PostgreSQL server started, and none behind (decision 3)."""
    i_alt, usammenlignede, bagud = conn.execute(
        select(
            func.count(),
            func.count().filter(BANER.c.server_start.is_distinct_from(START)),
            func.count().filter(BANER.c.bagud.is_not(None)),
        )
    ).one()
    if bagud:
        return "the ledger is behind the log"
    return "ok" if i_alt and not usammenlignede else "not compared with the log yet"


def _checkpoints(conn: Connection) -> str:
    """The serving generation is this code's, and has checkpoints."""
    egen = and_(GENERATIONER.c.serverer, GENERATIONER.c.projektionsversion == PROJEKTIONSVERSION)
    serverer: Any = exists().where(and_(egen, CHECKPOINTS.c.generation == GENERATIONER.c.nummer))
    return "ok" if conn.execute(select(serverer)).scalar_one() else "no serving generation of this code with checkpoints"
