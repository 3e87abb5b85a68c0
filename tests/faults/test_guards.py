"""Every rule, and every guard of the machinery, is held by its tests: take its line out, in a copy, and one of them goes red."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from rig.guards import VAGTER, Vagt, kopi, proev, proev_med, udtag
from rig.guards_of_machinery import GUARDS, Guard

pytestmark = pytest.mark.faults
SKAL = {"2.1", "2.2", "2.4", "2.5", "3.2", "3.3", "3.6", "5.1", "5.2", "5.4"}
"""The rules of which the issue asks that it is tried."""


@pytest.fixture(scope="module")
def traeet() -> Iterator[Path]:
    """A copy of the tree for this module."""
    with TemporaryDirectory(prefix="hub-guards-") as mappe:
        yield kopi(Path(mappe))


def test_the_rules_asked_for_have_lines_to_take_out() -> None:
    """No rule of the issue's list is without a row."""
    assert {vagt.regel for vagt in VAGTER} >= SKAL


@pytest.mark.parametrize("regel", sorted({vagt.regel for vagt in VAGTER}))
def test_as_it_stands_the_rules_tests_are_green(traeet: Path, regel: str) -> None:
    """In the untouched copy they pass, so that what turns red below does so because of the line."""
    koert = proev(traeet, regel)
    assert koert.returncode == 0, koert.stdout[-2000:]


@pytest.mark.parametrize("vagt", VAGTER, ids=lambda v: f"R-{v.regel} {Path(v.fil).stem} {VAGTER.index(v)}")
def test_without_its_line_one_of_the_rules_tests_is_red(traeet: Path, vagt: Vagt) -> None:
    """A test of the rule failed, and nothing else went wrong; the line is put back afterwards."""
    foer = udtag(traeet, vagt)
    try:
        koert = proev(traeet, vagt.regel)
    finally:
        (traeet / vagt.fil).write_text(foer, encoding="utf-8")
    assert koert.returncode == 1, koert.stdout[-2000:]
    assert f"_R_{vagt.regel.replace('.', '_')}" in koert.stdout


@pytest.mark.parametrize(("tests", "which"), sorted({(guard.tests, guard.which) for guard in GUARDS}))
def test_as_it_stands_the_machinery_s_tests_are_green(traeet: Path, tests: str, which: str) -> None:
    """In the untouched copy they pass."""
    koert = proev_med(traeet, tests, which)
    assert koert.returncode == 0, koert.stdout[-2000:]


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.name.replace(" ", "-"))
def test_without_its_line_one_of_the_machinery_s_tests_is_red(traeet: Path, guard: Guard) -> None:
    """A test failed; the line is put back afterwards."""
    foer = udtag(traeet, Vagt("", guard.path, guard.stands, guard.without))
    try:
        koert = proev_med(traeet, guard.tests, guard.which)
    finally:
        (traeet / guard.path).write_text(foer, encoding="utf-8")
    assert koert.returncode == 1 and koert.stdout.splitlines()[-1].startswith("1 failed"), koert.stdout[-2000:]
