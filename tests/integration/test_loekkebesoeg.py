"""A visit that the event loop waits for does what one in a thread does."""

import asyncio
from collections.abc import Iterator

import psycopg
import pytest

from hub.events.besoeg import FULDFOER, Saetning
from hub.events.forbindelse import Forbindelse
from hub.events.loekkebesoeg import besoeg

pytestmark = pytest.mark.integration
EN = Saetning("SELECT 1").af()
SOV = Saetning("SELECT pg_sleep(%b::int)")


@pytest.fixture
def raa(database_url: str) -> Iterator[Forbindelse]:
    """A connection as the engines make them."""
    with psycopg.connect(database_url, prepare_threshold=None) as conn:
        yield conn


async def test_the_loop_turns_while_the_server_works(raa: Forbindelse) -> None:
    """Others run meanwhile; the answer comes with every row."""
    opgave = asyncio.ensure_future(besoeg(raa, SOV.af([1]), Saetning("SELECT generate_series(1, 3)").af()))
    for _ in range(50):
        await asyncio.sleep(0)
    assert not opgave.done()
    assert (await opgave)[1] == [(1,), (2,), (3,)]


async def test_a_failure_ends_the_visit_and_the_connection_goes_on(raa: Forbindelse) -> None:
    """The first that fails is raised; after a rollback the same connection is visited again."""
    with pytest.raises(psycopg.errors.DivisionByZero):
        await besoeg(raa, EN, Saetning("SELECT 1 / %b::int").af([0]), FULDFOER)
    raa.rollback()
    assert await besoeg(raa, EN, FULDFOER) == [[(1,)], []]


async def test_more_than_the_socket_takes_at_once_goes_through(raa: Forbindelse) -> None:
    """Megabytes out and back: neither side waits for the other for ever."""
    stor = b"x" * 8_000_000
    svar = await besoeg(raa, *[Saetning("SELECT %b::bytea").af([stor])] * 3)
    assert [raekker[0][0] == stor for raekker in svar] == [True] * 3


async def test_who_is_cancelled_half_way_leaves_no_half_read_connection(raa: Forbindelse) -> None:
    """It is closed: the next visit fails at once instead of reading another one's answer."""
    opgave = asyncio.ensure_future(besoeg(raa, SOV.af([5])))
    await asyncio.sleep(0.05)
    opgave.cancel()
    await asyncio.gather(opgave, return_exceptions=True)
    assert opgave.cancelled()
    with pytest.raises(psycopg.OperationalError):
        await besoeg(raa, EN)


async def test_a_server_that_went_away_is_an_operational_error(raa: Forbindelse, database_url: str) -> None:
    """A visit on a connection that was cut ends with the error that callers try again after."""
    await besoeg(raa, EN, FULDFOER)
    with psycopg.connect(database_url, autocommit=True) as anden:
        anden.execute("SELECT pg_terminate_backend(%s)", [raa.info.backend_pid])
    with pytest.raises(psycopg.OperationalError):
        await besoeg(raa, EN)
