"""The rebuild's engine with a set of tables of its own."""

from typing import Any

import psycopg
import pytest
from sqlalchemy import Column, Integer, MetaData, Table, Text, text

from hub.domain.sag import Sag
from hub.projections.generationsbyg import noegl, opret_bar
from hub.projections.kolonner import SKEMA
from hub.projections.kopi import Kopi
from hub.projections.laesemodel import TABELLER, Laesemodel, alt
from hub.projections.metoder import Billede
from hub.projections.ombyg import byg_sag
from hub.projections.samling import Raa

pytestmark = pytest.mark.integration

METADATA = MetaData(schema=SKEMA)
LILLE = Table("lille", METADATA, Column("sags_id", Text, primary_key=True), Column("version", Integer), Column("ordning", Text))


def _vis(sag: Sag | None) -> Billede:
    return {"lille": {sag.id: (sag.id, sag.version, sag.ordning)}} if sag else {}


def test_a_model_of_its_own_is_filled_through_the_same_fold(engine: Any, loggen: Any, kodeks: Any, db: Any, database_url: str) -> None:
    """Its table is the only one of the generation, keyed like any other, and has what its own view says of each case."""
    sager = [loggen.sag().bevilget(), loggen.sag("Fleksjob")]
    model = Laesemodel(METADATA, ((LILLE, lambda gang: gang.billede["lille"].values()),), _vis)
    with engine.begin() as conn:
        opret_bar(conn, 9, METADATA)
    with psycopg.connect(database_url) as raa:
        kopi = Kopi(raa, 9, model)
        for sag in sager:
            egne = [Raa(p.offset, p.vaerdi) for p in loggen.poster if p.noegle == sag.id.encode()]
            kopi.tag(byg_sag((0, sag.id.encode()), egne, {}, kodeks, vis=_vis))
        kopi.toem()
    with engine.begin() as conn:
        noegl(conn, 9, METADATA)
        tabeller = conn.execute(text("SELECT tablename, indexname FROM pg_indexes WHERE schemaname = 'gen_9'")).all()
    assert tabeller == [("lille", "lille_pkey")]
    ventet = sorted((sag.id, len(sag.haendelser), sag.sag.ordning) for sag in sager)
    assert sorted(db.raekker("SELECT * FROM gen_9.lille")) == ventet


def test_everything_is_the_model_unless_another_is_given() -> None:
    """Every table that is compared is filled, in the same order."""
    assert tuple(tabel for tabel, _ in alt().raekker) == TABELLER
    assert set(TABELLER) == set(alt().metadata.tables.values())
