"""The reads over real HTTP: documents, ownership, access log, versions, as-of times, ETags."""

import time
import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from sqlalchemy import Connection, text

from hub.api.adgangslog import Opslag
from hub.api.laes_sag import Oensket, Savnet, laes
from hub.api.openapi import beskrivelse
from hub.api.sager import sagsdokument
from hub.api.tokens import Bruger
from hub.projections import read

pytestmark = pytest.mark.integration

ODENSE, AARHUS, SKIVE = "46100", "75100", "77900"


def _sti(bygger: Any, metode: str = "GetAnsoegning") -> str:
    return f"/v1/Loentilskud/{metode}/{bygger.ansoegning if metode == 'GetAnsoegning' else bygger.bevilling}"


@pytest.fixture
def sag(hub: Any, bygger: Any) -> Any:
    """A granted case of Odense's, projected: version 4."""
    hub.afspil(bygger.opret(), bygger.underskriv(), bygger.godkend(), bygger.bevilg())
    return bygger


def test_the_documents_are_answered_open_and_fit_their_schema(hub: Any, sag: Any) -> None:
    """GetAnsoegning, GetBevilling, the case and its timeline: sealed leaves open, every field as OpenAPI says."""
    dokument = beskrivelse()
    with hub.klient("system", ODENSE) as fagsystem:
        for sti, skema in (
            (_sti(sag), "Loentilskud_GetAnsoegning"),
            (_sti(sag, "GetBevilling"), "Loentilskud_GetBevilling"),
            (f"/v1/sager/{sag.sags_id}", "Sag"),
            (f"/v1/sager/{sag.sags_id}/historik", "Historik"),
        ):
            svar = fagsystem.get(sti)
            assert svar.status_code == 200, svar.text
            Draft202012Validator({"$ref": f"#/components/schemas/{skema}", **dokument}).validate(svar.json())
        ansoegning = fagsystem.get(_sti(sag)).json()
    assert ansoegning["borger"] == {"personnummer": "0101901234", "navn": "Bodil Hemmelig Testsen"}
    assert ansoegning["version"] == 4
    assert ansoegning["arbejdstid"] == {"timerPrUge": 36, "minutterPrUge": 30}
    assert ansoegning["personoplysningerSlettet"] is False


def test_another_jobcentre_is_403_and_learns_nothing(hub: Any, sag: Any) -> None:
    """I7: never an owner, nothing seen, and nothing in the access log, for nothing was read."""
    with hub.klient("Star-VITAS-CaseWorker", AARHUS) as fremmed:
        for sti in (_sti(sag), f"/v1/sager/{sag.sags_id}", f"/v1/sager/{sag.sags_id}/historik", _sti(sag) + "?version=1"):
            svar = fremmed.get(sti)
            assert (svar.status_code, svar.json()["fejlkode"]) == (403, "ikke_egen_sag")
    assert hub.adgang(sag.sags_id) == []


def test_a_jobcentre_role_without_jobcentres_sees_nothing_and_the_auditor_sees_all(hub: Any, sag: Any) -> None:
    """Denied by default; the auditor's reads are in the access log like everybody's."""
    with hub.klient("Star-VITAS-Administrator") as ingen, hub.klient("auditor") as revisor:
        assert ingen.get(_sti(sag)).status_code == 403
        assert revisor.get(_sti(sag)).status_code == 200
    assert [r["rolle"] for r in hub.adgang(sag.sags_id)] == ["auditor"]


def test_every_read_has_its_row_with_who_what_version_and_purpose(hub: Any, sag: Any) -> None:
    """I8, also for 304."""
    with hub.klient("system", ODENSE) as fagsystem:
        etag = fagsystem.get(_sti(sag), headers={"x-formaal": "opfølgning".encode()}).headers["etag"]
        assert fagsystem.get(_sti(sag), headers={"If-None-Match": etag}).status_code == 304
        fagsystem.get(f"/v1/sager/{sag.sags_id}")
        fagsystem.get(f"/v1/sager/{sag.sags_id}/historik")
    raekker = hub.adgang(sag.sags_id)
    assert [r["opslag"] for r in raekker] == ["GetAnsoegning", "GetAnsoegning", "sag", "historik"]
    assert {(r["hvem"], r["jobcentre"], r["version"]) for r in raekker} == {("test-system", ODENSE, 4)}
    assert (raekker[0]["formaal"], raekker[0]["ekstern_identifier"]) == ("opfølgning", sag.ansoegning)


