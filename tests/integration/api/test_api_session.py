"""Roles and sessions at the door (R-1.2, R-1.3, R-1.5): what a page is given to show."""

from dataclasses import replace
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from hub.api.openapi import beskrivelse
from hub.api.ruter import ALLE
from hub.api.tjenester import Adgang
from hub.domain.session import loginadresse

pytestmark = [pytest.mark.integration, pytest.mark.acceptance]

LOGIN = "https://vitas.example/ind?side=tilbud&loginProfile=andet"


@pytest.mark.parametrize("rolle", ["Star-VITAS-CaseWorker", "Star-VITAS-Administrator"])
def test_R_1_2_a_user_has_the_token_s_role_and_jobcentres_and_is_sent_to_the_fka_login(hub: Any, serveret: Any, rolle: str) -> None:
    """The session says the role and the jobcentres that the token carries; the login entry has `loginProfile=fka` once, whatever it had."""
    tjenester = replace(hub.tjenester, adgang=Adgang(loginadresse(LOGIN), "Hanne"))
    with serveret(tjenester) as base, hub.klient(rolle, "46100", "75100", navn="Sofie Bruger") as klient:
        svar = klient.get(f"{base}/v1/session").json()
        assert klient.get(f"{base}/v1/session?x=1").status_code == 400
    assert svar["bruger"] == {"id": f"test-{rolle}", "navn": "Sofie Bruger", "rolle": rolle, "jobcentre": ["46100", "75100"]}
    assert svar["login"] == "https://vitas.example/ind?side=tilbud&loginProfile=fka"


def test_R_1_2_who_is_not_logged_in_is_told_where_to(hub: Any, serveret: Any) -> None:
    """No token, a bad one, a role that is none: the refusal carries the login address, null when there is none; another 403 does not."""
    tjenester = replace(hub.tjenester, adgang=Adgang(loginadresse(LOGIN), "Hanne"))
    with serveret(tjenester) as base, hub.klient("ukendt") as uden_rolle, hub.klient("vitas") as vitas:
        afslag = [httpx.get(f"{base}/v1/session"), httpx.get(f"{base}/v1/satser", headers={"Authorization": "Bearer x"})]
        afslag.append(uden_rolle.get(f"{base}/v1/session"))
        assert "login" not in vitas.get(f"{base}/metrics").json()
    assert [(s.status_code, s.json()["login"]) for s in afslag] == [(kode, loginadresse(LOGIN)) for kode in (401, 401, 403)]
    assert httpx.get(f"{hub.base}/v1/session").json()["login"] is None
    for svar in afslag:
        Draft202012Validator({"$ref": "#/components/schemas/Problem", **beskrivelse()}).validate(svar.json())


@pytest.mark.parametrize("rolle", ["", "Star-VITAS-Caseworker", "ukendt"])
def test_R_1_3_who_has_no_role_is_told_whom_to_contact(hub: Any, serveret: Any, rolle: str) -> None:
    """A good token whose role the hub does not know opens nothing, not even the session; the text names the contact that is set."""
    tjenester = replace(hub.tjenester, adgang=Adgang(kontakt="Hanne i IT på 12 34 56 78"))
    with serveret(tjenester) as base, hub.klient(rolle, "46100") as klient:
        for sti in ("/v1/session", "/v1/notifikationer", "/openapi.json"):
            svar = klient.get(base + sti)
            assert (svar.status_code, svar.json()["fejlkode"]) == (403, "ingen_rolle")
            assert "Kontakt Hanne i IT på 12 34 56 78 " in svar.json()["fejltekst"]


def test_R_1_5_everybody_is_logged_out_after_thirty_minutes_with_a_countdown_and_a_page_that_says_so(hub: Any) -> None:
    """One rule for every role, companies' system too: thirty minutes, a countdown before, a text after; it fits its schema."""
    svar = []
    for rolle in sorted(ALLE):
        with hub.klient(rolle, "46100") as klient:
            svar.append(klient.get("/v1/session").json())
    regler = svar[0]["session"]
    assert all(s["session"] == regler for s in svar)
    assert regler["logUdEfterMinutter"] == 30 and 0 < regler["advarselFraSekunder"] < 30 * 60
    assert "{tid}" in regler["advarsel"] and "30 minutter" in regler["loggetUd"]
    for s in svar:
        Draft202012Validator({"$ref": "#/components/schemas/Session", **beskrivelse()}).validate(s)
