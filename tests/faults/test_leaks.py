"""I6: nothing personal of the seeded people is readable anywhere outside sealed fields: logs, topics, metrics, errors, the database."""

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Iterator
from hashlib import sha256
from typing import Any

import aiohttp
import psycopg
import pytest
from aiokafka.admin import AIOKafkaAdminClient
from rig.centres import listening
from rig.invariants import drained, topic
from rig.leaks import SEALED, Personal
from rig.processes import Rig
from rig.report import Report
from rig.traffic import Action, Traffic

from hub.local.generator import saa_mange
from hub.local.skriver import JOBCENTRE
from hub.projections.omraader import OMRAADER
from hub.settings import documents

TABLES = """SELECT table_schema, table_name FROM information_schema.tables
            WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')"""
SECRET = "Fortrolige Dokumentholm"
Found = list[str]


async def kafka(rig: Rig) -> AsyncIterator[tuple[str, bytes]]:
    """Every record of every topic: name, key, value, headers."""
    admin = AIOKafkaAdminClient(**rig.hus.options)
    await admin.start()
    names = [name for name in await admin.list_topics() if not name.startswith("__")]
    await admin.close()
    for name in names:
        yield "a topic's name", name.encode()
        for post in await topic(rig, name):
            yield f"{name} key", post.noegle or b""
            yield f"{name} value", post.vaerdi or b""
            for header in post.hoveder:
                yield f"{name} header", b"=".join((header[0].encode(), header[1] or b""))


def database(rig: Rig) -> Iterator[tuple[str, bytes]]:
    """Every table of every schema as PostgreSQL writes it out (bytes in hex), and the names and comments of everything."""
    with psycopg.connect(rig.hus.database_url, autocommit=True) as conn:
        for schema, name in conn.execute(TABLES).fetchall():
            with conn.cursor().copy(f'COPY "{schema}"."{name}" TO STDOUT'.encode()) as out:
                yield f"{schema}.{name}", b"".join(bytes(part) for part in out)
        yield "comments", repr(conn.execute("SELECT description FROM pg_description WHERE objoid >= 16384").fetchall()).encode()


def printed(rig: Rig) -> Iterator[tuple[str, bytes]]:
    """What the processes and the services have written to their logs."""
    for log in [*rig.logs.glob("*.log"), *rig.hus.settings.data.glob("*/server.log")]:
        yield f"log {log.name}", log.read_bytes()


def stored(rig: Rig) -> Iterator[tuple[str, bytes]]:
    """Every file of the document store, with its name."""
    for file in documents(rig.hus.settings).rglob("*"):
        yield "document store", file.name.encode() + (file.read_bytes() if file.is_file() else b"")


async def driven(rig: Rig, first: Action, changed: str) -> list[Action]:
    """What the generator does not send: a document by a contractor and its upload, a number change, reference data; reads of every kind."""
    case, cpr = {name: first[name] for name in ("sagsId", "haendelsestidspunkt")}, first["data"]["borger"]["personnummer"]
    pdf = f"%PDF-1.7\nom {SECRET}".encode()
    sha = sha256(pdf).hexdigest()
    named = {"navn": f"Brev om {SECRET}.pdf", "mimetype": "application/pdf", "stoerrelse": len(pdf), "sha256": sha}
    actor = {"type": "AndenAktoer", "id": "CVR:12345678-UUID:anden", "navn": "Ane Andenaktørsen"}
    document = str(uuid.uuid4())
    added = {**case, "handling": "TilfoejDokument", "eksternIdentifier": document, "aktoer": actor}
    added["data"] = {"vedroerer": first["eksternIdentifier"], **named}
    conflict = {"fra": "2025-01-01", "fagomraader": ["Transport"]}
    ways: list[tuple[str, str, str, dict[str, Any]]] = [
        ("vitas", "PUT", f"/v1/dokumenter/{sha}", {"data": pdf, "headers": {"Content-Type": "application/pdf"}}),
        ("vitas", "POST", "/v1/handlinger", {"json": added}),
        ("vitas", "POST", "/v1/borgere/personnummerskift", {"json": {"gammelt": cpr, "nyt": changed}}),
        ("vitas", "PUT", "/v1/konflikter/12345674", {"json": conflict}),
        *(("auditor", "POST", "/v1/soeg", {"json": {}, "headers": {"x-civilRegistrationIdentifier": number}}) for number in (cpr, changed)),
        *(("auditor", "GET", f"/v1/lister/{area}", {}) for area in OMRAADER),
        ("auditor", "GET", f"/v1/{first['ordning']}/GetPDF/{document}", {}),
    ]
    async with aiohttp.ClientSession(rig.address) as http:
        for role, method, path, more in ways:
            headers = {"Authorization": f"Bearer {rig.token(role)}", **more.pop("headers", {})}
            async with http.request(method, path, headers=headers, **more) as answer:
                assert answer.status in (200, 201, 202), (method, path, await answer.text())
                if path in ("/v1/handlinger", "/v1/borgere/personnummerskift"):
                    receipt = await answer.json()
                    one_by_one = [{"sagsId": receipt.get("sagsId"), **event} for event in receipt["haendelser"]]
                    rig.receipts |= {event["id"]: {"sagsId": event["sagsId"], "haendelser": [event]} for event in one_by_one}
            await drained(rig)
    return [added]


