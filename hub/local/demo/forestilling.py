"""The demonstration: its own services and processes, every story of every chapter, a report, and nothing left running."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import aiohttp

from hub.bootstrap import Hus
from hub.local.demo import kapitel1, kapitel2, kapitel3, kapitel4, kapitel5, kapitel6
from hub.local.demo.historie import Fortalt, Historie, Kapitel, Resultat
from hub.local.demo.scene import Scene, scene
from hub.local.stak import adresse_i, hub, stak, vent_paa_http

KAPITLER: tuple[Kapitel, ...] = (
    kapitel1.KAPITEL,
    kapitel2.KAPITEL,
    kapitel3.KAPITEL,
    kapitel4.KAPITEL,
    kapitel5.KAPITEL,
    kapitel6.KAPITEL,
)
"""In the order they are told."""
SAMTIDIG = 6
"""Stories under way at once: each has cases of its own, and mostly waits."""
FORKERT = (AssertionError, TimeoutError, LookupError, TypeError, ValueError, aiohttp.ClientError)
"""What a story runs into when the hub answers otherwise than it should, or not at all."""
Vis = Callable[[Kapitel, Historie, Resultat, Sequence[str]], None]


class Rapport(dict[str, Any]):
    """The report of `hub demo --json` (contract.md)."""

    @property
    def ok(self) -> bool:
        """Whether every story came out right."""
        return bool(self["ok"])


def valgte(regel: str | None = None, kapitel: int | None = None) -> list[tuple[Kapitel, Historie]]:
    """The stories of one rule, of one chapter, or all, in the order they are told."""
    alle = ((k, h) for k in KAPITLER for h in k.historier)
    return [(k, h) for k, h in alle if regel in (None, h.regel) and kapitel in (None, k.nummer)]


def spil(historier: Sequence[tuple[Kapitel, Historie]], vis: Vis) -> Rapport:
    """Play the stories; `vis` is told each, in order, as soon as it has ended. Ends everything it started."""
    with stak() as hus, hub(hus, "worker", vent="worker ready"), hub(hus, "api", vent="http://") as linje:
        adresse = adresse_i(linje)
        vent_paa_http(adresse)
        return asyncio.run(spil_paa(hus, adresse, historier, vis))


async def spil_paa(hus: Hus, adresse: str, historier: Sequence[tuple[Kapitel, Historie]], vis: Vis) -> Rapport:
    """The same on a hub that runs already. Several stories are played at once, and told in order."""
    plads = asyncio.Semaphore(SAMTIDIG)
    resultater = []
    async with scene(hus, adresse) as paa, asyncio.TaskGroup() as gruppe:
        opgaver = {h: gruppe.create_task(_en(h, paa, plads)) for _, h in historier if not h.til_sidst}
        for kapitel, historie in historier:
            resultat, linjer = await (opgaver[historie] if historie in opgaver else _en(historie, paa, plads))
            vis(kapitel, historie, resultat, linjer)
            resultater.append(resultat)
        opfoelgninger = [o for center in (paa.koebenhavn, paa.frederiksberg) for o in center.opfoelgninger]
    return Rapport(
        stories=[r._asdict() for r in resultater],
        events=await asyncio.to_thread(_antal, hus, "SELECT count(*) FROM ledger.outbox WHERE topic = 'vitas.sagshaendelser'"),
        notifications=await asyncio.to_thread(_antal, hus, "SELECT count(*) FROM delivery.notifikationer WHERE sendt IS NOT NULL"),
        followed_up=len(opfoelgninger),
        ok=all(o.ok for o in opfoelgninger) and all(r.ok for r in resultater),
    )


async def _en(historie: Historie, paa: Scene, plads: asyncio.Semaphore) -> tuple[Resultat, list[str]]:
    async with plads:
        try:
            fortalt = await historie.spil(paa)
        except FORKERT as fejl:
            fortalt = Fortalt(f"{type(fejl).__name__}: {fejl}", "the story to its end", [])
    return Resultat(historie.regel, historie.titel, fortalt.seen == fortalt.expected, fortalt.seen, fortalt.expected), fortalt.linjer


def _antal(hus: Hus, spoergsmaal: str) -> int:
    engine = hus.motor("demo", 1)
    try:
        with engine.connect() as conn:
            return int(conn.exec_driver_sql(spoergsmaal).scalar_one())
    finally:
        engine.dispose()
