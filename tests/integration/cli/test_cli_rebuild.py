"""`hub rebuild`: made anew beside the serving read models, compared, swapped; nobody is told, and nobody sees anything of it."""

import getpass
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

import orjson
import psycopg
import pytest
from sqlalchemy import text

from hub.domain.handlinger import laes_handling
from hub.events.ordre import Ordre
from hub.local import postgres
from hub.local.generator import generer
from hub.operations import rebuild as operation
from hub.projections.generation import forbind, serverende

from .conftest import Hub, Said, beside

pytestmark = pytest.mark.integration
CASES = 25
PAUSE = 0.02
"""Seconds between two actions of the traffic: as fast as it can, a slow machine would rebuild behind an ever longer backlog."""
NUMBERS = "SELECT id, job_center_kode, nummer, vaerdi FROM delivery.notifikationer ORDER BY id"
SERVING = "SELECT nummer FROM delivery.generationer WHERE serverer"
SCHEMAS = "SELECT nspname FROM pg_namespace WHERE nspname ~ '^gen_' ORDER BY 1"
CHILDREN = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'hub-rebuild'"


@pytest.fixture(scope="module")
def recorded(hub: Hub) -> Hub:
    """Some cases are recorded, projected and told of; no worker runs."""
    with hub.running("worker"):
        assert hub("append", "-", stdin=_text(generer(CASES, 501))).code == 0
        hub.settled()
    return hub


def _text(actions: Any) -> str:
    return "".join(orjson.dumps(action).decode() + "\n" for action in actions)


def _rebuild(hub: Hub, *args: str) -> Said:
    return hub("rebuild", "--workers", "1", "--execute", "--json", *args)


def _gen(hub: Hub) -> str:
    ((number,),) = hub.sql(SERVING)
    return f"gen_{number}"


def test_a_preview_changes_nothing(recorded: Hub) -> None:
    """It says how many events there are, and makes no schema."""
    before = recorded.sql(SERVING), recorded.sql(SCHEMAS)
    seen = recorded("rebuild", "--json")
    assert seen.code == 0 and seen.json["events"] > 100 and not seen.json["executed"] and "--execute" in seen.err
    assert (recorded.sql(SERVING), recorded.sql(SCHEMAS)) == before


def test_a_rebuild_in_live_traffic_is_seen_by_nobody(recorded: Hub) -> None:
    """0 differences; who reads all through sees whole cases and no error; each event is told of once; verify agrees."""
    hus = recorded.hus()
    engine = hus.motor("test", 6)
    ledger, actions = hus.ledger(engine), generer(400, 502)
    seen: set[int] = set()

    def append() -> None:
        time.sleep(PAUSE)
        action = next(actions)
        line = orjson.dumps(action)
        ledger.append([Ordre(laes_handling(action), f"rebuild-{hash(line)}", line, None)])

    def read() -> None:
        with engine.connect().execution_options(isolation_level="REPEATABLE READ") as conn, conn.begin():
            number = serverende(conn)
            bound = forbind(conn, number)
            odd = bound.execute(
                text(f"""
                SELECT s.sags_id FROM gen_{number}.sager s JOIN gen_{number}.tidslinje t USING (sags_id)
                GROUP BY s.sags_id, s.version HAVING max(t.version) <> s.version OR count(*) <> s.version""")
            )
            assert odd.all() == []
            seen.add(number)

    with recorded.running("worker"):
        with beside(append) as stopped, beside(read) as failed:
            recorded.eventually(lambda: seen)
            done = recorded("rebuild", "--execute", "--json")
            time.sleep(0.3)
        assert done.code == 0, done.err
        assert (done.json["differences"], done.json["generation"]) == (0, max(seen))
        assert len(seen) == 2 and failed == [] and stopped == []
        recorded.settled()
    engine.dispose()
    assert recorded("verify").code == 0


def test_nobody_is_told_and_the_act_is_recorded(recorded: Hub) -> None:
    """Notifications are as before, numbers and bytes; the operators' log has one event more: what, who and why."""
    before = recorded.sql(NUMBERS)
    acts = "SELECT coalesce(max(version), 0) FROM ledger.stroemme WHERE stroem = 'drift'"
    ((count,),) = recorded.sql(acts)
    done = _rebuild(recorded, "--why", "opgradering")
    assert done.code == 0
    assert recorded.sql(NUMBERS) == before and recorded.sql(acts) == [(count + 1,)]
    ((said,),) = recorded.sql(f"SELECT vaerdi FROM ledger.outbox WHERE stroem = 'drift' AND version = {count + 1}")
    act = recorded.hus().kodeks.afkod_drift(said).data
    assert (act.generation, act.hvem, act.hvorfor) == (done.json["generation"], getpass.getuser(), "opgradering")


