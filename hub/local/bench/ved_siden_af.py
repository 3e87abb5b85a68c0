"""A rebuild beside live traffic: the live path's latency without and with one, in turns on one stack; and that nobody is told of it."""

import asyncio
import json
import subprocess
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import Engine, text

from hub.bootstrap import Hus
from hub.events.journal import slutninger
from hub.events.topics import FAKTA
from hub.local.bench.tal import fraktil, ms
from hub.local.bench.tilfoej import tilfoej
from hub.local.bench.ventetid import Maaling, hub_ventetid
from hub.local.generator import saa_mange
from hub.local.stak import adresse_i, hub, kald, vent_paa_http
from hub.operations.udsteder import udsted, udviklingsnoegle

KLAR_WORKER = "worker ready"
RUNDER = 2
OPVARMNING = 4.0
DELE = ("swap", "compare", "index")
"""The parts of a rebuild behind the filling, the last first."""
FAERDIG = text("""
SELECT (SELECT coalesce(sum(naeste_offset), 0) FROM delivery.checkpoints c JOIN delivery.generationer g ON g.nummer = c.generation
        WHERE g.serverer), (SELECT count(*) FROM delivery.notifikationer WHERE sendt IS NULL)
""")
FORTALT = text("SELECT count(*) FROM delivery.notifikationer")


class KunneIkkeOmbygges(RuntimeError):
    """`hub rebuild` failed; the text is what it said."""


class Ombygget(NamedTuple):
    """What a rebuild said, and when it began and ended (`time.perf_counter`)."""

    sagt: dict[str, Any]
    begyndt: float
    endt: float

    def del_(self, sekund: float) -> str | None:
        """The part of the rebuild that a moment fell in, counted back from its end; None: none."""
        if not self.begyndt <= sekund <= self.endt:
            return None
        graense = self.endt
        for navn in DELE:
            graense -= self.sagt[f"{navn}_seconds"]
            if sekund >= graense:
                return navn
        return "fill" if sekund >= graense - self.sagt["fill_seconds"] else "start"


@dataclass
class Forloeb:
    """The latencies without and with a rebuild beside, and what the rebuilds said."""

    alene: list[float] = field(default_factory=list)
    beside: list[float] = field(default_factory=list)
    dele: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    ombygninger: list[Ombygget] = field(default_factory=list)
    afvist: int = 0


def ved_siden_af(hus: Hus, haendelser: int, maal: tuple[int, int], fortael: Callable[[str], None]) -> dict[str, Any]:
    """The figures. `maal`: seconds and actions a second of each turn; the log has about `haendelser` events before."""
    sekunder, i_sekundet = maal
    engine = hus.motor("bench", 2)
    try:
        with hub(hus, "worker", vent=KLAR_WORKER), hub(hus, "api", vent="http://") as linje:
            vent_paa_http(adresse_i(linje))
            fortael(f"appending {haendelser} actions, to be rebuilt")
            tilfoej(hus, haendelser, 1)
            asyncio.run(_ajour(hus, engine))
            forloeb = asyncio.run(_skiftevis(hus, engine, adresse_i(linje), (sekunder, i_sekundet), fortael))
            fortalt = _fortalt(engine)
            forloeb.ombygninger += asyncio.run(_ombyg_til(hus, time.monotonic() + 0.1))
            return _rapport(forloeb, i_sekundet) | {"notified_by_rebuild": _fortalt(engine) - fortalt}
    finally:
        engine.dispose()


