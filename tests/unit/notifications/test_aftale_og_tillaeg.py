"""The notification table of domain.md, row by row: agreements, supplementary grants, documents, a new CPR number, a decision beforehand."""

from datetime import date

import pytest

from hub.domain import haendelser as h
from hub.domain.koder import ORDNINGER
from hub.domain.matrix import MATRIX
from hub.notifications.akter import subskabelon

STOP = date(2025, 5, 15)
UD = (date(2025, 1, 1), date(2025, 12, 31))


def test_an_agreement_is_created_and_changed(forloeb, kort):
    """AftaleIndgaaet creates, AftaleRettet changes; both name the agreement with GetAftale, subskabelon Aftale."""
    sag = forloeb("Igu")
    assert kort(sag.alle) == ["10100 aft/I 9107 ny"]
    assert kort(sag.sker("aft", h.AftaleRettet(*UD))) == ["10100 aft/I 9107"]


def test_an_igu_that_ends_is_told_with_its_agreement(forloeb, kort):
    """Registered, corrected and withdrawn name the agreement, subskabelon Ophør, once, never as a creation."""
    sag = forloeb("Igu")
    for data in (h.OphoerRegistreret(STOP), h.OphoerRettet(date(2024, 12, 1)), h.OphoerTilbagekaldt()):
        assert kort(sag.sker("oph", data)) == ["10100 aft/I 9106"]


def test_a_supplementary_grant_is_told_by_its_type(forloeb, kort):
    """Mentor: GetMentor and 9108; hjælpemiddel: GetHjaelpemiddel and 9109; issued creates, signed changes; no other act is told."""
    sag = forloeb("Tillaegsbevilling")
    assert kort(sag.alle) == ["10100 til/M 9108 ny"]
    assert kort(sag.sker("hjp", h.TillaegsbevillingUdstedt("Hjaelpemiddel", *UD))) == ["10100 hjp/H 9109 ny"]
    assert kort(sag.sker("til", h.TillaegsbevillingUnderskrevet(True))) == ["10100 til/M 9108"]
    assert kort(sag.sker("hjp", h.TillaegsbevillingUnderskrevet(False))) == ["10100 hjp/H 9109"]


def test_an_approval_beforehand_is_told_as_the_other_decisions(forloeb, kort):
    """AnsoegningForhaandsgodkendt changes ansoegningStatus, so it is told with GetAnsoegning as approved and rejected are."""
    sag = forloeb("Voksenlaerling").underskrevet()
    besked = sag.sker("ans", h.AnsoegningForhaandsgodkendt())
    assert kort(besked) == ["10100 ans/A 9101"] and besked[0].ansoegningStatus == 9212


@pytest.mark.parametrize("ordning", MATRIX)
def test_a_new_number_is_told_of_the_main_act(forloeb, kort, ordning):
    """Whatever act the event names: the main act with its GetMetode and its own subskabelon, not as a creation."""
    sag = forloeb(ordning)
    if not sag.alle:
        sag.underskrevet()
    (akt,) = {u.eksternIdentifier for u in sag.alle}
    skiftet = h.CprSkiftet("b", sag.sag.personnummer)
    (besked,) = sag.sker(akt, skiftet)
    assert (besked.eksternIdentifier, besked.erOprettelse) == (akt, False)
    assert besked.getMetode in MATRIX[ordning] and besked.skabelon == ORDNINGER[ordning].kode
    assert besked.subskabelon == {"ans": 9101, "bev": 9104, "aft": 9107, "til": 9108}[akt]


@pytest.mark.parametrize("ordning", [o for o in MATRIX if "GetAnsoegning" in MATRIX[o]])
def test_a_new_number_of_an_unsigned_draft_is_told_nobody(forloeb, kort, ordning):
    """Nobody was told of the draft; the signature that completes it is the first they hear, also after the number has changed."""
    sag = forloeb(ordning)
    assert sag.alle == []
    assert sag.sker("ans", h.CprSkiftet("b", sag.sag.personnummer)) == []
    sag.sker("ans", h.KladdeSendt("Team", None, None))
    assert sag.sker("ans", h.CprSkiftet("b", sag.sag.personnummer)) == []
    sag.sker("ans", h.AnsoegningUnderskrevet("Arbejdsgiver"))
    assert kort(sag.alle) == ["10100 ans/A 9101 ny"]
    assert kort(sag.sker("ans", h.CprSkiftet("b", sag.sag.personnummer))) == ["10100 ans/A 9101"]


def test_a_new_number_is_told_of_the_grant_where_there_is_one(forloeb, kort):
    """The newest grant that is not refused; the application again when it is refused."""
    sag = forloeb("Loentilskud").bevilget()
    assert kort(sag.sker("ans", h.CprSkiftet("b", sag.sag.personnummer))) == ["10100 bev/B 9104"]
    sag.sker("bev", h.BevillingAfvist("Virksomhed"))
    assert kort(sag.sker("ans", h.CprSkiftet("b", sag.sag.personnummer))) == ["10100 ans/A 9101"]


@pytest.mark.parametrize(
    ("ordning", "akt", "kode"),
    [("Igu", "aft", 9107), ("Tillaegsbevilling", "til", 9108), ("Mentor", "bev", 9104), ("Fleksjob", "ans", 9101)],
)
def test_a_document_is_told_with_getpdf_as_its_act(forloeb, kort, ordning, akt, kode):
    """It creates the document, under the document's own id, with the subskabelon of the act it is about."""
    sag = forloeb(ordning)
    data = h.DokumentTilfoejet(akt, sag.sag.borgerNavn, "application/pdf", 1000, "0" * 64)
    assert kort(sag.sker("dok", data)) == [f"10100 dok/P {kode} ny"]


def test_a_move_brings_every_announced_act_of_every_kind(forloeb, kort):
    """Agreement, supplementary grants and documents too, in the order they were registered; the giver is told of the main act."""
    igu = forloeb("Igu")
    igu.sker("oph", h.OphoerRegistreret(STOP))
    assert kort(igu.flyttet("75100")) == ["10100 aft/I 9107", "75100 aft/I 9107 ny"]
    tillaeg = forloeb("Tillaegsbevilling")
    tillaeg.sker("hjp", h.TillaegsbevillingUdstedt("Hjaelpemiddel", *UD))
    giver, *modtager = tillaeg.flyttet("75100")
    assert kort([giver]) == ["10100 hjp/H 9109"]
    assert kort(modtager) == ["75100 til/M 9108 ny", "75100 hjp/H 9109 ny"]
    assert {m.venterPaa for m in modtager} == {giver.id}


def test_an_act_that_the_case_has_not_has_no_subskabelon(forloeb):
    """Nobody is told of it."""
    with pytest.raises(KeyError):
        subskabelon(forloeb("Igu").sag, "ukendt")
