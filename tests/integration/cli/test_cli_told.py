"""`hub told` and `hub case --diff`: what was known when, and what changed between two moments."""

import asyncio
import getpass
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import aiohttp
import orjson
import pytest

from hub.local.generator import generer

from .conftest import Hub

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def run(hub: Hub) -> Iterator[Hub]:
    """Worker and API run; cases are recorded."""
    with hub.running("worker"), hub.running("api"):
        text = "".join(orjson.dumps(action).decode() + "\n" for action in generer(25, 91))
        assert hub("append", "-", stdin=text).code == 0
        hub.settled()
        yield hub


def _fetch(run: Hub, code: str, link: str) -> int:
    async def get() -> int:
        address = json.loads((run.folder / "api.json").read_text())["address"]
        headers = {"Authorization": f"Bearer {run('token', '--role', 'system', '--jobcentre', code).out.strip()}"}
        async with aiohttp.ClientSession(headers=headers) as http, http.get(address + link) as answer:
            return answer.status

    return asyncio.run(get())


def _an_act(run: Hub) -> Any:
    """The last notification about the case that was told of most, of those that never moved and that nobody has read."""
    return run.sql("""
        WITH stille AS (
            SELECT sags_id FROM delivery.notifikationer WHERE sags_id NOT IN (SELECT sags_id FROM audit.adgangslog)
            GROUP BY 1 HAVING count(DISTINCT job_center_kode) = 1 ORDER BY count(*) DESC, sags_id LIMIT 1
        )
        SELECT job_center_kode, sags_id, ekstern_identifier, get_metode, version, link
        FROM delivery.notifikationer JOIN stille USING (sags_id) ORDER BY nummer DESC LIMIT 1""")[0]


def _now(run: Hub) -> str:
    ((now,),) = run.sql("SELECT clock_timestamp()")
    return str(now.isoformat())


def _row(said: Any, act: str, what: str) -> Any:
    return next(row for row in said.json["acts"] if (row["act"], row["what"]) == (act, what))


def test_what_was_told_and_fetched_is_of_its_moment(run: Hub) -> None:
    """Announced and not fetched, then fetched; asked of the moment before, it is as it was; nothing of a citizen stands in it."""
    code, case, act, method, version, link = _an_act(run)
    call = ("told", "--jobcentre", code, "--json", "--at")
    before = _now(run)
    known = run(*call, before, "--case", case)
    assert known.code == 0, known.err
    row = _row(known, act, method)
    assert (row["announced"] >= version, row["fetched"], row["version"], row["behind"]) == (True, 0, None, True)
    assert _fetch(run, code, link) == 200
    after = _now(run)
    row = _row(run(*call, after, "--case", case), act, method)
    assert (row["fetched"], row["behind"]) == (1, False) and row["version"] >= row["announced"]
    assert run(*call, before, "--case", case).out == known.out
    ((first,),) = run.sql(f"SELECT min(sendt) FROM delivery.notifikationer WHERE job_center_kode = '{code}'")
    nothing = run(*call, (first - timedelta(microseconds=1)).isoformat())
    assert (nothing.json["notifications"], nothing.json["acts"]) == (0, [])
    whole = run(*call, after)
    ((sent,),) = run.sql(f"SELECT sendt FROM delivery.numre WHERE job_center_kode = '{code}'")
    assert (whole.json["notifications"], whole.json["last_number"]) == (sent, sent) and whole.json["reads"] >= 1
    assert all(row["behind"] for row in run(*call, after, "--behind").json["acts"])
    names = {action["data"]["borger"]["navn"] for action in generer(25, 91) if "borger" in action["data"]}
    numbers = {action["data"]["borger"]["personnummer"] for action in generer(25, 91) if "borger" in action["data"]}
    assert names and not any(name in whole.out for name in names | numbers)


def test_another_jobcentre_s_reading_counts_for_nothing(run: Hub) -> None:
    """What the auditor or another jobcentre read is not what this one had fetched."""
    code, case, act, method, *_ = _an_act(run)
    before = _row(run("told", "--jobcentre", code, "--at", _now(run), "--case", case, "--json"), act, method)["fetched"]
    assert run("case", case).code == 0
    found = run("told", "--jobcentre", code, "--at", _now(run), "--case", case, "--json")
    assert _row(found, act, method)["fetched"] == before and not any(row["what"] == "sag" for row in found.json["acts"])