def test_a_read_whose_row_cannot_be_written_is_not_answered(hub: Any, sag: Any) -> None:
    """I8: no row, no answer."""
    with hub.motor.begin() as conn:
        conn.execute(text("ALTER TABLE audit.adgangslog ADD CONSTRAINT lukket CHECK (hvem <> 'test-system') NOT VALID"))
    try:
        with hub.klient("system", ODENSE) as fagsystem:
            svar = fagsystem.get(_sti(sag))
    finally:
        with hub.motor.begin() as conn:
            conn.execute(text("ALTER TABLE audit.adgangslog DROP CONSTRAINT lukket"))
    assert (svar.status_code, svar.json()["fejlkode"]) == (500, "intern_fejl")
    assert "0101901234" not in svar.text


def test_an_etag_changes_with_the_version_and_with_the_keys(hub: Any, sag: Any) -> None:
    """304 only while nothing that the document is made of has changed; an erased key shows as null and as a new ETag."""
    with hub.klient("system", ODENSE) as fagsystem:
        foerste = fagsystem.get(_sti(sag)).headers["etag"]
        assert fagsystem.get(_sti(sag), headers={"If-None-Match": f'"x", W/{foerste}'}).status_code == 304
        hub.afspil(sag.handling("TildelSag", sag.ansoegning, team="Team Øst"))
        anden = fagsystem.get(_sti(sag), headers={"If-None-Match": foerste})
        assert (anden.status_code, anden.json()["team"]) == (200, "Team Øst")
        with hub.motor.begin() as conn:
            conn.execute(text("DELETE FROM keys.noegler WHERE noegle = :s"), {"s": sag.sags_id})
        tredje = fagsystem.get(_sti(sag), headers={"If-None-Match": anden.headers["etag"]})
    assert tredje.status_code == 200
    assert tredje.json()["virksomhed"]["kontaktpersonPaaArbejdsstedet"] is None
    assert tredje.json()["borger"]["navn"] is not None
    assert tredje.json()["personoplysningerSlettet"] is True


def test_a_version_that_is_on_its_way_is_waited_for_and_else_425(hub: Any, sag: Any) -> None:
    """Never something older than the version asked for."""
    assert hub.post(sag.handling("TildelSag", sag.ansoegning, team="Nord")).status_code == 201
    with hub.klient("system", ODENSE) as fagsystem:
        foer = time.monotonic()
        svar = fagsystem.get(_sti(sag) + "?version=5")
        assert (svar.status_code, svar.json()["fejlkode"], svar.headers["retry-after"]) == (425, "ikke_klar", "1")
        assert time.monotonic() - foer >= 0.2
        hub.fremad()
        assert fagsystem.get(_sti(sag) + "?version=5").json()["version"] == 5
        assert fagsystem.get(_sti(sag) + "?version=2").json()["version"] == 5


def test_a_parked_case_has_its_own_code(hub: Any, sag: Any) -> None:
    """Waiting does not help while an event of the case is set aside; what is there can still be read."""
    with hub.motor.begin() as conn:
        conn.execute(
            text(
                "INSERT INTO delivery.parkerede (partition, kafka_offset, stroem, slags, fejl, vaerdi, hoveder, nummer) "
                "VALUES (0, 999, :s, 'fejl', 'X', '', '[]', 1)"
            ),
            {"s": sag.sags_id},
        )
    with hub.klient("system", ODENSE) as fagsystem:
        svar = fagsystem.get(_sti(sag) + "?version=5")
        assert (svar.status_code, svar.json()["fejlkode"]) == (423, "sag_parkeret")
        assert fagsystem.get(_sti(sag)).status_code == 200
    with hub.motor.begin() as conn:
        conn.execute(text("DELETE FROM delivery.parkerede"))


