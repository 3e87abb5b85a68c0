"""The compose file gives the same Kafka and PostgreSQL as the embedded ones."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from hub.local.broker_settings import DATABASE, INITDB, KAFKA, KAFKA_VERSION, POSTGRES, POSTGRES_MAJOR
from hub.local.jars import KAFKA as KAFKA_COORDINATE

COMPOSE = Path(__file__).parents[2] / "docker-compose.kafka.yml"
# What the compose file may say beyond the settings: where the node listens and keeps its data, and its heap.
PLACE = {
    "process.roles",
    "node.id",
    "listeners",
    "advertised.listeners",
    "controller.listener.names",
    "inter.broker.listener.name",
    "listener.security.protocol.map",
    "controller.quorum.voters",
    "log.dirs",
    "heap.opts",
}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    """The services of the compose file, by name."""
    return yaml.safe_load(COMPOSE.read_text())["services"]


def test_kafka_has_every_setting_and_no_other(compose: dict[str, Any]) -> None:
    """Every setting of the embedded Kafka is in the compose file with its value, and nothing but addresses is added."""
    said = {name.removeprefix("KAFKA_").lower().replace("_", "."): value for name, value in compose["kafka"]["environment"].items()}
    assert {name: value for name, value in said.items() if name not in PLACE} == KAFKA


def test_postgres_has_every_setting_and_no_other(compose: dict[str, Any]) -> None:
    """Every setting of the embedded PostgreSQL is on the command line with its value."""
    program, *words = compose["postgres"]["command"]
    said = dict(word.split("=", 1) for word in words[1::2])
    assert (program, set(words[0::2]), said) == ("postgres", {"-c"}, POSTGRES)


def test_postgres_makes_the_same_cluster(compose: dict[str, Any]) -> None:
    """Encoding, locale and database name are those of the embedded cluster."""
    environment = compose["postgres"]["environment"]
    assert (environment["POSTGRES_INITDB_ARGS"].split(), environment["POSTGRES_DB"]) == (list(INITDB), DATABASE)


def test_the_versions_are_the_same(compose: dict[str, Any]) -> None:
    """Compose file, jar coordinate and settings name one version of Kafka and one of PostgreSQL."""
    assert compose["kafka"]["image"] == f"apache/kafka:{KAFKA_VERSION}"
    assert KAFKA_COORDINATE.endswith(f":{KAFKA_VERSION}")
    assert compose["postgres"]["image"] == f"postgres:{POSTGRES_MAJOR}"


def test_data_survives_and_nothing_is_open_to_the_network(compose: dict[str, Any]) -> None:
    """Both services keep their data in a named volume, have a health check and publish on loopback only."""
    for service in compose.values():
        assert service["volumes"] and service["healthcheck"]["test"]
        assert all(port.startswith("127.0.0.1:") for port in service["ports"])
