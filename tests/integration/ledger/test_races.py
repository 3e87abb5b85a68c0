"""Many writers at once, and the same request more than once."""

import random
import threading
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import Engine, event

from hub.events import ledger_sql
from hub.events.ordre import Kvitteret

pytestmark = pytest.mark.integration
Hus = Any


def _versioner(hus: Hus, sag: str) -> list[int]:
    return [r.version for r in hus.sql("SELECT version FROM ledger.outbox WHERE stroem = :s ORDER BY id", s=sag)]


def test_the_same_request_again_gets_the_first_receipt(hus: Hus) -> None:
    """Repeated later: the same receipt, marked as repeated, waiting for the same row until Kafka has it, and nothing appended."""
    sag = hus.ny_sag()
    ordre = hus.tildel(sag)
    foerste = hus.en(ordre)
    hus.en(hus.tildel(sag, "B"))
    foer = hus.indhold()
    assert hus.en(ordre) == foerste._replace(gentaget=True)
    assert hus.indhold() == foer
    hus.sql("UPDATE ledger.outbox SET sendt = now()")
    assert hus.en(ordre) == Kvitteret(foerste.kvittering, (), True)


def test_the_same_request_id_with_another_body_is_refused(hus: Hus) -> None:
    """Another body under a known id: 412 for the same case, for another case, and for a new case, which leaves no citizen behind."""
    sag, anden = hus.ny_sag(), hus.ny_sag()
    hus.en(hus.tildel(sag, request_id="r"))
    foer = hus.indhold()
    for ordre in (hus.tildel(sag, "B", "r"), hus.tildel(anden, request_id="r"), hus.opret(request_id="r")):
        assert hus.afvist(ordre).status == 412
    assert hus.indhold() == foer


def test_the_same_request_twice_in_one_call_appends_once(hus: Hus) -> None:
    """Twice within a call, also one that opens a case: one event, one receipt; another body is refused 412."""
    ny = hus.opret(request_id="r")
    svar = hus.ledger.append([ny, ny, hus.opret(request_id="r")])
    assert svar[1] == svar[0]._replace(gentaget=True)
    assert svar[2].status == 412
    assert len(hus.sql("SELECT FROM ledger.outbox")) == len(hus.sql("SELECT FROM keys.personer")) == 1


def test_a_refused_request_may_come_again(hus: Hus) -> None:
    """A refusal is not remembered: the same request, in the same call or later, is decided anew."""
    sag = str(uuid4())
    tildel = hus.tildel(sag)
    svar = hus.ledger.append([tildel, hus.opret(sag), tildel])
    assert [getattr(s, "status", 201) for s in svar] == [404, 201, 201]
    assert svar[2].gentaget is False


@pytest.mark.parametrize("runde", range(5))
def test_one_request_in_many_connections_appends_once(hus: Hus, runde: int) -> None:
    """The same new request raced by eight connections: one event, and everybody gets its receipt."""
    ordre = hus.opret() if runde % 2 else hus.tildel(hus.ny_sag())
    svar = hus.samtidig(*[lambda: hus.en(ordre)] * 8)
    assert len({repr(s.kvittering) for s in svar}) == 1
    assert sorted(s.gentaget for s in svar) == [False] + [True] * 7
    assert len(hus.sql("SELECT FROM ledger.anmodninger WHERE request_id = :r", r=ordre.request_id)) == 1


@pytest.mark.parametrize("runde", range(5))
def test_one_request_id_for_two_cases_at_once_wins_once(hus: Hus, runde: int) -> None:
    """Two bodies for two cases race with one id: one is appended, the other refused 412, never an error and never both."""
    ordrer = [hus.tildel(hus.ny_sag(), request_id=f"r{runde}") for _ in range(4)]
    svar = hus.samtidig(*[lambda o=o: hus.ledger.append([o])[0] for o in ordrer])
    assert sorted(getattr(s, "status", 201) for s in svar) == [201, 412, 412, 412]
    assert len(hus.sql("SELECT FROM ledger.outbox WHERE version = 2")) == 1


def test_concurrent_writers_at_one_case_lose_nothing(hus: Hus) -> None:
    """Eight threads with 25 actions each at one case: 201 versions without holes or repeats, outbox ids rising with them."""
    sag = hus.ny_sag()
    hus.samtidig(*[lambda: [hus.en(hus.tildel(sag)) for _ in range(25)]] * 8)
    assert _versioner(hus, sag) == list(range(1, 202))
    assert hus.sql("SELECT version FROM ledger.stroemme WHERE stroem = :s", s=sag) == [(201,)]


def test_two_writers_with_if_match_one_wins(hus: Hus) -> None:
    """Eight writers that all build on version 1: one appends, seven are told 409."""
    sag = hus.ny_sag()
    svar = hus.samtidig(*[lambda: hus.ledger.append([hus.tildel(sag, if_match=1)])[0]] * 8)
    assert sorted(getattr(s, "status", 201) for s in svar) == [201] + [409] * 7


