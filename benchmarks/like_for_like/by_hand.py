"""aiokafka and a batch upsert by hand: how one writes it without a framework. VARIANT: sqlite or postgres."""

import asyncio

import uvloop
from aiokafka import AIOKafkaConsumer, TopicPartition
from peer import BATCH, Call, Cases, Clock, Sqlite, call
from peer_postgres import Postgres

CONSUMER = {"enable_auto_commit": False, "auto_offset_reset": "earliest", "fetch_max_bytes": 32 << 20, "max_partition_fetch_bytes": 4 << 20}


async def main(it: Call) -> None:
    """Read to the end in batches; the rows and the positions are kept together."""
    store = Postgres(it.database_url) if it.variant == "postgres" else Sqlite(it.folder)
    clock, cases, taken = Clock(), Cases(), 0
    consumer = AIOKafkaConsumer(bootstrap_servers=it.bootstrap, **CONSUMER)
    await consumer.start()
    await consumer.topics()
    consumer.assign([TopicPartition(it.topic, p) for p in range(4)])
    await consumer.seek_to_beginning()
    while taken < it.events:
        for tp, records in (await consumer.getmany(timeout_ms=500, max_records=BATCH)).items():
            clock.begin()
            for record in records:
                cases.take(record.value)
            store.keep(cases.changed(), {tp.partition: records[-1].offset + 1})
            taken += len(records)
    clock.report(taken, it.folder, store.rows)
    await consumer.stop()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main(call()))
