"""An act's id is one case's for ever (decision 033)."""

import threading
from typing import Any
from uuid import uuid4

import orjson
import pytest
from sqlalchemy import Engine, event

from hub.domain.fejl import Afvisning
from hub.domain.handlinger import AktoerIn
from hub.domain.reference_handlinger import laes_reference
from hub.events import genskab_akter, ledger_laes
from hub.events.ordre import Ordre
from hub.events.topics import SATSER

pytestmark = pytest.mark.integration
Hus = Any
ANDENS = 9623


def _ny(hus: Hus, akt: str, request_id: str | None = None, **felter: Any) -> Ordre:
    """An order that opens a case of its own with this act."""
    ordre: Ordre = hus.ordre(hus.opret_handling() | {"eksternIdentifier": akt} | felter, request_id)
    return ordre


def _koder(svar: Any) -> list[Any]:
    return [[f.kode for f in s.fejl] if isinstance(s, Afvisning) else 201 for s in svar]


def _hvis(hus: Hus) -> dict[str, str]:
    """The table: act → case."""
    return {str(akt): sag for akt, sag in hus.sql("SELECT ekstern_identifier, stroem FROM ledger.akter")}


def test_an_act_of_another_case_is_refused_and_nothing_is_written(hus: Hus) -> None:
    """A new case with the id of another's act: 409, in no table a trace; the act's own case goes on, and its request is known again."""
    foerste = hus.opret()
    hus.en(foerste)
    akt, foer = foerste.handling.eksternIdentifier, hus.indhold()
    afvist = hus.afvist(_ny(hus, akt))
    assert (afvist.status, afvist.fejlkode, afvist.fejltekst) == (409, ANDENS, "Sagsakten hører til en anden sag.")
    assert hus.indhold() == foer
    assert hus.en(foerste).gentaget and hus.en(hus.tildel(foerste.handling.sagsId)).kvittering["version"] == 2
    assert _hvis(hus) == {akt: foerste.handling.sagsId}


def test_it_is_refused_for_a_new_act_of_a_case_that_is_there_with_every_other_error(hus: Hus) -> None:
    """An ophør by the id of another case's application, on a case without a grant: both are said at once."""
    sag, anden = hus.opret(), hus.opret()
    hus.ledger.append([sag, anden])
    handling = {
        "handling": "RegistrerOphoer",
        "sagsId": sag.handling.sagsId,
        "eksternIdentifier": anden.handling.eksternIdentifier,
        "haendelsestidspunkt": "2025-09-15T10:00:00+02:00",
        "aktoer": {"type": "System", "id": "vitas"},
        "data": {"stopdato": "2025-10-01"},
    }
    afvist = hus.afvist(hus.ordre(handling))
    assert [f.kode for f in afvist.fejl] == [9610, ANDENS]
    assert hus.en(hus.tildel(sag.handling.sagsId)).kvittering["version"] == 2


def test_in_one_call_the_first_case_gets_the_act_and_only_the_other_line_is_refused(hus: Hus) -> None:
    """Three new cases in a call, two with one act: the later is refused, the third stands, no key and no stream is made for the refused."""
    akt = str(uuid4())
    foerste, anden, tredje = _ny(hus, akt), _ny(hus, akt), hus.opret()
    assert _koder(hus.ledger.append([foerste, anden, tredje])) == [201, [ANDENS], 201]
    assert _hvis(hus) == {akt: foerste.handling.sagsId, tredje.handling.eksternIdentifier: tredje.handling.sagsId}
    assert len(hus.sql("SELECT FROM ledger.stroemme")) == 2


def test_a_refused_order_takes_no_act(hus: Hus) -> None:
    """The id of an order that was refused, in the same call and before, is free."""
    akt = str(uuid4())
    fremtid = _ny(hus, akt, haendelsestidspunkt="2099-01-01T00:00:00Z")
    assert _koder(hus.ledger.append([fremtid, _ny(hus, akt)])) == [[9512], 201]


