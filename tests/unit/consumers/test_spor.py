"""The track of a partition: greedy parts, holes caught up from the log, failures postponed, the brake and the watchdog."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from tvillinger import Hukommelse, Loglager, en_post

from hub.consumers.overvaagning import Bremse, GivOp, overvaag
from hub.consumers.samkoersel import Samkoersel
from hub.consumers.spor import Spor
from hub.consumers.vagthund import Vagthund


class Bane:
    """A running track and what it is made of."""

    def __init__(self, projektion: Hukommelse, loglager: Loglager, bremse: Bremse | None = None) -> None:
        self.traade = ThreadPoolExecutor(1)
        self.spor = Spor(3, Samkoersel(projektion, self.traade), loglager, bremse or Bremse())

    async def __aenter__(self) -> "Bane":
        self.opgave = asyncio.ensure_future(self.spor.koer(taalmodighed=0.3))
        return self

    async def __aexit__(self, *_: object) -> None:
        self.opgave.cancel()
        await asyncio.wait([self.opgave])
        self.traade.shutdown()


async def ventet(betingelse: "object") -> None:
    """Wait up to two seconds until the callable is true."""
    async with asyncio.timeout(2):
        while not betingelse():  # type: ignore[operator]
            await asyncio.sleep(0.005)


async def test_what_the_log_has_on_assignment_is_applied_before_anything_is_delivered() -> None:
    """A quiet partition's backlog is read from the log although the stream delivers nothing."""
    projektion = Hukommelse(naeste=2)
    async with Bane(projektion, Loglager(slut=1_200)):
        await ventet(lambda: projektion.naeste == 1_200)
    assert projektion.anvendte == list(range(2, 1_200))


async def test_a_part_beyond_the_checkpoint_is_preceded_by_the_hole_from_the_log() -> None:
    """The stream begins at 10, the checkpoint at 4: offsets 4–9 come from the log, once and in order."""
    projektion, loglager = Hukommelse(naeste=4), Loglager(slut=4)
    async with Bane(projektion, loglager) as bane:
        await ventet(lambda: bane.spor.checkpoint == 4)
        loglager.slut = 12
        for offset in (10, 11):
            await bane.spor.laeg(en_post(offset))
        await ventet(lambda: projektion.naeste == 12)
    assert projektion.anvendte == list(range(4, 12))


async def test_records_below_the_checkpoint_are_dropped() -> None:
    """What the stream repeats after a restart is not applied a second time."""
    projektion = Hukommelse(naeste=0)
    async with Bane(projektion, Loglager(slut=5)) as bane:
        await ventet(lambda: bane.spor.checkpoint == 5)
        for offset in range(7):
            await bane.spor.laeg(en_post(offset))
        await ventet(lambda: projektion.naeste == 7)
    assert projektion.anvendte == list(range(7))


async def test_a_failed_part_is_tried_again_before_more_is_taken() -> None:
    """A part that fails twice is postponed and then applied whole; nothing overtakes it."""
    projektion = Hukommelse(fejl=[OSError("away"), OSError("away")])
    async with Bane(projektion, Loglager()) as bane:
        await ventet(lambda: bane.spor.checkpoint == 0)
        for offset in range(3):
            await bane.spor.laeg(en_post(offset))
        await ventet(lambda: projektion.naeste == 3)
    assert projektion.anvendte == [0, 1, 2]


async def test_a_part_that_cannot_be_stored_ends_the_worker() -> None:
    """After the patience the track gives up, so that the process ends and is started afresh: nothing is skipped."""
    projektion = Hukommelse(fejl=[OSError("away")] * 100)
    async with Bane(projektion, Loglager()) as bane:
        await ventet(lambda: bane.spor.checkpoint == 0)
        await bane.spor.laeg(en_post(0))
        with pytest.raises(GivOp, match="kept failing"):
            await asyncio.wait_for(asyncio.shield(bane.opgave), 3)
    assert projektion.anvendte == []


