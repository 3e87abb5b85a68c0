"""The reference streams: what is taken and refused, how it folds, what `decide` is told of it (R-1.4, R-2.1, R-3.1, R-3.4, R-3.6)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args

import pytest
from byggere import KOMPLET, an_action, given

from hub.domain import haendelser as h
from hub.domain.fejl import Afvisning
from hub.domain.foldning import KanIkkeFoldes
from hub.domain.handlinger import AktoerIn, Handling
from hub.domain.koder import KODELISTER
from hub.domain.kuvert import Aktoer, Kuvert
from hub.domain.opslag import Opslag, gaelder, sats_paa
from hub.domain.reference import Konfliktregister, Reference, evolve_reference
from hub.domain.reference_decide import HOEJST_RAEKKER, decide_reference
from hub.domain.reference_haendelser import REFERENCEHAENDELSER, Referencehaendelse
from hub.domain.reference_handlinger import REFERENCEHANDLINGER, Liste, laes_reference
from hub.domain.reference_opslag import SATSSTROEMME, SOEGER, TEKSTSTROEMME, opslag, soegte
from hub.domain.satser import SATSER

VITAS = AktoerIn(type="System", id="vitas")
CVR = "12345678"
NU = datetime(2025, 9, 15, 12, tzinfo=UTC)
KONFLIKT = {"fra": "2025-09-01", "fagomraader": ["Transport", "Lager"]}
SATS = {
    "kode": 9403,
    "navn": "Privat arbejdsgiver",
    "beskrivelse": "92,11 kr. i timen (2025)",
    "startdato": "2025-07-01",
    "slutdato": "2026-01-01",
}
TEKST = {"ordning": "Loentilskud", "tekstversion": "2025-3", "tekst": "Ansøgningen afslås.", "startdato": "2025-01-01"}
KODE = {"liste": "bevillingsstatus", "kode": 9310, "navn": "Genoptaget", "startdato": "2026-01-01"}


def sker(tilstand: Reference | None, handling: str, data: dict[str, Any], cvr: str = "") -> Reference:
    """The stream after an action that is taken, an hour after the one before it."""
    lavet = laes_reference(handling, data, VITAS, cvr)
    (givet,) = decide_reference(tilstand, lavet, Opslag(), NU)
    version = (tilstand.version if tilstand else 0) + 1
    tid = NU + timedelta(hours=version)
    kuvert = Kuvert("id", lavet.sagsId, version, lavet.sagsId, tid, tid, Aktoer("System"), "r", bytes(32), "r")
    return evolve_reference(tilstand, Referencehaendelse(kuvert, givet))


def naegtet(handling: str, data: dict[str, Any], cvr: str = "", tilstand: Reference | None = None) -> list[tuple[int | str, str | None]]:
    """Code and field of every error."""
    with pytest.raises(Afvisning) as fanget:
        decide_reference(tilstand, laes_reference(handling, data, VITAS, cvr), Opslag(), NU)
    return [(f.kode, f.felt) for f in fanget.value.fejl]


def opret(dag: str = "2025-09-15", **data: Any) -> Handling:
    """An application made on that day."""
    return an_action("OpretAnsoegning", **data).model_copy(update={"haendelsestidspunkt": datetime.fromisoformat(f"{dag}T10:00:00Z")})


def test_every_action_becomes_an_event_and_every_event_folds() -> None:
    """The five actions give the five events, each in the stream that is named after what it is about."""
    stroemme = {}
    for navn, data in (("RegistrerKonflikt", KONFLIKT), ("RegistrerSats", SATS), ("RegistrerAfslagstekst", TEKST), ("RegistrerKode", KODE)):
        lavet = laes_reference(navn, data, VITAS, CVR)
        stroemme[navn] = lavet.sagsId
        assert sker(None, navn, data, CVR).version == 1
    assert list(stroemme.values()) == [CVR, "sats-9403", "afslagstekst-Loentilskud", "kodeliste-bevillingsstatus"]
    assert {*stroemme, "OphoerKonflikt"} == REFERENCEHANDLINGER.keys()
    assert len(REFERENCEHAENDELSER) == len(REFERENCEHANDLINGER)


def test_R_2_1_an_ended_conflict_stands_no_more_and_stays_in_the_history() -> None:
    """Registered, replaced, ended, registered anew: one stands at a time, all four moments are kept."""
    register: Any = sker(None, "RegistrerKonflikt", KONFLIKT, CVR)
    register = sker(register, "RegistrerKonflikt", KONFLIKT | {"fagomraader": ["Lager"]}, CVR)
    assert [r.til for r in register.raekker] == [NU + timedelta(hours=2), None] and register.staaende.fagomraader == ("Lager",)
    register = sker(register, "OphoerKonflikt", {}, CVR)
    assert register.staaende is None and [r.kilde for r in register.raekker] == [f"{CVR}@1", f"{CVR}@2"]
    register = sker(register, "RegistrerKonflikt", KONFLIKT, CVR)
    assert (register.staaende.kilde, register.version, len(register.raekker)) == (f"{CVR}@4", 4, 3)


def test_R_2_1_only_a_conflict_that_stands_is_ended() -> None:
    """Never registered, or ended already: refused."""
    assert naegtet("OphoerKonflikt", {}, CVR) == [(9751, "cvr")]
    ophoert = sker(sker(None, "RegistrerKonflikt", KONFLIKT, CVR), "OphoerKonflikt", {}, CVR)
    assert naegtet("OphoerKonflikt", {}, CVR, ophoert) == [(9751, "cvr")]


def test_R_2_1_decide_is_told_of_a_conflict_that_has_begun() -> None:
    """From its first day the company is in conflict, with the origin of what was looked up; the day before, and once it has ended, not."""
    register: Any = sker(None, "RegistrerKonflikt", KONFLIKT, CVR)
    assert opslag(opret("2025-08-31"), {CVR: register}).konflikt is None
    fundet = opslag(opret("2025-09-01"), {CVR: register})
    assert fundet.konflikt is not None and fundet.konflikt.kilde == f"{CVR}@1"
    (oprettet,) = given([], fundet).when(opret("2025-09-01")).haendelser
    assert isinstance(oprettet, h.AnsoegningOprettet)
    assert (oprettet.konfliktramt, oprettet.konfliktOprindelse, oprettet.konfliktKilde) == (True, "Styrelsen", f"{CVR}@1")
    assert opslag(opret("2025-09-16"), {CVR: sker(register, "OphoerKonflikt", {}, CVR)}).konflikt is None


def test_R_2_1_a_late_application_is_judged_by_its_own_moment() -> None:
    """Made while the company was registered and recorded after it ended: marked, by the registration that held then; later: not."""
    register: Any = sker(None, "RegistrerKonflikt", KONFLIKT, CVR)  # registered at NU + 1 h
    register = sker(register, "RegistrerKonflikt", KONFLIKT | {"fra": "2025-09-15", "fagomraader": ["Lager"]}, CVR)  # + 2 h
    register = sker(register, "OphoerKonflikt", {}, CVR)  # + 3 h
    for tid, kilde in (
        ("2025-08-31T21:59:59Z", None),
        ("2025-08-31T22:00:00Z", f"{CVR}@1"),  # its first day, in Denmark
        ("2025-09-14T21:59:59Z", f"{CVR}@1"),
        ("2025-09-15T14:30:00Z", f"{CVR}@2"),
        ("2025-09-15T14:59:59Z", f"{CVR}@2"),
        ("2025-09-15T15:00:00Z", None),
    ):
        made = opret().model_copy(update={"haendelsestidspunkt": datetime.fromisoformat(tid)})
        fundet = opslag(made, {CVR: register}).konflikt
        assert (fundet and fundet.kilde) == kilde, tid


def test_R_2_1_a_companys_own_yes_has_no_row_to_come_from() -> None:
    """`konfliktOprindelse` Virksomheden, `konfliktKilde` null."""
    (oprettet,) = given([]).when(opret(konfliktramt=True)).haendelser
    assert isinstance(oprettet, h.AnsoegningOprettet)
    assert (oprettet.konfliktOprindelse, oprettet.konfliktKilde) == ("Virksomheden", None)


@pytest.mark.parametrize(
    ("dag", "raekke"),
    [("2025-06-30", "9403-2025"), ("2025-07-01", "sats-9403@1"), ("2025-12-31", "sats-9403@1"), ("2026-01-01", "9403-2025")],
)
def test_R_3_1_a_registered_rate_holds_in_its_half_open_validity(dag: str, raekke: str) -> None:
    """From its first day, and not on `slutdato`; on the other days the row shipped in the code is in force as before."""
    liste = sker(None, "RegistrerSats", SATS)
    i_kraft = opslag(an_action("RegistrerOphoer"), {"sats-9403": liste}).satser
    fundet = sats_paa(i_kraft, 9403, date.fromisoformat(dag))
    assert fundet is not None and fundet.raekke == raekke


def test_R_3_1_a_correction_is_a_further_row_and_the_last_one_wins() -> None:
    """The first row stays as it was; on a day that both cover the later one is in force."""
    liste: Any = sker(
        sker(None, "RegistrerSats", SATS), "RegistrerSats", SATS | {"beskrivelse": "93,00 kr. i timen", "startdato": "2025-08-01"}
    )
    assert [(r.raekke, r.beskrivelse) for r in liste.raekker] == [
        ("sats-9403@1", SATS["beskrivelse"]),
        ("sats-9403@2", "93,00 kr. i timen"),
    ]
    i_kraft = opslag(an_action("RegistrerOphoer"), {"sats-9403": liste}).satser
    assert [fundet and fundet.raekke for fundet in (sats_paa(i_kraft, 9403, date(2025, m, 15)) for m in (7, 8))] == [
        "sats-9403@1",
        "sats-9403@2",
    ]


def test_R_3_1_the_voksenlaerling_rates_shipped_run_to_the_end_of_2035() -> None:
    """Both are in force on 31.12.2035 and not the day after; half-open as everything here."""
    for kode in (9411, 9412):
        assert sats_paa(SATSER, kode, date(2035, 12, 31)) and not sats_paa(SATSER, kode, date(2036, 1, 1))
    assert gaelder(None, None, date(2025, 1, 1))


@pytest.mark.parametrize(
    ("data", "fejl"),
    [
        ({"slutdato": "2025-07-01"}, [(9752, "slutdato")]),
        ({"slutdato": "2025-06-30", "navn": " "}, [(9752, "slutdato"), (9501, "navn")]),
        ({"navn": "<b>", "beskrivelse": "<b>Sats</b>"}, [(4933, "navn"), (4933, "beskrivelse")]),
        ({"kode": 9499}, [(9756, "kode")]),
        ({"navn": "", "beskrivelse": "x" * 256, "ukendt": 1}, [(9505, "navn"), (9505, "beskrivelse"), (9502, "ukendt")]),
        ({"beskrivelse": "Sats for 010190-1234"}, [(9754, "beskrivelse")]),
    ],
)
def test_a_rate_that_cannot_be_is_refused_with_every_error(data: dict[str, Any], fejl: list[Any]) -> None:
    """Validity without a day, a code that no scheme has, malformed fields, something like a CPR number."""
    assert naegtet("RegistrerSats", SATS | data) == fejl


@pytest.mark.parametrize(
    "tekst",
    [
        "Løntilskud efter § 63",
        "Sats, jf. stk. 2",
        "Efter lov om en aktiv beskæftigelsesindsats",
        "Lov nr. 548 af 7. maj 2019",
        "Bekendtgørelse nr 2020 af 12.12.2019",
        "LBK nr. 1342 af 2016, ændret 2021",
        "Beskæftigelsesindsatsloven",
        "Løntilskud efter LAB 63",
        "Løntilskud efter LAB 63, sats for 2025",
        "Sats efter LAB",
        "LAB 2019, årets sats",
        "Efter kapitel 12, sats for 2025",
        "Jf. kap. 12",
        "Sats efter LAS, ABL og SEL",
    ],
)
def test_R_1_4_a_rate_text_names_no_law_from_before_2020(tekst: str) -> None:
    """Paragraphs, and laws without a year or with one before 2020, are refused in name and description alike."""
    assert naegtet("RegistrerSats", SATS | {"beskrivelse": tekst, "navn": tekst}) == [(9753, "navn"), (9753, "beskrivelse")]


@pytest.mark.parametrize(
    "tekst",
    [
        "92,11 kr. i timen (2019)",
        "Bekendtgørelse nr. 1842 af 2023",
        "Efter LAB som ændret i 2023",
        "Løntilskud ved orlov",
        "Alle der kommer fra ledighed",
        "Labb 12 og las, 2019",
        "Kapacitet 12",
    ],
)
def test_R_1_4_other_texts_are_taken(tekst: str) -> None:
    """Amounts with their year, a newer order by its year, words that only end like a law."""
    assert sker(None, "RegistrerSats", SATS | {"beskrivelse": tekst}).version == 1


def test_R_1_4_no_row_shipped_in_the_code_would_be_refused() -> None:
    """The rule holds for the code's own rows: each is taken when it is registered."""
    for r in SATSER:
        slut = r.slutdato and str(r.slutdato)
        raekke = {"kode": r.kode, "navn": r.navn, "beskrivelse": r.beskrivelse, "startdato": str(r.startdato), "slutdato": slut}
        assert sker(None, "RegistrerSats", raekke).version == 1