@pytest.mark.parametrize("runde", range(3))
def test_of_two_cases_that_take_an_act_at_once_one_gets_it(hus: Hus, monkeypatch: pytest.MonkeyPatch, runde: int) -> None:
    """Eight connections open eight cases with one act, and all have looked it up before any has written: one 201, seven 409."""
    akt, port, ventet = str(uuid4()), threading.Barrier(8, timeout=20), set[int]()

    def laes_og_vent(*a: Any) -> Any:
        start = ledger_laes.laes(*a)
        if threading.get_ident() not in ventet:
            ventet.add(threading.get_ident())
            port.wait()
        return start

    monkeypatch.setattr("hub.events.ledger.laes", laes_og_vent)
    ordrer = [_ny(hus, akt) for _ in range(8)]
    svar = hus.samtidig(*[lambda o=o: hus.ledger.append([o])[0] for o in ordrer])
    assert sorted(_koder(svar), key=str) == [201, *[[ANDENS]] * 7]
    assert len(hus.sql("SELECT FROM ledger.outbox")) == len(hus.sql("SELECT FROM ledger.stroemme")) == len(_hvis(hus)) == 1


def test_calls_with_the_same_acts_in_any_order_never_deadlock(hus: Hus, engine: Engine) -> None:
    """Six calls at once with the same thirty acts and requests for cases of their own, each in another order: no error but the refusal."""
    akter = [str(uuid4()) for _ in range(30)]
    fejl: list[Any] = []
    event.listen(engine, "handle_error", lambda sammenhaeng: fejl.append(sammenhaeng.original_exception))
    kald = [[_ny(hus, akt) for akt in (akter[n * 5 :] + akter[: n * 5])[:: 1 - 2 * (n % 2)]] for n in range(6)]
    svar = hus.samtidig(*[lambda o=o: hus.ledger.append(o) for o in kald])
    assert [str(f) for f in fejl if "deadlock" in str(f)] == []
    assert sorted(_koder(en for del_ in svar for en in del_), key=str) == [201] * 30 + [[ANDENS]] * 150
    assert set(_hvis(hus)) == set(akter)


def test_an_act_of_before_is_learnt_when_its_case_goes_on(hus: Hus) -> None:
    """An act that is not in the table is its case's from the next action on; two cases that have one already both go on."""
    en = hus.opret()
    hus.en(en)
    hus.sql("DELETE FROM ledger.akter")
    to = _ny(hus, en.handling.eksternIdentifier)
    hus.en(to)
    assert _hvis(hus) == {en.handling.eksternIdentifier: to.handling.sagsId}
    assert hus.en(hus.tildel(en.handling.sagsId)).kvittering["version"] == 2
    hus.sql("DELETE FROM ledger.akter")
    hus.en(hus.tildel(en.handling.sagsId))
    assert _hvis(hus) == {en.handling.eksternIdentifier: en.handling.sagsId}


def test_acts_that_were_not_written_are_given_to_the_case_that_had_them_first(hus: Hus) -> None:
    """From the receipts: of two cases with one act the first has it, a row that is there stays, a reference's id is no act."""
    en, to, sats = hus.opret(), hus.opret(), _sats()
    hus.ledger.append([sats])
    hus.ledger.append([en, to])
    foer = _hvis(hus)
    hus.sql("DELETE FROM ledger.akter")
    andens = _ny(hus, en.handling.eksternIdentifier)
    hus.en(andens)
    hus.sql("DELETE FROM ledger.akter WHERE stroem <> :s", s=to.handling.sagsId)
    with hus.engine.begin() as conn:
        assert genskab_akter.manglende(conn) == genskab_akter.giv(conn) == (2, 2)
        assert genskab_akter.manglende(conn) == (0, 0)
    assert _hvis(hus) == foer


def _sats() -> Ordre:
    data = {"kode": 9403, "navn": "Privat", "beskrivelse": "92,11 kr. i timen", "startdato": "2020-01-01"}
    handling = laes_reference("RegistrerSats", data, AktoerIn(type="System", id="vitas"), "")
    return Ordre(handling, uuid4().hex, orjson.dumps(data), None, SATSER)


def test_references_have_no_acts(hus: Hus) -> None:
    """Only a case's actions fill the table."""
    assert [topic for topic, art in ledger_laes.ARTER.items() if art.har_akter] == ["vitas.sagshaendelser"]
