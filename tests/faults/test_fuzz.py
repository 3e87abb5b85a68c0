"""The fuzz of the door for longer, with a new seed each time."""

from collections import Counter

import pytest
from rig.fuzz import OPERATIONER, doer, fuzz
from rig.report import Report

pytestmark = pytest.mark.faults

ANTAL = 200


def test_a_long_fuzz_of_the_whole_surface(seed: int, report: Report) -> None:
    """Hundreds of requests of each operation: nothing is answered that is not declared, and the hub stays ready."""
    svarede: Counter[int] = Counter()
    with doer() as aaben:
        for operation in OPERATIONER:
            svarede.update(fuzz(aaben, operation, ANTAL, seed))
    report(f"{svarede.total()} requests of {len(OPERATIONER)} operations: {dict(sorted(svarede.items()))}")