@pytest.mark.parametrize(("ordning", "registreret", "tekstversion"), [("Loentilskud", True, "2025-3"), ("Loentilskud", False, "1999-1")])
def test_R_3_4_a_rejection_keeps_text_and_version(ordning: str, registreret: bool, tekstversion: str) -> None:
    """With the row that its version was looked up in, when there is one; where nothing is registered, any version is taken."""
    fundne = {"afslagstekst-Loentilskud": sker(None, "RegistrerAfslagstekst", TEKST)} if registreret else {}
    afvis = an_action("AfvisAnsoegning", tekst="Kære virksomhed", tekstversion=tekstversion)
    kilde = "afslagstekst-Loentilskud@1" if registreret else None
    given(KOMPLET, opslag(afvis, fundne)).when(afvis).then([h.AnsoegningAfvist("Kære virksomhed", tekstversion, kilde)])


def test_R_3_4_an_unknown_version_is_refused_once_any_is_registered() -> None:
    """409 on the field, naming the versions there are."""
    fundne = {"afslagstekst-Loentilskud": sker(None, "RegistrerAfslagstekst", TEKST)}
    afvis = an_action("AfvisAnsoegning", tekst="Kære virksomhed", tekstversion="2025-4")
    (fejl,) = given(KOMPLET, opslag(afvis, fundne)).when(afvis).naegtet(9743)
    assert fejl.felt == "data.tekstversion" and "2025-3" in fejl.fejltekst


