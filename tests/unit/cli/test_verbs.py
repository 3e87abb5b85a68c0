"""Every verb of the contract is there, explains itself and speaks JSON; misuse and wrong settings are told apart from findings."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hub.cli.root import app

CONTRACT = (
    "up", "worker", "api", "append", "case", "get", "told", "search", "list", "watch", "status", "verify", "rebuild", "renotify",
    "restore", "oplog", "deadletters list", "deadletters show", "deadletters retry", "deadletters discard", "topics",
    "schemas list", "schemas check", "schemas publish", "token", "services start", "services stop", "services status",
    "sql", "generate", "demo", "bench",
)  # fmt: skip
CHANGES = ("rebuild", "renotify", "restore", "deadletters retry", "deadletters discard", "schemas publish", "topics")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> CliRunner:
    """A runner on an empty data folder, without settings from outside."""
    for name in ("HUB_KAFKA", "HUB_DATABASE", "HUB_JWKS_URL", "HUB_API_PORT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HUB_DATA", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")
    return CliRunner()


@pytest.mark.parametrize("verb", CONTRACT)
def test_every_verb_has_help_and_json(run: CliRunner, verb: str) -> None:
    """`--help` says what a verb does, and offers --json."""
    result = run.invoke(app, [*verb.split(), "--help"])
    assert result.exit_code == 0 and "--json" in result.output


@pytest.mark.parametrize("verb", ["retry 5a600000-0000-4000-8000-000000000000", "discard 0 1"])
def test_why_it_was_done_holds_no_cpr_number(run: CliRunner, verb: str) -> None:
    """It stands open on the operators' log: misuse, in words that repeat nothing, before anything is reached."""
    result = run.invoke(app, ["deadletters", *verb.split(), "--why", "Efter opkald fra 010190-1234."])
    assert result.exit_code == 2 and "CPR" in result.output and "010190" not in result.output


@pytest.mark.parametrize("verb", ["deadletters discard 0 1", "renotify --jobcentre 75100 --numbers 1", "rebuild", "restore"])
def test_why_it_was_done_says_something(run: CliRunner, verb: str) -> None:
    """An operator's reason of nothing but spaces is misuse, before anything is reached."""
    result = run.invoke(app, [*verb.split(), "--why", " "])
    assert result.exit_code == 2 and "says nothing" in result.output


@pytest.mark.parametrize("group", ["deadletters", "documents", "schemas", "services"])
def test_a_group_of_verbs_offers_its_verbs_alone(run: CliRunner, group: str) -> None:
    """As every other verb it changes nothing of the caller's shell."""
    result = run.invoke(app, [group, "--help"])
    assert result.exit_code == 0 and "completion" not in result.output


@pytest.mark.parametrize(
    "verb", ["case x", "get GetBevilling Igu x", "list Soeg", "search", "told --jobcentre 75100 --at 2026-01-01T00:00:00Z"]
)
def test_the_purpose_of_a_read_holds_no_cpr_number(run: CliRunner, verb: str) -> None:
    """It stands open in the access log."""
    result = run.invoke(app, [*verb.split(), "--purpose", "Opslag paa 010190-1234"])
    assert result.exit_code == 2 and "CPR" in result.output and "010190" not in result.output


@pytest.mark.parametrize("verb", CHANGES)
def test_what_changes_asks_for_execute(run: CliRunner, verb: str) -> None:
    """A verb that changes or resends has --execute; without it only a preview is shown."""
    assert "--execute" in run.invoke(app, [*verb.split(), "--help"]).output


@pytest.mark.parametrize(
    "verb",
    [
        "status",
        "verify",
        "restore",
        "renotify --jobcentre 75100 --numbers 1 --why x",
        "topics",
        "deadletters list",
        "case x",
        "told --jobcentre 75100 --at 2026-01-01T00:00:00Z",
        "list Soeg",
        "search --where team=x",
        "sql -c select",
        "worker",
        "api",
    ],
)
def test_nothing_running_is_a_finding_in_words(run: CliRunner, verb: str) -> None:
    """Without services a verb says so and ends with 1, without a traceback and without starting anything."""
    result = run.invoke(app, verb.split())
    assert result.exit_code == 1
    assert "hub up" in result.stderr and "Traceback" not in result.stderr


def test_status_says_in_json_that_nothing_runs(run: CliRunner) -> None:
    """Scripts read `running: false`."""
    assert json.loads(run.invoke(app, ["status", "--json"]).stdout)["running"] is False


@pytest.mark.parametrize(
    "args",
    [
        ["append", "no-such-file"],
        ["token"],
        ["token", "--role", "king"],
        ["nothing"],
        ["schemas", "publish"],
        ["list"],
        ["list", "Soeg", "--where", "team"],
        ["renotify", "--jobcentre", "75100", "--numbers", "1"],
        ["renotify", "--jobcentre", "75100", "--why", "x"],
        ["search", "--where", "personnummer=0101901234"],
        ["renotify", "--jobcentre", "99900", "--numbers", "1", "--why", "x"],
        ["told", "--jobcentre", "1", "--at", "2026-01-01T00:00:00Z"],
        ["watch", "--jobcentre", "99900", "--once"],
        ["rebuild", "--case", "x", "--accept"],
    ],
)
def test_misuse_ends_with_2(run: CliRunner, args: list[str]) -> None:
    """A missing file, option, role or verb is the caller's mistake, and so is a jobcentre that cannot be."""
    assert run.invoke(app, args).exit_code == 2


def test_a_wrong_setting_ends_with_2_and_is_not_repeated(run: CliRunner, monkeypatch: pytest.MonkeyPatch) -> None:
    """The setting is named and its value is not."""
    monkeypatch.setenv("HUB_DATABASE", "mysql://u:hemmelig@h/d")
    result = run.invoke(app, ["status"])
    assert result.exit_code == 2
    assert "HUB_DATABASE" in result.stderr and "hemmelig" not in result.output
