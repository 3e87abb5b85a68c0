"""The parked set as the operators' log tells it: what a restore sets aside again, and why."""

from datetime import UTC, datetime

from hub.events.codec import Kodeks
from hub.events.drift import Driftsdata, Driftshaendelse, GenkoerselMislykket, HaendelseGenkoert, HaendelseParkeret, driftskuvert
from hub.events.ids import nyt_id
from hub.operations.restore_parked import ParkedSet
from hub.projections.project import BAGVED

NU = datetime(2026, 3, 1, tzinfo=UTC)
HVEM = ("operatør", "prøve")


def _set(kodeks: Kodeks, *data: Driftsdata) -> dict[int, tuple[str, str]]:
    """Offset → kind and reason, of what is parked after these operators' events."""
    parked = ParkedSet()
    kuverter = (driftskuvert(nyt_id(), nr, None if nr == 1 else bytes(32), NU, "op-1") for nr in range(1, len(data) + 1))
    parked.take(kodeks, [kodeks.indkod_drift(Driftshaendelse(kuvert, del_)) for kuvert, del_ in zip(kuverter, data, strict=True)])
    return {offset: (fact.kind, fact.error) for (_, offset), fact in parked.facts.items()}


def test_a_retry_that_failed_again_gives_the_reason_from_then_on(kodeks: Kodeks) -> None:
    """The first was applied, the second failed in its place, the third waits behind that one; another case's is as it was."""
    parkeret = [HaendelseParkeret(0, nr, "sag", "fejl" if nr == 1 else "venter", "første gang" if nr == 1 else BAGVED) for nr in (1, 2, 3)]
    anden = HaendelseParkeret(0, 4, "anden", "fejl", "sin egen")
    igen = [HaendelseGenkoert(0, 1, "sag", *HVEM), GenkoerselMislykket(0, 2, "sag", "anden gang", *HVEM)]
    assert _set(kodeks, *parkeret, anden, *igen) == {2: ("fejl", "anden gang"), 3: ("venter", BAGVED), 4: ("fejl", "sin egen")}
    samme = GenkoerselMislykket(0, 1, "sag", "stadig", *HVEM)
    assert _set(kodeks, *parkeret, samme) == {1: ("fejl", "stadig"), 2: ("venter", BAGVED), 3: ("venter", BAGVED)}
