"""The feed, the schema registry, health, metrics, OpenAPI, and the bounds before a request exists."""

import socket
import threading
import time
import uuid
from contextlib import ExitStack
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import httpx
import orjson
import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from sqlalchemy import text

from hub.api.openapi import beskrivelse
from hub.api.ruter import RUTER
from hub.api.server import PortOptaget, lyt
from hub.domain.matrix import MATRIX

pytestmark = pytest.mark.integration

ODENSE, AARHUS = "46100", "75100"


def _tilbyd(hub: Any) -> None:
    """Number what is unnumbered and say that the topics have it, as the sequencer does."""
    with hub.motor.begin() as conn:
        conn.execute(
            text(
                "WITH n AS (SELECT id, job_center_kode, row_number() OVER (PARTITION BY job_center_kode ORDER BY lbnr) "
                "+ coalesce((SELECT hoved FROM delivery.numre m WHERE m.job_center_kode = x.job_center_kode), 0) AS nr "
                "FROM delivery.notifikationer x WHERE nummer IS NULL) "
                "UPDATE delivery.notifikationer t SET nummer = n.nr, sendt = now(), vaerdi = '' FROM n WHERE n.id = t.id"
            )
        )
        conn.execute(
            text(
                "INSERT INTO delivery.numre (job_center_kode, hoved, sendt) SELECT job_center_kode, max(nummer), max(nummer) "
                "FROM delivery.notifikationer GROUP BY 1 "
                "ON CONFLICT (job_center_kode) DO UPDATE SET hoved = excluded.hoved, sendt = excluded.sendt"
            )
        )
        conn.execute(text("SELECT pg_notify('hub_tilbudt', job_center_kode) FROM delivery.numre"))


def _hoved(klient: Any) -> int:
    return int(klient.get("/v1/notifikationer").json()["hoved"])


def test_the_feed_gives_what_was_offered_by_number(hub: Any, bygger: Any) -> None:
    """`efter` and `maks` cut it; the link in a notification answers with at least the version announced; it fits its schema."""
    with hub.klient("system", ODENSE) as fagsystem:
        foer = _hoved(fagsystem)
        hub.afspil(bygger.opret(), bygger.underskriv(), bygger.godkend(), bygger.bevilg())
        assert fagsystem.get(f"/v1/notifikationer?efter={foer}").json() == {"notifikationer": [], "hoved": foer}
        _tilbyd(hub)
        svar = fagsystem.get(f"/v1/notifikationer?efter={foer}").json()
        assert [n["nummer"] for n in svar["notifikationer"]] == [foer + 1, foer + 2, foer + 3]
        assert len(fagsystem.get(f"/v1/notifikationer?efter={foer}&maks=1").json()["notifikationer"]) == 1
        for notifikation in svar["notifikationer"]:
            assert fagsystem.get(notifikation["link"]).json()["version"] >= notifikation["version"]
    Draft202012Validator({"$ref": "#/components/schemas/Feed", **beskrivelse()}).validate(svar)
    assert "0101901234" not in orjson.dumps(svar).decode()


def test_a_long_poll_is_answered_when_something_is_offered_and_else_empty(hub: Any, bygger: Any) -> None:
    """Woken by the offer, not by the clock; an empty list when nothing came."""
    with hub.klient("system", AARHUS) as fagsystem:
        foer = _hoved(fagsystem)
        start = time.monotonic()
        assert fagsystem.get(f"/v1/notifikationer?efter={foer}&vent=1").json()["notifikationer"] == []
        assert 0.9 <= time.monotonic() - start < 3
        bygger.jobcenter = AARHUS
        hub.afspil(bygger.opret(), bygger.underskriv())
        threading.Timer(0.3, _tilbyd, [hub]).start()
        start = time.monotonic()
        assert len(fagsystem.get(f"/v1/notifikationer?efter={foer}&vent=5").json()["notifikationer"]) == 1
        assert time.monotonic() - start < 2


