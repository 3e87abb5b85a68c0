"""R-2.5: weekly hours as hours and minutes."""

from decimal import Decimal

import pytest
from byggere import an_action, given
from hypothesis import given as for_alle
from hypothesis import strategies as st

from hub.domain.arbejdstid import arbejdstid
from hub.domain.fejl import Afvisning


@pytest.mark.parametrize(
    ("decimal", "timer", "minutter"),
    [
        ("36.9", 37, 0),
        ("36.26", 36, 30),
        ("37.25", 37, 15),
        ("37", 37, 0),
        ("0.01", 0, 15),
        ("59.75", 59, 45),
        ("0", 0, 0),
        ("36.250001", 36, 30),
    ],
)
def test_R_2_5_minutes_are_raised_to_the_next_quarter(decimal: str, timer: int, minutter: int) -> None:
    """Minutes go up to the next quarter, 60 is carried to the hour, exact quarters are kept."""
    assert arbejdstid(decimal) == (timer, minutter)


@for_alle(st.decimals(0, Decimal("59.75"), places=4))
def test_R_2_5_never_less_and_less_than_a_quarter_more(decimal: Decimal) -> None:
    """For every decimal the served time is a whole quarter, not below the decimal and less than 15 minutes above it."""
    timer, minutter = arbejdstid(str(decimal))
    assert minutter in (0, 15, 30, 45)
    assert 0 <= timer + Decimal(minutter) / 60 - decimal < Decimal("0.25")


@pytest.mark.parametrize("handling", ["OpretAnsoegning", "UdstedBevilling", "RetAnsoegning"])
def test_R_2_5_more_than_59_45_is_refused_at_the_door(handling: str) -> None:
    """59.75 hours pass, the smallest more is refused with the limit."""
    an_action(handling, ugentligArbejdstid="59.75")
    with pytest.raises(Afvisning) as afvist:
        an_action(handling, ugentligArbejdstid="59.7501")
    assert [(f.kode, f.felt) for f in afvist.value.fejl] == [(9510, "data.ugentligArbejdstid")]
    assert "59.75" in afvist.value.fejltekst


@pytest.mark.parametrize("forkert", [37.0, 37, "37,5", "-1", "1e1", "", "٣٧", "37.", "NaN", " 37"])
def test_R_2_5_hours_are_a_decimal_in_a_string(forkert: object) -> None:
    """A float, an integer, a comma, a sign, an exponent and foreign digits are refused: hours are exact."""
    with pytest.raises(Afvisning) as afvist:
        an_action("OpretAnsoegning", ugentligArbejdstid=forkert)
    assert [f.felt for f in afvist.value.fejl] == ["data.ugentligArbejdstid"]


def test_R_2_5_the_event_keeps_the_decimal_as_it_was_written() -> None:
    """The exact decimal stays in the event, trailing zero too."""
    udfald = given([]).when(an_action("OpretAnsoegning", ugentligArbejdstid="36.90"))
    assert udfald.haendelser[0].ugentligArbejdstid == "36.90"
