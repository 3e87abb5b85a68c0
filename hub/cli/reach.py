"""The hub's parts at the services of this data folder, without starting any."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from sqlalchemy import Engine

from hub.bootstrap import Hus
from hub.local import kafka, postgres, services
from hub.local.errors import LocalServiceError
from hub.settings import Settings


class NotRunning(LocalServiceError):
    """A service that the verb needs does not answer."""


BOTH = ("kafka", "postgres")
DATABASE = ("postgres",)
"""For verbs that go on while Kafka is away: what they append is on its way, what they read is there."""


def reach(settings: Settings | None = None, needs: Collection[str] = BOTH) -> Hus:
    """The hub's parts, the services it `needs` answering; nothing is started. Raises `NotRunning` naming those that do not."""
    settings = settings or Settings()
    silent = [service for service in services.status(settings, needs) if not service.answers]
    if silent:
        names = " and ".join(service.name for service in silent)
        remedy = "start with `hub up` or `hub services start`" if any(s.embedded for s in silent) else "check HUB_KAFKA and HUB_DATABASE"
        raise NotRunning(f"{names} {'does' if len(silent) == 1 else 'do'} not answer: {remedy}")
    bootstrap = settings.kafka or kafka.address(settings.data) or "127.0.0.1:9092"
    return Hus(settings, bootstrap, settings.database.get_secret_value() if settings.database else postgres.address(settings.data))


@contextmanager
def engine(hub: Hus, size: int = 2) -> Iterator[Engine]:
    """An engine of a few connections, closed at the end."""
    made = hub.motor("cli", size)
    try:
        yield made
    finally:
        made.dispose()