async def _skiftevis(hus: Hus, engine: Engine, adresse: str, maal: tuple[int, int], fortael: Callable[[str], None]) -> Forloeb:
    sekunder, i_sekundet = maal
    token = udsted(udviklingsnoegle(hus.settings.data), hus.settings.issuer, "bench", "vitas")
    forloeb = Forloeb()

    async def maal_(seed: int, laengde: int) -> Maaling:
        return await hub_ventetid(hus, adresse, token, saa_mange(laengde * i_sekundet, seed), i_sekundet)

    await maal_(100, 5)
    for runde in range(RUNDER):
        fortael(f"{i_sekundet} actions a second for {sekunder} s, then beside rebuilds, round {runde + 1} of {RUNDER}")
        alene = await maal_(200 + runde, sekunder)
        ombygger = asyncio.create_task(_ombyg_til(hus, time.monotonic() + sekunder, OPVARMNING))
        ved = await maal_(300 + runde, sekunder)
        ombygninger = await ombygger
        forloeb.ombygninger += ombygninger
        forloeb.alene += _varme(alene)
        forloeb.afvist += alene.afvist + ved.afvist
        for noegle, laest in ved.laest.items():
            if (sendt := ved.sendt.get(noegle)) is not None:
                for del_ in filter(None, (o.del_(sendt) for o in ombygninger)):
                    forloeb.beside.append(laest - sendt)
                    forloeb.dele[del_].append(laest - sendt)
        await _ajour(hus, engine)
    return forloeb


def _varme(maaling: Maaling) -> list[float]:
    """The latencies but for the first seconds, in which connections are made and statements are planned."""
    fra = min(maaling.sendt.values(), default=0.0) + OPVARMNING
    return [tid - sendt for n, tid in maaling.laest.items() if (sendt := maaling.sendt.get(n, 0.0)) >= fra]


async def _ombyg_til(hus: Hus, slut: float, vent: float = 0.0) -> list[Ombygget]:
    """After `vent` seconds, one rebuild after the other until then. Raises `KunneIkkeOmbygges`."""
    gjort = []
    await asyncio.sleep(vent)
    while time.monotonic() < slut:
        begyndt = time.perf_counter()
        koert: subprocess.CompletedProcess[str] = await asyncio.to_thread(kald, hus, "rebuild", "--execute", "--json")
        if koert.returncode:
            raise KunneIkkeOmbygges(f"{koert.stderr}\n{koert.stdout[:2_000]}")
        gjort.append(Ombygget(json.loads(koert.stdout), begyndt, time.perf_counter()))
    return gjort


async def _ajour(hus: Hus, engine: Engine) -> None:
    """Wait until what the log has is projected, and what is due is sent."""
    while True:
        slut = sum((await slutninger(hus.options, FAKTA)).values())
        with engine.connect() as conn:
            sted, usendte = conn.execute(FAERDIG).one()
        if (sted, usendte) == (slut, 0) and not _paa_vej(engine):
            return
        await asyncio.sleep(0.5)


def _fortalt(engine: Engine) -> int:
    with engine.connect() as conn:
        return int(conn.execute(FORTALT).scalar_one())


def _paa_vej(engine: Engine) -> bool:
    with engine.connect() as conn:
        return bool(conn.execute(text("SELECT EXISTS (SELECT 1 FROM ledger.outbox WHERE sendt IS NULL)")).scalar_one())


def _rapport(forloeb: Forloeb, i_sekundet: int) -> dict[str, Any]:
    sagt = [o.sagt for o in forloeb.ombygninger]
    ud: dict[str, Any] = {"actions_per_second": i_sekundet, "refused": forloeb.afvist}
    for navn, tider in (("alone", forloeb.alene), ("beside", forloeb.beside), *forloeb.dele.items()):
        ud |= {f"{navn}_p50_ms": ms(fraktil(tider, 0.5)), f"{navn}_p99_ms": ms(fraktil(tider, 0.99)), f"{navn}_actions": len(tider)}
    ud["p99_times"] = round(fraktil(forloeb.beside, 0.99) / fraktil(forloeb.alene, 0.99), 2)
    ud |= {"rebuilds": len(sagt), "events": sagt[-1]["events"], "differences": sum(o["differences"] for o in sagt)}
    ud["rebuilt_events_per_second"] = [round(o["events"] / o["seconds"]) for o in sagt]
    return ud | {"longest_swap_ms": ms(max(o["swap_seconds"] for o in sagt))}
