"""The real Kafka and PostgreSQL of a test session: configured by HUB_KAFKA and HUB_DATABASE, else embedded in a fresh folder."""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from hub.local import services as local
from hub.local.errors import JarsUnavailable
from hub.settings import Settings


@pytest.fixture(scope="session")
def settings() -> Iterator[Settings]:
    """Settings whose data folder is new and empty, and removed afterwards."""
    with TemporaryDirectory(prefix="hub-test-") as folder:
        yield Settings(data=Path(folder))


@pytest.fixture(scope="session")
def services(settings: Settings) -> Iterator[local.Services]:
    """Both services, started once for the session and stopped at its end.

    A service that cannot be had fails the tests; only jars that cannot be downloaded skip them, and not in CI.
    """
    try:
        yield local.start(settings)
    except JarsUnavailable as problem:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(problem))
    finally:
        local.stop(settings)


@pytest.fixture(scope="session")
def bootstrap(services: local.Services) -> str:
    """The bootstrap servers of the session's Kafka. Topics are the test's own to name: use a new name for each."""
    return services.bootstrap


@pytest.fixture(scope="module")
def database_url(services: local.Services) -> Iterator[str]:
    """The URL of an empty database of this test module, dropped afterwards."""
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(services.database_url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}".encode())
        yield urlunsplit(urlsplit(services.database_url)._replace(path=f"/{name}"))
        server.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
