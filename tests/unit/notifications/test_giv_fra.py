"""Which lanes a sequencer gives up, and what it has done before."""

from typing import Any

from hub.events.linje import Linje
from hub.notifications.numre import Sendt
from hub.notifications.omgang import Kilder, Omgang
from hub.notifications.udkast import bane


class Numre:
    """A session that keeps what it was asked to do."""

    def __init__(self) -> None:
        self.kaldt: list[tuple[str, Any]] = []

    def marker(self, sendte: Any) -> None:
        """Mark what was sent."""
        self.kaldt.append(("marker", list(sendte)))

    def slip(self, baner: Any) -> None:
        """Unlock lanes."""
        self.kaldt.append(("slip", list(baner)))

    def meld_ledig(self) -> None:
        """Say so."""
        self.kaldt.append(("meld_ledig", None))


async def test_a_lane_is_given_up_when_it_leaves_nothing_behind() -> None:
    """Never one whose jobcentre has an unknown outcome; all that was sent is marked first, then the lanes are unlocked and that is said."""
    numre: Any = Numre()
    linje = Linje("test")
    omgang = Omgang(Kilder("", {}, None, None), numre, linje)  # type: ignore[arg-type]
    ukendt = next(kode for kode in map(str, range(10_000, 99_999)) if bane(kode) == 7)
    sendt = Sendt(None, 1)  # type: ignore[arg-type]
    omgang.baner, omgang._ukendte, omgang._sendte = {1, 3, 5, 7}, {ukendt}, [sendt]
    await omgang._giv_fra(2)
    assert omgang.baner == {1, 7}
    assert numre.kaldt == [("marker", [sendt]), ("slip", [3, 5]), ("meld_ledig", None)]
    await omgang._giv_fra(9)
    assert omgang.baner == {7} and numre.kaldt[3:] == [("slip", [1]), ("meld_ledig", None)]
    await omgang._giv_fra(1)
    assert omgang.baner == {7} and len(numre.kaldt) == 5
