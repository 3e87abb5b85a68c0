"""POST /v1/borgere/personnummerskift over real HTTP: new at once, old as of before, and never a number outside the body."""

from datetime import UTC, datetime
from itertools import count
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text

from hub.events.topics import FAKTA_PARTITIONER

pytestmark = pytest.mark.integration
Hub = Any
STI = "/v1/borgere/personnummerskift"
LOEBENUMMER = count(1000)


@pytest.fixture
def numre() -> tuple[str, str]:
    """Two CPR numbers that no other test has."""
    return f"010190{next(LOEBENUMMER)}", f"020290{next(LOEBENUMMER)}"


def skift(hub: Hub, krop: Any, **hoveder: str) -> httpx.Response:
    """The door's answer to a change, from VITAS."""
    with hub.klient() as vitas:
        return vitas.post(STI, json=krop, headers=hoveder)


def sager_af(hub: Hub, ny_sag: Any, cpr: str, antal: int = 2) -> list[Any]:
    """Cases of one citizen, projected."""
    byggere = [ny_sag() for _ in range(antal)]
    for b in byggere:
        opret = b.opret()
        opret["data"]["borger"]["personnummer"] = cpr
        hub.afspil(opret, b.underskriv())
    return byggere


def vist(hub: Hub, b: Any, **valg: Any) -> Any:
    """The number that the application's document shows."""
    with hub.klient("system", b.jobcenter) as system:
        svar = system.get(f"/v1/Loentilskud/GetAnsoegning/{b.ansoegning}", params=valg)
    assert svar.status_code == 200, svar.text
    return svar.json()["borger"]["personnummer"]


def test_documents_show_the_new_number_at_once_and_the_old_one_as_of_before(hub: Hub, ny_sag: Any, numre: tuple[str, str]) -> None:
    """Every case of the citizen: the version of the receipt shows the new number; an earlier version or time shows the old one."""
    gammelt, nyt = numre
    sager = sager_af(hub, ny_sag, gammelt)
    foer = datetime.now(UTC).isoformat()
    svar = skift(hub, {"gammelt": gammelt, "nyt": nyt})
    assert svar.status_code == 201 and "ETag" not in svar.headers and "Location" not in svar.headers
    hub.fremad()
    kvittering = svar.json()
    assert sorted(h["sagsId"] for h in kvittering["haendelser"]) == sorted(b.sags_id for b in sager)
    for b, haendelse in zip(sorted(sager, key=lambda b: b.sags_id), kvittering["haendelser"], strict=True):
        assert (haendelse["sagsId"], haendelse["version"]) == (b.sags_id, 3)
        assert (vist(hub, b), vist(hub, b, version=3), vist(hub, b, asOf=foer)) == (nyt, nyt, gammelt)


def test_both_numbers_find_the_cases_and_only_the_new_one_opens_one(hub: Hub, ny_sag: Any, numre: tuple[str, str]) -> None:
    """Search by either finds the same cases; an application by the old number is refused with STAR's 9460."""
    gammelt, nyt = numre
    (b,) = sager_af(hub, ny_sag, gammelt, 1)
    assert skift(hub, {"gammelt": gammelt, "nyt": nyt}).status_code == 201
    hub.fremad()
    with hub.klient("system", b.jobcenter) as system:
        fundne = [system.post("/v1/soeg", json={}, headers={"x-civilRegistrationIdentifier": cpr}).json()["raekker"] for cpr in numre]
    assert fundne[0] == fundne[1] and [r["sagsId"] for r in fundne[0]] == [b.sags_id]
    opret = ny_sag().opret()
    opret["data"]["borger"]["personnummer"] = gammelt
    svar = hub.post(opret)
    assert (svar.status_code, [(f["fejlkode"], f["felt"]) for f in svar.json()["errors"]]) == (409, [(9460, "data.borger.personnummer")])
    opret["data"]["borger"]["personnummer"] = nyt
    assert hub.post(opret).status_code == 201