async def test_the_brake_halts_with_what_lies_below_the_limit_parked() -> None:
    """Of two hundred failed events in a row 99 are set aside, for an operator to see, and the worker halts before the hundredth."""
    bremse = Bremse(100)
    projektion = Hukommelse(afvis=True, bremse=bremse)
    async with Bane(projektion, Loglager(slut=200), bremse) as bane:
        with pytest.raises(GivOp, match="in a row failed"):
            await asyncio.wait_for(asyncio.shield(bane.opgave), 3)
    assert projektion.naeste == 99


def test_an_applied_event_releases_the_brake() -> None:
    """Failed events with applied ones between are parked for ever without a halt."""
    bremse = Bremse(3)
    for _ in range(10):
        bremse.kontroller(0, 2)
        bremse.taelt(0, 2)
        bremse.taelt(1, 0)


def test_events_that_only_wait_do_not_pull_the_brake() -> None:
    """A long case behind one failed event is one failure."""
    bremse = Bremse(3)
    bremse.taelt(0, 1)
    bremse.kontroller(0, 0)


def test_a_new_process_begins_with_the_failures_of_the_last() -> None:
    """A restart does not give a broken projection another hundred."""
    with pytest.raises(GivOp):
        Bremse(100, i_traek=99).kontroller(0, 1)


async def test_parts_grow_only_while_work_is_going_on() -> None:
    """A single record is a part of its own; what arrives while it is applied is one part."""
    projektion = Hukommelse()
    async with Bane(projektion, Loglager()) as bane:
        await ventet(lambda: bane.spor.checkpoint == 0)
        await bane.spor.laeg(en_post(0))
        await ventet(lambda: projektion.naeste == 1)
        for offset in range(1, 6):
            await bane.spor.laeg(en_post(offset))
        await ventet(lambda: projektion.naeste == 6)
    assert projektion.dele[:1] + projektion.dele[-1:] == [[0], [1, 2, 3, 4, 5]]


async def test_the_watchdog_wakes_a_track_that_nothing_is_delivered_to() -> None:
    """A stream that stalls silently is seen by the log's end, and the track reads for itself."""
    projektion, loglager = Hukommelse(), Loglager()
    async with Bane(projektion, loglager) as bane:
        await ventet(lambda: bane.spor.checkpoint == 0)
        hund = asyncio.ensure_future(Vagthund(loglager, {3: bane.spor}, mellemrum=0.02, taalmodighed=5).koer())
        loglager.slut = 4
        await ventet(lambda: projektion.naeste == 4)
        hund.cancel()


async def test_the_watchdog_ends_the_worker_when_a_checkpoint_stands_still() -> None:
    """A partition that does not move for its patience although the log does is a stall; the process must end."""
    bane = Bane(Hukommelse(), Loglager())
    bane.spor.checkpoint = 0
    with pytest.raises(GivOp, match="stands still"):
        async with asyncio.timeout(2):
            await Vagthund(Loglager(slut=9), {3: bane.spor}, mellemrum=0.02, taalmodighed=0.1).koer()


async def test_the_boundary_passes_what_cannot_go_on() -> None:
    """`GivOp` is not postponed."""

    async def arbejde() -> None:
        raise GivOp("enough")

    with pytest.raises(GivOp, match="enough"):
        await overvaag(arbejde, "a part", 60)


async def test_a_part_that_is_to_end_is_not_begun_again() -> None:
    """What is cleared up on the way out fails, for its service is away: the part ends all the same, and no lane is held up by it."""
    begyndt = asyncio.Event()

    async def arbejde() -> None:
        begyndt.set()
        try:
            await asyncio.Event().wait()
        finally:
            raise ConnectionError("nobody to say goodbye to")

    opgave = asyncio.create_task(overvaag(arbejde, "a part", 60))
    await begyndt.wait()
    opgave.cancel()
    await asyncio.wait({opgave}, timeout=1)
    assert opgave.cancelled()
