"""The real command line on services of its own: the topics' names are the hub's, so this Kafka is shared with no other file."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import psycopg
import pytest
from typer.testing import CliRunner

from hub.bootstrap import Hus
from hub.cli.root import app
from hub.local import kafka, postgres
from hub.local import services as local
from hub.local.errors import JarsUnavailable
from hub.settings import Settings

PATIENCE = 60.0


class Said(NamedTuple):
    """How a verb ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Stdout as one JSON value."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        """Stdout as JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]


class Hub:
    """One data folder and its verbs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.faults = folder / "faults"
        self.environment = {"HUB_DATA": str(folder), "HUB_API_PORT": "0", "HUB_FAULT_POINTS": str(self.faults), "COLUMNS": "200"}

    def __call__(self, *args: object, stdin: str | None = None) -> Said:
        """Run a verb in this process."""
        result = CliRunner().invoke(app, [str(arg) for arg in args], input=stdin, env=self.environment)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Said(result.exit_code, result.stdout, result.stderr)

    def start(self, *args: str, log: str = "log") -> subprocess.Popen[bytes]:
        """Start a verb as a process of its own; its stdout is a pipe, its stderr the file `log`."""
        with (self.folder / log).open("ab") as stderr:
            return subprocess.Popen(
                [sys.executable, "-m", "hub.cli", *args], stdout=subprocess.PIPE, stderr=stderr, env={**os.environ, **self.environment}
            )

    @contextmanager
    def running(self, verb: str) -> Iterator[subprocess.Popen[bytes]]:
        """A verb that runs from its first report until the block ends, then is asked to end and must end well."""
        process = self.start(verb, "--json", log=f"{verb}.log")
        assert process.stdout is not None
        try:
            assert process.stdout.readline(), (self.folder / f"{verb}.log").read_text()
            yield process
        finally:
            process.terminate()
            code = process.wait(40)
            process.stdout.close()
        assert code == 0, (self.folder / f"{verb}.log").read_text()[-4000:]

    def sql(self, query: str) -> list[tuple[Any, ...]]:
        """A statement as the owner of the database."""
        with psycopg.connect(postgres.address(self.folder), autocommit=True) as conn:
            done = conn.execute(query.encode())
            return done.fetchall() if done.description else []

    def eventually(self, true: Callable[[], object], seconds: float = PATIENCE) -> None:
        """Wait until it is so."""
        deadline = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < deadline, "it did not come true"
            time.sleep(0.1)

    def hus(self) -> Hus:
        """The hub's parts on these services, in this process."""
        bootstrap = kafka.address(self.folder)
        assert bootstrap
        settings = Settings(data=self.folder, kafka=None, database=None, fault_points=self.faults)
        return Hus(settings, bootstrap, postgres.address(self.folder))

    def settled(self) -> None:
        """Wait until everything appended is projected, numbered and sent, but for what is parked."""
        self.eventually(self._quiet)

    def _quiet(self) -> bool:
        unsent = "SELECT count(*) FROM ledger.outbox WHERE sendt IS NULL"
        behind = """SELECT count(*) FROM ledger.outbox o WHERE topic = 'vitas.sagshaendelser' AND kafka_offset >= (
            SELECT naeste_offset FROM delivery.checkpoints c JOIN delivery.generationer g ON g.nummer = c.generation
            WHERE g.serverer AND c.partition = o.partition)"""
        undelivered = "SELECT count(*) FROM delivery.notifikationer WHERE sendt IS NULL"
        return all(self.sql(query) == [(0,)] for query in (unsent, behind, undelivered))


@contextmanager
def beside(work: Callable[[], object]) -> Iterator[list[BaseException]]:
    """Do something again and again in a thread until the block ends; what it raises ends it, and is in the list."""
    over, raised = threading.Event(), []

    def run() -> None:
        try:
            while not over.is_set():
                work()
        except BaseException as problem:  # noqa: BLE001 (the test looks at it)
            raised.append(problem)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield raised
    finally:
        over.set()
        thread.join()


@pytest.fixture(scope="module")
def hub() -> Iterator[Hub]:
    """A data folder of this file's own, whose services run, with topics, migrations and nothing else: no file meets what another left."""
    with TemporaryDirectory(prefix="hub-cli-") as name:
        settings = Settings(data=Path(name), kafka=None, database=None)
        made = Hub(Path(name))
        made.faults.mkdir()
        try:
            local.start(settings)
        except JarsUnavailable as problem:
            if os.environ.get("CI"):
                raise
            pytest.skip(str(problem))
        try:
            yield made
        finally:
            local.stop(settings)
