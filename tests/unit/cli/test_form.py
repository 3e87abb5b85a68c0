"""What the verbs print."""

import json
from datetime import UTC, datetime

import pytest
from rich.progress import Progress

from hub.cli.facts import facts, headline
from hub.cli.form import RateColumn, cell, json_line, refusals, table
from hub.events.ordningsnotifikation import Ordningsnotifikation
from hub.operations.status import Log, Partition, trend


def test_control_characters_do_not_reach_the_terminal() -> None:
    """An escape sequence in foreign text is shown, not obeyed; bytes are hexadecimal."""
    assert cell("a\x1b[2Jb") == "a�[2Jb"
    assert (cell(None), cell(b"\x00\xff")) == ("-", "\\x00ff")


def test_a_table_is_aligned(capsys: pytest.CaptureFixture[str]) -> None:
    """Columns stand under their heads."""
    table([{"a": "long", "b": 1}, {"a": None, "b": 22}], ("a", "b"))
    assert capsys.readouterr().out == "a     b\nlong  1\n-     22\n"


def test_a_bar_says_how_many_a_second() -> None:
    """Nothing before two moments are known, then the rate between them."""
    clock = [0.0]
    bar = Progress(RateColumn(), get_time=lambda: clock[0], disable=True)
    task = bar.add_task("verifying", total=100)
    assert RateColumn().render(bar.tasks[0]).plain == ""
    for clock[0], done in ((1.0, 10), (3.0, 50)):
        bar.update(task, completed=done)
    assert RateColumn().render(bar.tasks[0]).plain == "20/s"


def test_dataclasses_are_json_objects(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    """Reports are printed as they are."""
    json_line({"p": Partition(0, 5, 3, 2), "raw": b"\x01"})
    assert json.loads(capsysbinary.readouterr().out) == {"p": {"partition": 0, "end": 5, "checkpoint": 3, "lag": 2}, "raw": "\\x01"}


def test_a_refusal_names_the_field_where_there_is_one() -> None:
    """Which of several options was wrong is otherwise a guess."""
    errors = [
        {"fejlkode": "ugyldig_parameter", "felt": "asOf", "fejltekst": "Forkert."},
        {"fejlkode": 9601, "felt": None, "fejltekst": "Ingen sag."},
    ]
    assert refusals(errors) == ["ugyldig_parameter asOf: Forkert.", "9601: Ingen sag."]


def test_the_trend_is_lag_per_second() -> None:
    """Ten fewer in half a second is minus twenty."""
    assert trend(Log((), 100, 30), Log((), 100, 20), 0.5).trend == -20.0


def _notification() -> Ordningsnotifikation:
    at = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    return Ordningsnotifikation("id", 7, "akt", "sag", 3, "GetForlaengelse", "/x", "10100", False, at, at, 9001, 9103)


def test_a_notification_and_its_facts_in_danish() -> None:
    """The annulled extension shows that nothing of it is in force, and by what; nothing of the citizen is printed."""
    document = {
        "ordning": "Loentilskud", "vitasSagsnummer": "V-1", "version": 3, "status": "Annulleret", "annulleretAf": "ophør",
        "bevilgetPeriode": {"startdato": "2025-07-01", "slutdato": None}, "gaeldendePeriode": None, "aktuelSlutdato": "2025-05-15",
        "slutdatoFoerOphoer": None, "borger": {"personnummer": "0101011234", "navn": "Test"},
        "arbejdstid": {"timerPrUge": 37, "minutterPrUge": 0},
    }  # fmt: skip
    text = "\n".join([headline(_notification()), *facts(document)])
    assert "#7" in text and "ændret" in text and "Løntilskud V-1, version 3" in text
    assert "2025-07-01 til åben" in text and "37:00" in text
    assert [line.split()[-1] for line in text.splitlines() if "gældende periode" in line] == ["ingen"]
    assert "0101011234" not in text and "slutdato før" not in text
