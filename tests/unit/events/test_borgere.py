"""The people of an event: who lacks an id, and how everybody gets theirs."""

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from hub.domain import haendelser as h
from hub.domain.personnummerskift import UKENDT
from hub.domain.vilkaar import Ansat, Vikar
from hub.events.borgere import borger_ider, ikke_gaeldende, med_id, uden_id, uden_nummer
from hub.events.sealing import PERSONFELTER

ANSATTE = (Ansat("", "0101900001", "Anna", "K1"), Ansat("kendt", "0101900002", "Bo"))
VIKARER = (Vikar("", "0101900003", "Vera"),)


def ansoegning(eksempel: Callable[..., h.Haendelse]) -> Any:
    """An application of one citizen with three others in its lists, one of whom has an id already."""
    return replace(eksempel(h.AnsoegningOprettet).data, borgerId="", personnummer="0101900004", ansatte=ANSATTE, vikarer=VIKARER)


def test_everybody_without_an_id_is_looked_up_once(eksempel: Callable[..., h.Haendelse]) -> None:
    """The case's citizen and the lists' people, by their numbers; who has an id, and events that name nobody, are left."""
    assert uden_id([ansoegning(eksempel), h.SagFrigivet()]) == {"0101900001", "0101900003", "0101900004"}
    assert uden_id([h.AnsoegningRettet(("ansatte",), ansatte=ANSATTE)]) == {"0101900001"}
    assert uden_id([h.BevillingGodkendt("Virksomhed"), eksempel(h.BevillingUdstedt, fuld=False).data]) == set()


def test_everybody_gets_the_id_of_their_number(eksempel: Callable[..., h.Haendelse]) -> None:
    """Also two entries of one person, and the citizen in a list of their own case; nothing else of the event changes."""
    borgere = {"0101900001": "a", "0101900003": "v", "0101900004": "c"}
    data = ansoegning(eksempel)
    med = med_id(replace(data, ansatte=(*ANSATTE, replace(ANSATTE[0], personnummer="0101900004"))), borgere)
    assert (med.borgerId, [p.borgerId for p in med.ansatte], [p.borgerId for p in med.vikarer]) == ("c", ["a", "kendt", "c"], ["v"])
    assert borger_ider([med]) == {"a", "v", "c", "kendt"}
    assert uden_id([med]) == set()
    assert replace(med_id(data, borgere), borgerId="", ansatte=ANSATTE, vikarer=VIKARER) == data
    frigivet = h.SagFrigivet()
    assert med_id(frigivet, {}) is frigivet


def test_everybody_whose_number_is_not_known_is_somebody_of_their_own(eksempel: Callable[..., h.Haendelse]) -> None:
    """A new id for each, the citizen and two of one list, and another the next time; who has a number or an id is left."""
    ukendte = (replace(ANSATTE[0], personnummer=UKENDT), *ANSATTE, replace(ANSATTE[0], personnummer=UKENDT))
    data = replace(ansoegning(eksempel), personnummer=UKENDT, ansatte=ukendte)
    med = uden_nummer(data)
    assert [p.borgerId for p in (*med.ansatte[1:3], *med.vikarer)] == ["", "kendt", ""]
    assert len(borger_ider([med, uden_nummer(data)]) - {"kendt"}) == 6
    assert uden_id([med]) == {"0101900001", "0101900003"}
    assert replace(med, borgerId="", ansatte=ukendte) == data
    assert uden_nummer(ansoegning(eksempel)) == ansoegning(eksempel)


def test_a_number_that_is_no_current_one_is_named_by_its_place(eksempel: Callable[..., h.Haendelse]) -> None:
    """Every one at once: 9460, the citizen's and each entry's."""
    fejl = ikke_gaeldende([ansoegning(eksempel)], {"0101900001", "0101900004"})
    assert [(f.kode, f.felt, f.status) for f in fejl] == [
        (9460, "data.borger.personnummer", 409),
        (9460, "data.ansatte.0.personnummer", 409),
    ]


def test_every_list_of_people_is_known() -> None:
    """The events with such lists are the application's two."""
    assert {h.AnsoegningOprettet: ("ansatte", "vikarer"), h.AnsoegningRettet: ("ansatte", "vikarer")} == PERSONFELTER
