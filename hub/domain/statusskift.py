"""A grant's status as a list of what caused it: 'as before X' is the list without X's entry (decision 003)."""

from hub.domain.sag import Bevilling, Statusskift


def skift(bevilling: Bevilling, aarsag: str, kode: int) -> tuple[Statusskift, ...]:
    """The list with this entry last, and once."""
    return (*uden(bevilling, aarsag), Statusskift(aarsag, kode))


def uden(bevilling: Bevilling, aarsag: str) -> tuple[Statusskift, ...]:
    """The list without this cause's entry."""
    # A list on the way: a generator takes twice as long for the few there are, and every event of a rebuild comes by.
    return tuple([s for s in bevilling.statusskift if s.aarsag != aarsag])
