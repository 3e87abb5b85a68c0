"""The verbs with a case of every scheme: appended, fetched by every cell that was told of, followed up, shown, verified."""

from collections.abc import Iterator
from random import Random
from typing import Any

import orjson
import pytest

from hub.domain.matrix import FOR_ALLE, MATRIX
from hub.local.generator import FORLOEB, en_sag

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
