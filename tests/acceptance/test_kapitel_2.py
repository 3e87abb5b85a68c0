"""Chapter 2 of the release note for the schemes that begin with an application: dates, contractors, contacts (R-2.2, R-2.3, R-2.4)."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from byggere import KONTAKT

from hub.domain.matrix import FOEDES_VED, MATRIX

Sag = Callable[..., Any]
pytestmark = pytest.mark.acceptance

FIRE = [ordning for ordning, handling in FOEDES_VED.items() if handling == "OpretAnsoegning" and "GetOphoer" in MATRIX[ordning]]
"""The schemes with a grant, an extension and a termination of their own."""
HELE = {"startdato": "2025-01-01", "slutdato": "2025-06-30"}
METODER = {"bevilling": "GetBevilling", "forlaengelse": "GetForlaengelse", "ophoer": "GetOphoer"}


def bevilget(sag: Sag, ordning: str, **data: Any) -> Any:
    """A case whose grant the company has approved."""
    en = sag(ordning).goer("OpretAnsoegning").goer("UnderskrivAnsoegning").goer("GodkendAnsoegning")
    return en.goer("UdstedBevilling", **data).goer("SendBevilling").goer("GodkendBevilling")


def tre(dok: dict[str, Any]) -> tuple[Any, ...]:
    """The three dates."""
    return tuple(dok[navn] for navn in ("oprindeligSlutdato", "slutdatoFoerOphoer", "aktuelSlutdato"))


def fortalt(en: Any, antal: int = 1) -> list[tuple[str, str, bool]]:
    """What was told of the newest version: GetMetode, act, whether it creates."""
    return [(n["getMetode"], n["eksternIdentifier"], n["erOprettelse"]) for n in en.fortalt(antal=antal)]


@pytest.mark.parametrize("ordning", FIRE)
def test_R_2_2_a_termination_before_an_extension_cuts_annuls_and_tells_all_three_dates(sag: Sag, ordning: str) -> None:
    """The release note's story: every act has the three dates; the acts that changed are told, and come back when it is withdrawn."""
    en = bevilget(sag, ordning).goer("BevilgForlaengelse").goer("RegistrerOphoer")
    assert fortalt(en, 3) == [
        ("GetOphoer", en.akt("ophoer"), True),
        ("GetBevilling", en.akt("bevilling"), False),
        ("GetForlaengelse", en.akt("forlaengelse"), False),
    ]
    dok = {akt: en.dokument(metode, akt) for akt, metode in METODER.items()}
    assert {tre(d) for d in dok.values()} == {("2025-06-30", "2025-09-30", "2025-05-15")}
    assert (dok["bevilling"]["bevilgetPeriode"], dok["bevilling"]["gaeldendePeriode"]) == (HELE, {**HELE, "slutdato": "2025-05-15"})
    assert dok["bevilling"]["bevillingsstatus"]["kode"] == 9308
    forlaengelse = dok["forlaengelse"]
    assert (forlaengelse["status"], forlaengelse["annulleretAf"], forlaengelse["gaeldendePeriode"]) == (
        "Annulleret", en.akt("ophoer"), None,
    )  # fmt: skip
    assert forlaengelse["bevilgetPeriode"] == {"startdato": "2025-07-01", "slutdato": "2025-09-30"}
    assert (dok["ophoer"]["status"], dok["ophoer"]["stopdato"]) == ("Registreret", "2025-05-15")
    assert not any({"startdato", "slutdato"} & d.keys() for d in dok.values())
    en.goer("TilbagekaldOphoer")
    assert [n[1:] for n in fortalt(en, 3)] == [(en.akt(akt), False) for akt in ("ophoer", "bevilling", "forlaengelse")]
    efter = {akt: en.dokument(metode, akt) for akt, metode in METODER.items()}
    assert {tre(d) for d in efter.values()} == {("2025-06-30", None, "2025-09-30")}
    assert (efter["ophoer"]["status"], efter["ophoer"]["stopdato"]) == ("Tilbagekaldt", "2025-05-15")
    assert (efter["forlaengelse"]["status"], efter["forlaengelse"]["gaeldendePeriode"]) == ("Bevilget", forlaengelse["bevilgetPeriode"])
    assert efter["bevilling"]["gaeldendePeriode"] == HELE


