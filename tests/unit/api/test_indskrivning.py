"""Orders at the door that share a transaction, in memory."""

import asyncio
import threading
from collections.abc import Sequence
from typing import Any

import psycopg
import pytest

from hub.api import indskrivning
from hub.api.indskrivning import Indskrivning
from hub.api.problem import Problem
from hub.api.traade import Traade
from hub.domain.fejl import Afvisning, fejl
from hub.domain.fejlkoder import Fejlkode
from hub.events.ledger_fejl import LedgerBagud
from hub.events.ordre import Kvitteret, Ordre
from hub.events.topics import FAKTA, SATSER

AFVIST = Afvisning([fejl(Fejlkode.UKENDT_SAG, "sagsId")])


def ordre(request_id: str, topic: str = FAKTA) -> Ordre:
    """An order that is known by its request id."""
    handling: Any = None
    return Ordre(handling, request_id, b"{}", None, topic)


class Ledger:
    """Notes each call's request ids; the first call waits to be let go."""

    def __init__(self, svigt: dict[str, Exception] | None = None) -> None:
        self.kald: list[list[str]] = []
        self.foerste = threading.Event()
        self._svigt = svigt or {}

    def append(self, ordrer: Sequence[Ordre]) -> list[Kvitteret | Afvisning]:
        """A receipt that names the request; what `svigt` has for one of them is raised."""
        self.kald.append([o.request_id for o in ordrer])
        if len(self.kald) == 1:
            assert self.foerste.wait(5)
        for o in ordrer:
            if o.request_id in self._svigt:
                raise self._svigt[o.request_id]
        return [AFVIST if o.request_id == "afvises" else Kvitteret({"id": o.request_id}, (), False) for o in ordrer]


async def koer(ledger: Ledger, *ordrer: Ordre, koe: int = 9) -> list[Any]:
    """What becomes of orders that come while the first is being appended."""
    traade = Traade(4, 9)
    bog = Indskrivning(ledger.append, traade, koe)
    opgaver = [asyncio.ensure_future(bog.tilfoej(o)) for o in ordrer]
    await asyncio.sleep(0)
    ledger.foerste.set()
    svar = await asyncio.gather(*opgaver, return_exceptions=True)
    traade.luk()
    return svar


def navne(svar: Sequence[Any]) -> list[Any]:
    """The request named by each receipt; anything else as it is."""
    return [s.kvittering["id"] if isinstance(s, Kvitteret) else s for s in svar]


async def test_what_comes_while_one_is_appended_goes_together_afterwards() -> None:
    """One alone at once, then the rest in one call; each gets its own answer, a refusal too."""
    ledger = Ledger()
    svar = await koer(ledger, ordre("a"), ordre("b"), ordre("afvises"), ordre("c"))
    assert ledger.kald == [["a"], ["b", "afvises", "c"]]
    assert navne(svar) == ["a", "b", AFVIST, "c"]


async def test_a_request_twice_and_another_kind_of_stream_go_later() -> None:
    """A call has each request id once, and streams of one kind, as the ledger wants it."""
    ledger = Ledger()
    await koer(ledger, ordre("a"), ordre("b"), ordre("b"), ordre("c"), ordre("s", SATSER))
    assert ledger.kald == [["a"], ["b"], ["b", "c"], ["s"]]


async def test_one_order_s_trouble_is_no_other_s() -> None:
    """What is raised for a call of several is raised for the one alone whom it is about; the others are appended."""
    bagud = LedgerBagud(FAKTA, {3: "behind"})
    ledger = Ledger({"b": bagud})
    assert navne(await koer(ledger, ordre("a"), ordre("b"), ordre("c"))) == ["a", bagud, "c"]
    assert sorted(ledger.kald[2:]) == [["b"], ["c"]]


async def test_a_database_that_is_away_is_not_asked_once_more_for_each() -> None:
    """Everybody in the call gets the database's failure."""
    vaek = psycopg.OperationalError("away")
    ledger = Ledger({"b": vaek})
    assert navne(await koer(ledger, ordre("a"), ordre("b"), ordre("c"))) == ["a", vaek, vaek]
    assert len(ledger.kald) == 2


