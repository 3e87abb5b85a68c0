"""`hub verify` from the outside: how it ends."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

from hub.cli import verify
from hub.cli.root import app
from hub.operations.verify import Verification

WHOLE: dict[str, Any] = dict.fromkeys(
    (
        *("events", "cases", "references", "repeats", "parked", "discarded", "jobcentres", "notifications", "told_otherwise"),
        "differences",
    ),
    0,
)


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Makes the verb find this, or end with it when it is an exception."""

    @contextmanager
    def engine(*_: Any) -> Iterator[None]:
        yield None

    def give(what: Verification | type[BaseException]) -> None:
        def run(*_: Any) -> Verification:
            if isinstance(what, Verification):
                return what
            raise what

        monkeypatch.setattr(verify, "run", run)

    hub = SimpleNamespace(options={}, kodeks=None, settings=SimpleNamespace(data=None), bootstrap="", database_url="")
    monkeypatch.setattr(verify, "reach", lambda: hub)
    monkeypatch.setattr(verify, "engine", engine)
    return give


def test_ctrl_c_ends_it_in_words(found: Any) -> None:
    """Exit 1, nothing on stdout, no traceback: nothing was found out, and nothing is said."""
    found(KeyboardInterrupt)
    said = CliRunner().invoke(app, ["verify"])
    assert (said.exit_code, said.stdout) == (1, "") and said.stderr.startswith("Cut short")


def test_it_says_how_fast_it_was_and_what_differs(found: Any) -> None:
    """Agreement is 0 with the rate; a difference is 1, in the table and as JSON."""
    found(Verification(**WHOLE | {"events": 500}, seconds=0.25, positions={"0": 500}, findings=()))
    said = CliRunner().invoke(app, ["verify"])
    assert said.exit_code == 0 and "500 event(s) in 0.2 s, 2000 a second" in said.stderr and "older rules" not in said.stderr
    found(Verification(**WHOLE | {"told_otherwise": 5}, seconds=1, positions={}, findings=()))
    said = CliRunner().invoke(app, ["verify"])
    assert said.exit_code == 0 and "5 notification(s) were told by older rules" in said.stderr
    finding = {"partition": 3, "offset": 7, "case": "sag", "what": "sager.team", "log": "A", "database": "B"}
    found(Verification(**WHOLE | {"differences": 1}, seconds=1, positions={}, findings=(finding,)))
    said = CliRunner().invoke(app, ["verify"])
    assert said.exit_code == 1 and said.stdout.splitlines()[-1].split() == ["3", "7", "sag", "sager.team", "A", "B"]
