"""The growth run: which sizes it has, what it multiplies, and what it calls growth."""

from collections.abc import Sequence

import pytest

from hub.events.journal import Post
from hub.local.bench.mangfold import mangfold
from hub.local.bench.vaekst import Maalt, kostvaekst, stoerrelser


@pytest.mark.parametrize(("gange", "alle"), [(0, [1]), (1, [1]), (2, [1, 2]), (10, [1, 10]), (500, [1, 10, 100, 500])])
def test_each_size_is_ten_times_the_one_before_and_the_last_is_the_one_asked_for(gange: int, alle: Sequence[int]) -> None:
    """Nothing is measured twice."""
    assert stoerrelser(gange) == alle


def test_a_log_that_is_made_longer_is_the_longer_log() -> None:
    """Made in steps or at once, it has the same records, none twice."""
    poster = [Post(0, n, f"{n % 2:08d}-0000-0000-0000-000000000000".encode(), b"x%d" % n, ()) for n in range(4)]
    hel = list(mangfold(poster, 5))
    assert [*mangfold(poster, 2), *mangfold(poster, 5, 2)] == hel
    assert len({(post.noegle, post.offset) for post in hel}) == 20


def test_growth_is_what_an_event_costs_at_the_end_over_the_second_size() -> None:
    """At the first, what a rebuild costs once would hide it; where there is only that one, there is none."""
    alle = [Maalt(10**n, 1.0, 1.0, 1.0, 1.0, 1, cpu, cpu / 2, 1, 1.0, 1, 1) for n, cpu in ((4, 400.0), (5, 100.0), (6, 90.0), (7, 120.0))]
    assert kostvaekst(alle) == 1.2
    assert kostvaekst(alle[:1]) == 1.0
