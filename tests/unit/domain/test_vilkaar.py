"""The terms of mentor, personal assistance and hjælpemiddel at the door and in the fold (R-2.5, R-5.1 to R-5.4)."""

from datetime import date
from typing import Any

import pytest
from byggere import SENERE, Givet, a_sag, an_action, given, raa

from hub.domain import haendelser as h
from hub.domain.datoer import datoer, virkning_bevilling
from hub.domain.fejl import Afvisning
from hub.domain.felter import AKTIVITETSERVICE
from hub.domain.handlinger import Handling, laes_handling
from hub.domain.koder import BEVILLINGSSTATUS
from hub.domain.vilkaar import Assistancevilkaar, Hjaelpemiddelvilkaar, Mentorvilkaar

TRE = ("Mentor", "PersonligAssistance", "Hjaelpemiddel")
ASSISTANCE: dict[str, Any] = {
    "antalAssistenter": 2,
    "art": "Personlig assistance",
    "arttype": "Fast",
    "timepris": "212.50",
    "pristypeTimer": "Time",
    "prisAndet": "50.00",
    "pristypeAndet": "Kørsel",
    "tilbudsnummer": "T-1",
}
TEKSTER = {"funktionsnedsaettelse": "Nedsat syn", "beskedTilVirksomhed": "Husk at sende fakturaen månedligt"}
SEND, GENFREMSEND = an_action("SendBevilling"), an_action("GenfremsendBevilling")
GODKEND, BORGER_GODKENDER = an_action("GodkendBevilling"), an_action("GodkendBevilling", af="Borger")


def udsted(ordning: str, uden: tuple[str, ...] = (), **data: Any) -> Handling:
    """The grant that opens a case of the scheme."""
    return an_action("UdstedBevilling", ordning=ordning, uden=uden, **data)


def udstedt(ordning: str, **data: Any) -> h.BevillingUdstedt:
    """The event of that grant."""
    faktum: h.BevillingUdstedt = given([]).when(udsted(ordning, **data)).haendelser[0]  # type: ignore[assignment]
    return faktum


def formfejl(obj: dict[str, Any]) -> list[tuple[int | str, str | None]]:
    """Code and field of every error in an action's form."""
    with pytest.raises(Afvisning) as afvist:
        laes_handling(obj)
    return [(f.kode, f.felt) for f in afvist.value.fejl]


def felter(fejl: list[Any]) -> list[str | None]:
    """The fields of errors."""
    return [f.felt for f in fejl]


def test_R_5_1_a_mentors_grant_has_its_type_unless_it_is_a_subsidy_for_education() -> None:
    """34 and 35 are stored; without one the grant is refused, naming the field, unless the subsidy is for education."""
    assert [udstedt("Mentor", mentortype=kode).mentor for kode in (34, 35)] == [Mentorvilkaar(34), Mentorvilkaar(35)]
    uden = ("mentortype",)
    assert felter(given([]).when(udsted("Mentor", uden)).naegtet(9501)) == ["data.mentortype"]
    assert felter(given([]).when(udsted("Mentor", uden, tilskudTilUddannelse=False)).naegtet(9501)) == ["data.mentortype"]
    uddannelse = given([]).when(udsted("Mentor", uden, tilskudTilUddannelse=True)).haendelser[0]
    assert uddannelse.mentor == Mentorvilkaar(None, True)  # type: ignore[attr-defined]
    assert udstedt("Mentor", tilskudTilUddannelse=True).mentor == Mentorvilkaar(34, True)
    assert formfejl(raa("UdstedBevilling", ordning="Mentor", mentortype=36)) == [(9508, "data.mentortype")]


