"""Request ids: what may stand open in the log, and one derivation for the door and the tool."""

import pytest

from hub.api import modtag_mange
from hub.cli import append
from hub.events import anmodningsid as modul
from hub.events.anmodningsid import MAKS, UgyldigtAnmodningsid, anmodningsid, er_anmodningsid


@pytest.mark.parametrize(
    "givet",
    [
        "0101901234", "010190-1234", "req-010190-1234", "0101901234.1", "a0101901234b", "x:010190-1234.",
        "010190.1234", "010190_1234", "010190:1234", "01-01-90-1234", "01.01.90-1234", "01_01_90_1234", "a:01:01:90:1234:b", "9901901234",
    ],
)  # fmt: skip
def test_a_cpr_number_anywhere_in_it_is_no_request_id(givet: str) -> None:
    """Any six digits and four, with a dash or without, and a day, a month, a year and four digits however they are parted."""
    assert not er_anmodningsid(givet)


@pytest.mark.parametrize("givet", ["", "x" * 47, "æ", "a b", 7, None])
def test_other_characters_lengths_and_types_are_no_request_id(givet: object) -> None:
    """1 to 46 of the allowed characters."""
    assert not er_anmodningsid(givet)


@pytest.mark.parametrize(
    "givet",
    [
        "a1234567-1234-4123-8123-0123456789ab",  # ten digits with a dash after the sixth, by chance
        "vitas:A1234567-1234-4123-8123-0123456789AB",
        "hub-0123456789abcdef0123456789abcdef",  # what the door itself makes
        "ab0123456789" + "c" * 34,  # what a line is given
        "20250915100000",
        "20250915-1000",
        "2025-09-15T10:00:00.123456Z",
        "sag-2025-000123:7",
        "99.99.90-1234",  # no day
    ],
)
def test_what_only_looks_like_one_by_chance_is_let_through(givet: str) -> None:
    """Uuids, hashes and times are request ids although ten digits may stand in a row in them."""
    assert er_anmodningsid(givet)


def test_a_line_is_known_by_its_content_or_by_its_own_id() -> None:
    """Key order is no difference; a line's own id is taken out of what is hashed and recorded."""
    raa = {"b": 1, "a": 2}
    afledt = anmodningsid(raa, lambda krop: krop * 8)
    assert afledt == (b'{"a":2,"b":1}' * 8).hex()[:MAKS] and er_anmodningsid(afledt)
    egen = {"a": 2, "requestId": "mit"}
    assert (anmodningsid(egen, bytes), egen) == ("mit", {"a": 2})
    with pytest.raises(UgyldigtAnmodningsid):
        anmodningsid({"requestId": "010190-1234"}, bytes)


def test_the_bulk_route_and_the_tool_derive_it_in_one_place() -> None:
    """What is sent by the one and again by the other is the same request."""
    assert modtag_mange.anmodningsid is append.anmodningsid is modul.anmodningsid