async def test_one_too_many_is_refused() -> None:
    """Beyond the bound an order is 503 with Retry-After, and those before it go on."""
    *andre, sidste = await koer(Ledger(), ordre("a"), ordre("b"), ordre("c"), koe=1)
    assert navne(andre) == ["a", "b"]
    assert isinstance(sidste, Problem)
    assert (sidste.kode, sidste.hoveder) == ("overbelastet", {"Retry-After": "1"})


async def test_an_append_that_waits_for_somebody_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a moment the next goes beside it, without anybody new coming to the door."""
    monkeypatch.setattr(indskrivning, "LANGSOM_SEKUNDER", 0.01)
    ledger, traade = Ledger(), Traade(4, 9)
    bog = Indskrivning(ledger.append, traade, 9)
    langsom = asyncio.ensure_future(bog.tilfoej(ordre("a")))
    await asyncio.sleep(0)
    assert navne([await bog.tilfoej(ordre("b"))]) == ["b"]
    assert not langsom.done()
    ledger.foerste.set()
    await langsom
    traade.luk()


async def test_who_has_gone_away_is_not_appended() -> None:
    """An order whose caller was cancelled while it waited is passed over; the one behind it is appended."""
    ledger, traade = Ledger(), Traade(4, 9)
    bog = Indskrivning(ledger.append, traade, 9)
    opgaver = [asyncio.ensure_future(bog.tilfoej(ordre(navn))) for navn in "abc"]
    await asyncio.sleep(0)
    opgaver[1].cancel()
    await asyncio.sleep(0)
    ledger.foerste.set()
    assert navne(await asyncio.gather(opgaver[0], opgaver[2])) == ["a", "c"]
    assert ledger.kald == [["a"], ["c"]]
    traade.luk()


@pytest.mark.parametrize("fejl", [None, psycopg.OperationalError("away"), LedgerBagud(FAKTA, {3: "behind"})])
async def test_few_orders_are_appended_on_the_event_loop_and_in_a_thread_when_that_cannot_be(fejl: Exception | None) -> None:
    """The answer is the loop's; where it has none, or fails, the thread's, which says why."""
    ledger, traade, kaldt = Ledger(), Traade(4, 9), []

    async def faa(ordrer: Sequence[Ordre]) -> list[Kvitteret | Afvisning] | None:
        kaldt.append([o.request_id for o in ordrer])
        if ordrer[0].request_id == "a":
            return [Kvitteret({"id": "loop"}, (), False)]
        if fejl is not None:
            raise fejl
        return None

    ledger.foerste.set()
    bog = Indskrivning(ledger.append, traade, 9, faa)
    assert navne([await bog.tilfoej(ordre("a")), await bog.tilfoej(ordre("b"))]) == ["loop", "b"]
    assert (kaldt, ledger.kald) == ([["a"], ["b"]], [["b"]])
    traade.luk()


async def test_many_orders_have_a_thread() -> None:
    """They would hold the event loop up."""
    ledger, traade = Ledger(), Traade(4, 90)

    async def faa(ordrer: Sequence[Ordre]) -> list[Kvitteret | Afvisning] | None:
        assert len(ordrer) == 1
        await asyncio.to_thread(ledger.foerste.wait, 5)
        return [Kvitteret({"id": "loop"}, (), False)]

    bog = Indskrivning(ledger.append, traade, 90, faa)
    opgaver = [asyncio.ensure_future(bog.tilfoej(ordre(str(nr)))) for nr in range(1 + indskrivning.FAA + 1)]
    await asyncio.sleep(0)
    ledger.foerste.set()
    svar = await asyncio.gather(*opgaver)
    assert navne(svar)[0] == "loop"
    assert [len(kald) for kald in ledger.kald] == [indskrivning.FAA + 1]
    traade.luk()
