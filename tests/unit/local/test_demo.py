"""The demonstration tells the whole release note: every rule has its story, and no story tells of anything else."""

import re
from pathlib import Path

import pytest

from hub.domain.matrix import FOEDES_VED, MATRIX
from hub.local.demo import stof
from hub.local.demo.forestilling import KAPITLER, valgte
from hub.local.demo.historie import Kapitel

REGLER = Path(__file__).parents[3] / "docs" / "rules.md"
LOEFTER = {"I1", "I2", "I4", "I5", "I7", "CPR", "asOf", "Door"}
"""What the hub's own chapter tells of."""


def test_every_rule_has_a_story_and_every_story_a_rule() -> None:
    """docs/rules.md and the release note's chapters name the same rules; the last chapter tells of the hub's own promises."""
    regler = set(re.findall(r"^\| (R-\d\.\d) ", REGLER.read_text(encoding="utf-8"), re.MULTILINE))
    assert {h.regel for kapitel in KAPITLER[:-1] for h in kapitel.historier} == regler
    assert {h.regel for h in KAPITLER[-1].historier} == LOEFTER


@pytest.mark.parametrize("kapitel", KAPITLER, ids=lambda kapitel: kapitel.titel)
def test_a_chapter_tells_its_own_rules_in_their_order(kapitel: Kapitel) -> None:
    """R-3.2 is in chapter 3, after R-3.1; chapters are numbered as they come; a title is told once."""
    regler = [h.regel for h in kapitel.historier if h.regel.startswith("R-")]
    assert regler == sorted(regler) and all(regel.startswith(f"R-{kapitel.nummer}.") for regel in regler)
    assert KAPITLER[kapitel.nummer - 1] is kapitel
    assert len({h.titel for h in kapitel.historier}) == len(kapitel.historier)


def test_what_is_played_last_is_told_last() -> None:
    """Else a story after it would be played while it looks at all of them."""
    assert [historie.til_sidst for _, historie in valgte()] == sorted(historie.til_sidst for _, historie in valgte())


def test_the_stories_of_a_rule_or_a_chapter_are_chosen() -> None:
    """`--rule` and `--chapter`, each alone and both; none of them: all."""
    alle = [h for kapitel in KAPITLER for h in kapitel.historier]
    assert [h for _, h in valgte()] == alle
    assert [h for _, h in valgte("R-2.2")] == [h for h in alle if h.regel == "R-2.2"] != []
    assert [h for _, h in valgte(kapitel=4)] == list(KAPITLER[3].historier)
    assert valgte("R-2.2", 4) == [] == valgte("R-9.9")


@pytest.mark.parametrize("ordning", MATRIX)
def test_a_schemes_way_begins_with_what_opens_it(ordning: str) -> None:
    """The first action is the one that opens the scheme's cases, and only it does."""
    navne = [navn for navn, _ in stof.vej(ordning)]
    assert navne[0] == FOEDES_VED[ordning]
    assert [navn for navn in navne if stof.aabner(ordning, navn)] == navne[:1]