def test_R_5_2_a_mentors_function_has_at_most_2000_characters() -> None:
    """2000 pass, counted with it; 2001 are refused with both numbers, whatever else is wrong."""
    faktum = udstedt("Mentor", mentorfunktion="æ" * 2000)
    assert (faktum.mentorfunktion, faktum.mentor) == ("æ" * 2000, Mentorvilkaar(34, False, 2000))
    obj = raa("UdstedBevilling", ordning="Mentor", mentorfunktion="x" * 2001, ugentligArbejdstid="59.76")
    with pytest.raises(Afvisning) as afvist:
        laes_handling(obj)
    assert {(f.kode, f.felt) for f in afvist.value.fejl} == {(9505, "data.mentorfunktion"), (9510, "data.ugentligArbejdstid")}
    (tekst,) = [f.fejltekst for f in afvist.value.fejl if f.kode == 9505]
    assert "2001" in tekst and "2000" in tekst


def test_a_text_that_goes_on_to_AktivitetService_has_its_length_beside_the_field() -> None:
    """The limits of domain-facts 5.2, and the case number is held to its own at the door (R-5.2 has the function text)."""
    assert AKTIVITETSERVICE == {"mentorfunktion": 2000, "fornavn": 50, "mellemnavn": 40, "efternavn": 40, "sagsnummer": 20, "link": 4000}
    assert laes_handling(raa("UdstedBevilling", ordning="Mentor") | {"vitasSagsnummer": "V" * 20}).vitasSagsnummer == "V" * 20
    assert formfejl(raa("UdstedBevilling", ordning="Mentor") | {"vitasSagsnummer": "V" * 21}) == [(9505, "vitasSagsnummer")]


def test_R_5_3_the_message_to_the_company_is_part_of_personal_assistances_grant() -> None:
    """All that was sent is in the event; what was left out is null, and a grant without any terms has none."""
    faktum = udstedt("PersonligAssistance", **ASSISTANCE, **TEKSTER)
    assert faktum.assistance == Assistancevilkaar(**ASSISTANCE)
    assert (faktum.funktionsnedsaettelse, faktum.beskedTilVirksomhed) == tuple(TEKSTER.values())
    assert udstedt("PersonligAssistance", antalAssistenter=1).assistance == Assistancevilkaar(1)
    assert (udstedt("PersonligAssistance").assistance, udstedt("PersonligAssistance").beskedTilVirksomhed) == (None, None)


@pytest.mark.parametrize(
    ("felt", "vaerdi", "kode"),
    [
        ("antalAssistenter", 0, 9510),
        ("antalAssistenter", 100, 9510),
        ("antalAssistenter", "2", 9503),
        ("timepris", "212,50", 9504),
        ("prisAndet", "-1", 9504),
        ("art", "x" * 101, 9505),
        ("arttype", "010190-1234", 9754),
        ("tilbudsnummer", "Tilbud 0101901234", 9754),
        ("pristypeTimer", "<b>", 4933),
        ("funktionsnedsaettelse", "x" * 4001, 9505),
        ("beskedTilVirksomhed", "", 9505),
    ],
)
def test_the_terms_of_personal_assistance_are_checked_in_form(felt: str, vaerdi: object, kode: int) -> None:
    """Each has its bound; what stands open in the event has no place for a civil registration number."""
    assert formfejl(raa("UdstedBevilling", ordning="PersonligAssistance", **{felt: vaerdi})) == [(kode, f"data.{felt}")]


def test_an_aid_is_of_one_of_two_kinds() -> None:
    """Kind, price and description are stored; without the aid, or of another kind, the grant is refused."""
    faktum = udstedt("Hjaelpemiddel", hjaelpemiddel={"art": "Arbejdspladsindretning", "beloeb": "4999.95", "beskrivelse": "Hævebord"})
    assert faktum.hjaelpemiddel == Hjaelpemiddelvilkaar("Arbejdspladsindretning", "4999.95")
    assert faktum.hjaelpemiddelbeskrivelse == "Hævebord"
    assert felter(given([]).when(udsted("Hjaelpemiddel", ("hjaelpemiddel",))).naegtet(9501)) == ["data.hjaelpemiddel"]
    obj = raa("UdstedBevilling", ordning="Hjaelpemiddel", hjaelpemiddel={"art": "Bil", "beloeb": "1e3"})
    assert formfejl(obj) == [(9508, "data.hjaelpemiddel.art"), (9504, "data.hjaelpemiddel.beloeb")]


