"""Agreements, supplementary grants and a new CPR number, all the way: actions in at the door, documents and messages out."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from byggere import KONTAKT

Sag = Callable[..., Any]
pytestmark = pytest.mark.acceptance

TO_AAR = {"startdato": "2025-01-01", "slutdato": "2026-12-31"}
AID = {"art": "Arbejdsredskab", "beloeb": "4999.95", "beskrivelse": "Hæve-sænke-bord"}
MENTORENS = ("mentortype", "mentorfunktion", "ugentligArbejdstid")


def datoer(dok: dict[str, Any]) -> list[Any]:
    """The three dates."""
    return [dok[navn] for navn in ("oprindeligSlutdato", "slutdatoFoerOphoer", "aktuelSlutdato")]


def fortalt(en: Any, antal: int = 1) -> list[tuple[Any, ...]]:
    """What was told of the newest version: method, act, subskabelon, whether it creates."""
    felter = ("getMetode", "eksternIdentifier", "virksomhedsordningSubskabelon", "erOprettelse")
    return [tuple(n[felt] for felt in felter) for n in en.fortalt(antal=antal)]


def test_R_1_1_an_igu_is_told_and_answered_with_getaftale_and_nothing_else(sag: Sag) -> None:
    """Made, it is created; the document has the case, the citizen and the contact; the scheme's other cells are 404."""
    en = sag("Igu").goer("IndgaaAftale")
    assert fortalt(en) == [("GetAftale", en.akt("aftale"), 9107, True)]
    dok = en.dokument("GetAftale", "aftale")
    assert (dok["sagsId"], dok["ordning"], dok["ansoegningStatus"], dok["bevillingsstatus"]) == (en.id, "Igu", None, None)
    assert dok["borger"] == {"personnummer": en.personnummer, "navn": "Bo Borger"}
    assert dok["virksomhed"]["kontaktpersonPaaArbejdsstedet"] == KONTAKT
    for metode in ("GetAnsoegning", "GetBevilling", "GetForlaengelse", "GetOphoer", "GetMentor", "GetHjaelpemiddel"):
        svar = en.hub.hent("Igu", metode, en.akt("aftale"))
        assert (svar.status_code, svar.json()["fejlkode"]) == (404, "ukendt_kombination")
    assert en.naegtet("UdstedBevilling", uden=["timeTilskudsats"])[0] == (9603, "ordning")


def test_R_2_2_an_agreement_corrected_and_ended_shows_all_three_dates(sag: Sag) -> None:
    """Original the first end, in force the newest; ended, it is cut and told with GetAftale; withdrawn, it is whole again."""
    en = sag("Igu").goer("IndgaaAftale").goer("RetAftale", periode=TO_AAR)
    assert fortalt(en) == [("GetAftale", en.akt("aftale"), 9107, False)]
    assert datoer(en.dokument("GetAftale", "aftale")) == ["2025-06-30", None, "2026-12-31"]
    en.goer("RegistrerOphoer", stopdato="2025-05-15")
    assert fortalt(en) == [("GetAftale", en.akt("aftale"), 9106, False)]
    dok = en.dokument("GetAftale", "aftale")
    assert (datoer(dok), dok["status"]) == (["2025-06-30", "2026-12-31", "2025-05-15"], "Ophoert")
    assert dok["gaeldendePeriode"] == {"startdato": "2025-01-01", "slutdato": "2025-05-15"} and dok["bevilgetPeriode"] == TO_AAR
    assert en.naegtet("RetAftale") == [(9729, None)]
    assert en.naegtet("RegistrerOphoer", "andet", stopdato="2025-05-01") == [(9725, None)]
    en.goer("TilbagekaldOphoer")
    assert datoer(en.dokument("GetAftale", "aftale")) == ["2025-06-30", None, "2026-12-31"]
    assert datoer(en.dokument("GetAftale", "aftale", version=1)) == ["2025-06-30", None, "2026-12-31"]


def test_R_2_2_an_agreement_stopped_before_its_start_never_began(sag: Sag) -> None:
    """IkkePaabegyndt: no period in force, still all the dates; a stop after the end is refused with the dates."""
    en = sag("Igu").goer("IndgaaAftale")
    assert en.naegtet("RegistrerOphoer", stopdato="2025-07-01") == [(9724, "data.stopdato")]
    dok = en.goer("RegistrerOphoer", stopdato="2024-12-31").dokument("GetAftale", "aftale")
    assert (dok["status"], dok["gaeldendePeriode"], dok["annulleretAf"]) == ("IkkePaabegyndt", None, en.akt("ophoer"))
    assert datoer(dok) == ["2025-06-30", "2025-06-30", "2024-12-31"]


