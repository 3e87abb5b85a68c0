"""The one place where the abstract meets the concrete: settings and addresses become the rooms' objects. Nothing is created at import."""

import gc
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import structlog
from sqlalchemy import Engine

from hub.events.codec import Kodeks
from hub.events.database import motor
from hub.events.dokumentlager import Dokumentlager
from hub.events.dokumentmappe import Dokumentmappe
from hub.events.drift_append import Driftslog
from hub.events.fejlpunkter import Fejlpunkter
from hub.events.genskabelseslaas import delt
from hub.events.journal import graenser
from hub.events.keys import Noeglering
from hub.events.ledger import Ledger
from hub.events.schemas import Skemaregister, skemamappe
from hub.events.topics import FAKTA, sikr
from hub.migrations.migrer import migrer
from hub.notifications.gem import gem
from hub.notifications.omgang import Kilder
from hub.notifications.tabel import notificer
from hub.projections import generation
from hub.projections.checkpoint import start_checkpoints
from hub.projections.live import Projektion
from hub.settings import Settings, documents, kafka_client_options, master_key

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Hus:
    """The hub's parts for one process. `bootstrap`: Kafka's servers; `database_url`: a postgresql:// URL."""

    settings: Settings
    bootstrap: str
    database_url: str

    @cached_property
    def options(self) -> dict[str, Any]:
        """What every aiokafka client takes."""
        return kafka_client_options(self.settings, self.bootstrap)

    @cached_property
    def register(self) -> Skemaregister:
        """Every published schema."""
        return Skemaregister(skemamappe())

    @cached_property
    def kodeks(self) -> Kodeks:
        """The codec."""
        return Kodeks(self.register)

    @cached_property
    def noeglering(self) -> Noeglering:
        """The keys of citizens and cases."""
        return Noeglering(master_key(self.settings))

    @cached_property
    def driftslog(self) -> Driftslog:
        """The operators' own stream."""
        return Driftslog(self.register, self.kodeks)

    @cached_property
    def dokumentmappe(self) -> Dokumentmappe:
        """The folder of the document store."""
        return Dokumentmappe(documents(self.settings))

    def motor(self, navn: str, pulje: int = 10, *, levende: bool = False, forberedt: bool = False) -> Engine:
        """An engine of at most `pulje` connections; who asked for it disposes of it. `levende`: of a process that serves.

        `forberedt`: for reads that are asked often and nothing else; neither ledger nor projection works on it.
        """
        return motor(self.database_url, f"hub-{navn}", pulje, levende=levende, forberedt=forberedt)

    def ledger(self, engine: Engine) -> Ledger:
        """The append transaction."""
        return Ledger(engine, self.register, self.kodeks, self.noeglering)

    def dokumentlager(self, engine: Engine) -> Dokumentlager:
        """The document store."""
        return Dokumentlager(engine, self.noeglering, self.dokumentmappe, self.settings.documents_waiting_mb * 1024 * 1024)

    def projektion(self, engine: Engine) -> Projektion:
        """The live transaction, with the notification table and the operators' log in it."""
        return Projektion(engine, self.kodeks, notificer, gem, self.driftslog.append, Fejlpunkter(self.settings.fault_points))

    def kilder(self) -> Kilder:
        """What the sequencer works on."""
        return Kilder(self.database_url, self.options, self.kodeks, self.register)


def frys() -> None:
    """Let the collector leave what was made at the start alone, and look seldom: a serving process makes little garbage in circles."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def klargoer_database(hus: Hus) -> None:
    """Migrate, and make the first generation; a refusal has changed nothing. Raises `AndenProjektionsversion`, `GenskabesNu`."""
    engine = hus.motor("opsaetning", 2)
    try:
        with delt(engine):
            generation.kontroller(engine)
            migrer(engine)
            generation.sikr(engine)
    finally:
        engine.dispose()


async def klargoer_kafka(hus: Hus) -> None:
    """Make the declared topics that are missing and check the others. Raises `TopicFejl`."""
    await sikr(hus.options)


async def kontroller_start(hus: Hus, engine: Engine) -> None:
    """Hold the checkpoints against the log. Raises `UdenCheckpoint` or `CheckpointUdenForLoggen`: both name what to do."""
    ender = await graenser(hus.options, FAKTA)
    starter = {partition: start for partition, (start, _) in ender.items()}
    start_checkpoints(engine, {partition: slut for partition, (_, slut) in ender.items()}, starter)
