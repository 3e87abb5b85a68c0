"""`hub restore` and `hub deadletters`: what was lost comes back from Kafka, and nobody is told twice."""

import asyncio
import getpass
import json
import os
import signal
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
import psycopg
import pytest

from hub.events.bedoem import kuvertlaeser
from hub.events.journal import laes, slutninger
from hub.events.relay import Relae
from hub.local import postgres
from hub.local.generator import generer

from .conftest import Hub

pytestmark = pytest.mark.integration
CASES = 12


@pytest.fixture(scope="module")
def recorded(hub: Hub) -> Hub:
    """Some cases are recorded, projected and told of; no worker runs."""
    with hub.running("worker"):
        assert hub("append", "-", stdin=_text(generer(CASES, 21))).code == 0
        hub.settled()
    return hub


def _text(actions: Any) -> str:
    return "".join(orjson.dumps(action).decode() + "\n" for action in actions)


def _lose(hub: Hub) -> None:
    """Everything but keys and access log is lost."""
    for (schema,) in hub.sql("SELECT nspname FROM pg_namespace WHERE nspname IN ('ledger', 'delivery') OR nspname ~ '^gen_'"):
        hub.sql(f"DROP SCHEMA {schema} CASCADE")


def _topics(hub: Hub) -> dict[str, list[bytes | None]]:
    """Every jobcentre's records."""

    async def read() -> dict[str, list[bytes | None]]:
        options, found = hub.hus().options, {}
        for topic in [t["name"] for t in (await asyncio.to_thread(hub, "topics", "--json")).json["topics"] if t["name"].startswith("ordn")]:
            ends = await slutninger(options, topic)
            found[topic] = [post.vaerdi async for _, posts in laes(options, topic, {0: 0}, ends) for post in posts]
        return found

    return asyncio.run(read())


def _only_relay(hub: Hub) -> None:
    """Bring what is appended to the log, and neither project nor number it."""
    hus = hub.hus()

    async def run() -> None:
        stop = asyncio.Event()
        relay = asyncio.ensure_future(Relae(hus.database_url, hus.options, kuvertlaeser(hus.kodeks)).run(stop))
        while hub.sql("SELECT count(*) FROM ledger.outbox WHERE sendt IS NULL") != [(0,)]:
            await asyncio.sleep(0.1)
        stop.set()
        await asyncio.wait_for(relay, 20)

    asyncio.run(run())


def _numbers(hub: Hub) -> list[Any]:
    return hub.sql("SELECT id, job_center_kode, nummer, vaerdi FROM delivery.notifikationer ORDER BY id")


def test_everything_comes_back_and_nobody_is_told_twice(recorded: Hub) -> None:
    """Verify finds 0 differences, ids, numbers and bytes are as before, the topics have nothing new; numbering goes on.

    Until it is restored, verbs that read as the API does say what is wrong with the database and what brings it up.
    """
    before, topics, logged = _numbers(recorded), _topics(recorded), recorded.sql("SELECT count(*) FROM audit.adgangslog")
    _lose(recorded)
    assert recorded("status").code == 1
    act = str(uuid.UUID(int=1))
    for verb in (("case", act), ("get", "GetBevilling", "Loentilskud", act), ("list", "Ansoegninger"), ("reference", "satser")):
        read = recorded(*verb)
        assert (read.code, read.out) == (1, "") and "start its `hub up`" in read.err and "`hub restore`" in read.err
    preview = recorded("restore", "--json")
    assert preview.code == 0 and preview.json["on_log"]["vitas.sagshaendelser"] > 0
    assert recorded.sql("SELECT count(*) FROM pg_namespace WHERE nspname = 'ledger'") == [(0,)]
    done = recorded("restore", "--why", "databasen er tabt", "--execute", "--json")
    assert done.code == 0 and (done.json["due"], done.json["unfit"]) == (0, [])
    ((said,),) = recorded.sql("SELECT vaerdi FROM ledger.outbox WHERE stroem = 'drift' ORDER BY version DESC LIMIT 1")
    act = recorded.hus().kodeks.afkod_drift(said).data
    assert (act.haendelser, act.hvem, act.hvorfor) == (done.json["events"], getpass.getuser(), "databasen er tabt")
    assert _numbers(recorded) == before
    assert recorded("verify").code == 0
    with recorded.running("worker"):
        again = recorded("append", "-", stdin=_text(generer(CASES, 21)))
        assert "recorded 0" in again.err and again.code == 0
        assert recorded("append", "-", stdin=_text(generer(3, 101))).code == 0
        recorded.settled()
    after = _topics(recorded)
    assert {topic: records[: len(topics.get(topic, []))] for topic, records in after.items() if topic in topics} == topics
    assert sum(map(len, after.values())) > sum(map(len, topics.values()))
    assert recorded("verify").code == 0
    assert recorded.sql("SELECT count(*) FROM audit.adgangslog") == logged


