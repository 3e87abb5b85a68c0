"""Giving numbers: what PostgreSQL itself rules out, beside the lanes' locks."""

import asyncio
from functools import partial

import psycopg
import pytest

from hub.events.besoeg import besoeg
from hub.events.forbindelse import raa_forbindelse
from hub.notifications import numre as modul
from hub.notifications.gem import gem
from hub.notifications.koe import klare, laes_side
from hub.notifications.udkast import bane

pytestmark = pytest.mark.integration


async def test_two_who_number_without_the_lock_cannot_both_commit(rum, koder):
    """Also beside the locks a number is given once: of two transactions over the same rows one fails, and the numbers stay 1..n."""
    rum.gem(rum.udkast(koder[0], 400))
    forbindelser = [rum.numre(), rum.numre()]
    kald = (asyncio.to_thread(numre.nummerer, [bane(koder[0])], 400) for numre in forbindelser)
    svar = await asyncio.gather(*kald, return_exceptions=True)
    for numre in forbindelser:
        numre.luk()
    assert all(isinstance(s, list | psycopg.errors.SerializationFailure) for s in svar)
    numre_givet = [n for (n,) in rum.sql("SELECT nummer FROM delivery.notifikationer ORDER BY nummer")]
    assert numre_givet == list(range(1, 401))
    assert rum.sql("SELECT hoved FROM delivery.numre") == [(400,)]


async def test_one_choice_is_one_moment(rum, koder, monkeypatch):
    """A case's first row is committed between two pages, and its second one after it: neither is numbered, so the order holds."""
    kode, numre, sag = koder[0], rum.numre(), "langsom"
    sider = []

    def laes(conn, efter, foer):
        sider.append(laes_side(conn, efter, 2, foer))
        if len(sider) == 1:
            langsom.commit()
            rum.gem(rum.udkast(kode, sag=sag, version=2))
        return sider[-1]

    monkeypatch.setattr(modul, "laes_side", laes)
    monkeypatch.setattr(modul, "klare", partial(klare, side=2))
    with rum.engine.connect() as langsom:
        langsom.begin()
        besoeg(raa_forbindelse(langsom), gem(rum.udkast(kode, sag=sag)))
        andre = rum.gem(rum.udkast(kode, 2))
        assert [n.id for n in numre.nummerer([bane(kode)], 10)] == [u.id for u in andre]
    assert len(sider) == 2
    assert [n.version for n in numre.nummerer([bane(kode)], 10)] == [1, 2]
    numre.luk()
