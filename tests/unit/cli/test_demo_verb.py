"""`hub demo`: what is played, what is printed, and the exit code; without services, by a report that is given."""

import json
from collections.abc import Sequence
from typing import Any

import pytest
from typer.testing import CliRunner

from hub.cli import demo
from hub.cli.root import app
from hub.local.demo.forestilling import Rapport
from hub.local.demo.historie import Resultat


def spil_som(monkeypatch: pytest.MonkeyPatch, ok: bool) -> list[list[str]]:
    """Every story comes out so, with one line; what was chosen, by rule, is noted."""
    valgt: list[list[str]] = []

    def spil(historier: Sequence[Any], vis: Any) -> Rapport:
        valgt.append([h.regel for _, h in historier])
        resultater = [Resultat(h.regel, h.titel, ok, 1, 1 if ok else 2) for _, h in historier]
        for (kapitel, historie), resultat in zip(historier, resultater, strict=True):
            vis(kapitel, historie, resultat, ["   en linje"])
        return Rapport(stories=[r._asdict() for r in resultater], events=3, notifications=2, followed_up=2, ok=ok)

    monkeypatch.setattr(demo, "spil", spil)
    return valgt


def test_one_rule_is_told_under_its_chapters_heading(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only its stories are played; exit 0 when they came out right."""
    valgt = spil_som(monkeypatch, ok=True)
    svar = CliRunner().invoke(app, ["demo", "--rule", "R-3.6"])
    assert svar.exit_code == 0 and valgt == [["R-3.6"]]
    assert "── 3. Løntilskud, virksomhedspraktik, voksenlærling ──" in svar.stdout
    assert "✔ R-3.6" in svar.stdout and "   en linje" in svar.stdout and "1 of 1 stories came out right." in svar.stdout


def test_a_story_that_comes_out_wrong_is_shown_and_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit 1, with what was seen beside what was expected; a chapter's heading stands once."""
    spil_som(monkeypatch, ok=False)
    svar = CliRunner().invoke(app, ["demo", "--chapter", "4"])
    assert svar.exit_code == 1 and svar.stdout.count("── 4.") == 1
    assert svar.stdout.count("✘") == 4 == svar.stdout.count("   expected  2") and "0 of 4 stories" in svar.stdout


def test_json_is_the_contracts_shape_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stdout has one JSON object; its stories are the release note's and the hub's own."""
    spil_som(monkeypatch, ok=True)
    rapport = json.loads(CliRunner().invoke(app, ["demo", "--json"]).stdout)
    assert (rapport["ok"], rapport["events"], rapport["notifications"]) == (True, 3, 2)
    assert rapport["stories"][0].keys() == {"rule", "title", "ok", "seen", "expected"}


@pytest.mark.parametrize("valg", [["--rule", "R-9.9"], ["--rule", "R-2.2", "--chapter", "3"], ["--chapter", "7"]])
def test_what_nobody_tells_of_is_misuse(monkeypatch: pytest.MonkeyPatch, valg: list[str]) -> None:
    """Exit 2 before anything is started."""
    valgt = spil_som(monkeypatch, ok=True)
    assert CliRunner().invoke(app, ["demo", *valg]).exit_code == 2 and valgt == []