def test_what_was_due_and_not_sent_is_sent(recorded: Hub) -> None:
    """Events that reached the log and were told to nobody are told after the recovered numbers."""
    assert recorded("append", "-", stdin=_text(generer(4, 102))).code == 0
    _only_relay(recorded)
    topics = _topics(recorded)
    _lose(recorded)
    done = recorded("restore", "--execute", "--json")
    assert done.code == 0 and done.json["due"] > 0
    with recorded.running("worker"):
        recorded.settled()
    after = _topics(recorded)
    assert sum(map(len, after.values())) == sum(map(len, topics.values())) + done.json["due"]
    assert recorded("verify").code == 0


def test_a_restore_that_was_killed_is_run_again(recorded: Hub) -> None:
    """Kill -9 at several moments; the mark lets it begin anew without --replace, and the end is the same."""
    before = _numbers(recorded)
    _lose(recorded)
    steps: tuple[Callable[[], object], ...] = (
        lambda: _is_there(recorded, "ledger.stroemme WHERE version > 0"),
        lambda: _is_there(recorded, "delivery.notifikationer"),
        lambda: _is_there(recorded, "delivery.checkpoints WHERE naeste_offset > 0"),
    )
    for step in steps:
        process = recorded.start("restore", "--execute", log="restore.log")
        while process.poll() is None and not step():
            time.sleep(0.005)
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()
    recorded.eventually(lambda: recorded.sql("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'hub-cli'") == [(0,)])
    last = recorded("restore", "--execute", "--json", *([] if process.returncode else ["--replace"]))
    assert last.code == 0, last.err
    assert _numbers(recorded) == before and recorded("verify").code == 0


@contextmanager
def _read_models_half_replayed(hub: Hub) -> Iterator[None]:
    """A restore is killed when it has replayed every partition but the last."""
    ((last,),) = hub.sql("SELECT max(partition) FROM delivery.checkpoints WHERE naeste_offset > 0")
    with psycopg.connect(postgres.address(hub.folder)) as holding:
        process = hub.start("restore", "--replace", "--execute", log="restore.log")
        while not holding.execute(
            "SELECT FROM delivery.checkpoints WHERE naeste_offset = 0 AND partition = %s FOR UPDATE", [last]
        ).rowcount:
            holding.rollback()
            assert process.poll() is None, (hub.folder / "restore.log").read_text()
        waits = "SELECT count(*) > 0 FROM pg_stat_activity WHERE application_name = 'hub-cli' AND wait_event_type = 'Lock'"
        hub.eventually(lambda: hub.sql(waits) == [(True,)])
        process.kill()
        process.communicate()
    hub.eventually(lambda: hub.sql("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'hub-cli'") == [(0,)])
    yield


def _refused(hub: Hub, verb: str) -> str:
    """Why a verb that runs does not."""
    process = hub.start(verb, "--json", log=f"refused-{verb}.log")
    assert process.communicate(timeout=60)[0] == b"" and process.returncode == 1
    return (hub.folder / f"refused-{verb}.log").read_text()


def test_nothing_works_on_what_is_half_restored(recorded: Hub) -> None:
    """Cut short while it replays the read models: all four are refused and name `hub restore`; run again, all is well."""
    before = _numbers(recorded)
    with _read_models_half_replayed(recorded):
        for verb in ("worker", "api"):
            assert "run `hub restore` again" in _refused(recorded, verb)
        text = _text(generer(1, 103))
        assert "`hub restore` has not come to its end" in recorded("append", "-", stdin=text).err
        verified = recorded("verify")
        assert (verified.code, verified.out) == (1, "") and "run `hub restore` again" in verified.err
        assert _numbers(recorded) == before
    assert recorded("restore", "--execute").code == 0
    assert _numbers(recorded) == before and recorded("verify").code == 0
    with recorded.running("worker"):
        assert recorded("append", "-", stdin=text).code == 0
        recorded.settled()


