"""The append transaction: what it keeps, in which order, and what it leaves alone."""

import time
from hashlib import sha256
from itertools import pairwise
from typing import Any
from uuid import uuid4

import msgspec
import psycopg
import pytest

from hub.domain.evolve import evolve
from hub.domain.foldning import KanIkkeFoldes
from hub.domain.forseglet import Forseglet
from hub.domain.sag import FOLD_VERSION, Sag
from hub.events.arter import ARTER
from hub.events.journal import partition_for
from hub.events.ledger_fejl import ForaeldetFoldning
from hub.events.ordre import Kvitteret
from hub.events.sealing import aabn
from hub.events.topics import FAKTA
from hub.local.generator import generer

pytestmark = pytest.mark.integration
Hus = Any


def _haendelser(hus: Hus, sag: str) -> list[Any]:
    raekker = hus.sql("SELECT vaerdi FROM ledger.outbox WHERE stroem = :s ORDER BY version", s=sag)
    return [hus.kodeks.afkod(bytes(vaerdi)) for (vaerdi,) in raekker]


def test_an_append_writes_stream_event_request_and_receipt(hus: Hus) -> None:
    """One order gives one outbox row with its headers, the stream's head, the request's receipt, and the contract's receipt back."""
    ordre = hus.opret(request_id="r1")
    svar = hus.en(ordre)
    sag = ordre.handling.sagsId
    ((id_, topic, partition, version, vaerdi, hoveder, sendt),) = hus.sql(
        "SELECT id, topic, partition, version, vaerdi, hoveder, sendt FROM ledger.outbox"
    )
    assert (topic, partition, version, sendt) == ("vitas.sagshaendelser", partition_for(sag.encode()), 1, None)
    haendelse = hus.kodeks.afkod(vaerdi)
    k = haendelse.kuvert
    assert svar == Kvitteret(
        {
            "sagsId": sag,
            "version": 1,
            "eksternIdentifier": ordre.handling.eksternIdentifier,
            "haendelser": [{"id": k.haendelsesId, "type": "AnsoegningOprettet", "version": 1}],
            "registreringstidspunkt": k.registreringstidspunkt.isoformat(timespec="microseconds").replace("+00:00", "Z"),
        },
        (id_,),
        False,
    )
    assert (k.requestId, k.requestHash, k.korrelationsId) == ("r1", hus.noegler.request_hash(ordre.krop), "r1")
    assert hoveder["ce_id"] == k.haendelsesId and hoveder["ce_subject"] == sag
    ((stroem, hoved, fold_version, pakket, registreret),) = hus.sql(
        "SELECT stroem, hoved, fold_version, sag, registreret FROM ledger.stroemme"
    )
    assert (stroem, hoved, fold_version, registreret) == (sag, sha256(vaerdi).digest(), FOLD_VERSION, k.registreringstidspunkt)
    assert msgspec.msgpack.decode(pakket, type=Sag) == evolve(None, haendelse)
    assert hus.sql("SELECT request_id, request_hash, kvittering FROM ledger.anmodninger") == [("r1", k.requestHash, svar.kvittering)]


def test_personal_fields_are_sealed_with_the_keys_of_citizen_and_case(hus: Hus) -> None:
    """CPR and name open with the citizen's key, contacts and the company's actor with the case's; the next case has the same citizen."""
    handling = hus.opret_handling()
    nyt = {"sagsId": str(uuid4()), "eksternIdentifier": str(uuid4())}
    hus.en(hus.ordre(handling))
    hus.en(hus.ordre(handling | nyt))
    (foerste,), (anden,) = _haendelser(hus, handling["sagsId"]), _haendelser(hus, nyt["sagsId"])
    assert foerste.data.borgerId == anden.data.borgerId
    with hus.engine.begin() as conn:
        noegler = hus.noegler.hent(conn, [foerste.data.borgerId, handling["sagsId"]])
    d = foerste.data
    assert aabn(d.personnummer, noegler[d.borgerId]) == handling["data"]["borger"]["personnummer"]
    assert aabn(d.ansvarligKontaktperson, noegler[handling["sagsId"]])["navn"] == handling["data"]["ansvarligKontaktperson"]["navn"]
    aktoer = foerste.kuvert.aktoer
    assert aktoer.navn is None and isinstance(aktoer.forseglet, Forseglet)
    assert aabn(aktoer.forseglet, noegler[handling["sagsId"]])["navn"] == handling["aktoer"]["navn"]


