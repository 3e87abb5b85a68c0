"""Search and lists over real HTTP: rows, roles, pages, CSV, the citizen by header, and what the logs have of it."""

import csv
import io
import time
import uuid
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from sqlalchemy import text

from hub.api.openapi import beskrivelse
from hub.events.personer import Nummerskift
from hub.projections.omraader import OMRAADER

pytestmark = pytest.mark.integration

ODENSE, AARHUS = "46100", "75100"
CPR, NAVN = "0101901234", "Bodil Hemmelig Testsen"
CIVIL = "x-civilRegistrationIdentifier"


@pytest.fixture
def team() -> str:
    """A team that no other test's cases have, so that a list narrowed to it has this test's only."""
    return f"Team {uuid.uuid4().hex[:8]}"


@pytest.fixture
def sag(hub: Any, bygger: Any, team: str) -> Any:
    """A granted case of the team in Odense, projected: version 5."""
    medarbejder = {"navn": "Bo Behandler", "email": "bo@odense.dk"}
    tildelt = bygger.handling("TildelSag", bygger.ansoegning, team=team, medarbejder=medarbejder)
    hub.afspil(bygger.opret(), bygger.underskriv(), tildelt, bygger.godkend(), bygger.bevilg())
    return bygger


def _soegninger(hub: Any) -> list[dict[str, Any]]:
    with hub.motor.connect() as conn:
        return [dict(r) for r in conn.execute(text("SELECT * FROM audit.soegninger ORDER BY id")).mappings()]


def test_R_1_6_every_area_answers_rows_that_fit_their_schema(hub: Any, sag: Any, team: str) -> None:
    """The case is in the areas of its acts and in no other, Team and Medarbejder beside each other in each row; an empty list is a list."""
    dokument = beskrivelse()
    with hub.klient("Star-VITAS-CaseWorker", ODENSE) as sagsbehandler:
        svar = {omraade: sagsbehandler.get(f"/v1/lister/{omraade}", params={"team": team}) for omraade in OMRAADER}
    assert {s.status_code for s in svar.values()} == {200}
    for omraade, s in svar.items():
        Draft202012Validator({"$ref": "#/components/schemas/Liste", **dokument}).validate(s.json())
        for raekke in s.json()["raekker"]:
            Draft202012Validator({"$ref": f"#/components/schemas/Raekke{omraade}", **dokument}).validate(raekke)
            assert list(raekke)[2:4] == ["team", "medarbejder"] and raekke["medarbejder"] == "Bo Behandler"
    akter = {omraade: [r["eksternIdentifier"] for r in s.json()["raekker"]] for omraade, s in svar.items()}
    assert {omraade: fundet for omraade, fundet in akter.items() if fundet} == {
        "Ansoegninger": [sag.ansoegning], "Bevillinger": [sag.bevilling], "Soeg": [None],
    }  # fmt: skip
    assert svar["Ophoer"].json() == {"omraade": "Ophoer", "raekker": [], "antal": 0, "antalErMindst": False, "naeste": None}


def test_R_1_6_a_row_leads_to_its_document(hub: Any, sag: Any, team: str) -> None:
    """The link of a row fetches the act, or the case, that the row shows, at least at its version."""
    with hub.klient("system", ODENSE) as fagsystem:
        for omraade in ("Ansoegninger", "Bevillinger", "Soeg"):
            (raekke,) = fagsystem.get(f"/v1/lister/{omraade}", params={"team": team}).json()["raekker"]
            document = fagsystem.get(raekke["link"], params={"version": raekke["version"]}).json()
            assert document["sagsId"] == raekke["sagsId"] == sag.sags_id
            assert raekke["eksternIdentifier"] in (document["eksternIdentifier"], None)
            assert document["borger"]["navn"] == raekke["borgerNavn"] == NAVN


def test_names_are_for_those_who_work_on_the_case(hub: Any, sag: Any, team: str) -> None:
    """The auditor sees every jobcentre's rows without the citizens' names; a CPR number is in no row of anybody's."""
    with hub.klient("system", ODENSE) as fagsystem, hub.klient("auditor") as revisor:
        egen = fagsystem.get("/v1/lister/Soeg", params={"team": team})
        revisors = revisor.get("/v1/lister/Soeg", params={"team": team})
    assert [r["borgerNavn"] for r in egen.json()["raekker"]] == [NAVN]
    assert [r["borgerNavn"] for r in revisors.json()["raekker"]] == [None]
    assert CPR not in egen.text + revisors.text