def test_a_worker_that_stands_still_keeps_the_restore_away(recorded: Hub) -> None:
    """Its lanes' sessions are ended, as the server does in time, yet nobody knows what it sends when it wakes: nothing is emptied."""
    before = _numbers(recorded)
    with recorded.running("worker") as worker:
        worker.send_signal(signal.SIGSTOP)
        recorded.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name IN ('hub-relay', 'hub-sekvenser')")
        refused = recorded("restore", "--replace", "--execute")
        worker.send_signal(signal.SIGCONT)
        assert refused.code == 1 and "stop every worker" in refused.err and _numbers(recorded) == before
        recorded.settled()


def _is_there(hub: Hub, rows: str) -> bool:
    table = rows.split()[0]
    return hub.sql(f"SELECT to_regclass('{table}') IS NOT NULL") == [(True,)] and hub.sql(f"SELECT EXISTS (SELECT FROM {rows})") == [
        (True,)
    ]


@pytest.mark.faults
def test_copies_on_the_topics_change_nothing_of_what_comes_back(recorded: Hub) -> None:
    """Sent again before everything was lost: numbers, bytes, places and sending times are those of the first occurrences."""
    times = "SELECT id, kafka_offset, date_trunc('milliseconds', sendt) FROM delivery.notifikationer ORDER BY id"
    ((code,),) = recorded.sql("SELECT job_center_kode FROM delivery.numre ORDER BY sendt DESC LIMIT 1")
    before = _numbers(recorded)
    assert recorded("renotify", "--jobcentre", code, "--since", "2020-01-01T00:00:00Z", "--why", "proeve", "--execute").code == 0
    sent = recorded.sql(times)
    _lose(recorded)
    assert recorded("restore", "--execute").code == 0
    assert _numbers(recorded) == before
    for (_, offset, at), (_, offset_then, then) in zip(recorded.sql(times), sent, strict=True):
        # Its producer's time, where the table had the time of Kafka's acknowledgement.
        assert offset == offset_then and abs((at - then).total_seconds()) < 30
    with recorded.running("worker"):
        assert recorded("append", "-", stdin=_text(generer(4, 131))).code == 0
        recorded.settled()
    assert recorded("verify").code == 0


def test_a_database_that_is_not_empty_is_refused(recorded: Hub) -> None:
    """Without --replace nothing is touched; with it everything is made anew and agrees."""
    before = _numbers(recorded)
    refused = recorded("restore", "--execute")
    assert refused.code == 1 and "--replace" in refused.err and _numbers(recorded) == before
    assert recorded("restore", "--replace", "--execute").code == 0
    assert _numbers(recorded) == before and recorded("verify").code == 0


def test_what_does_not_fit_the_log_is_exported_and_named(recorded: Hub) -> None:
    """A ledger put back and gone on: its acknowledged event that the log contradicts is in a file and in the exit code, and is gone."""
    recorded.sql("""
        INSERT INTO ledger.outbox (topic, partition, stroem, version, vaerdi, hoveder)
        SELECT topic, partition, stroem, version + 100, 'x', '{}' FROM ledger.stroemme WHERE topic = 'vitas.sagshaendelser' LIMIT 1""")
    ((case,),) = recorded.sql("SELECT stroem FROM ledger.outbox WHERE vaerdi = 'x'")
    done = recorded("restore", "--replace", "--execute", "--json")
    assert done.code == 1 and case in done.err
    assert [row["case"] for row in done.json["unfit"]] == [case]
    exported = [json.loads(line) for line in Path(done.json["unfit_file"]).read_text().splitlines()]
    assert exported[0]["stroem"] == case and recorded("verify").code == 0


def _park(hub: Hub, seed: int) -> str:
    """While a worker runs: a case whose second event fails, and two behind it; the case."""
    actions = list(generer(1, seed))
    case: str = actions[0]["sagsId"]
    assert hub("append", "-", stdin=_text(actions[:1])).code == 0
    hub.settled()
    fault = hub.faults / f"projektion.{case}"
    fault.touch()
    assert hub("append", "-", stdin=_text([*actions[1:4], *generer(1, seed + 1)])).code == 0
    hub.settled()
    fault.unlink()
    return case


