"""The reads of a case of which something is on its way, parked or discarded."""

import time
import uuid
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import text

pytestmark = pytest.mark.integration

ODENSE = "46100"


def _sti(bygger: Any) -> str:
    return f"/v1/Loentilskud/GetAnsoegning/{bygger.ansoegning}"


def _nu(hub: Any) -> str:
    with hub.motor.connect() as conn:
        nu: datetime = conn.execute(text("SELECT clock_timestamp()")).scalar_one()
    return nu.isoformat()


@pytest.fixture
def sag(hub: Any, bygger: Any) -> Any:
    """A granted case of Odense's, projected: version 4."""
    hub.afspil(bygger.opret(), bygger.underskriv(), bygger.godkend(), bygger.bevilg())
    return bygger


@pytest.mark.parametrize("genskabt", [False, True], ids=["", "after a restore"])
def test_a_discarded_head_is_waited_for_by_nobody(hub: Any, sag: Any, tmp_path: Any, genskabt: bool) -> None:
    """Once the case's last event is discarded, `asOf` and `version` answer what is left; also when the ledger came back from the log."""
    hub.post(sag.handling("TildelSag", sag.ansoegning, team="Nord"))
    sted = hub.parker(sag.sags_id, tmp_path)
    with hub.klient("system", ODENSE) as fagsystem:
        assert fagsystem.get(_sti(sag), params={"asOf": _nu(hub)}).json()["fejlkode"] == "sag_parkeret"
        assert fagsystem.get(_sti(sag) + "?version=5").json()["fejlkode"] == "sag_parkeret"
        hub.kasser(sted)
        if genskabt:
            hub.genskab(sted[0], [sted[1]])
        for spoerg in ({"asOf": _nu(hub)}, {"version": "5"}):
            svar = fagsystem.get(_sti(sag), params=spoerg)
            assert (svar.status_code, svar.json().get("version"), svar.json().get("team")) == (200, 4, None), spoerg
        assert fagsystem.get(_sti(sag) + "?version=6").status_code == 425
        hub.post(sag.handling("TildelSag", sag.ansoegning, team="Syd"))
        assert fagsystem.get(_sti(sag) + "?version=6").status_code == 425
        assert fagsystem.get(_sti(sag), params={"asOf": _nu(hub)}).status_code == 425
        hub.fremad()
        assert fagsystem.get(_sti(sag) + "?version=5").json()["version"] == 6


def test_a_past_time_is_answered_whatever_has_been_registered_since(hub: Any, sag: Any, tmp_path: Any) -> None:
    """An event under way, or parked, that was registered after T is no reason to refuse T; one registered by T is."""
    foer = _nu(hub)
    hub.post(sag.handling("TildelSag", sag.ansoegning, team="Nord"))
    with hub.klient("system", ODENSE) as fagsystem:
        undervejs = fagsystem.get(_sti(sag), params={"asOf": foer})
        assert (undervejs.status_code, undervejs.json().get("version")) == (200, 4)
        assert fagsystem.get(_sti(sag), params={"asOf": _nu(hub)}).status_code == 425
        sted = hub.parker(sag.sags_id, tmp_path)
        parkeret = fagsystem.get(_sti(sag), params={"asOf": foer})
        assert (parkeret.status_code, parkeret.json().get("version")) == (200, 4)
        assert fagsystem.get(_sti(sag), params={"asOf": _nu(hub)}).status_code == 423
    hub.kasser(sted)


def test_an_append_that_holds_the_case_delays_as_of_and_does_not_break_it(hub: Any, sag: Any) -> None:
    """A time after the head is 425 while an append is under way, at once and without holding a thread; a time before it is answered."""
    with hub.klient("system", ODENSE) as fagsystem, hub.motor.connect() as conn, conn.begin():
        ved_to = fagsystem.get(f"/v1/sager/{sag.sags_id}/historik").json()["haendelser"][1]["registreringstidspunkt"]
        nu = _nu(hub)
        conn.execute(text("SELECT 1 FROM ledger.stroemme WHERE stroem = :s FOR UPDATE"), {"s": sag.sags_id})
        start = time.monotonic()
        optaget = fagsystem.get(_sti(sag), params={"asOf": nu})
        assert (optaget.status_code, optaget.json()["fejlkode"], optaget.headers["retry-after"]) == (425, "ikke_klar", "1")
        assert fagsystem.get(_sti(sag), params={"asOf": ved_to}).json()["version"] == 2
        assert time.monotonic() - start < 1.9


@pytest.mark.parametrize("tid", ["version", "asOf"])
def test_what_is_not_projected_yet_is_425_and_what_is_parked_423(hub: Any, bygger: Any, tmp_path: Any, tid: str) -> None:
    """A case, and an act, named with a version or a time, is known to somebody: 404 only when it is neither under way nor set aside."""
    hub.post(bygger.opret())
    hub.post(bygger.underskriv())
    stier = (f"/v1/sager/{bygger.sags_id}", _sti(bygger))

    def koder() -> set[tuple[int, str]]:
        spoerg = {"version": "1"} if tid == "version" else {"asOf": _nu(hub)}
        svar = [fagsystem.get(sti, params=spoerg) for sti in stier]
        return {(s.status_code, s.json().get("fejlkode")) for s in svar}

    with hub.klient("system", ODENSE) as fagsystem:
        assert koder() == {(425, "ikke_klar")}
        partition, offset = hub.parker(bygger.sags_id, tmp_path)
        assert koder() == {(423, "sag_parkeret")}
        hub.kasser((partition, offset))
        assert koder() == {(423, "sag_parkeret")}
        hub.kasser((partition, offset + 1))
        assert koder() == {(404, "ukendt_sag"), (404, "ukendt_akt")}
        assert {fagsystem.get(sti).status_code for sti in stier} == {404}


def test_an_act_that_may_be_among_what_the_log_has_unprojected_is_425(hub: Any) -> None:
    """An act nobody knows is 404 only when everything on the log is projected."""
    ukendt = f"/v1/Loentilskud/GetBevilling/{uuid.uuid4()}?version=1"
    flyt = "UPDATE ledger.baner SET naeste_offset = naeste_offset + :n WHERE topic = 'vitas.sagshaendelser' AND partition = 11"
    with hub.klient("system", ODENSE) as fagsystem:
        assert fagsystem.get(ukendt).json()["fejlkode"] == "ukendt_akt"
        with hub.motor.begin() as conn:
            conn.execute(text(flyt), {"n": 1_000})
        assert fagsystem.get(ukendt).json()["fejlkode"] == "ikke_klar"
        with hub.motor.begin() as conn:
            conn.execute(text(flyt), {"n": -1_000})
