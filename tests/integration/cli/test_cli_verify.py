"""`hub verify` from the outside: beside traffic and at rest, in one process and in several."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import active_children
from typing import Any

import orjson
import pytest
from msgspec.structs import replace
from sqlalchemy import Engine

from hub.domain.haendelser import Haendelse
from hub.domain.handlinger import laes_handling
from hub.domain.sag import Sag
from hub.events.ordre import Ordre
from hub.local.generator import generer
from hub.notifications.tabel import notificer
from hub.notifications.udkast import REGLER
from hub.operations import verify as operation
from hub.operations.processes import ProcessFailed
from hub.projections.live import Notificer

from .conftest import Hub, beside

pytestmark = pytest.mark.integration
PAUSE = 0.02
"""Seconds between two actions of the traffic."""
TIMES = 2
SESSIONS = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'hub-verify'"
UNLIKE = ("seconds", "events_per_second", "processes", "peak_rss_mb")
"""What two verifications of the same do not have in common."""
PROJECTED = "SELECT sum(naeste_offset)::int FROM delivery.checkpoints"


@pytest.fixture(scope="module")
def run(hub: Hub) -> Iterator[Hub]:
    """A worker runs, twelve cases are recorded."""
    with hub.running("worker"):
        text = "".join(orjson.dumps(action).decode() + "\n" for action in generer(12, 7))
        assert hub("append", "-", stdin=text).code == 0
        hub.settled()
        yield hub


def _an_act(hub: Hub) -> str:
    """A grant of a case that no traffic touches."""
    query = "select ekstern_identifier from bevillinger order by 1 limit 1"
    return str(hub("sql", "--json", "-c", query).lines[0]["ekstern_identifier"])


@contextmanager
def _traffic(hub: Hub, seed: int) -> Iterator[list[BaseException]]:
    """Actions of cases of their own through the ledger, one after the other until the block ends; what ended them early is in the list."""
    hus = hub.hus()
    engine = hus.motor("test", 2)
    ledger, actions = hus.ledger(engine), generer(100_000, seed)

    def append() -> None:
        time.sleep(PAUSE)
        line = orjson.dumps(next(actions))
        ledger.append([Ordre(laes_handling(orjson.loads(line)), f"verify-{hash(line)}", line, None)])

    try:
        with beside(append) as raised:
            yield raised
    finally:
        engine.dispose()


@pytest.fixture
def several(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few events are enough for another process."""
    monkeypatch.setattr(operation, "EACH", 1)


def test_beside_traffic_it_finds_nothing_but_what_was_changed(run: Hub, several: None) -> None:
    """Again and again nothing, while more and more is compared, by one process or more in one snapshot; a date changed by hand is named."""
    generation = run.sql("SELECT nummer FROM delivery.generationer WHERE serverer")[0][0]
    act, events = _an_act(run), list[int]()
    where = f"gen_{generation}.bevillinger SET aktuel_slutdato = {{}} WHERE ekstern_identifier = '{act}'"
    ((case, date),) = run.sql(f"SELECT sags_id, aktuel_slutdato FROM gen_{generation}.bevillinger WHERE ekstern_identifier = '{act}'")
    with _traffic(run, 701) as stopped:
        for round_ in range(TIMES):
            said = run("verify", "--json", "--workers", 1 + round_ % 2)
            assert (said.code, said.json["findings"]) == (0, []), said.out
            events.append(said.json["events"])
            run.eventually(lambda: run.sql(PROJECTED)[0][0] > events[-1])
        run.sql("UPDATE " + where.format("'2031-01-01'"))
        found = run("verify", "--json", "--workers", "1").json["findings"]
        run.sql("UPDATE " + where.format("NULL" if date is None else f"'{date}'"))
        assert run("verify", "--json", "--workers", "1").json["differences"] == 0
    assert stopped == [] and events == sorted(set(events))
    assert [(f["case"], f["what"], f["log"], f["database"]) for f in found] == [
        (case, "bevillinger.aktuel_slutdato", str(date), "2031-01-01")
    ]


