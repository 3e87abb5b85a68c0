"""Composing and running the worker process."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import GroupCoordinatorNotAvailableError

from hub.bootstrap import Hus, klargoer_database, klargoer_kafka, kontroller_start
from hub.consumers.app import GRUPPE, create_app, daemp_faust
from hub.consumers.doede_breve import DoedeBreve
from hub.consumers.loekkeprojektion import Loekkeprojektion
from hub.consumers.overvaagning import Bremse
from hub.consumers.partitionslog import Partitionslog
from hub.consumers.samkoersel import SAMTIDIGE, Samkoersel
from hub.consumers.worker import Tjeneste, Worker
from hub.events.bedoem import kuvertlaeser
from hub.events.genskabelseslaas import arbejd
from hub.events.loekkepulje import Loekkepulje
from hub.events.relay import Relae
from hub.events.topics import FAKTA
from hub.notifications.sekvenser import Sekvenser
from hub.projections.parkering import i_traek

TRAADE = 4
"""Parts applied at once, of different partitions; each holds a connection."""
KOORDINATOR_SEKUNDER = 30.0


async def koer(hus: Hus, stop: asyncio.Event, klar: Callable[[], None] | None = None) -> None:
    """Set up what is missing, then run until `stop` is set; `klar` is called when the agent has started. Raises what ended it.

    From the first to the last thing that it does nothing is restored: with its share of that lock lost, the worker ends.
    """
    daemp_faust()
    async with arbejd(hus.database_url) as til_laasen_tabes:
        await _koer(hus, stop, klar, til_laasen_tabes)


async def _koer(hus: Hus, stop: asyncio.Event, klar: Callable[[], None] | None, til_laasen_tabes: Tjeneste) -> None:
    await klargoer_kafka(hus)
    await asyncio.to_thread(klargoer_database, hus)
    await gruppens_koordinator(hus.options)
    engine = hus.motor("worker", TRAADE + SAMTIDIGE + 2, levende=True)
    traade = ThreadPoolExecutor(TRAADE, "projektion")
    try:
        await kontroller_start(hus, engine)
        bremse = Bremse(i_traek=await asyncio.to_thread(i_traek, engine))
        projektion = replace(hus.projektion(engine), bremse=bremse.kontroller)
        pulje = Loekkepulje(engine.connect, traade)
        sekvenser = Sekvenser(hus.kilder())
        samkoersel = Samkoersel(projektion, traade, Loekkeprojektion(projektion, pulje, sekvenser).anvend)
        arbejder = _worker(hus, samkoersel, bremse, stop)
        arbejder.tjenester["sequencer"] = sekvenser.run
        arbejder.tjenester["dead letters"] = DoedeBreve(engine, hus.options).run
        arbejder.tjenester["restore lock"] = til_laasen_tabes
        try:
            await arbejder.koer(stop, klar)
        finally:
            pulje.luk()
    finally:
        await asyncio.to_thread(traade.shutdown)
        engine.dispose()


async def gruppens_koordinator(options: dict[str, Any], gruppe: str = GRUPPE) -> None:
    """Wait until Kafka has a coordinator for the group: a new cluster makes its topic of offsets at the first question.

    Raises TimeoutError, KafkaError.
    """
    admin = AIOKafkaAdminClient(**options, client_id="hub-gruppe", request_timeout_ms=10_000)
    await admin.start()
    try:
        async with asyncio.timeout(KOORDINATOR_SEKUNDER):
            while not await _har_koordinator(admin, gruppe):  # noqa: ASYNC110 (asked for, not signalled)
                await asyncio.sleep(0.1)
    finally:
        await admin.close()


async def _har_koordinator(admin: AIOKafkaAdminClient, gruppe: str) -> bool:
    try:
        await admin.find_coordinator(gruppe)
    except GroupCoordinatorNotAvailableError:
        return False
    return True


def _worker(hus: Hus, samkoersel: Samkoersel, bremse: Bremse, stop: asyncio.Event) -> Worker:
    relae = Relae(hus.database_url, hus.options, kuvertlaeser(hus.kodeks))
    return Worker(
        app=create_app(hus.bootstrap, hus.options, datamappe=str(hus.settings.data / "faust")),
        topic=FAKTA,
        samkoersel=samkoersel,
        journal=Partitionslog(hus.options, FAKTA),
        bremse=bremse,
        tjenester={"relay": lambda: relae.run(stop)},
    )