def test_a_feed_is_only_its_jobcentres(hub: Any) -> None:
    """K may be left out with one jobcentre in the token; another's is 403; operator and auditor name theirs."""
    with hub.klient("system", ODENSE) as en, hub.klient("system", ODENSE, AARHUS) as to, hub.klient("operator") as operatoer:
        assert en.get(f"/v1/notifikationer?jobCenterKode={AARHUS}").json()["fejlkode"] == "ikke_eget_jobcenter"
        assert to.get("/v1/notifikationer").json()["errors"][0]["felt"] == "jobCenterKode"
        assert to.get(f"/v1/notifikationer?jobCenterKode={AARHUS}").status_code == 200
        assert operatoer.get(f"/v1/notifikationer?jobCenterKode={AARHUS}").status_code == 200
        assert operatoer.get("/v1/notifikationer").status_code == 400


def test_wrong_feed_parameters_are_400_all_at_once(hub: Any) -> None:
    """Number, count, seconds and jobcentre each within their bounds."""
    with hub.klient("system", ODENSE) as fagsystem:
        svar = fagsystem.get("/v1/notifikationer?efter=-1&maks=0&vent=99&jobCenterKode=99999")
    assert svar.status_code == 400
    assert {fejl["felt"] for fejl in svar.json()["errors"]} == {"efter", "maks", "vent", "jobCenterKode"}


def test_the_registry_answers_as_a_confluent_one(hub: Any) -> None:
    """Ids, subjects, versions, `latest`; its content type; its error codes."""
    with hub.klient("system", ODENSE) as klient:
        emner = klient.get("/subjects")
        assert emner.headers["content-type"] == "application/vnd.schemaregistry.v1+json"
        emne = next(e for e in emner.json() if e.endswith("AnsoegningOprettet"))
        versioner = klient.get(f"/subjects/{emne}/versions").json()
        nyeste = klient.get(f"/subjects/{emne}/versions/latest").json()
        assert nyeste["version"] == max(versioner)
        skema = klient.get(f"/schemas/ids/{nyeste['id']}?fetchMaxId=false&subject=x").json()["schema"]
        assert (skema, orjson.loads(skema)["name"]) == (nyeste["schema"], "AnsoegningOprettet")
        for sti, status, kode in (
            ("/schemas/ids/999999", 404, 40403),
            ("/schemas/ids/x", 404, 40403),
            ("/subjects/ukendt/versions", 404, 40401),
            ("/subjects/ukendt/versions/1", 404, 40401),
            (f"/subjects/{emne}/versions/999", 404, 40402),
            (f"/subjects/{emne}/versions/0", 422, 42202),
            (f"/subjects/{emne}/versions/x", 422, 42202),
        ):
            svar = klient.get(sti)
            assert (svar.status_code, svar.json()["error_code"]) == (status, kode), sti


def test_health_says_what_is_well(hub: Any) -> None:
    """Alive, and ready with database, lanes and checkpoints; without a token."""
    with hub.klient() as klient:
        del klient.headers["authorization"]
        assert klient.get("/health/live").json() == {"status": "ok"}
        svar = klient.get("/health/ready")
    assert (svar.status_code, svar.json()["checks"]) == (200, {"database": "ok", "lanes": "ok", "checkpoints": "ok"})


def test_metrics_count_by_route_and_hold_nothing_of_a_request(hub: Any, bygger: Any) -> None:
    """Low cardinality: route names, methods, statuses; no id, no CPR number, no jobcentre."""
    hub.afspil(bygger.opret())
    with hub.klient("system", ODENSE) as fagsystem, hub.klient("operator") as operatoer:
        fagsystem.get(f"/v1/sager/{bygger.sags_id}")
        svar = operatoer.get("/metrics")
    assert 'hub_http_requests_total{method="GET",route="sag",status="200"}' in svar.text
    for personligt in (bygger.sags_id, "0101901234", "Bodil", ODENSE, "test-system"):
        assert personligt not in svar.text


def test_metrics_tell_what_waits(hub: Any, bygger: Any) -> None:
    """An event that was appended and that nobody relayed is unsent, with its age; nothing is parked."""
    hub.post(bygger.opret())
    with hub.klient("operator") as operatoer:
        linjer = dict(linje.rsplit(" ", 1) for linje in operatoer.get("/metrics").text.splitlines() if linje.startswith("hub_"))
    assert float(linjer["hub_outbox_unsent"]) >= 1 and float(linjer["hub_outbox_oldest_seconds"]) > 0
    assert linjer["hub_cases_parked"] == "0.0"


