"""An action's form at the door: every error at once, nothing coerced, nothing typed repeated."""

import copy
from typing import Any

import pytest
from byggere import KONTAKT, SAGEN, SENERE, raa

from hub.domain.decide import REGLER
from hub.domain.fejl import FEJL, Afvisning
from hub.domain.fejlkoder import Fejlkode
from hub.domain.handlinger import HANDLINGER, laes_handling

ANSOEGNING = raa("OpretAnsoegning")


def fejl(obj: object) -> list[tuple[int, str | None]]:
    """Code and field of every error in an action."""
    with pytest.raises(Afvisning) as afvist:
        laes_handling(obj)
    return [(f.kode, f.felt) for f in afvist.value.fejl]


def med(sti: str, vaerdi: object) -> dict[str, Any]:
    """The default application with one value set."""
    obj = copy.deepcopy(ANSOEGNING)
    *veje, sidste = sti.split(".")
    sted: Any = obj
    for vej in veje:
        sted = sted[vej]
    sted[sidste] = vaerdi
    return obj


@pytest.mark.parametrize(
    ("organisation", "fundet"),
    [
        ({"type": "Jobcenter", "kode": "10100"}, []),
        ({"type": "Kommune", "kode": "101"}, []),
        ({"type": "Virksomhed", "kode": "12345678"}, []),
        ({"type": "AndenAktoer", "kode": "12345678"}, []),
        ({"type": "Styrelsen", "kode": "12345678"}, []),
        ({"type": "Jobcenter", "kode": "101 00"}, [(9504, "aktoer.organisation.kode")]),
        ({"type": "Jobcenter", "kode": "12345678"}, [(9504, "aktoer.organisation.kode")]),
        ({"type": "Kommune", "kode": "10100"}, [(9504, "aktoer.organisation.kode")]),
        ({"type": "Virksomhed", "kode": "0101901234"}, [(9504, "aktoer.organisation.kode")]),
        ({"type": "Virksomhed", "kode": "12345678\n"}, [(9504, "aktoer.organisation.kode")]),
        ({"type": "AndenAktoer", "kode": "٠١٢٣٤٥٦٧"}, [(9504, "aktoer.organisation.kode")]),
        ({"type": "Styrelsen", "kode": 12345678}, [(9503, "aktoer.organisation.kode")]),
        ({"type": "Bodil Testsen", "kode": "0101901234"}, [(9508, "aktoer.organisation.type")]),
        ({"kode": "10100", "navn": "x"}, [(9501, "aktoer.organisation.type"), (9502, "aktoer.organisation.navn")]),
    ],
)
def test_an_organisation_is_of_a_known_type_with_a_code_of_that_type(organisation: object, fundet: list[tuple[int, str]]) -> None:
    """Both stand open in the event for ever: nothing fits there that could be a person's number or name."""
    obj = ANSOEGNING | {"aktoer": ANSOEGNING["aktoer"] | {"type": "Sagsbehandler", "organisation": organisation}}
    if not fundet:
        assert laes_handling(obj).aktoer.organisation is not None
    else:
        assert fejl(obj) == fundet


def test_a_citizen_acts_for_no_organisation() -> None:
    """Whatever its type and code; the rest of what is wrong is listed beside it."""
    borger = {"type": "Borger", "id": "", "organisation": {"type": "Virksomhed", "kode": "0101901234"}}
    assert fejl(ANSOEGNING | {"aktoer": borger}) == [(9505, "aktoer.id"), (9517, "aktoer.organisation")]
    assert laes_handling(ANSOEGNING | {"aktoer": {"type": "Borger", "id": "x", "organisation": None}}).aktoer.organisation is None


def test_every_error_of_envelope_and_data_is_listed_at_once() -> None:
    """One refusal names all that is wrong, in the envelope and in the data."""
    obj = raa("OpretAnsoegning", uden=["borger"], ugentligArbejdstid="60", ukendt=1)
    obj |= {"sagsId": "x", "jobCenterKode": "1010", "ordning": "Ukendt"}
    assert fejl(obj) == [
        (9504, "sagsId"),
        (9504, "jobCenterKode"),
        (9501, "data.borger"),
        (9510, "data.ugentligArbejdstid"),
        (9502, "data.ukendt"),
        (9508, "ordning"),
    ]


