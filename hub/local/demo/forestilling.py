"""The demonstration: its own services and processes, every story in turn, a report, and nothing left running."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from hub.bootstrap import Hus
from hub.local.demo import historier_datoer, historier_drift
from hub.local.demo.historie import Fortalt, Historie, Resultat
from hub.local.demo.scene import Scene, scene
from hub.local.stak import adresse_i, hub, stak, vent_paa_http

HISTORIER: tuple[Historie, ...] = (*historier_datoer.HISTORIER, *historier_drift.HISTORIER)
Vis = Callable[[Historie, Resultat, Sequence[str]], None]


class Rapport(dict[str, Any]):
    """The report of `hub demo --json` (contract.md)."""

    @property
    def ok(self) -> bool:
        """Whether every story came out right."""
        return bool(self["ok"])


def spil(regel: str | None, vis: Vis) -> Rapport:
    """Play the stories (of one rule, or all); `vis` is told each as it ends. Ends everything it started."""
    valgte = [h for h in HISTORIER if regel is None or h.regel == regel]
    with stak() as hus, hub(hus, "worker", vent="worker ready"), hub(hus, "api", vent="http://") as linje:
        adresse = adresse_i(linje)
        vent_paa_http(adresse)
        return asyncio.run(_spil(hus, adresse, valgte, vis))


async def _spil(hus: Hus, adresse: str, valgte: Sequence[Historie], vis: Vis) -> Rapport:
    async with scene(hus, adresse) as paa:
        resultater = [await _en(historie, paa, vis) for historie in valgte]
        centre = (paa.koebenhavn, paa.frederiksberg)
        fulgt = all(o.ok for center in centre for o in center.opfoelgninger)
        return Rapport(
            stories=[r._asdict() for r in resultater],
            events=await asyncio.to_thread(_antal, hus, "SELECT count(*) FROM ledger.outbox WHERE topic = 'vitas.sagshaendelser'"),
            notifications=await asyncio.to_thread(_antal, hus, "SELECT count(*) FROM delivery.notifikationer WHERE sendt IS NOT NULL"),
            followed_up=sum(len(center.opfoelgninger) for center in centre),
            ok=fulgt and all(r.ok for r in resultater),
        )


async def _en(historie: Historie, paa: Scene, vis: Vis) -> Resultat:
    try:
        fortalt = await historie.spil(paa)
    except (AssertionError, TimeoutError, KeyError, LookupError) as fejl:
        fortalt = Fortalt(f"{type(fejl).__name__}: {fejl}", "the story to its end", [])
    resultat = Resultat(historie.regel, historie.titel, fortalt.seen == fortalt.expected, fortalt.seen, fortalt.expected)
    vis(historie, resultat, fortalt.linjer)
    return resultat


def _antal(hus: Hus, spoergsmaal: str) -> int:
    engine = hus.motor("demo", 1)
    try:
        with engine.connect() as conn:
            return int(conn.exec_driver_sql(spoergsmaal).scalar_one())
    finally:
        engine.dispose()
