"""Conflicts, rates, rejection texts and code lists through HTTP: who may, what is answered, and what a case keeps of them."""

import uuid
from datetime import UTC, datetime
from typing import Any

import pytest

pytestmark = pytest.mark.integration
Hub = Any
SATS = {
    "kode": 9411,
    "navn": "Fra ledighed",
    "beskrivelse": "Alle der kommer fra ledighed, 46,00 kr.",
    "startdato": "2026-01-01",
    "slutdato": "2027-01-01",
}
TEKST = {"ordning": "Virksomhedspraktik", "tekstversion": "2026-1", "tekst": "Ansøgningen afslås.", "startdato": "2026-01-01"}
KODE = {"liste": "virksomhedsordningSubskabelon", "kode": 17, "navn": "Første", "startdato": "2026-01-01"}
KONFLIKT = {"fra": "2025-01-01", "fagomraader": ["Transport"]}
ROLLER = ("vitas", "system", "Star-VITAS-CaseWorker", "Star-VITAS-Administrator", "operator", "auditor")
SKRIVER = (
    ("PUT", "/v1/konflikter/10000001", KONFLIKT),
    ("DELETE", "/v1/konflikter/10000001", None),
    ("POST", "/v1/satser", SATS),
    ("POST", "/v1/afslagstekster", TEKST),
    ("POST", "/v1/koder", KODE),
)
LAESER = ("/v1/konflikter/10000002", "/v1/satser", "/v1/afslagstekster", "/v1/koder")


def cvr() -> str:
    """A company that no other test has."""
    return f"{uuid.uuid4().int % 10**8:08}"


def test_a_conflict_is_registered_replaced_ended_and_read_with_its_history(hub: Hub) -> None:
    """PUT, PUT, DELETE: receipts 1, 2, 3 with ETag and Location; GET shows what stands and everything that stood."""
    sti = f"/v1/konflikter/{cvr()}"
    with hub.klient() as vitas:
        svar = [vitas.put(sti, json=KONFLIKT), vitas.put(sti, json=KONFLIKT | {"fagomraader": ["Lager"]}, headers={"If-Match": '"1"'})]
        midt = vitas.get(sti)
        svar.append(vitas.delete(sti, headers={"x-requestId": "slut-" + sti[-8:]}))
        slut = vitas.get(sti)
        igen = vitas.delete(sti, headers={"x-requestId": "slut-" + sti[-8:]})
    assert [(s.status_code, s.json()["version"], s.headers["ETag"], s.headers["Location"]) for s in svar] == [
        (201, n, f'"{n}"', sti) for n in (1, 2, 3)
    ]
    assert svar[0].json().keys() == {"stroem", "version", "haendelser", "registreringstidspunkt"}
    assert midt.json()["staaende"]["fagomraader"] == ["Lager"] and midt.headers["ETag"] == '"2"'
    d = slut.json()
    assert (d["staaende"], d["version"], [r["fagomraader"] for r in d["historik"]]) == (None, 3, [["Transport"], ["Lager"]])
    assert [r["ophoerstidspunkt"] for r in d["historik"]] == [s.json()["registreringstidspunkt"] for s in svar[1:]]
    assert (igen.status_code, igen.json()) == (201, svar[2].json())


def test_without_a_request_id_the_same_body_on_the_same_version_is_one_request_and_else_another(hub: Hub) -> None:
    """With If-Match a repeat gives the first receipt; without, the same conflict can begin, end, begin and end again."""
    sti = f"/v1/konflikter/{cvr()}"
    with hub.klient() as vitas:
        foerste = [vitas.put(sti, json=KONFLIKT), vitas.delete(sti)]
        igen = [vitas.put(sti, json=KONFLIKT), vitas.delete(sti)]
        med = [vitas.put(sti, json=KONFLIKT, headers={"If-Match": '"4"'}) for _ in range(2)]
    assert [s.json()["version"] for s in (*foerste, *igen, *med)] == [1, 2, 3, 4, 5, 5]
    assert med[0].headers["x-requestid"] == med[1].headers["x-requestid"]


def test_a_conflict_that_is_not_there(hub: Hub) -> None:
    """404 with its code for reading and for ending; a CVR number that is none is refused on its field."""
    with hub.klient() as vitas:
        for svar in (vitas.get("/v1/konflikter/99999999"), vitas.delete("/v1/konflikter/99999999"), vitas.get("/v1/konflikter/x")):
            assert (svar.status_code, svar.json()["fejlkode"]) == (404, 9751)
        forkert = vitas.put("/v1/konflikter/1234567", json=KONFLIKT)
    assert (forkert.status_code, [(f["fejlkode"], f["felt"]) for f in forkert.json()["errors"]]) == (422, [(9504, "cvr")])


