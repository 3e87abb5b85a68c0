"""Chapter 3 of the release note where the reference data count: texts by version, rates on the act's own day (R-3.1, R-3.4, R-3.6)."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest

Sag = Callable[..., Any]
pytestmark = pytest.mark.acceptance

METODER = {"ansoegning": "GetAnsoegning", "bevilling": "GetBevilling", "forlaengelse": "GetForlaengelse", "ophoer": "GetOphoer"}


def til_behandling(sag: Sag, ordning: str, **data: Any) -> Any:
    """A case whose application is signed."""
    return sag(ordning).goer("OpretAnsoegning", **data).goer("UnderskrivAnsoegning")


@pytest.mark.parametrize("ordning", ["Loentilskud", "Virksomhedspraktik", "Voksenlaerling"])
def test_R_3_4_a_rejection_keeps_the_version_of_the_text_it_was_sent_with(sag: Sag, hub: Any, ordning: str) -> None:
    """A registered version is named and kept; one that is not is refused with those there are; a later version changes no document."""
    foerste, anden = f"v-{uuid.uuid4().hex[:8]}", f"w-{uuid.uuid4().hex[:8]}"
    tekst = {"ordning": ordning, "tekst": "Ansøgningen afslås.", "startdato": "2025-01-01"}
    assert hub.klient().post("/v1/afslagstekster", json=tekst | {"tekstversion": foerste}).status_code in (201, 202)
    en = til_behandling(sag, ordning)
    svar = en.send("AfvisAnsoegning", tekst="Nej.", tekstversion=anden)
    (fejl,) = svar.json()["errors"]
    assert (fejl["fejlkode"], fejl["felt"]) == (9743, "data.tekstversion") and foerste in fejl["fejltekst"]
    dok = en.goer("AfvisAnsoegning", tekst="Nej.", tekstversion=foerste).dokument("GetAnsoegning")
    assert (dok["tekst"], dok["tekstversion"]) == ("Nej.", foerste)
    assert hub.klient().post("/v1/afslagstekster", json=tekst | {"tekstversion": anden}).status_code in (201, 202)
    assert en.dokument("GetAnsoegning") == dok


def test_R_3_6_all_four_documents_of_a_loentilskud_show_the_rate_in_force_on_their_own_start(sag: Sag, hub: Any) -> None:
    """A rate that changes between them: each act has the row of its own day, and a correction of the row changes none of them."""
    for start, slut, navn in (("2041-01-01", "2041-07-01", "Første"), ("2041-07-01", None, "Anden")):
        sats = {"kode": 9405, "navn": navn, "beskrivelse": f"{navn} halvår", "startdato": start, "slutdato": slut}
        assert hub.klient().post("/v1/satser", json=sats).status_code in (201, 202)
    periode = {"startdato": "2041-01-01", "slutdato": "2041-06-30"}
    en = til_behandling(sag, "Loentilskud", periode=periode, timeTilskudsats=9405)
    en.goer("UdstedBevilling", periode=periode, timeTilskudsats=9405).goer("BevilgForlaengelse", slutdato="2041-12-31")
    en.goer("RegistrerOphoer", stopdato="2041-08-31")
    ventet = {"ansoegning": "Første halvår", "bevilling": "Første halvår", "forlaengelse": "Anden halvår", "ophoer": "Anden halvår"}

    def vist() -> dict[str, str]:
        dok = {akt: en.dokument(metode, akt) for akt, metode in METODER.items()}
        assert {d["timeTilskudsatsType"] for d in dok.values()} == {9405}
        return {akt: d["timeTilskudsatsBeskrivelse"] for akt, d in dok.items()}

    assert vist() == ventet
    rettet = {"kode": 9405, "navn": "Rettet", "beskrivelse": "Rettet sats", "startdato": "2041-01-01"}
    assert hub.klient().post("/v1/satser", json=rettet).status_code in (201, 202)
    assert vist() == ventet
    ny = til_behandling(sag, "Loentilskud", periode=periode, timeTilskudsats=9405)
    assert ny.dokument("GetAnsoegning")["timeTilskudsatsBeskrivelse"] == "Rettet sats"
    (svar,) = ny.send("UdstedBevilling", timeTilskudsats=9411).json()["errors"]
    assert (svar["fejlkode"], svar["felt"]) == (9741, "data.timeTilskudsats")


@pytest.mark.parametrize(("ordning", "kode", "anden", "aar"), [("Loentilskud", 9403, 9401, 2043), ("Voksenlaerling", 9411, 9412, 2035)])
def test_R_3_6_a_grants_and_an_extensions_rate_are_corrected_by_an_action(
    sag: Sag, hub: Any, ordning: str, kode: int, anden: int, aar: int
) -> None:
    """A corrected row shows where RetTilskudssats says so: in that act alone, told as a change of it; before it the old one is answered."""
    periode = {"startdato": f"{aar}-01-01", "slutdato": f"{aar}-06-30"}
    en = til_behandling(sag, ordning, periode=periode, timeTilskudsats=kode)
    en.goer("UdstedBevilling", periode=periode, timeTilskudsats=kode).goer("BevilgForlaengelse", slutdato=f"{aar}-10-31")
    en.goer("RegistrerOphoer", stopdato=f"{aar}-09-30")

    def vist(**valg: Any) -> dict[str, tuple[int, str]]:
        dok = {akt: en.dokument(metode, akt, **valg) for akt, metode in METODER.items()}
        return {akt: (d["timeTilskudsatsType"], d["timeTilskudsatsBeskrivelse"]) for akt, d in dok.items()}

    foer, version = vist(), en.version
    som_det_var = en.dokument("GetBevilling", "bevilling")["registreringstidspunkt"]
    for dag, tekst in ((f"{aar}-01-01", "Første"), (f"{aar}-07-01", "Anden")):
        sats = {"kode": kode, "navn": tekst, "beskrivelse": f"{tekst} {en.id[:8]}", "startdato": dag, "slutdato": f"{aar}-11-01"}
        assert hub.klient().post("/v1/satser", json=sats).status_code in (201, 202)
    assert vist() == foer

    ventet = foer | {"bevilling": (kode, f"Første {en.id[:8]}")}
    (besked,) = en.goer("RetTilskudssats", timeTilskudsats=None).fortalt()
    assert (besked["getMetode"], besked["eksternIdentifier"]) == ("GetBevilling", en.akt("bevilling"))
    assert (besked["erOprettelse"], besked["virksomhedsordningSubskabelon"]) == (False, 9104)
    assert vist() == ventet
    ventet |= {"forlaengelse": (kode, f"Anden {en.id[:8]}")}
    (besked,) = en.goer("RetTilskudssats", "forlaengelse", timeTilskudsats=None).fortalt()
    assert (besked["getMetode"], besked["eksternIdentifier"]) == ("GetForlaengelse", en.akt("forlaengelse"))
    assert (besked["erOprettelse"], besked["virksomhedsordningSubskabelon"]) == (False, 9105)
    assert vist() == ventet and en.version == version + 2

    assert en.goer("RetTilskudssats", timeTilskudsats=anden).dokument("GetBevilling", "bevilling")["timeTilskudsatsType"] == anden
    assert vist(asOf=som_det_var) == foer
    linjer = hub.klient("system", en.jobcenter).get(f"/v1/sager/{en.id}/historik").json()["haendelser"]
    assert [h["type"] for h in linjer][-3:] == ["TilskudssatsRettet"] * 3


@pytest.mark.parametrize("ordning", ["Loentilskud", "Voksenlaerling"])
def test_R_3_6_only_a_grant_and_a_granted_extension_take_the_correction(sag: Sag, ordning: str) -> None:
    """An application's and a termination's rate have RetAnsoegning and RetOphoer, which the refusal names; nothing changes by a refusal."""
    en = til_behandling(sag, ordning).goer("UdstedBevilling").goer("AnsoegForlaengelse")
    assert en.naegtet("RetTilskudssats", "forlaengelse") == [(9745, "eksternIdentifier")]
    en.goer("BevilgForlaengelse").goer("RegistrerOphoer")
    version = en.version
    for akt, rettes_med in (("ansoegning", "RetAnsoegning"), ("ophoer", "RetOphoer")):
        (fejl,) = en.send("RetTilskudssats", akt).json()["errors"]
        assert (fejl["fejlkode"], fejl["felt"]) == (9744, "eksternIdentifier") and rettes_med in fejl["fejltekst"]
    fremmed = {"Loentilskud": 9411, "Voksenlaerling": 9403}[ordning]
    assert en.naegtet("RetTilskudssats", timeTilskudsats=fremmed) == [(9741, "data.timeTilskudsats")]
    assert en.naegtet("RetTilskudssats", "ukendt") == [(9604, "eksternIdentifier")]
    assert en.dokument("GetBevilling", "bevilling")["version"] == version


def test_R_3_1_a_registered_rate_holds_from_its_first_day_to_the_day_before_its_end(sag: Sag, hub: Any) -> None:
    """Half-open: on the end day the row before it counts again; the list keeps every row for ever."""
    sats = {"kode": 9404, "navn": "Juli", "beskrivelse": "Kun i juli", "startdato": "2042-07-01", "slutdato": "2042-08-01"}
    assert hub.klient().post("/v1/satser", json=sats).status_code in (201, 202)
    for dag, gaelder in (("2042-06-30", False), ("2042-07-01", True), ("2042-07-31", True), ("2042-08-01", False)):
        en = sag().goer("OpretAnsoegning", periode={"startdato": dag, "slutdato": "2043-01-01"}, timeTilskudsats=9404)
        assert (en.dokument("GetAnsoegning")["timeTilskudsatsBeskrivelse"] == "Kun i juli") is gaelder
    raekker = hub.klient().get("/v1/satser").json()["raekker"]
    assert [r["beskrivelse"] for r in raekker if r["kode"] == 9404][-1] == "Kun i juli"