def test_several_processes_find_the_same(run: Hub, several: None) -> None:
    """What differs in cases of many partitions and at several jobcentres: the same findings in the same order as by one process."""
    generation = run.sql("SELECT nummer FROM delivery.generationer WHERE serverer")[0][0]
    run.sql(f"UPDATE gen_{generation}.sager SET team = team || 'x'; UPDATE delivery.numre SET hoved = hoved + 1")
    try:
        alone, *others = (run("verify", "--json", "--workers", workers).json for workers in (1, 2, 5))
    finally:
        run.sql(f"UPDATE gen_{generation}.sager SET team = rtrim(team, 'x'); UPDATE delivery.numre SET hoved = hoved - 1")
    assert (alone["processes"], [other["processes"] for other in others]) == (1, [2, 5])
    assert len({finding["partition"] for finding in alone["findings"]}) > 3
    for other in others:
        assert {**alone, **dict.fromkeys(UNLIKE)} == {**other, **dict.fromkeys(UNLIKE)}


def _parts(hub: Hub, engine: Engine) -> operation.Parts:
    hus = hub.hus()
    return operation.Parts(hus.settings, hus.bootstrap, hus.database_url, engine, hus.options, hus.kodeks, notificer, hub.folder)


@pytest.mark.parametrize("end", [KeyboardInterrupt, ProcessFailed])
def test_cut_short_it_leaves_no_process_behind(run: Hub, several: None, end: type[BaseException]) -> None:
    """Ctrl-C while several processes work, and one of them killed: it ends, and so do they."""
    engine = run.hus().motor("test", 1)

    def moved(done: int, total: int) -> None:
        if end is KeyboardInterrupt:
            raise KeyboardInterrupt
        for child in active_children():
            child.kill()

    with pytest.raises(end):
        operation.verify(_parts(run, engine), 1.0, moved, 2)
    assert active_children() == []
    engine.dispose()
    run.eventually(lambda: run.sql(SESSIONS) == [(0,)], 10)
    assert run("verify", "--workers", "2").code == 0


def test_verify_finds_no_difference(run: Hub) -> None:
    """Rows, timeline, ledger, notifications due and numbers agree with the log."""
    said = run("verify", "--json")
    assert said.code == 0 and said.json["differences"] == 0 and said.json["notifications"] > 0
    assert run("verify", "--sample", "0.3").code == 0


def _otherwise(before: Sag | None, event: Haendelse, after: Sag) -> Sequence[Any]:
    """Other rules: they say another status of the same acts to the same jobcentres."""
    return [replace(draft, bevillingsstatus=9309) for draft in notificer(before, event, after)]


def _elsewhere(before: Sag | None, event: Haendelse, after: Sag) -> Sequence[Any]:
    """Rules that announce another version of the case."""
    return [replace(draft, version=draft.version + 1) for draft in notificer(before, event, after)]


def test_what_older_rules_told_is_no_difference(run: Hub) -> None:
    """Told under rules that have changed since: counted, and held to whom it told of which version; under the present ones a difference."""
    engine = run.hus().motor("test", 1)

    def seen(rules: Notificer) -> tuple[int, int]:
        found = operation.verify(_parts(run, engine)._replace(notify=rules), 1.0, lambda done, total: None)
        return found.differences, found.told_otherwise

    told = run.sql("SELECT count(*) FROM delivery.notifikationer")[0][0]
    assert seen(notificer) == (0, 0)
    assert seen(_otherwise) == (2 * told, 0)
    run.sql("UPDATE delivery.notifikationer SET regler = 1")
    try:
        assert seen(_otherwise) == (0, told)
        assert seen(_elsewhere) == (2 * told, 0)
    finally:
        run.sql(f"UPDATE delivery.notifikationer SET regler = {REGLER}")
        engine.dispose()


