"""The grant: issued, sent, sent again, approved, refused (R-2.2, R-2.4, R-3.6, R-5.4)."""

from datetime import date

import pytest
from byggere import (
    BEVILGET,
    FLEKSBEVILLING,
    FORLAENGET,
    KOMPLET,
    KONTAKT,
    OPHOERT,
    OPRETTET,
    SENERE,
    UDSTEDT,
    a_sag,
    an_action,
    fleksjob,
    given,
)

from hub.domain import haendelser as h
from hub.domain.datoer import virkning_bevilling, virkning_forlaengelse
from hub.domain.evolve_foedsel import IDENTITET
from hub.domain.fejl import Afvisning
from hub.domain.haendelser import Sats
from hub.domain.handlinger import Handling
from hub.domain.koder import BEVILLINGSSTATUS
from hub.domain.opslag import Opslag, SatsRaekke

AFVIST = an_action("AfvisBevilling")
UDSTED = an_action("UdstedBevilling")
GODKEND = an_action("GodkendBevilling")


def test_R_3_6_a_grant_stores_the_rate_in_force_on_its_own_start() -> None:
    """Code, description and row, looked up on the act's startdato; contact and hours as sent (R-2.4, R-2.5)."""
    given(KOMPLET).when(UDSTED).then(
        [
            h.BevillingUdstedt(
                date(2025, 1, 1),
                date(2025, 6, 30),
                "36.9",
                KONTAKT,
                Sats(9403, "Løntilskud hos privat arbejdsgiver, årets sats", "9403-2025"),
            )
        ]
    )


@pytest.mark.parametrize(("start", "raekke"), [("2024-12-31", "9403-2020"), ("2025-01-01", "9403-2025")])
def test_R_3_1_rates_are_valid_to_but_not_on_their_end(start: str, raekke: str) -> None:
    """Half-open: on the day the old row ends, the new one is in force."""
    assert given(KOMPLET).when(an_action("UdstedBevilling", periode={"startdato": start})).haendelser[0].sats.raekke == raekke


def test_R_3_6_a_grant_of_løntilskud_needs_a_rate_that_is_known_and_in_force() -> None:
    """Missing, of another scheme, and not in force on the start are refused; the day stands in the text."""
    udloebet = Opslag(None, (SatsRaekke("9403-1", 9403, "n", "b", date(2020, 1, 1), date(2025, 1, 1)),))
    assert given(KOMPLET).when(an_action("UdstedBevilling", uden=["timeTilskudsats"])).naegtet(9501)[0].felt == "data.timeTilskudsats"
    given(KOMPLET).when(an_action("UdstedBevilling", timeTilskudsats=9411)).naegtet(9741)
    assert "2025-01-01" in given(KOMPLET, udloebet).when(UDSTED).naegtet(9742)[0].fejltekst


def test_a_grant_opens_the_case_of_a_scheme_without_an_application() -> None:
    """Its event names the case, the citizen's id is left to the ledger; the case begins as the grant's draft, without an application."""
    udfald = given([]).when(an_action("UdstedBevilling", ordning="Mentor"))
    (faktum,) = udfald.haendelser
    assert [getattr(faktum, navn) for navn in IDENTITET] == [
        "Mentor", "10100", "V-2025-000123", "12345678", "1234567890", "", "0101900000", "Bo Borger",
    ]  # fmt: skip
    sag = udfald.ok()
    assert (sag.ordning, sag.ansoegning, sag.ansoegningStatus, sag.bevillingsstatus) == ("Mentor", None, None, 9301)


def test_a_further_grant_names_no_case() -> None:
    """On a case that is there it carries nothing of the case's; with it, it is an attempt to open the case again; without one, 404."""
    udsted = an_action("UdstedBevilling", ordning="Mentor")
    naeste = an_action("UdstedBevilling", "ny", ordning="Mentor", uden=SENERE)
    afvist = given([udsted, an_action("AfvisBevilling")])
    assert {getattr(afvist.when(naeste).haendelser[0], navn) for navn in IDENTITET} == {None}
    assert given([udsted]).when(an_action("UdstedBevilling", "ny", ordning="Mentor")).naegtet(9602)[0].status == 409
    given([udsted]).when(naeste).naegtet(9609)
    assert given([]).when(naeste).naegtet(9601)[0].status == 404


def test_a_fleksjob_grant_has_no_rate_and_may_be_open_ended() -> None:
    """No rate is stored, and one that is sent is refused."""
    given(fleksjob()).when(FLEKSBEVILLING).then([h.BevillingUdstedt(date(2025, 1, 1), None, "36.9", KONTAKT)])
    given(fleksjob()).when(UDSTED).naegtet(9516)