def test_a_parked_case_is_retried_and_told_of(recorded: Hub) -> None:
    """Listed with its reason, shown in order; a preview changes nothing; the retry applies all, notifies, and names who and why.

    And while a worker runs, nothing is restored: it could number meanwhile.
    """
    with recorded.running("worker"):
        case = _park(recorded, 31)
        listed, shown = recorded("deadletters", "list", "--json"), recorded("deadletters", "show", case, "--json")
        assert listed.code == 1 and case in [row["case_id"] for row in listed.json["cases"]]
        assert [event["kind"] for event in shown.json["events"]] == ["fejl", "venter", "venter"]
        assert recorded("status", "--json", "--seconds", "0").json["parked"]
        seen = recorded("deadletters", "retry", case, "--why", "proeve", "--json")
        assert seen.code == 0 and recorded("deadletters", "show", case).code == 0
        assert (seen.json["cases"], seen.json["events"], seen.json["executed"]) == (1, 3, False)
        assert seen.json["oldest"] and seen.json["seconds"] >= 0 and seen.json["tried"][0]["would_apply"] == 3
        told = "SELECT job_center_kode, count(*) FROM delivery.notifikationer WHERE sags_id = '{}' AND version > 1 GROUP BY 1 ORDER BY 1"
        assert recorded.sql(told.format(case)) == []
        done = recorded("deadletters", "retry", case, "--why", "fejlen er rettet", "--execute", "--json")
        assert done.code == 0 and (done.json["applied"], done.json["left"]) == (3, 0)
        recorded.settled()
        assert dict(recorded.sql(told.format(case))) == seen.json["recipients"]
        refused = recorded("restore", "--replace", "--execute")
        assert refused.code == 1 and "stop every worker" in refused.err
        assert recorded("verify").code == 0 and recorded("deadletters", "show", case).code == 1


@pytest.mark.faults
def test_every_parked_case_is_retried_and_a_kill_leaves_the_rest(recorded: Hub) -> None:
    """Killed between two cases: the first is done, the second is parked as it was, and the same call does it; nobody is told twice."""
    with recorded.running("worker"):
        cases = [_park(recorded, seed) for seed in (71, 81)]
        call = ("deadletters", "retry", "--all", "--why", "rettet")
        seen = recorded(*call, "--json")
        assert seen.json["cases"] == 2 and {row["case_id"] for row in seen.json["tried"]} == set(cases)
        with psycopg.connect(postgres.address(recorded.folder)) as holding:
            holding.execute("SELECT FROM delivery.parkerede WHERE stroem = %s FOR UPDATE", [cases[1]])
            process = recorded.start(*call, "--execute", log="retry.log")
            left = "SELECT count(*) FROM delivery.parkerede WHERE tilstand = 'parkeret'"
            recorded.eventually(lambda: recorded.sql(left) == [(3,)])
            process.kill()
            process.communicate()
        assert recorded("deadletters", "show", cases[0]).code == 1 and recorded("deadletters", "show", cases[1]).code == 0
        recorded.eventually(lambda: recorded.sql("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'hub-cli'") == [(0,)])
        done = recorded(*call, "--execute", "--json")
        assert done.code == 0 and (done.json["applied"], done.json["left"]) == (3, 0) and len(done.json["cases"]) == 1
        recorded.settled()
        assert recorded("verify").code == 0 and recorded(*call).code == 1


def test_the_parked_set_comes_back(recorded: Hub) -> None:
    """Parked events are parked again with their reason and nothing of them is told; a discarded one stays discarded; a retry works."""
    with recorded.running("worker"):
        parked, other = _park(recorded, 41), _park(recorded, 51)
        first = recorded("deadletters", "show", other, "--json").json["events"][0]
        place = (first["partition"], first["offset"])
        seen = recorded("deadletters", "discard", *place, "--why", "proeve", "--json")
        assert seen.code == 0 and (seen.json["case_id"], seen.json["behind"], seen.json["recipients"]) == (other, 2, {})
        assert (seen.json["cases"], seen.json["events"], seen.json["executed"]) == (1, 1, False) and seen.json["oldest"]
        assert recorded("deadletters", "discard", *place, "--why", "forkert handling", "--execute").code == 0
        fault = recorded.faults / f"projektion.{parked}"
        fault.touch()
        assert recorded("deadletters", "retry", parked, "--why", "endnu ikke", "--execute").code == 1
        fault.unlink()
        recorded.settled()
        recorded.eventually(lambda: recorded.sql("SELECT count(*) FROM delivery.parkerede WHERE kopieret IS NULL") == [(0,)])
    columns = "partition, kafka_offset, stroem, slags, tilstand, fejl, vaerdi, hoveder, nummer, kopieret IS NOT NULL"
    rows = f"SELECT {columns} FROM delivery.parkerede WHERE tilstand <> 'genkoert' ORDER BY 1, 2"
    before, numbers = recorded.sql(rows), _numbers(recorded)
    _lose(recorded)
    done = recorded("restore", "--execute", "--json")
    assert done.code == 0 and done.json["discarded"] >= 1 and done.json["newly_parked"] == 0
    assert recorded.sql(rows) == before and _numbers(recorded) == numbers
    with recorded.running("worker"):
        recorded.settled()
        assert recorded("verify").code == 0
        for case in (parked, other):
            assert recorded("deadletters", "retry", case, "--why", "igen", "--execute").code == 0
        recorded.settled()
        assert recorded("verify").code == 0


