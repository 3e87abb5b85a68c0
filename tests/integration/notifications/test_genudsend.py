"""What may be sent again: only what the topic has, as it lies there."""

import pytest

from hub.notifications.afsender import Afsender
from hub.notifications.genudsend import GENAFSPILNING, Genudsendelse, Valg
from hub.notifications.pakning import Pakning
from hub.notifications.udkast import bane

from .conftest import sags_id

pytestmark = pytest.mark.integration


async def test_nothing_unsent_is_chosen(rum, koder):
    """Of a case with five notifications two are on the topic, two are numbered and one is not: a choice by case has the two."""
    kode = koder[0]
    rum.gem(rum.udkast(kode, 5, sag="en sag"))
    numre, afsender = rum.numre(), Afsender(rum.kilder.kafka)
    raekker = numre.nummerer([bane(kode)], 4)
    numre.marker((await afsender.send(raekker[:2])).sendte)
    await afsender.luk()
    numre.luk()
    pakning = Pakning(rum.kilder.kodeks, rum.kilder.register)
    with rum.engine.connect() as conn:
        valgt = Genudsendelse(kode, Valg("case x", sag=sags_id("en sag")))
        fundet = valgt.udvalg(conn)
        assert (fundet.antal, fundet.sager, fundet.fra, fundet.til) == (2, 1, 1, 2)
        side = valgt.side(conn, pakning, 0, 10)
        assert [(r.nummer, r.vaerdi, r.hoveder[:-1], r.hoveder[-1]) for r in side] == [
            (r.nummer, r.vaerdi, r.hoveder, GENAFSPILNING) for r in raekker[:2]
        ]
        assert [r.nummer for r in valgt.side(conn, pakning, 1, 10)] == [2]
        assert valgt.hoved(conn) == (4, 2)


async def test_the_place_is_the_choice_s_own(rum, koder):
    """Begun, moved on, begun again: the place stands; another choice has none; at the end it is forgotten."""
    en, anden = (Genudsendelse(koder[0], Valg(f"case {nr}")) for nr in (1, 2))
    with rum.engine.begin() as conn:
        en.begynd(conn, 3, "a")
        en.frem(conn, 7, 5)
        en.begynd(conn, 8, "b")
        assert anden.afbrudt(conn) is None and anden.andre_afbrudte(conn) == ("case 1",)
        assert en.afbrudt(conn)[:4] == (3, 7, 5, "b") == en.faerdig(conn)[:4]
        assert en.afbrudt(conn) is None
