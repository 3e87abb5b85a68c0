"""One run of the benchmark: append in bulk, the live path's latency and saturated throughput, and the rebuild, each beside its peer."""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvloop

from hub.bootstrap import Hus
from hub.events.journal import Post, slutninger
from hub.events.topics import FAKTA, FAKTA_PARTITIONER, Topic, sikr
from hub.local.bench.genopbygning import genopbyg
from hub.local.bench.maetning import fyld, hent_log, hub_maetning
from hub.local.bench.tal import fraktil, maskine, ms
from hub.local.bench.tilfoej import tilfoej
from hub.local.bench.ventetid import faust_ventetid, hub_ventetid
from hub.local.generator import saa_mange
from hub.local.stak import adresse_i, hub, stak, vent_paa_http
from hub.operations.udsteder import udsted, udviklingsnoegle

PEER = Path(__file__).parents[3] / "benchmarks" / "plain_faust.py"
KLAR_WORKER = "worker ready"
GENOPBYGNING = 5
"""How many times the events of the other parts a rebuild reads."""
Fortael = Callable[[str], None]


def koer(haendelser: int, sekunder: int, i_sekundet: int, fortael: Fortael) -> dict[str, Any]:
    """The report of `hub bench --json` (contract.md). About six minutes with the defaults."""
    rapport: dict[str, Any] = {"machine": maskine(), "live": {}}
    with stak() as hus:
        poster = asyncio.run(_append(hus, haendelser, rapport, fortael))
    with stak() as hus:
        asyncio.run(_maetning(hus, poster, rapport["live"], fortael))
    with stak() as hus:
        # The loop that the hub's own processes run on: what sends and reads the load shares their cores.
        uvloop.run(_ventetid(hus, (sekunder, i_sekundet), rapport["live"], fortael))
    with stak() as hus:
        rapport["rebuild"] = genopbyg(hus, poster, GENOPBYGNING * haendelser, fortael)
    return rapport


async def _append(hus: Hus, antal: int, rapport: dict[str, Any], fortael: Fortael) -> list[Post]:
    with hub(hus, "worker", vent=KLAR_WORKER):
        pass
    fortael(f"appending {antal} actions in bulk")
    maalt = await asyncio.to_thread(tilfoej, hus, antal, 1)
    rapport["append"] = {"actions_per_second": round(maalt.i_sekundet), "actions": maalt.antal, "refused": maalt.afvist}
    with hub(hus, "worker", vent=KLAR_WORKER):
        while sum((await slutninger(hus.options, FAKTA)).values()) < maalt.antal:  # noqa: ASYNC110 (an end is asked for, not signalled)
            await asyncio.sleep(1)
    return await hent_log(hus)


async def _maetning(hus: Hus, poster: Sequence[Post], live: dict[str, Any], fortael: Fortael) -> None:
    engine = hus.motor("bench", 2)
    with hub(hus, "worker", vent=KLAR_WORKER):
        fortael(f"pushing {len(poster)} events through the live path")
        maalt = await hub_maetning(hus, engine, poster)
    engine.dispose()
    live["events_per_second"] = round(maalt.antal / maalt.projiceret)
    live["notified_events_per_second"] = round(maalt.antal / maalt.sendt)
    fortael("pushing the same events through an empty Faust agent")
    await sikr(hus.options, [Topic("bench.tom", FAKTA_PARTITIONER)])
    with _peer(hus, "empty", "bench.tom", "-") as tom:
        await fyld(hus, "bench.tom", poster)
        await asyncio.sleep(len(poster) / 8_000 + 3)
    live["empty_faust_events_per_second"] = tom()["events_per_second"]
    live["share_of_empty_faust"] = round(live["events_per_second"] / live["empty_faust_events_per_second"], 2)


async def _ventetid(hus: Hus, maal: tuple[int, int], live: dict[str, Any], fortael: Fortael) -> None:
    sekunder, i_sekundet = maal
    handlinger = saa_mange(sekunder * i_sekundet, 2)
    token = udsted(udviklingsnoegle(hus.settings.data), hus.settings.issuer, "bench", "vitas")
    with hub(hus, "worker", vent=KLAR_WORKER), hub(hus, "api", vent="http://") as linje:
        adresse = adresse_i(linje)
        vent_paa_http(adresse)
        await hub_ventetid(hus, adresse, token, saa_mange(5 * i_sekundet, 3), i_sekundet)
        fortael(f"live path: {i_sekundet} actions a second for {sekunder} s")
        maalt = await hub_ventetid(hus, adresse, token, handlinger, i_sekundet)
    tider, efter = maalt.fra_afsendelse(), maalt.fra_kvittering()
    live |= {"actions_per_second": i_sekundet, "notifications": len(tider), "refused": maalt.afvist}
    live |= {"p50_ms": ms(fraktil(tider, 0.5)), "p99_ms": ms(fraktil(tider, 0.99))}
    live |= {"after_receipt_p50_ms": ms(fraktil(efter, 0.5)), "after_receipt_p99_ms": ms(fraktil(efter, 0.99))}
    fortael("the same rate through a plain Faust agent")
    vaerdier = [b"x" * 600] * (sekunder * i_sekundet)
    await sikr(hus.options, [Topic("bench.ind", FAKTA_PARTITIONER), Topic("bench.ud", 1)])
    with _peer(hus, "event", "bench.ind", "bench.ud"):
        await faust_ventetid(hus, "bench.ind", "bench.ud", vaerdier[: 5 * i_sekundet], i_sekundet)
        plain = await faust_ventetid(hus, "bench.ind", "bench.ud", vaerdier, i_sekundet)
    live |= {"plain_faust_p50_ms": ms(fraktil(plain, 0.5)), "plain_faust_p99_ms": ms(fraktil(plain, 0.99))}


@contextmanager
def _peer(hus: Hus, mode: str, ind: str, ud: str) -> Iterator[Callable[[], dict[str, Any]]]:
    """Run the plain Faust agent; after the context the function gives what it printed at its end."""
    kommando = [sys.executable, str(PEER), hus.bootstrap, hus.database_url, mode, ind, ud]
    with subprocess.Popen(kommando, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as kaldt:
        assert kaldt.stdout is not None
        while "ready" not in kaldt.stdout.readline():
            time.sleep(0.01)
        time.sleep(3)
        svar: dict[str, Any] = {}
        try:
            yield lambda: svar
        finally:
            kaldt.terminate()
            sidste = kaldt.communicate(timeout=30)[0].strip().splitlines()
            svar.update(json.loads(sidste[-1]) if sidste else {})
