"""POST /v1/handlinger over real HTTP."""

import uuid
from typing import Any

import orjson
import pytest
from sqlalchemy import text

pytestmark = pytest.mark.integration


def test_an_action_is_201_with_its_receipt_when_kafka_has_it(hub: Any, bygger: Any) -> None:
    """The receipt names the case, its version and the events; Location and ETag say where it is and what to send as If-Match."""
    svar = hub.post(bygger.opret())
    assert svar.status_code == 201
    assert svar.json()["version"] == 1
    assert [h["type"] for h in svar.json()["haendelser"]] == ["AnsoegningOprettet"]
    assert svar.headers["location"] == f"/v1/sager/{bygger.sags_id}"
    assert svar.headers["etag"] == '"1"'


def test_an_action_is_202_when_kafka_has_not_answered_in_time(hub: Any, bygger: Any) -> None:
    """Both are promises; only the status differs."""
    hub.tjenester.kvitteringer.svar = False
    try:
        assert hub.post(bygger.opret()).status_code == 202
    finally:
        hub.tjenester.kvitteringer.svar = True


def test_the_same_request_again_gives_the_first_receipt_also_with_other_key_order(hub: Any, bygger: Any) -> None:
    """Same x-requestId and same content: one event, the same receipt."""
    handling = bygger.opret()
    foerste = hub.post(handling, **{"x-requestId": "gentag-1"})
    omvendt = dict(reversed(handling.items()))
    anden = hub.post(omvendt, **{"x-requestId": "gentag-1"})
    assert (anden.status_code, anden.json()) == (201, foerste.json())


def test_the_same_request_id_with_another_body_is_412(hub: Any, bygger: Any) -> None:
    """A request id names one request for ever."""
    hub.post(bygger.opret(), **{"x-requestId": "gentag-2"})
    svar = hub.post(bygger.underskriv(), **{"x-requestId": "gentag-2"})
    assert (svar.status_code, svar.json()["fejlkode"]) == (412, 9801)


def test_a_request_id_is_made_and_returned_when_none_is_given(hub: Any, bygger: Any) -> None:
    """The caller can repeat the request under the id it got back, also when it was refused."""
    underskriv = bygger.underskriv()
    svar = hub.post(underskriv)
    assert svar.status_code == 404
    id_ = svar.headers["x-requestid"]
    assert len(id_) == 46
    hub.post(bygger.opret())
    assert hub.post(underskriv, **{"x-requestId": id_}).headers["x-requestid"] == id_


def test_the_same_body_again_without_a_request_id_is_recorded_once(hub: Any, bygger: Any) -> None:
    """By the single route, with other key order, and by bulk: one request, one event; another body is another request."""
    hub.post(bygger.opret())
    handling = bygger.handling("TildelSag", bygger.ansoegning, medarbejder={"navn": "Mette Medarbejder"})
    foerste, anden = hub.post(handling), hub.post(dict(reversed(handling.items())))
    with hub.klient() as vitas:
        mange = vitas.post("/v1/handlinger/bulk", content=orjson.dumps(handling), headers={"Content-Type": "application/x-ndjson"})
    assert (foerste.status_code, anden.status_code) == (201, 201)
    assert foerste.json() == anden.json() == {k: v for k, v in mange.json().items() if k not in ("linje", "status")}
    assert foerste.headers["x-requestid"] == anden.headers["x-requestid"]
    senere = hub.post(bygger.handling("TildelSag", bygger.ansoegning, medarbejder={"navn": "Mette Medarbejder"}))
    assert senere.json()["version"] == foerste.json()["version"] + 1


def test_if_match_with_an_old_version_is_409(hub: Any, bygger: Any) -> None:
    """An action that builds on a version the case has left is refused; with the current one it is taken."""
    hub.post(bygger.opret())
    assert hub.post(bygger.underskriv(), **{"If-Match": '"7"'}).status_code == 409
    assert hub.post(bygger.underskriv(), **{"If-Match": '"1"'}).status_code == 201