@pytest.mark.parametrize("bilag", [True, False])
def test_R_3_7_a_supplementary_grant_signed_with_an_attachment_has_its_signature_time(sag: Sag, bilag: bool) -> None:
    """The time is when it was signed, by attachment as without; the signature is told, and comes once."""
    en = sag("Tillaegsbevilling").goer("UdstedTillaegsbevilling")
    assert fortalt(en) == [("GetMentor", en.akt("tillaeg"), 9108, True)]
    assert en.dokument("GetMentor", "tillaeg")["underskrevetTidspunkt"] is None
    en.goer("UnderskrivTillaegsbevilling", medBilag=bilag)
    assert fortalt(en) == [("GetMentor", en.akt("tillaeg"), 9108, False)]
    dok = en.dokument("GetMentor", "tillaeg")
    assert (dok["status"], dok["underskrevetMedBilag"]) == ("Underskrevet", bilag)
    assert dok["underskrevetTidspunkt"] == "2025-09-15T08:00:00.000000Z"
    assert en.naegtet("UnderskrivTillaegsbevilling", medBilag=True) == [(9619, None)]


def test_R_2_2_supplementary_grants_of_both_types_on_one_case_keep_their_own_periods(sag: Sag) -> None:
    """A further one, of an aid, is created beside the first; each has its own GetMetode, its own dates, and no other's fields."""
    en = sag("Tillaegsbevilling").goer("UdstedTillaegsbevilling")
    en.goer("UdstedTillaegsbevilling", "hjp", MENTORENS, type="Hjaelpemiddel", periode=TO_AAR, hjaelpemiddel=AID)
    assert fortalt(en) == [("GetHjaelpemiddel", en.akt("hjp"), 9109, True)]
    mentor, aid = en.dokument("GetMentor", "tillaeg"), en.dokument("GetHjaelpemiddel", "hjp")
    assert (datoer(mentor), datoer(aid)) == (["2025-06-30", None, "2025-06-30"], ["2026-12-31", None, "2026-12-31"])
    assert (mentor["arbejdstid"], mentor["mentortype"]["kode"]) == ({"timerPrUge": 2, "minutterPrUge": 45}, 35)
    assert aid["hjaelpemiddel"] == AID and not {"arbejdstid", "mentortype", "mentorfunktion"} & set(aid)
    assert "hjaelpemiddel" not in mentor
    assert en.naegtet("RegistrerOphoer")[0] == (9603, "ordning")


def test_R_5_1_R_5_2_a_supplementary_mentor_needs_its_type_and_a_bounded_text(sag: Sag) -> None:
    """The type is required and the other type's fields refused, all at once; the text has at most 2000 characters."""
    en = sag("Tillaegsbevilling")
    assert en.naegtet("UdstedTillaegsbevilling", uden=["mentortype"], hjaelpemiddel=AID) == [
        (9519, "data.hjaelpemiddel"),
        (9501, "data.mentortype"),
    ]
    assert en.naegtet("UdstedTillaegsbevilling", mentorfunktion="x" * 2001) == [(9505, "data.mentorfunktion")]
    dok = en.goer("UdstedTillaegsbevilling", mentorfunktion="æ" * 2000).dokument("GetMentor", "tillaeg")
    assert "æ" * 2000 in str(dok["mentorfunktion"])


def test_a_new_number_reaches_every_case_of_the_citizen_whatever_its_scheme(sag: Sag) -> None:
    """An IGU, a supplementary grant and an application of one citizen: each told of its main act, new at once, old as of before."""
    igu, tillaeg, ans = sag("Igu"), sag("Tillaegsbevilling"), sag("Loentilskud", "75100")
    for en in (tillaeg, ans):
        en.personnummer = igu.personnummer
    igu.goer("IndgaaAftale")
    tillaeg.goer("UdstedTillaegsbevilling")
    ans.goer("OpretAnsoegning").goer("UnderskrivAnsoegning")
    akter = {igu: ("GetAftale", "aftale"), tillaeg: ("GetMentor", "tillaeg"), ans: ("GetAnsoegning", "ansoegning")}
    foer = datetime.now(UTC).isoformat()
    gammelt, nyt = igu.personnummer, f"0202{igu.personnummer[4:]}"
    svar = igu.hub.klient().post("/v1/borgere/personnummerskift", json={"gammelt": gammelt, "nyt": nyt})
    assert svar.status_code == 201, svar.text
    versioner = {h["sagsId"]: h["version"] for h in svar.json()["haendelser"]}
    assert set(versioner) == {en.id for en in akter}
    for en, (metode, akt) in akter.items():
        en.version = versioner[en.id]
        assert [(n["getMetode"], n["erOprettelse"]) for n in en.fortalt()] == [(metode, False)]
        assert en.dokument(metode, akt)["borger"]["personnummer"] == nyt
        assert en.dokument(metode, akt, asOf=foer)["borger"]["personnummer"] == gammelt
    nr_fire = sag("Igu")
    nr_fire.personnummer = gammelt
    assert nr_fire.naegtet("IndgaaAftale") == [(9460, "data.borger.personnummer")]
    nr_fire.personnummer = nyt
    nr_fire.goer("IndgaaAftale")