def test_R_3_4_only_three_schemes_have_versioned_texts() -> None:
    """Another scheme's text is not registered."""
    assert [kode for kode, _ in naegtet("RegistrerAfslagstekst", TEKST | {"ordning": "Fleksjob"})] == [9508]
    assert TEKSTSTROEMME == ("afslagstekst-Loentilskud", "afslagstekst-Virksomhedspraktik", "afslagstekst-Voksenlaerling")


def test_an_action_looks_up_only_what_it_names() -> None:
    """The conflict of a scheme that asks, the rate named, every rate where the case's own counts; nothing for what is not in the table."""
    assert soegte(opret(timeTilskudsats=9403)) == {CVR, "sats-9403"}
    assert soegte(an_action("OpretAnsoegning", ordning="Fleksjob")) == frozenset()
    assert soegte(an_action("BevilgForlaengelse")) == set(SATSSTROEMME) and len(SATSSTROEMME) == 7
    assert soegte(an_action("RetAnsoegning", ugentligArbejdstid="30")) == frozenset()
    assert soegte(an_action("RetAnsoegning", timeTilskudsats=9404)) == {"sats-9404"}
    assert soegte(an_action("AfvisAnsoegning", tekstversion="1")) == set(TEKSTSTROEMME)
    assert "TildelSag" not in SOEGER and soegte(an_action("TildelSag")) == frozenset()


