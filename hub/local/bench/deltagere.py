"""The contestants of the like-for-like table: each a small program under benchmarks/like_for_like, run in an environment of its own."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from hub.local.bench.java import KanIkkeOversaettes, kafka_streams
from hub.operations.processes import NICE

MAPPE = Path(__file__).parents[3] / "benchmarks"
PROGRAMMER = MAPPE / "like_for_like"
LAVT = ("nice", "-n", str(NICE))
"""The engine's processes give way to live traffic; everybody runs as low, or what else the machine does would slow them alone."""
PEERS_PYTHON = MAPPE / ".venv" / "bin" / "python"


class KanIkkeKoere(RuntimeError):
    """The contestant cannot be run on this machine; the text says why."""


class Deltager(NamedTuple):
    """One contestant: how its program begins, given a folder of its own (raises `KanIkkeKoere`), and its variant.

    `kort`: it runs on the short log; `raa`: it keeps no rows.
    """

    kommando: Callable[[Path], Sequence[str]]
    variant: str
    kort: bool = False
    raa: bool = False


def _motoren(mappe: Path) -> Sequence[str]:
    return sys.executable, str(PROGRAMMER / "hub_engine.py")


def _vores(fil: str) -> Callable[[Path], Sequence[str]]:
    return lambda mappe: (*LAVT, sys.executable, str(PROGRAMMER / fil))


def _peers(fil: str) -> Callable[[Path], Sequence[str]]:
    def kommando(mappe: Path) -> Sequence[str]:
        if not PEERS_PYTHON.exists():
            raise KanIkkeKoere("its environment is not there: `make bench` installs benchmarks/requirements.lock")
        return *LAVT, str(PEERS_PYTHON), str(PROGRAMMER / fil)

    return kommando


def _java(mappe: Path) -> Sequence[str]:
    try:
        return *LAVT, *kafka_streams(mappe)
    except KanIkkeOversaettes as fejl:
        raise KanIkkeKoere(str(fejl)) from fejl


DELTAGERE: dict[str, Deltager] = {
    "raw read": Deltager(_vores("raw.py"), "read", raa=True),
    "raw decode, fastavro": Deltager(_vores("raw.py"), "fastavro", raa=True),
    "raw decode, hub": Deltager(_vores("raw.py"), "hub", raa=True),
    "hub": Deltager(_motoren, "2"),
    "hub, 1 process": Deltager(_motoren, "1"),
    "aiokafka + SQLite": Deltager(_vores("by_hand.py"), "sqlite"),
    "aiokafka + PostgreSQL": Deltager(_vores("by_hand.py"), "postgres"),
    "FastStream, batch": Deltager(_peers("fast_stream.py"), "sqlite"),
    "Quix Streams": Deltager(_peers("quix.py"), "rocksdb"),
    "kafka-streams": Deltager(_java, "at_least_once"),
    "kafka-streams, exactly_once_v2": Deltager(_java, "exactly_once_v2"),
    "Faust, take": Deltager(_vores("faust_agent.py"), "take", kort=True),
    "Faust, commit per event": Deltager(_vores("faust_agent.py"), "event", kort=True),
}
"""Name in the table → contestant; a round runs them in this order."""
