"""docs/search-and-lists.md is made from the data that lists and search themselves read."""

from pathlib import Path

from hub.api.listebeskrivelse import fornyet

SIDE = Path(__file__).parents[3] / "docs" / "search-and-lists.md"


def test_R_1_6_the_page_says_what_the_lists_are() -> None:
    """Areas, criteria and columns on the page are those of the code."""
    side = SIDE.read_text(encoding="utf-8")
    assert side == fornyet(side), "run `make docs`"
    assert "| `team` | Team |" in side and "| `SendteKladder` | Sendte kladder |" in side
