"""The verbs against a hub that runs: worker, API, Kafka and PostgreSQL are real."""

import getpass
import json
from collections.abc import Iterator
from typing import Any

import aiohttp
import orjson
import pytest

from hub.local.generator import generer

from .conftest import Hub

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def run(hub: Hub) -> Iterator[Hub]:
    """Worker and API run, twelve cases are recorded."""
    with hub.running("worker"), hub.running("api"):
        said = hub("append", "-", stdin=_text(generer(12, 7)))
        assert said.code == 0, said.err
        hub.settled()
        yield hub


def _text(actions: Any) -> str:
    return "".join(orjson.dumps(action).decode() + "\n" for action in actions)


def _an_act(hub: Hub) -> dict[str, Any]:
    query = "select ordning, ekstern_identifier, version, sags_id from bevillinger join sager using (sags_id) order by 2 limit 1"
    row: dict[str, Any] = hub("sql", "--json", "-c", query).lines[0]
    return row


def test_append_is_idempotent_and_keeps_the_order(run: Hub) -> None:
    """The same lines give the same receipts, in order, and nothing more is recorded."""
    text = _text(generer(12, 7))
    before = run.sql("SELECT count(*) FROM ledger.outbox")
    first, again = run("append", "-", stdin=text), run("append", "-", stdin=text)
    assert first.out == again.out and len(first.lines) == text.count("\n")
    assert [receipt["sagsId"] for receipt in first.lines] == [json.loads(line)["sagsId"] for line in text.splitlines()]
    assert run.sql("SELECT count(*) FROM ledger.outbox") == before
    assert "recorded 0" in again.err


def test_append_names_the_lines_it_refuses(run: Hub) -> None:
    """Form and contradiction, with line number and every error; the other lines are recorded; exit 1."""
    good = next(generer(1, 8))
    missing = {**good, "sagsId": "x", "handling": "Ukendt"}
    said = run("append", "-", "--json", stdin=_text([missing, good]) + "{\n" + _text([{**good, "requestId": "en-anden-gang"}]))
    refused = [json.loads(line) for line in said.err.splitlines() if line.startswith("{")]
    assert said.code == 1 and len(said.lines) == 1
    assert [(r["line"], r["status"]) for r in refused] == [(1, 422), (3, 400), (4, 409)]
    assert len(refused[0]["errors"]) >= 2


async def test_a_line_is_the_same_request_through_either_door(run: Hub) -> None:
    """What the bulk route recorded is a repeat for `hub append`: both derive the same request id."""
    action = next(generer(1, 9))
    token = run("token", "--role", "vitas").out.strip()
    address = json.loads((run.folder / "api.json").read_text())["address"]
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/x-ndjson"}
    async with (
        aiohttp.ClientSession() as http,
        http.post(f"{address}/v1/handlinger/bulk", data=orjson.dumps(action), headers=headers) as answer,
    ):
        receipt = json.loads(await answer.text())
    assert receipt["status"] == 202


def test_the_bulk_door_and_append_agree(run: Hub) -> None:
    """The action of the test before is known already."""
    assert "already recorded 1" in run("append", "-", stdin=_text([*generer(1, 9)][:1])).err


def test_get_answers_as_the_api_and_is_in_the_access_log(run: Hub) -> None:
    """The document of the API, a row with the operating system's user, role, purpose, act and version."""
    act = _an_act(run)
    said = run("get", "GetBevilling", act["ordning"], act["ekstern_identifier"], "--json", "--purpose", "kontrol")
    assert said.code == 0 and said.json["version"] == act["version"] and said.json["eksternIdentifier"] == act["ekstern_identifier"]
    newest = "SELECT hvem, rolle, formaal, opslag, ekstern_identifier, version FROM audit.adgangslog ORDER BY id DESC LIMIT 1"
    assert run.sql(newest) == [(getpass.getuser(), "auditor", "kontrol", "GetBevilling", act["ekstern_identifier"], act["version"])]
    assert run("get", "GetBevilling", act["ordning"], act["ekstern_identifier"]).json == said.json


