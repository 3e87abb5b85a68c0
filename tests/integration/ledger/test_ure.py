"""Registration times whatever the clocks do: several processes append to one case, each with a database clock that jumps."""

import random
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, make_url, text

from hub.events.database import motor
from hub.events.ledger import Ledger

pytestmark = pytest.mark.integration
Hus = Any
PROCESSER, OMGANGE = 4, 25
UR = """
CREATE SCHEMA ur{0};
CREATE FUNCTION ur{0}.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE
    AS $$ SELECT pg_catalog.clock_timestamp() + make_interval(secs => (random() * 7200 - 3600)) $$
"""
"""A clock that is up to an hour wrong, another way each time it is read."""


@pytest.fixture
def motorer(engine: Engine, database_url: str) -> Iterator[list[Engine]]:
    """An engine per process, whose clock is found before PostgreSQL's own."""
    egne = []
    for nr in range(PROCESSER):
        with engine.begin() as conn:
            conn.execute(text(UR.format(nr)))
        url = make_url(database_url).update_query_dict({"options": f"-c search_path=ur{nr},pg_catalog,public"})
        egne.append(motor(url.render_as_string(hide_password=False), f"ur-{nr}"))
    yield egne
    for en in egne:
        en.dispose()


def test_registration_times_rise_strictly_per_case_whatever_the_clocks(hus: Hus, motorer: list[Engine]) -> None:
    """Four processes, clocks an hour wrong either way at every reading: per case each event is registered later than the one before it."""
    sager = [hus.ny_sag() for _ in range(3)]

    def proces(nr: int) -> None:
        ledger, rng = Ledger(motorer[nr], hus.register, hus.kodeks, hus.noegler), random.Random(nr)
        for _ in range(OMGANGE):
            ledger.append([hus.tildel(rng.choice(sager))])

    hus.samtidig(*[lambda nr=nr: proces(nr) for nr in range(PROCESSER)])
    raekker = hus.sql("SELECT stroem, version, vaerdi FROM ledger.outbox ORDER BY stroem, version")
    tider = {(r.stroem, r.version): hus.kodeks.afkod(r.vaerdi).kuvert.registreringstidspunkt for r in raekker}
    assert len(tider) == len(sager) + PROCESSER * OMGANGE
    for (sag, version), tid in tider.items():
        assert version == 1 or tider[sag, version - 1] < tid, (sag, version)
