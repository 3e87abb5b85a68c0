"""PUT /v1/dokumenter/{sha256} over real HTTP: what is kept, and that nothing is left of what is not."""

import http.client
import socket
import stat
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import orjson
import pytest
from sqlalchemy import text

pytestmark = pytest.mark.integration

PDF = {"Content-Type": "application/pdf"}


def en_pdf(ord_: str = "Fortroligt brev om Bodil", laengde: int = 500_000) -> bytes:
    """A document of this length that begins as a PDF, other bytes for other words."""
    led = f"%PDF-1.7\n{ord_}\n".encode()
    return (led * (laengde // len(led) + 1))[:laengde]


def send(hub: Any, indhold: Any, adresse: str | None = None, **hoveder: str) -> httpx.Response:
    """Upload as VITAS."""
    with hub.klient() as vitas:
        return vitas.put(f"/v1/dokumenter/{adresse or sha256(indhold).hexdigest()}", content=indhold, headers=PDF | hoveder)


def filer(hub: Any) -> set[Path]:
    """Every file of the store, drafts too."""
    return {sti for sti in hub.mappe.rglob("*") if sti.is_file()}


def uploads(hub: Any) -> int:
    """The rows of what may be named."""
    with hub.motor.connect() as conn:
        return int(conn.execute(text("SELECT count(*) FROM keys.uploads")).scalar_one())


@pytest.fixture(autouse=True)
def _tomt(hub: Any) -> None:
    for sti in filer(hub):
        sti.unlink()
    with hub.motor.begin() as conn:
        conn.execute(text("TRUNCATE keys.uploads"))


def test_a_document_is_201_and_the_same_again_200(hub: Any) -> None:
    """The answer says what was kept; the second time nothing is added."""
    indhold = en_pdf()
    foerst, igen = send(hub, indhold), send(hub, indhold)
    assert (foerst.status_code, igen.status_code) == (201, 200)
    assert foerst.json() == igen.json() == {"sha256": sha256(indhold).hexdigest(), "stoerrelse": 500_000, "mimetype": "application/pdf"}
    assert (len(filer(hub)), uploads(hub)) == (1, 1)


def test_nothing_of_a_document_can_be_read_on_the_disk(hub: Any) -> None:
    """Neither its bytes nor its hash are in a file or a file's name, and the owner alone may read the file (leak)."""
    indhold = en_pdf()
    send(hub, indhold)
    (sti,) = filer(hub)
    raa = sti.read_bytes()
    assert b"%PDF" not in raa and b"Bodil" not in raa and b"Fortroligt" not in raa
    assert sha256(indhold).hexdigest()[:8] not in str(sti)
    assert stat.S_IMODE(sti.stat().st_mode) == 0o600 and stat.S_IMODE(sti.parent.stat().st_mode) == 0o700


def test_two_at_once_are_one_document(hub: Any) -> None:
    """Uploads of the same document race: one is new, all are well, and one file is left that opens under the key that is kept."""
    indhold = en_pdf("kapløb", 900_000)
    with ThreadPoolExecutor(6) as pulje:
        svar = list(pulje.map(lambda _: send(hub, indhold).status_code, range(6)))
    assert sorted(svar) == [200] * 5 + [201]
    assert (len(filer(hub)), uploads(hub)) == (1, 1)
    aabnet(hub, indhold)


def test_a_damaged_file_is_whole_again_when_the_document_comes_again(hub: Any) -> None:
    """The same key and name: what a case was bound to is healed too."""
    indhold = en_pdf()
    send(hub, indhold)
    (sti,) = filer(hub)
    sti.write_bytes(sti.read_bytes()[:-1])
    assert send(hub, indhold).status_code == 200
    assert filer(hub) == {sti}
    aabnet(hub, indhold)


@pytest.mark.parametrize(
    ("indhold", "hoveder", "status", "kode"),
    [
        (b"", {}, 400, "tom_krop"),
        (b"<html>%PDF-", {}, 422, "ikke_pdf"),
        (b"%PDF-", {}, 422, "ikke_pdf"),
        (b"\x00" * 300_000, {}, 422, "ikke_pdf"),
        (en_pdf(), {"Content-Type": "text/plain"}, 415, "forkert_type_dokument"),
        (en_pdf(), {"Content-Encoding": "gzip"}, 415, "forkert_type_dokument"),
    ],
)
def test_what_is_no_pdf_is_refused_and_nothing_is_left(hub: Any, indhold: bytes, hoveder: dict[str, str], status: int, kode: str) -> None:
    """Type, compression and first bytes are looked at; no file and no row is left."""
    svar = send(hub, indhold, **hoveder)
    assert (svar.status_code, svar.json()["fejlkode"]) == (status, kode)
    assert (filer(hub), uploads(hub)) == (set(), 0)


def test_other_bytes_than_the_address_says_are_422_and_nothing_is_left(hub: Any) -> None:
    """The hash is of what came; also when the store has the right document already, which stays as it is."""
    rigtigt, forkert = en_pdf("rigtigt"), en_pdf("forkert")
    svar = send(hub, forkert, sha256(rigtigt).hexdigest())
    assert (svar.status_code, svar.json()["fejlkode"]) == (422, "forkert_sha256")
    assert (filer(hub), uploads(hub)) == (set(), 0)
    send(hub, rigtigt)
    assert send(hub, forkert, sha256(rigtigt).hexdigest()).status_code == 422
    assert len(filer(hub)) == 1
    aabnet(hub, rigtigt)


@pytest.mark.parametrize("laengde", [True, False])
def test_a_document_over_the_bound_is_413_and_nothing_is_left(hub: Any, laengde: bool) -> None:
    """With a length before anything is read; without one as soon as it is over."""
    stor = en_pdf(laengde=1_000_001)

    def stykker() -> Iterator[bytes]:
        yield stor

    with hub.klient() as vitas:
        svar = vitas.put(f"/v1/dokumenter/{sha256(stor).hexdigest()}", content=stor if laengde else stykker(), headers=PDF)
    assert (svar.status_code, svar.json()["fejlkode"], svar.headers["connection"]) == (413, "for_stor", "close")
    assert (filer(hub), uploads(hub)) == (set(), 0)


@pytest.mark.parametrize(("sti", "type_"), [("/v1/dokumenter/" + "a" * 64, "application/pdf"), ("/v1/handlinger", "application/json")])
@pytest.mark.parametrize("foer", [b"%PDF-1.7 ", b"nej, ikke "], ids=["too large", "another type"])
def test_a_client_that_writes_it_all_before_it_reads_sees_the_refusal(hub: Any, sti: str, type_: str, foer: bytes) -> None:
    """What is under way is taken in, not reset: 8 MB, with one write, to a route that stops long before that."""
    adresse = urlsplit(hub.base)
    metode = "PUT" if "dokumenter" in sti else "POST"
    krop = foer + b"x" * 8_000_000
    with hub.klient() as vitas, socket.create_connection((adresse.hostname, adresse.port), timeout=20) as sok:
        linjer = (f"{metode} {sti} HTTP/1.1", "Host: x", f"Authorization: {vitas.headers['Authorization']}")
        sok.sendall("\r\n".join((*linjer, f"Content-Type: {type_}", "Transfer-Encoding: chunked", "", "")).encode())
        sok.sendall(b"%x\r\n%b\r\n0\r\n\r\n" % (len(krop), krop))
        time.sleep(0.2)
        svar = sok.makefile("rb").read()
    forventet = b"ikke_pdf" if "dokumenter" in sti and not foer.startswith(b"%PDF-") else b"for_stor"
    assert forventet in svar


@pytest.mark.parametrize(
    ("adresse", "status", "kode"),
    [
        ("..%2F..%2Fetc%2Fpasswd", 404, "ukendt_adresse"),
        ("..", 400, "ugyldig_sha256"),
        ("A" * 64, 400, "ugyldig_sha256"),
        ("0" * 63, 400, "ugyldig_sha256"),
        ("0" * 63 + "%0A", 400, "ugyldig_sha256"),
        ("0" * 62 + "%D9%A1", 400, "ugyldig_sha256"),
        (".%00" + "0" * 62, 400, "ugyldig_sha256"),
    ],
)
def test_an_address_that_is_no_sha256_reaches_no_file(hub: Any, adresse: str, status: int, kode: str) -> None:
    """Dots, slashes, other digits and line ends in the address are refused before the store hears of them."""
    forbindelse = http.client.HTTPConnection(urlsplit(hub.base).netloc, timeout=10)
    with hub.klient() as vitas:
        forbindelse.request(
            "PUT", f"/v1/dokumenter/{adresse}", en_pdf(laengde=100), PDF | {"Authorization": vitas.headers["authorization"]}
        )
    svar = forbindelse.getresponse()
    assert (svar.status, orjson.loads(svar.read())["fejlkode"]) == (status, kode)
    assert (filer(hub), uploads(hub)) == (set(), 0)


@pytest.mark.parametrize("goer", ["venter", "drypper", "gaar"])
def test_a_body_that_stops_is_408_and_nothing_is_left(hub: Any, goer: str) -> None:
    """A caller that stops, that trickles for ever, or that goes away in the middle of it leaves no draft behind."""
    indhold = en_pdf(laengde=900_000)
    with _halvt(hub, indhold, 700_000) as linje:
        if goer == "drypper":
            threading.Thread(target=_dryp, args=(linje, indhold[700_000:]), daemon=True).start()
        if goer != "gaar":
            assert linje.recv(100).startswith(b"HTTP/1.1 408")
    frist = time.monotonic() + 10
    while filer(hub) and time.monotonic() < frist:
        time.sleep(0.05)
    assert (filer(hub), uploads(hub)) == (set(), 0)


def test_uploads_that_no_action_names_are_bounded(hub: Any) -> None:
    """Each counts as 64 KiB at least; once they are as many as the store takes, a new one is 429, and one that is known still 200."""
    with hub.motor.begin() as conn:
        fyld = (
            "INSERT INTO keys.uploads (sha256, stoerrelse, mimetype, indpakket) SELECT n::text, 10, 'x', '' FROM generate_series(1, 61) n"
        )
        conn.execute(text(fyld))
    kendt = en_pdf("kendt", 1_000)
    assert send(hub, kendt).status_code == 201
    svar = send(hub, en_pdf("ny", 1_000))
    assert (svar.status_code, svar.json()["fejlkode"], svar.headers["retry-after"]) == (429, "for_mange_uploads", "60")
    assert send(hub, kendt).status_code == 200
    with hub.motor.begin() as conn:
        conn.execute(text("UPDATE keys.uploads SET navngivet = now()"))
    assert send(hub, en_pdf("ny", 1_000)).status_code == 201


def test_one_upload_too_many_at_a_time_is_503(hub: Any) -> None:
    """A process takes so many at a time; one more is told to come again, and has a place once another is done or gone."""
    indhold = en_pdf()
    with ExitStack() as aabne:
        for _ in range(hub.tjenester.graenser.uploads):
            aabne.enter_context(_halvt(hub, indhold, 100))
        svar = _indtil(lambda: send(hub, indhold), 503)
    assert svar.json()["fejlkode"] == "overbelastet"
    assert _indtil(lambda: send(hub, indhold), 201)


def test_a_folder_that_cannot_be_used_is_503(hub: Any) -> None:
    """What the file system refuses is said as such and can be tried again; no 500."""
    flyttet = hub.mappe.with_name("flyttet")
    hub.mappe.rename(flyttet)
    hub.mappe.write_text("i vejen")
    try:
        svar = send(hub, en_pdf())
    finally:
        hub.mappe.unlink()
        flyttet.rename(hub.mappe)
    assert (svar.status_code, svar.json()["fejlkode"], "retry-after" in svar.headers) == (503, "dokumentlager_vaek", True)


@pytest.mark.parametrize("rolle", ["system", "Star-VITAS-CaseWorker", "auditor", "operator"])
def test_only_vitas_uploads(hub: Any, rolle: str) -> None:
    """Every other role is refused before anything is read."""
    with hub.klient(rolle, *(["46100"] if rolle in {"system", "Star-VITAS-CaseWorker"} else [])) as anden:
        svar = anden.put(f"/v1/dokumenter/{'0' * 64}", content=en_pdf(), headers=PDF)
    assert (svar.status_code, filer(hub)) == (403, set())


def aabnet(hub: Any, indhold: bytes) -> None:
    """The store opens the document under the key that its row has, and it is what was sent."""
    sum_ = sha256(indhold).hexdigest()
    with hub.motor.connect() as conn:
        indpakket = conn.execute(text("SELECT indpakket FROM keys.uploads WHERE sha256 = :s"), {"s": sum_}).scalar_one()
    noegle = hub.tjenester.noeglering.pak_ud(f"upload/{sum_}", bytes(indpakket))
    laeser = hub.tjenester.dokumenter.aabn(noegle, sum_, len(indhold))
    assert b"".join(laeser.stykker()) == indhold
    laeser.luk()


@contextmanager
def _halvt(hub: Any, indhold: bytes, antal: int) -> Iterator[socket.socket]:
    """An upload of which only the first bytes have been sent."""
    adresse = urlsplit(hub.base)
    with hub.klient() as vitas, socket.create_connection((adresse.hostname, adresse.port), timeout=15) as linje:
        hoved = f"PUT /v1/dokumenter/{sha256(indhold).hexdigest()} HTTP/1.1\r\nHost: x\r\nContent-Type: application/pdf\r\n"
        hoved += f"Authorization: {vitas.headers['authorization']}\r\nContent-Length: {len(indhold)}\r\n\r\n"
        linje.sendall(hoved.encode() + indhold[:antal])
        yield linje


def _indtil(kald: Callable[[], httpx.Response], status: int) -> httpx.Response:
    """The first answer with this status, within a second and a half: sooner than the door loses patience with half a body."""
    frist = time.monotonic() + 1.5
    while True:
        svar = kald()
        if svar.status_code == status or time.monotonic() > frist:
            assert svar.status_code == status
            return svar


def _dryp(linje: socket.socket, rest: bytes) -> None:
    """A byte now and then, until the other end has closed."""
    for n in range(len(rest)):
        try:
            linje.sendall(rest[n : n + 1])
        except OSError:
            return
        time.sleep(0.3)
