"""`hub schemas`: what CI checks, and how a new version is frozen."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from hub.cli.root import app
from hub.events.schemas import Skemaregister, skemamappe

DRAFT = "OphoerRettet"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the published schemas."""
    return Path(shutil.copytree(skemamappe(), tmp_path / "avro"))


def _draft(folder: Path, *fields: dict[str, Any]) -> Path:
    """The newest version of a record with more fields."""
    schema = json.loads((folder / f"{DRAFT}.v1.avsc").read_text())
    schema["fields"] += fields
    path = folder.parent / "draft.avsc"
    path.write_text(json.dumps(schema))
    return path


def _run(*args: object) -> Any:
    return CliRunner().invoke(app, ["schemas", *map(str, args)])


ADDED = {"name": "bemaerkning", "type": ["null", "string"], "default": None, "doc": "A remark.", "segl": "aaben"}


def test_the_published_schemas_are_well() -> None:
    """CI's call ends with 0 on the repository as it is."""
    result = _run("check", "--json")
    assert result.exit_code == 0 and json.loads(result.stdout)["findings"] == []


def test_the_log_is_read_where_one_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without services the schemas alone are compared, and it says so; a log asked for must answer; --no-log never asks."""
    monkeypatch.delenv("HUB_KAFKA", raising=False)
    monkeypatch.setenv("HUB_DATA", str(tmp_path))
    alone = _run("check", "--json")
    assert (alone.exit_code, json.loads(alone.stdout)["log"]) == (0, None) and "No Kafka answers here" in alone.stderr
    asked = _run("check", "--log")
    assert asked.exit_code == 1 and "kafka does not answer" in asked.stderr
    assert "Kafka" not in _run("check", "--no-log").stderr


def test_a_schema_that_was_changed_is_a_finding(folder: Path) -> None:
    """Published is published: another doc string is another file, and the check ends with 1."""
    file = folder / f"{DRAFT}.v1.avsc"
    file.write_text(file.read_text().replace("The termination's facts", "The facts"))
    result = _run("check", "--folder", folder)
    assert result.exit_code == 1 and "was changed after it was published" in result.stdout


def test_a_preview_writes_nothing(folder: Path) -> None:
    """Without --execute the next version and id are shown, and the folder is as it was."""
    before = {file: file.read_bytes() for file in folder.iterdir()}
    result = _run("publish", _draft(folder, ADDED), "--folder", folder, "--json")
    plan = json.loads(result.stdout)
    assert result.exit_code == 0 and (plan["version"], plan["executed"]) == (2, False)
    assert {file: file.read_bytes() for file in folder.iterdir()} == before


def test_a_compatible_draft_becomes_the_next_version(folder: Path) -> None:
    """Published with the next free id; the check stays green and the same again is unchanged."""
    known = len(Skemaregister(folder).efter_id)
    draft = _draft(folder, ADDED)
    assert _run("publish", draft, "--folder", folder, "--execute").exit_code == 0
    register = Skemaregister(folder)
    assert (register.nyeste(DRAFT).version, register.nyeste(DRAFT).id) == (2, known + 1)
    assert _run("check", "--folder", folder).exit_code == 0
    again = _run("publish", draft, "--folder", folder, "--execute", "--json")
    assert json.loads(again.stdout)["unchanged"] is True and len(Skemaregister(folder).efter_id) == known + 1


@pytest.mark.parametrize(
    "field",
    [
        {"name": "ny", "type": "string", "doc": "No default.", "segl": "aaben"},
        {"name": "ny", "type": ["null", "string"], "default": None, "doc": "No mark."},
        {"name": "ny", "type": ["null", "double"], "default": None, "doc": "Inexact.", "segl": "aaben"},
    ],
)
def test_a_draft_that_breaks_a_promise_is_refused(folder: Path, field: dict[str, Any]) -> None:
    """A field without default, without seal mark, or a floating-point number: exit 1, and nothing is written."""
    result = _run("publish", _draft(folder, field), "--folder", folder, "--execute")
    assert result.exit_code == 1
    assert not (folder / f"{DRAFT}.v2.avsc").exists() and _run("check", "--folder", folder).exit_code == 0


def test_a_draft_begins_as_the_newest_version_or_as_the_envelope(folder: Path) -> None:
    """What is printed of a known event is its newest file; of a new one, a schema that wants only its fields. A path is no event."""
    assert _run("draft", "BevillingUdstedt", "--folder", folder).stdout == (folder / "BevillingUdstedt.v4.avsc").read_text(encoding="utf-8")
    schema = json.loads(_run("draft", "KaffeBrygget", "--folder", folder).stdout)
    assert [felt["name"] for felt in schema["fields"]] == ["kuvert"] and schema["fields"][0]["type"]["name"] == "Kuvert"
    path = folder.parent / "draft.avsc"
    path.write_text(json.dumps({**schema, "doc": "Coffee was made.", "fields": [*schema["fields"], ADDED]}))
    assert _run("publish", path, "--folder", folder, "--execute").exit_code == 0
    assert _run("check", "--folder", folder).exit_code == 0
    assert _run("draft", "../ids", "--folder", folder).exit_code == 2


def test_what_is_no_schema_is_misuse(tmp_path: Path) -> None:
    """A file that is not an Avro record ends with 2."""
    path = tmp_path / "x.avsc"
    path.write_text("[]")
    assert _run("publish", path).exit_code == 2


@pytest.mark.parametrize("depth", [400, 5_000, 200_000])
def test_a_draft_that_is_nested_too_deep_is_misuse(folder: Path, depth: int) -> None:
    """Whether the JSON or what is looked for in it goes too deep: words, no traceback, nothing written."""
    draft, before = folder.parent / "deep.avsc", (folder / "ids.json").read_bytes()
    arrays = '{"type":"array","items":' * depth + '"string"' + "}" * depth
    draft.write_text(
        f'{{"type":"record","name":"Dyb","namespace":"dk.vitas","doc":"d","fields":[{{"name":"f","doc":"d","type":{arrays}}}]}}'
    )
    said = _run("publish", draft, "--execute", "--folder", folder)
    assert said.exit_code in (1, 2) and (said.exception is None or isinstance(said.exception, SystemExit)), said.exception
    assert (folder / "ids.json").read_bytes() == before and not (folder / "Dyb.v1.avsc").exists()
