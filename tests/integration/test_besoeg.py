"""A visit to PostgreSQL: what goes out in binary comes back as it was, failures leave the connection usable."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import psycopg
import pytest

from hub.events.besoeg import FORBEREDTE, FULDFOER, PsycopgForbereder, Saetning, besoeg
from hub.events.database import motor
from hub.events.forbindelse import Forbindelse, raa_forbindelse

pytestmark = pytest.mark.integration
TID = datetime(2026, 2, 28, 23, 59, 59, 999_999, UTC)
VAERDIER = {
    "text": "æøå 𝄞", "int": -(2**31), "bigint": 2**63 - 1, "bytea": b"\x00\xff", "bool": True, "date": date(1900, 1, 1), "timestamptz": TID,
}  # fmt: skip


@pytest.fixture
def raa(database_url: str) -> Iterator[Forbindelse]:
    """A connection as the engines make them."""
    with psycopg.connect(database_url, prepare_threshold=None, options="-c timezone=UTC") as conn:
        yield conn


@pytest.mark.parametrize("slags", VAERDIER)
def test_every_type_comes_back_as_it_went(raa: Forbindelse, slags: str) -> None:
    """A value, a list with a null in it and an empty list, of each type that the tables have."""
    vaerdi = VAERDIER[slags]
    saetning = Saetning(f"SELECT %(en)b::{slags}, %(flere)b::{slags}[], %(ingen)b::{slags}[], %(en)b::{slags}")
    (raekker,) = besoeg(raa, saetning.med(en=vaerdi, flere=[vaerdi, None, vaerdi], ingen=[]))
    assert raekker == [(vaerdi, [vaerdi, None, vaerdi], [], vaerdi)]


def test_a_number_that_does_not_fit_is_refused_before_it_is_sent(raa: Forbindelse) -> None:
    """As PostgreSQL would refuse it: the event with it is then parked like any other that it cannot take."""
    with pytest.raises(psycopg.errors.NumericValueOutOfRange):
        Saetning("SELECT %b::int").af([2**31])


def test_a_failure_ends_the_visit_and_the_connection_goes_on(raa: Forbindelse) -> None:
    """What stands behind the failing statement is not run, COMMIT included; after a rollback the same statements work."""
    raa.execute("CREATE TEMPORARY TABLE t (a int PRIMARY KEY)")
    raa.commit()
    indsaet, tael = Saetning("INSERT INTO t SELECT unnest(%b::int[])"), Saetning("SELECT count(*) FROM t")
    for _ in range(2):
        with pytest.raises(psycopg.errors.UniqueViolation):
            besoeg(raa, indsaet.af([[1]]), indsaet.af([[1]]), tael.af(), FULDFOER)
        raa.rollback()
    assert besoeg(raa, tael.af())[0] == [(0,)]
    besoeg(raa, indsaet.af([[1]]), FULDFOER)
    assert besoeg(raa, tael.af())[0] == [(1,)]


def test_more_than_the_socket_takes_at_once_goes_through(raa: Forbindelse) -> None:
    """Megabytes out and back in one visit: neither side waits for the other for ever."""
    stor = b"x" * 8_000_000
    svar = besoeg(raa, *[Saetning("SELECT %b::bytea").af([stor])] * 4)
    assert [raekker[0][0] == stor for raekker in svar] == [True] * 4


def test_a_server_that_went_away_is_an_operational_error(raa: Forbindelse, database_url: str) -> None:
    """A visit on a connection that was cut ends with the error that callers try again after."""
    besoeg(raa, Saetning("SELECT 1").af(), FULDFOER)
    with psycopg.connect(database_url, autocommit=True) as anden:
        anden.execute("SELECT pg_terminate_backend(%s)", [raa.info.backend_pid])
    with pytest.raises(psycopg.OperationalError):
        besoeg(raa, Saetning("SELECT 1").af())


def test_a_connection_on_which_psycopg_prepares_is_refused(database_url: str) -> None:
    """Psycopg deallocates every statement of a connection at some rollbacks, ours too."""
    with psycopg.connect(database_url) as conn, pytest.raises(PsycopgForbereder):
        besoeg(conn, Saetning("SELECT 1").af())


def test_what_is_planned_on_an_empty_table_still_finds_by_key_when_it_is_full(database_url: str) -> None:
    """A generic plan outlives its table's growth: made while there was nothing, it must not go through everything later."""
    engine = motor(database_url, "test", 1, levende=True)
    try:
        with engine.connect() as conn:
            egen = raa_forbindelse(conn)
            egen.execute("CREATE TEMPORARY TABLE fuld (a text PRIMARY KEY, b int) WITH (autovacuum_enabled = off)")
            flyt = Saetning("UPDATE fuld f SET b = n.b FROM unnest(%(a)b::text[], %(b)b::int[]) AS n (a, b) WHERE f.a = n.a RETURNING f.a")
            besoeg(egen, flyt.med(a=["x"], b=[1]))
            egen.execute("INSERT INTO fuld SELECT n::text, n FROM generate_series(1, 20000) n")
            plan = egen.execute(f"EXPLAIN (COSTS OFF) EXECUTE {flyt.navn.decode()} (ARRAY['7'], ARRAY[7])".encode()).fetchall()
        assert not any("Seq Scan" in linje or "Hash Join" in linje for (linje,) in plan), plan
    finally:
        engine.dispose()


def test_a_plan_is_made_anew_while_its_table_grows(database_url: str) -> None:
    """On an empty table the partial index offers itself for an update by key; when the plan has grown old it is made again."""
    engine = motor(database_url, "test", 1, levende=True)
    with engine.connect() as conn:
        egen = raa_forbindelse(conn)
        egen.execute("CREATE TEMPORARY TABLE voksende (a text PRIMARY KEY, b int)")
        egen.execute("CREATE INDEX ON voksende (b) WHERE b IS NULL")
        flyt = Saetning(
            "UPDATE voksende f SET b = n.b FROM unnest(%(a)b::text[], %(b)b::int[]) AS n (a, b) WHERE f.a = n.a AND f.b IS NULL"
        )
        besoeg(egen, flyt.med(a=["x"], b=[1]))
        egen.execute("INSERT INTO voksende SELECT n::text, NULL FROM generate_series(1, 20000) n")
        FORBEREDTE[egen].planer_til = 0.0
        besoeg(egen, flyt.med(a=["x"], b=[1]))
        plan = egen.execute(f"EXPLAIN (COSTS OFF) EXECUTE {flyt.navn.decode()} (ARRAY['7'], ARRAY[7])".encode()).fetchall()
    engine.dispose()
    assert any("voksende_pkey" in linje for (linje,) in plan), plan


def test_a_transaction_of_its_own_isolation_begins_also_when_the_plans_are_old(database_url: str) -> None:
    """The sequencer's rounds begin REPEATABLE READ, which must be the first thing in their transaction."""
    with psycopg.connect(database_url, autocommit=True, prepare_threshold=None) as conn:
        begynd, vis = Saetning("BEGIN ISOLATION LEVEL REPEATABLE READ").af(), Saetning("SHOW transaction_isolation").af()
        for _ in range(2):
            assert besoeg(conn, begynd, vis, FULDFOER)[1] == [("repeatable read",)]
            FORBEREDTE[conn].planer_til = 0.0
