"""What a worker does not start on, and what ends it."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from sqlalchemy import text

from hub.consumers import worker as arbejder
from hub.consumers.overvaagning import GivOp
from hub.consumers.vagthund import Vagthund
from hub.events.genskabelseslaas import ARBEJDER, GenskabesNu, LaasTabt, alene
from hub.events.journal import laes, slutninger
from hub.events.topics import FAKTA
from hub.projections.checkpoint import CheckpointUdenForLoggen, UdenCheckpoint
from hub.projections.generation import AndenProjektionsversion

pytestmark = pytest.mark.integration
LAENGST = "SELECT partition FROM delivery.checkpoints WHERE naeste_offset > 0 ORDER BY naeste_offset DESC LIMIT 1"


@contextmanager
def aendret(stand: Any, saetning: str, tilbage: str, **felter: Any) -> Iterator[None]:
    """A database that something is wrong with, mended afterwards."""
    stand.sql(saetning, **felter)
    try:
        yield
    finally:
        stand.sql(tilbage, **felter)


@pytest.fixture
async def ikke_tom(stand: Any, blandet: Any) -> int:
    """A log that is not empty, all of it applied; the partition with most."""
    async with stand.worker():
        if not stand.sql(LAENGST):
            await stand.tilfoej(*blandet(6, 60))
        await stand.ajour()
    return int(stand.sql(LAENGST)[0][0])


async def start(stand: Any) -> None:
    """Start a worker and stop it again."""
    async with stand.worker():
        pass


async def test_a_lost_checkpoint_beside_a_log_that_is_not_empty_stops_the_start(stand: Any, ikke_tom: int) -> None:
    """No checkpoint: the worker does not begin at 0 or at the end, it names `hub restore`."""
    ((naeste,),) = stand.sql("SELECT naeste_offset FROM delivery.checkpoints WHERE partition = :p", p=ikke_tom)
    slet = "DELETE FROM delivery.checkpoints WHERE partition = :p AND :n > 0"
    indsaet = "INSERT INTO delivery.checkpoints VALUES (1, :p, :n)"
    with aendret(stand, slet, indsaet, p=ikke_tom, n=naeste), pytest.raises(UdenCheckpoint, match="hub restore"):
        await start(stand)


@pytest.mark.parametrize("tabel", ["checkpoints", "notifikationspositioner"])
async def test_a_position_beyond_the_log_stops_the_start(stand: Any, ikke_tom: int, tabel: str) -> None:
    """A checkpoint, or a notify position, that the log has not reached belongs to another log."""
    flyt = f"UPDATE delivery.{tabel} SET naeste_offset = naeste_offset + 1000 * (:r) WHERE partition = :p"
    tilbage = f"UPDATE delivery.{tabel} SET naeste_offset = naeste_offset - 1000 * (:r) WHERE partition = :p"
    with aendret(stand, flyt, tilbage, p=ikke_tom, r=1), pytest.raises(CheckpointUdenForLoggen, match="outside the log"):
        await start(stand)


async def test_a_generation_of_other_code_stops_the_start(stand: Any, ikke_tom: int) -> None:
    """What an older or newer version of the views wrote is not read or added to."""
    frem, tilbage = (f"UPDATE delivery.generationer SET projektionsversion = projektionsversion {tegn} 1" for tegn in "+-")
    with aendret(stand, frem, tilbage), pytest.raises(AndenProjektionsversion):
        await start(stand)


async def test_nothing_starts_beside_a_restore(stand: Any, ikke_tom: int) -> None:
    """While a restore has the database alone, a worker that starts (however late it looks) is refused, and names it."""
    with alene(stand.motor), pytest.raises(GenskabesNu, match="hub restore"):
        await start(stand)
    await start(stand)


async def test_a_worker_that_lost_its_share_of_the_restores_lock_ends(stand: Any, ikke_tom: int) -> None:
    """Once a restore could begin, the worker is not there any more, whatever its other connections do."""
    async with stand.worker() as opgave:
        stand.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = :navn", navn=ARBEJDER)
        with pytest.raises(LaasTabt):
            await asyncio.wait_for(asyncio.shield(opgave), 40)


async def test_a_partition_that_stands_still_ends_the_worker(stand: Any, sag: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A checkpoint that does not move although the log does: the watchdog ends the process, and the next one goes on."""
    monkeypatch.setattr(arbejder, "Vagthund", partial(Vagthund, mellemrum=0.2, taalmodighed=2.0))
    async with stand.worker() as opgave:
        await stand.ajour()
        with stand.motor.connect() as fremmed:
            fremmed.execute(text("SELECT 1 FROM delivery.checkpoints FOR UPDATE"))
            await stand.tilfoej(*sag(7))
            await asyncio.sleep(4)
        with pytest.raises(GivOp, match="stands still"):
            await asyncio.wait_for(asyncio.shield(opgave), 20)
    monkeypatch.undo()
    async with stand.worker():
        await stand.ajour()


async def test_rejected_events_in_a_row_halt_the_worker(stand: Any, sag: Any) -> None:
    """150 records of one partition that are none of ours: fewer than the limit are parked, the worker halts, and so does the next."""
    antal = "SELECT count(*) FROM delivery.parkerede WHERE stroem LIKE 'ukendt/3/%'"
    ((foer,),) = stand.sql(antal)
    async with stand.worker() as opgave:
        await stand.ajour()
        await stand.skriv(3, 150)
        with pytest.raises(GivOp, match="in a row failed"):
            await asyncio.wait_for(asyncio.shield(opgave), 20)
    ((parkeret,),) = stand.sql(antal)
    assert 0 < parkeret - foer < 100
    async with stand.worker() as opgave:
        with pytest.raises(GivOp, match="in a row failed"):
            await asyncio.wait_for(asyncio.shield(opgave), 20)
    await sat_til_side(stand, 3)
    async with stand.worker():
        await stand.tilfoej(*sag(8))
        await stand.ajour()


async def sat_til_side(stand: Any, partition: int) -> None:
    """Apply the rest of a partition without a brake: all of it is parked, and the log flows again."""
    projektion = stand.hus.projektion(stand.motor)
    fra, slut = projektion.checkpoint(partition), (await slutninger(stand.hus.options, FAKTA))[partition]
    async for _, poster in laes(stand.hus.options, FAKTA, {partition: fra}, {partition: slut}):
        if poster:
            await asyncio.to_thread(projektion.anvend, partition, poster, poster[0].offset)