def test_the_openapi_document_is_valid_and_has_every_route_and_every_cell_of_the_matrix(hub: Any) -> None:
    """3.1; what is served is what is described."""
    with hub.klient() as klient:
        dokument = klient.get("/openapi.json").json()
    validate(dokument)
    assert dokument["openapi"].startswith("3.1")
    celler = {f"/v1/{ordning}/{metode}/{{eksternIdentifier}}" for ordning, metoder in MATRIX.items() for metode in metoder}
    assert set(dokument["paths"]) == celler | {rute.sti for rute in RUTER.values() if "{ordning}" not in rute.sti}


@pytest.mark.parametrize(
    ("raa", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 20_000 + b"\r\n\r\n", b"431"),
        (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"".join(b"X%d: a\r\n" % n for n in range(4_000)) + b"\r\n", b"431"),
        (b"GET /" + b"a" * 5_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", b"431"),
        (b"GARBAGE\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX-RequestId: a\r\nx-requestid: b\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer a\r\nAuthorization: Bearer a\r\n\r\n", b"400"),
    ],
)
def test_headers_that_are_too_large_or_malformed_are_refused_before_a_request_exists(hub: Any, raa: bytes, status: bytes) -> None:
    """Uvicorn has no such bound; ours answers a problem and closes."""
    svar = _raat(hub, raa)
    assert svar.startswith(b"HTTP/1.1 " + status)
    assert b"application/problem+json" in svar


def test_headers_that_do_not_come_are_not_waited_for_for_ever(hub: Any) -> None:
    """A connection whose headers are not whole within the bound is closed; so is one on which nothing comes."""
    for begyndt in (b"GET / HTTP/1.1\r\nHost: x\r\n", b""):
        start = time.monotonic()
        assert _raat(hub, begyndt) == b""
        assert time.monotonic() - start < 5


def test_one_connection_too_many_is_answered_in_the_same_shape(hub: Any, serveret: Any) -> None:
    """503 with Retry-After as a problem; when one lets go, the next is served."""
    with serveret(replace(hub.tjenester, graenser=replace(hub.tjenester.graenser, forbindelser=2))) as base, ExitStack() as aabne:
        foerste = [aabne.enter_context(httpx.Client(base_url=base)) for _ in range(2)]
        assert [klient.get("/health/live").status_code for klient in foerste] == [200, 200]
        svar = httpx.get(f"{base}/health/live")
        assert (svar.status_code, svar.json()["fejlkode"], svar.headers["retry-after"]) == (503, "overbelastet", "1")
        foerste[0].close()
        assert httpx.get(f"{base}/health/live").status_code == 200


def test_a_taken_port_is_said_in_words(hub: Any) -> None:
    """The address and the settings to change are named."""
    port = urlsplit(hub.base).port or 0
    with pytest.raises(PortOptaget, match="HUB_API_PORT"):
        lyt("127.0.0.1", port)


def _raat(hub: Any, raa: bytes) -> bytes:
    maskine = urlsplit(hub.base)
    with socket.create_connection((maskine.hostname, maskine.port), timeout=10) as forbindelse:
        forbindelse.sendall(raa)
        svar = b""
        try:
            while stykke := forbindelse.recv(65_536):
                svar += stykke
        except ConnectionResetError:
            pass
        return svar


def test_a_database_that_is_away_is_503(hub: Any, bygger: Any, utilgaengelig: str) -> None:
    """Reads, appends and readiness say so with Retry-After; the process lives."""
    with hub.klient("system", ODENSE) as fagsystem, hub.klient() as vitas:
        laest = fagsystem.get(f"{utilgaengelig}/v1/sager/{uuid.uuid4()}")
        sendt = vitas.post(f"{utilgaengelig}/v1/handlinger", json=bygger.opret())
        klar = vitas.get(f"{utilgaengelig}/health/ready")
        assert vitas.get(f"{utilgaengelig}/health/live").status_code == 200
    for svar in (laest, sendt):
        assert (svar.status_code, svar.json()["fejlkode"], "retry-after" in svar.headers) == (503, "database_vaek", True)
    assert (klar.status_code, klar.json()["checks"]) == (503, {"database": "away"})
