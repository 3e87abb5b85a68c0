"""`hub documents` and `hub get GetPDF` against a hub that runs: the store's folder, the keys and the read models are real."""

import base64
import getpass
import json
import os
import uuid
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from hub.cli.facts import LABEL_WIDTH
from hub.local.generator import generer

from .conftest import Hub

pytestmark = pytest.mark.integration

PDF = b"%PDF-1.7\n" + b"Hemmeligt brev\n" * 30_000
SUM = sha256(PDF).hexdigest()


@pytest.fixture(scope="module")
def run(hub: Hub) -> Iterator[Hub]:
    """Worker and API run, one case has a document."""
    with hub.running("worker"), hub.running("api"):
        opening = next(a for a in generer(1, 5))
        action = opening | {
            "handling": "TilfoejDokument",
            "eksternIdentifier": str(uuid.UUID(int=16)),
            "data": {
                "vedroerer": opening["eksternIdentifier"],
                "navn": "Brev.pdf",
                "mimetype": "application/pdf",
                "stoerrelse": len(PDF),
                "sha256": SUM,
            },
        }
        for navn in ("ordning", "jobCenterKode", "vitasSagsnummer", "vitasUrl", "requestId"):
            action.pop(navn, None)
        _upload(hub, PDF)
        said = hub("append", "-", stdin="".join(orjson.dumps(a).decode() + "\n" for a in (opening, action)))
        assert said.code == 0, said.err
        hub.settled()
        yield hub


def _upload(hub: Hub, indhold: bytes) -> None:
    address = json.loads((hub.folder / "api.json").read_text())["address"]
    headers = {"Authorization": f"Bearer {hub('token', '--role', 'vitas').out.strip()}", "Content-Type": "application/pdf"}
    svar = httpx.put(f"{address}/v1/dokumenter/{sha256(indhold).hexdigest()}", content=indhold, headers=headers)
    assert svar.status_code in (200, 201), svar.text


def _files(hub: Hub) -> list[Path]:
    return [path for path in (hub.folder / "documents").rglob("*") if path.is_file()]


def _row(hub: Hub) -> dict[str, Any]:
    row: dict[str, Any] = hub("sql", "--json", "-c", "select ordning, ekstern_identifier from dokumenter join sager using (sags_id)").lines[
        0
    ]
    return row


def test_get_prints_the_document_with_its_bytes(run: Hub) -> None:
    """The same answer as the API's, streamed into the terminal."""
    row = _row(run)
    said = run("get", "GetPDF", row["ordning"], row["ekstern_identifier"], "--json")
    assert said.code == 0, said.err
    assert base64.b64decode(said.json["indhold"]) == PDF and said.json["navn"] == "Brev.pdf"


def test_watch_follows_a_document_up(run: Hub) -> None:
    """The notification of a document names GetPDF; what it fetches is the document with its bytes, at least as new as announced."""
    ((code,),) = run.sql("SELECT job_center_kode FROM delivery.notifikationer WHERE get_metode = 'GetPDF'")
    said = run("watch", "--jobcentre", code, "--once", "--json")
    assert said.code == 0, said.err
    (told,) = [line for line in said.lines if line["notification"]["getMetode"] == "GetPDF"]
    assert told["judgement"] == "ny" and told["follow_up"]["ok"] and told["notification"]["erOprettelse"]
    document = told["follow_up"]["document"]
    assert document["version"] >= told["notification"]["version"] and base64.b64decode(document["indhold"]) == PDF
    words = run("watch", "--jobcentre", code, "--once").out
    assert "GetPDF oprettet" in words and f"application/pdf\n   {'bytes'.ljust(LABEL_WIDTH)}  {len(PDF)}\n" in words and "Brev" not in words


def test_watch_says_when_a_document_s_bytes_are_gone(run: Hub) -> None:
    """The store lost the file: asked again a few times (503), then said, and the exit is 1."""
    kept = {path: path.read_bytes() for path in _files(run)}
    ((code,),) = run.sql("SELECT job_center_kode FROM delivery.notifikationer WHERE get_metode = 'GetPDF'")
    for path in kept:
        path.unlink()
    try:
        said = run("watch", "--jobcentre", code, "--once")
        assert said.code == 1 and "KAN IKKE HENTES: 503" in said.out
    finally:
        for path, held in kept.items():
            path.write_bytes(held)


def test_list_tells_what_waits(run: Hub) -> None:
    """What was named and what was not."""
    _upload(run, PDF + b"igen")
    uploads = run("documents", "list", "--json").json["uploads"]
    assert {u["sha256"]: (u["bytes"], u["named"] is not None) for u in uploads} == {
        SUM: (len(PDF), True),
        sha256(PDF + b"igen").hexdigest(): (len(PDF) + 4, False),
    }
    assert "2 upload(s); 1 of" in run("documents", "list").err


def test_sweep_shows_first_and_takes_nothing_that_is_new(run: Hub) -> None:
    """Without --execute nothing is done; with it nothing is old enough."""
    before = _files(run)
    said = run("documents", "sweep", "--json")
    assert (said.code, said.json["executed"], "add --execute" in said.err) == (0, False, True)
    done = run("documents", "sweep", "--execute", "--json")
    assert done.json == {"uploads": 0, "drafts": 0, "files": 0, "bytes": 0, "executed": True}
    assert _files(run) == before


def test_what_a_sweep_removes_is_told_by_oplog(run: Hub) -> None:
    """A draft left behind goes; who swept, why and how much stand on the operators' log. The sweep before, of nothing, is not there."""
    draft = run.folder / "documents" / "ny" / "efterladt"
    draft.write_bytes(b"xyz")
    os.utime(draft, (0, 0))
    done = run("documents", "sweep", "--why", "daglig oprydning", "--execute", "--json")
    assert (done.code, done.json["drafts"], draft.exists()) == (0, 1, False)
    run.settled()
    (act,) = [line for line in run("oplog", "--json").lines if line["what"] == "DokumentoprydningUdfoert"]
    assert (act["who"], act["why"]) == (getpass.getuser(), "daglig oprydning")
    assert act["data"] == {"uploads": 0, "kladder": 1, "filer": 0, "bytes": 3}


def test_nothing_of_a_document_is_anywhere_under_the_data_folder(run: Hub) -> None:
    """Neither its bytes nor its name: not in the store, not in PostgreSQL's files, not in Kafka's, not in a log of a process (leak)."""
    searched = [path for path in run.folder.rglob("*") if path.is_file()]
    assert len(searched) > 100
    assert [path.name for path in searched if b"Hemmeligt brev" in (raw := path.read_bytes()) or b"Brev.pdf" in raw] == []


def test_check_finds_a_file_that_is_gone_and_an_upload_brings_it_back(run: Hub) -> None:
    """Exit 0 while every document is whole, 1 with the case, the act and what is wrong."""
    assert run("documents", "check").code == 0
    for path in _files(run):
        path.unlink()
    found = run("documents", "check", "--json")
    assert (found.code, found.json["ok"], [f["sha256"] for f in found.json["findings"]]) == (1, False, [SUM])
    row = _row(run)
    refused = run("get", "GetPDF", row["ordning"], row["ekstern_identifier"])
    assert refused.code == 1 and "dokument_mangler" in refused.err
    _upload(run, PDF)
    assert run("documents", "check").code == 0