def _draft_left_behind(hub: Hub) -> Path:
    draft = hub.folder / "documents" / "ny" / "efterladt"
    draft.parent.mkdir(parents=True, exist_ok=True)
    draft.write_bytes(b"xyz")
    os.utime(draft, (0, 0))
    return draft


def _postgresql_started_again(hub: Hub) -> None:
    """As far as the operators' lane knows, and no worker has run since."""
    hub.sql("UPDATE ledger.baner SET server_start = server_start - interval '1 hour' WHERE topic = 'vitas.driftshaendelser'")


def test_acts_are_said_although_no_worker_has_run_since_postgresql_started(recorded: Hub) -> None:
    """Sweep, retry and sending again compare the operators' log themselves; without Kafka nothing is done, and what to do is said."""
    draft, said = _draft_left_behind(recorded), "SELECT coalesce(max(version), 0) FROM ledger.stroemme WHERE stroem = 'drift'"
    ((before,),) = recorded.sql(said)
    _postgresql_started_again(recorded)
    reachable = dict(recorded.environment)
    recorded.environment["HUB_KAFKA"] = "127.0.0.1:1"
    try:
        refused = recorded("documents", "sweep", "--execute")
    finally:
        recorded.environment = reachable
    assert (refused.code, draft.exists(), recorded.sql(said)) == (1, True, [(before,)])
    assert "kafka does not answer: check HUB_KAFKA" in refused.err and "not compared with Kafka since PostgreSQL started" in refused.err
    assert recorded("documents", "sweep", "--execute").code == 0 and not draft.exists()
    ((code,),) = recorded.sql("SELECT job_center_kode FROM delivery.numre ORDER BY sendt LIMIT 1")
    _postgresql_started_again(recorded)
    assert recorded("renotify", "--jobcentre", code, "--numbers", "1", "--why", "proeve", "--execute").code == 0
    with recorded.running("worker"):
        case = _park(recorded, 61)
    _postgresql_started_again(recorded)
    assert recorded("deadletters", "retry", case, "--why", "rettet", "--execute").code == 0
    assert recorded.sql(said) > [(before + 3,)]


def test_the_preview_warns_of_discarding_a_case_s_first_event(recorded: Hub) -> None:
    """Without it what is behind can never be applied, as a retry then shows; of another event it is not said."""
    actions = list(generer(1, 63))
    case = actions[0]["sagsId"]
    fault = recorded.faults / f"projektion.{case}"
    with recorded.running("worker"):
        fault.touch()
        assert recorded("append", "-", stdin=_text(actions[:3])).code == 0
        recorded.settled()
        fault.unlink()
        first, *behind = [(e["partition"], e["offset"]) for e in recorded("deadletters", "show", case, "--json").json["events"]]
        call = ("deadletters", "discard", *first, "--why", "proeve")
        warned = recorded(*call, "--json")
        assert (warned.json["first_of_case"], warned.json["behind"]) == (True, 2) and "can never be applied" in warned.err
        other = recorded("deadletters", "discard", *behind[0], "--why", "proeve", "--json")
        assert other.json["first_of_case"] is False and "never be applied" not in other.err
        done = recorded(*call, "--execute", "--json")
        assert done.json["first_of_case"] is True and "discard them too" in done.err
        tried = recorded("deadletters", "retry", case, "--why", "proeve", "--json")
        assert (tried.json["tried"][0]["would_apply"], tried.json["tried"][0]["would_be_left"]) == (0, 2)
        for place in behind:
            assert recorded("deadletters", "discard", *place, "--why", "sagens foerste er kasseret", "--execute").code == 0
        recorded.settled()
        assert recorded("verify").code == 0