@pytest.mark.parametrize("forkert", ["1", "*", '"0"', 'W/"1"', '"1", "2"', '"' + "9" * 30 + '"'])
def test_if_match_that_is_no_version_is_400(hub: Any, bygger: Any, forkert: str) -> None:
    """Only a version in quotes is understood; nothing is appended on a guess."""
    svar = hub.post(bygger.opret(), **{"If-Match": forkert})
    assert (svar.status_code, svar.json()["fejlkode"]) == (400, "ugyldig_if_match")


@pytest.mark.parametrize("forkert", ["x" * 47, "", "a b", "0101901234", "010190-1234", "req-010190-1234", "0101901234.1", "ø"])
def test_a_request_id_that_cannot_stand_open_is_400(hub: Any, bygger: Any, forkert: str) -> None:
    """Too long, empty, with odd characters, or a CPR number: a request id stands open in the log."""
    svar = hub.post(bygger.opret(), **{"x-requestId": forkert.encode("utf-8")})
    assert (svar.status_code, svar.json()["fejlkode"]) == (400, "ugyldigt_request_id")


def test_every_error_of_an_action_is_listed_at_once(hub: Any, bygger: Any) -> None:
    """422 with one entry for each wrong, missing and unknown field."""
    handling = bygger.opret() | {"ukendt": 1, "haendelsestidspunkt": "i går"}
    del handling["data"]["virksomhed"]
    handling["data"]["ugentligArbejdstid"] = "99"
    svar = hub.post(handling)
    assert svar.status_code == 422
    assert svar.headers["content-type"] == "application/problem+json"
    felter = {fejl["felt"] for fejl in svar.json()["errors"]}
    assert {"ukendt", "haendelsestidspunkt", "data.virksomhed", "data.ugentligArbejdstid"} <= felter


def test_an_unknown_scheme_an_unknown_action_and_a_contradiction_have_their_codes(hub: Any, bygger: Any) -> None:
    """422 for what does not exist, 409 for what the case contradicts."""
    assert hub.post(bygger.opret() | {"ordning": "Findesikke"}).status_code == 422
    assert hub.post(bygger.opret() | {"handling": "Findesikke"}).status_code == 422
    hub.post(bygger.opret())
    svar = hub.post(bygger.handling("RegistrerOphoer", str(uuid.uuid4()), stopdato="2025-03-01"))
    assert svar.status_code == 409
    assert svar.json()["errors"]


def test_another_case_s_act_is_409_and_changes_nothing(hub: Any, bygger: Any, ny_sag: Any) -> None:
    """An `eksternIdentifier` is one case's for ever: the other case is not made, an act of it not recorded, and nobody is notified."""
    anden = ny_sag()
    hub.afspil(bygger.opret(), anden.opret(), anden.underskriv(), anden.godkend())
    tredje, anden.bevilling = ny_sag(), bygger.ansoegning
    tredje.ansoegning = bygger.ansoegning
    with hub.motor.connect() as conn:
        foer = conn.execute(text("SELECT count(*), max(lbnr) FROM delivery.notifikationer")).one()
    for handling in (tredje.opret(), anden.bevilg()):
        svar = hub.post(handling)
        assert (svar.status_code, svar.json()["fejlkode"], svar.json()["fejltekst"]) == (409, 9623, "Sagsakten hører til en anden sag.")
        assert [(e["fejlkode"], e["felt"]) for e in svar.json()["errors"]] == [(9623, "eksternIdentifier")]
    assert hub.fremad() == 0
    with hub.motor.connect() as conn:
        assert conn.execute(text("SELECT count(*), max(lbnr) FROM delivery.notifikationer")).one() == foer
    anden.bevilling = str(uuid.uuid4())
    assert hub.post(tredje.underskriv()).status_code == 404
    assert hub.post(anden.bevilg()).json()["version"] == 4
    assert hub.post(bygger.underskriv()).status_code == 201


def test_no_answer_repeats_what_was_typed(hub: Any, bygger: Any) -> None:
    """A CPR number in a wrong place, also as a field's name, is in no error (I6)."""
    handling = bygger.opret() | {"0101901234": "0101901234", "handling": "0101901234"}
    handling["data"]["borger"] = {"personnummer": "010190-123", "navn": 7, "0101901234": 1}
    handling["data"]["periode"] = "0101901234"
    for krop in (handling, handling | {"handling": "OpretAnsoegning", "sagsId": "0101901234"}):
        svar = hub.post(krop)
        assert svar.status_code == 422
        assert "010190" not in svar.text + str(svar.headers)


