"""POST /v1/handlinger/bulk over real HTTP."""

import http.client
import threading
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import orjson
import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from hub.api.problem import Problem
from hub.events.ledger import Ledger
from hub.events.ledger_fejl import LedgerBagud

pytestmark = pytest.mark.integration

NDJSON = {"Content-Type": "application/x-ndjson"}


CHUNKED = {"encode_chunked": True}


def _send(hub: Any, indhold: Any) -> list[dict[str, Any]]:
    with hub.klient() as vitas:
        svar = vitas.post("/v1/handlinger/bulk", content=indhold, headers=NDJSON)
    assert svar.status_code == 200
    assert svar.headers["content-type"] == "application/x-ndjson"
    return [orjson.loads(linje) for linje in svar.content.splitlines()]


def _linje(handling: dict[str, Any]) -> bytes:
    return orjson.dumps(handling) + b"\n"


def test_lines_are_answered_in_order_and_a_bad_one_leaves_the_others_untouched(hub: Any, bygger: Any) -> None:
    """Each line its receipt or its problem, with its number; empty lines count and are skipped; orders of one case build on each other."""
    linjer = [
        _linje(bygger.opret()),
        b"{ikke json}\n",
        b"\r\n",
        _linje(bygger.opret() | {"ukendt": 1}),
        _linje(bygger.underskriv()),
        b'{"a": "' + b"x" * 70_000 + b'"}\n',
        orjson.dumps(bygger.godkend()),
    ]
    svar = _send(hub, b"".join(linjer))
    assert [(s["linje"], s["status"]) for s in svar] == [(1, 202), (2, 400), (4, 422), (5, 202), (6, 413), (7, 202)]
    assert [s["version"] for s in svar if s["status"] == 202] == [1, 2, 3]
    assert svar[1]["fejlkode"] == "ugyldig_json"


def test_a_line_with_another_case_s_act_is_refused_alone(hub: Any, bygger: Any, ny_sag: Any) -> None:
    """Two new cases in one call with one act: the later line is refused, and what builds on it; the others are taken."""
    anden, tredje = ny_sag(), ny_sag()
    anden.ansoegning = bygger.ansoegning
    svar = _send(hub, b"".join(_linje(h) for h in (bygger.opret(), anden.opret(), anden.underskriv(), tredje.opret(), bygger.underskriv())))
    assert [s.get("fejlkode", s["status"]) for s in svar] == [202, 9623, 9601, 202, 202]


def test_a_version_asked_for_of_many_actions_is_refused_and_nothing_is_recorded(hub: Any, bygger: Any) -> None:
    """`If-Match` promises what many actions at once cannot keep: refused before a line is read; an `x-requestId` alone is no hindrance."""
    hoveder = NDJSON | {"x-requestId": f"mange-{bygger.sags_id}"}
    linje = _linje(bygger.opret())
    with hub.klient() as vitas:
        svar = vitas.post("/v1/handlinger/bulk", content=linje, headers=hoveder | {"If-Match": '"1"'})
        with hub.motor.connect() as conn:
            antal = conn.execute(text("SELECT count(*) FROM ledger.stroemme WHERE stroem = :s"), {"s": bygger.sags_id}).scalar_one()
        taget = vitas.post("/v1/handlinger/bulk", content=linje, headers=hoveder)
    assert (svar.status_code, svar.json()["fejlkode"], svar.json()["errors"][0]["felt"]) == (400, "hoved_gaelder_ikke_bulk", "If-Match")
    assert antal == 0 and orjson.loads(taget.content)["status"] == 202


def test_the_same_lines_again_give_the_same_receipts_and_append_nothing(hub: Any, bygger: Any) -> None:
    """A line without `requestId` is known by its content; with one, by that."""
    linjer = _linje(bygger.opret()) + _linje(bygger.underskriv() | {"requestId": f"bulk-{bygger.sags_id}"})
    assert _send(hub, linjer) == _send(hub, linjer)
    with hub.motor.connect() as conn:
        antal = conn.execute(text("SELECT count(*) FROM ledger.outbox WHERE stroem = :s"), {"s": bygger.sags_id}).scalar_one()
    assert antal == 2


def test_a_line_with_a_bad_request_id_is_refused(hub: Any, bygger: Any) -> None:
    """A request id stands open in the log; it is text of the allowed characters."""
    svar = _send(hub, _linje(bygger.opret() | {"requestId": "0101901234"}) + _linje(bygger.opret() | {"requestId": 7}))
    assert [s["fejlkode"] for s in svar] == ["ugyldigt_request_id", "ugyldigt_request_id"]


def test_many_lines_go_through_in_groups(hub: Any, ny_sag: Any) -> None:
    """Several groups of `bulk_del`: every line one receipt, in order."""
    byggere = [ny_sag() for _ in range(120)]
    svar = _send(hub, b"".join(_linje(b.opret()) + _linje(b.underskriv()) for b in byggere))
    assert [s["linje"] for s in svar] == list(range(1, 241))
    assert {s["status"] for s in svar} == {202}


