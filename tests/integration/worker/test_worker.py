"""The worker's own loop on a real Kafka and PostgreSQL: relay, agent with its tracks, sequencer, as `hub worker` runs them."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from hub.cli.inprocess import ask
from hub.domain.haendelser import Haendelse
from hub.events.journal import laes, slutninger
from hub.events.topics import FAKTA

pytestmark = pytest.mark.integration
LAASE = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = 'hub')"
DELT = """SELECT navn, min(baner)::int, sum(baner)::int FROM (
    SELECT a.application_name AS navn, count(*) FILTER (WHERE objid < 1000) AS baner FROM pg_locks l JOIN pg_stat_activity a USING (pid)
    WHERE locktype = 'advisory' AND objsubid = 2 AND a.datname = current_database() GROUP BY 1, pid
) s GROUP BY 1 ORDER BY 1"""
CHECKPOINTS = "SELECT partition, naeste_offset FROM delivery.checkpoints ORDER BY 1"


async def test_the_whole_path_from_append_to_follow_up(stand: Any, sag: Any) -> None:
    """Append → log → rows → notifications numbered in order → the link answers with at least the version announced."""
    handlinger = sag(1)
    async with stand.worker():
        await stand.tilfoej(*handlinger)
        await stand.ajour()
        fortalt = await stand.fortalt("46100", handlinger[0]["sagsId"])
        svar = [await ask(stand.hus, n.link.partition("?")[0], {"version": str(n.version)}, {}) for n in fortalt]
    assert fortalt
    assert [n.version for n in fortalt] == sorted(n.version for n in fortalt)
    assert [n.nummer for n in fortalt] == list(range(fortalt[0].nummer, fortalt[0].nummer + len(fortalt)))
    assert [s.status for s in svar] == [200] * len(fortalt)
    assert all(s.document["version"] >= n.version for s, n in zip(svar, fortalt, strict=True))


async def test_after_downtime_the_log_is_caught_up_quiet_partitions_included(stand: Any, blandet: Any) -> None:
    """What the log got while no worker ran is applied at the next start, although the stream delivers nothing new."""
    async with stand.relae_alene():
        foer = stand.sql(CHECKPOINTS)
        await stand.tilfoej(*blandet(2, 120))
    assert stand.sql(CHECKPOINTS) == foer, "somebody else applied it"
    async with stand.worker():
        await stand.ajour()


async def test_two_workers_share_the_partitions_and_one_leaves(stand: Any, blandet: Any) -> None:
    """With two workers, who share the lanes too, and with one of them gone in the middle, everything is applied once and told once."""
    handlinger = blandet(3, 240)
    async with stand.worker() as bliver:
        async with stand.worker():
            await stand.tilfoej(*handlinger[:80])
            async with asyncio.timeout(10):
                while await asyncio.to_thread(stand.sql, DELT) != [("hub-relay", 6, 15), ("hub-sekvenser", 4, 8)]:
                    await asyncio.sleep(0.05)
            await stand.ajour()
            await stand.tilfoej(*handlinger[80:160])
        await stand.tilfoej(*handlinger[160:])
        await stand.ajour()
        assert not bliver.done()
    numre = stand.sql("SELECT job_center_kode, nummer FROM delivery.notifikationer ORDER BY 1, 2")
    for kode in {kode for kode, _ in numre}:
        egne = [nummer for k, nummer in numre if k == kode]
        assert egne == list(range(1, len(egne) + 1))
        ender = await slutninger(stand.hus.options, f"ordningsnotifikation.{kode}")
        assert ender == {0: len(egne)}, "a topic has something twice"


async def test_stopped_under_load_everything_ends_and_lets_go(stand: Any, blandet: Any) -> None:
    """Relay, agent and sequencer end within seconds of the stop event, their locks are free, and the next worker finishes the work."""
    handlinger = blandet(4, 400)
    async with stand.worker():
        tilfoejer = asyncio.create_task(stand.tilfoej(*handlinger))
        await asyncio.sleep(0.3)
        begyndt = asyncio.get_running_loop().time()
    assert asyncio.get_running_loop().time() - begyndt < 15
    await tilfoejer
    # PostgreSQL lets go of a closed session's locks when it notices, a moment after the close.
    async with asyncio.timeout(5):
        while stand.sql(LAASE) != [(0,)]:
            await asyncio.sleep(0.05)
    async with stand.worker():
        await stand.ajour()


async def test_what_the_agent_fails_on_is_not_lost(stand: Any, blandet: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Faust acknowledges an event whose handling fails: the checkpoint, not the acknowledgement, says what is done (faust#527)."""
    projektion = type(stand.hus.projektion(stand.motor))
    fejl = iter([True] * 5)

    def fejlende(rigtig: Callable[..., Any]) -> Callable[..., Any]:
        def anvend(*args: Any, **kwargs: Any) -> Any:
            if next(fejl, False):
                raise OSError("a part fails")
            return rigtig(*args, **kwargs)

        return anvend

    for navn in ("anvend", "anvend_samlet"):
        monkeypatch.setattr(projektion, navn, fejlende(getattr(projektion, navn)))
    async with stand.worker():
        await stand.tilfoej(*blandet(5, 60))
        await stand.ajour()
    assert next(fejl, None) is None, "nothing failed: the test shows nothing"
    await hver_haendelse_er_anvendt(stand)


async def hver_haendelse_er_anvendt(stand: Any) -> None:
    """Every event on the log is in the timeline, once."""
    ender = await slutninger(stand.hus.options, FAKTA)
    paa_loggen: set[tuple[str, int]] = set()
    async for _, poster in laes(stand.hus.options, FAKTA, dict.fromkeys(ender, 0), ender):
        fundne: list[Haendelse] = [stand.hus.kodeks.afkod(p.vaerdi) for p in poster if p.noegle != b"fremmed"]
        paa_loggen |= {(h.kuvert.sagsId, h.kuvert.version) for h in fundne}
    assert set(stand.sql("SELECT sags_id, version FROM gen_1.tidslinje")) == paa_loggen
