"""What an operator does with parked events: in order, once, and recorded."""

import threading
from datetime import date

import pytest
from msgspec.structs import replace

from hub.domain import haendelser as h
from hub.domain.evolve import evolve
from hub.events.arter import SAG
from hub.projections.ledgersag import KaedeAfbrudt
from hub.projections.live import Anvendt
from hub.projections.parked import Genkoert, IkkeParkeret, Operatoer, genkoer, kasser, proev
from hub.projections.parkering import i_traek

pytestmark = pytest.mark.integration

HVEM = Operatoer("operatør", "rettet")


def test_a_retry_applies_the_case_in_order_and_notifies_once(projektion, loggen, db, modtaget, tmp_path):
    """Nothing was told while the events stood; the retry applies and tells them in order, and the case flows again."""
    sag = loggen.sag()
    fejlpunkt = tmp_path / f"projektion.{sag.id}"
    fejlpunkt.touch()
    sag.bevilget()
    projektion.anvend(0, loggen.poster)
    assert db.gemt() == [] and db.versioner() == {}
    fejlpunkt.unlink()
    assert genkoer(projektion, sag.id, HVEM) == Genkoert(3, 0, 0, None)
    assert db.versioner() == {sag.id: 3} and db.gemt() == [(sag.id, 1), (sag.id, 2), (sag.id, 3)]
    assert [t for _, _, t in db.parkerede()] == ["genkoert"] * 3
    assert [type(d).__name__ for d in modtaget.drift] == ["HaendelseParkeret"] * 3 + ["HaendelseGenkoert"] * 3
    with pytest.raises(IkkeParkeret):
        genkoer(projektion, sag.id, HVEM)
    sag.sker("bev", h.BevillingGodkendt("Virksomhed"))
    assert projektion.anvend(0, loggen.poster[3:]) == Anvendt(4, 1, 0, 0)
    assert len(db.gemt()) == 4


def test_a_retry_stops_at_the_first_that_fails_again(projektion, loggen, db, modtaget):
    """What comes before it is applied; it and those behind it stay parked, with the reason of this time."""
    sag = loggen.sag()
    loggen.laeg(sag.id, b"rubbish")
    sag.sker("ans", h.AnsoegningUnderskrevet("Arbejdsgiver"))
    sag.laeg(sag.naeste("oph", h.OphoerRegistreret(date(2025, 5, 15))), fold=False)
    sag.sker("ans", h.SagTildelt("Team"))
    projektion.anvend(0, loggen.poster)
    kasser(projektion, 0, 1, HVEM)
    modtaget.drift.clear()
    assert genkoer(projektion, sag.id, HVEM) == Genkoert(1, 0, 2, "KanIkkeFoldes: the case has nothing that can end")
    genkoert, mislykket = modtaget.drift
    assert type(genkoert).__name__ == "HaendelseGenkoert" and (genkoert.kafkaOffset, genkoert.hvorfor) == (2, "rettet")
    assert type(mislykket).__name__ == "GenkoerselMislykket" and (mislykket.kafkaOffset, mislykket.hvorfor) == (3, "rettet")
    assert mislykket.fejl == "KanIkkeFoldes: the case has nothing that can end"
    assert db.parkerede() == [(1, "fejl", "kasseret"), (2, "venter", "genkoert"), (3, "fejl", "parkeret"), (4, "venter", "parkeret")]
    assert db.versioner() == {sag.id: 2} and db.gemt() == [(sag.id, 1), (sag.id, 2)]


