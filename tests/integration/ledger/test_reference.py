"""Reference streams in the append transaction: the same path as cases, and what an action on a case looks up there."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import uuid4

import orjson
import pytest

from hub.domain.fejl import Afvisning
from hub.domain.handlinger import AktoerIn
from hub.domain.reference_handlinger import PAA_KONFLIKTER, laes_reference
from hub.events.arter import KONFLIKT, LISTE, SAG
from hub.events.bedoem import kuvertlaeser
from hub.events.codec import Ulaeselig
from hub.events.forbindelse import raa_forbindelse
from hub.events.genskab import Genskabelse, aabn_baner, luk_baner
from hub.events.journal import Post
from hub.events.ledger_fejl import ForaeldetFoldning, LedgerBagud
from hub.events.ledger_laes import laes
from hub.events.ordre import Ordre
from hub.events.topics import KONFLIKTER, SATSER

pytestmark = pytest.mark.integration
Hus = Any
VITAS = AktoerIn(type="System", id="vitas")
SATS = {"kode": 9403, "navn": "Privat", "beskrivelse": "92,11 kr. i timen", "startdato": "2020-01-01"}
KONFLIKTDATA = {"fra": "2020-01-01", "fagomraader": ["Transport"]}


def ordre(handling: str, data: dict[str, Any], cvr: str = "", request_id: str | None = None, if_match: int | None = None) -> Ordre:
    """The order of a registration, as the door makes it."""
    topic = KONFLIKTER if handling in PAA_KONFLIKTER else SATSER
    return Ordre(
        laes_reference(handling, data, VITAS, cvr), request_id or uuid4().hex, orjson.dumps([handling, cvr, data]), if_match, topic
    )


def konflikt(cvr: str, **mere: Any) -> Ordre:
    """The company is registered."""
    return ordre("RegistrerKonflikt", KONFLIKTDATA, cvr, **mere)


def sats(beskrivelse: str = "92,11 kr. i timen", **mere: Any) -> Ordre:
    """A row of the rate 9403."""
    return ordre("RegistrerSats", SATS | {"beskrivelse": beskrivelse}, **mere)


def med_sats(hus: Hus, sats: int | None = 9403) -> dict[str, Any]:
    """An action that opens a løntilskud case whose company no other test has."""
    handling: dict[str, Any] = next(h for h in iter(hus.opret_handling, None) if h["ordning"] == "Loentilskud")
    handling["data"] |= {"timeTilskudsats": sats, "virksomhed": {"cvrNummer": f"{uuid4().int % 10**8:08}", "pNummer": "1000000009"}}
    handling["data"].pop("konfliktramt", None)
    return handling


def cvr_i(handling: dict[str, Any]) -> str:
    """The company of a new case."""
    nummer: str = handling["data"]["virksomhed"]["cvrNummer"]
    return nummer


def haendelser(hus: Hus, stroem: str, art: Any) -> list[Any]:
    """A stream's events as the outbox has them."""
    raekker = hus.sql("SELECT vaerdi FROM ledger.outbox WHERE stroem = :s ORDER BY version", s=stroem)
    return [art.afkod(hus.kodeks, bytes(vaerdi)) for (vaerdi,) in raekker]


def test_a_registration_is_an_event_as_any_other(hus: Hus) -> None:
    """Its own topic and lane, versions 1, 2, 3, chained by hash, CloudEvents headers, the actor open, and the row folded from them."""
    for o in (konflikt("11111111"), konflikt("11111111"), ordre("OphoerKonflikt", {}, "11111111")):
        hus.en(o)
    raekker = hus.sql("SELECT topic, partition, version, vaerdi, hoveder FROM ledger.outbox ORDER BY id")
    assert [tuple(r)[:3] for r in raekker] == [("vitas.konflikter", 0, v) for v in (1, 2, 3)]
    foldet, egne = None, haendelser(hus, "11111111", KONFLIKT)
    for h in egne:
        foldet = KONFLIKT.evolve(foldet, h)
    assert [h.type for h in egne] == ["KonfliktRegistreret", "KonfliktRegistreret", "KonfliktOphoert"]
    assert [h.kuvert.forgaenger for h in egne] == [None, *(sha256(r.vaerdi).digest() for r in raekker[:-1])]
    assert {(h.kuvert.aktoer.type, h.kuvert.aktoer.id, h.kuvert.eksternIdentifier) for h in egne} == {("System", "vitas", "11111111")}
    assert all(h.kuvert.haendelsestidspunkt == h.kuvert.registreringstidspunkt for h in egne)
    assert raekker[0].hoveder["ce_type"] == "dk.vitas.KonfliktRegistreret.v1" and raekker[0].hoveder["ce_subject"] == "11111111"
    ((gemt, version),) = hus.sql("SELECT sag, fold_version FROM ledger.stroemme")
    assert KONFLIKT.udpak(bytes(gemt), version) == foldet
    assert not hus.sql("SELECT FROM keys.noegler")


