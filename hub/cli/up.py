"""`hub up`: everything in one command, until Ctrl-C."""

import asyncio
import fcntl
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import typer

from hub.bootstrap import Hus, klargoer_database, klargoer_kafka
from hub.cli.form import AsJson, finding, json_line, say
from hub.cli.supervise import Child, EndedEarly, first_reports, stop_all
from hub.local import kafka, postgres, services
from hub.settings import Settings

LOOK_SECONDS = 0.2
LOCK = "up.lock"


class AlreadyUp(RuntimeError):
    """Another `hub up` runs on this data folder."""


def up(as_json: AsJson = False) -> None:
    """Run Kafka, PostgreSQL (unless configured), topics, migrations, a worker and the API; Ctrl-C or SIGTERM ends it all in order.

    Data stay under HUB_DATA. A worker or API that ends is started again. Exit 1 when something cannot start.
    """
    settings, stopping = Settings(), threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    try:
        with _alone(settings.data), _services(settings) as hub:
            _run(hub, stopping, as_json)
    except (AlreadyUp, EndedEarly) as problem:
        raise finding(str(problem)) from problem
    say("Stopped; the data stay.")


def _run(hub: Hus, stopping: threading.Event, as_json: bool) -> None:
    asyncio.run(klargoer_kafka(hub))
    klargoer_database(hub)
    children = [Child("worker"), Child("api")]
    try:
        for child in children:
            child.start()
        ready: dict[str, Any] = {}
        for report in first_reports(children, stopping):
            ready |= report
        if stopping.is_set():
            return
        _announce(hub, ready["api"], as_json)
        # An API that starts again stays where it was announced, also when the port was a free one.
        children[1].environment = {"HUB_API_PORT": ready["api"].rpartition(":")[2]}
        _look_after(hub.settings, children, stopping)
    finally:
        say("Stopping …")
        stop_all(children)


def _look_after(settings: Settings, children: list[Child], stopping: threading.Event) -> None:
    """Keep the children and the embedded services running. After a Kafka that had to change its port the children start anew."""
    while not stopping.wait(LOOK_SECONDS):
        if _service_gone(settings) and _moved(settings):
            stop_all(children)
        for child in children:
            child.look_after(say)


def _moved(settings: Settings) -> bool:
    """Start the embedded service that has ended; whether Kafka is at another address afterwards."""
    before = kafka.address(settings.data)
    say("An embedded service has ended; it starts again.")
    return services.start(settings).bootstrap != before and settings.kafka is None


def _service_gone(settings: Settings) -> bool:
    kafka_gone = settings.kafka is None and kafka.running(settings.data) is None
    return kafka_gone or (settings.database is None and postgres.running(settings.data) is None)


@contextmanager
def _services(settings: Settings) -> Iterator[Hus]:
    """Both services, stopped at the end unless one of them ran before: then somebody else may need it, and it is said."""
    before = {s.name for s in services.status(settings) if s.embedded and s.pid is not None}
    say("Starting Kafka and PostgreSQL …")
    try:
        started = services.start(settings)
        yield Hus(settings, started.bootstrap, started.database_url)
    finally:
        if before:
            say("Kafka and PostgreSQL run on, as one of them did before: `hub services stop` ends them.")
        else:
            services.stop(settings)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as problem:
            raise AlreadyUp(f"another `hub up` runs on the data folder {folder}") from problem
        yield


def _announce(hub: Hus, api: str, as_json: bool) -> None:
    settings = hub.settings
    where = {
        "api": api,
        "kafka": hub.bootstrap,
        "database": postgres.without_password(hub.database_url) if settings.database else "embedded",
        "data": str(settings.data.resolve()),
        "token": "hub token --role vitas",
    }
    if as_json:
        json_line({"ready": True, **where})
        return
    typer.echo(f"API       {api} (description: /openapi.json)")
    typer.echo(f"Kafka     {where['kafka']}")
    typer.echo(f"Database  {where['database']} (`hub sql` reads the read models)")
    typer.echo(f"Data      {where['data']}")
    typer.echo("Token     `hub token --role vitas` to append, `hub token --role system --jobcentre 10100` to read")
    typer.echo("Try       `hub generate | hub append -`, then `hub watch --jobcentre 10100`; Ctrl-C ends")
