"""Several visits that build on each other, written once for who waits in a thread and who waits on the event loop."""

from collections.abc import Generator
from typing import TypeVar

from hub.events.besoeg import Kald, Svar, besoeg
from hub.events.forbindelse import Forbindelse

T = TypeVar("T")
Besoeg = Generator[tuple[Kald, ...], list[Svar], T]
"""Visits one after the other: yields a visit's statements, is sent their answers, and returns what came of it."""


def gennemfoer(raa: Forbindelse, hver: Besoeg[T]) -> T:
    """Make each visit in this thread; what came of them."""
    try:
        kald = next(hver)
        while True:
            kald = hver.send(besoeg(raa, *kald))
    except StopIteration as slut:
        resultat: T = slut.value
        return resultat
