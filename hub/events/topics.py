"""The one declaration of the hub's topics: what is created, and what is checked at start, is said here and nowhere else."""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import TopicAlreadyExistsError, for_code

FAKTA = "vitas.sagshaendelser"
FAKTA_PARTITIONER = 12
KONFLIKTER = "vitas.konflikter"
SATSER = "vitas.satser"
DOEDE_BREVE = "vitas.sagshaendelser-dlt"
DRIFT = "vitas.driftshaendelser"
NOTIFIKATIONER = "ordningsnotifikation."

REPLIKAER = 3
SYNLIG_SEKUNDER = 30.0
PAUSE_SEKUNDER = 0.05
FOR_EVIGT = {"retention.ms": "-1", "retention.bytes": "-1", "cleanup.policy": "delete"}
INDSTILLINGER = FOR_EVIGT | {
    # An event has at most 256 KiB; the relay's batches stay below this also when they do not compress.
    "max.message.bytes": str(1024 * 1024),
    # As the producer sent it: the broker never re-compresses.
    "compression.type": "producer",
    "message.timestamp.type": "CreateTime",
    "unclean.leader.election.enable": "false",
}

log = structlog.get_logger(__name__)


class TopicFejl(RuntimeError):
    """A topic is not as declared and the hub cannot run on it; the message says which and how."""


class Topic(NamedTuple):
    """A declared topic: `partitioner` is fixed for ever (a key's partition is computed from it); `fra_ledger`: the relay fills it."""

    navn: str
    partitioner: int
    fra_ledger: bool = False


ERKLAEREDE: tuple[Topic, ...] = (
    Topic(FAKTA, FAKTA_PARTITIONER, fra_ledger=True),
    Topic(KONFLIKTER, 1, fra_ledger=True),
    Topic(SATSER, 1, fra_ledger=True),
    Topic(DRIFT, 1, fra_ledger=True),
    Topic(DOEDE_BREVE, 1),
)


@dataclass(frozen=True)
class Topicstatus:
    """A topic as the cluster has it.

    `partitioner` is 0 when it is missing; `afvigelser` has each setting that keeps records for less than ever, name → value.
    """

    topic: Topic
    partitioner: int
    replikaer: int
    afvigelser: Mapping[str, str]

    @property
    def findes(self) -> bool:
        """Whether the cluster has it."""
        return self.partitioner > 0

    def kontroller(self) -> None:
        """Raise `TopicFejl` when it exists otherwise than declared."""
        if self.findes and self.partitioner != self.topic.partitioner:
            raise TopicFejl(f"{self.topic.navn} has {self.partitioner} partitions, not {self.topic.partitioner}: keys would change place")
        if self.afvigelser:
            fundet = ", ".join(f"{navn}={vaerdi}" for navn, vaerdi in self.afvigelser.items())
            raise TopicFejl(f"{self.topic.navn} would not keep its records for ever: {fundet}")


def baner() -> tuple[tuple[str, int], ...]:
    """Every (topic, partition) that the relay fills from the ledger's outbox."""
    return tuple((t.navn, p) for t in ERKLAEREDE if t.fra_ledger for p in range(t.partitioner))


def notifikationstopic(job_center_kode: str) -> Topic:
    """The topic of one jobcentre's notifications. Raises ValueError unless the code is five digits."""
    if not re.fullmatch(r"[0-9]{5}", job_center_kode, re.ASCII):
        raise ValueError("a jobcentre's code is five digits")
    return Topic(NOTIFIKATIONER + job_center_kode, 1)


async def sikr(options: dict[str, Any], topics: Sequence[Topic] = ERKLAEREDE, replikaer: int | None = None) -> list[Topicstatus]:
    """Make the topics that are missing, wait until every one has its leaders, and check them all; safe to do by many at once.

    `replikaer`: copies of each partition; None: three, or as many as there are brokers. Raises `TopicFejl` or KafkaError.
    """
    async with _admin(options) as admin:
        mangler = [status.topic for status in await _status(admin, topics) if not status.findes]
        if mangler:
            await _opret(admin, mangler, replikaer)
            await _ledes(options, mangler)
        statusser = await _synlige(admin, topics)
    for status in statusser:
        status.kontroller()
    return statusser


