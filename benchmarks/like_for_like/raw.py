"""The limits: the topic read and nothing else, and read and decoded. VARIANT: read, fastavro, or hub (its own decoder); one process."""

import asyncio
import json
import time

import uvloop
from peer import Call, Clock, Decoder, call, peak_rss_mb

from hub.events.codec import Kodeks
from hub.events.journal import laes, slutninger
from hub.events.schemas import Skemaregister, skemamappe


async def main(it: Call) -> None:
    """Read it with the hub's bulk reader; nothing is kept."""
    decode = {"read": lambda value: None, "fastavro": Decoder(), "hub": Kodeks(Skemaregister(skemamappe())).afkod}[it.variant]
    options, clock, taken = {"bootstrap_servers": it.bootstrap}, Clock(), 0
    ends = await slutninger(options, it.topic)
    async for _, records in laes(options, it.topic, dict.fromkeys(ends, 0), ends):
        clock.begin()
        for record in records:
            decode(record.vaerdi)
        taken += len(records)
    print(json.dumps({"events": taken, "seconds": time.perf_counter() - clock.first, "peak_rss_mb": peak_rss_mb()}), flush=True)


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main(call()))