def test_R_3_6_a_corrected_rate_looks_up_the_one_named_or_every_one() -> None:
    """Left out or null, the code is the act's own, which only the case knows."""
    assert soegte(an_action("RetTilskudssats", timeTilskudsats=9404)) == {"sats-9404"}
    for udeladt in (an_action("RetTilskudssats", uden=["timeTilskudsats"]), an_action("RetTilskudssats", timeTilskudsats=None)):
        assert soegte(udeladt) == set(SATSSTROEMME)


@pytest.mark.parametrize(
    ("data", "cvr", "fejl"),
    [
        ({}, "1234567", [(9504, "cvr"), (9501, "fra"), (9501, "fagomraader")]),
        (KONFLIKT | {"fagomraader": []}, CVR, [(9757, "fagomraader")]),
        (KONFLIKT | {"fagomraader": ["x"] * 51}, CVR, [(9757, "fagomraader")]),
        (KONFLIKT | {"fagomraader": "Lager", "fra": "2025-02-30"}, CVR, [(9506, "fra"), (9503, "fagomraader")]),
        (KONFLIKT | {"fagomraader": ["Lager", "<b>"]}, CVR, [(4933, "fagomraader.1")]),
    ],
)
def test_a_malformed_conflict_is_refused_with_every_error(data: dict[str, Any], cvr: str, fejl: list[Any]) -> None:
    """Address and body are checked together."""
    assert naegtet("RegistrerKonflikt", data, cvr) == fejl


