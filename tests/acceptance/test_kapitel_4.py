"""Chapter 4 of the release note: the fleksjob's assessment, read through its application (R-4.1, R-4.2)."""

from collections.abc import Callable
from typing import Any

import pytest

Sag = Callable[..., Any]
pytestmark = pytest.mark.acceptance

ANNA = {"navn": "Anna Ansvarlig", "email": "anna@jobcenter.example"}


def fleksjob(sag: Sag) -> Any:
    """A signed fleksjob."""
    return sag("Fleksjob").goer("OpretAnsoegning", periode={"startdato": "2025-01-01"}).goer("UnderskrivAnsoegning")


def test_R_4_1_an_unsigned_fleksjob_is_not_assessed_and_nobody_is_told(sag: Sag) -> None:
    """As a draft it is refused; once signed it is assessed, and told after the application itself."""
    en = sag("Fleksjob").goer("OpretAnsoegning", periode={"startdato": "2025-01-01"})
    assert en.naegtet("AfgoerVurdering") == [(9607, None)]
    en.goer("UnderskrivAnsoegning").goer("AfgoerVurdering").fortalt()
    assert [(n["version"], n["erOprettelse"]) for n in en.hub.notifikationer(en.jobcenter, en.id)] == [(2, True), (3, False)]


def test_R_4_1_an_assessment_can_be_taken_over_after_release_and_reopening(sag: Sag) -> None:
    """Who is responsible is shown after each step: kept by decision and reopening, gone by release, and taken over again."""
    en = fleksjob(sag)
    assert en.dokument("GetAnsoegning")["vurdering"] is None
    skridt: list[tuple[str, dict[str, Any], dict[str, str] | None, bool]] = [
        ("OvertagVurdering", {"medarbejder": ANNA}, ANNA, False),
        ("AfgoerVurdering", {}, ANNA, True),
        ("FrigivVurdering", {}, None, True),
        ("GenaabnVurdering", {}, None, False),
        ("OvertagVurdering", {"medarbejder": ANNA}, ANNA, False),
        ("AfgoerVurdering", {}, ANNA, True),
        ("GenaabnVurdering", {}, ANNA, False),
        ("FrigivVurdering", {}, None, False),
        ("OvertagVurdering", {}, {"navn": "Sanne Sagsbehandler", "email": "sanne@jobcenter.example"}, False),
    ]
    for handling, data, ansvarlig, afgjort in skridt:
        vurdering = en.goer(handling, **data).dokument("GetAnsoegning")["vurdering"]
        assert (vurdering["ansvarligMedarbejder"], vurdering["afgjort"]) == (ansvarlig, afgjort), handling
    assert [n["version"] for n in en.hub.notifikationer(en.jobcenter, en.id) if n["version"] > 2] == [4, 8]
    assert sag().goer("OpretAnsoegning").naegtet("OvertagVurdering") == [(9621, "handling")]


@pytest.mark.parametrize("pct", ["33.30", "37.5", "0.1", "100"])
def test_R_4_2_the_work_intensity_is_shown_as_the_decimal_it_was_given_as(sag: Sag, pct: str) -> None:
    """No rounding and no float, and it is told with GetAnsoegning; more than 100 and a number that is no text are refused."""
    en = fleksjob(sag).goer("AfgoerVurdering", arbejdsintensitetPct=pct)
    assert en.dokument("GetAnsoegning")["vurdering"]["arbejdsintensitetPct"] == pct
    assert [(n["getMetode"], n["eksternIdentifier"]) for n in en.fortalt()] == [("GetAnsoegning", en.akt("ansoegning"))]
    for forkert in ("100.01", 33.3):
        assert [felt for _, felt in en.naegtet("AfgoerVurdering", arbejdsintensitetPct=forkert)] == ["data.arbejdsintensitetPct"]
