"""State files, ports, processes and the jar lock of the embedded services, without starting any."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import tomllib
from pathlib import Path

import psutil
import pytest

from hub.local import jars, ports, postgres, processes, state
from hub.local.errors import DidNotStart, JarsUnavailable, LocalServiceError
from hub.local.postgres_user import Owner

LOCK = Path(jars.__file__).parent / jars.LOCK


def test_state_is_read_as_written(tmp_path: Path) -> None:
    """A state file gives back its content and leaves no draft beside it."""
    state.write(tmp_path / "state.json", {"pid": 7, "port": 20000})
    assert state.read(tmp_path / "state.json") == {"pid": 7, "port": 20000}
    assert [path.name for path in tmp_path.iterdir()] == ["state.json"]


@pytest.mark.parametrize("content", ["", "{", "[]"])
def test_a_damaged_state_file_says_nothing(tmp_path: Path, content: str) -> None:
    """A state file that is empty, cut short or no object is taken as none."""
    (tmp_path / "state.json").write_text(content)
    assert state.read(tmp_path / "state.json") == {}


def test_the_lock_admits_one_at_a_time(tmp_path: Path) -> None:
    """A second starter of the same folder gets in only when the first has left."""
    order: list[str] = []

    def second() -> None:
        with state.locked(tmp_path):
            order.append("second")

    with state.locked(tmp_path):
        waiting = threading.Thread(target=second)
        waiting.start()
        time.sleep(0.05)
        order.append("first")
    waiting.join(5)
    assert order == ["first", "second"]


def test_a_taken_port_is_chosen_anew() -> None:
    """The preferred port is kept while free, and left to the program that has it."""
    with socket.create_server((ports.LOOPBACK, 0)) as taken:
        port = taken.getsockname()[1]
        assert ports.choose(port) != port
    assert ports.choose(port) == port
    assert ports.choose(port, but_not=port) != port


def test_a_port_that_is_just_being_let_go_of_is_kept() -> None:
    """The threads of a killed process let go of its port a moment after it counts as gone; a service must not move for that."""
    port = ports.choose(None)
    holder = socket.create_server((ports.LOOPBACK, port))
    threading.Timer(0.3, holder.close).start()
    assert ports.choose(port) == port


def test_a_process_is_ours_only_by_its_command_line(tmp_path: Path) -> None:
    """The number of another program's process is not taken for ours, nor is that of one that has ended."""
    pid = processes.spawn(["/bin/sleep", "60"], tmp_path / "log")
    assert processes.ours(pid, tmp_path) is None
    sleeper = processes.ours(pid, Path("60"))
    assert sleeper is not None
    processes.stop(sleeper, [(signal.SIGTERM, 5.0)])
    assert processes.ours(pid, Path("60")) is None
    assert processes.ours(None, Path("60")) is None


def test_a_process_is_ours_before_the_kernel_shows_its_arguments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Just spawned on a busy machine a process has no command line for a moment, and is not taken for one that has ended."""
    pid = processes.spawn([sys.executable, "-c", "import time; time.sleep(60)", str(tmp_path)], tmp_path / "log")
    shown, real = iter([True] * 3), psutil.Process.cmdline
    monkeypatch.setattr(psutil.Process, "cmdline", lambda self: [] if next(shown, False) else real(self))
    found = processes.ours(pid, tmp_path)
    assert found is not None
    processes.stop(found, [])


def test_an_ended_child_leaves_no_zombie(tmp_path: Path) -> None:
    """A process of ours that was stopped, or was killed and then looked for, is gone from the process table."""
    stopped, killed = (processes.spawn(["/bin/sleep", "60"], tmp_path / "log") for _ in range(2))
    processes.stop(processes.psutil.Process(stopped), [])
    os.kill(killed, signal.SIGKILL)
    while processes.ours(killed, Path("60")) is not None:
        time.sleep(0.01)
    assert not processes.psutil.pid_exists(stopped) and not processes.psutil.pid_exists(killed)


def test_a_spawned_process_has_a_session_and_no_environment_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C on our terminal does not reach it, and it sees none of our settings; what it says is in its log."""
    monkeypatch.setenv("HUB_MASTER_KEY", "hemmelig")
    pid = processes.spawn(["/bin/sh", "-c", "env; echo late >&2; exec sleep 60"], tmp_path / "log")
    sleeper = _eventually_named(pid, "sleep")
    assert os.getsid(pid) == pid
    assert "HUB_MASTER_KEY" not in (tmp_path / "log").read_text()
    assert (tmp_path / "log").read_text().endswith("late\n")
    processes.stop(sleeper, [])


