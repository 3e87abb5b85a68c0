"""A citizen's new CPR number on the real PostgreSQL: every case of the citizen, one transaction, nobody between."""

import threading
from typing import Any
from uuid import uuid4

import orjson
import pytest
from sqlalchemy import event

from hub.domain.fejl import Afvisning
from hub.domain.haendelser import CprSkiftet
from hub.domain.personnummerskift import laes_personnummerskift
from hub.events import personnummerskift
from hub.events.arter import SAG
from hub.events.ledger_fejl import LedgerBagud
from hub.events.ordre import Kvitteret, Ordre
from hub.events.personnummerskift import Skifteordre
from hub.events.sealing import aabn

pytestmark = pytest.mark.integration
Hus = Any
A, B, C = "0101901111", "0202902222", "0303903333"


def skifteordre(gammelt: str, nyt: str, request_id: str | None = None, **mere: Any) -> Skifteordre:
    """A change of number, under a request id of its own unless one is given."""
    krop = {"gammelt": gammelt, "nyt": nyt, **mere}
    return Skifteordre(laes_personnummerskift(krop), request_id or uuid4().hex, orjson.dumps(krop, option=orjson.OPT_SORT_KEYS))


def skift(hus: Hus, gammelt: str = A, nyt: str = B, **mere: Any) -> Any:
    """What came of a change."""
    return hus.ledger.skift_personnummer(skifteordre(gammelt, nyt, **mere))


def koder(svar: Any) -> list[int]:
    """The codes of a refusal; none of a receipt."""
    return [f.kode for f in svar.fejl] if isinstance(svar, Afvisning) else []


def opret(hus: Hus, cpr: str, sags_id: str | None = None) -> Ordre:
    """An order that opens a case of a citizen."""
    return hus.ordre(handling(hus, cpr, sags_id))  # type: ignore[no-any-return]


def handling(hus: Hus, cpr: str, sags_id: str | None = None, ordning: str = "Loentilskud") -> Any:
    """An action that opens a case of a citizen under a scheme; a jobrotation names other people too."""
    fundet = hus.opret_handling(sags_id, ordning)
    fundet["data"]["borger"]["personnummer"] = cpr
    return fundet


def ny_sag(hus: Hus, cpr: str = A) -> str:
    """A case of a citizen; its id."""
    ordre = opret(hus, cpr)
    hus.en(ordre)
    return ordre.handling.sagsId


def numre(hus: Hus) -> dict[str, str]:
    """The number that each case says, of all cases."""
    foldede = {r.stroem: bytes(r.sag) for r in hus.sql("SELECT stroem, sag FROM ledger.stroemme WHERE topic = 'vitas.sagshaendelser'")}
    sager = {navn: SAG.foldet.decode(pakket) for navn, pakket in foldede.items()}
    with hus.engine.connect() as conn:
        noegler = hus.noegler.hent(conn, {s.borgerId for s in sager.values()})
    return {navn: str(aabn(s.personnummer, noegler[s.borgerId])) for navn, s in sager.items()}


def test_every_case_of_the_citizen_gets_its_event(hus: Hus) -> None:
    """Three cases, and another citizen's: the three say the new number at once; the receipt lists their events in order of their ids."""
    sager, anden = sorted(ny_sag(hus) for _ in range(3)), ny_sag(hus, C)
    svar = skift(hus)
    assert isinstance(svar, Kvitteret)
    assert [(h["sagsId"], h["type"], h["version"]) for h in svar.kvittering["haendelser"]] == [(s, "CprSkiftet", 2) for s in sager]
    assert list(svar.kvittering) == ["haendelser", "registreringstidspunkt"]
    assert numre(hus) == {**dict.fromkeys(sager, B), anden: C}
    assert len(svar.outbox) == 3 and hus.sql("SELECT count(*) FROM ledger.outbox WHERE stroem = :s", s=anden) == [(1,)]
    haendelser = [hus.kodeks.afkod(bytes(r.vaerdi)) for r in hus.sql("SELECT vaerdi FROM ledger.outbox WHERE version = 2 ORDER BY stroem")]
    assert {type(h.data) for h in haendelser} == {CprSkiftet}
    assert {(h.kuvert.requestId, h.kuvert.aktoer.type) for h in haendelser} == {(haendelser[0].kuvert.requestId, "System")}
    assert all(h.kuvert.haendelsestidspunkt == h.kuvert.registreringstidspunkt for h in haendelser)