def test_the_question_itself_is_in_the_access_log(run: Hub) -> None:
    """Who asked, of whom, of when and why; with --case the case has its row too."""
    code, case, *_ = _an_act(run)
    at = _now(run)
    assert run("told", "--jobcentre", code, "--at", at, "--case", case, "--purpose", "klage 12").code == 0
    ((who, role, why, kind, criteria, number),) = run.sql(
        "SELECT hvem, rolle, formaal, opslag, kriterier, id FROM audit.soegninger ORDER BY id DESC LIMIT 1"
    )
    assert (who, role, why, kind) == (getpass.getuser(), "auditor", "klage 12", "fortalt")
    assert (criteria["jobCenterKode"], criteria["sagsId"]) == (code, case)
    assert run.sql(f"SELECT sags_id, opslag FROM audit.adgangslog WHERE soegning = {number}") == [(case, "fortalt")]


@pytest.mark.parametrize(
    ("args", "code", "says"),
    [
        (("--jobcentre", "99999", "--at", "2026-01-01T00:00:00Z"), 2, "no jobcentre"),
        (("--jobcentre", "75100", "--at", "2999-01-01T00:00:00Z"), 1, "not been yet"),
        (("--jobcentre", "75100", "--at", "i går"), 2, "RFC 3339"),
        (("--jobcentre", "75100", "--at", "2026-01-01T00:00:00Z", "--case", "x"), 2, "uuid"),
    ],
)
def test_what_cannot_be_answered_is_said(run: Hub, args: tuple[str, ...], code: int, says: str) -> None:
    """A time to come: 1; a jobcentre that cannot be, a wrong call: 2; nothing is shown."""
    said = run("told", *args, "--json")
    assert (said.code, said.out) == (code, "") and says in said.err


def test_the_difference_between_two_moments_is_what_was_recorded_between(run: Hub) -> None:
    """From version to version: the fields that changed, before and after as the documents had them, and nothing when nothing was."""
    _, case, *_ = _an_act(run)
    events = run("case", case, "--history", "--json").json["haendelser"]
    times = [event["registreringstidspunkt"] for event in events]
    first, last = run("case", case, "--as-of", times[0], "--json").json, run("case", case, "--as-of", times[-1], "--json").json
    said = run("case", case, "--as-of", times[0], "--diff", times[-1], "--json")
    assert said.code == 0, said.err
    assert (said.json["from"]["version"], said.json["to"]["version"]) == (1, len(events))
    head = {row["field"]: (row["before"], row["after"]) for row in said.json["differences"] if row["document"] == "sag"}
    assert head["version"] == (1, len(events))
    for name, value in first.items():
        if not isinstance(value, dict | list) and not isinstance(last[name], dict | list):
            assert head.get(name, (value, value)) == (value, last[name])
    for act in last["akter"]:
        if act not in first["akter"]:
            changed = [row for row in said.json["differences"] if row["act"] == act["eksternIdentifier"]]
            assert changed and all(row["before"] is None for row in changed)
    same = run("case", case, "--as-of", times[-1], "--diff", times[-1], "--json")
    assert same.json["differences"] == []
    assert "version" in run("case", case, "--as-of", times[0], "--diff", times[-1]).out


def test_before_the_case_there_was_nothing(run: Hub) -> None:
    """A case that was not there at either time is a finding, at one of them all of it is new; --diff alone is misuse."""
    _, case, *_ = _an_act(run)
    old, older = "2020-01-02T00:00:00Z", "2020-01-01T00:00:00Z"
    assert run("case", case, "--as-of", older, "--diff", old).code == 1
    new = run("case", case, "--as-of", old, "--diff", _now(run), "--json")
    assert new.json["from"]["version"] is None and all(row["before"] is None for row in new.json["differences"])
    assert run("case", case, "--diff", old).code == 2
    assert run("case", case, "--as-of", "x", "--diff", old).code == 2
    assert run("case", "00000000-0000-4000-8000-000000000000", "--as-of", older, "--diff", old).code == 1