def test_a_try_says_what_a_retry_would_do_and_changes_nothing(projektion, loggen, db, modtaget):
    """The same counts and reason, and the notifications it would give; it waits for nobody who holds the partition."""
    sag = loggen.sag()
    loggen.laeg(sag.id, b"rubbish")
    sag.sker("ans", h.AnsoegningUnderskrevet("Arbejdsgiver"))
    sag.laeg(sag.naeste("oph", h.OphoerRegistreret(date(2025, 5, 15))), fold=False)
    projektion.anvend(0, loggen.poster)
    kasser(projektion, 0, 1, HVEM)
    foer, sagt = db.parkerede(), len(modtaget.drift)
    with projektion.engine.connect() as conn, conn.begin():
        conn.exec_driver_sql("UPDATE delivery.checkpoints SET naeste_offset = naeste_offset WHERE partition = 0")
        proevet = proev(projektion, sag.id)
    assert proevet[:4] == (1, 0, 1, "KanIkkeFoldes: the case has nothing that can end") and len(proevet.udkast) == 1
    assert (db.parkerede(), len(modtaget.drift), db.versioner()) == (foer, sagt, {sag.id: 1})
    assert genkoer(projektion, sag.id, HVEM) == Genkoert(*proevet[:4])
    with pytest.raises(IkkeParkeret):
        proev(projektion, "ukendt")


def test_a_discarded_event_is_no_hole(projektion, loggen, db, modtaget):
    """Later events name the discarded one as their predecessor and are accepted, waiting or still to come; a copy of it is a repeat."""
    sag = loggen.sag()
    daarlig = sag.laeg(sag.naeste("oph", h.OphoerRegistreret(date(2025, 5, 15))), fold=False)
    sag.sker("ans", h.AnsoegningUnderskrevet("Arbejdsgiver"))
    projektion.anvend(0, loggen.poster)
    assert kasser(projektion, 0, 1, HVEM) == sag.id
    assert genkoer(projektion, sag.id, HVEM).antal == 1
    loggen.laeg(sag.id, daarlig.vaerdi)
    sag.sker("ans", h.SagTildelt("Team"))
    assert projektion.anvend(0, loggen.poster[3:]) == Anvendt(5, 1, 1, 0)
    assert db.versioner() == {sag.id: 4}
    assert db.gemt() == [(sag.id, 1), (sag.id, 3), (sag.id, 4)]
    assert [type(d).__name__ for d in modtaget.drift][2:] == ["HaendelseKasseret", "HaendelseGenkoert"]
    with pytest.raises(IkkeParkeret):
        kasser(projektion, 0, 1, HVEM)


def test_the_last_parked_event_discarded_lets_the_case_flow(projektion, loggen, db):
    """With nothing waiting the case is free at once, also when the discarded bytes hold no event."""
    sag = loggen.sag()
    loggen.laeg(sag.id, b"rubbish")
    projektion.anvend(0, loggen.poster)
    kasser(projektion, 0, 1, HVEM)
    sag.sker("ans", h.AnsoegningUnderskrevet("Arbejdsgiver"))
    assert projektion.anvend(0, loggen.poster[2:]) == Anvendt(3, 1, 0, 0)
    assert db.versioner() == {sag.id: 2}


def test_a_discard_refolds_the_ledger_s_case_without_the_event(projektion, loggen, db):
    """The ledger decides on what the read models show: its Sag is folded without the event, its version and head stay."""
    sag = loggen.sag().bevilget()
    projektion.anvend(0, loggen.poster)
    uden = sag.sag
    sag.sker("for", h.ForlaengelseBevilget(date(2025, 7, 1), date(2025, 9, 30)))
    sag.sker("ans", h.SagTildelt("Team"))
    db.ledger(sag)
    projektion.fejlpunkter._mappe.joinpath(f"projektion.{sag.id}").touch()
    projektion.anvend(0, loggen.poster[3:])
    kasser(projektion, 0, 3, HVEM)
    ((version, hoved, gemt),) = db.raekker("SELECT version, hoved, sag FROM ledger.stroemme")
    assert (version, bytes(hoved)) == (5, sag.hoved)
    assert SAG.udpak(bytes(gemt), SAG.fold_version) == evolve(uden, sag.haendelser[4])


