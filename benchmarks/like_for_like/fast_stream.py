"""FastStream with a batch subscriber; the upsert is the one by hand, in SQLite, with the positions beside the rows."""

import asyncio
from typing import Any

import uvloop
from faststream.kafka import KafkaBroker, KafkaMessage
from peer import BATCH, Call, Cases, Clock, Sqlite, call

FETCH = {"fetch_max_bytes": 32 << 20, "max_partition_fetch_bytes": 4 << 20}


async def main(it: Call) -> None:
    """Run until every record is kept."""
    store, clock, cases, done, taken = Sqlite(it.folder), Clock(), Cases(), asyncio.Event(), 0
    broker = KafkaBroker(it.bootstrap, logger=None, apply_types=False)

    async def records_of(message: KafkaMessage) -> Any:
        return message.raw_message

    group = f"faststream-{it.folder.name}"

    @broker.subscriber(
        it.topic, batch=True, group_id=group, auto_offset_reset="earliest", max_records=BATCH, decoder=records_of, no_reply=True, **FETCH
    )
    async def keep(records: Any) -> None:
        nonlocal taken
        clock.begin()
        for record in records:
            cases.take(record.value)
        store.keep(cases.changed(), {record.partition: record.offset + 1 for record in records})
        taken += len(records)
        if taken >= it.events:
            done.set()

    await broker.start()
    await done.wait()
    clock.report(taken, it.folder, store.rows)
    await asyncio.wait([asyncio.ensure_future(broker.stop())], timeout=10)


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main(call()))