async def liste(options: dict[str, Any]) -> list[Topicstatus]:
    """Every declared topic, missing or not, and every jobcentre's, by name. Raises KafkaError."""
    async with _admin(options) as admin:
        navne = [navn for navn in await admin.list_topics() if navn.startswith(NOTIFIKATIONER)]
        return await _status(admin, (*ERKLAEREDE, *(Topic(navn, 1) for navn in sorted(navne))))


@asynccontextmanager
async def _admin(options: dict[str, Any]) -> AsyncIterator[AIOKafkaAdminClient]:
    admin = AIOKafkaAdminClient(**options, client_id="hub-topics", request_timeout_ms=30_000, retry_backoff_ms=100)
    try:
        await admin.start()
        yield admin
    finally:
        await admin.close()


async def _opret(admin: AIOKafkaAdminClient, topics: Iterable[Topic], replikaer: int | None) -> None:
    kopier = replikaer or min(REPLIKAER, len((await admin.describe_cluster())["brokers"]))
    # An acknowledgement outlives the loss of one copy, where there is more than one.
    indstillinger = INDSTILLINGER | {"min.insync.replicas": str(max(1, kopier - 1))}
    nye = [NewTopic(topic.navn, topic.partitioner, kopier, topic_configs=indstillinger) for topic in topics]
    svar = await admin.create_topics(nye, timeout_ms=30_000)
    for navn, kode, tekst in svar.topic_errors:
        if kode == TopicAlreadyExistsError.errno:
            continue
        if kode:
            raise TopicFejl(f"{navn} cannot be created: {for_code(kode).__name__} {tekst}")
        log.info("topic created", topic=navn, replicas=kopier)


async def _ledes(options: dict[str, Any], topics: Sequence[Topic]) -> None:
    """Wait until each new partition's leader answers as one: the metadata name it a moment before, and what is sent then is refused."""
    forbruger = AIOKafkaConsumer(**options, client_id="hub-topics", group_id=None, enable_auto_commit=False)
    try:
        await forbruger.start()
        async with asyncio.timeout(SYNLIG_SEKUNDER):
            await forbruger.end_offsets([TopicPartition(topic.navn, p) for topic in topics for p in range(topic.partitioner)])
    finally:
        await forbruger.stop()


async def _synlige(admin: AIOKafkaAdminClient, topics: Sequence[Topic]) -> list[Topicstatus]:
    """Wait until the broker that answers knows every topic and a leader of each partition: a new topic is spread with a delay."""
    frist = time.monotonic() + SYNLIG_SEKUNDER
    while True:
        statusser = await _status(admin, topics)
        if all(status.findes for status in statusser):
            return statusser
        if time.monotonic() > frist:
            raise TopicFejl(f"not there after {SYNLIG_SEKUNDER:.0f} s: {', '.join(s.topic.navn for s in statusser if not s.findes)}")
        await asyncio.sleep(PAUSE_SEKUNDER)


async def _status(admin: AIOKafkaAdminClient, topics: Iterable[Topic]) -> list[Topicstatus]:
    # All topics are asked for: naming one that is missing would create it on a cluster that creates topics by itself.
    kendte = {beskrivelse["topic"]: beskrivelse["partitions"] for beskrivelse in await admin.describe_topics()}
    klar = {navn: dele for navn, dele in kendte.items() if all(del_["leader"] >= 0 for del_ in dele)}
    afvigelser = await _afvigelser(admin, [topic.navn for topic in topics if topic.navn in klar])
    return [_en(topic, klar.get(topic.navn, []), afvigelser.get(topic.navn, {})) for topic in topics]


def _en(topic: Topic, dele: list[dict[str, Any]], afvigelser: Mapping[str, str]) -> Topicstatus:
    return Topicstatus(topic, len(dele), min((len(del_["replicas"]) for del_ in dele), default=0), afvigelser)


async def _afvigelser(admin: AIOKafkaAdminClient, navne: Sequence[str]) -> dict[str, dict[str, str]]:
    if not navne:
        return {}
    spoerg = [ConfigResource(ConfigResourceType.TOPIC, navn, dict.fromkeys(FOR_EVIGT)) for navn in navne]
    (svar,) = await admin.describe_configs(spoerg)
    return {r["resource_name"]: _forskel(r["config_entries"]) for r in svar.to_object()["resources"]}


def _forskel(linjer: Iterable[dict[str, Any]]) -> dict[str, str]:
    fundet = {linje["config_names"]: linje["config_value"] for linje in linjer}
    return {navn: fundet[navn] for navn, vaerdi in FOR_EVIGT.items() if navn in fundet and fundet[navn] != vaerdi}