def test_an_erased_citizen_s_row_has_no_name_and_says_so(hub: Any, sag: Any, team: str) -> None:
    """The key is asked for at the query; without it the name is null."""
    with hub.klient("system", ODENSE) as fagsystem:
        (foer,) = fagsystem.get("/v1/lister/Soeg", params={"team": team}).json()["raekker"]
        with hub.motor.connect() as conn, conn.begin() as transaktion:
            borger = conn.execute(text("SELECT borger_id FROM gen_1.sager WHERE sags_id = :s"), {"s": sag.sags_id}).scalar_one()
            gemt = conn.execute(text("DELETE FROM keys.noegler WHERE noegle = :b RETURNING *"), {"b": borger}).mappings().one()
            transaktion.commit()
        (efter,) = fagsystem.get("/v1/lister/Soeg", params={"team": team}).json()["raekker"]
        with hub.motor.begin() as conn:
            felter = ", ".join(gemt)
            conn.execute(text(f"INSERT INTO keys.noegler ({felter}) VALUES ({', '.join(':' + f for f in gemt)})"), dict(gemt))
    assert (foer["borgerNavn"], foer["personoplysningerSlettet"]) == (NAVN, False)
    assert (efter["borgerNavn"], efter["personoplysningerSlettet"]) == (None, True)


def test_R_1_6_another_jobcentre_never_sees_a_row(hub: Any, sag: Any, team: str) -> None:
    """I7: not in a list, not by any search, not by naming the jobcentre; nothing of the case is in the access log for it."""
    with hub.klient("Star-VITAS-CaseWorker", AARHUS) as fremmed, hub.klient("Star-VITAS-Administrator") as ingen:
        for klient in (fremmed, ingen):
            for omraade in OMRAADER:
                assert klient.get(f"/v1/lister/{omraade}", params={"team": team}).json()["raekker"] == []
            assert klient.post("/v1/soeg", json={"sagsId": sag.sags_id}).json()["raekker"] == []
            assert klient.post("/v1/soeg", json={"team": team}, headers={CIVIL: CPR}).json()["raekker"] == []
            svar = klient.get("/v1/lister/Soeg", params={"jobCenterKode": ODENSE})
            assert (svar.status_code, svar.json()["fejlkode"]) == (403, "ikke_eget_jobcenter")
    assert hub.adgang(sag.sags_id) == []


def test_a_case_that_moves_leaves_one_list_and_enters_another(hub: Any, sag: Any, team: str) -> None:
    """As it stands now: the former owner has it in no list, the new one in its own."""
    hub.afspil(sag.flyt(AARHUS))
    fundet = []
    for jobcenter in (ODENSE, AARHUS):
        with hub.klient("system", jobcenter) as fagsystem:
            fundet.append([r["sagsId"] for r in fagsystem.post("/v1/soeg", json={"sagsId": sag.sags_id}).json()["raekker"]])
    assert fundet == [[], [sag.sags_id]]


@pytest.mark.parametrize("rolle", ["vitas", "operator"])
def test_who_sees_no_cases_has_no_lists(hub: Any, rolle: str) -> None:
    """The roles of the guard's table, as for every read of a case."""
    with hub.klient(rolle) as klient:
        svar = [klient.get("/v1/lister/Soeg"), klient.post("/v1/soeg", json={"team": "x"})]
    assert [(s.status_code, s.json()["fejlkode"]) for s in svar] == [(403, "mangler_rolle")] * 2


def test_R_1_6_pages_are_walked_both_ways_and_in_csv(hub: Any, ny_sag: Any, team: str) -> None:
    """`naeste` of a page begins the next one, in JSON and in the header beside CSV; falling is rising turned round."""
    sager = [ny_sag() for _ in range(5)]
    for bygger in sager:
        hub.afspil(bygger.opret(), bygger.handling("TildelSag", bygger.ansoegning, team=team))
    with hub.klient("system", ODENSE) as fagsystem:

        def side(efter: str | None, sorter: str, **hoveder: str) -> Any:
            params = {"team": team, "maks": "2", "sorter": sorter, **({} if efter is None else {"efter": efter})}
            svar = fagsystem.get("/v1/lister/Soeg", params=params, headers=hoveder)
            assert svar.status_code == 200, svar.text
            return svar

        gange = {}
        for sorter in ("registreringstidspunkt", "-registreringstidspunkt"):
            gange[sorter], svar = [], side(None, sorter)
            assert svar.json()["antal"] == 5
            gange[sorter] += svar.json()["raekker"]
            while efter := svar.json()["naeste"]:
                svar = side(efter, sorter)
                assert svar.json()["antal"] is None
                gange[sorter] += svar.json()["raekker"]
        linjer, efter = [], None
        while True:
            svar = side(efter, "registreringstidspunkt", accept="text/csv")
            assert svar.headers["content-type"] == "text/csv; header=present; charset=utf-8"
            linjer += list(csv.DictReader(io.StringIO(svar.text, newline="")))
            if (efter := svar.headers.get("x-naeste")) is None:
                break
    ids = [r["sagsId"] for r in gange["registreringstidspunkt"]]
    assert ids == [b.sags_id for b in sager] == [r["Sags-id"] for r in linjer]
    assert [r["sagsId"] for r in gange["-registreringstidspunkt"]] == ids[::-1]
    assert {(r["Team"], r["Borger"], r["Ansøgningsstatus"]) for r in linjer} == {(team, NAVN, "Kladde")}


