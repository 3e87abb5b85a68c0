"""The address of a case's page in VITAS, through the door: one scheme of each action that opens cases (every cell: `test_matrix`)."""

from collections.abc import Callable
from typing import Any

import pytest
from byggere import AKT, VITAS

from hub.domain.matrix import FOEDES_VED

pytestmark = pytest.mark.acceptance
AABNERE = {"Loentilskud": "GetAnsoegning", "Mentor": "GetBevilling", "Igu": "GetAftale", "Tillaegsbevilling": "GetMentor"}
"""Scheme → the GetMetode of the act that opens its cases; together they have all four opening actions."""


def test_the_schemes_have_all_opening_actions() -> None:
    """A further way to open a case needs its row here."""
    assert {FOEDES_VED[ordning] for ordning in AABNERE} == set(FOEDES_VED.values())


@pytest.mark.parametrize(("uden", "ventet"), [((), VITAS["vitasUrl"]), (("vitasUrl",), None)], ids=["known", "unknown"])
@pytest.mark.parametrize("ordning", AABNERE)
def test_the_address_sent_first_stands_in_the_head(
    sag: Callable[..., Any], ordning: str, uden: tuple[str, ...], ventet: str | None
) -> None:
    """In the document and in the case, null where none came; an action that opens nothing is refused with it and changes nothing."""
    en, handling = sag(ordning), FOEDES_VED[ordning]
    en.goer(handling, uden=uden)
    assert (
        en.hub.send(en.handling("TildelSag", AKT.get(handling)) | {"vitasUrl": VITAS["vitasUrl"]}).json()["errors"][0]["fejlkode"] == 9515
    )
    assert en.dokument(AABNERE[ordning], AKT.get(handling, "ansoegning"))["vitasUrl"] == ventet
    sagen = en.hub.klient("system", en.jobcenter).get(f"/v1/sager/{en.id}").json()
    assert (sagen["vitasSagsnummer"], sagen["vitasUrl"], sagen["version"]) == (VITAS["vitasSagsnummer"], ventet, 1)


@pytest.mark.parametrize("ordning", AABNERE)
def test_a_bad_address_is_refused_beside_every_other_error(sag: Callable[..., Any], ordning: str) -> None:
    """422 with both, nothing that was typed in the answer, and no case."""
    en = sag(ordning)
    hemmelig = "https://vitas.example/sag/010190-1234"
    svar = en.hub.send(en.handling(FOEDES_VED[ordning], uden=["periode"]) | {"vitasUrl": hemmelig})
    assert svar.status_code == 422 and "010190" not in svar.text
    assert {(f["fejlkode"], f["felt"]) for f in svar.json()["errors"]} >= {(9754, "vitasUrl"), (9501, "data.periode")}
    assert en.hub.klient("system", en.jobcenter).get(f"/v1/sager/{en.id}").status_code == 404
