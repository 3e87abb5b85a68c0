"""The hub's processes as users start them, looked after: what ends is started again, and every line they print is kept."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from hub.bootstrap import Hus
from hub.local import kafka, ports, postgres, services
from hub.local.stak import stak
from hub.operations.udsteder import udsted, udviklingsnoegle

READY_SECONDS = 120.0
PAUSE_SECONDS = 0.3
END_SECONDS = 40.0


@dataclass
class Child:
    """One `hub VERB`. `wanted`: it is started again when it ends; `ends`: how often it ended with which code."""

    verb: str
    environment: dict[str, str]
    log: Path
    wanted: bool = False
    ends: Counter[int] = field(default_factory=Counter)
    _process: subprocess.Popen[bytes] | None = None
    _from: int = 0

    def start(self) -> None:
        """Start it, its output appended to the log."""
        self._from = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as out:
            command = [sys.executable, "-m", "hub.cli", self.verb, "--json"]
            self._process = subprocess.Popen(command, env=self.environment, stdout=out, stderr=subprocess.STDOUT, start_new_session=True)
        self.wanted = True

    async def ready(self) -> None:
        """Wait until it has printed that it is ready, through restarts."""
        async with asyncio.timeout(READY_SECONDS):
            while not (self.alive and f'"{self.verb}"'.encode() in self.log.read_bytes()[self._from :]):
                await asyncio.sleep(0.05)

    @property
    def alive(self) -> bool:
        """Whether it runs now."""
        return self._process is not None and self._process.poll() is None

    def send(self, number: signal.Signals) -> None:
        """Send it a signal, if it runs."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(number)

    async def kill(self) -> None:
        """Kill it with -9, and see that this is what ended it; one that does not run is waited for."""
        before = self.ends[-signal.SIGKILL]
        while self.ends[-signal.SIGKILL] == before:
            self.send(signal.SIGKILL)
            await asyncio.sleep(0.05)

    def look(self) -> None:
        """Note an end, and start it again when it is wanted."""
        if self._process is not None and self._process.poll() is not None:
            self.ends[self._process.returncode] += 1
            self._process = None
        elif self._process is None and self.wanted:
            self.start()

    async def end(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, float]:
        """End it with a signal, not to come back: exit code and seconds. One that does not end is killed and gives its -9."""
        self.wanted, process, begun = False, self._process, time.monotonic()
        if process is None:
            return 0, 0.0
        self.send(number)
        while process.poll() is None and time.monotonic() - begun < END_SECONDS:
            await asyncio.sleep(0.02)
        seconds = time.monotonic() - begun
        if process.poll() is None:
            process.send_signal(signal.SIGCONT)
            process.kill()
            process.wait()
        self._process = None
        return process.returncode, seconds


class Rig:
    """A stack of its own with one API and as many workers as a test starts."""

    def __init__(self, hus: Hus) -> None:
        self.hus = hus
        self.port = ports.choose(None)
        self.address = f"http://{ports.LOOPBACK}:{self.port}"
        self.children: dict[str, Child] = {}
        self.receipts: dict[str, dict[str, Any]] = {}
        """Request id → receipt, of everything that was ever acknowledged here."""
        self._watch: asyncio.Task[None] | None = None

    @property
    def logs(self) -> Path:
        """The folder of the processes' output."""
        return self.hus.settings.data / "logs"

    def token(self, role: str, *centres: str) -> str:
        """A token of the development issuer."""
        settings = self.hus.settings
        return udsted(udviklingsnoegle(settings.data), settings.issuer, f"fault-{role}", role, centres)

    async def up(self, *names: str) -> None:
        """Start processes (`api`, `worker`, `worker-2` …) that do not run, and wait until they are ready."""
        self.logs.mkdir(exist_ok=True)
        if self._watch is None:
            self._watch = asyncio.create_task(self._look_after())
        for name in names:
            child = self.children.setdefault(name, Child(name.partition("-")[0], self.environment(), self.logs / f"{name}.log"))
            if not child.wanted:
                child.start()
        await asyncio.gather(*(self.children[name].ready() for name in names))

    async def rest(self, *names: str) -> None:
        """Look after nothing any more, as at the end of an event loop; kill all but these processes."""
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None
        await asyncio.gather(*(child.end(signal.SIGKILL) for name, child in self.children.items() if name not in names))
        for child in self.children.values():
            child.send(signal.SIGCONT)

    async def down(self) -> None:
        """Kill every process; the services stay."""
        await self.rest()

    async def kill_service(self, what: str, away: float) -> None:
        """Kill Kafka or PostgreSQL with -9, leave it away for some seconds, start it again."""
        running = {"kafka": kafka.running, "postgres": postgres.running}[what]
        pid = running(self.hus.settings.data)
        assert pid is not None, f"{what} does not run"
        os.kill(pid, signal.SIGKILL)
        await asyncio.sleep(away)
        found = await asyncio.to_thread(services.start, self.hus.settings)
        assert (found.bootstrap, found.database_url) == (self.hus.bootstrap, self.hus.database_url), "the services moved"

    async def call(self, *verb: str, seconds: float = 300) -> subprocess.CompletedProcess[str]:
        """Run `hub VERB` to its end."""
        command, environment = [sys.executable, "-m", "hub.cli", *verb], self.environment()
        return await asyncio.to_thread(lambda: subprocess.run(command, env=environment, capture_output=True, text=True, timeout=seconds))

    async def verify(self) -> dict[str, Any]:
        """What `hub verify` finds; its exit code must agree."""
        done = await self.call("verify", "--json")
        found: dict[str, Any] = json.loads(done.stdout or "{}")
        assert done.returncode == 0 and found.get("differences") == 0, f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
        return found

    def sql(self, query: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Rows of a query; `gen.` stands for the serving generation."""
        with psycopg.connect(self.hus.database_url, autocommit=True) as conn:
            if "gen." in query:
                ((number,),) = conn.execute("SELECT nummer FROM delivery.generationer WHERE serverer").fetchall()
                query = query.replace("gen.", f"gen_{number}.")
            done = conn.execute(query.encode(), parameters or None)
            return done.fetchall() if done.description else []

    def environment(self) -> dict[str, str]:
        """What the hub's processes are started with."""
        others = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
        ours = {"HUB_DATA": str(self.hus.settings.data), "HUB_API_PORT": str(self.port), "HUB_LOG_LEVEL": "DEBUG"}
        return others | ours | {"HUB_FAULT_POINTS": str(self.hus.settings.fault_points)}

    async def _look_after(self) -> None:
        while True:
            await asyncio.sleep(PAUSE_SECONDS)
            for child in self.children.values():
                child.look()


@contextmanager
def rig() -> Iterator[Rig]:
    """A rig whose services run; nothing is left afterwards."""
    with stak() as hus:
        yield Rig(hus)
