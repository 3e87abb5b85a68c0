"""R-2.1 with the registry: what is registered when the application is made is what it says for ever."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest

Sag = Callable[..., Any]
pytestmark = pytest.mark.acceptance

MED_MARKERING = ["Loentilskud", "Virksomhedspraktik", "Nytteindsats", "Jobrotation"]
CVR = count(30_000_000)


@pytest.fixture
def ramt(hub: Any) -> Iterator[dict[str, str]]:
    """A company that is registered as in conflict while the test runs, or until it ends it."""
    cvr = str(next(CVR))
    svar = hub.klient().put(f"/v1/konflikter/{cvr}", json={"fra": "2025-01-01", "fagomraader": ["Transport"]})
    assert svar.status_code in (200, 201, 202), svar.text
    yield {"cvrNummer": cvr, "pNummer": "1000000009"}
    hub.klient().delete(f"/v1/konflikter/{cvr}")


@pytest.mark.parametrize("ordning", MED_MARKERING)
def test_R_2_1_a_registered_company_is_marked_and_stays_so(sag: Sag, hub: Any, ramt: dict[str, str], ordning: str) -> None:
    """'Nej' is refused, no answer is marked by Styrelsen, the comment is needed, and the mark outlives the conflict.

    After its end: an application made before it and recorded late is judged as it was then, one made now may say 'Nej'.
    """
    assert sag(ordning).naegtet("OpretAnsoegning", virksomhed=ramt, konfliktramt=False) == [(9701, "data.konfliktramt")]
    en = sag(ordning).goer("OpretAnsoegning", virksomhed=ramt)
    assert en.naegtet("UnderskrivAnsoegning") == [(9702, "data.konfliktKommentar")]
    assert hub.klient().delete(f"/v1/konflikter/{ramt['cvrNummer']}").status_code in (200, 201, 202)
    assert en.naegtet("RetAnsoegning", konfliktramt=False) == [(9703, "data.konfliktramt")]
    dok = en.goer("RetAnsoegning", konfliktKommentar="Lager").goer("UnderskrivAnsoegning").dokument("GetAnsoegning")
    assert (dok["konfliktramt"], dok["konfliktOprindelse"]) == (True, "Styrelsen")
    assert dok["konfliktBesked"] == "Virksomheden er omfattet af en konflikt."
    assert sag(ordning).naegtet("OpretAnsoegning", virksomhed=ramt, konfliktramt=False) == [(9701, "data.konfliktramt")]
    sen = sag(ordning).goer("OpretAnsoegning", virksomhed=ramt).dokument("GetAnsoegning")
    assert (sen["konfliktramt"], sen["konfliktOprindelse"]) == (True, "Styrelsen")
    ny = sag(ordning)
    nu = {"haendelsestidspunkt": datetime.now(UTC).isoformat()}
    svar = hub.send(ny.handling("OpretAnsoegning", virksomhed=ramt, konfliktramt=False) | nu)
    dok = ny.dokument("GetAnsoegning", version=svar.json()["version"])
    assert (dok["konfliktramt"], dok["konfliktOprindelse"]) == (False, None)


@pytest.mark.parametrize("ordning", ["Fleksjob", "Voksenlaerling"])
def test_R_2_1_the_registry_does_not_mark_the_other_schemes(sag: Sag, ramt: dict[str, str], ordning: str) -> None:
    """The company is registered, and the application is made and signed as any other."""
    en = sag(ordning).goer("OpretAnsoegning", virksomhed=ramt).goer("UnderskrivAnsoegning")
    assert "konfliktramt" not in en.dokument("GetAnsoegning")
