"""The embedded services, really started, killed and started again."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import psycopg
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.structs import TopicPartition
from typer.testing import CliRunner

from hub.cli.services import app
from hub.local import kafka, postgres, state
from hub.local import services as local
from hub.local.broker_settings import KAFKA, POSTGRES
from hub.local.errors import DidNotStart, NotReachable
from hub.settings import Settings

pytestmark = pytest.mark.integration
START_LIMIT_SECONDS = 10.0
TOPIC = "kept"


@pytest.fixture(scope="module")
def stack() -> Iterator[Settings]:
    """A stack of this module's own, to be killed and restarted: a 0700 folder as mktemp -d makes it, started once."""
    with TemporaryDirectory(prefix="hub-stack-") as folder:
        own = Settings(data=Path(folder) / "data", kafka=None, database=None)
        yield own
        local.stop(own)


def test_a_first_start_is_quick_and_a_second_reuses(stack: Settings) -> None:
    """Both services answer within 10 s in a folder closed to others (also as root), and a start beside a running stack changes nothing."""
    assert stack.data.parent.stat().st_mode & 0o077 == 0
    began = time.monotonic()
    first = local.start(stack)
    assert time.monotonic() - began < START_LIMIT_SECONDS
    pids = _pids(stack)
    assert (local.start(stack), _pids(stack)) == (first, pids)
    assert [service.answers for service in local.status(stack)] == [True, True]