def test_case_shows_the_case_its_past_and_its_timeline(run: Hub) -> None:
    """The head and acts now, nothing before it was, every event in the timeline, and of a past time the events by then."""
    case = _an_act(run)["sags_id"]
    now, history = run("case", case), run("case", case, "--history")
    assert now.json["sagsId"] == case and now.json["akter"]
    assert [event["version"] for event in history.json["haendelser"]] == list(range(1, now.json["version"] + 1))
    assert run("case", case, "--as-of", "2020-01-01T00:00:00Z").code == 1
    first = history.json["haendelser"][0]
    assert run("case", case, "--history", "--as-of", first["registreringstidspunkt"]).json["haendelser"] == [first]


@pytest.mark.parametrize(("path", "code"), [(("GetBevilling", "Loentilskud", "x"), 1), (("GetPDF", "Fleksjob", "x"), 1)])
def test_get_says_what_the_api_refuses(run: Hub, path: tuple[str, ...], code: int) -> None:
    """Unknown act, unknown cell of the matrix: the API's code and text, exit 1; stdout stays empty."""
    said = run("get", *path)
    assert (said.code, said.out) == (code, "") and "ukendt" in said.err


def test_list_and_search_answer_as_the_api_and_are_logged(run: Hub) -> None:
    """The grant is in its area; a search by its case finds the case; page after page; the search is logged with its purpose."""
    act = _an_act(run)
    said = run("list", "Bevillinger", "--where", f"sagsId={act['sags_id']}", "--json", "--purpose", "kontrol")
    assert act["ekstern_identifier"] in [row["eksternIdentifier"] for row in said.json["raekker"]]
    assert {row["sagsId"] for row in said.json["raekker"]} == {act["sags_id"]}
    assert run("search", "--where", f"sagsId={act['sags_id']}", "--json").json["raekker"][0]["sagsId"] == act["sags_id"]
    newest = "SELECT hvem, rolle, formaal, opslag, kriterier FROM audit.soegninger WHERE opslag = 'liste' ORDER BY id DESC LIMIT 1"
    assert run.sql(newest) == [(getpass.getuser(), "auditor", "kontrol", "liste", {"sagsId": act["sags_id"]})]
    first = run("list", "Soeg", "--limit", "1", "--sort=-vitasSagsnummer", "--csv")
    after = first.err.split("--after ")[1].strip()
    second = run("list", "Soeg", "--limit", "1", "--sort=-vitasSagsnummer", "--csv", "--after", after)
    heads, lines = zip(*(said.out.splitlines() for said in (first, second)), strict=True)
    assert heads[0] == heads[1] and "Team,Medarbejder" in heads[0] and lines[0] > lines[1]


def test_a_citizen_is_searched_by_a_number_that_is_no_argument(run: Hub) -> None:
    """The number is a line of stdin; the table on stdout has Danish headings and no number; what is wrong is misuse with its code."""
    cpr = next(generer(1, 7))["data"]["borger"]["personnummer"]
    said = run("search", "--citizen", stdin=f"{cpr[:6]}-{cpr[6:]}\n")
    assert said.code == 0 and said.out.startswith("Sagsnummer") and "i alt" in said.err and len(said.out.splitlines()) >= 2
    assert cpr not in said.out + said.err
    assert run("search", "--citizen", stdin="\n").code == 2
    refused = run("list", "Alt")
    assert (refused.code, refused.out) == (1, "") and "ukendt_omraade" in refused.err
    assert "personnummer_i_soegning" in run("search", "--where", f"team={cpr}").err


def test_a_wrong_time_is_misuse(run: Hub) -> None:
    """A time without an offset is the caller's mistake."""
    assert run("case", "x" * 36, "--as-of", "igaar").code == 2


