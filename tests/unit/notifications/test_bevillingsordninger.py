"""Whom the cases of mentor, personal assistance and hjælpemiddel tell what: the table's rows where a grant opens the case."""

from datetime import date

import pytest

from hub.domain import haendelser as h

STOP = date(2025, 5, 15)
TRE = pytest.mark.parametrize(("ordning", "skabelon"), [("Mentor", 9007), ("PersonligAssistance", 9008), ("Hjaelpemiddel", 9009)])


@TRE
def test_the_grant_that_opens_the_case_creates(forloeb, kort, ordning, skabelon):
    """Its jobcentre is told at once, with the scheme's template, the grant's status and no application status."""
    (besked,) = forloeb(ordning).alle
    assert kort([besked]) == ["10100 bev/B 9104 ny"]
    assert (besked.skabelon, besked.version, besked.ansoegningStatus, besked.bevillingsstatus) == (skabelon, 1, None, 9301)
    assert besked.link == f"/v1/{ordning}/GetBevilling/bev?version=1"


@TRE
def test_R_5_4_sending_and_resending_tell_nobody(forloeb, kort, ordning, skabelon):
    """Nor do they change what a later message says but for the version."""
    sag = forloeb(ordning)
    assert sag.sker("bev", h.BevillingSendt()) == sag.sker("bev", h.BevillingGenfremsendt()) == []
    (besked,) = sag.sker("bev", h.BevillingGodkendt("Virksomhed"))
    assert (kort([besked]), besked.version) == (["10100 bev/B 9104"], 4)


def test_both_approvals_of_personal_assistance_are_told(forloeb):
    """The company's with 9303, the citizen's with 9304."""
    sag = forloeb("PersonligAssistance")
    sag.sker("bev", h.BevillingSendt())
    assert [sag.sker("bev", h.BevillingGodkendt(af))[0].bevillingsstatus for af in ("Virksomhed", "Borger")] == [9303, 9304]


@TRE
def test_extensions_have_their_own_method(forloeb, kort, ordning, skabelon):
    """Applied for: created; granted, refused: changed."""
    sag = forloeb(ordning)
    assert kort(sag.sker("f1", h.ForlaengelseAnsoegt(date(2025, 9, 30)))) == ["10100 f1/F 9105 ny"]
    assert kort(sag.sker("f1", h.ForlaengelseBevilget(date(2025, 7, 1), date(2025, 9, 30)))) == ["10100 f1/F 9105"]
    sag.sker("f2", h.ForlaengelseAnsoegt(date(2025, 12, 31)))
    assert kort(sag.sker("f2", h.ForlaengelseAfslaaet())) == ["10100 f2/F 9105"]


@TRE
def test_R_1_1_an_early_end_is_told_with_the_grant(forloeb, kort, ordning, skabelon):
    """No GetOphoer: registered, corrected, withdrawn name the bevilling, subskabelon Ophør, never as a creation; then the extension."""
    sag = forloeb(ordning)
    sag.sker("for", h.ForlaengelseBevilget(date(2025, 7, 1), date(2025, 9, 30)))
    for data in (h.OphoerRegistreret(STOP), h.OphoerRettet(date(2025, 8, 1)), h.OphoerTilbagekaldt()):
        beskeder = kort(sag.sker("oph", data))
        assert beskeder == ["10100 bev/B 9106", "10100 for/F 9105"]


@TRE
def test_a_move_tells_the_giver_of_the_grant_and_the_receiver_of_every_act(forloeb, kort, ordning, skabelon):
    """The main act is the grant; the receiver's backfill creates what can be fetched, and nothing for a termination."""
    sag = forloeb(ordning)
    sag.sker("for", h.ForlaengelseBevilget(date(2025, 7, 1), date(2025, 9, 30)))
    sag.sker("oph", h.OphoerRegistreret(STOP))
    assert kort(sag.flyttet("14700")) == ["10100 bev/B 9104", "14700 bev/B 9104 ny", "14700 for/F 9105 ny"]
