"""The docs say what is so: links, verbs, settings, dependencies and routes are held against the code."""

import re
import tomllib
from pathlib import Path

import pytest
import regelside

from hub.cli.root import VERBS
from hub.operations.matrix import renewed
from hub.settings import Settings

ROD = Path(__file__).parents[2]
SIDER = [ROD / "README.md", ROD / "CHANGELOG.md", *sorted((ROD / "docs").rglob("*.md"))]
MAERKER = ("<!-- settings -->\n", "<!-- /settings -->")


def indstillinger() -> str:
    """The table of settings for docs/operations.md."""
    linjer = ["| variable | default | what |", "|---|---|---|"]
    for navn, felt in Settings.model_fields.items():
        linjer.append(f"| `HUB_{navn.upper()}` | {'' if felt.default is None else f'`{felt.default}`'} | {felt.description} |")
    return "\n".join(linjer) + "\n"


def test_every_setting_is_documented() -> None:
    """docs/operations.md has the table that the settings themselves give."""
    side = (ROD / "docs" / "operations.md").read_text(encoding="utf-8")
    assert side.split(MAERKER[0])[1].split(MAERKER[1])[0] == indstillinger()


@pytest.mark.parametrize("side", SIDER, ids=lambda s: str(s.relative_to(ROD)))
def test_every_link_leads_somewhere(side: Path) -> None:
    """A relative link in a page names a file or folder that is there."""
    for maal in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", side.read_text(encoding="utf-8")):
        if "://" not in maal:
            assert (side.parent / maal).exists(), maal


@pytest.mark.parametrize("side", SIDER, ids=lambda s: str(s.relative_to(ROD)))
def test_every_verb_named_is_there(side: Path) -> None:
    """A page names no verb that the tool does not have."""
    for verbum in re.findall(r"(?:`|/bin/|\| )hub ([a-z]+)", side.read_text(encoding="utf-8")):
        assert verbum in VERBS or verbum == "hub", verbum


@pytest.mark.parametrize("verbum", VERBS)
def test_every_verb_is_in_the_readme_or_the_guides(verbum: str) -> None:
    """No verb is a secret."""
    assert any(f"hub {verbum}" in s.read_text(encoding="utf-8") or f"`{verbum}`" in s.read_text(encoding="utf-8") for s in SIDER)


def test_every_rule_has_its_line_its_place_and_its_tests() -> None:
    """docs/rules.md has the release note's rules, each once and no others, with files that are there; tests carry no other number."""
    raekker = regelside.RAEKKE.findall((ROD / "docs" / "rules.md").read_text(encoding="utf-8"))
    assert [regel for regel, _, _ in raekker] == list(regelside.REGLER) == list(regelside.proever())
    for regel, goer, hvor in raekker:
        steder = re.findall(r"`([^`]+)`", hvor)
        assert len(goer) > 20 and steder, regel
        assert all(sted.startswith("hub/") and (ROD / sted).is_file() for sted in steder), regel


def test_every_rule_is_tested_through_the_door() -> None:
    """Each has tests that go through HTTP, or a reason why none can; the page names their files as they are now."""
    side = (ROD / "docs" / "rules.md").read_text(encoding="utf-8")
    assert {*regelside.proever(regelside.DOEREN), *regelside.UDEN_DOER} == set(regelside.REGLER)
    assert side == regelside.fornyet(side), "make docs"


def test_R_1_1_the_readmes_matrix_is_the_codes() -> None:
    """What the README promises of schemes and GetMetoder is what the code serves; `make docs` writes it."""
    side = (ROD / "README.md").read_text(encoding="utf-8")
    assert side == renewed(side)


def test_no_page_is_empty() -> None:
    """A page that is linked to says something."""
    assert all(len(side.read_text(encoding="utf-8")) > 200 for side in SIDER)


def test_every_dependency_says_why() -> None:
    """Each declared dependency has its line in docs/dependencies.md."""
    projekt = tomllib.loads((ROD / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    side = (ROD / "docs" / "dependencies.md").read_text(encoding="utf-8")
    for krav in (*projekt["dependencies"], *projekt["optional-dependencies"]["dev"]):
        assert re.split(r"[<>=;]", krav)[0] in side, krav


def test_no_page_names_a_machine() -> None:
    """No path of a machine and no registry's address stands in a tracked text."""
    for side in (*SIDER, ROD / "requirements.lock", ROD / "Makefile"):
        tekst = side.read_text(encoding="utf-8")
        assert not re.search(r"/(root|home|work|tmp)/", tekst) and "/simple" not in tekst, side.name