@pytest.mark.parametrize(("ordning", "timer"), [("Mentor", True), ("PersonligAssistance", True), ("Hjaelpemiddel", False)])
def test_R_2_5_mentor_and_personal_assistance_have_hours_and_an_aid_has_none(ordning: str, timer: bool) -> None:
    """Where the scheme has hours a grant needs them, and keeps the exact decimal; where it has not, they are refused."""
    if timer:
        assert udstedt(ordning, ugentligArbejdstid="36.26").ugentligArbejdstid == "36.26"
        assert felter(given([]).when(udsted(ordning, ("ugentligArbejdstid",))).naegtet(9501)) == ["data.ugentligArbejdstid"]
    else:
        assert udstedt(ordning).ugentligArbejdstid is None
        assert felter(given([]).when(udsted(ordning, ugentligArbejdstid="20")).naegtet(9516)) == ["data.ugentligArbejdstid"]


FREMMEDE: dict[str, dict[str, Any]] = {
    "Mentor": {"mentortype": 34, "tilskudTilUddannelse": True, "mentorfunktion": "x"},
    "PersonligAssistance": ASSISTANCE | TEKSTER,
    "Hjaelpemiddel": {"hjaelpemiddel": {"art": "Arbejdsredskab"}},
}


@pytest.mark.parametrize("ordning", TRE)
@pytest.mark.parametrize("fremmed", TRE)
def test_a_scheme_takes_no_terms_of_another(ordning: str, fremmed: str) -> None:
    """Each of the others' fields is refused by name, all at once; its own are taken."""
    udfald = given([]).when(udsted(ordning, **FREMMEDE[fremmed]))
    if fremmed == ordning:
        udfald.ok()
    else:
        assert sorted(felter(udfald.fejl)) == sorted(f"data.{navn}" for navn in FREMMEDE[fremmed])
        assert {f.kode for f in udfald.fejl} == {9516}


@pytest.mark.parametrize("ordning", TRE)
def test_R_5_4_a_resend_only_while_the_company_has_the_grant_and_changes_nothing(ordning: str) -> None:
    """In 9302 it is recorded and nothing else changes; as a draft, once approved, and once refused it is not taken."""
    sendt = given([udsted(ordning), SEND])
    foer, efter = sendt.sag, sendt.when(GENFREMSEND).then([h.BevillingGenfremsendt()]).ok()
    assert foer is not None and (efter.bevillinger, efter.bevillingsstatus) == (foer.bevillinger, 9302)
    for handlinger in ([udsted(ordning)], [udsted(ordning), SEND, GODKEND]):
        (fejl,) = given(handlinger).when(GENFREMSEND).naegtet(9706)
        assert "Afventer godkendelse hos virksomhed" in fejl.fejltekst
    given([udsted(ordning), SEND, an_action("AfvisBevilling")]).when(GENFREMSEND).naegtet(9611, 9706)


def assistance(*handlinger: Handling) -> Givet:
    """A case of personal assistance whose grant is sent, and what follows."""
    return given([udsted("PersonligAssistance"), SEND, *handlinger])


def test_personal_assistance_is_approved_by_the_company_and_then_by_the_citizen() -> None:
    """9302, 9303, 9304; the grant counts as approved only when both have; the citizen not first, nobody twice."""
    begge = assistance(GODKEND).when(BORGER_GODKENDER).ok()
    statusser = [assistance().sag, assistance(GODKEND).sag, begge]
    assert [s and s.bevillingsstatus for s in statusser] == [9302, 9303, 9304]
    assert [s and s.bevilling and virkning_bevilling(s.bevilling).status for s in statusser] == ["Udstedt", "Udstedt", "Godkendt"]
    assert assistance().when(BORGER_GODKENDER).naegtet(9622)[0].felt == "data.af"
    assistance(GODKEND).when(GODKEND).naegtet(9612)
    assistance(GODKEND, BORGER_GODKENDER).when(BORGER_GODKENDER).naegtet(9612)


