"""Periods of whole days, both ends inclusive; an end of None is open."""

from datetime import date, timedelta

import msgspec

EN_DAG = timedelta(days=1)


class Periode(msgspec.Struct, frozen=True, gc=False):
    """[startdato, slutdato], both days inclusive; slutdato None is open-ended (R-2.2)."""

    startdato: date
    slutdato: date | None


def skaaret(periode: Periode, stop: date | None) -> Periode | None:
    """The part of a period up to and including `stop` (None: all of it); None when nothing is left (R-2.2)."""
    slut = _foerste(periode.slutdato, stop)
    if slut is not None and slut < periode.startdato:
        return None
    return Periode(periode.startdato, slut)


def _foerste(a: date | None, b: date | None) -> date | None:
    if a is None or b is None:
        return b if a is None else a
    return min(a, b)
