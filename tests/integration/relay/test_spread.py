"""The lanes spread over the relays that serve them, and move while rows are sent."""

import asyncio
from contextlib import AsyncExitStack
from typing import Any

import pytest

from hub.events.andel import Plads

pytestmark = pytest.mark.integration
HOLDERS = """SELECT array_agg(n ORDER BY n) FROM (
    SELECT count(*)::int AS n FROM pg_locks l JOIN pg_database d ON d.oid = l.database
    WHERE locktype = 'advisory' AND datname = current_database() AND objid < 1000 AND objsubid = 2 GROUP BY pid
) h"""


@pytest.mark.parametrize("baner", [1, 3, 8, 12, 15])
@pytest.mark.parametrize("antal", [1, 2, 3, 5, 12, 20])
def test_the_shares_are_even_and_together_they_are_all_lanes(baner: int, antal: int) -> None:
    """However many lanes and workers: every lane is somebody's, and no two workers differ by more than one."""
    andele = [Plads(antal, foran).andel(baner) for foran in range(antal)]
    assert sum(andele) == baner
    assert max(andele) - min(andele) <= 1


async def test_lanes_move_to_who_joins_and_back_while_rows_are_sent(stand: Any, vent: Any) -> None:
    """Four lanes: 4, then 2 and 2, then 2, 1 and 1, then 4 again; each row is on the log once, each lane in order."""
    sendt = 0

    async def send_og_se(fordelt: list[int]) -> None:
        nonlocal sendt
        async with asyncio.timeout(10):
            while stand.et(HOLDERS) != fordelt:
                sendt += 1
                for partition in range(4):
                    stand.tilfoej(partition, f"s{partition}", sendt)
                await asyncio.sleep(0.02)

    async with stand.relae():
        await send_og_se([4])
        async with AsyncExitStack() as andre:
            await andre.enter_async_context(stand.relae())
            await send_og_se([2, 2])
            await andre.enter_async_context(stand.relae())
            await send_og_se([1, 1, 2])
        await send_og_se([4])
        await vent(lambda: stand.usendte() == 0)
    assert sendt > 5
    for partition in range(4):
        egne = [post for post in await stand.log() if post.partition == partition]
        assert len(egne) == sendt
        assert [post.offset for post in egne] == stand.conn.execute(
            "SELECT array_agg(kafka_offset ORDER BY id) FROM ledger.outbox WHERE partition = %s", [partition]
        ).fetchone()[0]
