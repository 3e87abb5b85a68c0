"""`hub worker`: relay, projection and numbering, for the partitions that this process is given."""

import asyncio
import signal

import uvloop

from hub.bootstrap import Hus, frys
from hub.cli.form import AsJson, json_line, say
from hub.cli.logs import log_ends_of_threads
from hub.cli.reach import reach
from hub.cli.tied import Tied, end_anyway, end_with_parent
from hub.consumers.start import koer


def worker(as_json: AsJson = False, tied: Tied = False) -> None:
    """Run one worker until Ctrl-C or SIGTERM; several share the partitions. Exit 1 when it cannot go on: start it again."""
    if tied:
        end_with_parent()
    log_ends_of_threads()
    hub = reach()
    # For Faust's consumer too, which makes a loop of its own.
    asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    uvloop.run(_run(hub, as_json))


async def _run(hub: Hus, as_json: bool) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, _stop, stop)
    await koer(hub, stop, lambda: _ready(as_json))


def _stop(stop: asyncio.Event) -> None:
    stop.set()
    end_anyway()


def _ready(as_json: bool) -> None:
    frys()
    if as_json:
        json_line({"worker": "ready"})
    else:
        say("worker ready")
