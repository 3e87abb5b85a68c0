"""Records gathered by case, in memory or in files."""

from pathlib import Path
from random import Random

import pytest

from hub.operations.rebuild_fill import shares
from hub.projections.samling import Raa, Samling


@pytest.mark.parametrize("hoejst", [1_000, 100, 7])
def test_every_case_comes_back_whole_and_once(tmp_path: Path, hoejst: int) -> None:
    """From files as from memory, in the log's order, with its bytes; empty ones and records without a key too."""
    rng = Random(hoejst)
    poster = [(bytes(str(rng.randrange(20)) if n % 9 else "", "ascii"), Raa(n, rng.randbytes(n % 40))) for n in range(300)]
    samling = Samling(len(poster), tmp_path, hoejst)
    samling.laeg(poster[:170])
    samling.laeg(poster[170:])
    dele = [dict(del_) for del_ in samling.dele()]
    samling.luk()
    assert len(dele) == (1 if hoejst >= 300 else -(-300 // hoejst))
    assert sum(len(del_) for del_ in dele) == len({noegle for noegle, _ in poster})
    samlet = {noegle: raa for del_ in dele for noegle, raa in del_.items()}
    assert samlet == {noegle: [raa for n, raa in poster if n == noegle] for noegle, _ in poster}
    assert list(tmp_path.iterdir()) == []


def test_one_part_is_in_memory_at_a_time(tmp_path: Path) -> None:
    """A part is empty once the next is asked for, though somebody still names it."""
    samling = Samling(40, tmp_path, 10)
    samling.laeg((bytes([n]), Raa(n, b"x")) for n in range(40))
    dele = samling.dele()
    foerste = next(dele)
    assert foerste
    next(dele)
    assert foerste == {}
    samling.luk()


def test_partitions_are_dealt_out_evenly() -> None:
    """Each to one process, the largest first; empty ones to nobody, and no process for nothing."""
    assert shares({0: 5, 1: 0, 2: 9, 3: 4, 4: 1}, 2) == [{2: 9, 4: 1}, {0: 5, 3: 4}]
    assert shares({0: 0, 1: 0}, 4) == [] and shares({}, 2) == [] and shares({3: 1}, 4) == [{3: 1}]