def test_the_append_paths_own_answers(hub: Hub) -> None:
    """202 while Kafka has it not, 412 for another body, 409 for a wrong version, 415, 400 and 422 with every error at once."""
    id_ = uuid.uuid4().hex
    with hub.klient() as vitas:
        hub.tjenester.kvitteringer.svar = False
        try:
            venter = vitas.post("/v1/koder", json=KODE, headers={"x-requestId": id_})
        finally:
            hub.tjenester.kvitteringer.svar = True
        anden = vitas.post("/v1/koder", json=KODE | {"navn": "Anden"}, headers={"x-requestId": id_})
        version = vitas.post("/v1/koder", json=KODE, headers={"If-Match": '"99"'})
        tekst = vitas.post("/v1/koder", content=b"{}", headers={"content-type": "text/plain"})
        tom = vitas.post("/v1/koder", content=b"", headers={"content-type": "application/json"})
        flere = vitas.post("/v1/koder", json={"liste": "x y", "kode": "1"})
        parameter = vitas.post("/v1/koder?x=1", json=KODE)
    assert [s.status_code for s in (venter, anden, version, tekst, tom, flere, parameter)] == [202, 412, 409, 415, 400, 422, 400]
    assert {(f["fejlkode"], f["felt"]) for f in flere.json()["errors"]} == {
        (9508, "liste"),
        (9503, "kode"),
        (9501, "navn"),
        (9501, "startdato"),
    }


def test_a_delete_takes_no_fields(hub: Hub) -> None:
    """A body that has some is refused by their names, not ignored."""
    with hub.klient() as vitas:
        svar = vitas.request("DELETE", f"/v1/konflikter/{cvr()}", json={"til": "2025-01-01"})
    assert (svar.status_code, [(f["fejlkode"], f["felt"]) for f in svar.json()["errors"]]) == (422, [(9502, "til")])


@pytest.mark.parametrize("rolle", ROLLER)
def test_only_vitas_registers_and_every_role_reads(hub: Hub, rolle: str) -> None:
    """One jobcentre's administrator does not change what holds for all of them: 403 for every role but vitas."""
    with hub.klient() as vitas:
        vitas.put(LAESER[0], json=KONFLIKT)
    with hub.klient(rolle, "46100") as klient:
        assert [klient.get(sti).status_code for sti in LAESER] == [200] * 4
        if rolle != "vitas":
            assert {klient.request(metode, sti, json=krop).status_code for metode, sti, krop in SKRIVER} == {403}


def test_R_3_1_rates_are_read_with_their_history_and_as_of_a_day(hub: Hub) -> None:
    """Rows shipped come first, registered ones after and for ever; on a day the one registered last of those in force, half-open."""
    with hub.klient() as vitas:
        en = vitas.post("/v1/satser", json=SATS).json()
        to = vitas.post("/v1/satser", json=SATS | {"beskrivelse": "Alle der kommer fra ledighed, 46,50 kr."}).json()
        alle = [r for r in vitas.get("/v1/satser").json()["raekker"] if r["kode"] == 9411]
        dage = {}
        for dag in ("2025-12-31", "2026-01-01", "2026-12-31", "2027-01-01", "2035-12-31", "2036-01-01"):
            dage[dag] = [r["raekke"] for r in vitas.get("/v1/satser", params={"paa": dag}).json()["raekker"] if r["kode"] == 9411]
    sidste = f"sats-9411@{to['version']}"
    assert [r["raekke"] for r in alle][-2:] == [f"sats-9411@{en['version']}", sidste] and alle[0]["raekke"] == "9411-2020"
    assert (alle[0]["registreringstidspunkt"], alle[-1]["registreringstidspunkt"]) == (None, to["registreringstidspunkt"])
    assert alle[-1].items() >= (SATS | {"beskrivelse": "Alle der kommer fra ledighed, 46,50 kr.", "kilde": "egen"}).items()
    fast = ["9411-2020"]
    assert dage == {
        "2025-12-31": fast,
        "2026-01-01": [sidste],
        "2026-12-31": [sidste],
        "2027-01-01": fast,
        "2035-12-31": fast,
        "2036-01-01": [],
    }