def test_a_refused_grant_is_not_said_to_be_refused_by_the_company() -> None:
    """The citizen may have done it: 9305 is Afvist (domain.md, Statuses), whoever refused."""
    afviste = [assistance(GODKEND).when(an_action("AfvisBevilling", af=af)).ok().bevillingsstatus for af in ("Virksomhed", "Borger")]
    assert [BEVILLINGSSTATUS[kode or 0] for kode in afviste] == ["Afvist", "Afvist"]


@pytest.mark.parametrize("ordning", ["Mentor", "Hjaelpemiddel"])
def test_a_citizen_has_no_say_in_a_mentor_or_an_aid(ordning: str) -> None:
    """The company's approval grants it; the citizen's is refused, as is a refusal by the citizen."""
    assert given([udsted(ordning), SEND]).when(GODKEND).ok().bevillingsstatus == 9304
    given([udsted(ordning), SEND]).when(BORGER_GODKENDER).naegtet(9613)
    given([udsted(ordning)]).when(an_action("AfvisBevilling", af="Borger")).naegtet(9613)


@pytest.mark.parametrize("ordning", TRE)
def test_the_three_are_extended_and_ended_like_any_grant(ordning: str) -> None:
    """Extended from the day after, ended before its time with both end dates, withdrawn again; no amounts (R-2.2, R-1.1 holes)."""
    bevilget = [udsted(ordning), SEND, GODKEND]
    sag = a_sag(*bevilget, an_action("AnsoegForlaengelse"), an_action("BevilgForlaengelse"), an_action("RegistrerOphoer"))
    assert sag.bevilling is not None
    assert tuple(datoer(sag.bevilling)) == (date(2025, 6, 30), date(2025, 9, 30), date(2025, 5, 15))
    assert sag.bevillingsstatus == 9308
    given([*bevilget, an_action("RegistrerOphoer")]).when(an_action("TilbagekaldOphoer")).ok()
    given(bevilget).when(an_action("RegistrerOphoer", modtagetStoetteSeneste12Mdr="1.00")).naegtet(9516)
    given(bevilget).when(an_action("BevilgForlaengelse", ansaettelsesbrevGaelderFortsat=True)).naegtet(9516)


@pytest.mark.parametrize("ordning", TRE)
def test_R_2_2_the_three_may_be_open_ended(ordning: str) -> None:
    """No end, no extension; it ends on any day."""
    aaben = [udsted(ordning, periode={"startdato": "2025-01-01"}), SEND, GODKEND]
    given(aaben).when(an_action("BevilgForlaengelse")).naegtet(9721)
    sag = given(aaben).when(an_action("RegistrerOphoer", stopdato="2031-12-31")).ok()
    assert sag.bevilling is not None
    assert tuple(datoer(sag.bevilling)) == (None, None, date(2031, 12, 31))


def test_a_new_grant_after_a_refused_one_has_terms_of_its_own() -> None:
    """The terms belong to the grant, not to the case."""
    sag = a_sag(
        udsted("Mentor"), an_action("AfvisBevilling"), an_action("UdstedBevilling", "ny", ordning="Mentor", uden=SENERE, mentortype=35)
    )
    assert [b.mentor and b.mentor.mentortype for b in sag.bevillinger] == [34, 35]


@pytest.mark.parametrize("ordning", TRE)
def test_the_case_as_a_whole_is_worked_on_without_an_application(ordning: str) -> None:
    """Assigned, taken over, moved, acknowledged under the grant's id; what is about an application is refused."""
    sag = udsted(ordning)
    hele = [an_action(navn, "bevilling") for navn in ("TildelSag", "OvertagSag", "FrigivSag", "FlytSag", "KvitterFlytning")]
    assert a_sag(sag, *hele).jobCenterKode == "14700"
    for navn in ("UnderskrivAnsoegning", "RetAnsoegning", "GodkendAnsoegning", "AfvisAnsoegning", "SendKladde", "AfgoerVurdering"):
        data = {"ugentligArbejdstid": "30"} if navn == "RetAnsoegning" else {}
        assert given([sag]).when(an_action(navn, "bevilling", **data)).fejl, navn