def test_both_numbers_find_the_citizen_and_only_the_new_one_records(hus: Hus) -> None:
    """Old and new find one borgerId; a case by the old one is refused 9460 without a trace, by the new one it is the same citizen's."""
    ny_sag(hus)
    with hus.engine.connect() as conn:
        borger = hus.noegler.find_borger(conn, A)
    skift(hus)
    with hus.engine.connect() as conn:
        assert hus.noegler.find_borger(conn, A) == hus.noegler.find_borger(conn, B) == borger
    foer = hus.indhold()
    afvist = hus.afvist(opret(hus, A))
    assert [(f.kode, f.felt, f.status) for f in afvist.fejl] == [(9460, "data.borger.personnummer", 409)]
    assert hus.indhold() == foer
    ny_sag(hus, B)
    assert hus.sql("SELECT count(DISTINCT borger_id) FROM keys.personer") == [(1,)]


def test_nobody_is_made_by_a_case_that_is_refused_and_nobody_is_listed_by_an_earlier_number(hus: Hus) -> None:
    """A jobrotation: by an earlier number of its citizen, or of somebody in its list, it is refused at the right path without a trace."""
    ny_sag(hus)
    skift(hus)
    person = {"personnummer": "0505905555", "navn": "Anna Ansat"}
    jobrotation = handling(hus, A, ordning="Jobrotation")
    jobrotation["data"]["ansatte"] = [person]
    foer = hus.indhold()
    assert [(f.kode, f.felt) for f in hus.afvist(hus.ordre(jobrotation)).fejl] == [(9460, "data.borger.personnummer")]
    jobrotation["data"]["borger"]["personnummer"] = C
    jobrotation["data"]["ansatte"] = [person, person | {"personnummer": A}]
    assert [(f.kode, f.felt) for f in hus.afvist(hus.ordre(jobrotation)).fejl] == [(9460, "data.ansatte.1.personnummer")]
    assert hus.indhold() == foer
    jobrotation["data"]["ansatte"] = [person, person | {"personnummer": B}]
    hus.en(hus.ordre(jobrotation))


def test_one_refused_opening_leaves_the_others_of_its_call(hus: Hus) -> None:
    """By the old number refused, by the new one taken: also when both would open the same case, and when a later order builds on it."""
    ny_sag(hus)
    skift(hus)
    sag = str(uuid4())
    svar = hus.ledger.append([opret(hus, A), opret(hus, A, sag), opret(hus, B, sag), hus.tildel(sag), opret(hus, C)])
    assert [getattr(s, "fejlkode", None) for s in svar] == [9460, 9460, None, None, None]
    assert numre(hus)[sag] == B


@pytest.mark.parametrize(
    ("gammelt", "nyt", "kode", "status"), [(C, B, 9641, 404), (A, "0404904444", 9643, 409), ("0505905555", "0606906666", 9460, 409)]
)
def test_a_refused_change_changes_nothing(hus: Hus, gammelt: str, nyt: str, kode: int, status: int) -> None:
    """Nobody's number, another citizen's number, a number that the citizen had before: each with its code, and not a row is changed."""
    ny_sag(hus)
    ny_sag(hus, "0404904444")
    ny_sag(hus, "0505905555")
    skift(hus, "0505905555", "0707907777")
    foer = hus.indhold()
    svar = skift(hus, gammelt, nyt)
    assert (koder(svar), svar.status) == ([kode], status)
    assert hus.indhold() == foer


def test_a_number_that_changes_again_and_back(hus: Hus) -> None:
    """A, B, C and A again: one current number at a time, the earlier ones still find the citizen, and each change is an event."""
    sag = ny_sag(hus)
    for gammelt, nyt in ((A, B), (B, C), (C, A)):
        assert koder(skift(hus, gammelt, nyt)) == []
        assert numre(hus) == {sag: nyt}
        assert hus.sql("SELECT count(*) FROM keys.personer WHERE gaeldende") == [(1,)]
    assert koder(skift(hus, B, "0808908888")) == [9460]
    assert hus.sql("SELECT version FROM ledger.stroemme WHERE stroem = :s", s=sag) == [(4,)]
    assert hus.sql("SELECT count(*), count(DISTINCT borger_id) FROM keys.personer") == [(3, 1)]