@pytest.mark.parametrize(
    ("raa", "kode"),
    [
        (b"", "tom_krop"),
        (b"  \n", "tom_krop"),
        (b"{", "ugyldig_json"),
        (b'{"a": 1,}', "ugyldig_json"),
        (b"'a'", "ugyldig_json"),
        (b"[]", "ikke_et_objekt"),
        (b'"x"', "ikke_et_objekt"),
        (b'{"a": 1, "a": 2}', "dobbelt_felt"),
        (b'{"d": {"a": 1, "a": 1}}', "dobbelt_felt"),
        (b'{"a": NaN}', "ugyldigt_tal"),
        (b'{"a": -Infinity}', "ugyldigt_tal"),
        (b'{"a": 1e999}', "ugyldigt_tal"),
        (b'{"a": ' + b"9" * 5_000 + b"}", "ugyldigt_tal"),
        (b'{"a": "\\u0000"}', "ugyldigt_tegn"),
        (b'{"a": "\\ud800"}', "ugyldigt_tegn"),
        (b'{"\\u0001": 1}', "ugyldigt_tegn"),
        (b'{"a": "x\x00y"}', "ugyldig_json"),
        (b'{"a": "\xff"}', "ikke_utf8"),
        (b'\xef\xbb\xbf{"a": 1}', "ugyldig_json"),
        (b"[" * 60_000, "for_dyb"),
        (b'{"a":' * 13 + b"1" + b"}" * 13, "for_dyb"),
        (b"[" + b"1," * 5_000 + b"1]", "for_dyb"),
    ],
)
def test_json_that_is_malformed_or_hostile_is_400_with_its_code(hub: Any, raa: bytes, kode: str) -> None:
    """Each kind of bad JSON is told apart, and none reaches the domain."""
    with hub.klient() as vitas:
        svar = vitas.post("/v1/handlinger", content=raa, headers={"Content-Type": "application/json"})
    assert (svar.status_code, svar.json()["fejlkode"]) == (400, kode)


def test_a_body_over_64_kib_is_413_with_and_without_a_length(hub: Any, bygger: Any) -> None:
    """The bound holds by Content-Length and by count."""
    raa = orjson.dumps(bygger.opret() | {"x": "y" * 70_000})
    with hub.klient() as vitas:
        for indhold in (raa, iter([raa[:40_000], raa[40_000:]])):
            svar = vitas.post("/v1/handlinger", content=indhold, headers={"Content-Type": "application/json"})
            assert (svar.status_code, svar.json()["fejlkode"]) == (413, "for_stor")


@pytest.mark.parametrize(
    "hoveder",
    [
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/json; charset=iso-8859-1"},
        {"Content-Type": "application/json", "Content-Encoding": "gzip"},
        {},
    ],
)
def test_another_type_charset_or_compression_is_415(hub: Any, hoveder: dict[str, str]) -> None:
    """Only application/json in UTF-8, uncompressed."""
    with hub.klient() as vitas:
        svar = vitas.post("/v1/handlinger", content=b"{}", headers=hoveder)
    assert (svar.status_code, svar.json()["fejlkode"]) == (415, "forkert_type")


def test_while_the_ledger_is_behind_appending_is_503_with_retry_after(hub: Any, bygger: Any) -> None:
    """A lane that is not level with its log takes nothing; other errors of form are still told."""
    with hub.motor.begin() as conn:
        conn.execute(text("UPDATE ledger.baner SET bagud = 'test'"))
    try:
        svar = hub.post(bygger.opret())
        with hub.klient() as vitas:
            klar = vitas.get("/health/ready")
    finally:
        with hub.motor.begin() as conn:
            conn.execute(text("UPDATE ledger.baner SET bagud = NULL"))
    assert (svar.status_code, svar.json()["fejlkode"], "retry-after" in svar.headers) == (503, "hovedbog_bagud", True)
    assert (klar.status_code, klar.json()["checks"]["lanes"]) == (503, "the ledger is behind the log")