def test_the_operators_log_is_read_in_words_and_as_json(recorded: Hub) -> None:
    """Each act once, in order, with when, who, what and why; --since leaves out what was before, and the form is looked at first."""
    done = _rebuild(recorded, "--why", "læs mig")
    with recorded.running("worker"):
        recorded.settled()
    acts = recorded("oplog", "--json")
    last = acts.lines[-1]
    assert acts.code == 0 and [act["version"] for act in acts.lines] == list(range(1, len(acts.lines) + 1))
    assert (last["what"], last["who"], last["why"]) == ("GenopbygningUdfoert", getpass.getuser(), "læs mig")
    assert last["data"] == {"generation": done.json["generation"], "haendelser": done.json["events"], "forskelle": 0, "tilbage": False}
    words = recorded("oplog", "--since", last["at"])
    assert words.err.strip() == "1 event(s)" and "GenopbygningUdfoert\tlæs mig\tgeneration=" in words.out
    assert recorded("oplog", "--since", "i går").code == 2


def test_a_row_that_differs_is_named_and_nothing_is_swapped(recorded: Hub) -> None:
    """By case, column and both values, a row that is gone too; --accept swaps, and then verify agrees."""
    gen = _gen(recorded)
    ((case, team),) = recorded.sql(f"SELECT sags_id, team FROM {gen}.sager WHERE team IS NOT NULL ORDER BY 1 LIMIT 1")
    ((act,),) = recorded.sql(f"SELECT ekstern_identifier FROM {gen}.bevillinger ORDER BY 1 LIMIT 1")
    recorded.sql(f"UPDATE {gen}.sager SET team = 'Forkert' WHERE sags_id = '{case}'")
    recorded.sql(f"UPDATE {gen}.sager SET borger_navn = personnummer WHERE sags_id = '{case}'")
    recorded.sql(f"DELETE FROM {gen}.bevillinger WHERE ekstern_identifier = '{act}'")
    found = _rebuild(recorded)
    assert found.code == 1 and found.json["differences"] == 2 and not found.json["swapped"]
    named = {(f["sags_id"], f["kolonne"]): (f["serverende"], f["ny"]) for f in found.json["found"]}
    assert named[case, "sager.team"] == ("Forkert", team) and named[case, "sager.borger_navn"] == ("(forseglet)", "(forseglet)")
    assert next(values for (_, column), values in named.items() if column == "bevillinger")[0] == "no row"
    assert _gen(recorded) == gen and recorded("verify").code == 1
    taken = _rebuild(recorded, "--accept")
    assert taken.code == 0 and taken.json["differences"] == 2 and recorded("verify").code == 0


def test_one_step_back_and_no_further(recorded: Hub) -> None:
    """The generation before serves again, caught up with what came since, silently; there is none before that."""
    assert _rebuild(recorded).code == 0
    old = _gen(recorded)
    assert _rebuild(recorded).code == 0
    with recorded.running("worker"):
        assert recorded("append", "-", stdin=_text(generer(3, 503))).code == 0
        recorded.settled()
    before = recorded.sql(NUMBERS)
    seen = recorded("rebuild", "--back", "--json")
    assert (seen.code, f"gen_{seen.json['back_to']}") == (0, old) and "--execute" in seen.err
    back = _rebuild(recorded, "--back")
    assert back.code == 0 and back.json["events"] > 0 and _gen(recorded) == old
    with recorded.running("worker"):
        recorded.settled()
    there, again = (act["data"] for act in recorded("oplog", "--json").lines[-2:])
    assert (there["tilbage"], again["tilbage"], again["generation"]) == (False, True, back.json["generation"])
    assert recorded.sql(NUMBERS) == before and recorded("verify").code == 0
    again = _rebuild(recorded, "--back")
    assert again.code == 1 and "no generation before" in again.err and _gen(recorded) == old
    preview = recorded("rebuild", "--back")
    assert (preview.code, preview.out) == (1, "") and "no generation before" in preview.err
    assert _rebuild(recorded).code == 0 and recorded("verify").code == 0


