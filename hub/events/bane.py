"""One lane of the relay: where it stands, and how its rows are sent."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from aiokafka.producer.message_accumulator import BatchBuilder

from hub.events.journal import FATALE
from hub.events.outbox import Banenavn, Bundt, Raekke
from hub.events.sammenlign import Sammenlignet

SEND_SEKUNDER = 60.0
BAGUD_SEKUNDER = 5.0
"""How often a lane that is behind is looked at again: `hub restore` may have run."""


class Sendefejl(RuntimeError):
    """A lane's rows could not be sent, or nobody knows whether they were; the message has no content of theirs."""

    def __init__(self, navn: Banenavn, aarsag: str) -> None:
        super().__init__(f"{navn[0]}/{navn[1]}: {aarsag}")
        self.navn = navn


@dataclass
class Bane:
    """A lane under our lock. `naeste`: the log's next offset as far as we know; None: to be compared before anything is sent.

    `markeret`: the lane's position in the table, where the marks stand; `kvitterede`: ids of the rows between it and `naeste`, which
    Kafka has. `snavset`: there may be rows to send. `hviler_til`: nothing is begun before then (monotonic seconds). `slippes`: it is
    another worker's from when it is at rest.
    """

    navn: Banenavn
    hviler_til: float = 0.0
    naeste: int | None = None
    markeret: int = 0
    kvitterede: list[int] = field(default_factory=list)
    snavset: bool = True
    slippes: bool = False
    sammenligner: asyncio.Task[Sammenlignet] | None = None
    sender: asyncio.Task[Bundt] | None = None

    @property
    def kan_sende(self) -> bool:
        """Compared, at rest, and perhaps with rows to send."""
        return self.naeste is not None and self.sender is None and self.snavset and not self.slippes

    @property
    def skal_sammenlignes(self) -> bool:
        """Not compared, and the time has come to do it."""
        arbejder = self.sender or self.sammenligner
        return self.naeste is None and arbejder is None and not self.slippes and time.monotonic() >= self.hviler_til

    @property
    def i_ro(self) -> bool:
        """Nothing is under way, and the table says all that Kafka has: whoever takes the lane now finds nothing to clear up."""
        return self.sender is None and self.sammenligner is None and not self.kvitterede

    def tag_sammenligning(self) -> Sammenlignet | None:
        """The outcome of a comparison that has just ended, once. Raises what it raised."""
        if self.sammenligner is None or not self.sammenligner.done():
            return None
        fundet, self.sammenligner = self.sammenligner.result(), None
        if fundet.bagud:
            self.hviler_til = time.monotonic() + BAGUD_SEKUNDER
        else:
            self.naeste, self.markeret, self.snavset = fundet.naeste, fundet.naeste, True
        return fundet

    def tag_sendt(self) -> Sequence[int]:
        """The rows that Kafka has just acknowledged, once, if they lie where we expected them; to be marked. Raises `Sendefejl`.

        Where they do not, somebody else has written between: nothing is marked and the lane is to be compared.
        """
        if self.sender is None or not self.sender.done():
            return ()
        bundt, self.sender = self.sender.result(), None
        if bundt.offsets == range(bundt.fra, bundt.til) and bundt.fra == self.naeste:
            self.naeste = bundt.til
            self.kvitterede += bundt.ider
            return bundt.ider
        self.opgiv()
        return ()

    def umarkeret(self) -> Bundt | None:
        """What Kafka has and the table does not say so yet."""
        if self.naeste is None or not self.kvitterede:
            return None
        return Bundt(self.navn, self.markeret, self.naeste, tuple(self.kvitterede), range(self.markeret, self.naeste))

    def er_markeret(self, bundt: Bundt) -> None:
        """The table says so now."""
        self.markeret = bundt.til
        del self.kvitterede[: len(bundt.ider)]

    def opgiv(self) -> None:
        """Nothing is known of the lane any more: it is to be compared, from the table's position on."""
        self.naeste = None
        self.kvitterede.clear()


async def send(producent: AIOKafkaProducer, navn: Banenavn, fra: int, raekker: Sequence[Raekke]) -> Bundt:
    """Send rows in order; return them with the offsets that Kafka gave. Raises `Sendefejl` on any failure and any unknown outcome.

    Kafka being away is no failure: the producer keeps trying the same batch, which its broker knows again, up to a minute.
    """
    try:
        async with asyncio.timeout(SEND_SEKUNDER):
            offsets = await _send(producent, navn, raekker)
    except FATALE:
        raise
    # AssertionError: all that an idempotent producer says after it was fenced.
    except (KafkaError, AssertionError, TimeoutError) as fejl:
        raise Sendefejl(navn, type(fejl).__name__) from fejl
    if offsets[0] < 0:
        raise Sendefejl(navn, "acknowledged without an offset")
    sammenhaengende = range(offsets[0], offsets[0] + len(offsets))
    return Bundt(navn, fra, fra + len(raekker), [r.id for r in raekker], sammenhaengende if offsets == list(sammenhaengende) else offsets)


async def _send(producent: AIOKafkaProducer, navn: Banenavn, raekker: Sequence[Raekke]) -> list[int]:
    topic, partition = navn
    sendt: list[tuple[Any, int]] = []
    for bundt in _bundter(producent, raekker):
        sendt.append((await producent.send_batch(bundt, topic, partition=partition), bundt.record_count()))
    svar = await asyncio.gather(*(fremtid for fremtid, _ in sendt))
    return [en.offset + nr for en, (_, antal) in zip(svar, sendt, strict=True) for nr in range(antal)]


def _bundter(producent: AIOKafkaProducer, raekker: Sequence[Raekke]) -> Iterator[BatchBuilder]:
    """Kafka batches of rows, filled in order: one future for many rows is five times cheaper than one for each."""
    bundt = producent.create_batch()
    for raekke in raekker:
        if not _tilfoej(bundt, raekke):
            yield bundt
            bundt = producent.create_batch()
            _tilfoej(bundt, raekke)
    yield bundt


def _tilfoej(bundt: BatchBuilder, raekke: Raekke) -> bool:
    hoveder = [(navn, vaerdi.encode()) for navn, vaerdi in raekke.hoveder.items()]
    # A batch takes its first record whatever its size.
    return bundt.append(timestamp=None, key=raekke.stroem.encode(), value=raekke.vaerdi, headers=hoveder) is not None
