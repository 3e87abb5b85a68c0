"""Growth: the whole rebuild of a longer and longer log on one stack; what an event costs, and how much memory each process takes."""

import asyncio
import multiprocessing
import resource
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from typing import Any, NamedTuple

import psutil

from hub.bootstrap import Hus
from hub.events.journal import slutninger
from hub.events.topics import FAKTA
from hub.local import postgres
from hub.local.bench.genopbygning import KLAR_WORKER, PROCESSER, dele, raa, saet_frem, tavs
from hub.local.bench.maetning import fyld, hent_log
from hub.local.bench.mangfold import mangfold
from hub.local.bench.tilfoej import tilfoej
from hub.local.stak import hub
from hub.operations.rebuild import Parts, Rebuilt, rebuild

MINDST = 10_000
"""Events of the log that the others are multiplied from; the smallest size."""
SKRIDT = 10
"""How many times larger the next size is."""
MIKRO = 1e6
BLIK_SEKUNDER = 0.25


class Maalt(NamedTuple):
    """One size: events a second and microseconds of CPU an event; events a second of the raw decode; memory of the largest process in MB.

    PostgreSQL's memory is counted with its shared buffers.
    """

    events: int
    seconds: float
    fill_seconds: float
    index_seconds: float
    compare_seconds: float
    events_per_second: int
    cpu_us: float
    postgres_us: float
    raw_decode: int
    share_of_decode: float
    peak_rss_mb: int
    postgres_rss_mb: int


def vaekst(hus: Hus, stoerst: int, fortael: Callable[[str], None]) -> dict[str, Any]:
    """`growth` of `hub bench --json`, on a fresh stack: sizes of 10,000, ten times as many and so on up to `stoerst` events.

    `cost_growth`: what an event costs at the largest, as a multiple of what it costs at 100,000 (or at the smallest).
    """
    with hub(hus, "worker", vent=KLAR_WORKER):
        tilfoej(hus, MINDST, 1)
        asyncio.run(_til_det_hele_er_sendt(hus))
    poster = asyncio.run(hent_log(hus))
    parts = dele(hus)
    try:
        maalt, har = [], 1
        for gange in stoerrelser(stoerst // MINDST):
            asyncio.run(fyld(hus, FAKTA, mangfold(poster, gange, har)))
            har = gange
            maalt.append(_maal(hus, parts, fortael))
            fortael(str(maalt[-1]))
    finally:
        parts.engine.dispose()
    return {"sizes": [m._asdict() for m in maalt], "cost_growth": kostvaekst(maalt)}


def stoerrelser(gange: int) -> list[int]:
    """How many times the smallest size each size is: 1, 10, 100 … and at last `gange`."""
    alle = [1]
    while alle[-1] * SKRIDT < gange:
        alle.append(alle[-1] * SKRIDT)
    return alle if gange <= 1 else [*alle, gange]


def kostvaekst(maalt: Sequence[Maalt]) -> float:
    """The cost of an event at the largest size over that at the second (where what a run costs once no longer counts for much)."""
    foer = maalt[min(1, len(maalt) - 1)]
    return round((maalt[-1].cpu_us + maalt[-1].postgres_us) / (foer.cpu_us + foer.postgres_us), 2)


def _maal(hus: Hus, parts: Parts, fortael: Callable[[str], None]) -> Maalt:
    ender = asyncio.run(slutninger(hus.options, FAKTA))
    antal = saet_frem(parts, ender)
    fortael(f"rebuilding {antal} events, twice: the second time is measured")
    rebuild(parts, PROCESSER[-1], accept=True, progress=tavs)
    afkodet = raa(hus, ender, PROCESSER[-1], afkod=True)
    pid = postgres.running(hus.settings.data) or 0
    with _hukommelse(pid) as stoerst:
        foer, foer_postgres = _boerns_cpu(), _cpu(pid)
        genopbygget: Rebuilt = rebuild(parts, PROCESSER[-1], accept=False, progress=tavs)
        egne, postgresql = _boerns_cpu() - foer, _cpu(pid) - foer_postgres
    return Maalt(
        antal, round(genopbygget.seconds, 1), round(genopbygget.fill_seconds, 1), round(genopbygget.index_seconds, 1),
        round(genopbygget.compare_seconds, 1), round(genopbygget.events_per_second), round(egne / antal * MIKRO, 1),
        round(postgresql / antal * MIKRO, 1), round(afkodet), round(genopbygget.events_per_second / afkodet, 2),
        genopbygget.peak_rss_mb, stoerst[0],
    )  # fmt: skip


async def _til_det_hele_er_sendt(hus: Hus) -> None:
    while sum((await slutninger(hus.options, FAKTA)).values()) < MINDST:  # noqa: ASYNC110 (an end is asked for, not signalled)
        await asyncio.sleep(0.5)


def _boerns_cpu() -> float:
    """Seconds of CPU of the processes that we started and that have ended: the rebuild's."""
    brugt = resource.getrusage(resource.RUSAGE_CHILDREN)
    return brugt.ru_utime + brugt.ru_stime


def _cpu(pid: int) -> float:
    """Seconds of CPU of the PostgreSQL server, its processes and those that have ended."""
    server = psutil.Process(pid)
    brugt: float = sum(server.cpu_times()[:4])
    for proces in server.children():
        with suppress(psutil.NoSuchProcess):
            brugt += sum(proces.cpu_times()[:2])
    return brugt


@contextmanager
def _hukommelse(pid: int) -> Iterator[list[int]]:
    """Looks four times a second how much memory the largest of PostgreSQL's processes has; the most, in MB, as the list's only entry."""
    # A process and no thread: beside a thread the rebuild forks nothing.
    her, der = multiprocessing.Pipe()
    seer = multiprocessing.get_context("spawn").Process(target=_se, args=(pid, der), daemon=True)
    seer.start()
    stoerst = [0]
    try:
        yield stoerst
    finally:
        her.send(None)
        stoerst[0] = her.recv()
        seer.join()


def _se(pid: int, besked: Connection) -> None:
    """Look until told to end, and say what was seen."""
    mest = 0
    while not besked.poll(BLIK_SEKUNDER):
        for proces in psutil.Process(pid).children():
            with suppress(psutil.NoSuchProcess):
                mest = max(mest, proces.memory_info().rss // (1024 * 1024))
    besked.send(mest)