def test_nothing_personal_stands_outside_sealed_fields(hus: Hus) -> None:
    """CPR number and the citizen's name are in no column of any table, and in no bytes to be sent."""
    handling = hus.opret_handling()
    hus.en(hus.ordre(handling))
    alt = repr(hus.indhold()).encode()
    borger = handling["data"]["borger"]
    assert borger["personnummer"].encode() not in alt and repr(borger["navn"]).strip("'").encode() not in alt


def test_the_chain_of_a_life_is_whole_and_folds_to_the_stored_case(hus: Hus) -> None:
    """Over whole lives: versions 1, 2, 3 … without holes, each event carries the hash of the bytes before it, times strictly rise."""
    ordrer = [hus.ordre(h) for h in generer(4, 77)]
    assert all(isinstance(s, Kvitteret) for i in range(0, len(ordrer), 7) for s in hus.ledger.append(ordrer[i : i + 7]))
    for sag in {o.handling.sagsId for o in ordrer}:
        raekker = hus.sql("SELECT version, vaerdi FROM ledger.outbox WHERE stroem = :s ORDER BY id", s=sag)
        haendelser = [hus.kodeks.afkod(v) for _, v in raekker]
        assert [v for v, _ in raekker] == [h.kuvert.version for h in haendelser] == list(range(1, len(raekker) + 1))
        assert [h.kuvert.forgaenger for h in haendelser] == [None, *(sha256(v).digest() for _, v in raekker[:-1])]
        tider = [h.kuvert.registreringstidspunkt for h in haendelser]
        assert all(a < b for a, b in pairwise(tider))
        foldet = None
        for h in haendelser:
            foldet = evolve(foldet, h)
        ((pakket,),) = hus.sql("SELECT sag FROM ledger.stroemme WHERE stroem = :s", s=sag)
        assert msgspec.msgpack.decode(pakket, type=Sag) == foldet


def test_orders_of_one_case_in_one_call_build_on_each_other(hus: Hus) -> None:
    """Open, give, give in one call: three versions in order, the second decided on what the first made; an earlier one is refused 404."""
    sag = str(uuid4())
    foer, *svar = hus.ledger.append([hus.tildel(sag), hus.opret(sag), hus.tildel(sag, "B"), hus.tildel(sag, "C", if_match=2)])
    assert foer.status == 404
    assert [s.kvittering["version"] for s in svar] == [1, 2, 3]
    assert [h.type for h in _haendelser(hus, sag)] == ["AnsoegningOprettet", "SagTildelt", "SagTildelt"]


def test_a_refused_order_leaves_the_others_and_no_trace(hus: Hus) -> None:
    """In a call with refused orders (unknown case, case exists, contradiction) the others stand, and nothing is kept of the refused."""
    sag, ukendt = hus.ny_sag(), str(uuid4())
    svar = hus.ledger.append([hus.tildel(ukendt, request_id="u"), hus.tildel(sag, request_id="ja"), hus.opret(sag, request_id="findes")])
    assert [getattr(s, "status", 201) for s in svar] == [404, 201, 409]
    assert [r.request_id for r in hus.sql("SELECT request_id FROM ledger.anmodninger WHERE request_id IN ('u', 'ja', 'findes')")] == ["ja"]
    assert hus.sql("SELECT stroem FROM ledger.stroemme") == [(sag,)]


def test_a_refused_new_case_leaves_no_citizen_and_no_key(hus: Hus) -> None:
    """An application refused at the door writes nothing at all: no stream, no citizen, no key, and no outbox number is lost."""
    foer = hus.indhold()
    handling = hus.opret_handling() | {"haendelsestidspunkt": "2099-01-01T00:00:00Z"}
    assert hus.afvist(hus.ordre(handling)).status == 422
    assert hus.indhold() == foer


def test_if_match_is_the_version_the_action_builds_on(hus: Hus) -> None:
    """The right version appends, another one (older, later, of a case that is not there) is refused 409."""
    sag = hus.ny_sag()
    assert hus.en(hus.tildel(sag, if_match=1)).kvittering["version"] == 2
    assert [hus.afvist(hus.tildel(sag, if_match=v)).status for v in (1, 3, 0)] == [409, 409, 409]
    ny = hus.opret()
    assert hus.afvist(ny._replace(if_match=1)).status == 409
    assert hus.en(ny._replace(if_match=0)).kvittering["version"] == 1


