"""Figures: percentiles, the machine, and what one run measured."""

import os
import platform
from collections.abc import Sequence


def fraktil(vaerdier: Sequence[float], andel: float) -> float:
    """The value at or below which `andel` (0–1) of the values lie (nearest rank); 0.0 for none."""
    if not vaerdier:
        return 0.0
    ordnet = sorted(vaerdier)
    return ordnet[min(len(ordnet) - 1, max(0, round(andel * len(ordnet)) - 1))]


def ms(sekunder: float) -> float:
    """Seconds as milliseconds with one decimal."""
    return round(sekunder * 1000, 1)


def maskine() -> str:
    """What the figures were measured on."""
    kerner = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{platform.system()} {platform.machine()}, {kerner} cores, Python {platform.python_version()}"