def test_two_starters_at_once_make_one_stack(stack: Settings) -> None:
    """Two processes that start the same stopped folder at the same moment end up with the same two services."""
    local.stop(stack)
    code = f"from hub.local import services; from hub.settings import Settings; print(services.start(Settings(data={str(stack.data)!r})))"
    starters = [subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = [starter.communicate(timeout=60)[0] for starter in starters]
    assert said[0] == said[1] and "bootstrap" in said[0]
    assert len(_processes_of(stack, "kafka.Kafka")) == 1


def test_the_services_have_the_settings_of_the_one_place(stack: Settings) -> None:
    """What broker_settings says is what the running Kafka and PostgreSQL say."""
    started = local.start(stack)
    assert asyncio.run(_broker_settings(started.bootstrap)).items() >= KAFKA.items()
    with psycopg.connect(started.database_url) as connection:
        assert {name: _one(connection, f"SHOW {name}") for name in POSTGRES} == POSTGRES
        assert _one(connection, "SELECT 'Ø' < 'å' AND 'Z' < 'a'") is True


def test_a_topic_is_never_made_by_asking(stack: Settings) -> None:
    """Reading a topic that nobody declared does not make it."""
    bootstrap = local.start(stack).bootstrap
    with pytest.raises(TimeoutError):
        asyncio.run(asyncio.wait_for(_end(bootstrap, "undeclared"), 1))
    assert "undeclared" not in asyncio.run(_topics(bootstrap))


def test_stop_and_start_keeps_the_data_of_both(stack: Settings) -> None:
    """What Kafka and PostgreSQL acknowledged is there after a stop and a start, at the same address."""
    started = local.start(stack)
    asyncio.run(_append(started.bootstrap))
    _insert(started.database_url)
    local.stop(stack)
    assert local.start(stack) == started
    assert (asyncio.run(_end(started.bootstrap, TOPIC)), _count(started.database_url)) == (1, 1)


@pytest.mark.parametrize("killed", [kafka, postgres])
def test_a_start_after_kill_9_works_and_keeps_the_data(stack: Settings, killed: object) -> None:
    """Killed without warning, either service is recognised as gone, starts again and has what it acknowledged."""
    started = local.start(stack)
    asyncio.run(_append(started.bootstrap))
    _insert(started.database_url)
    before = asyncio.run(_end(started.bootstrap, TOPIC)), _count(started.database_url)
    os.kill(killed.running(stack.data), signal.SIGKILL)  # type: ignore[attr-defined]
    assert not all(service.answers for service in local.status(stack))
    assert local.start(stack) == started
    assert (asyncio.run(_end(started.bootstrap, TOPIC)), _count(started.database_url)) == before


def test_a_start_with_its_ports_taken_moves_and_keeps_the_data(stack: Settings) -> None:
    """When other programs have taken Kafka's two ports, it starts on others and still has its log."""
    started = local.start(stack)
    before = asyncio.run(_end(started.bootstrap, TOPIC))
    local.stop(stack)
    last = state.read(stack.data / "kafka" / "state.json")
    with socket.create_server(("127.0.0.1", last["port"])), socket.create_server(("127.0.0.1", last["controller_port"])):
        moved = local.start(stack)
        assert moved.bootstrap != started.bootstrap
        asyncio.run(_append(moved.bootstrap))
    assert asyncio.run(_end(moved.bootstrap, TOPIC)) == before + 1


def test_a_stale_state_file_never_harms_a_stranger(stack: Settings) -> None:
    """A state file that names another program's process neither stops that program nor keeps Kafka from starting."""
    local.stop(stack)
    path = stack.data / "kafka" / "state.json"
    state.write(path, state.read(path) | {"pid": os.getpid()})
    local.stop(stack)
    local.start(stack)
    assert kafka.running(stack.data) not in {None, os.getpid()}


def test_two_stacks_run_side_by_side(stack: Settings, services: local.Services) -> None:
    """Two data folders are two independent stacks: what one has, the other has not."""
    own = local.start(stack)
    assert own.bootstrap != services.bootstrap and own.database_url != services.database_url
    assert TOPIC in asyncio.run(_topics(own.bootstrap))
    assert TOPIC not in asyncio.run(_topics(services.bootstrap))


def test_a_kafka_that_cannot_start_says_why(tmp_path: Path) -> None:
    """A broken data folder is reported as DidNotStart, with the reason out of the broker's log."""
    (tmp_path / "kafka" / "data").mkdir(parents=True)
    (tmp_path / "kafka" / "data" / "meta.properties").write_text("version=1\ncluster.id=AAAAAAAAAAAAAAAAAAAAAQ\nnode.id=2\n")
    with pytest.raises(DidNotStart, match=r"(?s)process ended.*meta\.properties"):
        kafka.start(tmp_path, 256)


def test_a_configured_service_is_not_started_here(tmp_path: Path) -> None:
    """With HUB_KAFKA and HUB_DATABASE set nothing is embedded, and one that does not answer is named by its setting."""
    elsewhere = Settings(data=tmp_path, kafka="127.0.0.1:1", database="postgresql://u:hemmelig@127.0.0.1:1/hub")
    with pytest.raises(NotReachable, match="HUB_KAFKA"):
        local.start(elsewhere)
    found = local.status(elsewhere)
    assert [(service.embedded, service.answers, service.pid) for service in found] == [(False, False, None)] * 2
    assert "hemmelig" not in repr(found)
    local.stop(elsewhere)


def test_the_command_line_starts_shows_and_stops(stack: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """`hub services` prints data on stdout: exit 0 while both answer, status exits 1 once stopped, and no process is left."""
    monkeypatch.setenv("HUB_DATA", str(stack.data))
    monkeypatch.delenv("HUB_KAFKA", raising=False)
    monkeypatch.delenv("HUB_DATABASE", raising=False)
    for verb, code, answers in [("start", 0, True), ("status", 0, True), ("stop", 0, False), ("status", 1, False)]:
        result = CliRunner().invoke(app, [verb, "--json"])
        assert result.exit_code == code
        assert [service["answers"] for service in json.loads(result.stdout)["services"]] == [answers] * 2
    assert _processes_of(stack, str(stack.data)) == []


def _pids(stack: Settings) -> list[int | None]:
    return [service.pid for service in local.status(stack)]


def _processes_of(stack: Settings, word: str) -> list[int]:
    lines = [(p.pid, " ".join(p.info["cmdline"] or [])) for p in psutil.process_iter(["cmdline"])]
    return [pid for pid, line in lines if str(stack.data) in line and word in line and pid != os.getpid()]


def _one(connection: psycopg.Connection, query: str) -> object:
    row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]


def _insert(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (n int)")
        connection.execute("INSERT INTO kept VALUES (1)")


def _count(url: str) -> object:
    with psycopg.connect(url) as connection:
        return _one(connection, "SELECT count(*) FROM kept")


@asynccontextmanager
async def _admin(bootstrap: str) -> AsyncIterator[AIOKafkaAdminClient]:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    yield admin
    await admin.close()


async def _topics(bootstrap: str) -> list[str]:
    async with _admin(bootstrap) as admin:
        return await admin.list_topics()


async def _append(bootstrap: str) -> None:
    async with _admin(bootstrap) as admin:
        if TOPIC not in await admin.list_topics():
            await admin.create_topics([NewTopic(TOPIC, 1, 1)])
    async with AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all", enable_idempotence=True) as producer:
        await producer.send_and_wait(TOPIC, b"kept", partition=0)


async def _end(bootstrap: str, topic: str) -> int:
    partition = TopicPartition(topic, 0)
    async with AIOKafkaConsumer(bootstrap_servers=bootstrap) as consumer:
        return (await consumer.end_offsets([partition]))[partition]


async def _broker_settings(bootstrap: str) -> dict[str, str]:
    async with _admin(bootstrap) as admin:
        [answer] = await admin.describe_configs([ConfigResource(ConfigResourceType.BROKER, "1")])
    return {entry[0]: entry[1] for entry in answer.resources[0][4]}
