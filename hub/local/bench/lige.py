"""Like for like: one small read model by the rebuild's engine and by its peers, from the same topic, in interleaved rounds."""

import asyncio
import json
import os
import subprocess
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from threading import Timer
from typing import Any, NamedTuple

from hub.bootstrap import Hus, klargoer_database
from hub.events.topics import FAKTA, Topic, sikr
from hub.local.bench.deltagere import DELTAGERE, Deltager, KanIkkeKoere
from hub.local.bench.lille import PARTITIONER, SKRIDT, Log, lille_log
from hub.local.bench.maetning import fyld

KORT = "bench.kort"
KORTE_SAGER = 4_000
"""Cases of the short log, for a contestant that would need minutes for the whole one."""
FRIST = 240.0
"""Seconds that one contestant may take; what is slower has no figure."""
MIKRO = 1_000_000


class Loeb(NamedTuple):
    """One run of a contestant. `cpu`: microseconds of its own processes per event; `peak_rss_mb`: of its largest process."""

    events_per_second: float
    cpu: float
    peak_rss_mb: int


class Logge(NamedTuple):
    """Where the records lie, and what they must come to: the whole log, and a short one."""

    hel: Log
    kort: Log

    def til(self, deltager: Deltager) -> tuple[str, Log]:
        """The topic that the contestant reads, and what is on it."""
        return (KORT, self.kort) if deltager.kort else (FAKTA, self.hel)


Fortael = Callable[[str], None]


def lige_for_lige(hus: Hus, sager: int, runder: int, fortael: Fortael) -> dict[str, Any]:
    """`like_for_like` of `hub bench --json` with its details, on a fresh stack without topics."""
    fortael(f"making {sager * SKRIDT} events of {sager} cases")
    logge = Logge(lille_log(hus.kodeks, sager), lille_log(hus.kodeks, min(sager, KORTE_SAGER)))
    asyncio.run(_laeg_ud(hus, logge))
    klargoer_database(hus)
    loeb: dict[str, list[Loeb]] = {}
    mangler: dict[str, str] = {}
    for runde in range(runder):
        for navn, deltager in DELTAGERE.items():
            if navn in mangler:
                continue
            try:
                loeb.setdefault(navn, []).append(en := _koer(hus, deltager, logge))
                fortael(
                    f"round {runde + 1} of {runder}: {navn}: {en.events_per_second:,.0f} events/s, {en.cpu:.1f} µs, {en.peak_rss_mb} MB"
                )
            except KanIkkeKoere as hvorfor:
                mangler[navn] = str(hvorfor)
    return rapport({navn: egne for navn, egne in loeb.items() if egne and navn not in mangler}, mangler)


def rapport(loeb: Mapping[str, Sequence[Loeb]], mangler: Mapping[str, str]) -> dict[str, Any]:
    """Medians by name; beside them every run, CPU and memory, and why a contestant has no figure."""
    return {
        "like_for_like": {navn: round(median(en.events_per_second for en in egne)) for navn, egne in loeb.items()},
        "like_for_like_runs": {
            navn: {
                "events_per_second": [round(en.events_per_second) for en in egne],
                "cpu_us_per_event": round(median(en.cpu for en in egne), 1),
                "peak_rss_mb": max(en.peak_rss_mb for en in egne),
            }
            for navn, egne in loeb.items()
        },
        "like_for_like_absent": dict(mangler),
    }


def tabel(fundet: Mapping[str, Any]) -> Iterable[str]:
    """The report's lines for people, the fastest first."""
    yield f"{'like for like':<36}{'events/s':>10}{'CPU µs/event':>14}{'peak MB':>9}  rounds"
    for navn, tal in sorted(fundet["like_for_like"].items(), key=lambda par: -par[1]):
        mere = fundet["like_for_like_runs"][navn]
        runder = " ".join(f"{en:,}" for en in mere["events_per_second"])
        yield f"{navn:<36}{tal:>10,}{mere['cpu_us_per_event']:>14}{mere['peak_rss_mb']:>9}  {runder}"
    for navn, hvorfor in fundet["like_for_like_absent"].items():
        yield f"{navn:<36}not run: {hvorfor}"


async def _laeg_ud(hus: Hus, logge: Logge) -> None:
    await sikr(hus.options, [Topic(FAKTA, PARTITIONER), Topic(KORT, PARTITIONER)])
    await fyld(hus, FAKTA, logge.hel.poster)
    await fyld(hus, KORT, logge.kort.poster)


def _koer(hus: Hus, deltager: Deltager, logge: Logge) -> Loeb:
    """Run it once and hold its rows against what they must be. Raises `KanIkkeKoere`."""
    topic, log = logge.til(deltager)
    antal = len(log.poster)
    with TemporaryDirectory(prefix="hub-bench-") as mappe:
        kommando = [*deltager.kommando(Path(mappe)), deltager.variant, hus.bootstrap, topic, str(antal), mappe, hus.database_url]
        cpu = _proces(kommando, Path(mappe))
        maalt = json.loads((Path(mappe) / "out").read_text().strip().splitlines()[-1])
        if not deltager.raa:
            _kraev_raekker(Path(mappe) / "rows.tsv", log)
    return Loeb(antal / maalt["seconds"], cpu / antal * MIKRO, maalt["peak_rss_mb"])


def _proces(kommando: Sequence[str], mappe: Path) -> float:
    """Seconds of CPU that it and its children took. Raises `KanIkkeKoere`."""
    with (mappe / "out").open("wb") as ud, (mappe / "err").open("wb") as fejl:
        kaldt = subprocess.Popen(kommando, stdout=ud, stderr=fejl, cwd=mappe)
        ur = Timer(FRIST, kaldt.kill)
        ur.start()
        try:
            _, status, brugt = os.wait4(kaldt.pid, 0)
        finally:
            ur.cancel()
    kaldt.returncode = os.waitstatus_to_exitcode(status)
    if kaldt.returncode:
        sidste = (mappe / "err").read_text(errors="replace").strip().splitlines()[-1:]
        raise KanIkkeKoere(f"exit code {kaldt.returncode}: {(sidste or ['killed, or without a word'])[0][:200]}")
    return brugt.ru_utime + brugt.ru_stime


def _kraev_raekker(fil: Path, log: Log) -> None:
    """A figure counts only with the right rows. Raises `KanIkkeKoere`."""
    fundne = sorted(fil.read_text().splitlines())
    ventede = sorted("\t".join(map(str, raekke)) for raekke in log.ventet)
    if fundne != ventede:
        gale = len(set(fundne) ^ set(ventede))
        raise KanIkkeKoere(f"its rows are wrong: {len(fundne)} of {len(ventede)}, {gale} of them not as they must be")
