"""`hub up`: one command, supervised, ended in order."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

import orjson
import psutil
import pytest

from hub.local import kafka, postgres
from hub.local.generator import generer

from .conftest import Hub

pytestmark = pytest.mark.integration


def _alive(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/health/live", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _children(pid: int) -> dict[str, psutil.Process]:
    """Verb → process, of those that live."""
    found = {}
    for child in psutil.Process(pid).children():
        with suppress(psutil.Error):
            line = child.cmdline()
            found |= {line[3]: child} if "hub.cli" in line else {}
    return found


def _start(hub: Hub) -> tuple["subprocess.Popen[bytes]", dict[str, str]]:
    process = hub.start("up", "--json", log="up.log")
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, (hub.folder / "up.log").read_text()
    return process, json.loads(line)


def test_up_runs_restarts_and_stops(tmp_path: Path) -> None:
    """Says where everything is; killed, worker, API (at its address) and Kafka come back; SIGTERM ends all; the data survive."""
    hub = Hub(tmp_path)
    process, where = _start(hub)
    try:
        assert _alive(where["api"]) and where["data"] == str(tmp_path)
        assert hub("append", "-", stdin="".join(orjson.dumps(a).decode() + "\n" for a in generer(2, 3))).code == 0
        hub.settled()
        for verb in ("worker", "api"):
            killed = _children(process.pid)[verb]
            killed.kill()
            hub.eventually(
                lambda old=killed.pid, verb=verb: _children(process.pid).get(verb, psutil.Process()).pid not in (old, os.getpid())
            )
        hub.eventually(lambda: _alive(where["api"]))
        second = subprocess.run(
            [sys.executable, "-m", "hub.cli", "up"], env={**os.environ, **hub.environment}, capture_output=True, text=True
        )
        assert second.returncode == 1 and "another `hub up`" in second.stderr
        hub.eventually(lambda: hub("status", "--seconds", "0", "--json").json["workers"] == 1)
    finally:
        children = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGTERM)
        code = process.wait(90)
        assert process.stdout is not None
        process.stdout.close()
    assert code == 0, (tmp_path / "up.log").read_text()[-4000:]
    assert not [child for child in children if child.is_running() and child.status() != psutil.STATUS_ZOMBIE]
    assert (kafka.running(tmp_path), postgres.running(tmp_path)) == (None, None)
    _data_survived(hub)


def _kill_kafka(folder: Path) -> None:
    """Kill -9; gone when this returns."""
    pid = kafka.running(folder)
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    while kafka.running(folder) == pid:
        time.sleep(0.05)


def _data_survived(hub: Hub) -> None:
    process, _ = _start(hub)
    try:
        assert len(hub("sql", "--json", "-c", "select 1 from sager").lines) == 2
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(90) == 0
        assert process.stdout is not None
        process.stdout.close()


def test_nothing_outlives_an_up_that_was_killed(hub: Hub) -> None:
    """Kill -9 of `hub up`: worker and API see their stdin close and end by themselves."""
    process, _ = _start(hub)
    children = list(_children(process.pid).values())
    process.kill()
    process.wait()
    assert process.stdout is not None
    process.stdout.close()
    _, alive = psutil.wait_procs(children, timeout=40)
    assert len(children) == 2 and not alive


def test_a_taken_port_is_said(hub: Hub) -> None:
    """The API's port is another program's: `hub up` names it, ends with 1 and leaves nothing behind."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        environment = {**os.environ, **hub.environment, "HUB_API_PORT": str(port)}
        done = subprocess.run([sys.executable, "-m", "hub.cli", "up"], env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 1 and f"127.0.0.1:{port}" in done.stderr and "Traceback" not in done.stderr
