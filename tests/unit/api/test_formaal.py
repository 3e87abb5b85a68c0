"""The purpose of a read, as the access log keeps it: open, for every auditor."""

import pytest

from hub.api.anmodning import formaal_af
from hub.api.problem import Problem


@pytest.mark.parametrize("givet", ["Sagsbehandling", "opfølgning", "opfølgning".encode().decode("latin-1"), "sag V-2025-000123", "x" * 200])
def test_a_purpose_is_taken_as_it_is(givet: str) -> None:
    """Latin-1 or UTF-8, at most 200 characters."""
    assert formaal_af(givet) in (givet, "opfølgning")


@pytest.mark.parametrize("givet", ["", "x" * 201, "a\tb", "opslag på 010190-1234", "0101901234", "01 01 90 1234"])
def test_a_purpose_that_cannot_stand_open_is_refused(givet: str) -> None:
    """Too long, with control characters, or with what looks like a CPR number: the log tells which case was read, not whose number."""
    with pytest.raises(Problem) as afvist:
        formaal_af(givet)
    assert afvist.value.kode == "ugyldigt_hoved"
