"""The one place where an older version of an event becomes the next one; the dict holds the fields of the older version, typed."""

from collections.abc import Callable
from typing import Any

Raa = dict[str, Any]


def _uden_saerligt_cvr(raa: Raa) -> Raa:
    """R-3.3: 'Evt. særligt CVR nummer …' is gone; what older events carry is in the log, and in no document."""
    del raa["saerligtCvrNummer"]
    return raa


def _kun_tilfoejet(raa: Raa) -> Raa:
    """Nothing but fields with a default came; the struct has the same defaults."""
    return raa


TRIN: dict[tuple[str, int], Callable[[Raa], Raa]] = {
    ("AftaleIndgaaet", 1): _kun_tilfoejet,
    ("AnsoegningAfvist", 1): _kun_tilfoejet,
    ("AnsoegningOprettet", 1): _uden_saerligt_cvr,
    ("AnsoegningOprettet", 2): _kun_tilfoejet,
    ("AnsoegningOprettet", 3): _kun_tilfoejet,
    ("AnsoegningRettet", 1): _kun_tilfoejet,
    ("BevillingUdstedt", 1): _kun_tilfoejet,
    ("BevillingUdstedt", 2): _kun_tilfoejet,
    ("BevillingUdstedt", 3): _kun_tilfoejet,
    ("GenopbygningUdfoert", 1): _kun_tilfoejet,
    ("GenopbygningUdfoert", 2): _kun_tilfoejet,
    ("GenskabelseUdfoert", 1): _kun_tilfoejet,
    ("GenskabelseUdfoert", 2): _kun_tilfoejet,
    ("TillaegsbevillingUdstedt", 1): _kun_tilfoejet,
}
"""(record, version) → the step to the next version; every version but the newest has one."""


def trin(navn: str, version: int, nyeste: int) -> tuple[Callable[[Raa], Raa], ...]:
    """The steps from `version` to `nyeste`. Raises KeyError when one is missing."""
    return tuple(TRIN[navn, v] for v in range(version, nyeste))
