"""The dead-letter topic: a copy of each parked event, raw, with the headers that Kafka Connect gives such records.

The parked set in PostgreSQL is what counts; the copy is for whoever watches the topic. It comes at least once.
"""

import asyncio
from typing import Any

import structlog
from aiokafka.errors import KafkaError
from sqlalchemy import Engine, Row, bindparam, func, select, update
from sqlalchemy.exc import DBAPIError

from hub.events.journal import kasser, producent
from hub.events.tables import PARKEREDE
from hub.events.topics import DOEDE_BREVE, FAKTA

EFTERSYN_SEKUNDER = 1.0
AD_GANGEN = 200
_P = PARKEREDE.c
_UKOPIEREDE = (
    select(_P.partition, _P.kafka_offset, _P.stroem, _P.fejl, _P.vaerdi, _P.hoveder)
    .where(_P.kopieret.is_(None))
    .order_by(_P.nummer)
    .limit(AD_GANGEN)
)
_KOPIERET = (
    update(PARKEREDE).where(_P.partition == bindparam("p"), _P.kafka_offset == bindparam("o")).values(kopieret=func.clock_timestamp())
)

log = structlog.get_logger(__name__)


class DoedeBreve:
    """Looks once a second for parked events without a copy."""

    def __init__(self, engine: Engine, options: dict[str, Any]) -> None:
        self._engine = engine
        self._options = options

    async def run(self) -> None:
        """Copy until cancelled; Kafka or PostgreSQL away is waited for."""
        while True:
            try:
                while await self.kopier():
                    pass
            except (KafkaError, OSError, DBAPIError) as fejl:
                log.warning("dead letters not copied", error=type(fejl).__name__)
            await asyncio.sleep(EFTERSYN_SEKUNDER)

    async def kopier(self) -> int:
        """Copy some; how many. Raises KafkaError, and the database's errors."""
        raekker = await asyncio.to_thread(self._ukopierede)
        if raekker:
            await self._send(raekker)
            await asyncio.to_thread(self._noter, raekker)
        return len(raekker)

    async def _send(self, raekker: list[Row[Any]]) -> None:
        afsender = producent(self._options, "hub-doede-breve")
        await afsender.start()
        try:
            for raekke in raekker:
                await afsender.send_and_wait(DOEDE_BREVE, raekke.vaerdi, key=raekke.stroem.encode(), headers=hoveder(raekke))
        finally:
            await kasser(afsender)

    def _ukopierede(self) -> list[Row[Any]]:
        with self._engine.connect() as conn:
            return list(conn.execute(_UKOPIEREDE))

    def _noter(self, raekker: list[Row[Any]]) -> None:
        with self._engine.begin() as conn:
            conn.execute(_KOPIERET, [{"p": r.partition, "o": r.kafka_offset} for r in raekker])


def hoveder(raekke: Row[Any]) -> list[tuple[str, bytes]]:
    """The record's own headers and `__connect.errors.*`: where it stood and why it failed (no personal data)."""
    klasse, _, tekst = raekke.fejl.partition(":")
    fejl = {
        "topic": FAKTA,
        "partition": str(raekke.partition),
        "offset": str(raekke.kafka_offset),
        "stage": "VALUE_CONVERTER",
        "exception.class.name": klasse,
        "exception.message": tekst.strip(),
    }
    egne = [(navn, vaerdi.encode("latin-1")) for navn, vaerdi in raekke.hoveder]
    return egne + [(f"__connect.errors.{navn}", vaerdi.encode()) for navn, vaerdi in fejl.items()]