@pytest.mark.parametrize("ordning", FIRE)
def test_R_2_2_a_termination_before_the_start_leaves_nothing_begun(sag: Sag, ordning: str) -> None:
    """IkkePaabegyndt with all its dates; corrected to a day inside, the grant is back up to that day."""
    en = bevilget(sag, ordning).goer("RegistrerOphoer", stopdato="2024-12-31")
    dok = en.dokument("GetBevilling", "bevilling")
    assert (dok["status"], dok["gaeldendePeriode"], dok["bevilgetPeriode"], dok["annulleretAf"]) == (
        "IkkePaabegyndt", None, HELE, en.akt("ophoer"),
    )  # fmt: skip
    assert tre(dok) == ("2025-06-30", "2025-06-30", "2024-12-31")
    dok = en.goer("RetOphoer", stopdato="2025-01-01").dokument("GetBevilling", "bevilling")
    assert (dok["gaeldendePeriode"], dok["annulleretAf"]) == ({"startdato": "2025-01-01", "slutdato": "2025-01-01"}, None)
    assert en.dokument("GetOphoer", "ophoer")["status"] == "Rettet"


@pytest.mark.parametrize("ordning", FIRE)
def test_R_2_2_what_contradicts_the_dates_in_force_is_refused_with_them(sag: Sag, ordning: str) -> None:
    """Another start, a stop after the end, a second termination, an extension after it, a second grant: 409, and nothing changed."""
    en = bevilget(sag, ordning)
    foer = en.dokument("GetBevilling", "bevilling")
    svar = en.send("BevilgForlaengelse", startdato="2025-07-02")
    (fejl,) = svar.json()["errors"]
    assert (svar.status_code, fejl["fejlkode"], fejl["felt"]) == (409, 9723, "data.startdato") and "2025-06-30" in fejl["fejltekst"]
    assert en.naegtet("RegistrerOphoer", stopdato="2025-07-01") == [(9724, "data.stopdato")]
    assert 9609 in [kode for kode, _ in en.naegtet("UdstedBevilling", "en ny")]
    assert en.dokument("GetBevilling", "bevilling") == foer
    en.goer("RegistrerOphoer", stopdato="2025-06-30")
    assert en.naegtet("RegistrerOphoer", "et til", stopdato="2025-05-01") == [(9725, None)]
    assert en.naegtet("BevilgForlaengelse") == [(9722, None)]
    assert en.naegtet("RetOphoer", stopdato="2025-07-01") == [(9724, "data.stopdato")]


@pytest.mark.parametrize("ordning", FIRE)
def test_R_2_2_one_application_for_an_extension_pends_and_its_start_is_decided_when_granted(sag: Sag, ordning: str) -> None:
    """Asked for, it has an end and no start; a second is refused; granted, it starts the day after the end in force, and is told twice."""
    en = bevilget(sag, ordning).goer("AnsoegForlaengelse")
    assert fortalt(en)[0] == ("GetForlaengelse", en.akt("forlaengelse"), True)
    dok = en.dokument("GetForlaengelse", "forlaengelse")
    assert (dok["ansoegtPeriode"], dok["bevilgetPeriode"], dok["status"]) == (
        {"startdato": None, "slutdato": "2025-09-30"},
        None,
        "Ansoegt",
    )
    assert en.naegtet("AnsoegForlaengelse", "en til") == [(9726, None)]
    dok = en.goer("BevilgForlaengelse").dokument("GetForlaengelse", "forlaengelse")
    assert fortalt(en)[0] == ("GetForlaengelse", en.akt("forlaengelse"), False)
    assert dok["gaeldendePeriode"] == {"startdato": "2025-07-01", "slutdato": "2025-09-30"}
    en.goer("AnsoegForlaengelse", "sidste", slutdato="2025-10-31").goer("AfslaaForlaengelse", "sidste")
    assert en.dokument("GetForlaengelse", "sidste")["status"] == "Afslaaet"
    assert tre(en.dokument("GetBevilling", "bevilling")) == ("2025-06-30", None, "2025-09-30")


@pytest.mark.parametrize("ordning", FIRE)
def test_R_2_2_a_refused_grant_is_followed_by_one_with_a_history_of_its_own(sag: Sag, ordning: str) -> None:
    """The old one shows no period in force and keeps its dates; the new one's original end is its own, and the old acts stay the old's."""
    en = bevilget(sag, ordning).goer("BevilgForlaengelse").goer("AfvisBevilling")
    assert (en.dokument("GetBevilling", "bevilling")["status"], en.dokument("GetBevilling", "bevilling")["gaeldendePeriode"]) == (
        "Afvist", None,
    )  # fmt: skip
    en.goer("UdstedBevilling", "ny", periode={"startdato": "2025-08-01", "slutdato": "2025-08-31"}).goer(
        "BevilgForlaengelse", "nyt", slutdato="2025-09-15"
    )
    assert tre(en.dokument("GetBevilling", "ny")) == ("2025-08-31", None, "2025-09-15")
    assert tre(en.dokument("GetForlaengelse", "forlaengelse")) == ("2025-06-30", None, "2025-09-30")
    assert en.dokument("GetForlaengelse", "nyt")["bevillingIdentifier"] == en.akt("ny")


