"""The contestants of the like-for-like table: each a small program under benchmarks/like_for_like, run in an environment of its own."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

MAPPE = Path(__file__).parents[3] / "benchmarks"
PROGRAMMER = MAPPE / "like_for_like"
PEERS_PYTHON = MAPPE / ".venv" / "bin" / "python"


class KanIkkeKoere(RuntimeError):
    """The contestant cannot be run on this machine; the text says why."""


class Deltager(NamedTuple):
    """One contestant: how its program begins (raises `KanIkkeKoere`), its variant, and whether it runs on the short log."""

    kommando: Callable[[], Sequence[str]]
    variant: str
    kort: bool = False
    raa: bool = False


def _vores(fil: str) -> Callable[[], Sequence[str]]:
    return lambda: (sys.executable, str(PROGRAMMER / fil))


def _peers(fil: str) -> Callable[[], Sequence[str]]:
    def kommando() -> Sequence[str]:
        if not PEERS_PYTHON.exists():
            raise KanIkkeKoere("its environment is not there: `make bench` installs benchmarks/requirements.lock")
        return str(PEERS_PYTHON), str(PROGRAMMER / fil)

    return kommando


DELTAGERE: dict[str, Deltager] = {
    "raw read": Deltager(_vores("raw.py"), "read", raa=True),
    "raw decode, fastavro": Deltager(_vores("raw.py"), "fastavro", raa=True),
    "raw decode, hub": Deltager(_vores("raw.py"), "hub", raa=True),
    "hub": Deltager(_vores("hub_engine.py"), "2"),
    "hub, 1 process": Deltager(_vores("hub_engine.py"), "1"),
    "aiokafka + SQLite": Deltager(_vores("by_hand.py"), "sqlite"),
    "aiokafka + PostgreSQL": Deltager(_vores("by_hand.py"), "postgres"),
}
"""Name in the table → contestant; a round runs them in this order."""
