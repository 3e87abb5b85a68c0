"""Processes that outlive the one that started them: found again by number and command line, never confused with a stranger."""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

import psutil

from hub.local.errors import LocalServiceError

KILL_GRACE_SECONDS = 10.0
PAUSE_SECONDS = 0.02
SHOWN_SECONDS = 2.0


def spawn(command: list[str], log: Path) -> int:
    """Start a process in a session of its own, output appended to `log`; return its number.

    It has no terminal and survives Ctrl-C and the end of this process. It inherits no environment.
    """
    append = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, str(log), append, 0o600),
        (os.POSIX_SPAWN_DUP2, 1, 2),
    ]
    return os.posix_spawn(command[0], command, {"LC_ALL": "C.UTF-8"}, file_actions=actions, setsid=True)


def ours(pid: int | None, marker: Path) -> psutil.Process | None:
    """Return the live process `pid` if its command line names `marker` (a path that only our process is started with), else None."""
    if pid is None:
        return None
    try:
        process = psutil.Process(pid)
        return process if not _ended(process) and str(marker) in _command_line(process) else None
    except psutil.Error:
        _bury(pid)
        return None


def _command_line(process: psutil.Process) -> list[str]:
    """Whoever spawned a process may go on before the kernel shows its arguments, on a busy machine by a good while: ask again."""
    deadline = time.monotonic() + SHOWN_SECONDS
    while not (shown := process.cmdline()) and not _ended(process) and time.monotonic() < deadline:
        time.sleep(PAUSE_SECONDS)
    return shown


def stop(process: psutil.Process, signals: list[tuple[signal.Signals, float]]) -> None:
    """Send each signal in turn, waiting its number of seconds for the end, and at last SIGKILL.

    Raises LocalServiceError when the process lives on.
    """
    for number, seconds in [*signals, (signal.SIGKILL, KILL_GRACE_SECONDS)]:
        if _ends(process, number, seconds):
            return
    raise LocalServiceError(f"process {process.pid} cannot be stopped")


def _ends(process: psutil.Process, number: signal.Signals, seconds: float) -> bool:
    with suppress(psutil.NoSuchProcess):
        process.send_signal(number)
    deadline = time.monotonic() + seconds
    while not _ended(process):
        if time.monotonic() > deadline:
            return False
        time.sleep(PAUSE_SECONDS)
    return True


def _ended(process: psutil.Process) -> bool:
    try:
        ended = not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
    if ended:
        _bury(process.pid)
    return ended


def _bury(pid: int) -> None:
    """Let a zombie go when it is our child; another's is its parent's to bury, in its own time."""
    with suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
