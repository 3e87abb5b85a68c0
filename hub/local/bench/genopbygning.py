"""The whole rebuild beside a raw read and a raw decode of the same topic, in one run, interleaved."""

import asyncio
import gc
import multiprocessing
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.pool import Pool
from typing import Any

from sqlalchemy import text

from hub.bootstrap import Hus
from hub.events.codec import Kodeks
from hub.events.journal import Post, laes, slutninger
from hub.events.schemas import Skemaregister, skemamappe
from hub.events.topics import FAKTA
from hub.local.bench.maetning import fyld
from hub.local.bench.mangfold import mangfold
from hub.local.stak import hub
from hub.operations.processes import NICE
from hub.operations.rebuild import Parts, Rebuilt, rebuild
from hub.operations.rebuild_fill import shares
from hub.operations.rebuild_process import AT_ONCE

RUNDER = 3
PROCESSER = (1, 2)
KLAR_WORKER = "worker ready"
SAET = text("UPDATE delivery.checkpoints SET naeste_offset = :slut WHERE partition = :p")
SAET_POSITION = text("UPDATE delivery.notifikationspositioner SET naeste_offset = :slut WHERE partition = :p")


@dataclass(frozen=True)
class Runde:
    """One round: events per second, by number of processes; and the rebuilds."""

    laest: dict[int, float]
    afkodet: dict[int, float]
    genopbygget: dict[int, Rebuilt]


def genopbyg(hus: Hus, poster: Sequence[Post], antal: int, fortael: Callable[[str], None]) -> dict[str, Any]:
    """`rebuild` of `hub bench --json`, on a fresh stack: the records multiplied to about `antal` events; medians of the rounds."""
    with hub(hus, "worker", vent=KLAR_WORKER):
        pass
    asyncio.run(fyld(hus, FAKTA, mangfold(poster, max(1, round(antal / len(poster))))))
    ender = asyncio.run(slutninger(hus.options, FAKTA))
    parts = dele(hus)
    try:
        saet_frem(parts, ender)
        # The first fills what the others are compared with.
        rebuild(parts, PROCESSER[-1], accept=True, progress=tavs)
        runder = []
        for nummer in range(RUNDER):
            fortael(f"rebuilding {sum(ender.values())} events beside raw read and raw decode, round {nummer + 1} of {RUNDER}")
            runder.append(_runde(hus, parts, ender))
    finally:
        parts.engine.dispose()
    return rapport(runder)


def saet_frem(parts: Parts, ender: Mapping[int, int]) -> int:
    """Let the serving generation stand at the log's ends, as if it had applied everything; how many records that is."""
    with parts.engine.begin() as conn:
        for saet in (SAET, SAET_POSITION):
            conn.execute(saet, [{"slut": slut, "p": p} for p, slut in ender.items()])
    return sum(ender.values())


def rapport(runder: Sequence[Runde]) -> dict[str, Any]:
    """The figures with the most processes, as the contract names them, and beside them those with one."""
    mest = PROCESSER[-1]
    ud: dict[str, Any] = {"events": runder[0].genopbygget[mest].events, "differences": max(r.genopbygget[mest].differences for r in runder)}
    for n in reversed(PROCESSER):
        efter = "" if n == mest else f"_{n}_process"
        ud |= {
            f"events_per_second{efter}": round(_median([r.genopbygget[n].events_per_second for r in runder])),
            f"raw_read{efter}": round(_median([r.laest[n] for r in runder])),
            f"raw_decode{efter}": round(_median([r.afkodet[n] for r in runder])),
            f"share_of_decode{efter}": round(_median([r.genopbygget[n].events_per_second / r.afkodet[n] for r in runder]), 2),
            f"peak_rss_mb{efter}": max(r.genopbygget[n].peak_rss_mb for r in runder),
        }
    return ud


def _runde(hus: Hus, parts: Parts, ender: Mapping[int, int]) -> Runde:
    laest, afkodet, genopbygget = {}, {}, {}
    for n in PROCESSER:
        laest[n] = raa(hus, ender, n, afkod=False)
        afkodet[n] = raa(hus, ender, n, afkod=True)
        genopbygget[n] = rebuild(parts, n, accept=False, progress=tavs)
    return Runde(laest, afkodet, genopbygget)


def raa(hus: Hus, ender: Mapping[int, int], processer: int, *, afkod: bool) -> float:
    """Events per second of reading, and decoding, everything; the processes are up before the clock starts."""
    dele = [(hus.options, del_, afkod) for del_ in shares(ender, processer)]
    with multiprocessing.get_context("spawn").Pool(len(dele)) as pulje:
        _varm(pulje, len(dele))
        begyndt = time.perf_counter()
        antal = sum(pulje.map(_laes_del, dele, chunksize=1))
        return antal / (time.perf_counter() - begyndt)


def _varm(pulje: Pool, antal: int) -> None:
    pulje.map(_sov, [0.3] * antal, chunksize=1)


def _sov(sekunder: float) -> None:
    time.sleep(sekunder)


def _laes_del(del_: tuple[dict[str, Any], Mapping[int, int], bool]) -> int:
    """In a process of its own, as low as a rebuild's: read, and perhaps decode, some partitions; how many records."""
    options, ender, afkod = del_
    if os.nice(0) < NICE:
        os.nice(NICE)
    gc.disable()
    return asyncio.run(_laes(options, ender, Kodeks(Skemaregister(skemamappe())) if afkod else None))


async def _laes(options: dict[str, Any], ender: Mapping[int, int], kodeks: Kodeks | None) -> int:
    antal = 0
    async for _, poster in laes(options, FAKTA, dict.fromkeys(ender, 0), ender, AT_ONCE):
        antal += len(poster)
        for post in poster if kodeks is not None else ():
            kodeks.afkod(post.vaerdi or b"")  # type: ignore[union-attr]
    return antal


def dele(hus: Hus) -> Parts:
    """What a rebuild of the stack works on."""
    engine = hus.motor("rebuild by bench", 6)
    return Parts(hus.settings, hus.bootstrap, hus.database_url, engine, hus.options, hus.kodeks, hus.driftslog, hus.settings.data, "bench")


def tavs(faerdige: int, i_alt: int) -> None:
    """Nothing."""


def _median(tal: Sequence[float]) -> float:
    return sorted(tal)[len(tal) // 2]
