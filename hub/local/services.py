"""Kafka and PostgreSQL for one data folder: embedded where nothing else is configured, reused where they already run.

Blocking; call from a thread when an event loop runs.
"""

import asyncio
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from hub.local import kafka, postgres, state
from hub.local.errors import NotReachable
from hub.settings import Settings, kafka_client_options


@dataclass(frozen=True)
class Services:
    """Where the two services are: bootstrap servers (host:port,…) and a postgresql:// URL for psycopg and SQLAlchemy alike."""

    bootstrap: str
    database_url: str


@dataclass(frozen=True)
class ServiceStatus:
    """One service as it is now; `address` is None for one never started, and holds no password; `pid` only of an embedded one."""

    name: str
    embedded: bool
    answers: bool
    address: str | None
    pid: int | None


def start(settings: Settings) -> Services:
    """Return both services, answering; embedded ones are started (both at once) unless they run already.

    Safe under two processes at once. Raises LocalServiceError: DidNotStart, JarsUnavailable, or NotReachable for a configured one.
    """
    with state.locked(settings.data), ThreadPoolExecutor(2) as pool:
        bootstrap = pool.submit(_kafka, settings)
        database_url = pool.submit(_postgres, settings)
        return Services(bootstrap.result(), database_url.result())


def stop(settings: Settings) -> None:
    """End the embedded services of this data folder; a configured one is not touched. Raises LocalServiceError when one lives on."""
    with state.locked(settings.data):
        if settings.kafka is None:
            kafka.stop(settings.data)
        if settings.database is None:
            postgres.stop(settings.data)


def status(settings: Settings, names: Collection[str] = ("kafka", "postgres")) -> list[ServiceStatus]:
    """Ask the services named whether they answer, within about 5 s, and start nothing."""
    asked = {"kafka": _kafka_status, "postgres": _postgres_status}
    return [asked[name](settings) for name in asked if name in names]


def _kafka(settings: Settings) -> str:
    if settings.kafka is None:
        return kafka.start(settings.data, settings.embedded_kafka_heap_mb)
    if not _kafka_answers(settings, settings.kafka):
        raise NotReachable("Kafka", "HUB_KAFKA")
    return settings.kafka


def _postgres(settings: Settings) -> str:
    if settings.database is None:
        return postgres.start(settings.data)
    url = settings.database.get_secret_value()
    if not postgres.answers(url):
        raise NotReachable("PostgreSQL", "HUB_DATABASE")
    return url


def _kafka_answers(settings: Settings, bootstrap: str) -> bool:
    return asyncio.run(kafka.answers(kafka_client_options(settings, bootstrap)))


def _kafka_status(settings: Settings) -> ServiceStatus:
    if settings.kafka is not None:
        return ServiceStatus("kafka", embedded=False, answers=_kafka_answers(settings, settings.kafka), address=settings.kafka, pid=None)
    pid, address = kafka.running(settings.data), kafka.address(settings.data)
    answers = pid is not None and address is not None and _kafka_answers(settings, address)
    return ServiceStatus("kafka", embedded=True, answers=answers, address=address, pid=pid)


def _postgres_status(settings: Settings) -> ServiceStatus:
    if settings.database is not None:
        url = settings.database.get_secret_value()
        return ServiceStatus("postgres", embedded=False, answers=postgres.answers(url), address=postgres.without_password(url), pid=None)
    pid, address = postgres.running(settings.data), postgres.address(settings.data)
    answers = pid is not None and postgres.answers(address)
    return ServiceStatus("postgres", embedded=True, answers=answers, address=address, pid=pid)
