"""Pitfalls of Faust and of a worker's place between Kafka and PostgreSQL, each in a running worker."""

import asyncio
import logging
import os
from collections.abc import Callable, Iterator
from typing import Any

import psutil
import pytest
from aiokafka.admin import AIOKafkaAdminClient
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from hub.consumers import spor as sporet
from hub.consumers.worker import Worker
from hub.events.journal import Post, slutninger
from hub.events.topics import ERKLAEREDE, NOTIFIKATIONER
from hub.projections.live import Projektion

pytestmark = pytest.mark.integration
CUT = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'hub-worker'"
NUMRE = """SELECT n.job_center_kode, m.hoved, count(*) FROM delivery.notifikationer n
           JOIN delivery.numre m USING (job_center_kode) GROUP BY 1, 2"""
TABELLER = """SELECT schemaname, tablename FROM pg_tables
              WHERE schemaname IN ('ledger', 'delivery', 'keys', 'audit') AND tablename <> 'alembic_version'"""
TIDSLINJE = "SELECT count(*), count(DISTINCT (partition, kafka_offset)) FROM gen_1.tidslinje"


async def stemmer(stand: Any) -> None:
    """Every event is applied once; each jobcentre's topic has exactly its numbers, each once."""
    ((events, steder),) = stand.sql(TIDSLINJE)
    ((udsendte,),) = stand.sql("SELECT count(*) FROM ledger.outbox WHERE topic = 'vitas.sagshaendelser'")
    assert events == steder == udsendte
    for kode, hoved, antal in stand.sql(NUMRE):
        assert await slutninger(stand.hus.options, f"{NOTIFIKATIONER}{kode}") == {0: hoved}
        assert antal == hoved


async def test_an_exception_that_leaves_the_agent_loses_nothing(stand: Any, blandet: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Faust acknowledges the event and goes on behind it: the hole before the next part, or the watchdog, brings it from the log."""
    rigtig, falder = Worker._modtag, iter([False, True, False, False, True])

    async def modtag(self: Worker, post: Post) -> None:
        if next(falder, False):
            raise ValueError("the agent's body fails")
        await rigtig(self, post)

    monkeypatch.setattr(Worker, "_modtag", modtag)
    async with stand.worker() as opgave:
        await stand.tilfoej(*blandet(31, 60))
        await stand.ajour()
        assert not opgave.done()
    assert next(falder, None) is None, "nothing was thrown: the test shows nothing"
    await stemmer(stand)


async def test_a_commit_whose_answer_is_lost_is_looked_up(stand: Any, blandet: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The connection is cut when the commit was made: tried again, the part finds itself below the checkpoint; nothing is twice."""
    tabte = iter([True] * 6)

    def uden_svar(rigtig: Callable[..., Any]) -> Callable[..., Any]:
        def anvend(*args: Any, **kwargs: Any) -> Any:
            udfald = rigtig(*args, **kwargs)
            if next(tabte, False):
                raise OperationalError("COMMIT", {}, OSError("connection lost"))
            return udfald

        return anvend

    for navn in ("anvend", "anvend_samlet"):
        monkeypatch.setattr(Projektion, navn, uden_svar(getattr(Projektion, navn)))
    async with stand.worker():
        await stand.tilfoej(*blandet(32, 80))
        await stand.ajour()
    assert next(tabte, None) is None, "no commit was lost: the test shows nothing"
    await stemmer(stand)


async def test_connections_cut_under_load_lose_and_double_nothing(stand: Any, blandet: Any) -> None:
    """The server ends the projection's connections again and again, in the middle of transactions and of commits."""
    handlinger, brudte = blandet(33, 400), 0
    async with stand.worker() as opgave:
        for start in range(0, 400, 20):
            await stand.tilfoej(*handlinger[start : start + 20])
            brudte += (await asyncio.to_thread(stand.sql, CUT))[0][0]
        await stand.ajour()
        assert not opgave.done()
    assert brudte, "nothing was cut: the test shows nothing"
    await stemmer(stand)


async def test_sql_that_waits_does_not_stop_the_loop(stand: Any, sag: Any) -> None:
    """A part that waits for a row waits in a thread: heartbeats, relay and sequencer go on, so no rebalance comes of it."""
    laengst = 0.0
    async with stand.worker():
        await stand.ajour()
        with stand.motor.connect() as fremmed:
            fremmed.execute(text("SELECT 1 FROM delivery.checkpoints FOR UPDATE"))
            await stand.tilfoej(*sag(34))
            slut = asyncio.get_running_loop().time() + 2
            while (nu := asyncio.get_running_loop().time()) < slut:
                await asyncio.sleep(0.02)
                laengst = max(laengst, asyncio.get_running_loop().time() - nu)
            fremmed.rollback()
        await stand.ajour()
    assert laengst < 1.0, f"the loop stood still for {laengst:.1f} s"


async def test_a_later_releases_schema_does_not_disturb_a_running_worker(stand: Any, blandet: Any) -> None:
    """A column more on every table, under a worker whose statements are prepared: it goes on, and so does one that starts then."""
    handlinger = blandet(36, 180)

    def aendr(aendring: str) -> None:
        for skema, tabel in stand.sql(TABELLER):
            stand.sql(f"ALTER TABLE {skema}.{tabel} {aendring}")

    async with stand.worker() as opgave:
        await stand.tilfoej(*handlinger[:60])
        await stand.ajour()
        try:
            await asyncio.to_thread(aendr, "ADD COLUMN senere text")
            await stand.tilfoej(*handlinger[60:120])
            await stand.ajour()
            assert not opgave.done()
            async with stand.worker():
                await stand.tilfoej(*handlinger[120:])
                await stand.ajour()
        finally:
            await asyncio.to_thread(aendr, "DROP COLUMN IF EXISTS senere")
    await stemmer(stand)


@pytest.fixture
def foer() -> Iterator[tuple[int, set[int]]]:
    """The root logger's level, and the ports that this process listens on, before the worker."""
    yield logging.getLogger().level, lytter()


def lytter() -> set[int]:
    """The TCP ports that this process listens on."""
    return {c.laddr.port for c in psutil.Process(os.getpid()).net_connections("tcp") if c.status == psutil.CONN_LISTEN}


async def test_a_worker_opens_no_port_makes_no_topic_and_leaves_logging_alone(stand: Any, sag: Any, foer: tuple[int, set[int]]) -> None:
    """Faust's defaults: a web server without login, topics with one copy, and the root logger at DEBUG."""
    async with stand.worker():
        await stand.tilfoej(*sag(35))
        await stand.ajour()
        assert (logging.getLogger().level, lytter()) == foer
        admin = AIOKafkaAdminClient(**stand.hus.options)
        await admin.start()
        navne = {navn for navn in await admin.list_topics() if not navn.startswith(("__", NOTIFIKATIONER))}
        await admin.close()
    assert navne == {topic.navn for topic in ERKLAEREDE}
    assert sporet.STOERSTE_BUFFER <= 4_096