@pytest.mark.parametrize(
    ("felt", "vaerdi", "kode"),
    [("liste", "AnsoegningStatus", 9508), ("liste", "min-liste", 9508), ("kode", 0, 9510), ("kode", 1_000_000, 9510), ("kode", "1", 9503)],
)
def test_a_code_and_its_list_have_bounds(felt: str, vaerdi: Any, kode: int) -> None:
    """A list is one of those that there are; a code is at most six digits, so that none can be a CPR number."""
    assert naegtet("RegistrerKode", KODE | {felt: vaerdi}) == [(kode, felt)]


def test_every_code_list_that_there_is_takes_rows() -> None:
    """The names that the door knows are those of the lists shipped with the code, no other and none less."""
    assert set(get_args(Liste)) == {raekke.liste for raekke in KODELISTER}
    for liste in get_args(Liste):
        assert sker(None, "RegistrerKode", KODE | {"liste": liste}).version == 1


def test_a_stream_has_a_bound() -> None:
    """The thousandth row is taken, the next refused; ending a conflict never is."""
    fuldt = Konfliktregister(CVR, HOEJST_RAEKKER, sker(None, "RegistrerKonflikt", KONFLIKT, CVR).raekker * HOEJST_RAEKKER)  # type: ignore[arg-type]
    assert naegtet("RegistrerKonflikt", KONFLIKT, CVR, fuldt) == [(9755, None)]
    assert sker(fuldt, "OphoerKonflikt", {}, CVR).version == HOEJST_RAEKKER + 1


def test_an_event_of_another_kind_does_not_fold() -> None:
    """A rate on a company's stream contradicts it, as an end without a registration does."""
    register, liste = sker(None, "RegistrerKonflikt", KONFLIKT, CVR), sker(None, "RegistrerSats", SATS)
    tid = NU
    kuvert = Kuvert("id", CVR, 2, CVR, tid, tid, Aktoer("System"), "r", bytes(32), "r")
    sats = decide_reference(None, laes_reference("RegistrerSats", SATS, VITAS), Opslag(), NU)[0]
    slut = decide_reference(register, laes_reference("OphoerKonflikt", {}, VITAS, CVR), Opslag(), NU)[0]
    for tilstand, data in ((register, sats), (liste, slut), (None, slut)):
        with pytest.raises(KanIkkeFoldes):
            evolve_reference(tilstand, Referencehaendelse(kuvert, data))


def test_the_code_lists_shipped_are_rows_with_their_origin() -> None:
    """Every row has an id of its own, and codes from 9001 to 9999 are the hub's, others STAR's."""
    assert len({r.raekke for r in KODELISTER}) == len(KODELISTER)
    assert {r.kilde for r in KODELISTER if 9001 <= r.kode <= 9999} == {"egen"}
    assert {r.kilde for r in KODELISTER if not 9001 <= r.kode <= 9999} <= {"STAR"}
