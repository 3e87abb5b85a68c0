"""What a further scheme, GetMetode or kind of act must have, table by table: what was forgotten is named here, not met at run time."""

from itertools import chain

import pytest

from hub.domain import haendelser as h
from hub.domain.akter import akter_efter_slags
from hub.domain.evolve import FOEDSLER, FOLDNINGER
from hub.domain.koder import ORDNINGER, SUBSKABELONER
from hub.domain.matrix import AKTENS_METODE, FOEDES_VED, FOERSTE, GETMETODER, MATRIX
from hub.domain.ordninger import OPHOER_I_ANDEN_METODE
from hub.domain.sag import Akt
from hub.domain.tillaegstyper import TILLAEGETS_METODE
from tests.unit.byggere import a_sag

SLAGS = {klasse.__name__ for klasse in Akt.__subclasses__()}
"""Every kind of act: what a case can have that has an id of its own."""


def test_R_1_1_every_scheme_has_its_row_in_every_table() -> None:
    """`MATRIX`, `FOEDES_VED` and the code list `ORDNINGER` name the same schemes; no two have one code."""
    assert set(MATRIX) == set(ORDNINGER) == set(FOEDES_VED)
    assert len({kode.kode for kode in ORDNINGER.values()}) == len(ORDNINGER)


def test_R_1_1_every_getmetode_fetches_a_kind_of_act() -> None:
    """`GETMETODER`, the cells, and what `AKTENS_METODE` and the supplementary grants' types name are the same methods."""
    assert set(GETMETODER) == {*chain(*MATRIX.values())} == {*AKTENS_METODE.values(), *TILLAEGETS_METODE.values()}


@pytest.mark.parametrize("ordning", MATRIX)
def test_R_1_1_what_runs_can_end(ordning: str) -> None:
    """A scheme with grants or an agreement ends early by GetOphoer, or is one of `OPHOER_I_ANDEN_METODE`; no other is."""
    loeber = bool({"GetBevilling", "GetAftale"} & MATRIX[ordning])
    assert (ordning in OPHOER_I_ANDEN_METODE) == (loeber and "GetOphoer" not in MATRIX[ordning])


def test_every_kind_of_act_is_found_by_its_id() -> None:
    """`akter_efter_slags` has a row for each class of act, by its name, and `AKTENS_METODE` names no other kind."""
    assert {art for art, _ in akter_efter_slags(a_sag())} == SLAGS
    assert set(AKTENS_METODE) <= SLAGS


def test_every_kind_of_act_has_its_subskabelon() -> None:
    """A notification names it by code. A supplementary grant's is its type's; a document has that of the act it is about."""
    typers = {f"Tillaegsbevilling{type_}" for type_ in TILLAEGETS_METODE}
    assert (SLAGS - {"Tillaegsbevilling", "Dokument"}) | typers <= set(SUBSKABELONER)
    assert len({kode.kode for kode in SUBSKABELONER.values()}) == len(SUBSKABELONER)


def test_every_event_has_its_fold() -> None:
    """Each can come first or later; as many can come first as there are actions that open cases."""
    assert {*FOLDNINGER, *FOEDSLER} == set(h.HAENDELSER)
    assert len(FOEDSLER) == len(FOERSTE)
