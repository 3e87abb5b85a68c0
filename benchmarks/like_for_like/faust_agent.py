"""A plain Faust agent. VARIANT: event (a row and a commit per event) or take (a batch upsert per `take`); both in PostgreSQL."""

import asyncio
import logging

import faust
import uvloop
from peer import Call, Cases, Clock, call
from peer_postgres import Postgres

TAKE, WITHIN = 1_000, 0.05


class Agent:
    """Takes the records in, and knows when it has them all."""

    def __init__(self, it: Call) -> None:
        self.clock, self.store, self.done = Clock(), Postgres(it.database_url), asyncio.Event()
        self._cases, self._events, self._taken = Cases(), it.events, 0

    def keep(self, values: list[bytes]) -> None:
        """Fold the values and commit; Faust keeps the positions, a moment later."""
        self.clock.begin()
        for value in values:
            self._cases.take(value)
        self.store.keep(self._cases.changed(), {})
        self._taken += len(values)
        if self._taken >= self._events:
            self.done.set()


def an_app(it: Call) -> faust.App:
    """A Faust app with the settings that make it fast."""
    return faust.App(
        f"faust-{it.folder.name}",
        broker=f"kafka://{it.bootstrap}",
        store="memory://",
        web_enabled=False,
        topic_allow_declare=False,
        topic_disable_leader=True,
        consumer_auto_offset_reset="earliest",
        stream_buffer_maxsize=4096,
        broker_max_poll_records=4000,
        logging_config=None,
        datadir=str(it.folder),
    )


async def main(it: Call) -> None:
    """Run until every record is kept."""
    logging.getLogger().setLevel(logging.ERROR)
    app, mine = an_app(it), Agent(it)
    topic = app.topic(it.topic, value_serializer="raw", key_serializer="raw")

    async def one_by_one(stream: faust.Stream) -> None:
        async for value in stream:
            mine.keep([value])

    async def in_batches(stream: faust.Stream) -> None:
        async for values in stream.take(TAKE, within=WITHIN):
            mine.keep(values)

    app.agent(topic, name="cases")(in_batches if it.variant == "take" else one_by_one)
    app.finalize()
    await app.start()
    await mine.done.wait()
    mine.clock.report(it.events, it.folder, mine.store.rows)
    await asyncio.wait([asyncio.ensure_future(app.stop())], timeout=10)


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main(call()))
