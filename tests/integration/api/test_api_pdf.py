"""TilfoejDokument and GetPDF over real HTTP: from the upload to the bytes, who may read them, and what becomes of them."""

import base64
import os
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from hub.events.dokumentfil import filnavn
from hub.events.dokumentmappe import Dokumentmappe
from hub.events.drift_append import Driftslog
from hub.events.ledger_fejl import LedgerBagud
from hub.events.schemas import Skemaregister, skemamappe
from hub.operations.documents import Store, check, preview_sweep, sweep

pytestmark = pytest.mark.integration

NAVN = "Brev til Bodil æøå.pdf"
FIL = {"Accept": "application/pdf"}


def en_pdf(ord_: str, laengde: int = 450_001) -> bytes:
    """A document of this length, other bytes for other words."""
    led = f"%PDF-1.7\n{ord_}\n".encode()
    return (led * (laengde // len(led) + 1))[:laengde]


def upload(hub: Any, indhold: bytes) -> str:
    """Put a document into the store; its SHA-256."""
    sum_ = sha256(indhold).hexdigest()
    with hub.klient() as vitas:
        svar = vitas.put(f"/v1/dokumenter/{sum_}", content=indhold, headers={"Content-Type": "application/pdf"})
    assert svar.status_code in (200, 201), svar.text
    return sum_


def tilfoej(sag: Any, indhold: bytes, akt: str, **aendret: Any) -> dict[str, Any]:
    """The action that names it."""
    data = {"navn": NAVN, "mimetype": "application/pdf", "stoerrelse": len(indhold), "sha256": sha256(indhold).hexdigest()}
    handling: dict[str, Any] = sag.handling("TilfoejDokument", akt)
    return handling | {"data": {"vedroerer": sag.ansoegning, **data, **aendret}}


def hent(hub: Any, akt: str, rolle: tuple[str, ...] = ("system", "46100"), **valg: Any) -> httpx.Response:
    """GetPDF."""
    with hub.klient(*rolle) as klient:
        return klient.get(f"/v1/Loentilskud/GetPDF/{akt}", **valg)


@pytest.fixture
def givet(hub: Any, bygger: Any) -> tuple[Any, bytes, str]:
    """A case with a document: its builder, the bytes, the document's id (that of the grant to come, so that ids are apart)."""
    indhold = en_pdf(bygger.sags_id)
    upload(hub, indhold)
    hub.afspil(bygger.opret(), bygger.underskriv(), tilfoej(bygger, indhold, bygger.bevilling))
    return bygger, indhold, bygger.bevilling


def test_a_document_is_fetched_as_json_and_as_a_file(hub: Any, givet: Any) -> None:
    """The common head, what the document is, its bytes in base64; and with `Accept: application/pdf` the bytes under their name."""
    sag, indhold, akt = givet
    svar = hent(hub, akt)
    dokument = svar.json()
    assert (svar.status_code, int(svar.headers["content-length"])) == (200, len(svar.content))
    assert base64.b64decode(dokument.pop("indhold"), validate=True) == indhold
    assert dokument["sagsId"] == sag.sags_id and dokument["personoplysningerSlettet"] is False and dokument["version"] == 3
    venter = {"vedroerer": sag.ansoegning, "navn": NAVN, "mimetype": "application/pdf", "stoerrelse": len(indhold)}
    assert {navn: dokument[navn] for navn in venter} == venter and dokument["sha256"] == sha256(indhold).hexdigest()
    fil = hent(hub, akt, headers=FIL)
    assert (fil.status_code, fil.content, fil.headers["content-type"]) == (200, indhold, "application/pdf")
    assert fil.headers["content-disposition"].startswith('attachment; filename="Brev til Bodil ___.pdf"; filename*=UTF-8')
    assert (fil.headers["x-content-type-options"], fil.headers["cache-control"], fil.headers["vary"]) == ("nosniff", "no-store", "Accept")


def test_every_read_of_a_document_is_in_the_access_log(hub: Any, givet: Any) -> None:
    """As JSON, as a file, and when the caller has it already: who, what and which act (I8)."""
    sag, _, akt = givet
    etag = hent(hub, akt).headers["etag"]
    hent(hub, akt, headers=FIL)
    assert hent(hub, akt, headers={"If-None-Match": etag}).status_code == 304
    assert [(r["opslag"], r["ekstern_identifier"], r["version"]) for r in hub.adgang(sag.sags_id)] == [("GetPDF", akt, 3)] * 3


def test_each_shape_has_its_own_etag(hub: Any, givet: Any) -> None:
    """304 for the shape that the caller has, not for the other one."""
    _, _, akt = givet
    json_, fil = hent(hub, akt).headers["etag"], hent(hub, akt, headers=FIL).headers["etag"]
    assert json_ != fil
    assert hent(hub, akt, headers=FIL | {"If-None-Match": fil}).status_code == 304
    assert hent(hub, akt, headers=FIL | {"If-None-Match": json_}).status_code == 200


def test_the_same_access_rules_hold(hub: Any, givet: Any) -> None:
    """Another jobcentre is refused, a role without cases too; after a move the former owner has what it had, and nothing later."""
    sag, indhold, akt = givet
    assert hent(hub, akt, ("system", "75100")).json()["fejlkode"] == "ikke_egen_sag"
    assert hent(hub, akt, ("operator",)).status_code == 403
    assert hent(hub, akt, ("auditor",)).status_code == 200
    hub.afspil(sag.flyt("75100"))
    assert (hent(hub, akt).json()["version"], hent(hub, akt, headers=FIL).content) == (4, indhold)
    assert hent(hub, akt, params={"version": 5}).json()["fejlkode"] == "sag_flyttet"
    assert hent(hub, akt, ("system", "75100"), headers=FIL).content == indhold


def test_a_document_is_there_from_its_version_and_its_time_on(hub: Any, bygger: Any) -> None:
    """`version` and `asOf` as for every act: before it was added there is none."""
    indhold = en_pdf(bygger.sags_id)
    upload(hub, indhold)
    hub.afspil(bygger.opret())
    with hub.klient("system", "46100") as system:
        foer = system.get(f"/v1/sager/{bygger.sags_id}").json()["registreringstidspunkt"]
    hub.afspil(tilfoej(bygger, indhold, bygger.bevilling))
    assert hent(hub, bygger.bevilling, params={"asOf": foer}).json()["fejlkode"] == "fandtes_ikke"
    assert hent(hub, bygger.bevilling, params={"version": 2}).status_code == 200
    assert hent(hub, bygger.bevilling, params={"version": 3}).status_code == 425


def test_the_act_lists_its_documents(hub: Any, givet: Any) -> None:
    """GetAnsoegning says what there is and where, now and as it was before; the case lists it among its acts."""
    sag, indhold, akt = givet
    with hub.klient("system", "46100") as system:
        (led,) = system.get(f"/v1/Loentilskud/GetAnsoegning/{sag.ansoegning}").json()["dokumenter"]
        akter = {a["getMetode"]: a["link"] for a in system.get(f"/v1/sager/{sag.sags_id}").json()["akter"]}
        hentet = system.get(led["link"], headers=FIL)
    assert led == {
        "eksternIdentifier": akt,
        "navn": NAVN,
        "mimetype": "application/pdf",
        "stoerrelse": len(indhold),
        "link": f"/v1/Loentilskud/GetPDF/{akt}",
    }
    assert hentet.content == indhold and akter["GetPDF"] == led["link"]


def test_a_document_that_the_store_does_not_have_so_is_refused_at_the_door(hub: Any, bygger: Any) -> None:
    """Not uploaded, another size: 409 with the code and the field, and no key is bound."""
    indhold = en_pdf(bygger.sags_id)
    hub.afspil(bygger.opret())
    svar = hub.post(tilfoej(bygger, indhold, bygger.bevilling))
    assert (svar.status_code, svar.json()["fejlkode"], svar.json()["errors"][0]["felt"]) == (409, 9631, "data.sha256")
    upload(hub, indhold)
    svar = hub.post(tilfoej(bygger, indhold, bygger.bevilling, stoerrelse=len(indhold) + 1))
    assert (svar.status_code, svar.json()["fejlkode"], svar.json()["errors"][0]["felt"]) == (409, 9632, "data.stoerrelse")
    assert _noegler(hub, bygger.sags_id) == 0


def test_an_erased_citizen_s_document_is_null_and_as_a_file_410(hub: Any, givet: Any) -> None:
    """The key goes with the citizen's; the document says so; once swept, the bytes are gone from the disk too."""
    sag, _, akt = givet
    etag = hent(hub, akt).headers["etag"]
    with hub.motor.begin() as conn:
        conn.execute(
            text("DELETE FROM keys.noegler WHERE borger_id = (SELECT borger_id FROM keys.noegler WHERE noegle = :s)"), {"s": sag.sags_id}
        )
    svar = hent(hub, akt, headers={"If-None-Match": etag})
    assert svar.status_code == 200
    assert (svar.json()["indhold"], svar.json()["navn"], svar.json()["personoplysningerSlettet"]) == (None, None, True)
    assert svar.json()["stoerrelse"] > 0
    fil = hent(hub, akt, headers=FIL)
    assert (fil.status_code, fil.json()["fejlkode"]) == (410, "dokument_slettet")


@pytest.mark.parametrize("hvad", ["vaek", "bit", "kort", "mappe"])
def test_a_file_that_is_gone_or_changed_has_its_code_and_is_never_shown(hub: Any, givet: Any, hvad: str) -> None:
    """503 with its code, in both shapes, and not one byte of it; never a 500."""
    _, indhold, akt = givet
    sti = _fil(hub, indhold, givet[0].sags_id)
    raa = sti.read_bytes()
    if hvad == "bit":
        sti.write_bytes(raa[:-30] + bytes([raa[-30] ^ 1]) + raa[-29:])
    else:
        sti.unlink()
    if hvad == "kort":
        sti.write_bytes(raa[:1_000])
    if hvad == "mappe":
        sti.mkdir()
    ventet = {"vaek": "dokument_mangler", "mappe": "dokumentlager_vaek"}.get(hvad, "dokument_beskadiget")
    for hoveder in ({}, FIL):
        svar = hent(hub, akt, headers=hoveder)
        assert (svar.status_code, svar.json()["fejlkode"]) == (503, ventet)


def test_one_document_of_two_cases_is_one_file_and_two_keys(hub: Any, ny_sag: Any) -> None:
    """Erasing one citizen leaves the other's document as it was."""
    indhold = en_pdf("fælles brev")
    upload(hub, indhold)
    en, anden = ny_sag(), ny_sag()
    hub.afspil(en.opret(), anden.opret(), tilfoej(en, indhold, en.bevilling), tilfoej(anden, indhold, anden.bevilling))
    assert _fil(hub, indhold, en.sags_id) == _fil(hub, indhold, anden.sags_id)
    with hub.motor.begin() as conn:
        conn.execute(text("DELETE FROM keys.noegler WHERE noegle LIKE :s"), {"s": f"{en.sags_id}%"})
    assert hent(hub, en.bevilling).json()["indhold"] is None
    assert hent(hub, anden.bevilling, headers=FIL).content == indhold


def test_a_document_outlives_the_sweep_of_its_upload(hub: Any, givet: Any) -> None:
    """The upload's row goes; the case's own key opens the file; what no key knows goes from the disk once it is old enough."""
    sag, indhold, akt = givet
    uden = en_pdf(f"aldrig nævnt {sag.sags_id}")
    upload(hub, uden)
    forsvinder = _fil(hub, uden)
    _aeld(hub)
    sweep(_lager(hub), 7, "op-1", None)
    assert not forsvinder.exists()
    assert hent(hub, akt, headers=FIL).content == indhold
    svar = hub.post(tilfoej(sag, indhold, sag.sags_id))
    assert svar.json()["fejlkode"] == 9631
    upload(hub, indhold)
    hub.afspil(tilfoej(sag, indhold, sag.sags_id))
    assert hent(hub, akt, headers=FIL).content == hent(hub, sag.sags_id, headers=FIL).content == indhold


def test_nothing_of_a_document_is_on_the_log_but_its_hash(hub: Any, givet: Any) -> None:
    """Neither its name nor its bytes stand in an event or a header (leak)."""
    sag, indhold, _ = givet
    with hub.motor.connect() as conn:
        raekker = conn.execute(text("SELECT vaerdi, hoveder::text FROM ledger.outbox WHERE stroem = :s"), {"s": sag.sags_id}).all()
    alt = b"".join(bytes(vaerdi) + hoveder.encode() for vaerdi, hoveder in raekker)
    assert b"Brev" not in alt and b"%PDF" not in alt and sha256(indhold).hexdigest().encode() in alt


def test_check_names_every_document_that_cannot_be_read(hub: Any, ny_sag: Any) -> None:
    """Gone and changed are found, erased ones counted, whole ones passed over."""
    sager = [ny_sag() for _ in range(4)]
    dokumenter = {sag.sags_id: en_pdf(sag.sags_id) for sag in sager}
    foer = check(_lager(hub))
    for sag in sager:
        upload(hub, dokumenter[sag.sags_id])
        hub.afspil(sag.opret(), tilfoej(sag, dokumenter[sag.sags_id], sag.bevilling))
    vaek, aendret, slettet, hel = sager
    _fil(hub, dokumenter[vaek.sags_id], vaek.sags_id).unlink()
    sti = _fil(hub, dokumenter[aendret.sags_id], aendret.sags_id)
    sti.write_bytes(sti.read_bytes()[:-1] + b"x")
    with hub.motor.begin() as conn:
        conn.execute(text("DELETE FROM keys.noegler WHERE noegle LIKE :s"), {"s": f"{slettet.sags_id}/%"})
    efter = check(_lager(hub))
    assert (efter.documents, efter.erased) == (foer.documents + 4, foer.erased + 1)
    fundne = {f.case: (f.act, f.problem) for f in efter.findings}
    assert fundne[vaek.sags_id] == (vaek.bevilling, "the file is not in the store")
    assert fundne[aendret.sags_id][0] == aendret.bevilling and "changed" in fundne[aendret.sags_id][1]
    assert hel.sags_id not in fundne and slettet.sags_id not in fundne


def test_a_sweep_is_shown_before_it_is_done_and_leaves_what_is_new(hub: Any, bygger: Any) -> None:
    """The preview removes nothing; what is younger than a day stays, known or not; drafts that were left behind go."""
    upload(hub, en_pdf(bygger.sags_id))
    (hub.mappe / "ny" / "efterladt").write_bytes(b"x")
    (hub.mappe / "ab").mkdir(exist_ok=True)
    ukendt = hub.mappe / "ab" / ("ab" * 32)
    ukendt.write_bytes(b"x")
    sweep(_lager(hub), 7, "op-1", None)
    assert ukendt.exists() and _fil(hub, en_pdf(bygger.sags_id)).exists()
    _aeld(hub)
    vist = preview_sweep(_lager(hub), 7)
    assert ukendt.exists() and _fil(hub, en_pdf(bygger.sags_id)).exists() and (vist.executed, vist.drafts) == (False, 1)
    gjort = sweep(_lager(hub), 7, "op-1", None)
    assert (gjort.uploads, gjort.drafts, gjort.files, gjort.bytes) == (vist.uploads, vist.drafts, vist.files, vist.bytes)
    assert not ukendt.exists() and not (hub.mappe / "ny" / "efterladt").exists()


def test_a_sweep_is_an_act_on_the_operators_log_and_one_that_removes_nothing_is_not(hub: Any, bygger: Any) -> None:
    """Who, why and the counts that the sweep says itself; neither a preview nor a sweep with nothing to do is an event."""
    upload(hub, en_pdf(bygger.sags_id))
    _aeld(hub)
    foer = len(_handlinger(hub))
    preview_sweep(_lager(hub), 7)
    assert len(_handlinger(hub)) == foer
    gjort = sweep(_lager(hub), 7, "op-1", "daglig")
    sweep(_lager(hub), 7, "op-1", "daglig")
    (act,) = _handlinger(hub)[foer:]
    assert (act.hvem, act.hvorfor, act.uploads, act.kladder) == ("op-1", "daglig", gjort.uploads, gjort.drafts)
    assert (act.filer, act.bytes) == (gjort.files, gjort.bytes) and min(act.uploads, act.filer, act.bytes) > 0


def test_a_sweep_that_is_cut_short_is_on_the_log_before_a_file_goes(hub: Any, bygger: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut short at the first file: rows gone, event there, files there, named again by the next; without an event nothing is removed."""
    upload(hub, en_pdf(bygger.sags_id))
    fil = _fil(hub, en_pdf(bygger.sags_id))
    _aeld(hub)
    foer, vist = len(_handlinger(hub)), preview_sweep(_lager(hub), 7)
    with monkeypatch.context() as m, pytest.raises(LedgerBagud):
        m.setattr(Driftslog, "append", _afbrudt(LedgerBagud("vitas.driftshaendelser", {0: "prøve"})))
        sweep(_lager(hub), 7, "op-1", None)
    assert fil.exists() and preview_sweep(_lager(hub), 7) == vist and len(_handlinger(hub)) == foer
    with monkeypatch.context() as m, pytest.raises(OSError, match="afbrudt"):
        m.setattr(Dokumentmappe, "fjern", _afbrudt(OSError("afbrudt")))
        sweep(_lager(hub), 7, "op-1", None)
    assert fil.exists() and preview_sweep(_lager(hub), 7).uploads == 0
    sweep(_lager(hub), 7, "op-1", None)
    foerste, anden = _handlinger(hub)[foer:]
    assert not fil.exists() and (foerste.uploads, foerste.filer) == (vist.uploads, vist.files)
    assert (anden.uploads, anden.filer, anden.bytes) == (0, foerste.filer, foerste.bytes)


def _afbrudt(fejl: Exception) -> Callable[..., None]:
    def bryd(*_: Any, **__: Any) -> None:
        raise fejl

    return bryd


def _noegler(hub: Any, sags_id: str) -> int:
    with hub.motor.connect() as conn:
        return int(conn.execute(text("SELECT count(*) FROM keys.noegler WHERE noegle LIKE :s"), {"s": f"{sags_id}/%"}).scalar_one())


def _fil(hub: Any, indhold: bytes, sags_id: str | None = None) -> Path:
    """The file of an upload, or of a case's document."""
    sum_ = sha256(indhold).hexdigest()
    navn = f"{sags_id}/{sum_}" if sags_id else f"upload/{sum_}"
    tabel, noegle = ("keys.noegler", "noegle") if sags_id else ("keys.uploads", "sha256")
    with hub.motor.connect() as conn:
        indpakket = conn.execute(text(f"SELECT indpakket FROM {tabel} WHERE {noegle} = :n"), {"n": navn if sags_id else sum_}).scalar_one()
    fil: str = filnavn(hub.tjenester.noeglering.pak_ud(navn, bytes(indpakket)))
    return Path(hub.mappe / fil[:2] / fil)


def _lager(hub: Any) -> Store:
    driftslog = Driftslog(Skemaregister(skemamappe()), hub.tjenester.kodeks)
    return Store(hub.motor, hub.tjenester.noeglering, Dokumentmappe(hub.mappe), driftslog)


def _handlinger(hub: Any) -> list[Any]:
    """The data of the operators' events of sweeps, oldest first."""
    with hub.motor.connect() as conn:
        raekker = conn.execute(text("SELECT vaerdi FROM ledger.outbox WHERE stroem = 'drift' ORDER BY version")).scalars()
        haendelser = [hub.tjenester.kodeks.afkod_drift(bytes(vaerdi)) for vaerdi in raekker]
    return [haendelse.data for haendelse in haendelser if haendelse.type == "DokumentoprydningUdfoert"]


def _aeld(hub: Any) -> None:
    """As if thirty days had passed."""
    with hub.motor.begin() as conn:
        conn.execute(text("UPDATE keys.uploads SET oprettet = oprettet - interval '30 days', navngivet = navngivet - interval '30 days'"))
    gammel = time.time() - 30 * 86_400
    for sti in hub.mappe.rglob("*"):
        if sti.is_file():
            os.utime(sti, (gammel, gammel))
