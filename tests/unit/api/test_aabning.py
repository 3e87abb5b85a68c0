"""What the query opens: a text that is longer than its readers take is shown cut and marked, and is whole on the log (R-5.2)."""

import json
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from hub.api.aabning import aabn_alt, noeglenavne
from hub.domain import haendelser as h
from hub.domain.evolve import evolve
from hub.domain.forseglet import Afkortes
from hub.domain.haendelser import Haendelse
from hub.events.codec import Kodeks
from hub.events.schemas import Skemaregister, skemamappe
from hub.events.sealing import aabn, forsegl
from hub.projections import sager
from hub.projections.metoder import METODER
from hub.projections.vis import forseglede

GULD = Path(__file__).parents[2] / "golden" / "BevillingUdstedt.v2.mentorfunktion.json"
SAG, HAENDELSE = "b0000000-0000-4000-8000-000000000000", "a0000000-0000-4000-8000-000000000000"
NOEGLER = {SAG: bytes(32)}


@pytest.fixture(scope="module")
def gammel() -> tuple[Haendelse, dict[str, bytes]]:
    """A mentor's grant of before R-5.2, as its bytes were kept, and the keys that sealed it."""
    gemt = json.loads(GULD.read_text(encoding="utf-8"))
    haendelse = Kodeks(Skemaregister(skemamappe())).afkod(bytes.fromhex(gemt["bytes"]))
    return haendelse, {navn: bytes.fromhex(noegle) for navn, noegle in gemt["noegler"].items()}


def lukket(tekst: str) -> Any:
    """A function text as a document holds it."""
    data: Any = forsegl(h.BevillingUdstedt(None, None, mentorfunktion=tekst), HAENDELSE, NOEGLER, SAG, "")  # type: ignore[arg-type]
    return Afkortes(data.mentorfunktion, 2000)


def test_R_5_2_an_older_function_text_is_whole_on_the_log_and_served_with_a_marked_cut(gammel: tuple[Haendelse, dict[str, bytes]]) -> None:
    """4000 characters of version 2 still open; GetBevilling and GetForlaengelse show the first 2000, that it is cut, and its length."""
    haendelse, noegler = gammel
    data: Any = haendelse.data
    hel = aabn(data.mentorfunktion, noegler[SAG])
    assert len(hel) == 4000 and data.mentor.funktionLaengde is None
    sag = evolve(None, haendelse)
    kuvert = replace(haendelse.kuvert, version=2, eksternIdentifier=HAENDELSE)
    sag = evolve(sag, Haendelse(kuvert, h.ForlaengelseAnsoegt(data.slutdato)))
    for metode in ("GetBevilling", "GetForlaengelse"):
        (raekke,) = METODER[metode].raekker(sag)
        dokument = METODER[metode].dokument(sager.hoved(sag), raekke)
        vist = aabn_alt(dokument, noeglenavne(dokument), noegler).vaerdi
        assert vist["mentorfunktion"] == {"tekst": hel[:2000], "afkortet": True, "laengde": 4000}
        assert vist["mentortype"] == {"kode": 34, "navn": "Mentor, Individuel"}


@pytest.mark.parametrize(("laengde", "afkortet"), [(1, False), (2000, False), (2001, True), (4000, True)])
def test_R_5_2_only_a_text_that_is_too_long_is_cut(laengde: int, afkortet: bool) -> None:
    """Up to 2000 characters all of it is shown, and the mark says so; characters count, not bytes."""
    vist = aabn_alt(lukket("ø" * laengde), {SAG}, NOEGLER).vaerdi
    assert vist == {"tekst": "ø" * min(laengde, 2000), "afkortet": afkortet, "laengde": laengde}


def test_a_text_that_is_shown_cut_is_erased_with_its_key() -> None:
    """Its key is among the document's keys; without it the text is null and the document says that something is erased."""
    dokument = {"mentorfunktion": lukket("x")}
    assert noeglenavne(dokument) == {SAG}
    assert [f.felt for f in forseglede(dokument)] == ["mentorfunktion"]
    assert aabn_alt(dokument, {SAG}, {}) == ({"mentorfunktion": None}, True)
