"""The verbs with a case of every scheme: appended, fetched by every cell that was told of, followed up, shown, verified."""

import json
from collections.abc import Iterator
from hashlib import sha256
from random import Random
from typing import Any
from uuid import UUID

import httpx
import orjson
import pytest

from hub.domain.matrix import FOR_ALLE, MATRIX
from hub.local.generator import FORLOEB, en_sag
from hub.projections.forskelle import TABELLER

from .conftest import Hub

pytestmark = pytest.mark.integration

LIVES = 60
"""Cases of each scheme that are looked at; those that bring an action that none before them had are taken."""


def _lives(scheme: str) -> Iterator[dict[str, Any]]:
    """The actions of a few cases of the scheme; between them they have every action that its lives have."""
    seen: set[tuple[str, str | None]] = set()
    for nr in range(LIVES):
        life = list(en_sag(Random(f"{scheme}/{nr}"), nr, scheme))
        kinds = {(action["handling"], action["data"].get("type")) for action in life}
        if not kinds <= seen:
            seen |= kinds
            yield from life


@pytest.fixture(scope="module")
def run(hub: Hub) -> Iterator[Hub]:
    """Worker and API run; some cases of each scheme are recorded, one scheme after the other."""
    actions = [action for scheme in FORLOEB for action in _lives(scheme)]
    with hub.running("worker"), hub.running("api"):
        said = hub("append", "-", stdin="".join(orjson.dumps(action).decode() + "\n" for action in actions))
        assert (said.code, len(said.lines)) == (0, len(actions)), said.err
        hub.settled()
        yield hub


@pytest.fixture(scope="module")
def told(run: Hub) -> list[dict[str, Any]]:
    """What every jobcentre was told, followed up; what a test before this one had sent again is no news."""
    lines = []
    for (code,) in run.sql("SELECT job_center_kode FROM delivery.numre ORDER BY 1"):
        said = run("watch", "--jobcentre", code, "--once", "--json")
        assert said.code == 0, said.err
        lines += [line for line in said.lines if line["judgement"] == "ny"]
    return lines


def test_every_cell_is_told_of_and_followed_up(told: list[dict[str, Any]]) -> None:
    """All but GetPDF, which needs a document: the reference jobcentre fetches each, as new as it was announced."""
    cells = {(line["follow_up"]["document"]["ordning"], line["notification"]["getMetode"]) for line in told}
    assert cells == {(scheme, method) for scheme, methods in MATRIX.items() for method in methods - FOR_ALLE}
    assert all(line["follow_up"]["ok"] for line in told)


def test_get_fetches_every_cell(run: Hub, told: list[dict[str, Any]]) -> None:
    """The newest told of each (scheme, GetMetode): the document of the scheme and the act, as data and in words."""
    acts = {(line["follow_up"]["document"]["ordning"], line["notification"]["getMetode"]): line["notification"] for line in told}
    for (scheme, method), notification in acts.items():
        said = run("get", method, scheme, notification["eksternIdentifier"], "--json")
        assert said.code == 0, said.err
        assert (said.json["ordning"], said.json["eksternIdentifier"]) == (scheme, notification["eksternIdentifier"])


def test_a_case_of_every_scheme_is_shown(run: Hub) -> None:
    """Its acts and its timeline; every event of it has a place there."""
    cases = run("sql", "--json", "-c", "select distinct on (ordning) ordning, sags_id, version from sager order by ordning").lines
    assert {case["ordning"] for case in cases} == set(FORLOEB)
    for case in cases:
        now, history = run("case", case["sags_id"]), run("case", case["sags_id"], "--history")
        assert (now.json["ordning"], now.json["version"]) == (case["ordning"], case["version"]) and now.json["akter"]
        assert [event["version"] for event in history.json["haendelser"]] == list(range(1, case["version"] + 1))


@pytest.mark.parametrize("table", ["aftaler", "tillaeg_mentor", "tillaeg_hjaelpemiddel", "dokumenter"])
def test_the_tables_of_the_schemes_are_read_with_sql(run: Hub, table: str) -> None:
    """They are of the serving generation, and are open to the prompt's role."""
    assert run("sql", "--json", "-c", f"select count(*) as n from {table}").code == 0


def test_nothing_is_wrong_with_it(run: Hub) -> None:
    """Status has no finding, verify no difference."""
    assert run("status", "--json", "--seconds", "0").json["findings"] == []
    said = run("verify", "--json")
    assert (said.code, said.json["differences"]) == (0, 0)