def spoiled(action: Action, person: dict[str, Any]) -> Iterator[tuple[bytes, dict[str, str]]]:
    """Bad requests that carry something personal in every wrong place: a value, a field's name, a header, a code, broken JSON."""
    cpr, name = person["personnummer"], person["navn"]
    yield json.dumps(action | {"jobCenterKode": cpr}).encode(), {}
    yield json.dumps(action | {cpr: 1, name: 2}, ensure_ascii=False).encode(), {}
    yield json.dumps(action | {"sagsId": name, "handling": name}).encode(), {}
    wrong = {"ugentligArbejdstid": name, "borger": {"personnummer": name, "navn": cpr}}
    yield json.dumps(action | {"data": action["data"] | wrong}).encode(), {}
    yield json.dumps(action).encode(), {"x-requestId": cpr, "If-Match": cpr}


async def answers(rig: Rig, first: Action) -> AsyncIterator[tuple[str, bytes]]:
    """What the API says to bad requests (body and headers), by both routes, in paths and queries; and its metrics."""
    person, token = first["data"]["borger"], rig.token("vitas")
    async with aiohttp.ClientSession(rig.address, headers={"Authorization": f"Bearer {token}"}) as http:
        for body, headers in spoiled(first, person):
            for path, kind in (("/v1/handlinger", "application/json"), ("/v1/handlinger/bulk", "application/x-ndjson")):
                async with http.post(path, data=body, headers={"Content-Type": kind} | headers) as answer:
                    assert answer.status < 500
                    yield "an error", await answer.read() + repr({**answer.headers, "x-requestId": ""}).encode()
        for path in (f"/v1/sager/{person['personnummer']}", f"/v1/notifikationer?jobCenterKode={person['personnummer']}", "/v1/x?a=010190"):
            async with http.get(path) as answer:
                yield "an error", await answer.read()
        async with http.get("/metrics") as answer:
            yield "/metrics", await answer.read()


async def scan(rig: Rig, personal: Personal, first: Action) -> tuple[Found, int]:
    """Look everywhere; what was found, and how many bytes were looked at."""
    found, looked = Found(), 0
    for everywhere in (answers(rig, first), kafka(rig)):
        async for where, content in everywhere:
            found, looked = found + personal.found(where, content), looked + len(content)
    for places in (database(rig), printed(rig), stored(rig)):
        for where, content in places:
            found, looked = found + personal.found(where, content), looked + len(content)
    return found, looked


def plant(rig: Rig, person: dict[str, Any]) -> None:
    """Put one person where nobody should be: a log line, a text column, a bytea column."""
    cpr, name = person["personnummer"], person["navn"]
    with (rig.logs / "planted.log").open("w") as log:
        log.write(f"the citizen is {cpr[:6]}-{cpr[6:]}\n")
    (documents(rig.hus.settings) / "planted").write_bytes(SECRET.encode())
    rig.sql("CREATE TABLE public.planted (a text, b bytea, c jsonb)")
    rig.sql("INSERT INTO public.planted VALUES (%s, %s, %s)", name, name.encode(), json.dumps({"h": name}))


