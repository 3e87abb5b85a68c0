"""What a verb that acts needs first: the operators' log, on which the act is said."""

import asyncio

from sqlalchemy import Engine

from hub.bootstrap import Hus
from hub.cli.reach import NotRunning, reach
from hub.operations.drift_lane import Lane, compare, is_compared

WHY = "the operators' log, on which this is said, was not compared with Kafka since PostgreSQL started"


def operators_log(hub: Hus, db: Engine) -> None:
    """See that it can be appended to, without a worker too. Raises `NotRunning` when that takes a Kafka that does not answer."""
    if is_compared(db):
        return
    try:
        reach(hub.settings)
    except NotRunning as problem:
        raise NotRunning(f"{problem}. Nothing was done: {WHY}.") from problem
    asyncio.run(compare(Lane(db, hub.database_url, hub.options, hub.kodeks)))