def test_a_continuation_is_only_for_its_own_question(hub: Any, ny_sag: Any, team: str) -> None:
    """Other criteria, another order, another area, or a citizen: 400, and nothing is shown."""
    for bygger in (ny_sag(), ny_sag()):
        hub.afspil(bygger.opret(), bygger.handling("TildelSag", bygger.ansoegning, team=team))
    with hub.klient("system", ODENSE) as fagsystem:
        efter = fagsystem.get("/v1/lister/Soeg", params={"team": team, "maks": 1}).json()["naeste"]
        egen = {"team": team, "efter": efter}
        assert fagsystem.get("/v1/lister/Soeg", params=egen).status_code == 200
        for svar in (
            fagsystem.get("/v1/lister/Soeg", params={"efter": efter}),
            fagsystem.get("/v1/lister/Soeg", params={**egen, "sorter": "team"}),
            fagsystem.get("/v1/lister/Ansoegninger", params=egen),
            fagsystem.get("/v1/lister/Soeg", params=egen, headers={CIVIL: CPR}),
            fagsystem.get("/v1/lister/Soeg", params={**egen, "efter": efter[:-4]}),
        ):
            assert (svar.status_code, svar.json()["fejlkode"], svar.json()["errors"][0]["felt"]) == (400, "ugyldig_fortsaettelse", "efter")


def test_a_citizen_is_found_by_the_current_number_and_by_an_earlier_one(hub: Any, sag: Any, team: str) -> None:
    """After a change of number both find the cases; the header narrows a list as it does a search, and is enough alone."""
    nyt, personer = "0202801234", hub.tjenester.noeglering.personer
    with hub.motor.begin() as conn:
        assert personer.skift(conn, CPR, nyt) is Nummerskift.SKIFTET
    try:
        with hub.klient("Star-VITAS-CaseWorker", ODENSE) as sagsbehandler:
            for cpr in (CPR, nyt):
                soegt = sagsbehandler.post("/v1/soeg", json={"team": team}, headers={CIVIL: cpr}).json()
                listet = sagsbehandler.get("/v1/lister/Bevillinger", params={"team": team}, headers={CIVIL: cpr}).json()
                assert [r["sagsId"] for r in soegt["raekker"]] == [r["sagsId"] for r in listet["raekker"]] == [sag.sags_id]
                alene = sagsbehandler.post("/v1/soeg", json={}, headers={CIVIL: cpr}).json()
                assert sag.sags_id in [r["sagsId"] for r in alene["raekker"]]
    finally:
        with hub.motor.begin() as conn:
            assert personer.skift(conn, nyt, CPR) is Nummerskift.SKIFTET


def test_an_unknown_cpr_number_is_an_empty_answer_of_the_same_shape(hub: Any, sag: Any) -> None:
    """Nothing tells a number that nobody has from one whose cases are another jobcentre's: same answer, same work."""
    with hub.klient("system", AARHUS) as fremmed:
        svar = [fremmed.post("/v1/soeg", json={}, headers={CIVIL: cpr}) for cpr in ("3112991234", CPR)]
        tider: list[list[float]] = [[], []]
        for _ in range(15):
            for nummer, cpr in enumerate(("3112991234", CPR)):
                start = time.perf_counter()
                fremmed.post("/v1/soeg", json={}, headers={CIVIL: cpr})
                tider[nummer].append(time.perf_counter() - start)
    egne = [[r for r in s.json()["raekker"] if r["jobCenterKode"] == ODENSE] for s in svar]
    assert egne == [[], []] and svar[0].json().keys() == svar[1].json().keys()
    assert {s.status_code for s in svar} == {200}
    hurtigst = [min(t) for t in tider]
    assert max(hurtigst) < 5 * min(hurtigst)