def test_as_of_is_what_was_registered_by_then_and_the_next_append_is_later(hub: Any, sag: Any) -> None:
    """The document at T is final: an append after the answer is registered later than T."""
    with hub.klient("system", ODENSE) as fagsystem:
        haendelser = fagsystem.get(f"/v1/sager/{sag.sags_id}/historik").json()["haendelser"]
        ved_to = haendelser[1]["registreringstidspunkt"]
        svar = fagsystem.get(_sti(sag), params={"asOf": ved_to})
        assert (svar.status_code, svar.json()["version"], svar.json()["ansoegningStatus"]["kode"]) == (200, 2, 9204)
        assert fagsystem.get(_sti(sag, "GetBevilling"), params={"asOf": ved_to}).json()["fejlkode"] == "fandtes_ikke"
        with hub.motor.connect() as conn:
            nu: datetime = conn.execute(text("SELECT clock_timestamp()")).scalar_one()
        assert fagsystem.get(_sti(sag), params={"asOf": nu.isoformat()}).json()["version"] == 4
        with hub.motor.connect() as conn:
            gulv = conn.execute(text("SELECT gulv FROM ledger.stroemme WHERE stroem = :s"), {"s": sag.sags_id}).scalar_one()
    assert gulv == nu
    kvittering = hub.post(sag.handling("TildelSag", sag.ansoegning, team="Nord")).json()
    assert datetime.fromisoformat(kvittering["registreringstidspunkt"]) > nu


def test_the_timeline_as_of_a_time_is_what_was_registered_by_then(hub: Any, sag: Any) -> None:
    """The same events as the case of that time was made of, waited for like any other time, and in the access log with it."""
    with hub.klient("system", ODENSE) as fagsystem:
        sti = f"/v1/sager/{sag.sags_id}/historik"
        ved_to = fagsystem.get(sti).json()["haendelser"][1]["registreringstidspunkt"]
        svar = fagsystem.get(sti, params={"asOf": ved_to})
        assert (svar.status_code, svar.json()["version"]) == (200, 2)
        assert [h["version"] for h in svar.json()["haendelser"]] == [1, 2]
        assert hub.adgang(sag.sags_id)[-1]["as_of"] == datetime.fromisoformat(ved_to)
        hub.post(sag.handling("TildelSag", sag.ansoegning, team="Nord"))
        with hub.motor.connect() as conn:
            nu: datetime = conn.execute(text("SELECT clock_timestamp()")).scalar_one()
        assert fagsystem.get(sti, params={"asOf": nu.isoformat()}).status_code == 425
        assert fagsystem.get(f"{sti}?version=2").json()["fejlkode"] == "ukendt_parameter"


def test_as_of_waits_for_what_is_registered_and_not_projected_and_for_the_clock(hub: Any, sag: Any) -> None:
    """425 while the case's last version is not projected, and for a time that has not been yet."""
    hub.post(sag.handling("TildelSag", sag.ansoegning, team="Nord"))
    with hub.motor.connect() as conn:
        nu: datetime = conn.execute(text("SELECT clock_timestamp()")).scalar_one()
    with hub.klient("system", ODENSE) as fagsystem:
        assert fagsystem.get(_sti(sag), params={"asOf": nu.isoformat()}).status_code == 425
        hub.fremad()
        assert fagsystem.get(_sti(sag), params={"asOf": nu.isoformat()}).json()["version"] == 5
        assert fagsystem.get(_sti(sag), params={"asOf": (nu + timedelta(hours=1)).isoformat()}).status_code == 425


def test_a_former_owner_sees_its_own_last_version_and_nothing_later(hub: Any, sag: Any) -> None:
    """Without `version` its last one, `version=N` exactly N; anything later, a later act too, 403 `sag_flyttet`; the new owner sees all."""
    ophoer = str(uuid.uuid4())
    slut = sag.handling("RegistrerOphoer", ophoer, stopdato="2025-05-15")
    hub.afspil(sag.flyt(AARHUS), sag.handling("TildelSag", sag.ansoegning, team="Aarhus Vest"), slut)
    with hub.klient("system", ODENSE) as giver, hub.klient("system", AARHUS) as modtager, hub.klient("system", SKIVE) as fremmed:
        assert (giver.get(_sti(sag)).json()["version"], giver.get(_sti(sag)).json()["team"]) == (5, None)
        assert giver.get(_sti(sag) + "?version=2").json()["version"] == 2
        assert giver.get(_sti(sag) + "?version=6").json()["fejlkode"] == "sag_flyttet"
        historik = giver.get(f"/v1/sager/{sag.sags_id}/historik").json()
        assert [h["version"] for h in historik["haendelser"]] == [1, 2, 3, 4, 5]
        ved_fem = historik["haendelser"][-1]["registreringstidspunkt"]
        assert giver.get(_sti(sag), params={"asOf": ved_fem}).json()["version"] == 5
        with hub.motor.connect() as conn:
            nu = conn.execute(text("SELECT clock_timestamp()")).scalar_one().isoformat()
        assert giver.get(_sti(sag), params={"asOf": nu}).json()["fejlkode"] == "sag_flyttet"
        assert giver.get(f"/v1/Loentilskud/GetOphoer/{ophoer}").json()["fejlkode"] == "sag_flyttet"
        assert giver.get(f"/v1/Loentilskud/GetOphoer/{ophoer}?version=5").json()["fejlkode"] == "fandtes_ikke"
        assert modtager.get(f"/v1/Loentilskud/GetOphoer/{ophoer}").json()["stopdato"] == "2025-05-15"
        assert modtager.get(_sti(sag)).json()["team"] == "Aarhus Vest"
        assert fremmed.get(_sti(sag)).json()["fejlkode"] == "ikke_egen_sag"


