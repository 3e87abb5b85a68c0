"""Composing and running the API process."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

from sqlalchemy import Engine

from hub.api.app import create_api
from hub.api.graenser import Graenser, af_settings
from hub.api.indskrivning import HOEJST_PAA_LOEKKEN
from hub.api.noeglekilder import FastNoegle, Jwks, Noeglekilde
from hub.api.samler import Samler
from hub.api.server import koer as server
from hub.api.tjenester import Adgang, Tjenester
from hub.api.tokens import Verifikator
from hub.bootstrap import Hus
from hub.domain.session import loginadresse
from hub.events.ack import Kvitteringer
from hub.events.loekkepulje import Loekkepulje
from hub.notifications.tilbud import Tilbud
from hub.operations.udsteder import udviklingsnoegle
from hub.settings import Settings


def koer(hus: Hus, klar: Callable[[str], None] = lambda _: None) -> None:
    """Serve until SIGINT or SIGTERM; `klar` is told the address. Raises `PortOptaget`."""
    graenser = af_settings(hus.settings)
    engine = hus.motor("api", graenser.traade + 1, levende=True, forberedt=True)
    ledgers = hus.motor("ledger", graenser.traade + HOEJST_PAA_LOEKKEN, levende=True)
    ledger, paa_loekken = hus.ledger(ledgers), Loekkepulje(ledgers.connect)
    laesninger = hus.motor("reads", Samler.SAMTIDIGE, levende=True)
    try:
        kvitteringer, tilbud = Kvitteringer(hus.database_url), Tilbud(hus.database_url)
        tjenester = replace(
            _tjenester(hus, engine, kvitteringer, tilbud, graenser),
            ledger=ledger,
            faa=lambda ordrer: paa_loekken.gennemfoer(ledger.faa(ordrer)),
            laesemotor=laesninger,
        )
        app = create_api(tjenester, [_lytter(kvitteringer), tilbud.lytter()])
        server(app, hus.settings.api_host, hus.settings.api_port, klar)
    finally:
        engine.dispose()
        paa_loekken.luk()
        ledgers.dispose()
        laesninger.dispose()


def _tjenester(hus: Hus, engine: Engine, kvitteringer: Kvitteringer, tilbud: Tilbud, graenser: Graenser) -> Tjenester:
    return Tjenester(
        motor=engine,
        ledger=hus.ledger(engine),
        kvitteringer=kvitteringer,
        tilbud=tilbud,
        kodeks=hus.kodeks,
        noeglering=hus.noeglering,
        skemaregister=hus.register,
        dokumenter=hus.dokumentlager(engine),
        tokens=Verifikator(_noeglekilde(hus.settings), hus.settings.issuer),
        graenser=graenser,
        adgang=Adgang(loginadresse(hus.settings.login_url) if hus.settings.login_url else None, hus.settings.role_contact),
    )


def _noeglekilde(settings: Settings) -> Noeglekilde:
    """A real issuer's keys by their address, or the development issuer's own."""
    return Jwks(settings.jwks_url) if settings.jwks_url else FastNoegle(udviklingsnoegle(settings.data))


@asynccontextmanager
async def _lytter(kvitteringer: Kvitteringer) -> AsyncIterator[None]:
    opgave = asyncio.create_task(kvitteringer.run())
    try:
        yield
    finally:
        opgave.cancel()
        await asyncio.gather(opgave, return_exceptions=True)