def test_watch_follows_every_notification_up(run: Hub) -> None:
    """Numbers 1..n, each document at least as new as announced; in Danish for people; exit 0."""
    code = run.sql("SELECT job_center_kode FROM delivery.numre ORDER BY hoved DESC LIMIT 1")[0][0]
    said = run("watch", "--jobcentre", code, "--once", "--json")
    assert said.code == 0, said.err
    news = [line for line in said.lines if line["judgement"] == "ny"]
    assert [line["notification"]["nummer"] for line in news] == list(range(1, len(news) + 1))
    assert all(line["follow_up"]["ok"] for line in news) and news
    words = run("watch", "--jobcentre", code, "--count", "1", "--from", "2")
    assert words.code == 0 and words.out.startswith("#2 ") and "version" in words.out


def test_watch_of_a_jobcentre_without_a_topic_ends(run: Hub) -> None:
    """Nothing was ever told to it: --once ends at once, with 0."""
    assert run("watch", "--jobcentre", "86099", "--once").code == 0


def test_watch_says_when_it_may_not_fetch(run: Hub) -> None:
    """With another jobcentre's token nothing is shown, and the exit is 1."""
    code = run.sql("SELECT job_center_kode FROM delivery.numre ORDER BY hoved DESC LIMIT 1")[0][0]
    token = run("token", "--role", "system", "--jobcentre", "99999").out.strip()
    said = run("watch", "--jobcentre", code, "--count", "1", "--token", token)
    assert said.code == 1 and "KAN IKKE HENTES: 403" in said.out


def test_status_shows_everything(run: Hub) -> None:
    """Twelve partitions level with the log, lanes compared, a worker, a serving generation, numbers; nothing to look at."""
    said = run("status", "--json", "--seconds", "0.1")
    found = said.json
    assert (said.code, found["findings"]) == (0, [])
    assert [p["lag"] for p in found["log"]["partitions"]] == [0] * 12 and found["log"]["trend"] == 0
    assert found["workers"] == 1 and [g["serverer"] for g in found["generations"]].count(True) == 1
    assert all(lane["compared"] for lane in found["lanes"]) and found["ledger"]["unsent"] == 0
    assert all(row["head"] == row["sent"] for row in found["jobcentres"])
    assert "jobcentres" in run("status", "--seconds", "0").out


def test_topics_are_as_declared(run: Hub) -> None:
    """The declared ones and the jobcentres' are there, for ever; the facts have twelve partitions."""
    said = run("topics", "--json")
    found = {topic["name"]: topic for topic in said.json["topics"]}
    assert said.code == 0 and found["vitas.sagshaendelser"]["partitions"] == 12
    assert any(name.startswith("ordningsnotifikation.") for name in found) and not any(topic["problem"] for topic in found.values())


class TestSql:
    """The prompt reads the read models, and nothing else."""

    def test_rows_come_out(self, run: Hub) -> None:
        """As JSON lines for scripts, as a table for people; what is sealed is ciphertext."""
        said = run("sql", "--json", "-c", "select sags_id, personnummer from sager")
        assert said.code == 0 and said.lines and all(row["personnummer"].startswith("\\x") for row in said.lines)
        assert "sags_id" in run("sql", "-c", "table sager").out

    @pytest.mark.parametrize(
        "query",
        [
            "delete from sager", "create table x (y int)", "select * from keys.noegler", "select * from ledger.stroemme",
            "select * from audit.adgangslog", "select 1; delete from sager", "select pg_sleep(5)", "commit", "selec 1",
        ],
    )  # fmt: skip
    def test_everything_else_is_refused(self, run: Hub, query: str) -> None:
        """Writing, keys, ledger, access log, two statements, a query without end, leaving the transaction: exit 1 or 2."""
        assert run("sql", "--timeout", "1", "-c", query).code in (1, 2)

    def test_the_role_cannot_be_left(self, run: Hub) -> None:
        """Changing the role within a statement is not run at all."""
        said = run("sql", "-c", "select set_config('role', 'postgres', false), query_to_xml('select 1', true, true, '')")
        assert said.code == 2

    def test_a_conversation(self, run: Hub) -> None:
        """Queries end with a semicolon and may go over several lines; an error does not end it, and in a pipe it is a finding."""
        said = run("sql", "--json", stdin="selec 1;\nselect count(*) as n\nfrom sager;\n\\q\n")
        assert said.code == 1 and said.lines[0]["n"] >= 12 and "syntax error" in said.err