def test_one_case_opened_by_many_at_once_is_opened_once(hus: Hus) -> None:
    """Eight writers open the same case: one does, seven are told that it exists, and there is one citizen."""
    sag = str(uuid4())
    svar = hus.samtidig(*[lambda: hus.ledger.append([hus.opret(sag)])[0]] * 8)
    assert sorted(getattr(s, "status", 201) for s in svar) == [201] + [409] * 7
    assert len(hus.sql("SELECT FROM keys.personer")) == len(hus.sql("SELECT FROM ledger.stroemme")) == 1


def test_overlapping_calls_never_deadlock(hus: Hus, engine: Engine) -> None:
    """Random overlapping sets of old and new cases, in random orders, from six threads: no deadlock, not even one that was retried."""
    sager = [hus.ny_sag() for _ in range(12)]
    nye = [str(uuid4()) for _ in range(60)]
    fejl: list[BaseException] = []
    event.listen(engine, "handle_error", lambda sammenhaeng: fejl.append(sammenhaeng.original_exception))
    doedvande = _doedvande(hus)

    def skriv(froe: int) -> None:
        tilfaeldig = random.Random(froe)
        for _ in range(15):
            ordrer = [hus.tildel(s) for s in tilfaeldig.sample(sager, 6)] + [hus.opret(s) for s in tilfaeldig.sample(nye, 4)]
            tilfaeldig.shuffle(ordrer)
            hus.ledger.append(ordrer)

    hus.samtidig(*[lambda f=f: skriv(f) for f in range(6)])
    assert (_doedvande(hus), fejl) == (doedvande, [])
    for sag in sager:
        versioner = _versioner(hus, sag)
        assert versioner == list(range(1, len(versioner) + 1))


def _doedvande(hus: Hus) -> int:
    hus.sql("SELECT pg_stat_force_next_flush()")
    return int(hus.sql("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")[0][0])


def test_a_deadlock_that_others_cause_is_retried(hus: Hus, database_url: str) -> None:
    """Another program that locks two cases in the other order makes PostgreSQL break a deadlock; the append comes through."""
    a, b = sorted([hus.ny_sag(), hus.ny_sag()])
    begge = threading.Barrier(2)

    def fremmed() -> bool:
        with psycopg.connect(database_url) as conn:
            conn.execute("SET deadlock_timeout = '10s'")
            conn.execute("SELECT FROM ledger.stroemme WHERE stroem = %s FOR UPDATE", [b])
            begge.wait()
            threading.Event().wait(0.2)
            conn.execute("SELECT FROM ledger.stroemme WHERE stroem = %s FOR UPDATE", [a])
            return True

    def vores() -> bool:
        begge.wait()
        svar = hus.ledger.append([hus.tildel(a), hus.tildel(b)])
        return all(isinstance(s, Kvitteret) for s in svar)

    foer = _doedvande(hus)
    assert hus.samtidig(fremmed, vores) == [True, True]
    assert _doedvande(hus) == foer + 1
    assert (_versioner(hus, a), _versioner(hus, b)) == ([1, 2], [1, 2])


def test_connections_that_the_server_cut_are_replaced(hus: Hus, database_url: str) -> None:
    """Every idle connection of the pool was cut: the next appends succeed, each once."""
    sag = hus.ny_sag()
    hus.samtidig(*[lambda: hus.en(hus.tildel(sag))] * 6)
    with psycopg.connect(database_url, autocommit=True) as conn:
        conn.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'test-ledger'")
    for _ in range(8):
        hus.en(hus.tildel(sag))
    assert _versioner(hus, sag) == list(range(1, 16))


def test_an_append_cut_after_its_commit_is_found_again(hus: Hus, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The connection is lost when the commit has been made but not answered: tried again, the append finds its own receipt."""
    sag = hus.ny_sag()
    rigtig, cut = psycopg.Connection.commit, []

    def commit_og_forsvind(self: psycopg.Connection[Any]) -> None:
        rigtig(self)
        if not cut:
            cut.append(True)
            self.close()
            raise psycopg.OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(psycopg.Connection, "commit", commit_og_forsvind)
    svar = hus.en(hus.tildel(sag))
    assert (svar.kvittering["version"], svar.gentaget, len(svar.outbox)) == (2, True, 1)
    assert _versioner(hus, sag) == [1, 2]


def test_the_sql_takes_rows_in_sorted_order() -> None:
    """Every statement that locks or inserts several rows that others may want says ORDER BY."""
    assert all("ORDER BY" in s.tekst for s in (ledger_sql.NYE_STROEMME, ledger_sql.LAAS_STROEMME))
    assert all("ORDER BY" in s for s in (ledger_sql.NYE_ANMODNINGER, ledger_sql.NYE_AKTER))