def test_texts_and_code_lists_are_read_and_filtered(hub: Hub) -> None:
    """By scheme and by list; a code that is not the hub's own is STAR's; a filter or a day that cannot be is 400."""
    with hub.klient() as vitas:
        vitas.post("/v1/afslagstekster", json=TEKST)
        vitas.post("/v1/koder", json=KODE | {"liste": "mentortype"})
        tekster = vitas.get("/v1/afslagstekster", params={"ordning": "Virksomhedspraktik", "paa": "2026-06-01"}).json()
        koder = vitas.get("/v1/koder", params={"liste": "mentortype"}).json()["raekker"]
        status = vitas.get("/v1/koder", params={"liste": "bevillingsstatus"}).json()["raekker"]
        forkerte = [
            vitas.get(sti).status_code
            for sti in ("/v1/koder?liste=x%20y", "/v1/satser?paa=2025-02-30", "/v1/satser?paa=", "/v1/satser?x=1")
        ]
    assert tekster["paa"] == "2026-06-01" and tekster["raekker"][-1].items() >= TEKST.items()
    egne = [r for r in koder if r["registreringstidspunkt"]]
    assert [(r["kode"], r["kilde"], r["slutdato"], r["beskrivelse"]) for r in egne] == [(17, "STAR", None, None)]
    assert {9301, 9304, 9308} <= {r["kode"] for r in status} and {r["kilde"] for r in status} == {"egen"}
    assert forkerte == [400] * 4


def test_R_1_4_a_rate_that_names_an_old_law_is_refused_at_the_door(hub: Hub) -> None:
    """422 on the field, in Danish, and nothing is kept."""
    with hub.klient() as vitas:
        svar = vitas.post("/v1/satser", json=SATS | {"beskrivelse": "Efter lovens § 63, 46,00 kr."})
        assert "§ 63" not in vitas.get("/v1/satser").text
    (fejl,) = svar.json()["errors"]
    assert (svar.status_code, fejl["fejlkode"], fejl["felt"]) == (422, 9753, "beskrivelse") and "1. januar 2020" in fejl["fejltekst"]


def test_R_2_1_a_document_keeps_the_mark_whatever_the_registry_says_later(hub: Hub, ny_sag: Any) -> None:
    """Made while registered, recorded then or after the end: marked for ever. Made after it: not, nor when it is registered anew."""
    nummer = cvr()
    foer, sen, efter = ny_sag(), ny_sag(), ny_sag()

    def opret(bygger: Any, **tid: str) -> Any:
        handling = bygger.opret() | tid
        handling["data"]["virksomhed"]["cvrNummer"] = nummer
        hub.afspil(handling)
        return bygger

    def maerket(bygger: Any) -> bool:
        with hub.klient("system", bygger.jobcenter) as klient:
            return bool(klient.get(f"/v1/Loentilskud/GetAnsoegning/{bygger.ansoegning}").json()["konfliktramt"])

    with hub.klient() as vitas:
        assert vitas.put(f"/v1/konflikter/{nummer}", json=KONFLIKT).status_code == 201
        nej = ny_sag().opret()
        nej["data"] |= {"virksomhed": {"cvrNummer": nummer, "pNummer": "1000000009"}, "konfliktramt": False}
        assert hub.post(nej).json()["fejlkode"] == 9701
        opret(foer)
        assert vitas.delete(f"/v1/konflikter/{nummer}").status_code == 201
        opret(sen)
        opret(efter, haendelsestidspunkt=datetime.now(UTC).isoformat())
        assert [maerket(en) for en in (foer, sen, efter)] == [True, True, False]
        assert vitas.put(f"/v1/konflikter/{nummer}", json=KONFLIKT).status_code == 201
    assert [maerket(en) for en in (foer, sen, efter)] == [True, True, False]


def test_R_3_6_a_document_keeps_the_rate_it_was_decided_with(hub: Hub, ny_sag: Any) -> None:
    """A rate registered after the application changes neither its document nor the ETag; the next application has the new one."""
    sats = {
        "kode": 9403,
        "navn": "Privat",
        "beskrivelse": f"Løntilskud {uuid.uuid4().hex}",
        "startdato": "2025-01-01",
        "slutdato": "2025-12-31",
    }
    foer, efter = ny_sag(), ny_sag()
    hub.afspil(foer.opret())
    with hub.klient("system", foer.jobcenter) as klient, hub.klient() as vitas:
        sti = f"/v1/Loentilskud/GetAnsoegning/{foer.ansoegning}"
        svar = klient.get(sti)
        assert vitas.post("/v1/satser", json=sats).status_code == 201
        assert (klient.get(sti).json(), klient.get(sti).headers["ETag"]) == (svar.json(), svar.headers["ETag"])
        hub.afspil(efter.opret())
        nyt = klient.get(f"/v1/Loentilskud/GetAnsoegning/{efter.ansoegning}").json()
    assert svar.json()["timeTilskudsatsBeskrivelse"] != sats["beskrivelse"] == nyt["timeTilskudsatsBeskrivelse"]
