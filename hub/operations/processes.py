"""Processes of low priority that work side by side and report through pipes; each ends with the one that started it."""

import multiprocessing
import os
import resource
import signal
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from multiprocessing import parent_process
from multiprocessing.connection import Connection as Pipe
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, TypeVar

from hub.events.codec import Kodeks
from hub.events.schemas import Skemaregister, skemamappe

NICE = 10
"""The processes' priority: live traffic goes first."""
WAIT_SECONDS = 0.1
STATUS = Path("/proc/self/status")
K = TypeVar("K", int, str)
Report = tuple[str, Any]
"""What a process says: ("done", …) is the last of it when all is well, ("failed", why) when it is not, anything else on the way."""


class ProcessFailed(RuntimeError):
    """A process ended early; the text says why."""


Arguments = tuple[Any, ...]


def side_by_side(run: Callable[..., None], tasks: Sequence[Arguments], take: Callable[[str, Any], None], tick: Callable[[], None]) -> None:
    """Call `run(*task, pipe)` in a process for each task and hand on what they report; `tick` is called at least every 0.1 s.

    However this ends, the processes are ended. Raises `ProcessFailed`, and what `take` and `tick` raise.
    """
    running: dict[Any, BaseProcess] = {}
    try:
        for task in tasks:
            pipe, process = start(run, task)
            running[pipe] = process
        while running:
            for pipe in wait(list(running), WAIT_SECONDS):
                what, value = report(pipe, running[pipe])
                if what == "done":
                    running.pop(pipe).join()
                take(what, value)
            tick()
    finally:
        for process in running.values():
            process.terminate()
            process.join()


def deal(weights: Mapping[K, int], hands: int) -> list[list[K]]:
    """Things dealt out by their weights, the heaviest first, each to whoever has least; each hand in order."""
    dealt: list[dict[K, int]] = [{} for _ in range(hands)]
    for thing, weight in sorted(weights.items(), key=lambda item: -item[1]):
        min(dealt, key=lambda share: sum(share.values()))[thing] = weight
    return [sorted(hand) for hand in dealt]


def context() -> Any:
    """How processes are made here and now: forked where that is safe, so that none loads the modules again (0.6 s of CPU each).

    Not beside another thread, which may hold a lock that nobody would let go of in the fork, and only where the system's libraries bear it.
    What is open stays the starter's: a fork closes nothing, and makes connections of its own.
    """
    return multiprocessing.get_context("fork" if sys.platform == "linux" and threading.active_count() == 1 else "spawn")


def start(run: Callable[..., None], task: Arguments) -> tuple[Any, BaseProcess]:
    """One process, and the end of the pipe that it reports to."""
    ways = context()
    ours, theirs = ways.Pipe(duplex=False)
    process = ways.Process(target=_begin, args=(run, task, theirs), daemon=True)
    # The process inherits what is blocked: Ctrl-C is left to us, from its first moment on.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        process.start()
        # At once, before it loads its modules: live traffic goes first.
        os.setpriority(os.PRIO_PROCESS, process.pid, max(NICE, os.getpriority(os.PRIO_PROCESS, 0)))
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    theirs.close()
    return ours, process


def report(pipe: Any, process: BaseProcess) -> Report:
    """The next thing that it says. Raises `ProcessFailed`."""
    try:
        what, value = pipe.recv()
    except EOFError:
        process.join()
        raise ProcessFailed(f"a process ended without a word (exit code {process.exitcode})") from None
    if what == "failed":
        raise ProcessFailed(value)
    return what, value


@cache
def own_codec() -> Kodeks:
    """The process's own codec."""
    return Kodeks(Skemaregister(skemamappe()))


def peak_mb() -> int:
    """The most memory that this process has had, in MB."""
    if STATUS.exists():
        # `getrusage` begins with what the process that started this one had.
        (peak_kb,) = [line.split()[1] for line in STATUS.read_text().splitlines() if line.startswith("VmHWM:")]
        return int(peak_kb) // 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // (1024 * 1024 if sys.platform == "darwin" else 1024)


def first_line(problem: BaseException) -> str:
    """An error as it is passed on: its class and its first line, for what PostgreSQL adds may quote a row."""
    return f"{type(problem).__name__}: {(str(problem).splitlines() or [''])[0]}"


def _begin(run: Callable[..., None], task: Arguments, reports: Pipe) -> None:
    # A fork has its starter's handlers; it is this signal that ends it.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    run(*task, reports)


def _end_with_parent() -> None:
    """Also when the parent was killed: a process that waits or works on would hold its tables and its snapshot."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