def test_the_jobcentre_is_told_of_each_cases_main_act(hub: Hub, ny_sag: Any, numre: tuple[str, str]) -> None:
    """One message a case, of the main act with its GetMetode, not as a creation; the grant where there is one."""
    gammelt, nyt = numre
    ansoegning, bevilling = sager_af(hub, ny_sag, gammelt)
    hub.afspil(bevilling.bevilg())
    skift(hub, {"gammelt": gammelt, "nyt": nyt})
    hub.fremad()
    with hub.motor.connect() as conn:
        raekker = conn.execute(
            text(
                "SELECT sags_id, get_metode, ekstern_identifier, subskabelon, er_oprettelse FROM delivery.notifikationer n "
                "WHERE sags_id = ANY(:s) AND version = (SELECT max(version) FROM delivery.notifikationer WHERE sags_id = n.sags_id)"
            ),
            {"s": [ansoegning.sags_id, bevilling.sags_id]},
        ).all()
    assert {tuple(r) for r in raekker} == {
        (ansoegning.sags_id, "GetAnsoegning", ansoegning.ansoegning, 9101, False),
        (bevilling.sags_id, "GetBevilling", bevilling.bevilling, 9104, False),
    }


def test_202_while_kafka_has_not_all_of_it_and_the_same_receipt_again(hub: Hub, ny_sag: Any, numre: tuple[str, str]) -> None:
    """Acknowledged by PostgreSQL alone: 202; asked again once Kafka has it: 201, to the byte the same."""
    gammelt, nyt = numre
    sager_af(hub, ny_sag, gammelt)
    krop, request_id = {"gammelt": gammelt, "nyt": nyt}, uuid4().hex
    hub.tjenester.kvitteringer.svar = False
    foerste = skift(hub, krop, **{"x-requestId": request_id})
    hub.tjenester.kvitteringer.svar = True
    igen = skift(hub, krop, **{"x-requestId": request_id})
    assert (foerste.status_code, igen.status_code) == (202, 201)
    assert foerste.content == igen.content and igen.headers["x-requestId"] == request_id
    anden = skift(hub, {"gammelt": nyt, "nyt": gammelt}, **{"x-requestId": request_id})
    assert (anden.status_code, anden.json()["fejlkode"]) == (412, 9801)
    hub.fremad()


def test_the_same_change_without_a_request_id_is_one_when_it_says_when(hub: Hub, ny_sag: Any, numre: tuple[str, str]) -> None:
    """With its time a repeat gives the first receipt; without, it is another request."""
    gammelt, nyt = numre
    sager_af(hub, ny_sag, gammelt)
    krop = {"gammelt": gammelt, "nyt": nyt, "haendelsestidspunkt": "2026-01-02T08:00:00Z"}
    foerste, igen = skift(hub, krop), skift(hub, krop)
    assert (foerste.status_code, foerste.content) == (201, igen.content)
    uden = [skift(hub, {"gammelt": gammelt, "nyt": nyt}).headers["x-requestid"] for _ in range(2)]
    assert uden[0] != uden[1]
    hub.fremad()


@pytest.mark.parametrize(
    ("krop", "fejl"),
    [
        ({}, [(9501, "gammelt"), (9501, "nyt")]),
        ({"gammelt": "0101901239", "nyt": "0101901239"}, [(9642, "nyt")]),
        ({"gammelt": "0000000000", "nyt": "0000000000"}, [(9645, "gammelt"), (9645, "nyt")]),
        ({"gammelt": "3102901239", "nyt": 101901239}, [(9504, "gammelt"), (9503, "nyt")]),
        (
            {
                "gammelt": "010190-1239",
                "nyt": "0202901239",
                "cpr": 1,
                "haendelsestidspunkt": "i går",
                "aktoer": {"type": "Konge", "id": ""},
            },
            [(9504, "gammelt"), (9507, "haendelsestidspunkt"), (9508, "aktoer.type"), (9505, "aktoer.id"), (9502, "cpr")],
        ),
    ],
)
def test_every_error_of_the_form_at_once_and_no_number_in_the_answer(hub: Hub, krop: dict[str, Any], fejl: list[tuple[int, str]]) -> None:
    """422 with code and field of each; what was typed is never repeated."""
    svar = skift(hub, krop)
    assert (svar.status_code, [(f["fejlkode"], f["felt"]) for f in svar.json()["errors"]]) == (422, fejl)
    assert not any(cifre in svar.text for cifre in ("1239", "101901"))