def test_the_same_request_again_gets_the_first_receipt(hus: Hus) -> None:
    """The same id and body: the same receipt to the byte, waiting for the same rows; another body, and an action, under the id: 412."""
    sag = ny_sag(hus)
    ordre = skifteordre(A, B, "r")
    foerste = hus.ledger.skift_personnummer(ordre)
    foer = hus.indhold()
    igen = hus.ledger.skift_personnummer(ordre)
    assert igen == foerste._replace(gentaget=True)
    assert orjson.dumps(igen.kvittering) == orjson.dumps(foerste.kvittering)
    assert koder(skift(hus, B, C, request_id="r")) == [9801]
    assert hus.afvist(hus.tildel(sag, request_id="r")).fejlkode == 9801
    assert hus.indhold() == foer


def test_a_citizen_without_cases_has_no_events(hus: Hus) -> None:
    """The number changes, the receipt is empty and is the same again."""
    with hus.engine.begin() as conn:
        hus.noegler.borgere(conn, [A])
    ordre = skifteordre(A, B)
    foerste = hus.ledger.skift_personnummer(ordre)
    assert (foerste.kvittering["haendelser"], foerste.outbox, foerste.gentaget) == ([], (), False)
    assert hus.ledger.skift_personnummer(ordre) == foerste._replace(gentaget=True)
    with hus.engine.begin() as conn:
        assert list(hus.noegler.borgere(conn, [B])) == [B]