async def nothing_readable(rig: Rig, seed: int, number: int, per_second: float) -> dict[str, Any]:
    """Traffic and follow-ups, then the scan, clean; then with something planted, which it must find."""
    sent = saa_mange(number, seed)
    traffic = Traffic(rig.address, rig.token("vitas"), sent, f"leaks-{seed:x}x", per_second)
    async with listening(rig, JOBCENTRE):
        await traffic.run()
        rig.receipts |= traffic.receipts
        await drained(rig)
    assert traffic.refused == [], traffic.refused[:3]
    first, changed = sent[0], "2802659876"
    personal = Personal.of(
        [*sent, *await driven(rig, first, changed), {**first, "data": {"borger": {"personnummer": changed, "navn": SECRET}}}]
    )
    found, looked = await scan(rig, personal, first)
    assert found == [], found[:20]
    await asyncio.to_thread(plant, rig, first["data"]["borger"])
    try:
        seen = [
            one
            for places in (database(rig), printed(rig), stored(rig))
            for where, content in places
            for one in personal.found(where, content)
        ]
    finally:
        rig.sql("DROP TABLE public.planted")
        (rig.logs / "planted.log").unlink()
        (documents(rig.hus.settings) / "planted").unlink()
    assert {"log planted.log: text", "public.planted: text", "public.planted: hex", "document store: text"} <= set(seen), (
        "the scan does not find"
    )
    return {"CPR numbers": len(personal.cprs), "texts": len(personal.texts), "bytes looked at": looked, "found": len(found)}


@pytest.mark.integration
async def test_nothing_personal_is_readable_anywhere(rig: Rig, seed: int, report: Report) -> None:
    """CPR numbers, names, e-mails and phones of 200 actions: found nowhere, and a planted one is found."""
    report(await nothing_readable(rig, seed, 200, 100))


@pytest.mark.faults
async def test_nothing_personal_of_many_is_readable_anywhere(rig: Rig, seed: int, report: Report) -> None:
    """The same of 4,000 actions."""
    report(await nothing_readable(rig, seed, 4_000, 200))


def test_every_sealed_field_and_every_actor_outside_work_is_looked_for() -> None:
    """People in lists, free texts, file names, an aid's description, a citizen as actor; a course and who is at work are open."""
    data = {
        "borger": {"personnummer": "0102031234", "navn": "Bo Borgerholm"},
        "ansatte": [{"personnummer": "0102031235", "navn": "Ane Ansatholm", "kursus": "K1"}],
        "vikarer": [{"personnummer": "0102031236", "navn": "Vera Vikarholm"}],
        "kurser": [{"nr": "K1", "navn": "Truckkursus"}],
        "hjaelpemiddel": {"art": "Arbejdsredskab", "beskrivelse": "en stol"},
        "medarbejder": {"navn": "Mette Medarbejder"},
        **{name: f"om {name}" for name in SEALED - {"personnummer", "borgerNavn", "hjaelpemiddelbeskrivelse"}},
    }
    personal = Personal.of([{"data": data, "aktoer": {"type": "Borger", "id": "BORGER:1", "navn": "Ida Indsender"}}])
    assert personal.cprs == {b"0102031234", b"0102031235", b"0102031236"}
    people = {"Borgerholm", "Ansatholm", "Vikarholm", "Bo Borgerholm", "Ane Ansatholm", "Vera Vikarholm"}
    texts = {v for k, v in data.items() if isinstance(v, str)}
    assert personal.texts == people | texts | {"en stol", "BORGER:1", "Ida Indsender", "Indsender"}


@pytest.mark.parametrize("shape", [str, repr, json.dumps, lambda t: t.encode().hex(), lambda t: f'{{"x": "{t}"}}'])
def test_the_scan_sees_through_writing(shape: Any) -> None:
    """A name in plain text, in JSON with and without escapes, and in hex; a CPR number with a dash; not a number inside a longer one."""
    personal = Personal(["0102031234"], ["Ingeborg Grønhøjlund"])
    assert personal.found("here", str(shape("om Ingeborg Grønhøjlund i dag")).encode())
    assert personal.found("here", b"om 010203-1234 i dag")
    assert not personal.found("here", b"om 901020312349, a0102031234 i dag")
