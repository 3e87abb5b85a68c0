"""The declared topics beside what the cluster has."""

from dataclasses import dataclass
from typing import Any

from hub.events import topics


@dataclass(frozen=True)
class Topic:
    """A declared topic. `partitions` is 0 when it is missing; `problem` says how it differs from its declaration, if it does."""

    name: str
    declared_partitions: int
    partitions: int
    replicas: int
    problem: str | None


async def listing(options: dict[str, Any]) -> list[Topic]:
    """Every declared topic and every jobcentre's. Raises KafkaError."""
    return [_row(status) for status in await topics.liste(options)]


async def make_missing(options: dict[str, Any]) -> list[Topic]:
    """Make those that are missing; the list after. Raises KafkaError, `TopicFejl`."""
    await topics.sikr(options)
    return await listing(options)


def _row(status: topics.Topicstatus) -> Topic:
    topic = status.topic
    return Topic(topic.navn, topic.partitioner, status.partitioner, status.replikaer, _problem(status))


def _problem(status: topics.Topicstatus) -> str | None:
    if not status.findes:
        return "missing"
    try:
        status.kontroller()
    except topics.TopicFejl as problem:
        return str(problem)
    return None
