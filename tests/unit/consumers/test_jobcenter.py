"""The reference jobcentre's judgement of a notification by its number."""

from datetime import UTC, datetime

import pytest

from hub.consumers.jobcenter import Besked, Modtager
from hub.events.ordningsnotifikation import Ordningsnotifikation

NU = datetime(2026, 1, 1, tzinfo=UTC)


def en_besked(nummer: int, vaerdi: bytes | None = None) -> Besked:
    """A notification with a number."""
    felter = dict.fromkeys(Ordningsnotifikation.__struct_fields__) | {"nummer": nummer}
    return Besked(nummer, vaerdi or str(nummer).encode(), Ordningsnotifikation(**felter))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("numre", "domme"),
    [
        ([1, 2, 3], ["ny", "ny", "ny"]),
        ([1, 2, 2, 1, 3], ["ny", "ny", "gentaget", "gentaget", "ny"]),
        ([1, 4, 5], ["ny", "hul", "ny"]),
        ([2], ["hul"]),
    ],
)
def test_a_number_tells_new_repeated_or_missing(numre: list[int], domme: list[str]) -> None:
    """First occurrences are 1..n; a repeat is dropped; a gap is shouted once."""
    modtager = Modtager()
    assert [modtager.modtag(en_besked(n)) for n in numre] == domme


def test_a_repeat_that_is_no_identical_copy_is_seen() -> None:
    """A number given twice with other content is a fault of the hub, and the jobcentre says so."""
    modtager = Modtager()
    modtager.modtag(en_besked(1, b"a"))
    assert modtager.modtag(en_besked(1, b"b")) == "afvigende"
