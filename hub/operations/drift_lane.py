"""The operators' log made ready: an act is said on it in the transaction that does the act, so it must be level with the ledger first."""

import asyncio
from contextlib import suppress
from typing import Any, NamedTuple

from sqlalchemy import Engine, text

from hub.events.bedoem import kuvertlaeser
from hub.events.codec import Kodeks
from hub.events.relay import Relae
from hub.events.topics import DRIFT

COMPARE_SECONDS = 15.0
PAUSE_SECONDS = 0.05
COMPARED = text("""
SELECT count(*) > 0 FROM ledger.baner WHERE topic = :topic AND server_start = pg_postmaster_start_time()
""")


class Lane(NamedTuple):
    """What the operators' lane is compared with."""

    engine: Engine
    database_url: str
    options: dict[str, Any]
    codec: Kodeks


def is_compared(engine: Engine) -> bool:
    """Whether the operators' log was compared with the ledger since the database server started."""
    with engine.connect() as conn:
        return bool(conn.execute(COMPARED, {"topic": DRIFT}).scalar_one())


async def compare(lane: Lane) -> None:
    """See that the operators' log can be appended to, also when no worker has run since the database server started: then do its part.

    Given up after `COMPARE_SECONDS`: the append then says why. Raises what no new session of a relay can mend.
    """
    if is_compared(lane.engine):
        return
    stop = asyncio.Event()
    relay = asyncio.ensure_future(Relae(lane.database_url, lane.options, kuvertlaeser(lane.codec), [(DRIFT, 0)]).run(stop))
    try:
        with suppress(TimeoutError):
            async with asyncio.timeout(COMPARE_SECONDS):
                while not relay.done() and not await asyncio.to_thread(is_compared, lane.engine):  # noqa: ASYNC110 (asked for, not signalled)
                    await asyncio.sleep(PAUSE_SECONDS)
    finally:
        stop.set()
        await relay