def test_what_was_searched_by_and_every_case_shown_is_logged(hub: Any, sag: Any, team: str) -> None:
    """I8 and the search log: criteria, purpose, area, whose number; and a row per case shown that points at the search."""
    with hub.klient("Star-VITAS-CaseWorker", ODENSE) as sagsbehandler:
        sagsbehandler.post("/v1/soeg", json={"team": team, "omraade": "Bevillinger"}, headers={CIVIL: CPR, "x-formaal": "visitation"})
        sagsbehandler.get("/v1/lister/Ansoegninger", params={"team": team, "fra": "2025-01-01"})
        sagsbehandler.post("/v1/soeg", json={"team": team}, headers={CIVIL: "3112991234"})
    soegt, listet, ukendt = _soegninger(hub)[-3:]
    with hub.motor.connect() as conn:
        borger = hub.tjenester.noeglering.find_borger(conn, CPR)
    assert (soegt["opslag"], soegt["omraade"], soegt["kriterier"]) == ("soeg", "Bevillinger", {"team": team})
    assert (soegt["hvem"], soegt["formaal"], soegt["jobcentre"]) == ("test-Star-VITAS-CaseWorker", "visitation", ODENSE)
    assert (soegt["paa_personnummer"], soegt["borger_id"], soegt["raekker"]) == (True, borger, 1)
    assert (listet["opslag"], listet["kriterier"], listet["paa_personnummer"]) == ("liste", {"team": team, "fra": "2025-01-01"}, False)
    assert (ukendt["paa_personnummer"], ukendt["borger_id"], ukendt["raekker"]) == (True, None, 0)
    adgang = [(r["opslag"], r["ekstern_identifier"], r["version"], r["soegning"], r["formaal"]) for r in hub.adgang(sag.sags_id)]
    assert adgang == [("soeg", sag.bevilling, 5, soegt["id"], "visitation"), ("liste", sag.ansoegning, 5, listet["id"], None)]


def test_a_list_whose_log_cannot_be_written_is_not_answered(hub: Any, sag: Any, team: str) -> None:
    """No row, no answer: neither for the search nor for a case shown."""
    for tabel in ("soegninger", "adgangslog"):
        with hub.motor.begin() as conn:
            conn.execute(text(f"ALTER TABLE audit.{tabel} ADD CONSTRAINT lukket CHECK (hvem <> 'test-system') NOT VALID"))
        try:
            with hub.klient("system", ODENSE) as fagsystem:
                svar = fagsystem.get("/v1/lister/Soeg", params={"team": team})
        finally:
            with hub.motor.begin() as conn:
                conn.execute(text(f"ALTER TABLE audit.{tabel} DROP CONSTRAINT lukket"))
        assert (svar.status_code, svar.json()["fejlkode"]) == (500, "intern_fejl") and NAVN not in svar.text


def test_a_cpr_number_searched_by_is_nowhere_in_clear(hub: Any, sag: Any, capfd: pytest.CaptureFixture[str]) -> None:
    """I6: not in an answer, a log line, the metrics or any column of any table; also when it is typed where it does not belong."""
    with hub.klient("Star-VITAS-CaseWorker", ODENSE) as sagsbehandler, hub.klient("operator") as operatoer:
        svar = [
            sagsbehandler.post("/v1/soeg", json={}, headers={CIVIL: CPR}),
            sagsbehandler.get("/v1/lister/Bevillinger", headers={CIVIL: CPR, "accept": "text/csv"}),
            sagsbehandler.post("/v1/soeg", json={"team": CPR, "personnummer": CPR, CPR: CPR}),
            sagsbehandler.get("/v1/lister/Soeg", params={"medarbejder": f"{CPR[:6]}-{CPR[6:]}", CPR: "1"}),
            operatoer.get("/metrics"),
        ]
    assert [s.status_code for s in svar] == [200, 200, 400, 400, 200]
    udskrift = capfd.readouterr()
    for tekst in (*(s.text + str(s.headers) for s in svar), udskrift.out, udskrift.err):
        assert CPR not in tekst and f"{CPR[:6]}-{CPR[6:]}" not in tekst
    with hub.motor.connect() as conn:
        tabeller = conn.execute(
            text("SELECT schemaname, tablename FROM pg_tables WHERE schemaname ~ '^(audit|keys|ledger|delivery|gen_)'")
        ).all()
        assert ("audit", "soegninger") in [tuple(t) for t in tabeller]
        for skema, tabel in tabeller:
            fundet = conn.execute(text(f"SELECT count(*) FROM {skema}.{tabel} t WHERE t::text LIKE '%{CPR}%'")).scalar_one()
            hex_ = conn.execute(text(f"SELECT count(*) FROM {skema}.{tabel} t WHERE t::text LIKE '%{CPR.encode().hex()}%'")).scalar_one()
            assert (fundet, hex_) == (0, 0), f"{skema}.{tabel}"


