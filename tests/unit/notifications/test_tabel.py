"""The notification table of domain.md, row by row."""

from datetime import date

import pytest

from hub.domain import haendelser as h
from hub.notifications.tabel import TABEL, TAVSE

STOP = date(2025, 5, 15)


def test_every_event_has_its_place_in_the_table():
    """An event is in the table, among the silent ones, or the move; none is forgotten and none stands twice."""
    assert {*TABEL, *TAVSE, h.SagFlyttet} == set(h.HAENDELSER)
    assert len(TABEL) + len(TAVSE) + 1 == len(h.HAENDELSER)


def test_the_signature_that_completes_creates_the_application(forloeb, kort):
    """Only the completing signature notifies, as a creation; a later one says nothing."""
    sag = forloeb("Loentilskud")
    assert sag.alle == []
    sag.sker("ans", h.AnsoegningRettet(("harMedarbejderrepraesentant",), harMedarbejderrepraesentant=True))
    assert sag.sker("ans", h.AnsoegningUnderskrevet("Arbejdsgiver")) == []
    assert kort(sag.sker("ans", h.AnsoegningUnderskrevet("Medarbejderrepraesentant"))) == ["10100 ans/A 9101 ny"]
    assert sag.sker("ans", h.AnsoegningUnderskrevet("Arbejdsgiver")) == []


def test_a_draft_returned_signed_creates_the_application(forloeb, kort):
    """KladdeReturneret notifies when it is signed, not otherwise."""
    sag = forloeb("Fleksjob")
    assert sag.sker("ans", h.KladdeSendt("Team")) == []
    assert sag.sker("ans", h.KladdeReturneret(underskrevet=False)) == []
    assert kort(sag.sker("ans", h.KladdeReturneret(underskrevet=True))) == ["10100 ans/A 9101 ny"]


def test_a_correction_notifies_only_a_complete_application(forloeb, kort):
    """AnsoegningRettet is told once the application is complete."""
    sag, rettet = forloeb("Loentilskud"), h.AnsoegningRettet(("ugentligArbejdstid",), ugentligArbejdstid="30")
    assert sag.sker("ans", rettet) == []
    assert kort(sag.underskrevet().sker("ans", rettet)) == ["10100 ans/A 9101"]


@pytest.mark.parametrize("ordning", ["Loentilskud", "Fleksjob"])
@pytest.mark.parametrize(
    "data",
    [
        h.SendtTilAndenAktoer("12345678", "1234567890"), h.AfvistTilAndenAktoer(), h.OvertagetFraAndenAktoer(),
        h.AnsoegningGodkendt(), h.AnsoegningAfvist(), h.AnsoegningTrukketTilbage(),
    ],
)  # fmt: skip
def test_what_happens_to_the_application_is_told_as_a_change(forloeb, kort, ordning, data):
    """Each decision and hand-over of the application notifies GetAnsoegning, not as a creation, with the status after the event."""
    sag = forloeb(ordning).underskrevet()
    besked = sag.sker("ans", data)
    assert kort(besked) == ["10100 ans/A 9101"]
    assert besked[0].ansoegningStatus == sag.sag.ansoegningStatus != 9204


@pytest.mark.parametrize(
    "data",
    [
        h.KladdeSendt(), h.SagTildelt("Team"), h.SagOvertaget("N"), h.SagFrigivet(), h.VurderingOvertaget("N"), h.VurderingFrigivet(),
        h.VurderingGenaabnet(), h.FlytningKvitteret(),
    ],
)  # fmt: skip
def test_who_works_on_it_is_not_told(forloeb, data):
    """Assigning, taking over, releasing, reopening and acknowledging notify nobody."""
    assert forloeb("Fleksjob").underskrevet().sker("ans", data) == []


def test_an_assessment_is_told_as_the_application(forloeb, kort):
    """VurderingAfgjort notifies GetAnsoegning with the application's id, subskabelon Vurdering."""
    assert kort(forloeb("Fleksjob").underskrevet().sker("vur", h.VurderingAfgjort("40"))) == ["10100 ans/A 9103"]


@pytest.mark.parametrize("ordning", ["Loentilskud", "Fleksjob"])
def test_a_grant_is_created_and_changed(forloeb, kort, ordning):
    """BevillingUdstedt creates; approving and refusing change; sending and resending are silent."""
    sag = forloeb(ordning).underskrevet()
    assert kort(sag.sker("bev", h.BevillingUdstedt(date(2025, 1, 1), None))) == ["10100 bev/B 9104 ny"]
    assert sag.sker("bev", h.BevillingSendt()) == sag.sker("bev", h.BevillingGenfremsendt()) == []
    assert kort(sag.sker("bev", h.BevillingGodkendt("Virksomhed"))) == ["10100 bev/B 9104"]
    assert kort(sag.sker("bev", h.BevillingAfvist("Virksomhed"))) == ["10100 bev/B 9104"]


def test_an_extension_is_created_by_its_application_or_else_its_grant(forloeb, kort):
    """ForlaengelseAnsoegt creates, Bevilget and Afslaaet change; Bevilget without an application creates."""
    sag = forloeb("Loentilskud").bevilget()
    assert kort(sag.sker("f1", h.ForlaengelseAnsoegt(date(2025, 9, 30)))) == ["10100 f1/F 9105 ny"]
    assert kort(sag.sker("f1", h.ForlaengelseBevilget(date(2025, 7, 1), date(2025, 9, 30)))) == ["10100 f1/F 9105"]
    assert kort(sag.sker("f2", h.ForlaengelseBevilget(date(2025, 10, 1), date(2025, 12, 31)))) == ["10100 f2/F 9105 ny"]
    sag.sker("f3", h.ForlaengelseAnsoegt(date(2026, 3, 31)))
    assert kort(sag.sker("f3", h.ForlaengelseAfslaaet())) == ["10100 f3/F 9105"]


def test_R_3_6_a_corrected_rate_is_told_of_its_own_act_alone(forloeb, kort):
    """TilskudssatsRettet changes the grant or the extension that it names, and no other act: none of them shows another rate."""
    sag = forloeb("Loentilskud").forlaenget()
    sag.sker("oph", h.OphoerRegistreret(STOP))
    rettet = h.TilskudssatsRettet(h.Sats(9404, "Rettet", "sats-9404@1"))
    assert kort(sag.sker("bev", rettet)) == ["10100 bev/B 9104"]
    assert kort(sag.sker("for", rettet)) == ["10100 for/F 9105"]


def test_a_fleksjob_that_ends_is_told_with_its_grant(forloeb, kort):
    """Fleksjob has no GetOphoer: registered, corrected and withdrawn name the bevilling, subskabelon Ophør, once, never as a creation."""
    sag = forloeb("Fleksjob").bevilget(None)
    for data in (h.OphoerRegistreret(STOP), h.OphoerRettet(date(2025, 4, 1)), h.OphoerTilbagekaldt()):
        assert kort(sag.sker("oph", data)) == ["10100 bev/B 9106"]


def test_a_notification_says_where_to_fetch_which_version(forloeb):
    """Link, version, times, codes and statuses are those of the case after the event."""
    sag = forloeb("Loentilskud").forlaenget()
    (besked, *_) = sag.sker("oph", h.OphoerRegistreret(STOP))
    assert besked.link == "/v1/Loentilskud/GetOphoer/oph?version=6"
    assert (besked.version, besked.registreringsDato, besked.sagsId) == (6, sag.sag.registreret, "sag")
    assert (besked.skabelon, besked.ansoegningStatus, besked.bevillingsstatus) == (9001, 9204, 9308)