def test_the_second_of_two_is_told_of_the_first(recorded: Hub) -> None:
    """Who rebuilds, and since when."""
    with psycopg.connect(postgres.address(recorded.folder), application_name="hub-rebuild by anna") as conn:
        conn.execute(f"SELECT pg_advisory_lock({0x72656275})")
        refused = _rebuild(recorded)
    assert refused.code == 1 and "rebuild by anna, since 2" in refused.err


def _park(hub: Hub, seed: int) -> str:
    """While a worker runs: a case whose second event fails, and two behind it; the case."""
    actions = list(generer(1, seed))
    case: str = actions[0]["sagsId"]
    assert hub("append", "-", stdin=_text(actions[:1])).code == 0
    hub.settled()
    (hub.faults / f"projektion.{case}").touch()
    assert hub("append", "-", stdin=_text(actions[1:4])).code == 0
    hub.settled()
    return case


def _mend(hub: Hub, case: str) -> None:
    (hub.faults / f"projektion.{case}").unlink()
    assert hub("deadletters", "retry", case, "--why", "rettet", "--execute").code == 0


def _discard(hub: Hub, case: str) -> None:
    first = hub("deadletters", "show", case, "--json").json["events"][0]
    assert hub("deadletters", "discard", first["partition"], first["offset"], "--why", "forkert", "--execute").code == 0
    _mend(hub, case)


