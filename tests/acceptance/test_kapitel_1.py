"""Chapter 1 of the release note, seen from outside: lists, rate texts, and the session of each role (R-1.2 to R-1.6)."""

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from hub.api.ruter import ALLE
from hub.projections.omraader import OMRAADER

Sag = Callable[..., Any]
pytestmark = pytest.mark.acceptance

ODENSE = "46100"
HOLD = count(1)
SAGSBEHANDLER = {"navn": "Lis Listesen", "email": "lis@jobcenter.example"}


def raekker(hub: Any, omraade: str, team: str) -> list[dict[str, Any]]:
    """An area's rows of a team, as a caseworker of Odense sees them."""
    svar = hub.klient("Star-VITAS-CaseWorker", ODENSE).get(f"/v1/lister/{omraade}", params={"team": team})
    assert svar.status_code == 200, svar.text
    fundne: list[dict[str, Any]] = svar.json()["raekker"]
    return fundne


def test_R_1_6_team_and_medarbejder_stand_in_the_same_place_in_all_seven_lists(sag: Sag, hub: Any) -> None:
    """A case in each area, given to one team: every row has both, at the same place, and they follow the case when it is given away."""
    team, andet = f"Team {next(HOLD)}", f"Team {next(HOLD)}"
    ansoegt = {"Ansoegninger": True, "Tilbud": False}
    sager = [sag().goer("OpretAnsoegning", oeremaerket=ja).goer("UnderskrivAnsoegning") for ja in ansoegt.values()]
    sager[0].goer("UdstedBevilling").goer("BevilgForlaengelse").goer("RegistrerOphoer")
    for en in sager:
        en.goer("TildelSag", team=team, medarbejder=SAGSBEHANDLER)
    sager.append(sag().goer("OpretAnsoegning").goer("SendKladde", team=team, medarbejder=SAGSBEHANDLER))
    for en in sager:
        en.dokument("GetAnsoegning")
    pladser = set()
    for omraade in OMRAADER:
        fundne = raekker(hub, omraade, team)
        assert fundne and {(r["team"], r["medarbejder"]) for r in fundne} == {(team, "Lis Listesen")}, omraade
        pladser |= {(list(r).index("team"), list(r).index("medarbejder")) for r in fundne}
    assert len(pladser) == 1
    for en in sager:
        en.goer("TildelSag", team=andet).dokument("GetAnsoegning")
    assert {omraade: len(raekker(hub, omraade, team)) for omraade in OMRAADER} == dict.fromkeys(OMRAADER, 0)
    assert {r["medarbejder"] for omraade in OMRAADER for r in raekker(hub, omraade, andet)} == {"Lis Listesen"}


def test_R_1_4_no_rate_text_that_a_document_shows_names_an_old_law(sag: Sag, hub: Any) -> None:
    """One with a paragraph, with its sign or without, is refused and not kept; what a grant of every rate shows names no law at all."""
    for gammel in ("Efter § 63 i loven, årets sats", "Løntilskud efter LAB 63"):
        sats = {"kode": 9405, "navn": "Højeste", "beskrivelse": gammel, "startdato": "2040-01-01"}
        svar = hub.klient().post("/v1/satser", json=sats)
        assert (svar.status_code, [(f["fejlkode"], f["felt"]) for f in svar.json()["errors"]]) == (422, [(9753, "beskrivelse")])
    for kode in (9401, 9402, 9403, 9404, 9405):
        en = sag().goer("OpretAnsoegning").goer("UnderskrivAnsoegning").goer("UdstedBevilling", timeTilskudsats=kode)
        dok = en.dokument("GetBevilling", "bevilling")
        assert dok["timeTilskudsatsType"] == kode
        assert dok["timeTilskudsatsBeskrivelse"] and not {"§", "lov"} & set(dok["timeTilskudsatsBeskrivelse"].lower().split())


def test_R_1_2_R_1_5_the_session_of_the_running_hub(hub: Any) -> None:
    """Both roles of VITAS, and every other, are told their own role and jobcentre, and the same half hour with its texts."""
    assert {"Star-VITAS-CaseWorker", "Star-VITAS-Administrator"} <= ALLE
    regler = []
    for rolle in sorted(ALLE):
        svar = hub.klient(rolle, ODENSE).get("/v1/session").json()
        assert (svar["bruger"]["rolle"], svar["bruger"]["jobcentre"]) == (rolle, [ODENSE])
        regler.append(svar["session"])
    assert regler[0]["logUdEfterMinutter"] == 30 and regler == [regler[0]] * len(regler)


def test_R_1_3_a_user_without_a_role_learns_whom_to_contact(hub: Any) -> None:
    """A good token with a role that is none: 403 with a text that says whom to contact, and nothing is read."""
    for sti in ("/v1/session", "/v1/lister/Soeg", "/v1/notifikationer"):
        svar = hub.klient("Star-VITAS-Gaest", ODENSE).get(sti)
        assert (svar.status_code, svar.json()["fejlkode"]) == (403, "ingen_rolle")
        assert "Kontakt " in svar.json()["fejltekst"]
