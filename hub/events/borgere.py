"""The people of an event: its own citizen, and those in its lists; each gets the `borgerId` that their CPR number stands for."""

import uuid
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from hub.domain.fejl import Fejl, fejl
from hub.domain.fejlkoder import Fejlkode
from hub.domain.personnummerskift import UKENDT
from hub.events.sealing import PERSONFELTER


def uden_id(data: Iterable[Any]) -> set[str]:
    """The CPR numbers of the people of these events' data who have no `borgerId` yet."""
    return {person.personnummer for del_ in data for person in _personer(del_) if person.borgerId == ""}


def borger_ider(data: Iterable[Any]) -> set[str]:
    """The `borgerId` of everybody in them."""
    return {person.borgerId for del_ in data for person in _personer(del_) if person.borgerId}


def ikke_gaeldende(data: Iterable[Any], gamle: Container[str]) -> list[Fejl]:
    """An error for everybody who is named by one of the CPR numbers `gamle`, which are no current ones."""
    stier = (sti for del_ in data for sti, person in _stier(del_) if person.borgerId == "" and person.personnummer in gamle)
    return [fejl(Fejlkode.IKKE_GAELDENDE_CPR, f"data.{sti}.personnummer") for sti in stier]


def med_id(data: Any, borgere: Mapping[str, str]) -> Any:
    """An event's data with everybody's `borgerId`; `borgere` is by CPR. Those that nobody is missing in as they are."""
    return _med(data, lambda person: borgere[person.personnummer])


def uden_nummer(data: Any) -> Any:
    """An event's data, where everybody whose number is not known has a random `borgerId`: nobody is found by it, no two are one citizen."""
    return _med(data, lambda person: str(uuid.uuid4()) if person.personnummer == UKENDT else "")


def _med(data: Any, find: Callable[[Any], str]) -> Any:
    """The data where whoever has no `borgerId` has what `find` gives."""
    lister = {felt: tuple(_person(p, find) for p in getattr(data, felt)) for felt in PERSONFELTER.get(type(data), ())}
    return _person(replace(data, **lister) if lister else data, find)


def _person(person: Any, find: Callable[[Any], str]) -> Any:
    return replace(person, borgerId=find(person)) if getattr(person, "borgerId", None) == "" else person


def _personer(data: Any) -> Iterator[Any]:
    return (person for _, person in _stier(data))


def _stier(data: Any) -> Iterator[tuple[str, Any]]:
    """Whoever has a `borgerId`, with the path at the door: the data themselves, where they name a citizen, and their lists' entries."""
    if getattr(data, "borgerId", None) is not None:
        yield "borger", data
    for felt in PERSONFELTER.get(type(data), ()):
        yield from ((f"{felt}.{nr}", person) for nr, person in enumerate(getattr(data, felt)))
