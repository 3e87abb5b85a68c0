"""The plans of what every action runs: made on an empty database, they must still be right on a full one."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine

from hub.api.adgangslog import NOTER_FUNDNE
from hub.api.ruter import METODENS_RUTE
from hub.events import ledger_sql, outbox
from hub.events.besoeg import Saetning
from hub.events.database import motor
from hub.events.forbindelse import raa_forbindelse
from hub.migrations.migrer import migrer
from hub.notifications import gem, koe, numre
from hub.projections import checkpoint, generation, laes_akter, laes_sager, metoder, sager, skriv, tidslinje

pytestmark = pytest.mark.integration
TABELLER = (sager.TABEL, tidslinje.TABEL, *(metode.tabel for metode in metoder.METODER.values()))
SAETNINGER = {
    f"{modul.__name__.removeprefix('hub.')}.{navn}": vaerdi
    for modul in (ledger_sql, outbox, gem, koe, numre, checkpoint)
    for navn, vaerdi in vars(modul).items()
    if isinstance(vaerdi, Saetning)
} | {
    "foer": laes_sager._foer("gen_1"),
    **{f"indsaet {tabel.name} {enkelt}": skriv._indsaet(tabel, "gen_1", enkelt) for tabel in TABELLER for enkelt in (True, False)},
    **{f"laes {navn}": laes_akter._saetning(navn, 1, NOTER_FUNDNE) for navn in metoder.METODER if navn not in METODENS_RUTE},
    **{f"slet {metode.tabel.name}": skriv._slet(metode.tabel, "gen_1") for metode in metoder.METODER.values()},
}
UDEN_PLAN = ("SET", "BEGIN", "COMMIT")
SMAA = {"baner", "generationer", "checkpoints", "notifikationspositioner", "numre", "parkerede"}
"""Tables that stay small: a row per lane, partition, jobcentre or failure."""


@pytest.fixture(scope="module")
def engine(database_url: str) -> Iterator[Engine]:
    """A migrated, empty database, in the sessions of a process that serves."""
    engine = motor(database_url, "test", 1, levende=True)
    migrer(engine)
    generation.sikr(engine)
    yield engine
    engine.dispose()


def led(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The plan's nodes."""
    yield plan
    for under in plan.get("Plans", ()):
        yield from led(under)


@pytest.mark.parametrize("navn", [navn for navn, s in SAETNINGER.items() if not s.tekst.lstrip().startswith(UDEN_PLAN)])
def test_a_hot_statement_finds_its_rows_by_key(engine: Engine, navn: str) -> None:
    """No table that grows is gone through, nor an index without a condition (a partial one offers itself where its predicate stands)."""
    with engine.connect() as conn:
        raa = raa_forbindelse(conn)
        svar = raa.execute(b"EXPLAIN (GENERIC_PLAN, FORMAT JSON) " + SAETNINGER[navn].tekst.encode(), prepare=False).fetchall()
        (plan,) = svar[0][0] if not isinstance(svar[0][0], str) else json.loads(svar[0][0])
    noder = [node for node in led(plan["Plan"]) if node.get("Relation Name") not in SMAA]
    assert not [node for node in noder if node["Node Type"] in ("Seq Scan", "Hash Join", "Merge Join")]
    assert not [node["Index Name"] for node in noder if "Index Name" in node and "Index Cond" not in node]