def _between(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Something happens when the new generation is filled and not yet compared."""
    fill = operation.fill

    def filled(*args: Any) -> int:
        peak = fill(*args)
        act()
        return peak

    monkeypatch.setattr(operation, "fill", filled)


@pytest.mark.faults
def test_what_is_set_aside_stays_so(recorded: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    """Parked before, and parked, retried or discarded between filling and swap: 0 differences each time, and verify agrees."""
    with recorded.running("worker"):
        before, retried, discarded = (_park(recorded, seed) for seed in (511, 521, 531))
        fresh: list[str] = []
        _between(
            monkeypatch,
            lambda: (fresh.append(_park(recorded, 541)), _mend(recorded, retried), _discard(recorded, discarded), recorded.settled()),
        )
        done = _rebuild(recorded)
        assert done.code == 0 and done.json["differences"] == 0, done.err
        monkeypatch.undo()
        assert recorded("verify").code == 0
        assert _rebuild(recorded).json["differences"] == 0
        for case in (before, *fresh):
            _mend(recorded, case)
        recorded.settled()
    assert recorded("verify").code == 0 and recorded("deadletters", "list").code == 0


@pytest.mark.faults
def test_what_was_parked_is_honoured_by_a_generation_that_catches_up(recorded: Hub) -> None:
    """--back catches up over events that were parked, retried and discarded since; verify agrees."""
    assert _rebuild(recorded).code == 0
    with recorded.running("worker"):
        parked, discarded = _park(recorded, 551), _park(recorded, 561)
        _discard(recorded, discarded)
        recorded.settled()
        assert _rebuild(recorded, "--back").code == 0 and recorded("verify").code == 0
        _mend(recorded, parked)
        recorded.settled()
    assert recorded("verify").code == 0


@pytest.mark.faults
def test_an_event_that_fails_only_in_the_rebuild_stops_it(recorded: Hub) -> None:
    """Its partition and offset are named, nothing is swapped and nothing parked."""
    gen = _gen(recorded)
    ((case, partition, first, second),) = recorded.sql(f"""
        SELECT a.sags_id, a.partition, a.kafka_offset, b.kafka_offset FROM {gen}.tidslinje a JOIN {gen}.tidslinje b
        ON a.sags_id = b.sags_id AND a.version = 1 AND b.version = 2 ORDER BY 1 LIMIT 1""")
    recorded.sql(f"""
        INSERT INTO delivery.parkerede (partition, kafka_offset, stroem, slags, tilstand, fejl, vaerdi, hoveder, nummer)
        VALUES ({partition}, {first}, '{case}', 'fejl', 'kasseret', 'proeve',
            (SELECT vaerdi FROM {gen}.tidslinje WHERE sags_id = '{case}' AND version = 1), '[]', 1)""")
    parked = recorded.sql("SELECT count(*) FROM delivery.parkerede")
    failed = _rebuild(recorded)
    assert failed.code == 1 and f"partition {partition} offset {second}" in failed.err and "KanIkkeFoldes" in failed.err
    assert _gen(recorded) == gen and recorded.sql("SELECT count(*) FROM delivery.parkerede") == parked
    assert len(recorded.sql(SCHEMAS)) == len(recorded.sql("SELECT nummer FROM delivery.generationer"))
    recorded.sql(f"DELETE FROM delivery.parkerede WHERE partition = {partition} AND kafka_offset = {first}")
    assert _rebuild(recorded).code == 0


def _started(hub: Hub, until: Callable[[int], str]) -> Any:
    """A rebuild as a process of its own, up to when a question about the generation that it makes is answered with true."""
    numbers = [int(name.removeprefix("gen_")) for (name,) in hub.sql(SCHEMAS)]
    command = [sys.executable, "-m", "hub.cli", "rebuild", "--execute", "--workers", "2"]
    with (hub.folder / "rebuild.log").open("wb") as log:
        # A group of its own: a terminal's Ctrl-C goes to everybody in it.
        process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=log, env={**os.environ, **hub.environment}, start_new_session=True
        )
    while process.poll() is None and hub.sql(until(max(numbers) + 1)) != [(True,)]:
        time.sleep(0.002)
    return process


MOMENTS: Mapping[str, Callable[[int], str]] = {
    "made": lambda number: f"SELECT to_regclass('gen_{number}.sager') IS NOT NULL",
    "filling": lambda number: "SELECT count(*) > 0 FROM pg_stat_activity WHERE application_name = 'hub-rebuild'",
    "filled": lambda number: f"SELECT count(*) > 0 FROM delivery.generationer WHERE nummer = {number}",
}


@pytest.mark.faults
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_rebuild_that_was_killed_leaves_everything_as_it_was(recorded: Hub, moment: str) -> None:
    """Kill -9: its processes end by themselves, verify agrees, and the next rebuild clears up and works."""
    process = _started(recorded, MOMENTS[moment])
    process.kill()
    process.wait()
    recorded.eventually(lambda: recorded.sql(CHILDREN) == [(0,)], 10)
    recorded.eventually(lambda: (last := _rebuild(recorded)).code == 0 or "under way" not in last.err, 10)
    assert recorded("verify").code == 0
    assert len(recorded.sql(SCHEMAS)) == len(recorded.sql("SELECT nummer FROM delivery.generationer")) == 2


@pytest.mark.faults
def test_ctrl_c_leaves_nothing_behind(recorded: Hub) -> None:
    """It ends soon, not well, without a traceback; the half-built schema and its processes are gone."""
    gen, schemas = _gen(recorded), recorded.sql(SCHEMAS)
    process = _started(recorded, MOMENTS["filling"])
    os.killpg(process.pid, signal.SIGINT)
    assert process.wait(20) == 1
    recorded.eventually(lambda: recorded.sql(CHILDREN) == [(0,)], 10)
    assert (_gen(recorded), recorded.sql(SCHEMAS)) == (gen, schemas)
    log = (recorded.folder / "rebuild.log").read_text()
    assert "Cut short." in log and "Traceback" not in log


def _version(hub: Hub, change: int) -> None:
    hub.sql(f"UPDATE delivery.generationer SET projektionsversion = projektionsversion + ({change}) WHERE serverer")


@pytest.mark.faults
def test_code_that_changed_its_projection_says_what_to_do(recorded: Hub) -> None:
    """The worker refuses and names the command; columns that differ are no obstacle to it; then the worker runs."""
    _version(recorded, -1)
    gen = _gen(recorded)
    recorded.sql(f"ALTER TABLE {gen}.bevillinger DROP COLUMN sats_kode, ALTER sats_beskrivelse TYPE bytea USING NULL, ADD gammel int")
    recorded.sql(f"DROP TABLE {gen}.tillaeg_mentor")
    process = recorded.start("worker", "--json", log="refused.log")
    assert process.communicate(timeout=60)[0] == b"" and process.returncode == 1
    assert "run `hub rebuild --accept --execute`" in (recorded.folder / "refused.log").read_text()
    assert recorded("verify").code == 1
    assert _rebuild(recorded, "--accept").code == 0
    with recorded.running("worker"):
        recorded.settled()
    assert recorded("verify").code == 0


@pytest.mark.faults
def test_code_that_changed_its_fold_says_what_to_do_and_that_works(recorded: Hub) -> None:
    """The ledger is folded anew too: `hub up` names the restore, a rebuild refuses by the same name; then all is well."""
    _version(recorded, -1000)
    recorded.sql("UPDATE ledger.stroemme SET fold_version = fold_version - 1 WHERE topic = 'vitas.sagshaendelser'")
    process = recorded.start("worker", "--json", log="refused.log")
    assert process.communicate(timeout=60)[0] == b"" and process.returncode == 1
    assert "run `hub restore --replace --execute`" in (recorded.folder / "refused.log").read_text()
    gen, refused = _gen(recorded), _rebuild(recorded, "--accept")
    assert (refused.code, _gen(recorded)) == (1, gen) and "run `hub restore --replace --execute`" in refused.err
    assert recorded("restore", "--replace", "--execute").code == 0
    with recorded.running("worker"):
        recorded.settled()
    assert recorded("verify").code == 0


@pytest.mark.faults
def test_a_worker_of_older_code_ends_when_newer_code_takes_over(recorded: Hub) -> None:
    """It writes nothing into that generation, and its last words say what to do."""
    gen = _gen(recorded)
    rows = f"SELECT count(*) FROM {gen}.tidslinje"
    process = recorded.start("worker", "--json", log="fenced.log")
    assert process.stdout is not None and process.stdout.readline()
    before = recorded.sql(rows)
    _version(recorded, 1)
    try:
        assert recorded("append", "-", stdin=_text(generer(1, 571))).code == 0
        assert process.wait(30) == 1 and "start that code" in (recorded.folder / "fenced.log").read_text()
        assert recorded.sql(rows) == before
    finally:
        process.stdout.close()
        _version(recorded, -1)
    with recorded.running("worker"):
        recorded.settled()
    assert recorded("verify").code == 0


def test_one_case_is_written_anew(recorded: Hub) -> None:
    """The preview names what differs and changes nothing; --execute mends it beside a live worker, tells nobody, and is recorded."""
    gen = _gen(recorded)
    ((case, team),) = recorded.sql(f"SELECT sags_id, team FROM {gen}.sager WHERE team IS NOT NULL ORDER BY 1 LIMIT 1")
    recorded.sql(f"UPDATE {gen}.sager SET team = 'Forkert', personnummer = 'rubbish' WHERE sags_id = '{case}'")
    recorded.sql(f"DELETE FROM {gen}.tidslinje WHERE sags_id = '{case}' AND version = 1")
    numbers, acts = recorded.sql(NUMBERS), recorded.sql("SELECT version FROM ledger.stroemme WHERE stroem = 'drift'")
    seen = recorded("rebuild", "--case", case, "--json")
    named = {f["kolonne"]: (f["serverende"], f["ny"]) for f in seen.json["found"]}
    assert seen.code == 0 and named == {
        "sager.team": ("Forkert", team),
        "sager.personnummer": ("(forseglet)", "(forseglet)"),
        "tidslinje": ("no row", f"row {case}/1"),
    }
    assert recorded.sql(f"SELECT team FROM {gen}.sager WHERE sags_id = '{case}'") == [("Forkert",)]
    assert recorded.sql("SELECT version FROM ledger.stroemme WHERE stroem = 'drift'") == acts
    with recorded.running("worker"):
        done = recorded("rebuild", "--case", case, "--execute", "--json")
        assert done.code == 0 and done.json["differences"] == 3
        recorded.settled()
    assert recorded.sql(NUMBERS) == numbers and recorded("verify").code == 0
    assert recorded("rebuild", "--case", case, "--json").json["differences"] == 0


@pytest.mark.faults
def test_a_case_that_only_the_database_has_is_taken_away(recorded: Hub) -> None:
    """Rows of no event go; a case that nobody has is said to be none."""
    gen, ghost = _gen(recorded), "00000000-0000-4000-8000-00000000dead"
    recorded.sql(f"""
        INSERT INTO {gen}.tidslinje SELECT '{ghost}', version, partition, kafka_offset, registreret, vaerdi FROM {gen}.tidslinje LIMIT 1""")
    assert recorded("rebuild", "--case", ghost, "--execute").code == 0
    assert recorded("verify").code == 0
    unknown = recorded("rebuild", "--case", ghost)
    assert unknown.code == 1 and "neither the log nor the read models" in unknown.err