@pytest.mark.parametrize(
    ("harm", "what"),
    [
        ("UPDATE gen_{g}.bevillinger SET aktuel_slutdato = '2031-01-01' WHERE ekstern_identifier = '{act}'", "bevillinger.aktuel_slutdato"),
        ("DELETE FROM delivery.notifikationer WHERE id = (SELECT max(id) FROM delivery.notifikationer)", "notifikationer"),
        (
            "UPDATE delivery.notifikationer SET vaerdi = 'x' WHERE id = (SELECT max(id) FROM delivery.notifikationer)",
            "ordningsnotifikation",
        ),
        ("UPDATE delivery.numre SET hoved = hoved + 1, sendt = sendt + 1", "ordningsnotifikation"),
    ],
)
def test_verify_finds_what_was_changed(run: Hub, harm: str, what: str) -> None:
    """A date, a lost notification, other bytes, a head too high: found, named, exit 1. (Undone afterwards.)"""
    generation = run.sql("SELECT nummer FROM delivery.generationer WHERE serverer")[0][0]
    tables = (f"gen_{generation}.bevillinger", "delivery.notifikationer", "delivery.numre")
    for nr, table in enumerate(tables):
        run.sql(f"DROP TABLE IF EXISTS copy_{nr}; CREATE TABLE copy_{nr} AS TABLE {table}")
    try:
        run.sql(harm.format(g=generation, act=_an_act(run)))
        said = run("verify", "--json")
        assert said.code == 1 and any(finding["what"].startswith(what) for finding in said.json["findings"])
    finally:
        for nr, table in enumerate(tables):
            override = "OVERRIDING SYSTEM VALUE " if table == "delivery.notifikationer" else ""
            run.sql(f"DELETE FROM {table}; INSERT INTO {table} {override}SELECT * FROM copy_{nr}; DROP TABLE copy_{nr}")


def test_acts_that_an_older_release_did_not_write_are_given_their_rows(run: Hub) -> None:
    """Appended beside this one over a rolling upgrade: named by verify, with what mends them; given beside the worker, and said who did."""
    before = run.sql("SELECT * FROM ledger.akter ORDER BY 1")
    cases = {case for _, case in before[:5]}
    run.sql(f"DELETE FROM ledger.akter WHERE stroem IN ({', '.join(repr(case) for case in cases)})")
    lost = len(before) - run.sql("SELECT count(*) FROM ledger.akter")[0][0]
    named = run("verify")
    assert named.code == 1 and "`hub restore --acts --execute` gives them theirs" in named.err
    seen = run("restore", "--acts", "--json")
    assert (seen.code, seen.json) == (0, {"acts": lost, "cases": len(cases), "executed": False}) and run("verify").code == 1
    done = run("restore", "--acts", "--why", "opgradering", "--execute", "--json")
    assert (done.code, done.json) == (0, {"acts": lost, "cases": len(cases), "executed": True})
    assert run.sql("SELECT * FROM ledger.akter ORDER BY 1") == before
    assert run("restore", "--acts", "--execute", "--json").json["acts"] == 0
    run.settled()
    (act,) = [line for line in run("oplog", "--json").lines if line["what"] == "GenskabelseUdfoert"]
    assert (act["why"], act["data"]["akter"], act["data"]["sager"]) == ("opgradering", lost, len(cases))
    assert run("verify").code == 0 and run("restore", "--acts", "--replace").code == 2


def test_a_database_older_than_the_code_is_said_to_be_so(run: Hub) -> None:
    """A column that a migration would add: one sentence that names what migrates, however many processes were asked for."""
    run.sql("ALTER TABLE delivery.notifikationer RENAME COLUMN regler TO regler_senere")
    try:
        said = run("verify", "--workers", "2")
    finally:
        run.sql("ALTER TABLE delivery.notifikationer RENAME COLUMN regler_senere TO regler")
    assert said.code == 1 and "The database is older than this code: start its `hub up`" in said.err
