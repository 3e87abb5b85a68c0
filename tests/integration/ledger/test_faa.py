"""The ledger's door for few orders, from the event loop: what it appends is what `append` would, and what it cannot it leaves alone."""

from typing import Any

import psycopg
import pytest

from hub.domain.fejl import Afvisning
from hub.events.ledger_fejl import LedgerBagud
from hub.events.loekkepulje import Loekkepulje
from hub.events.ordre import Kvitteret

pytestmark = pytest.mark.integration
Hus = Any


async def faa(hus: Hus, *ordrer: Any) -> Any:
    """Append on the event loop."""
    pulje = Loekkepulje(hus.engine.connect)
    try:
        return await pulje.gennemfoer(hus.ledger.faa(ordrer))
    finally:
        pulje.luk()


async def test_orders_on_cases_that_are_there_are_appended_as_append_does(hus: Hus) -> None:
    """Each gets its receipt with the id of its outbox row, a refused one its refusal; the chain goes on, and `append` goes on from it."""
    en, anden = hus.ny_sag(), hus.ny_sag()
    svar = await faa(hus, hus.tildel(en, "A"), hus.tildel(anden, "B"), hus.tildel(en, "C", if_match=1), hus.tildel(en, "D", "r4"))
    assert [type(s) for s in svar] == [Kvitteret, Kvitteret, Afvisning, Kvitteret]
    assert [(s.kvittering["version"], s.gentaget) for s in svar if isinstance(s, Kvitteret)] == [(2, False), (2, False), (3, False)]
    raekker = hus.sql("SELECT id, stroem, version FROM ledger.outbox WHERE version > 1 ORDER BY id")
    assert [(stroem, version) for _, stroem, version in raekker] == [(en, 2), (anden, 2), (en, 3)]
    assert [s.outbox for s in svar if isinstance(s, Kvitteret)] == [(id_,) for id_, _, _ in raekker]
    igen = hus.en(hus.tildel(en, "D", "r4"))
    assert (igen.kvittering, igen.gentaget) == (svar[3].kvittering, True)
    assert hus.en(hus.tildel(en, "E")).kvittering["version"] == 4


async def test_a_request_that_is_known_gets_its_first_receipt(hus: Hus) -> None:
    """From the loop too, with the rows that Kafka does not have yet; nothing is appended."""
    sag = hus.ny_sag()
    foerste = hus.en(hus.tildel(sag, "A", "kendt"))
    foer = hus.indhold()
    assert await faa(hus, hus.tildel(sag, "A", "kendt")) == [foerste._replace(gentaget=True)]
    assert hus.indhold() == foer


async def test_what_needs_more_is_left_alone(hus: Hus) -> None:
    """A new case, a case that is not there, and these beside one that is: no answer, and nothing is written or held."""
    sag = hus.ny_sag()
    foer = hus.indhold()
    nye = [hus.opret()], [hus.tildel(sag), hus.opret()]
    ukendte = [hus.tildel("0" * 8 + sag[8:])], [hus.tildel(sag), hus.tildel("1" * 8 + sag[8:])]
    for ordrer in (*nye, *ukendte):
        assert await faa(hus, *ordrer) is None
    assert hus.indhold() == foer
    assert hus.en(hus.tildel(sag)).kvittering["version"] == 2


async def test_what_append_raises_is_raised_and_the_connection_goes_on(hus: Hus) -> None:
    """A lane that is behind, a request that another append took meanwhile: nothing is appended; the same connection is used again."""
    sag, pulje = hus.ny_sag(), Loekkepulje(hus.engine.connect)
    hus.sql("UPDATE ledger.baner SET bagud = 'behind'")
    with pytest.raises(LedgerBagud):
        await pulje.gennemfoer(hus.ledger.faa([hus.tildel(sag)]))
    hus.aabn()

    def taget_imens() -> Any:
        hver = hus.ledger.faa([hus.tildel(sag, request_id="imens")])
        svar = yield next(hver)
        kald = hver.send(svar)
        hus.en(hus.tildel(hus.ny_sag(), request_id="imens"))
        yield kald

    with pytest.raises(psycopg.errors.UniqueViolation):
        await pulje.gennemfoer(taget_imens())
    svar = await pulje.gennemfoer(hus.ledger.faa([hus.tildel(sag)]))
    assert svar[0].kvittering["version"] == 2
    pulje.luk()