def test_R_2_2_every_version_shows_the_dates_as_they_stood(sag: Sag) -> None:
    """As of each registration, and for each act, the dates of then; the original end is the same in all."""
    en = bevilget(sag, "Loentilskud")
    ventet = {en.version: ("2025-06-30", None, "2025-06-30")}
    registreret = {en.version: en.dokument("GetBevilling", "bevilling")["registreringstidspunkt"]}
    slut = date(2025, 6, 30)
    for nr, handling in enumerate(("BevilgForlaengelse", "BevilgForlaengelse", "RegistrerOphoer", "TilbagekaldOphoer")):
        slut += timedelta(days=30 if handling.startswith("Bevilg") else 0)
        data = {"BevilgForlaengelse": {"slutdato": slut.isoformat()}}.get(handling, {})
        en.goer(handling, f"f{nr}" if data else None, **data)
        stopper = handling == "RegistrerOphoer"
        ventet[en.version] = ("2025-06-30", slut.isoformat() if stopper else None, "2025-05-15" if stopper else slut.isoformat())
        registreret[en.version] = en.dokument("GetBevilling", "bevilling")["registreringstidspunkt"]
    for version, datoer in ventet.items():
        assert tre(en.dokument("GetBevilling", "bevilling", asOf=registreret[version])) == datoer


def test_R_2_3_a_case_rejected_towards_the_contractor_is_taken_over_and_rejected_with_a_text(sag: Sag) -> None:
    """9205, 9206, 9207, 9209, each told with GetAnsoegning; the rejection carries the text that is mailed, and needs one."""
    en = sag().goer("OpretAnsoegning").goer("UnderskrivAnsoegning")
    for handling, kode in (("SendTilAndenAktoer", 9205), ("AfvisTilAndenAktoer", 9206), ("OvertagFraAndenAktoer", 9207)):
        en.goer(handling)
        assert [(n["getMetode"], n["ansoegningStatus"], n["erOprettelse"]) for n in en.fortalt()] == [("GetAnsoegning", kode, False)]
        dok = en.dokument("GetAnsoegning")
        assert (dok["ansoegningStatus"]["kode"], dok["indhentetAfAndenAktoer"]) == (kode, kode != 9207)
    assert en.naegtet("AfvisAnsoegning", uden=["tekst"]) == [(9501, "data.tekst")]
    dok = en.goer("AfvisAnsoegning", tekst="Kære virksomhed, ansøgningen er afslået.").dokument("GetAnsoegning")
    assert (dok["ansoegningStatus"]["kode"], dok["tekst"]) == (9209, "Kære virksomhed, ansøgningen er afslået.")
    assert [n["ansoegningStatus"] for n in en.fortalt()] == [9209]


def test_R_2_3_what_is_with_the_contractor_is_rejected_from_there_too(sag: Sag) -> None:
    """From 9206 without taking over; a case that is not with a contractor is not taken back from one."""
    en = sag("Virksomhedspraktik").goer("OpretAnsoegning").goer("UnderskrivAnsoegning")
    assert [kode for kode, _ in en.naegtet("OvertagFraAndenAktoer")] == [9607]
    en.goer("SendTilAndenAktoer").goer("AfvisTilAndenAktoer").goer("AfvisAnsoegning", tekst="Nej.")
    assert en.dokument("GetAnsoegning")["ansoegningStatus"] == {"kode": 9209, "navn": "Afvist"}


@pytest.mark.parametrize("ordning", FIRE)
def test_R_2_4_the_grants_documents_have_the_contact_at_the_place_of_work_and_not_the_applications(sag: Sag, ordning: str) -> None:
    """Named otherwise in the grant than in the application: the grant's own is shown, and the application's contact nowhere else."""
    egen = {**KONTAKT, "navn": "Gro Grund"}
    en = bevilget(sag, ordning, kontaktpersonPaaArbejdsstedet=egen).goer("BevilgForlaengelse").goer("RegistrerOphoer")
    for akt, metode in METODER.items():
        virksomhed = en.dokument(metode, akt)["virksomhed"]
        assert virksomhed["kontaktpersonPaaArbejdsstedet"] == egen
        assert "ansvarligKontaktperson" not in virksomhed and "Ane Ansvarlig" not in str(virksomhed)
    ansoegning = en.dokument("GetAnsoegning")["virksomhed"]
    assert ansoegning["ansvarligKontaktperson"]["navn"] == "Ane Ansvarlig"
    assert ansoegning["kontaktpersonPaaArbejdsstedet"] == KONTAKT