def test_what_is_not_there_is_404_each_with_its_code(hub: Any, sag: Any) -> None:
    """A cell outside the matrix, an unknown act, an act under another scheme or method, an unknown case."""
    ukendt = str(uuid.uuid4())
    with hub.klient("system", ODENSE) as fagsystem:
        for sti, kode in (
            (f"/v1/Fleksjob/GetOphoer/{ukendt}", "ukendt_kombination"),
            (f"/v1/Findesikke/GetBevilling/{ukendt}", "ukendt_kombination"),
            (f"/v1/Loentilskud/GetBevilling/{ukendt}", "ukendt_akt"),
            ("/v1/Loentilskud/GetBevilling/ikke-en-uuid", "ukendt_akt"),
            (f"/v1/Fleksjob/GetAnsoegning/{sag.ansoegning}", "ukendt_akt"),
            (f"/v1/Loentilskud/GetBevilling/{sag.ansoegning}", "ukendt_akt"),
            (f"/v1/sager/{ukendt}", "ukendt_sag"),
            (f"/v1/sager/{ukendt}/historik", "ukendt_sag"),
        ):
            svar = fagsystem.get(sti)
            assert (svar.status_code, svar.json()["fejlkode"]) == (404, kode), sti


@pytest.mark.parametrize(
    ("parametre", "felter"),
    [
        ("version=0", {"version"}),
        ("version=x", {"version"}),
        ("version=1&asOf=2025-01-01T00:00:00Z", {"version"}),
        ("asOf=2025-01-01", {"asOf"}),
        ("asOf=2025-01-01T00:00:00", {"asOf"}),
        ("asOf=2025-02-30T00:00:00Z", {"asOf"}),
        ("version=x&asOf=y", {"version", "asOf"}),
        ("Version=1&ukendt=2", {"Version", "ukendt"}),
        ("version=1&version=2", {"version"}),
        ("ukendt=1&version=x&asOf=y", {"ukendt", "version", "asOf"}),
        ("0101901234=1", {"?"}),
    ],
)
def test_wrong_unknown_and_repeated_parameters_are_400_all_at_once(hub: Any, sag: Any, parametre: str, felter: set[str]) -> None:
    """Each wrong one is named; a name that could be personal is not."""
    with hub.klient("system", ODENSE) as fagsystem:
        svar = fagsystem.get(f"{_sti(sag)}?{parametre}")
    assert svar.status_code == 400
    assert {fejl["felt"] for fejl in svar.json()["errors"]} == felter


def test_a_purpose_that_is_too_long_or_has_control_characters_is_400(hub: Any, sag: Any) -> None:
    """The access log takes at most 200 characters."""
    with hub.klient("system", ODENSE) as fagsystem:
        assert fagsystem.get(_sti(sag), headers={"x-formaal": "x" * 201}).json()["fejlkode"] == "ugyldigt_hoved"
        assert fagsystem.get(_sti(sag), headers={"x-formaal": "\u0085".encode()}).json()["fejlkode"] == "ugyldigt_hoved"
    assert hub.adgang(sag.sags_id) == []


def test_pointer_rows_and_keys_of_a_read_are_of_one_moment(hub: Any, sag: Any) -> None:
    """What is projected after a read has begun is not in it: so a generation that is swapped meanwhile cannot mix with another's rows."""

    def find(conn: Connection) -> list[Any]:
        hub.afspil(sag.handling("TildelSag", sag.ansoegning, team="Bagefter"))
        return read.find_sag(conn, sag.sags_id)

    oensket = Oensket(find, lambda _, laest, __: sagsdokument(laest), Savnet("ukendt_sag", lambda _: None), Opslag("sag", None, None, None))
    laest = laes(hub.tjenester, Bruger("test", "system", (ODENSE,), None), oensket)
    assert (laest.dokument["version"], laest.dokument["team"]) == (4, None)
