"""The projection, as a track uses it: the same scenarios on the in-memory twin and on the real PostgreSQL."""

from collections.abc import Sequence
from typing import NamedTuple

import pytest
from tvillinger import Hukommelse, en_post

from hub.consumers.samkoersel import Projiceret
from hub.domain import haendelser as h
from hub.events.journal import Post
from hub.projections.live import Anvendt, Hul

pytestmark = pytest.mark.integration


class Par(NamedTuple):
    """A projection whose checkpoint is 0, and five records at 0 to 4 of its partition."""

    projektion: Projiceret
    poster: Sequence[Post]
    partition: int


@pytest.fixture(params=["twin", "postgresql"])
def par(request: pytest.FixtureRequest) -> Par:
    """The twin, or the real one."""
    if request.param == "twin":
        return Par(Hukommelse(), [en_post(offset) for offset in range(5)], 3)
    loggen = request.getfixturevalue("loggen")
    sag = loggen.sag()
    for _ in range(4):
        sag.sker("ans", h.SagTildelt("Team"))
    return Par(request.getfixturevalue("projektion"), loggen.poster, 0)


def test_a_part_from_the_checkpoint_is_applied_and_moves_it(par: Par) -> None:
    """Three records, then the rest."""
    assert par.projektion.anvend(par.partition, par.poster[:3]) == Anvendt(3, 3, 0, 0)
    assert par.projektion.anvend(par.partition, par.poster[3:]) == Anvendt(5, 2, 0, 0)
    assert par.projektion.checkpoint(par.partition) == 5


def test_what_lies_below_the_checkpoint_is_cut_off(par: Par) -> None:
    """A part that repeats and goes on is applied from the checkpoint; one that only repeats is nothing."""
    par.projektion.anvend(par.partition, par.poster[:3])
    assert par.projektion.anvend(par.partition, par.poster[:4]) == Anvendt(4, 1, 0, 0)
    assert par.projektion.anvend(par.partition, par.poster[:2]) == Anvendt(4, 0, 0, 0)


@pytest.mark.parametrize("valgte", [slice(2, 5), slice(0, 5, 2), slice(0, 0)], ids=["beyond", "with a hole", "empty"])
def test_what_does_not_go_on_from_the_checkpoint_is_a_hole(par: Par, valgte: slice) -> None:
    """Nothing is applied, and the answer names the checkpoint to catch up from."""
    assert par.projektion.anvend(par.partition, par.poster[valgte]) == Hul(0)
    assert par.projektion.checkpoint(par.partition) == 0


def test_a_reader_of_the_log_says_where_it_began(par: Par) -> None:
    """Offsets that hold no record are then no hole."""
    par.projektion.anvend(par.partition, par.poster[:1])
    udfald = par.projektion.anvend(par.partition, par.poster[2:], fra=1)
    assert isinstance(udfald, Anvendt) and udfald.naeste == 5