def test_a_process_deaf_to_sigterm_is_killed(tmp_path: Path) -> None:
    """When the polite signals do not end it, SIGKILL does."""
    pid = processes.spawn(["/bin/sh", "-c", "trap '' TERM; exec sleep 60"], tmp_path / "log")
    processes.stop(_eventually_named(pid, "sleep"), [(signal.SIGTERM, 0.1)])
    assert processes.ours(pid, Path("60")) is None


def test_a_failed_start_shows_the_end_of_the_log(tmp_path: Path) -> None:
    """The error names the service and the reason and ends with the last lines of its log."""
    (tmp_path / "log").write_text("".join(f"line {n}\n" for n in range(100)))
    message = str(DidNotStart("Kafka", "the process ended", tmp_path / "log"))
    assert message.startswith("Kafka did not start: the process ended\n")
    assert message.endswith("line 99") and "line 79\n" not in message


def test_every_jar_has_a_checksum_and_no_address() -> None:
    """The lock pins each jar by version and SHA-256, names Kafka itself, and holds no download address."""
    locked = tomllib.loads(LOCK.read_text())["dependencies"]
    assert all(len(jar["sha256"]) == 64 for jar in locked)
    assert jars.KAFKA in {f"{jar['groupId']}:{jar['artifactId']}:{jar['version']}" for jar in locked}
    assert "://" not in LOCK.read_text()


def test_a_jar_that_is_not_the_lock_s_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cached jar with another checksum is thrown away, and when it cannot be had again, Kafka does not start with it."""
    monkeypatch.setattr(jars, "_context", lambda: jars.MavenContext(repo_cache=tmp_path, offline=True))
    first = tomllib.loads(LOCK.read_text())["dependencies"][0]
    jar = (
        tmp_path
        / first["groupId"].replace(".", "/")
        / first["artifactId"]
        / first["version"]
        / f"{first['artifactId']}-{first['version']}.jar"
    )
    jar.parent.mkdir(parents=True)
    jar.write_bytes(b"not the jar")
    with pytest.raises(JarsUnavailable):
        jars.resolve()
    assert not jar.exists()


def test_a_printed_database_url_has_no_login() -> None:
    """User, password and parameters are left out of what `hub services status` shows."""
    assert postgres.without_password("postgresql://u:p@db:5432/hub?sslpassword=x") == "postgresql://db:5432/hub"


def test_a_socket_folder_is_short_enough_for_the_system(tmp_path: Path) -> None:
    """A data folder with a long path gets its socket elsewhere, always the same place."""
    deep = tmp_path / ("d" * 120)
    host = postgres.address(deep).partition("host=")[2]
    assert len(host) < 100 and host == postgres.address(deep).partition("host=")[2]


def test_somebody_else_s_folder_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder made beforehand by another user is refused rather than taken over."""
    mine = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: mine + 1)
    with pytest.raises(LocalServiceError, match="belongs to somebody else"):
        Owner(None, None).make(tmp_path)


def _eventually_named(pid: int, name: str) -> processes.psutil.Process:
    for _ in range(200):
        process = processes.psutil.Process(pid)
        if process.name() == name:
            return process
        time.sleep(0.01)
    raise AssertionError(subprocess.list2cmdline(process.cmdline()))
