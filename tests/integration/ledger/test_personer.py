"""Other people of a case: each has an id and a key of their own, found or made in the append."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from byggere import LISTER, raa

from hub.domain.haendelser import AnsoegningOprettet, AnsoegningRettet
from hub.domain.personnummerskift import UKENDT
from hub.domain.vilkaar import Ansat
from hub.events.sealing import KanIkkeAabnes, aabn

pytestmark = pytest.mark.integration
Hus = Any


def jobrotation(hus: Hus, sags_id: str, handling: str = "OpretAnsoegning", **data: Any) -> Any:
    """An order on a jobrotation; the first opens it."""
    akt = str(uuid.uuid5(uuid.UUID(sags_id), "akt"))
    return hus.ordre({**raa(handling, ordning="Jobrotation", **data), "sagsId": sags_id, "eksternIdentifier": akt})


def haendelser(hus: Hus, sags_id: str) -> list[Any]:
    """The case's events, as the log will have them."""
    return [
        hus.kodeks.afkod(bytes(v)).data
        for (v,) in hus.sql("SELECT vaerdi FROM ledger.outbox WHERE stroem = :s ORDER BY version", s=sags_id)
    ]


def noegler(hus: Hus, *navne: str) -> dict[str, bytes]:
    """Keys by name."""
    with hus.engine.begin() as conn:
        return dict(hus.noegler.hent(conn, navne))


@pytest.fixture
def sags_id() -> str:
    """A case that no other test has."""
    return str(uuid.uuid4())


def test_everybody_in_a_list_is_sealed_with_a_key_of_their_own(hus: Hus, sags_id: str) -> None:
    """The case's citizen, an employee and a substitute: three ids, three keys, and none opens another's name."""
    hus.en(jobrotation(hus, sags_id))
    (data,) = haendelser(hus, sags_id)
    assert isinstance(data, AnsoegningOprettet)
    (ansat,), (vikar,) = data.ansatte, data.vikarer
    fundne = noegler(hus, data.borgerId, ansat.borgerId, vikar.borgerId)
    assert len(fundne) == 3
    assert [aabn(p.navn, fundne[p.borgerId]) for p in (ansat, vikar)] == ["Anna Ansat", "Viggo Vikar"]  # type: ignore[arg-type]
    with pytest.raises(KanIkkeAabnes):
        aabn(ansat.navn, fundne[vikar.borgerId])  # type: ignore[arg-type]
    assert {r.borger_id for r in hus.sql("SELECT borger_id FROM keys.personer")} == set(fundne)
    assert dict(hus.sql("SELECT noegle, borger_id FROM keys.noegler WHERE slags = 'borger'")) == {b: b for b in fundne}  # type: ignore[arg-type]


def test_people_named_on_a_case_that_is_there_are_found_or_made(hus: Hus, sags_id: str) -> None:
    """A correction brings a known person and a new one: the known keeps id and key; both are sealed for the correction's own event."""
    hus.en(jobrotation(hus, sags_id))
    ny = {"personnummer": "0606900006", "navn": "Nora Ny", "kursus": "K1"}
    hus.en(jobrotation(hus, sags_id, "RetAnsoegning", ansatte=[*LISTER["ansatte"], ny]))
    oprettet, rettet = haendelser(hus, sags_id)
    assert isinstance(rettet, AnsoegningRettet)
    assert rettet.ansatte[0].borgerId == oprettet.ansatte[0].borgerId != rettet.ansatte[1].borgerId
    fundne = noegler(hus, *(a.borgerId for a in rettet.ansatte))
    assert [aabn(a.navn, fundne[a.borgerId]) for a in rettet.ansatte] == ["Anna Ansat", "Nora Ny"]  # type: ignore[arg-type]


def test_a_correction_in_the_same_call_as_its_case_finds_its_people_too(hus: Hus, sags_id: str) -> None:
    """Made, corrected twice and signed in one call, each on what the one before it made; one person in two of them is one person."""
    ny = {"personnummer": "0606900006", "navn": "Nora Ny", "kursus": "K1"}
    ordrer = [
        jobrotation(hus, sags_id),
        jobrotation(hus, sags_id, "RetAnsoegning", ansatte=[ny]),
        jobrotation(hus, sags_id, "RetAnsoegning", ansatte=[ny, *LISTER["ansatte"]]),
        jobrotation(hus, sags_id, "UnderskrivAnsoegning"),
    ]
    assert [s.kvittering["version"] for s in hus.ledger.append(ordrer)] == [1, 2, 3, 4]
    _, foerste, anden, _ = haendelser(hus, sags_id)
    assert foerste.ansatte[0].borgerId == anden.ansatte[0].borgerId != anden.ansatte[1].borgerId