def test_hundreds_of_cases_change_at_once_and_too_many_not_at_all(hus: Hus, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three hundred cases: three hundred events in one transaction; one more than the bound: refused, and nothing changed."""
    hus.ledger.append([opret(hus, A) for _ in range(300)])
    svar = skift(hus)
    assert len(svar.kvittering["haendelser"]) == len(svar.outbox) == 300
    monkeypatch.setattr(personnummerskift, "MAKS_SAGER", 299)
    foer = hus.indhold()
    assert koder(skift(hus, B, C)) == [9644]
    assert hus.indhold() == foer


def test_an_event_in_the_future_is_refused(hus: Hus) -> None:
    """What is recorded has happened."""
    ny_sag(hus)
    assert koder(skift(hus, haendelsestidspunkt="2199-01-01T00:00:00Z")) == [9512]


def test_a_ledger_that_is_behind_takes_no_change(hus: Hus) -> None:
    """One lane of the citizen's cases not compared with its log: refused, neither number nor case changed."""
    sag = ny_sag(hus)
    foer = numre(hus)
    hus.sql(
        "UPDATE ledger.baner SET server_start = NULL WHERE partition = (SELECT partition FROM ledger.stroemme WHERE stroem = :s)", s=sag
    )
    with pytest.raises(LedgerBagud):
        skift(hus)
    hus.aabn()
    assert numre(hus) == foer
    assert hus.sql("SELECT count(*) FROM keys.personer") == [(1,)]


@pytest.mark.parametrize("runde", range(4))
def test_two_changes_at_once_one_wins(hus: Hus, runde: int) -> None:
    """To two numbers from one: one is recorded on every case, the other refused 9460; to one number from two citizens: one refused 9643."""
    sager = [ny_sag(hus) for _ in range(4)]
    svar = hus.samtidig(lambda: skift(hus, A, B), lambda: skift(hus, A, C))
    assert sorted(map(koder, svar)) == [[], [9460]]
    assert len({numre(hus)[s] for s in sager}) == 1
    ny_sag(hus, "0404904444")
    nuvaerende = numre(hus)[sager[0]]
    svar = hus.samtidig(lambda: skift(hus, nuvaerende, "0909909999"), lambda: skift(hus, "0404904444", "0909909999"))
    assert sorted(map(koder, svar)) == [[], [9643]]


@pytest.mark.parametrize("runde", range(4))
def test_the_same_change_at_once_is_one_change(hus: Hus, runde: int) -> None:
    """One request raced by four connections: one event a case, one receipt for all."""
    sag, ordre = ny_sag(hus), skifteordre(A, B)
    svar = hus.samtidig(*[lambda: hus.ledger.skift_personnummer(ordre)] * 4)
    assert len({repr(s.kvittering) for s in svar}) == 1 and sorted(s.gentaget for s in svar) == [False, True, True, True]
    assert hus.sql("SELECT version FROM ledger.stroemme WHERE stroem = :s", s=sag) == [(2,)]


@pytest.mark.parametrize("runde", range(6))
def test_a_case_opened_at_the_same_moment_says_the_new_number_or_is_refused(hus: Hus, runde: int) -> None:
    """Cases opened by the old number while it changes: each has its CprSkiftet or was refused 9460; none is left, nothing deadlocks."""
    gamle = [ny_sag(hus) for _ in range(3)]
    doede: list[BaseException] = []
    event.listen(hus.engine, "handle_error", lambda s: doede.append(s.original_exception))
    aabninger = [lambda: hus.ledger.append([opret(hus, A), hus.tildel(gamle[0]), opret(hus, C)]) for _ in range(5)]
    *aabnet, skiftet = hus.samtidig(*aabninger, lambda: skift(hus))
    assert koder(skiftet) == []
    nye = [s[0] for s in aabnet if isinstance(s[0], Kvitteret)]
    assert {koder(s[0])[0] for s in aabnet if isinstance(s[0], Afvisning)} <= {9460}
    nu = numre(hus)
    assert {nu[s] for s in (*gamle, *(n.kvittering["sagsId"] for n in nye))} == {B}
    assert [type(f).__name__ for f in doede] == []


def test_who_opens_a_case_holds_the_number_until_the_case_is_there(hus: Hus, monkeypatch: pytest.MonkeyPatch) -> None:
    """A change that comes when an append has found its citizen waits for the append's commit, and then takes its case too."""
    ny_sag(hus)
    rigtig, skiftet = hus.noegler.noegler, []
    traad = threading.Thread(target=lambda: skiftet.append(skift(hus)))

    def noegler(*felter: Any) -> Any:
        if not traad.ident:
            traad.start()
            traad.join(0.5)
            assert not skiftet
        return rigtig(*felter)

    monkeypatch.setattr(hus.noegler, "noegler", noegler)
    ny_sag(hus)
    traad.join()
    assert len(skiftet[0].kvittering["haendelser"]) == 2
    assert set(numre(hus).values()) == {B}


def test_a_case_that_commits_between_locking_and_changing_starts_it_over(hus: Hus, monkeypatch: pytest.MonkeyPatch) -> None:
    """A case opened after the citizen's cases were listed: the change sees it before it commits, and takes it too."""
    gammel = ny_sag(hus)
    rigtig, nye = personnummerskift.laes_sager, []

    def laes_og_aabn(*felter: Any) -> Any:
        start = rigtig(*felter)
        if not nye:
            traad = threading.Thread(target=lambda: nye.append(ny_sag(hus)))
            traad.start()
            traad.join()
        return start

    monkeypatch.setattr(personnummerskift, "laes_sager", laes_og_aabn)
    svar = skift(hus)
    assert sorted(h["sagsId"] for h in svar.kvittering["haendelser"]) == sorted([gammel, *nye])
    assert set(numre(hus).values()) == {B}


def test_a_change_that_was_half_lost_is_completed_by_sending_it_again(hus: Hus) -> None:
    """A restored database that lacks one case's event: the change under a new request id reaches that case, and no other."""
    sager = sorted(ny_sag(hus) for _ in range(3))
    foer = hus.sql("SELECT * FROM ledger.stroemme WHERE stroem = :s", s=sager[1])[0]._mapping
    skift(hus)
    hus.sql("DELETE FROM ledger.outbox WHERE stroem = :s AND version = 2", s=sager[1])
    hus.sql("UPDATE ledger.stroemme SET version = 1, hoved = :h, sag = :g WHERE stroem = :s", s=sager[1], h=foer["hoved"], g=foer["sag"])
    svar = skift(hus)
    assert [h["sagsId"] for h in svar.kvittering["haendelser"]] == [sager[1]]
    assert set(numre(hus).values()) == {B}


def test_a_case_whose_stream_is_lost_does_not_stop_a_change(hus: Hus) -> None:
    """A key without a case (its 202 was lost with a database): the citizen's other cases change."""
    sag, tabt = ny_sag(hus), ny_sag(hus)
    hus.sql("DELETE FROM ledger.outbox WHERE stroem = :s", s=tabt)
    hus.sql("DELETE FROM ledger.stroemme WHERE stroem = :s", s=tabt)
    assert [h["sagsId"] for h in skift(hus).kvittering["haendelser"]] == [sag]


def test_no_number_is_in_clear_anywhere(hus: Hus) -> None:
    """Neither the old nor the new number is in a row of any table: hashes and ciphertext only."""
    ny_sag(hus)
    skift(hus)
    alt = repr([[bytes(v) if isinstance(v, memoryview) else v for v in r] for raekker in hus.indhold().values() for r in raekker])
    assert A not in alt and B not in alt
