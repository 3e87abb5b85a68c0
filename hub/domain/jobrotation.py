"""R-4.3: when an entry of a jobrotation's lists is complete, worked out in this one place (the folded bar's red cross)."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from hub.domain.fejl import Fejl, fejl
from hub.domain.fejlkoder import Fejlkode
from hub.domain.vilkaar import Ansat, Kursus, Vikar

Led = Ansat | Kursus | Vikar


class Lister(NamedTuple):
    """The three lists of an application."""

    ansatte: tuple[Ansat, ...] = ()
    kurser: tuple[Kursus, ...] = ()
    vikarer: tuple[Vikar, ...] = ()


KRAEVET: dict[type[Led], dict[str, str]] = {
    Ansat: {"kursus": "kursus"},
    Kursus: {"navn": "navn", "startdato": "startdato", "slutdato": "slutdato"},
    Vikar: {"startdato": "periode.startdato", "slutdato": "periode.slutdato", "ugentligArbejdstid": "ugentligArbejdstid"},
}
"""Entry → the fields it needs to be complete, each with its path at the door. Who it is, is never left out."""
TRIN = {"ansatte": 2, "kurser": 2, "vikarer": 3}
"""List → the step of the form that has it."""


def mangler(led: Led) -> list[str]:
    """What an entry lacks, as paths at the door."""
    return [sti for navn, sti in KRAEVET[type(led)].items() if getattr(led, navn) is None]


def udfyldt(led: Led) -> bool:
    """Whether an entry is complete."""
    return not mangler(led)


def mangler_i(lister: Lister) -> Iterator[Fejl]:
    """Every list without entries, and everything that an entry lacks; each names its list, the entry's number from 0, and the field."""
    for liste, led in lister._asdict().items():
        if not led:
            yield fejl(Fejlkode.LISTE_TOM, f"data.{liste}", TRIN[liste])
        for nr, et in enumerate(led):
            yield from (fejl(Fejlkode.LED_UFULDSTAENDIGT, f"data.{liste}.{nr}.{sti}", TRIN[liste]) for sti in mangler(et))


def kursusfejl(ansatte: Sequence[Ansat], kurser: Sequence[Kursus]) -> Iterator[Fejl]:
    """A course's `nr` is its own, and an employee's `kursus` is the `nr` of one in the list."""
    antal = Counter(k.nr for k in kurser)
    for nr, kursus in enumerate(kurser):
        if antal[kursus.nr] > 1:
            yield fejl(Fejlkode.KURSUS_TO_GANGE, f"data.kurser.{nr}.nr")
    for nr, ansat in enumerate(ansatte):
        if ansat.kursus is not None and ansat.kursus not in antal:
            yield fejl(Fejlkode.KURSUS_UKENDT, f"data.ansatte.{nr}.kursus")