@pytest.mark.parametrize("forgaenger", [b"x" * 32, None], ids=["out of the chain", "in the chain's next place"])
def test_a_discard_folds_nobody_else_s_events_into_the_ledger_s_case(projektion, loggen, db, forgaenger):
    """What lies parked under the case's key and is not the ledger's own never reaches its Sag, not even where it would fit."""
    sag = loggen.sag()
    loggen.laeg(sag.id, b"rubbish")
    fremmed = sag.naeste("ans", h.SagTildelt("Fremmed"))
    kuvert = replace(fremmed.kuvert, forgaenger=forgaenger or sag.hoved)
    loggen.laeg(sag.id, loggen.kodeks.indkod(replace(fremmed, kuvert=kuvert)))
    sag.sker("ans", h.AnsoegningUnderskrevet("Arbejdsgiver"))
    projektion.anvend(0, loggen.poster)
    db.ledger(sag)
    kasser(projektion, 0, 1, HVEM)
    ((version, gemt),) = db.raekker("SELECT version, sag FROM ledger.stroemme")
    assert (version, SAG.udpak(bytes(gemt), SAG.fold_version)) == (2, sag.sag)


def test_a_discard_is_refused_while_an_event_of_the_case_is_nowhere_to_be_found(projektion, loggen, db):
    """The ledger's Sag is never folded from a part of its chain; nothing is discarded then."""
    sag = loggen.sag()
    loggen.laeg(sag.id, b"rubbish")
    projektion.anvend(0, loggen.poster)
    sag.sker("ans", h.AnsoegningUnderskrevet("Arbejdsgiver"))
    db.ledger(sag)
    with pytest.raises(KaedeAfbrudt):
        kasser(projektion, 0, 1, HVEM)
    assert db.parkerede() == [(1, "fejl", "parkeret")]


@pytest.mark.parametrize("verbum", ["genkoer", "kasser"])
def test_an_operator_waits_for_the_part_that_is_under_way(projektion, loggen, db, verbum):
    """Retry, discard and live take the partition's checkpoint in turn: none works on a case that another is changing."""
    sag = loggen.sag()
    loggen.laeg(sag.id, b"rubbish")
    projektion.anvend(0, loggen.poster)
    goer = {"genkoer": lambda: genkoer(projektion, sag.id, HVEM), "kasser": lambda: kasser(projektion, 0, 1, HVEM)}[verbum]
    with projektion.engine.connect() as conn, conn.begin():
        conn.exec_driver_sql("UPDATE delivery.checkpoints SET naeste_offset = naeste_offset WHERE partition = 0")
        traad = threading.Thread(target=goer)
        traad.start()
        traad.join(0.5)
        assert traad.is_alive()
    traad.join()
    assert db.parkerede() == [(1, "fejl", "kasseret" if verbum == "kasser" else "parkeret")]


def test_a_row_refused_at_the_retry_stays_parked(projektion, loggen, db):
    """PostgreSQL's refusal of a row stops the retry as any failure does; the events before it are applied."""
    sag = loggen.sag()
    loggen.laeg(sag.id, b"rubbish")
    sag.sker("ans", h.SagTildelt("Team"))
    sag.sker("ans", h.AnsoegningRettet(("ugentligArbejdstid",), ugentligArbejdstid="99999999999"))
    projektion.anvend(0, loggen.poster)
    kasser(projektion, 0, 1, HVEM)
    assert genkoer(projektion, sag.id, HVEM) == Genkoert(1, 0, 1, "NumericValueOutOfRange")
    assert db.versioner() == {sag.id: 2} and db.gemt() == [(sag.id, 1), (sag.id, 2)]


def test_a_new_process_counts_the_failures_that_nothing_applied_follows(projektion, loggen, db, engine):
    """The brake begins with what failed beyond everything applied since; one that was applied after it counts no more."""
    sag, anden = loggen.sag(), loggen.sag()
    loggen.laeg(sag.id, b"rubbish")
    projektion.anvend(0, loggen.poster)
    assert i_traek(engine) == 1
    anden.sker("ans", h.AnsoegningUnderskrevet("Arbejdsgiver"))
    projektion.anvend(0, loggen.poster[3:])
    assert i_traek(engine) == 0