def test_the_same_request_again_is_the_first_receipt(hus: Hus) -> None:
    """Same id and body: the first receipt and nothing new; another body 412, also when it is a case's; a wrong If-Match 409."""
    foerste = hus.en(sats(request_id="r", if_match=0))
    igen = hus.en(sats(request_id="r"))
    assert (igen.kvittering, igen.gentaget, igen.outbox) == (foerste.kvittering, True, foerste.outbox)
    assert hus.afvist(sats("93,00 kr. i timen", request_id="r")).status == 412
    assert hus.afvist(hus.opret(request_id="r")).status == 412
    assert hus.afvist(sats(if_match=7)).status == 409
    assert hus.en(sats(if_match=1)).kvittering["version"] == 2


def test_a_refused_registration_leaves_no_trace(hus: Hus) -> None:
    """Ending what does not stand writes nothing, and no stream stays."""
    foer = hus.indhold()
    assert hus.afvist(ordre("OphoerKonflikt", {}, "22222222")).status == 404
    assert hus.indhold() == foer


def test_several_registrations_in_one_call_build_on_each_other(hus: Hus) -> None:
    """In order and in one transaction; a call for two kinds of stream is nobody's."""
    svar = hus.ledger.append([konflikt("33333333"), ordre("OphoerKonflikt", {}, "33333333"), ordre("OphoerKonflikt", {}, "33333333")])
    assert [s.status if isinstance(s, Afvisning) else s.kvittering["version"] for s in svar] == [1, 2, 404]
    with pytest.raises(ValueError, match="too many values"):
        hus.ledger.append([konflikt("33333333"), sats()])


def test_what_was_looked_up_is_in_the_event_with_its_origin(hus: Hus) -> None:
    """R-2.1, R-3.6: conflict and rate by stream and version; what is registered later changes nothing, and the fold is the same again."""
    handling = med_sats(hus)
    cvr = cvr_i(handling)
    hus.en(konflikt(cvr))
    hus.en(sats())
    hus.en(hus.ordre(handling))
    (data,) = (
        hus.kodeks.afkod(bytes(v)).data for (v,) in hus.sql("SELECT vaerdi FROM ledger.outbox WHERE stroem = :s", s=handling["sagsId"])
    )
    assert (data.konfliktramt, data.konfliktKilde, data.sats.raekke, data.sats.beskrivelse) == (
        True,
        f"{cvr}@1",
        "sats-9403@1",
        SATS["beskrivelse"],
    )
    foer = hus.sql("SELECT * FROM ledger.stroemme WHERE stroem = :s", s=handling["sagsId"])
    hus.en(ordre("OphoerKonflikt", {}, cvr))
    hus.en(sats("93,00 kr. i timen"))
    assert hus.sql("SELECT * FROM ledger.stroemme WHERE stroem = :s", s=handling["sagsId"]) == foer
    (foldet,) = (SAG.evolve(None, h) for h in haendelser(hus, handling["sagsId"], SAG))
    assert SAG.udpak(bytes(foer[0].sag), foer[0].fold_version) == foldet
    nu = {"haendelsestidspunkt": datetime.now(UTC).isoformat()}
    igen = handling | {"sagsId": str(uuid4()), "eksternIdentifier": str(uuid4())} | nu
    hus.en(hus.ordre(igen))
    (data,) = (h.data for h in haendelser(hus, igen["sagsId"], SAG))
    assert (data.konfliktramt, data.konfliktKilde, data.sats.raekke) == (False, None, "sats-9403@2")


@pytest.mark.parametrize("findes", [True, False])
def test_what_is_looked_up_is_held_until_the_commit(hus: Hus, findes: bool) -> None:
    """Between an append's look and its commit nobody registers what it looked for, whether it was there or not; other rows are free."""
    handling = med_sats(hus)
    if findes:
        hus.en(konflikt(cvr_i(handling)))
    with ThreadPoolExecutor(1) as traad, hus.engine.begin() as conn:
        start = laes(raa_forbindelse(conn), [hus.ordre(handling)])
        assert set(start.opslag) == ({cvr_i(handling)} if findes else set())
        hus.en(konflikt("44444444"))
        venter = traad.submit(hus.en, konflikt(cvr_i(handling)))
        with pytest.raises(TimeoutError):
            venter.result(0.3)
        conn.rollback()
        assert venter.result(5).kvittering["version"] == 1 + findes
        registreret = datetime.fromisoformat(venter.result().kvittering["registreringstidspunkt"])
    assert registreret > start.nu


