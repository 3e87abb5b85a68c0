"""The lists as data: the shared columns, the seven areas, and every GetMetode in one of them."""

from itertools import product

import pytest

from hub.domain.koder import ANSOEGNINGSTATUS, ORDNINGER
from hub.domain.matrix import MATRIX
from hub.projections import sager
from hub.projections.listekolonner import EGNE, FAELLES, NOEGLER
from hub.projections.metoder import METODER
from hub.projections.omraader import OMRAADER, Betingelse, Kilde

UDEN_LISTE: frozenset[str] = frozenset({"GetPDF"})
"""A document is found by its act; it is no row of a list."""


def test_R_1_6_team_and_medarbejder_stand_in_the_same_place_in_every_list() -> None:
    """All seven areas begin with the same columns in the same order, Team and Medarbejder side by side among them."""
    assert list(OMRAADER) == ["Ansoegninger", "Tilbud", "Bevillinger", "Forlaengelser", "Ophoer", "Soeg", "SendteKladder"]
    steder = {tuple([k.overskrift for k in o.kolonner].index(navn) for navn in ("Team", "Medarbejder")) for o in OMRAADER.values()}
    assert steder == {(2, 3)}
    for omraade in OMRAADER.values():
        assert omraade.kolonner[: len(FAELLES)] == FAELLES and omraade.kolonner[-len(NOEGLER) :] == NOEGLER


def test_R_1_6_a_column_is_defined_once() -> None:
    """No two columns have one name or one heading, and every column of an area's own is used."""
    alle = (*FAELLES, *EGNE.values(), *NOEGLER)
    assert len({k.navn for k in alle}) == len({k.overskrift for k in alle}) == len(alle)
    assert {navn for o in OMRAADER.values() for navn in o.egne} == set(EGNE)


def test_every_getmetode_is_in_a_list() -> None:
    """An act that can be fetched can be found: a new GetMetode needs its row among the areas."""
    assert {kilde.metode for o in OMRAADER.values() for kilde in o.kilder} - {None} == set(METODER) - UDEN_LISTE


@pytest.mark.parametrize(("status", "oeremaerket"), [*product(ANSOEGNINGSTATUS, (True, False, None))])
def test_every_application_is_in_exactly_one_area(status: int, oeremaerket: bool | None) -> None:
    """Whatever its status, and whether or not the company has found the citizen: Ansøgninger, Tilbud or Sendte kladder, never two."""
    raekke = {"ansoegning_status": status, "oeremaerket": oeremaerket}
    hjemme = [navn for navn, o in OMRAADER.items() for kilde in o.kilder if kilde.metode == "GetAnsoegning" and _i(kilde, raekke)]
    assert len(hjemme) == 1
    assert (hjemme == ["SendteKladder"]) == (status == 9202)


@pytest.mark.parametrize("ordning", ORDNINGER)
def test_an_ended_grant_is_an_ophoer_only_of_the_schemes_without_getophoer(ordning: str) -> None:
    """A fleksjob's end is read off its grant; a løntilskud's has a row of its own and is not there twice."""
    ender = [k for k in OMRAADER["Ophoer"].kilder if k.metode == "GetBevilling" and _i(k, {"ordning": ordning, "bevillingsstatus": 9308})]
    loeber = bool({"GetBevilling", "GetAftale"} & MATRIX[ordning])
    assert bool(ender) == (loeber and "GetOphoer" not in MATRIX[ordning])
    assert not any(_i(k, {"ordning": ordning, "bevillingsstatus": 9304}) for k in ender)


def test_every_source_has_the_columns_that_it_names() -> None:
    """Conditions, periods and replacements name columns that are there; a source without a period is that of the cases."""
    for kilde in (k for o in OMRAADER.values() for k in o.kilder):
        tabel = sager.TABEL if kilde.metode is None else METODER[kilde.metode].tabel
        steder = {*tabel.c.keys(), *sager.TABEL.c.keys()}
        navne = [b.kolonne for b in kilde.hvor] + list(kilde.i_stedet.values()) + list(kilde.periode or ())
        assert set(navne) <= steder
        assert (kilde.periode is None) == (kilde.metode is None)


def _i(kilde: Kilde, raekke: dict[str, object]) -> bool:
    return all(_opfyldt(b, raekke[b.kolonne]) for b in kilde.hvor)


def _opfyldt(betingelse: Betingelse, vaerdi: object) -> bool:
    return (vaerdi not in betingelse.vaerdier) if betingelse.uden else vaerdi in betingelse.vaerdier
