"""Realistic actions, deterministic: the same seed gives the same bytes. No citizen or company in them exists.

A case is a life cycle of its scheme, with the awkward ones in believable proportions: late facts, corrections, extensions followed by a
termination before their start, withdrawn terminations, refused grants, moves, contractors, returned drafts, the nights of a clock change.
Ten thousand cases are about a year of a middle-sized municipality.
"""

from collections.abc import Iterator
from itertools import islice
from random import Random
from typing import Any

from hub.local import forloeb_aftale, forloeb_ansoegning, forloeb_bevilling
from hub.local.forloeb import Forloeb
from hub.local.skriver import Skriver

Handling = dict[str, Any]
SAMTIDIGE = 40
"""Cases that are alive at once, so that the actions of several cases stand mixed as in real life."""

FORLOEB: dict[str, Forloeb] = forloeb_ansoegning.FORLOEB | forloeb_bevilling.FORLOEB | forloeb_aftale.FORLOEB
"""Scheme → its life cycle."""
ANDELE: dict[str, float] = {
    "Virksomhedspraktik": 0.42,
    "Loentilskud": 0.17,
    "Fleksjob": 0.12,
    "Mentor": 0.09,
    "Nytteindsats": 0.07,
    "Voksenlaerling": 0.05,
    "Hjaelpemiddel": 0.03,
    "PersonligAssistance": 0.02,
    "Jobrotation": 0.01,
    "Tillaegsbevilling": 0.01,
    "Igu": 0.01,
}
"""Scheme → its share of the cases; believable, not measured."""


def generer(sager: int, seed: int) -> Iterator[Handling]:
    """All actions of `sager` cases; the order per case is its life, across cases they stand mixed."""
    rng = Random(seed)  # noqa: S311 (invented people, not secrets)
    levende: list[Iterator[Handling]] = []
    for nummer in range(1, sager + 1):
        levende.append(en_sag(Random(rng.getrandbits(64)), nummer))  # noqa: S311
        if len(levende) >= SAMTIDIGE:
            yield from _skridt(rng, levende, mindst=SAMTIDIGE)
    yield from _skridt(rng, levende, mindst=1)


def saa_mange(antal: int, seed: int) -> list[Handling]:
    """The first `antal` actions of as many cases as it takes; the last cases are not at their end. Same seed, same beginning."""
    return list(islice(generer(max(antal, SAMTIDIGE), seed), antal))


def en_sag(rng: Random, nummer: int, ordning: str | None = None) -> Iterator[Handling]:
    """The life cycle of one case, of a scheme drawn by its share unless one is named."""
    ordning = ordning or rng.choices(list(ANDELE), list(ANDELE.values()))[0]
    return FORLOEB[ordning](Skriver(rng, nummer, ordning))


def _skridt(rng: Random, levende: list[Iterator[Handling]], mindst: int) -> Iterator[Handling]:
    """One action at a time of a random living case, until fewer than `mindst` are left."""
    while len(levende) >= mindst:
        plads = rng.randrange(len(levende))
        naeste = next(levende[plads], None)
        if naeste is None:
            levende[plads] = levende[-1]
            levende.pop()
        else:
            yield naeste