def test_too_many_lines_are_cut_off_with_a_problem(hub: Any) -> None:
    """What came before the bound is answered; then one problem line, and nothing more is taken."""
    svar = _send(hub, b"{}\n" * 2_010)
    assert len(svar) == 2_001
    assert (svar[-1]["status"], svar[-1]["linje"]) == (413, 2_001)


def test_the_answer_streams_while_the_request_is_still_being_sent(hub: Any, ny_sag: Any) -> None:
    """The first receipts come before the last line has been sent: nothing is gathered up."""
    maskine, faerdig = urlsplit(hub.base), threading.Event()

    def indhold() -> Iterator[bytes]:
        yield b"".join(_linje(ny_sag().opret()) for _ in range(50))
        faerdig.wait(5)
        yield _linje(ny_sag().opret())

    with hub.klient() as vitas:
        forbindelse = http.client.HTTPConnection(maskine.hostname or "", maskine.port, timeout=10)
        hoveder = {"Authorization": vitas.headers["authorization"], **NDJSON, "Transfer-Encoding": "chunked"}
        sender = threading.Thread(target=forbindelse.request, args=("POST", "/v1/handlinger/bulk", indhold(), hoveder), kwargs=CHUNKED)
        sender.start()
        raa = b""
        while b'"linje":50,' not in raa:
            time.sleep(0.05)
            raa += forbindelse.sock.recv(65_536) if forbindelse.sock else b""
        foer_sidste = not faerdig.is_set()
        faerdig.set()
        sender.join(10)
        # To the last line: what is still being appended would count in the next test.
        while b'"linje":51,' not in raa and (mere := forbindelse.sock.recv(65_536)):
            raa += mere
        forbindelse.close()
    assert foer_sidste
    assert b'"linje":1,' in raa


@pytest.mark.parametrize(
    ("fejl", "kode"),
    [
        (psycopg.errors.IdleInTransactionSessionTimeout("x"), "database_vaek"),
        (OperationalError("x", None, psycopg.OperationalError("x")), "database_vaek"),
        (psycopg.errors.UndefinedTable("x"), "intern_fejl"),
        (LedgerBagud("x", {0: "x"}), "hovedbog_bagud"),
        (Problem("overbelastet"), "overbelastet"),
    ],
    ids=lambda v: type(v).__name__ if isinstance(v, Exception) else v,
)
def test_a_group_that_cannot_be_taken_on_has_a_problem_on_every_line_and_nothing_after_it_is_tried(
    hub: Any, ny_sag: Any, monkeypatch: pytest.MonkeyPatch, fejl: Exception, kode: str
) -> None:
    """Each line says what became of it, under its own number; what came before stands, and no later line of a case overtakes it."""
    byggere = [ny_sag() for _ in range(130)]
    hel, kald = Ledger.append, []

    def append(ledger: Ledger, ordrer: Any) -> Any:
        kald.append(len(ordrer))
        if len(kald) == 2:
            raise fejl
        return hel(ledger, ordrer)

    monkeypatch.setattr(Ledger, "append", append)
    svar = _send(hub, b"\n" + b"".join(_linje(b.opret()) for b in byggere))
    assert [s["linje"] for s in svar] == list(range(2, 132))
    assert [s.get("fejlkode", 202) for s in svar] == [202] * 50 + [kode] * 80
    assert kald == [50, 50]


def test_a_body_that_stops_half_way_ends_the_answer_with_a_problem(hub: Any, bygger: Any) -> None:
    """What was whole is recorded and answered; then 408, and the connection is not held for ever."""
    maskine = urlsplit(hub.base)
    with hub.klient() as vitas:
        forbindelse = http.client.HTTPConnection(maskine.hostname or "", maskine.port, timeout=15)
        forbindelse.putrequest("POST", "/v1/handlinger/bulk")
        for navn, vaerdi in {"Authorization": vitas.headers["authorization"], **NDJSON, "Transfer-Encoding": "chunked"}.items():
            forbindelse.putheader(navn, vaerdi)
        forbindelse.endheaders()
        linje = _linje(bygger.opret())
        forbindelse.send(f"{len(linje):x}\r\n".encode() + linje + b"\r\n")
        svar = [orjson.loads(s) for s in forbindelse.getresponse().read().splitlines()]
        forbindelse.close()
    assert [(s["linje"], s["status"]) for s in svar] == [(1, 202), (2, 408)]
    assert svar[-1]["fejlkode"] == "for_langsom"


def test_another_type_than_ndjson_is_415(hub: Any) -> None:
    """One action is sent elsewhere."""
    with hub.klient() as vitas:
        assert vitas.post("/v1/handlinger/bulk", json={}).json()["fejlkode"] == "forkert_type_bulk"