def test_who_waits_to_register_is_not_passed_by_later_readers(hus: Hus) -> None:
    """Behind a look-up under way a registration waits, and behind that the next look-up: a steady stream of them cannot hold it up."""
    hus.en(sats())
    with ThreadPoolExecutor(2) as traade, hus.engine.begin() as conn, hus.engine.connect() as anden:
        laes(raa_forbindelse(conn), [hus.ordre(med_sats(hus))])
        registrering = traade.submit(hus.en, sats("93,00 kr. i timen"))
        hus.ventende(1)
        senere = traade.submit(laes, raa_forbindelse(anden), [hus.ordre(med_sats(hus))])
        hus.ventende(2)
        conn.rollback()
        assert registrering.result(5).kvittering["version"] == 2
        assert [r.beskrivelse for r in senere.result(5).opslag["sats-9403"].raekker] == [SATS["beskrivelse"], "93,00 kr. i timen"]


@pytest.mark.parametrize("topic", [KONFLIKTER, SATSER])
def test_a_reference_lane_that_is_behind_refuses_itself_and_who_looks_there(hus: Hus, topic: str) -> None:
    """503 for registering on that lane, and for an action that looks something up; other actions go on."""
    sag = hus.ny_sag()
    hus.sql("UPDATE ledger.baner SET bagud = 'behind' WHERE topic = :t", t=topic)
    with pytest.raises(LedgerBagud, match=topic):
        hus.ledger.append([konflikt("55555555") if topic == KONFLIKTER else sats()])
    with pytest.raises(LedgerBagud, match=topic):
        hus.ledger.append([hus.ordre(med_sats(hus))])
    hus.en(hus.tildel(sag))
    hus.en(sats() if topic == KONFLIKTER else konflikt("55555555"))


def test_a_list_folded_by_other_code_is_not_looked_up(hus: Hus) -> None:
    """A row of another fold version raises the error that names `hub restore`; a case's fold version says nothing of it."""
    hus.en(sats())
    hus.sql("UPDATE ledger.stroemme SET fold_version = 99")
    with pytest.raises(ForaeldetFoldning, match="hub restore"):
        hus.ledger.append([hus.ordre(med_sats(hus))])


@pytest.mark.parametrize("art", [KONFLIKT, LISTE], ids=["konflikter", "satser"])
def test_reference_streams_come_back_from_their_log(hus: Hus, art: Any) -> None:
    """Rows and receipts as they were, after everything is lost, a repeat of the whole log included; the same request is known again."""
    alle = [konflikt("66666666"), konflikt("77777777"), ordre("OphoerKonflikt", {}, "66666666")]
    if art is LISTE:
        kode = {"liste": "mentortype", "kode": 1, "navn": "En", "startdato": "2025-01-01"}
        tekst = {"ordning": "Loentilskud", "tekstversion": "1", "tekst": "Afslås", "startdato": "2025-01-01"}
        alle = [sats(), sats("93,00 kr. i timen"), ordre("RegistrerKode", kode), ordre("RegistrerAfslagstekst", tekst)]
    kvitteringer = [hus.en(o).kvittering for o in alle]
    foer = {t: r for t, r in hus.indhold().items() if t in ("ledger.stroemme",)}
    raekker = hus.sql("SELECT stroem, vaerdi FROM ledger.outbox ORDER BY id")
    log = [Post(0, nr, r.stroem.encode(), bytes(r.vaerdi), ()) for nr, r in enumerate(raekker)]
    hus.sql("TRUNCATE ledger.stroemme, ledger.outbox, ledger.anmodninger, ledger.baner")
    luk_baner(hus.engine, art.topic)
    with hus.engine.begin() as conn:
        genskabelse = Genskabelse(conn, hus.kodeks, (art.topic, 0), hoejst=1)
        genskabelse.fold([*log, *log])
        genskabelse.afstem()
        tal = genskabelse.afslut(len(log))
        aabn_baner(conn)
    assert (tal.haendelser, tal.gentagelser, tal.ufoldelige) == (len(alle), len(alle), 0)
    assert {t: r for t, r in hus.indhold().items() if t in foer} == foer
    hus.aabn()
    assert [hus.en(o).kvittering for o in alle] == kvitteringer


def test_each_topic_takes_events_of_its_own_kind_only(hus: Hus) -> None:
    """A rate among the cases, and a case among the rates, are no events there; the relay's comparison reads each topic as its own."""
    hus.en(sats())
    sag = hus.ny_sag()
    laes_kuvert = kuvertlaeser(hus.kodeks)
    (reference,), (egen,) = (hus.sql("SELECT vaerdi FROM ledger.outbox WHERE stroem = :s", s=s)[0] for s in ("sats-9403", sag))
    assert laes_kuvert(SATSER, bytes(reference)).sagsId == "sats-9403"
    assert laes_kuvert(SATSER, bytes(egen)) is None and laes_kuvert("vitas.sagshaendelser", bytes(reference)) is None
    with pytest.raises(Ulaeselig):
        hus.kodeks.afkod(bytes(reference))