@pytest.mark.parametrize(
    ("krop", "hoveder", "fejl"),
    [
        ({}, {}, [("intet_kriterium", None)]),
        ({"omraade": "Bevillinger"}, {}, [("intet_kriterium", None)]),
        ({"omraade": "Alt"}, {}, [("intet_kriterium", None), ("ugyldigt_kriterium", "omraade")]),
        (
            {"omraade": ["Soeg"], "team": "", "navn": "Bodil", "periode": {"fra": "x"}},
            {CIVIL: "1"},
            [
                ("ukendt_kriterium", "navn"), ("ugyldigt_kriterium", "team"), ("ugyldigt_kriterium", "periode.fra"),
                ("ugyldigt_kriterium", "omraade"), ("ugyldigt_hoved", CIVIL),
            ],
        ),
    ],
)  # fmt: skip
def test_every_error_of_a_search_is_answered_at_once(hub: Any, krop: Any, hoveder: dict[str, str], fejl: list[tuple[str, str]]) -> None:
    """Body, period, area and header together; nothing is searched, and nothing logged."""
    foer = len(_soegninger(hub))
    with hub.klient("system", ODENSE) as fagsystem:
        svar = fagsystem.post("/v1/soeg", json=krop, headers=hoveder)
    assert svar.status_code == 400
    assert [(f["fejlkode"], f["felt"]) for f in svar.json()["errors"]] == fejl
    assert len(_soegninger(hub)) == foer


def test_every_error_of_a_list_is_answered_at_once(hub: Any) -> None:
    """Criteria, order, size, continuation, header and what is no parameter; an unknown area is 404, what cannot be had 406, no JSON 415."""
    with hub.klient("system", ODENSE) as fagsystem:
        svar = fagsystem.get(
            "/v1/lister/Soeg",
            params={"ordning": "x", "sorter": "borgerNavn", "maks": "1001", "efter": "x", "ansoegningStatus": "0", "navn": "y"},
            headers={CIVIL: "x"},
        )
        assert svar.status_code == 400
        assert {f["felt"] for f in svar.json()["errors"]} == {"navn", "ordning", "ansoegningStatus", "sorter", "maks", "efter", CIVIL}
        ukendt = fagsystem.get("/v1/lister/Soeg", params={"navn": "x"})
        assert (ukendt.status_code, ukendt.json()["fejlkode"]) == (400, "ukendt_parameter")
        assert fagsystem.get("/v1/lister/Alt").json()["fejlkode"] == "ukendt_omraade"
        assert fagsystem.get("/v1/lister/Soeg", headers={"accept": "application/pdf"}).status_code == 406
        assert fagsystem.post("/v1/soeg", content=b"{}", headers={"content-type": "text/plain"}).status_code == 415
        assert fagsystem.post("/v1/soeg", json=[]).json()["fejlkode"] == "ikke_et_objekt"


@pytest.mark.parametrize("sorter", [k.navn for k in OMRAADER["Ansoegninger"].kolonner if k.sorterbar])
def test_R_1_6_a_list_is_paged_in_the_order_of_any_column(hub: Any, ny_sag: Any, team: str, sorter: str) -> None:
    """Through the door each column's type survives the continuation, both ways."""
    for bygger in (ny_sag(), ny_sag()):
        hub.afspil(bygger.opret(), bygger.handling("TildelSag", bygger.ansoegning, team=team))
    with hub.klient("system", ODENSE) as fagsystem:
        for foran in ("", "-"):
            params = {"team": team, "sorter": f"{foran}{sorter}", "maks": 1}
            foerste = fagsystem.get("/v1/lister/Ansoegninger", params=params).json()
            anden = fagsystem.get("/v1/lister/Ansoegninger", params={**params, "efter": foerste["naeste"]})
            assert anden.status_code == 200, anden.text
            assert {foerste["raekker"][0]["sagsId"], anden.json()["raekker"][0]["sagsId"]} == {
                r["sagsId"] for r in fagsystem.get("/v1/lister/Ansoegninger", params={"team": team}).json()["raekker"]
            }
            assert anden.json()["naeste"] is None
