"""The generated actions: the same from the same seed, of every scheme, with the awkward lives, and none that the door refuses."""

import itertools
import os
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest

from hub.domain.decide import decide
from hub.domain.evolve import evolve
from hub.domain.handlinger import HANDLINGER, laes_handling
from hub.domain.matrix import MATRIX
from hub.domain.ordninger import JOBROTATION
from hub.domain.sag import Sag
from hub.local.generator import ANDELE, FORLOEB, en_sag, generer, saa_mange
from tests.unit.byggere import OPSLAG, an_event

FROE, SAGER = 20_251, 1_500
NU = datetime(2026, 11, 1, tzinfo=UTC)
UDEN_FOR = {"TilfoejDokument"}
"""Actions that need more than a line: a document is uploaded before it is named."""


@pytest.fixture(scope="module")
def handlinger() -> list[dict[str, Any]]:
    """The actions of some cases."""
    return list(generer(SAGER, FROE))


@pytest.fixture(scope="module")
def sager(handlinger: list[dict[str, Any]]) -> dict[str, Sag]:
    """The cases that they come to; an action that is refused fails here."""
    sager: dict[str, Sag] = {}
    for raa in handlinger:
        handling = laes_handling(raa)
        sag = sager.get(handling.sagsId)
        for data in decide(sag, handling, OPSLAG, NU):
            version = 1 if sag is None else sag.version + 1
            sag = evolve(sag, an_event(data, handling.eksternIdentifier, version, handling.sagsId))
        assert sag is not None
        sager[handling.sagsId] = sag
    return sager


def test_the_same_seed_gives_the_same_bytes() -> None:
    """Two processes with other hash seeds write the same lines; another seed writes others."""
    kode = "from hub.cli.root import main; main()"

    def skrevet(froe: str, hash_froe: str) -> bytes:
        miljoe = {**os.environ, "PYTHONHASHSEED": hash_froe}
        kald = [sys.executable, "-c", kode, "generate", "--cases", "60", "--seed", froe]
        return subprocess.run(kald, env=miljoe, capture_output=True, check=True).stdout

    assert skrevet("7", "1") == skrevet("7", "2") != skrevet("8", "1")


def test_no_action_is_refused(sager: dict[str, Sag]) -> None:
    """Every action is decided on its case, of every scheme, and folds."""
    assert len(sager) == SAGER
    assert {sag.ordning for sag in sager.values()} == set(FORLOEB)


def test_every_scheme_has_its_life_and_its_share() -> None:
    """A scheme without either is never drawn."""
    assert set(FORLOEB) == set(ANDELE) == set(MATRIX)


def test_every_action_there_is_comes() -> None:
    """Every action that a line can hold is in some scheme's lives; asked of each scheme alone, so that no share decides it."""
    liv = itertools.chain.from_iterable(en_sag(Random(nr), nr, ordning) for ordning in FORLOEB for nr in range(1, 151))
    assert {h["handling"] for h in liv} == set(HANDLINGER) - UDEN_FOR


def test_the_shares_are_as_said(sager: dict[str, Sag]) -> None:
    """The shares add up to one, and the cases come close to them."""
    assert sum(ANDELE.values()) == pytest.approx(1)
    antal = Counter(sag.ordning for sag in sager.values())
    assert all(abs(antal[ordning] / SAGER - andel) < 0.04 for ordning, andel in ANDELE.items())


def test_the_awkward_lives_are_there(sager: dict[str, Sag], handlinger: list[dict[str, Any]]) -> None:
    """Annulled extensions, ends before the start, on the first and on the last day, open ends, moves, refusals, contractors, late facts."""
    bevillinger = [(b, o) for sag in sager.values() for b in sag.bevillinger for o in b.ophoer]
    assert any(o.stopdato < b.periode.startdato for b, o in bevillinger)
    assert any(o.stopdato == b.periode.startdato for b, o in bevillinger)
    assert any(o.stopdato == b.periode.slutdato for b, o in bevillinger)
    assert any(f.bevilget is not None and o.stopdato < f.bevilget.startdato for b, o in bevillinger for f in b.forlaengelser)
    assert any(b.periode.slutdato is None for sag in sager.values() for b in sag.bevillinger)
    assert any(len(sag.bevillinger) > 1 for sag in sager.values())
    assert any(sag.tidligereEjere for sag in sager.values())
    assert any(sag.ansoegning is not None and sag.ansoegning.konfliktramt for sag in sager.values())
    assert all(sag.ansoegning is not None and sag.ansoegning.ansatte for sag in sager.values() if sag.ordning in JOBROTATION)
    assert {h["handling"] for h in handlinger if h["aktoer"]["type"] == "AndenAktoer"} == {"GodkendAnsoegning", "AfvisAnsoegning"}
    tider: dict[str, list[datetime]] = {}
    for h in handlinger:
        tider.setdefault(h["sagsId"], []).append(datetime.fromisoformat(h["haendelsestidspunkt"]))
    assert any(nyere < aeldre for egne in tider.values() for aeldre, nyere in itertools.pairwise(egne))


def test_the_nights_of_a_clock_change_are_there() -> None:
    """Some actions lie in the hour that comes twice; their offset says in which of the two."""
    natten = [h["haendelsestidspunkt"] for h in generer(2_000, FROE) if h["haendelsestidspunkt"].startswith("2025-10-26T02")]
    assert {tid[-6:] for tid in natten} == {"+01:00", "+02:00"}


@pytest.mark.parametrize("antal", [0, 1, 40, 1_000])
def test_as_many_actions_as_are_asked_for(antal: int) -> None:
    """Whatever the schemes' lives are long: the benchmark and the faults send what they say that they send."""
    assert saa_mange(antal, 3) == list(itertools.islice(generer(5_000, 3), antal))
    assert len(saa_mange(antal, 3)) == antal
