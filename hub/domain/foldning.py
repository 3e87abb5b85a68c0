"""What every fold uses: the error, and the passage of a sealed field."""

from typing import overload

from hub.domain.forseglet import Forseglet, Fortrolig


class KanIkkeFoldes(ValueError):
    """The event contradicts the case: it names an act that is not there, or cannot come first. Never holds personal data."""


@overload
def felt(vaerdi: Fortrolig) -> Forseglet: ...
@overload
def felt(vaerdi: Fortrolig | None) -> Forseglet | None: ...
def felt(vaerdi: Fortrolig | None) -> Forseglet | None:
    """The sealed value as it stands; clear text never enters a `Sag` (architecture 7)."""
    if vaerdi is None or isinstance(vaerdi, Forseglet):
        return vaerdi
    raise KanIkkeFoldes("a field marked sealed reached the fold unsealed")
