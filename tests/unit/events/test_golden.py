"""Bytes of every published version, kept for ever: what is on the log today is read by every later hub."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hub.domain.evolve import evolve
from hub.domain.evolve_foedsel import foedt
from hub.domain.haendelser import EFTER_TYPE
from hub.domain.reference_haendelser import REFERENCEHAENDELSER
from hub.events.codec import Kodeks
from hub.events.schemas import Skemaregister, Skemaversion, skemamappe
from hub.events.sealing import aabn
from hub.projections import sager
from hub.projections.metoder import METODER

MAPPE = Path(__file__).parents[2] / "golden"
REFERENCER = {klasse.__name__ for klasse in REFERENCEHAENDELSER}
ALLE = Skemaregister(skemamappe()).efter_id.values()


def _kodning(kodeks: Kodeks, navn: str) -> tuple[Callable[[Any], bytes], Callable[[bytes], Any]]:
    """How a record is encoded and decoded."""
    if navn in EFTER_TYPE:
        return kodeks.indkod, kodeks.afkod
    if navn in REFERENCER:
        return kodeks.indkod_reference, kodeks.afkod_reference
    if navn == "Ordningsnotifikation":
        return kodeks.indkod_notifikation, kodeks.afkod_notifikation
    return kodeks.indkod_drift, kodeks.afkod_drift


@pytest.mark.parametrize("fuld", [True, False], ids=["fuld", "tom"])
@pytest.mark.parametrize("skema", ALLE, ids=lambda s: f"{s.navn}.v{s.version}")
def test_golden_bytes_decode_for_ever(kodeks: Kodeks, register: Skemaregister, ethvert: Any, skema: Skemaversion, fuld: bool) -> None:
    """The bytes written when a version was the newest still decode to what they said; of the newest, encoding gives them again."""
    fil = MAPPE / f"{skema.navn}.v{skema.version}.{'fuld' if fuld else 'tom'}.json"
    indkod, afkod = _kodning(kodeks, skema.navn)
    if not fil.exists():
        _skriv(fil, indkod(ethvert(skema.navn, fuld)), ethvert(skema.navn, fuld))
        pytest.fail(f"{fil.name} was not there; it is now: look at it and commit it")
    gemt = json.loads(fil.read_text(encoding="utf-8"))
    vaerdi = bytes.fromhex(gemt["bytes"])
    laest = afkod(vaerdi)
    assert int.from_bytes(vaerdi[1:5]) == skema.id
    assert _har(json.loads(msgspec.json.encode(laest)), gemt["indhold"])
    if skema == register.nyeste(skema.navn):
        assert indkod(laest) == vaerdi


def _skriv(fil: Path, vaerdi: bytes, laest: Any) -> None:
    indhold = {"bytes": vaerdi.hex(), "indhold": json.loads(msgspec.json.encode(laest))}
    fil.write_text(json.dumps(indhold, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _har(nu: Any, gemt: Any) -> bool:
    """Whether everything that was said then is said now; fields added since do not count."""
    if isinstance(gemt, dict):
        return all(noegle in nu and _har(nu[noegle], vaerdi) for noegle, vaerdi in gemt.items())
    return bool(nu == gemt)


def test_R_3_3_an_old_event_with_a_special_cvr_number_still_decodes(kodeks: Kodeks, register: Skemaregister) -> None:
    """R-3.3: an AnsoegningOprettet of version 1 with 'særligt CVR nummer' decodes without it, and version 2 has no place for it."""
    vaerdi = bytes.fromhex(json.loads((MAPPE / "AnsoegningOprettet.v1.fuld.json").read_text(encoding="utf-8"))["bytes"])
    assert b"87654321" in vaerdi
    data: Any = kodeks.afkod(vaerdi).data
    assert data.ugentligArbejdstid == "ugentligArbejdstid æøå"
    assert b"87654321" not in msgspec.json.encode(kodeks.afkod(vaerdi))
    assert "saerligtCvrNummer" in register.versioner("dk.vitas.hub.AnsoegningOprettet")[0].tekst
    assert "saerligtCvrNummer" not in register.nyeste("AnsoegningOprettet").tekst


@pytest.mark.parametrize(("ordning", "sats"), [("Loentilskud", 9403), ("Voksenlaerling", 9411)])
def test_R_3_3_an_old_application_folds_and_no_document_shows_the_number(kodeks: Kodeks, ordning: str, sats: int) -> None:
    """One of version 1 of each scheme that had it: neither the case nor what GetAnsoegning shows has the number or a field for it."""
    gemt = json.loads((MAPPE / f"AnsoegningOprettet.v1.{ordning.lower()}.json").read_text(encoding="utf-8"))
    vaerdi = bytes.fromhex(gemt["bytes"])
    assert b"87654321" in vaerdi
    haendelse = kodeks.afkod(vaerdi)
    assert _har(json.loads(msgspec.json.encode(haendelse)), gemt["indhold"])
    sag = evolve(None, haendelse)
    assert sag.ordning == ordning
    (raekke,) = METODER["GetAnsoegning"].raekker(sag)
    dokument = METODER["GetAnsoegning"].dokument(sager.hoved(sag), raekke)
    assert dokument["timeTilskudsatsType"] == sats
    for vist in (msgspec.json.encode(sag), msgspec.json.encode(dokument), kodeks.indkod(haendelse)):
        assert b"87654321" not in vist and b"saerligt" not in vist


def test_R_5_2_an_old_mentors_grant_keeps_all_4000_characters_of_its_function(kodeks: Kodeks) -> None:
    """BevillingUdstedt of version 2, as it was kept, holds the whole text sealed; what is written of it now holds the same bytes."""
    gemt = json.loads((MAPPE / "BevillingUdstedt.v2.mentorfunktion.json").read_text(encoding="utf-8"))
    haendelse = kodeks.afkod(bytes.fromhex(gemt["bytes"]))
    data: Any = haendelse.data
    tekst = aabn(data.mentorfunktion, bytes.fromhex(gemt["noegler"][haendelse.kuvert.sagsId]))
    assert isinstance(tekst, str) and len(tekst) == 4000
    igen: Any = kodeks.afkod(kodeks.indkod(haendelse)).data
    assert igen == data and (data.mentor.mentortype, data.mentor.funktionLaengde) == (34, None)


OPRINDELIGE = [
    s
    for s in ALLE
    if (s.navn, s.version) in {("AnsoegningOprettet", 3), ("BevillingUdstedt", 3), ("AftaleIndgaaet", 1), ("TillaegsbevillingUdstedt", 1)}
]


@pytest.mark.parametrize("skema", OPRINDELIGE, ids=lambda s: s.navn)
def test_a_case_from_before_its_address_was_known_shows_null(kodeks: Kodeks, skema: Skemaversion) -> None:
    """The last version of each opening event that had no `vitasUrl` has none when decoded, nor has the head of the case that it opens."""
    assert "vitasUrl" not in skema.tekst
    gemt = json.loads((MAPPE / f"{skema.navn}.v{skema.version}.fuld.json").read_text(encoding="utf-8"))
    haendelse = kodeks.afkod(bytes.fromhex(gemt["bytes"]))
    data: Any = haendelse.data
    assert data.vitasUrl is None
    assert sager.dokument(sager.hoved(foedt(haendelse.kuvert, data)), "", None, {})["vitasUrl"] is None
    assert kodeks.afkod(kodeks.indkod(haendelse)) == haendelse