@pytest.mark.parametrize(
    ("sti", "vaerdi", "kode"),
    [
        ("data.virksomhed.cvrNummer", "1234567", 9504),
        ("data.virksomhed.cvrNummer", "123456789", 9504),
        ("data.virksomhed.cvrNummer", "١٢٣٤٥٦٧٨", 9504),
        ("data.virksomhed.cvrNummer", "12345678\n", 9504),
        ("data.virksomhed.cvrNummer", 12345678, 9503),
        ("data.virksomhed.pNummer", "123456789", 9504),
        ("data.borger.personnummer", "3102001234", 9504),
        ("data.borger.personnummer", "3002001234", 9504),
        ("data.borger.personnummer", "010190-0000", 9504),
        ("data.borger.navn", "x" * 141, 9505),
        ("data.borger.navn", "", 9505),
        ("data.borger.navn", "Bo\x00", 9514),
        ("data.borger.navn", "<b>Bo</b>", 4933),
        *(("vitasSagsnummer", f"V{tegn}1", 9514) for tegn in ("\t", "\n", "\r", "\x85", "\u2028", "\u202e", "\u2066")),
        ("data.borger.navn", " ", 9501),
        ("data.konfliktKommentar", "\n\t ", 9501),
        ("data.konfliktKommentar", "\u00a0\u200b\u2003", 9501),
        ("data.borger", None, 9503),
        ("data.periode.startdato", "2025-02-29", 9506),
        ("data.periode.startdato", "2025-1-1", 9506),
        ("data.periode.startdato", "20250101", 9506),
        ("data.periode.startdato", "1899-12-31", 9506),
        ("data.periode.startdato", "9999-12-31", 9506),
        ("data.periode.startdato", 20250101, 9506),
        ("data.periode.slutdato", "2024-12-31", 1003),
        ("data.ansvarligKontaktperson.email", "kim@", 9504),
        ("data.ansvarligKontaktperson.email", "kim kontakt@firma.example", 9504),
        ("data.ansvarligKontaktperson.telefon", "12", 9504),
        ("data.ansvarligKontaktperson.telefon", "+45 12345678", 9504),
        ("data.konfliktKommentar", "x" * 1001, 9505),
        ("data.konfliktramt", "Ja", 9503),
        ("data.antalAnsatteSenesteMaaned", {"rimelighedskrav": 0}, 9503),
        ("data.antalAnsatteSenesteMaaned", {"rimelighedskrav": "-1"}, 9504),
        ("data.timeTilskudsats", 10_001, 9510),
        ("data.timeTilskudsats", "9403", 9503),
        ("data.timeTilskudsats", True, 9503),
        ("data", [1], 9503),
        ("jobCenterKode", "1010", 9504),
        ("jobCenterKode", "99900", 9509),
        ("jobCenterKode", "41100", 9509),
        ("vitasSagsnummer", "x" * 21, 9505),
        ("vitasSagsnummer", None, 9501),
        ("ordning", 5, 9503),
        ("sagsId", "5a600000-0000-4000-8000-00000000000g", 9504),
        ("eksternIdentifier", "{5a600000-0000-4000-8000-000000000000}", 9504),
        ("sagsId", "00000000-0000-0000-0000-000000000000", 9504),
        ("eksternIdentifier", "00000000-0000-0000-0000-000000000000", 9504),
        ("haendelsestidspunkt", "2025-09-15T10:00:00", 9507),
        ("haendelsestidspunkt", "2025-09-15", 9507),
        ("haendelsestidspunkt", "2025-02-30T10:00:00Z", 9507),
        ("haendelsestidspunkt", "0001-01-01T00:00:00+14:00", 9507),
        ("haendelsestidspunkt", 1757923200, 9507),
        ("aktoer.type", "Konge", 9508),
        ("aktoer.id", "", 9505),
        ("aktoer.id", " ", 9501),
        ("handling", "OpretSag", 9511),
        ("handling", None, 9503),
        ("handling", ["OpretAnsoegning"], 9503),
    ],
)
def test_a_malformed_field_is_refused_with_its_code(sti: str, vaerdi: object, kode: int) -> None:
    """Each kind of malformed field has its code, names its field, and answers 422."""
    fundet = fejl(med(sti, vaerdi))
    assert kode in [k for k, _ in fundet]
    assert all((felt or "").startswith(sti.rpartition(".")[0]) for k, felt in fundet if k == kode)


@pytest.mark.parametrize(
    ("sti", "vaerdi"),
    [
        ("data.borger.personnummer", "0000000000"),
        ("data.borger.personnummer", "2902001234"),
        ("data.borger.navn", "x" * 140),
        ("data.borger.navn", "Ærø <3 Öberg"),
        ("data.konfliktKommentar", "linje\nlinje\ttab"),
        ("data.konfliktKommentar", " ."),
        ("data.periode", {"startdato": "2024-02-29"}),
        ("data.periode", {"startdato": "2025-01-01", "slutdato": "2025-01-01"}),
        ("jobCenterKode", "10199"),
        ("haendelsestidspunkt", "2025-09-15T10:00:00.123456Z"),
        ("aktoer", {"type": "System", "id": "x" * 255}),
    ],
)
def test_what_is_allowed_passes(sti: str, vaerdi: object) -> None:
    """Unknown CPR, leap days, one-day periods, unknown sub-centres of a known kommune and ordinary punctuation are not refused."""
    laes_handling(med(sti, vaerdi))


@pytest.mark.parametrize("obj", [None, [], "x", 5, [ANSOEGNING]])
def test_what_is_not_an_object_is_refused(obj: object) -> None:
    """Anything but one object is one error."""
    assert fejl(obj) == [(9503, None)]


