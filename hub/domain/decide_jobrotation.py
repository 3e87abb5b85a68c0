"""A jobrotation's lists on their way into an event, and whether an employee's course is one of the list (R-4.3)."""

from collections.abc import Callable, Iterator
from typing import Any

from hub.domain.decide_grund import Kald
from hub.domain.fejl import Fejl
from hub.domain.jobrotation import Lister, kursusfejl
from hub.domain.vilkaar import Ansat, Kursus, Vikar


def _ansat(a: Any) -> Ansat:
    return Ansat("", a.personnummer, a.navn, a.kursus)


def _kursus(k: Any) -> Kursus:
    return Kursus(k.nr, k.navn, k.startdato, k.slutdato)


def _vikar(v: Any) -> Vikar:
    start, slut = (v.periode.startdato, v.periode.slutdato) if v.periode is not None else (None, None)
    return Vikar("", v.personnummer, v.navn, start, slut, v.ugentligArbejdstid)


LAV: dict[str, Callable[[Any], Any]] = {"ansatte": _ansat, "kurser": _kursus, "vikarer": _vikar}
"""List → how an entry of the action becomes one of the event; the ledger, which alone knows who has which id, gives people theirs."""


def givne(data: Any) -> dict[str, tuple[Any, ...]]:
    """The lists that an action gives, as its event has them. A list is given whole: it takes the place of the one before."""
    return {liste: tuple(map(lav, led)) for liste, lav in LAV.items() if (led := getattr(data, liste)) is not None}


def lister(kilde: Any) -> Lister:
    """The lists of an application as it stands."""
    return Lister(kilde.ansatte, kilde.kurser, kilde.vikarer)


def kurser_kendes(k: Kald) -> Iterator[Fejl]:
    """After the action every employee's course is one of the list, and every course has a number of its own."""
    ny = givne(k.data)
    if ny.keys() & {"ansatte", "kurser"}:
        foer = lister(k.sag.ansoegning) if k.sag is not None and k.sag.ansoegning is not None else Lister()
        efter = foer._replace(**ny)
        yield from kursusfejl(efter.ansatte, efter.kurser)
