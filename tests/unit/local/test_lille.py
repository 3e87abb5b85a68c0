"""The like-for-like log: what it must come to is said, not folded, and a wrong fold is seen."""

import importlib.util
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from hub.events.codec import Kodeks
from hub.events.journal import partition_for
from hub.events.schemas import Skemaregister, skemamappe
from hub.local.bench import deltagere
from hub.local.bench.lige import Loeb, rapport, tabel
from hub.local.bench.lille import GRUNDSAGER, PARTITIONER, Log, lille_log
from hub.projections.ombyg import byg_sag
from hub.projections.samling import Raa

PROGRAMMER = Path(__file__).parents[3] / "benchmarks" / "like_for_like"
KODEKS = Kodeks(Skemaregister(skemamappe()))
SLAGS = ("ForlaengelseBevilget", "OphoerRegistreret", "OphoerRettet", "OphoerTilbagekaldt", "SagFlyttet")


@pytest.fixture(scope="module")
def log() -> Log:
    """More cases than are made one by one would be slow: a few of them, each once."""
    return lille_log(KODEKS, 200)


def _program(navn: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(navn, PROGRAMMER / f"{navn}.py")
    assert spec is not None and spec.loader is not None
    modul = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(modul)
    return modul


def _sager(log: Log) -> Iterator[tuple[bytes, list[Raa]]]:
    poster = sorted(log.poster, key=lambda post: post.noegle or b"")
    for noegle, egne in groupby(poster, key=lambda post: post.noegle or b""):
        yield noegle, [Raa(post.offset, post.vaerdi or b"") for post in egne]


def _ventet(log: Log) -> set[tuple[str, ...]]:
    return {tuple(map(str, raekke)) for raekke in log.ventet}


def test_the_rebuilds_fold_comes_to_the_rows_that_were_written_down(log: Log) -> None:
    """The engine's own fold, with the small view; chain of hashes and all."""
    lille = _program("hub_model")
    rows: list[Any] = []
    for noegle, raa in _sager(log):
        gang = byg_sag((0, noegle), raa, {}, KODEKS, vis=lille.view)
        rows += gang.billede["cases"].values()
    assert {tuple(map(str, row)) for row in rows} == _ventet(log) and len(rows) == len(log.ventet)


def _foldet_i_haanden(log: Log, uden: str = "") -> set[tuple[str, ...]]:
    peer = _program("peer")
    rows = set()
    decode = peer.Decoder()
    for noegle, raa in _sager(log):
        case = None
        for _, vaerdi in raa:
            name, data = decode(vaerdi)
            case = peer.fold(case, "" if name == uden else name, data)
        rows.add(tuple(map(str, case.row(noegle.decode()))))
    return rows


def test_the_peers_fold_comes_to_the_same(log: Log) -> None:
    """The fold that the other contestants share, on what fastavro reads."""
    assert _foldet_i_haanden(log) == _ventet(log)


@pytest.mark.parametrize("uden", SLAGS)
def test_a_fold_that_forgets_an_event_is_seen(log: Log, uden: str) -> None:
    """Every kind of event that changes a row changes some row for good."""
    assert _foldet_i_haanden(log, uden) != _ventet(log)


def test_the_cases_again_are_other_cases() -> None:
    """Under other ids, each in the partition of its key, with rows of their own; a chain made anew folds."""
    log = lille_log(KODEKS, 2 * GRUNDSAGER)
    assert len(log.ventet) == len({raekke.sags_id for raekke in log.ventet}) == 2 * GRUNDSAGER
    assert all(post.partition == partition_for(post.noegle or b"", PARTITIONER) for post in log.poster)
    sidste = log.ventet[-1].sags_id.encode()
    gang = byg_sag((0, sidste), [Raa(0, post.vaerdi or b"") for post in log.poster if post.noegle == sidste], {}, KODEKS)
    assert gang.efter.sag is not None and gang.efter.sag.version == log.ventet[-1].version


def test_the_table_has_medians_the_fastest_first_and_says_who_is_missing() -> None:
    """One line each; the median of three rounds, the largest memory."""
    loeb = {"slow": [Loeb(10.0, 1.0, 5)] * 3, "fast": [Loeb(30.0, 2.0, 7), Loeb(90.0, 4.0, 9), Loeb(50.0, 3.0, 8)]}
    fundet = rapport(loeb, {"gone": "no javac"})
    assert fundet["like_for_like"] == {"slow": 10, "fast": 50}
    _, *linjer = tabel(fundet)
    assert [linje.split()[:4] for linje in linjer] == [
        ["fast", "50", "3.0", "9"],
        ["slow", "10", "1.0", "5"],
        ["gone", "not", "run:", "no"],
    ]


@pytest.mark.parametrize(("navn", "hvorfor"), [("kafka-streams", "no javac"), ("Quix Streams", "its environment is not there")])
def test_who_cannot_be_run_says_why(navn: str, hvorfor: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine without a Java compiler, or without the peers' packages: a line in the table, not the end of it."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(deltagere, "PEERS_PYTHON", tmp_path / "python")
    with pytest.raises(deltagere.KanIkkeKoere, match=hvorfor):
        deltagere.DELTAGERE[navn].kommando(tmp_path)