NOT_OF_THE_LOG = {
    "outbox": {"id", "hoveder", "oprettet", "sendt"},
    "stroemme": {"gulv"},
    "notifikationer": {"lbnr", "venter_paa", "sendt", "regler"},
}
"""Columns whose value no log gives back: order of arrival, clocks, what a row waited for, whose rules gave it."""
CHANGES = {
    "text": "coalesce({c}, '') || 'x'", "integer": "coalesce({c}, 0) + 1000", "bigint": "coalesce({c}, 0) + 1000",
    "boolean": "{c} IS NOT TRUE", "date": "coalesce({c}, '2020-01-01') + 1",
    "timestamp with time zone": "coalesce({c}, now()) + interval '1 second'",
    "bytea": "set_bit(coalesce({c}, '\\x00'), 1, 1 - get_bit(coalesce({c}, '\\x00'), 1))",
}  # fmt: skip
"""Type → another value; of bytes a bit is flipped."""
NAMED_AS = {
    "stroemme.topic": "ledger.stroemme.partition", "stroemme.stroem": "ledger.stroemme", "outbox.topic": "ledger.outbox.partition",
    "outbox.kafka_offset": "ledger.outbox.vaerdi", "notifikationer.nummer": "notifikationer.vaerdi",
    "notifikationer.sags_id": "notifikationer", "notifikationer.id": "notifikationer",
}  # fmt: skip


def _with_a_document(run: Hub) -> None:
    """One act gets a document, so that every table has rows."""
    opening = next(_lives("Loentilskud")) | {"requestId": "schemes-document"}
    pdf = b"%PDF-1.7\n"
    data = {"vedroerer": opening["eksternIdentifier"], "navn": "Brev.pdf", "mimetype": "application/pdf", "stoerrelse": len(pdf)}
    action = opening | {
        "handling": "TilfoejDokument",
        "eksternIdentifier": str(UUID(int=17)),
        "data": data | {"sha256": sha256(pdf).hexdigest()},
    }
    address = json.loads((run.folder / "api.json").read_text())["address"]
    headers = {"Authorization": f"Bearer {run('token', '--role', 'vitas').out.strip()}", "Content-Type": "application/pdf"}
    httpx.put(f"{address}/v1/dokumenter/{sha256(pdf).hexdigest()}", content=pdf, headers=headers).raise_for_status()
    unwanted = ("ordning", "jobCenterKode", "vitasSagsnummer", "vitasUrl")
    said = run("append", "-", stdin=orjson.dumps({k: v for k, v in action.items() if k not in unwanted}).decode() + "\n")
    assert said.code == 0, said.err
    run.settled()


def _changes(run: Hub, schema: str, table: str) -> tuple[set[str], list[str]]:
    """What verify must call the columns, and the statements that change each of them, in rows of their own as far as there are rows."""
    types = f"""SELECT a.attname, format_type(a.atttypid, a.atttypmod), coalesce(a.attnum = ANY(i.indkey), false) FROM pg_attribute a
        LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary
        WHERE a.attrelid = '{schema}.{table}'::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum"""
    rows = [row for (row,) in run.sql(f"SELECT ctid FROM {schema}.{table} ORDER BY ctid LIMIT 60")]
    assert rows, f"{table} has no rows"
    # A row under another key is not looked at further: the keys have the last two rows to themselves, where there are more.
    others, own = (rows[:-2], rows[-2:]) if len(rows) > 2 else (rows, [])
    named, changes = set(), dict[str, list[str]]()
    for nr, (column, type_, is_key) in enumerate(run.sql(types)):
        if column in NOT_OF_THE_LOG.get(table, ()) or (is_key and not own):
            continue
        said = table if is_key else f"{table}.{column}"
        named.add(NAMED_AS.get(f"{table}.{column}", f"ledger.{said}" if schema == "ledger" else said))
        row = own.pop() if is_key else others[nr % len(others)]
        changes.setdefault(row, []).append(f"{column} = {CHANGES[type_].format(c=column)}")
    return named, [f"UPDATE {schema}.{table} SET {', '.join(new)} WHERE ctid = '{row}'" for row, new in changes.items()]


def test_verify_names_every_column_that_was_changed(run: Hub) -> None:
    """One value of every column of every table made of the log is changed, of bytes a bit, all at once: each column is named."""
    _with_a_document(run)
    generation = run.sql("SELECT nummer FROM delivery.generationer WHERE serverer")[0][0]
    tables = [(f"gen_{generation}", table.name) for table in TABELLER]
    tables += [("ledger", "stroemme"), ("ledger", "outbox"), ("delivery", "notifikationer")]
    changes = [_changes(run, schema, table) for schema, table in tables]
    for schema, table in tables:
        run.sql(f"CREATE TABLE public.copy_{table} AS TABLE {schema}.{table}")
    try:
        for statement in (statement for _, statements in changes for statement in statements):
            run.sql(statement)
        said = run("verify", "--json")
    finally:
        for schema, table in tables:
            run.sql(
                f"DELETE FROM {schema}.{table}; INSERT INTO {schema}.{table} OVERRIDING SYSTEM VALUE SELECT * FROM public.copy_{table}; "
                f"DROP TABLE public.copy_{table}"
            )
    expected = {name for names, _ in changes for name in names}
    assert said.code == 1 and len(expected) > 100
    assert expected - {finding["what"] for finding in said.json["findings"]} == set()
    assert all(finding["log"] != finding["database"] for finding in said.json["findings"])
    assert run("verify", "--json").json["differences"] == 0