def test_a_refused_order_leaves_no_person(hus: Hus, sags_id: str) -> None:
    """Neither a new case nor a correction that is refused makes anybody an id or a key."""
    hus.en(jobrotation(hus, sags_id))
    foer = hus.indhold()
    ukendt = [{"personnummer": "0707900007", "navn": "Ukendt", "kursus": "K9"}]
    hus.afvist(jobrotation(hus, sags_id, "RetAnsoegning", ansatte=ukendt))
    hus.afvist(jobrotation(hus, str(uuid.uuid4()), ansatte=ukendt))
    assert hus.indhold() == foer


def test_two_calls_that_name_the_same_new_people_agree_on_them(hus: Hus, sags_id: str) -> None:
    """At the same moment, in opposite orders: one id for each, and nobody waits for ever."""
    anden = str(uuid.uuid4())
    for sag in (sags_id, anden):
        hus.en(jobrotation(hus, sag))
    nye = [{"personnummer": f"08089000{nr:02}", "navn": f"Ny {nr}", "kursus": "K1"} for nr in range(8)]

    def ret(sag: str, ansatte: list[dict[str, str]]) -> Callable[[], Any]:
        return lambda: hus.en(jobrotation(hus, sag, "RetAnsoegning", ansatte=ansatte))

    hus.samtidig(ret(sags_id, nye), ret(anden, nye[::-1]))
    en, to = ({_cpr(hus, a): a.borgerId for a in haendelser(hus, sag)[1].ansatte} for sag in (sags_id, anden))
    assert en == to
    assert len(set(en.values())) == len(nye)


def test_nobody_is_known_by_the_number_that_says_unknown(hus: Hus, sags_id: str) -> None:
    """Two cases of one call, and two employees of each: six people, six keys, and nobody is found by it.

    Erasing one leaves the others.
    """
    anden = str(uuid.uuid4())
    ukendte = [{"personnummer": UKENDT, "navn": f"Ukendt {nr}", "kursus": "K1"} for nr in range(2)]
    borger = {"personnummer": UKENDT, "navn": "Ukendt Borger"}
    hus.ledger.append([jobrotation(hus, sag, borger=borger, ansatte=ukendte) for sag in (sags_id, anden)])
    data = [*haendelser(hus, sags_id), *haendelser(hus, anden)]
    folk = [d.borgerId for d in data] + [a.borgerId for d in data for a in d.ansatte]
    assert len(set(folk)) == len(noegler(hus, *folk)) == 6
    kendte = {r.borger_id for r in hus.sql("SELECT borger_id FROM keys.personer")}
    assert kendte == {v.borgerId for d in data for v in d.vikarer}
    with hus.engine.connect() as conn:
        assert hus.noegler.find_borger(conn, UKENDT) is None
    hus.sql("DELETE FROM keys.noegler WHERE borger_id = :b", b=folk[0])
    assert set(noegler(hus, *folk, sags_id, anden)) == {*folk[1:], anden}


def test_an_unknown_number_in_a_correction_is_somebody_new(hus: Hus, sags_id: str) -> None:
    """On a case that is there: each time it is named, also beside people who are found, and in the case's own call."""
    ukendt = {"personnummer": UKENDT, "navn": "Ukendt", "kursus": "K1"}
    hus.ledger.append([jobrotation(hus, sags_id), jobrotation(hus, sags_id, "RetAnsoegning", ansatte=[ukendt])])
    hus.en(jobrotation(hus, sags_id, "RetAnsoegning", ansatte=[ukendt, *LISTER["ansatte"]]))
    hus.en(jobrotation(hus, sags_id, "RetAnsoegning", ansatte=[ukendt, ukendt]))
    oprettet, *rettelser = haendelser(hus, sags_id)
    (en,), (to, kendt), (tre, fire) = [r.ansatte for r in rettelser]
    assert kendt.borgerId == oprettet.ansatte[0].borgerId
    ukendte = [en, to, tre, fire]
    assert len({a.borgerId for a in ukendte}) == 4
    assert [_cpr(hus, a) for a in ukendte] == [UKENDT] * 4
    assert len(hus.sql("SELECT 1 FROM keys.personer")) == 3


def _cpr(hus: Hus, ansat: Ansat) -> str:
    return str(aabn(ansat.personnummer, noegler(hus, ansat.borgerId)[ansat.borgerId]))  # type: ignore[arg-type]
