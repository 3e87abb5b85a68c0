"""The log of one topic as tracks and watchdog read it, through clients of their own (never Faust's)."""

from collections.abc import AsyncIterator
from typing import Any

from hub.events.journal import Post, graenser, laes


class Partitionslog:
    """Ends and records of the partitions of `topic`; `klient` are the options every aiokafka client takes."""

    def __init__(self, klient: dict[str, Any], topic: str) -> None:
        self._klient = klient
        self._topic = topic

    async def slutninger(self, partitioner: set[int]) -> dict[int, int]:
        """The offset after the last record, per partition. Raises KafkaError."""
        return {p: slut for p, (_, slut) in (await graenser(self._klient, self._topic, partitioner)).items()}

    async def laes(self, partition: int, fra: int, til: int, batch: int) -> AsyncIterator[list[Post]]:
        """Records [fra, til) in parts of at most `batch`. Raises `UdenForLoggen`, KafkaError."""
        async for _, poster in laes(self._klient, self._topic, {partition: fra}, {partition: til}, batch):
            if poster:
                yield poster
