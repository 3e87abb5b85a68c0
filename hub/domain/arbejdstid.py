"""R-2.5: weekly hours are an exact decimal in the event; served as whole hours and minutes, minutes raised to the next quarter."""

from decimal import ROUND_CEILING, Decimal
from typing import NamedTuple

KVARTERER_PR_TIME = 4
MINUTTER_PR_KVARTER = 15
HOEJST = Decimal("59.75")
"""The most hours a week that AktivitetService can take (59:45); more is refused at the door."""


class Arbejdstid(NamedTuple):
    """Hours and minutes a week, as the documents show them; minutes are 0, 15, 30 or 45."""

    timerPrUge: int
    minutterPrUge: int


def arbejdstid(ugentligArbejdstid: str) -> Arbejdstid:
    """The decimal string of the event as hours and minutes: 36.26 → 36:30, 36.9 → 37:00, exact quarters kept."""
    kvarterer = int((Decimal(ugentligArbejdstid) * KVARTERER_PR_TIME).to_integral_value(ROUND_CEILING))
    timer, rest = divmod(kvarterer, KVARTERER_PR_TIME)
    return Arbejdstid(timer, rest * MINUTTER_PR_KVARTER)