def test_an_empty_object_is_told_what_it_lacks() -> None:
    """All envelope fields are named."""
    assert fejl({}) == [(9501, navn) for navn in ("handling", "sagsId", "eksternIdentifier", "haendelsestidspunkt", "aktoer")]


def test_the_first_action_alone_has_scheme_jobcentre_and_case_number() -> None:
    """They are required on the action that opens a case and refused on every other."""
    assert fejl({k: v for k, v in ANSOEGNING.items() if k not in ("ordning", "jobCenterKode", "vitasSagsnummer")}) == [
        (9501, "ordning"),
        (9501, "jobCenterKode"),
        (9501, "vitasSagsnummer"),
    ]
    assert fejl(raa("FrigivSag") | {"ordning": "Loentilskud"}) == [(9515, "ordning")]


def test_a_grant_opens_a_case_with_all_that_names_it_or_comes_later_with_nothing_of_it() -> None:
    """UdstedBevilling of mentor carries all five fields; any of them alone misses the others; none of them is a later grant."""
    assert laes_handling(raa("UdstedBevilling", ordning="Mentor")).aabner
    assert not laes_handling(raa("UdstedBevilling", ordning="Mentor", uden=SENERE)).aabner
    alle = [(9501, navn) for navn in ("ordning", "jobCenterKode", "vitasSagsnummer", "data.virksomhed", "data.borger")]
    for navn in SENERE:
        sti = f"data.{navn}" if navn in SAGEN else navn
        assert fejl(raa("UdstedBevilling", ordning="Mentor", uden=[n for n in SENERE if n != navn])) == [m for m in alle if m[1] != sti]
    assert fejl(raa("SendBevilling") | {"jobCenterKode": "10100"}) == [(9515, "jobCenterKode")]
    assert fejl(raa("SendBevilling", **SAGEN)) == [(9502, "data.virksomhed"), (9502, "data.borger")]


@pytest.mark.parametrize(
    ("handling", "ordning"), [("OpretAnsoegning", "Mentor"), ("UdstedBevilling", "Igu"), ("UdstedBevilling", "Loentilskud")]
)
def test_a_case_is_opened_only_by_its_schemes_own_first_action(handling: str, ordning: str) -> None:
    """The refusal names the action that opens it, beside whatever else is wrong."""
    obj = raa(handling, ordning="Mentor", uden=["periode"]) | {"ordning": ordning, "jobCenterKode": "10100", "vitasSagsnummer": "V-1"}
    assert fejl(obj) == [(9501, "data.periode"), (9518, "handling")]


def test_an_action_without_data_may_leave_it_out() -> None:
    """`data` defaults to the empty object."""
    obj = raa("FrigivSag")
    del obj["data"]
    assert laes_handling(obj).handling == "FrigivSag"


def test_ids_and_times_have_one_spelling() -> None:
    """Upper-case uuids become lower case and times UTC, so that the same id is the same stream."""
    handling = laes_handling(ANSOEGNING | {"sagsId": ANSOEGNING["sagsId"].upper()})
    assert handling.sagsId == ANSOEGNING["sagsId"]
    assert handling.haendelsestidspunkt.isoformat() == "2025-09-15T08:00:00+00:00"


def test_R_3_3_the_special_cvr_number_cannot_be_sent() -> None:
    """'Evt. særligt CVR nummer' is gone: a new application cannot carry it."""
    assert fejl(raa("OpretAnsoegning", saerligtCvrNummer="12345678")) == [(9502, "data.saerligtCvrNummer")]


def test_no_error_repeats_what_was_typed() -> None:
    """Neither texts nor paths hold a typed value or a field name that could be one."""
    cpr, navn = "3102991234", "Hemmelig Hansen"
    obj = med("data.borger", {"personnummer": cpr, "navn": navn * 20, cpr: 1, navn: 2})
    with pytest.raises(Afvisning) as afvist:
        laes_handling(obj)
    alt = repr([f.som_json() for f in afvist.value.fejl]) + str(afvist.value)
    assert len(afvist.value.fejl) == 4
    assert cpr not in alt
    assert navn not in alt


def test_a_text_that_is_too_long_is_told_its_length_and_the_limit() -> None:
    """Length and limit stand in the refusal."""
    with pytest.raises(Afvisning) as afvist:
        laes_handling(med("data.ansvarligKontaktperson", KONTAKT | {"navn": "x" * 150}))
    assert "150" in afvist.value.fejltekst
    assert "140" in afvist.value.fejltekst


def test_every_action_has_a_rule_and_every_code_a_text() -> None:
    """The tables agree: actions with rules, codes with texts in both languages."""
    assert HANDLINGER.keys() == REGLER.keys()
    assert set(Fejlkode) == FEJL.keys()
    assert all(tekst.dansk and tekst.engelsk and tekst.status in (404, 409, 412, 422) for tekst in FEJL.values())
    assert all(tekst.kilde == "STAR" or 9500 <= kode <= 9899 for kode, tekst in FEJL.items())