def test_a_grant_needs_a_complete_application() -> None:
    """A draft, and a rejected application, are not granted; an approval is not needed first."""
    given(OPRETTET).when(UDSTED).naegtet(9607)
    given([*KOMPLET, an_action("AfvisAnsoegning")]).when(UDSTED).naegtet(9607)
    given([*KOMPLET, an_action("GodkendAnsoegning")]).when(UDSTED).ok()


def test_R_2_2_a_new_grant_is_refused_unless_the_last_one_is() -> None:
    """409 while a grant stands, with the dates in force; after a refusal a new one starts a history with its own original end."""
    fejl = given(BEVILGET).when(an_action("UdstedBevilling", "ny")).naegtet(9609)
    assert "oprindeligSlutdato 2025-06-30" in fejl[0].fejltekst
    ny = an_action("UdstedBevilling", "ny", periode={"startdato": "2025-02-01", "slutdato": "2025-03-31"})
    sag = given([*FORLAENGET, AFVIST]).when(ny).ok()
    assert sag.bevilling is not None
    assert (len(sag.bevillinger), sag.bevilling.periode.slutdato, sag.bevilling.forlaengelser) == (2, date(2025, 3, 31), ())


def test_a_grants_id_is_new_on_the_case() -> None:
    """An eksternIdentifier names one act for ever."""
    assert given(KOMPLET).when(an_action("UdstedBevilling", "ansoegning")).naegtet(9606)[0].felt == "eksternIdentifier"
    given([*UDSTEDT, AFVIST]).when(UDSTED).naegtet(9606)


def test_R_1_1_a_scheme_without_GetBevilling_has_no_grant(monkeypatch: pytest.MonkeyPatch) -> None:
    """The matrix decides: without the cell the action does not exist."""
    monkeypatch.setattr("hub.domain.matrix.MATRIX", {"Loentilskud": frozenset({"GetAnsoegning"})})
    given(KOMPLET).when(UDSTED).naegtet(9603)


def test_a_grant_is_sent_once() -> None:
    """From the draft (9301) to the company (9302), not again."""
    assert given(UDSTEDT).when(an_action("SendBevilling")).then([h.BevillingSendt()]).ok().bevillingsstatus == 9302
    given([*UDSTEDT, an_action("SendBevilling")]).when(an_action("SendBevilling")).naegtet(9608)


def test_R_5_4_a_resend_only_while_the_company_has_it_and_changes_nothing() -> None:
    """In 'Afventer godkendelse hos virksomhed' it is recorded and the status stays; before and after it is refused with both statuses."""
    genfremsend = an_action("GenfremsendBevilling")
    sendt = given([*UDSTEDT, an_action("SendBevilling")]).when(genfremsend).then([h.BevillingGenfremsendt()])
    assert sendt.ok().bevillingsstatus == 9302
    for handlinger in (UDSTEDT, BEVILGET):
        tekst = given(handlinger).when(genfremsend).naegtet(9706)[0].fejltekst
        assert "Afventer godkendelse hos virksomhed" in tekst


FORLAENG, SEND, GENFREMSEND = an_action("BevilgForlaengelse"), an_action("SendBevilling"), an_action("GenfremsendBevilling")
ANSOEG, AFSLAA = an_action("AnsoegForlaengelse"), an_action("AfslaaForlaengelse")


@pytest.mark.parametrize("foer", [[FORLAENG], [ANSOEG]])
def test_R_5_4_a_grant_that_was_extended_first_is_still_sent_and_resent(foer: list[Handling]) -> None:
    """Sent once, which makes it 9302, and again in that status while the company has not answered."""
    sendt = given([*UDSTEDT, *foer, SEND])
    assert given([*UDSTEDT, *foer]).when(SEND).then([h.BevillingSendt()]).ok().bevillingsstatus == 9302
    assert sendt.when(GENFREMSEND).then([h.BevillingGenfremsendt()]).ok().bevillingsstatus == 9302
    sendt.when(SEND).naegtet(9608)
    given([*UDSTEDT, *foer]).when(GENFREMSEND).naegtet(9706)
    for svar, koder in ((GODKEND, ()), (AFVIST, (9611,))):
        given([*UDSTEDT, *foer, SEND, svar]).when(GENFREMSEND).naegtet(*koder, 9706)
        given([*UDSTEDT, *foer, svar]).when(SEND).naegtet(*koder, 9608)


def test_R_5_4_a_grant_that_has_ended_is_neither_sent_nor_resent() -> None:
    """It awaits nobody: the company's approval is refused too."""
    given([*UDSTEDT, an_action("RegistrerOphoer")]).when(SEND).naegtet(9608)
    given([*UDSTEDT, SEND, an_action("RegistrerOphoer")]).when(GENFREMSEND).naegtet(9706)


