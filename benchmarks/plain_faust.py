"""The peer of the live path: a plain Faust agent, as one would write it without the hub.

    python benchmarks/plain_faust.py BOOTSTRAP DATABASE_URL MODE IN_TOPIC OUT_TOPIC

MODE `event`: each record becomes a row in PostgreSQL (commit per event) and then a notification on OUT_TOPIC (awaited).
MODE `empty`: `take` batches that do nothing but count; on SIGTERM the events per second are printed as JSON.
No door, no ledger, no numbering, no sealing, no checkpoint with the rows: what it gives up is what it is fast by.
"""

import asyncio
import json
import logging
import signal
import sys
import time
from tempfile import TemporaryDirectory

import faust
import psycopg
import uvloop

RAEKKE = "INSERT INTO plain_faust (id, vaerdi) VALUES (%s, %s) ON CONFLICT (id) DO UPDATE SET vaerdi = excluded.vaerdi"


def en_app(bootstrap: str, gruppe: str, mappe: str) -> faust.App:
    """A Faust app with the hub's own settings where they matter for speed."""
    return faust.App(
        gruppe,
        broker=f"kafka://{bootstrap}",
        store="memory://",
        web_enabled=False,
        topic_allow_declare=False,
        topic_disable_leader=True,
        consumer_auto_offset_reset="earliest",
        stream_buffer_maxsize=4096,
        broker_max_poll_records=4000,
        logging_config=None,
        datadir=mappe,
    )


def agent_event(app: faust.App, conn: psycopg.AsyncConnection, ind: str, ud: str) -> None:
    """Event → row → notification, one at a time."""
    udtopic = app.topic(ud, value_serializer="raw", key_serializer="raw")

    @app.agent(app.topic(ind, value_serializer="raw", key_serializer="raw"))
    async def haandter(stream: faust.Stream) -> None:  # type: ignore[type-arg]
        async for haendelse in stream.events():
            await conn.execute(RAEKKE, (haendelse.message.offset, haendelse.value))
            await (await udtopic.send(key=haendelse.key, value=haendelse.value))


class Taeller:
    """Counts what an agent that does nothing gets through."""

    def __init__(self) -> None:
        self.antal = 0
        self.begyndt = 0.0
        self.sidst = 0.0

    def taelt(self, antal: int) -> None:
        """A batch came."""
        nu = time.perf_counter()
        if not self.antal:
            self.begyndt = nu
        self.antal += antal
        self.sidst = nu

    def svar(self) -> str:
        """Events and events per second, as JSON."""
        sekunder = max(self.sidst - self.begyndt, 1e-9)
        return json.dumps({"events": self.antal, "events_per_second": round(self.antal / sekunder)})


def agent_empty(app: faust.App, taeller: Taeller, ind: str) -> None:
    """`take` batches, counted."""

    @app.agent(app.topic(ind, value_serializer="raw", key_serializer="raw"))
    async def haandter(stream: faust.Stream) -> None:  # type: ignore[type-arg]
        async for bundt in stream.take(500, within=0.01):
            taeller.taelt(len(bundt))


async def main(bootstrap: str, url: str, mode: str, ind: str, ud: str) -> None:
    """Run until SIGTERM."""
    logging.getLogger().setLevel(logging.ERROR)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    taeller = Taeller()
    with TemporaryDirectory() as mappe:
        app = en_app(bootstrap, f"plain-faust-{ind}", mappe)
        conn = await psycopg.AsyncConnection.connect(url, autocommit=True)
        await conn.execute("CREATE TABLE IF NOT EXISTS plain_faust (id bigint PRIMARY KEY, vaerdi bytea)")
        agent_event(app, conn, ind, ud) if mode == "event" else agent_empty(app, taeller, ind)
        app.finalize()
        await app.start()
        print("ready", flush=True)
        await stop.wait()
        print(taeller.svar(), flush=True)
        await asyncio.wait([asyncio.ensure_future(app.stop())], timeout=5)
        await conn.close()


if __name__ == "__main__":
    uvloop.run(main(*sys.argv[1:6]))
