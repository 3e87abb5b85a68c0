"""The tables of the rules' and the machinery's lines (`make faults` takes them out): each still stands where it says, once."""

import pytest
from regelside import REGLER
from rig.guards import ROD, VAGTER, Vagt
from rig.guards_of_machinery import GUARDS, Guard


@pytest.mark.parametrize("vagt", VAGTER, ids=lambda v: f"R-{v.regel} {v.fil} {VAGTER.index(v)}")
def test_a_rules_line_stands_once_in_its_file(vagt: Vagt) -> None:
    """What is to be taken out is there, once, and what is left without it is something else."""
    assert (ROD / vagt.fil).read_text(encoding="utf-8").count(vagt.staar) == 1
    assert vagt.uden != vagt.staar and vagt.regel in REGLER


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.name.replace(" ", "-"))
def test_a_guard_s_line_stands_once_in_its_file(guard: Guard) -> None:
    """The same, and the file of its tests is there."""
    assert (ROD / guard.path).read_text(encoding="utf-8").count(guard.stands) == 1
    assert guard.without != guard.stands and (ROD / "tests" / guard.tests).exists()
