"""Where the services of this data folder are, without starting any."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import Engine

from hub.events.database import motor
from hub.local import kafka, postgres, services
from hub.local.errors import LocalServiceError
from hub.settings import Settings, kafka_client_options


class NotRunning(LocalServiceError):
    """A service that the verb needs does not answer."""


@dataclass(frozen=True)
class Reach:
    """The addresses of both services, and what every client of them takes."""

    settings: Settings
    bootstrap: str
    database_url: str

    @cached_property
    def options(self) -> dict[str, Any]:
        """The keyword arguments of every aiokafka client."""
        return kafka_client_options(self.settings, self.bootstrap)

    @contextmanager
    def engine(self, size: int = 2) -> Iterator[Engine]:
        """An engine of a few connections, closed at the end."""
        engine = motor(self.database_url, "hub-cli", size)
        try:
            yield engine
        finally:
            engine.dispose()


def reach(settings: Settings | None = None) -> Reach:
    """The services, answering; nothing is started. Raises `NotRunning` naming those that do not."""
    settings = settings or Settings()
    silent = [service for service in services.status(settings) if not service.answers]
    if silent:
        names = " and ".join(service.name for service in silent)
        remedy = "start with `hub up` or `hub services start`" if any(s.embedded for s in silent) else "check HUB_KAFKA and HUB_DATABASE"
        raise NotRunning(f"{names} {'does' if len(silent) == 1 else 'do'} not answer: {remedy}")
    bootstrap = settings.kafka or kafka.address(settings.data)
    assert bootstrap is not None
    return Reach(settings, bootstrap, settings.database.get_secret_value() if settings.database else postgres.address(settings.data))