def test_what_contradicts_the_register_is_refused(hub: Hub, ny_sag: Any, numre: tuple[str, str]) -> None:
    """Nobody's number is 404, another citizen's 409, an earlier number of the citizen's STAR's 9460, 409."""
    gammelt, nyt = numre
    sager_af(hub, ny_sag, gammelt, 1)
    sager_af(hub, ny_sag, nyt, 1)
    frisk, fremmed = f"030390{next(LOEBENUMMER)}", f"040490{next(LOEBENUMMER)}"
    svar = [skift(hub, {"gammelt": g, "nyt": n}) for g, n in ((fremmed, frisk), (gammelt, nyt), (gammelt, frisk), (gammelt, fremmed))]
    assert [(s.status_code, s.json().get("fejlkode")) for s in svar] == [(404, 9641), (409, 9643), (201, None), (409, 9460)]
    hub.fremad()


def test_only_vitas_changes_a_number(hub: Hub, numre: tuple[str, str]) -> None:
    """Every other role is refused before the body is read."""
    for rolle in ("system", "Star-VITAS-CaseWorker", "Star-VITAS-Administrator", "operator", "auditor"):
        with hub.klient(rolle, "46100") as klient:
            assert klient.post(STI, json={"gammelt": numre[0], "nyt": numre[1]}).status_code == 403


def test_a_number_in_the_address_or_under_another_type_is_refused(hub: Hub, numre: tuple[str, str]) -> None:
    """The address takes no parameter, the body no other type, and the request id no number."""
    gammelt, nyt = numre
    with hub.klient() as vitas:
        assert vitas.post(STI, params={"gammelt": gammelt}, json={}).json()["fejlkode"] == "ukendt_parameter"
        assert vitas.post(STI, data={"gammelt": gammelt, "nyt": nyt}).status_code == 415
        assert vitas.post(STI, json={}, headers={"x-requestId": f"r-{gammelt}"}).json()["fejlkode"] == "ugyldigt_request_id"
        assert vitas.post(STI, content=b"[]", headers={"content-type": "application/json"}).status_code == 400


def test_while_a_lane_is_behind_nothing_changes(hub: Hub, ny_sag: Any, numre: tuple[str, str]) -> None:
    """503 with Retry-After, and afterwards the old number still stands."""
    gammelt, nyt = numre
    (b,) = sager_af(hub, ny_sag, gammelt, 1)
    with hub.motor.begin() as conn:
        conn.execute(text("UPDATE ledger.baner SET bagud = 'x'"))
    svar = skift(hub, {"gammelt": gammelt, "nyt": nyt})
    with hub.motor.begin() as conn:
        conn.execute(text("UPDATE ledger.baner SET bagud = NULL"))
    assert (svar.status_code, svar.json()["fejlkode"]) == (503, "hovedbog_bagud") and svar.headers["Retry-After"]
    assert vist(hub, b) == gammelt
    assert skift(hub, {"gammelt": gammelt, "nyt": nyt}).status_code == 201
    hub.fremad()


def test_a_restored_ledger_gives_the_first_receipt_again(hub: Hub, ny_sag: Any, numre: tuple[str, str]) -> None:
    """Made anew from the log, partition by partition, the receipt has every case's event and is the same to the byte."""
    gammelt, nyt = numre
    sager_af(hub, ny_sag, gammelt, 6)
    krop, request_id = {"gammelt": gammelt, "nyt": nyt}, uuid4().hex
    foerste = skift(hub, krop, **{"x-requestId": request_id})
    hub.fremad()
    for gang in range(2):
        with hub.motor.begin() as conn:
            conn.execute(text("DELETE FROM ledger.outbox"))
            if gang == 0:
                conn.execute(text("DELETE FROM ledger.anmodninger"))
        for partition in range(FAKTA_PARTITIONER):
            if partition in hub.log:
                hub.genskab(partition, ())
        igen = skift(hub, krop, **{"x-requestId": request_id})
        assert (igen.status_code, igen.content) == (201, foerste.content)
    assert len({h["sagsId"] for h in foerste.json()["haendelser"]}) == 6
    assert skift(hub, {**krop, "nyt": gammelt, "gammelt": nyt}, **{"x-requestId": request_id}).status_code == 412