def test_a_clock_set_back_never_turns_time_round(hus: Hus) -> None:
    """With the head registered, or an asOf answered, in the clock's future, the next event is one microsecond later than it."""
    sag = hus.ny_sag()
    for felt, tid in (("registreret", "2199-01-01 00:00:00.000001"), ("gulv", "2199-01-02 00:00:00.000001")):
        hus.sql(f"UPDATE ledger.stroemme SET {felt} = '{tid}+00'")
        kvittering = hus.en(hus.tildel(sag)).kvittering
        assert kvittering["registreringstidspunkt"] == tid.replace(" ", "T").replace("000001", "000002Z")


def test_a_case_folded_by_other_code_is_not_built_on(hus: Hus) -> None:
    """A row of another fold version raises an error that names `hub restore`, and appends nothing."""
    sag = hus.ny_sag()
    hus.sql("UPDATE ledger.stroemme SET fold_version = 99")
    with pytest.raises(ForaeldetFoldning, match="hub restore"):
        hus.ledger.append([hus.opret(), hus.tildel(sag)])
    assert len(hus.sql("SELECT FROM ledger.outbox")) == 1


def test_the_relay_is_woken_once_per_lane(hus: Hus, database_url: str) -> None:
    """A call notifies hub_outbox with topic:partition, once for each lane that it laid events in."""
    ordrer = [hus.opret() for _ in range(30)]
    with psycopg.connect(database_url, autocommit=True) as lytter:
        lytter.execute("LISTEN hub_outbox")
        hus.ledger.append(ordrer)
        fundet = [
            b.payload for b in lytter.notifies(timeout=2, stop_after=len({partition_for(o.handling.sagsId.encode()) for o in ordrer}))
        ]
    assert sorted(fundet) == sorted({f"vitas.sagshaendelser:{partition_for(o.handling.sagsId.encode())}" for o in ordrer})


def test_event_ids_sort_by_time(hus: Hus) -> None:
    """Event ids are version 7 UUIDs: those of a later call are greater."""
    ids = [hus.en(hus.opret()).kvittering["haendelser"][0]["id"] for _ in range(3) if time.sleep(0.002) is None]
    assert ids == sorted(ids) and all(i[14] == "7" and i[19] in "89ab" for i in ids)


def test_a_large_call_is_one_transaction(hus: Hus) -> None:
    """A thousand actions in one call are appended, each with a receipt of its own, outbox ids rising in the orders' sequence."""
    ordrer = [hus.ordre(h) for h in generer(100, 5)][:1000]
    svar = hus.ledger.append(ordrer)
    ids = [s.outbox[0] for s in svar]
    assert len(svar) == len(ordrer) and ids == sorted(ids)
    assert [r.stroem for r in hus.sql("SELECT stroem FROM ledger.outbox ORDER BY id")] == [o.handling.sagsId for o in ordrer]


def test_an_empty_call_is_no_call(hus: Hus) -> None:
    """No orders, no answers."""
    assert hus.ledger.append([]) == []


def test_an_event_that_the_fold_refuses_costs_only_its_own_order(hus: Hus, monkeypatch: pytest.MonkeyPatch) -> None:
    """9804 for the order whose event does not fold; the others of the call, and of its case, are appended in their turn."""

    def evolve_undtagen(sag: Sag | None, haendelse: Any) -> Sag:
        if getattr(haendelse.data, "team", None) == "Umulig":
            raise KanIkkeFoldes("prøve")
        return evolve(sag, haendelse)

    monkeypatch.setitem(ARTER, FAKTA, ARTER[FAKTA]._replace(evolve=evolve_undtagen))
    sag, anden = hus.ny_sag(), hus.ny_sag()
    svar = hus.ledger.append([hus.tildel(sag, "A"), hus.tildel(sag, "Umulig"), hus.tildel(anden), hus.tildel(sag, "B")])
    assert [getattr(s, "fejlkode", None) for s in svar] == [None, 9804, None, None]
    assert (svar[1].status, svar[3].kvittering["version"]) == (409, 3)
    assert [h.kuvert.version for h in _haendelser(hus, sag)] == [1, 2, 3]