@pytest.mark.parametrize(("senere", "kode"), [([ANSOEG], 9306), ([FORLAENG], 9307), ([ANSOEG, FORLAENG], 9307)])
def test_R_5_4_a_grant_extended_since_it_was_sent_is_resent_in_no_status_but_the_rules(senere: list[Handling], kode: int) -> None:
    """Its documents say 9306 or 9307, so it is refused with that status; an application refused, they say 9302 again, and it is taken."""
    (nej,) = given([*UDSTEDT, SEND, *senere]).when(GENFREMSEND).naegtet(9706)
    assert BEVILLINGSSTATUS[kode] in nej.fejltekst
    given([*UDSTEDT, SEND, ANSOEG, AFSLAA]).when(GENFREMSEND).then([h.BevillingGenfremsendt()])


def test_R_2_2_the_last_event_with_a_status_decides_whatever_came_before_it() -> None:
    """Sent and approved while an extension pends or is granted: 9302, 9304, as the table of statuses says; refused, 9302 or 9304 stays."""
    assert a_sag(*UDSTEDT, ANSOEG, SEND).bevillingsstatus == 9302
    assert a_sag(*UDSTEDT, ANSOEG, SEND, AFSLAA).bevillingsstatus == 9302
    assert a_sag(*UDSTEDT, SEND, ANSOEG, GODKEND).bevillingsstatus == 9304
    assert a_sag(*UDSTEDT, SEND, ANSOEG, GODKEND, AFSLAA).bevillingsstatus == 9304
    assert a_sag(*UDSTEDT, ANSOEG, FORLAENG, GODKEND).bevillingsstatus == 9304
    assert a_sag(*UDSTEDT, SEND, ANSOEG, GODKEND, FORLAENG).bevillingsstatus == 9307


def test_a_grant_is_approved_once_by_the_company() -> None:
    """A second approval, and the citizen's in a scheme that does not ask them, are refused."""
    assert given(UDSTEDT).when(GODKEND).then([h.BevillingGodkendt("Virksomhed")]).ok().bevillingsstatus == 9304
    given(BEVILGET).when(GODKEND).naegtet(9612)
    given(UDSTEDT).when(an_action("GodkendBevilling", af="Borger")).naegtet(9613)
    given(UDSTEDT).when(an_action("AfvisBevilling", af="Borger")).naegtet(9613)


def test_a_grant_that_has_ended_is_not_approved() -> None:
    """Its status would say that it runs."""
    given([*UDSTEDT, an_action("RegistrerOphoer")]).when(GODKEND).naegtet(9725)


def test_a_refused_grant_takes_nothing_more() -> None:
    """Sent, approved, refused again, extended, ended: all 409, with the dates as they stood."""
    afvist = given([*UDSTEDT, AFVIST])
    for handling in ("GodkendBevilling", "AfvisBevilling", "AnsoegForlaengelse", "BevilgForlaengelse", "RegistrerOphoer"):
        assert "aktuelSlutdato 2025-06-30" in afvist.when(an_action(handling)).naegtet(9611)[0].fejltekst
    for handling, kode in (("SendBevilling", 9608), ("GenfremsendBevilling", 9706)):
        afvist.when(an_action(handling)).naegtet(9611, kode)


def test_R_2_2_from_the_refusal_no_period_is_in_force_and_the_dates_stand() -> None:
    """Grant and extension have no period in force; both may be refused after an extension."""
    sag = a_sag(*FORLAENGET, an_action("AfvisBevilling", tekst="Fortrudt"))
    assert sag.bevilling is not None
    assert virkning_bevilling(sag.bevilling) == ("Afvist", None, None)
    assert virkning_forlaengelse(sag.bevilling, sag.bevilling.forlaengelser[0]).gaeldendePeriode is None


@pytest.mark.parametrize("handling", ["SendBevilling", "GenfremsendBevilling", "GodkendBevilling", "AfvisBevilling"])
def test_the_grant_must_be_the_one_named(handling: str) -> None:
    """An unknown id, and an extension's or the application's, are refused."""
    assert 9604 in [f.kode for f in given(OPHOERT).when(an_action(handling, "ukendt")).fejl]
    for akt in ("forlaengelse", "ophoer", "ansoegning"):
        assert 9605 in [f.kode for f in given(OPHOERT).when(an_action(handling, akt)).fejl]


def test_R_2_4_a_grant_names_the_contact_at_the_place_of_work() -> None:
    """It is required, and the application's responsible contact has no place in it."""
    with pytest.raises(Afvisning) as afvist:
        an_action("UdstedBevilling", uden=["kontaktpersonPaaArbejdsstedet"], ansvarligKontaktperson=KONTAKT)
    assert [(f.kode, f.felt) for f in afvist.value.fejl] == [
        (9501, "data.kontaktpersonPaaArbejdsstedet"),
        (9502, "data.ansvarligKontaktperson"),
    ]
