"""I6: nothing personal of the seeded people is readable anywhere outside sealed fields: logs, topics, metrics, errors, the database."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import aiohttp
import psycopg
import pytest
from aiokafka.admin import AIOKafkaAdminClient
from rig.centres import listening
from rig.invariants import drained, topic
from rig.leaks import Personal
from rig.processes import Rig
from rig.report import Report
from rig.traffic import Action, Traffic

from hub.local.generator import saa_mange
from hub.local.skriver import JOBCENTRE

TABLES = """SELECT table_schema, table_name FROM information_schema.tables
            WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')"""
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
    for places in (database(rig), printed(rig)):
        for where, content in places:
            found, looked = found + personal.found(where, content), looked + len(content)
    return found, looked


def plant(rig: Rig, person: dict[str, Any]) -> None:
    """Put one person where nobody should be: a log line, a text column, a bytea column."""
    cpr, name = person["personnummer"], person["navn"]
    with (rig.logs / "planted.log").open("w") as log:
        log.write(f"the citizen is {cpr[:6]}-{cpr[6:]}\n")
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
    personal, first = Personal.of(sent), sent[0]
    found, looked = await scan(rig, personal, first)
    assert found == [], found[:20]
    await asyncio.to_thread(plant, rig, first["data"]["borger"])
    try:
        seen = [one for places in (database(rig), printed(rig)) for where, content in places for one in personal.found(where, content)]
    finally:
        rig.sql("DROP TABLE public.planted")
        (rig.logs / "planted.log").unlink()
    assert {"log planted.log: text", "public.planted: text", "public.planted: hex"} <= set(seen), "the scan does not find"
    return {"CPR numbers": len(personal.cprs), "texts": len(personal.texts), "bytes looked at": looked, "found": len(found)}


@pytest.mark.integration
async def test_nothing_personal_is_readable_anywhere(rig: Rig, seed: int, report: Report) -> None:
    """CPR numbers, names, e-mails and phones of 200 actions: found nowhere, and a planted one is found."""
    report(await nothing_readable(rig, seed, 200, 100))


@pytest.mark.faults
async def test_nothing_personal_of_many_is_readable_anywhere(rig: Rig, seed: int, report: Report) -> None:
    """The same of 4,000 actions."""
    report(await nothing_readable(rig, seed, 4_000, 200))


@pytest.mark.parametrize("shape", [str, repr, json.dumps, lambda t: t.encode().hex(), lambda t: f'{{"x": "{t}"}}'])
def test_the_scan_sees_through_writing(shape: Any) -> None:
    """A name in plain text, in JSON with and without escapes, and in hex; a CPR number with a dash; not a number inside a longer one."""
    personal = Personal(["0102031234"], ["Ingeborg Grønhøjlund"])
    assert personal.found("here", str(shape("om Ingeborg Grønhøjlund i dag")).encode())
    assert personal.found("here", b"om 010203-1234 i dag")
    assert not personal.found("here", b"om 901020312349, a0102031234 i dag")
