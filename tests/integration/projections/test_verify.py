"""verify finds every kind of difference between log and database, and nothing where there is none."""

from collections.abc import AsyncIterator
from datetime import date

import pytest
from sqlalchemy import text

from hub.domain import haendelser as h
from hub.events.journal import Post
from hub.projections import verify
from hub.projections.parked import Operatoer, genkoer, kasser
from hub.projections.verify import verificer

pytestmark = pytest.mark.integration


def laeser(loggen):
    """The log as verify reads it, in small parts."""

    async def laes(fra, til) -> AsyncIterator[tuple[int, list[Post]]]:
        egne = [p for p in loggen.poster if fra[0] <= p.offset < til[0]]
        for start in range(0, len(egne), 3):
            yield 0, egne[start : start + 3]

    return laes


@pytest.fixture
def fyldt(projektion, loggen, db):
    """Six cases with a life, an extension annulled, repeats on the log, one case parked, one with a discarded event."""
    for nummer in range(6):
        sag = loggen.sag("Fleksjob" if nummer == 5 else "Loentilskud").bevilget()
        sag.sker("bev", h.BevillingGodkendt("Virksomhed"))
        if nummer < 5:
            sag.sker("for", h.ForlaengelseBevilget(date(2025, 7, 1), date(2025, 9, 30)))
        sag.sker("oph", h.OphoerRegistreret(date(2025, 5, 15)))
        loggen.laeg(sag.id, loggen.poster[-1].vaerdi)
    parkeret, kasseret = loggen.sager[0], loggen.sager[1]
    parkeret.laeg(parkeret.naeste("ans", h.BevillingGodkendt("Virksomhed")), fold=False)
    parkeret.sker("ans", h.SagTildelt("Team"))
    kasseret.laeg(kasseret.naeste("ans", h.BevillingGodkendt("Virksomhed")), fold=False)
    kasseret.sker("ans", h.SagTildelt("Team"))
    for start in range(0, len(loggen.poster), 7):
        projektion.anvend(0, loggen.poster[start : start + 7])
    ((offset,),) = db.raekker(f"SELECT kafka_offset FROM delivery.parkerede WHERE slags = 'fejl' AND stroem = '{kasseret.id}'")
    kasser(projektion, 0, offset, Operatoer("o", "h"))
    genkoer(projektion, kasseret.id, Operatoer("o", "h"))
    for sag in loggen.sager:
        db.ledger(sag)
    return loggen


async def test_a_database_that_the_log_explains_has_no_findings(projektion, fyldt):
    """Parked, discarded, retried and repeated events are all accounted for."""
    rapport = await verificer(projektion.engine, projektion.kodeks, laeser(fyldt))
    assert rapport.fund == []
    assert (rapport.sager, rapport.parkerede, rapport.kasserede, rapport.gentagelser) == (6, 2, 1, 6)
    assert rapport.poster == len(fyldt.poster) == rapport.haendelser + 2 + 1 + 6


async def test_several_passes_find_the_same(projektion, fyldt, monkeypatch):
    """With many events each pass folds a share of the cases; together they are all."""
    monkeypatch.setattr(verify, "HAENDELSER_PR_GENNEMLOEB", 10)
    rapport = await verificer(projektion.engine, projektion.kodeks, laeser(fyldt))
    assert rapport.fund == [] and rapport.sager == 6 and rapport.poster == len(fyldt.poster)


async def test_a_sample_looks_at_a_share_of_the_cases(projektion, fyldt):
    """A sample compares fewer cases and, where nothing differs, finds nothing."""
    rapport = await verificer(projektion.engine, projektion.kodeks, laeser(fyldt), andel=0.3)
    assert rapport.fund == [] and rapport.sager < 6


@pytest.mark.parametrize(
    ("aendring", "kolonne"),
    [
        ("UPDATE gen_1.sager SET team = 'X' WHERE sags_id = :sag", "sager.team"),
        ("UPDATE gen_1.sager SET hoved = '\\x00' WHERE sags_id = :sag", "sager.hoved"),
        ("UPDATE gen_1.bevillinger SET aktuel_slutdato = '2030-01-01' WHERE sags_id = :sag", "bevillinger.aktuel_slutdato"),
        ("UPDATE gen_1.bevillinger SET kontaktperson_paa_arbejdsstedet = NULL WHERE sags_id = :sag",
         "bevillinger.kontaktperson_paa_arbejdsstedet"),
        ("DELETE FROM gen_1.forlaengelser WHERE sags_id = :sag", "forlaengelser"),
        (("INSERT INTO gen_1.ophoer SELECT 'ny', sags_id, akt_version, haendelsestidspunkt, bevilling, bevillingsstatus, status, stopdato "
         "FROM gen_1.ophoer WHERE sags_id = :sag"), "ophoer"),
        ("UPDATE gen_1.tidslinje SET vaerdi = '\\x00' WHERE sags_id = :sag AND version = 2", "tidslinje.vaerdi"),
        ("UPDATE gen_1.tidslinje SET kafka_offset = 999 WHERE sags_id = :sag AND version = 2", "tidslinje.kafka_offset"),
        ("DELETE FROM gen_1.tidslinje WHERE sags_id = :sag AND version = 2", "tidslinje"),
        ("UPDATE ledger.stroemme SET hoved = '\\x00' WHERE stroem = :sag", "ledger.stroemme.hoved"),
        ("UPDATE ledger.stroemme SET sag = (SELECT sag FROM gen_1.sager WHERE sags_id <> :sag LIMIT 1) WHERE stroem = :sag",
         "ledger.stroemme.sag"),
        ("DELETE FROM ledger.stroemme WHERE stroem = :sag", "ledger.stroemme"),
        ("UPDATE gen_1.ansoegninger SET sags_id = 'fremmed' WHERE sags_id = :sag", "ansoegninger"),
        ("INSERT INTO ledger.stroemme SELECT 'fremmed', 'vitas.sagshaendelser', 0, 1, hoved, 1 FROM ledger.stroemme WHERE stroem = :sag",
         "ledger.stroemme"),
    ],
)  # fmt: skip
async def test_what_was_changed_is_named(projektion, fyldt, aendring, kolonne):
    """One thing changed behind the hub's back is found: its case, its table and column."""
    sag = fyldt.sager[3]
    with projektion.engine.begin() as conn:
        conn.execute(text(aendring), {"sag": sag.id})
    rapport = await verificer(projektion.engine, projektion.kodeks, laeser(fyldt))
    assert {f.kolonne for f in rapport.fund} == {kolonne}
    assert {f.sags_id for f in rapport.fund} <= {sag.id, "fremmed"}


async def test_an_event_that_should_have_been_parked_is_found(projektion, fyldt):
    """A row taken out of the parked set leaves an event that the log has and the database neither applied nor parked."""
    with projektion.engine.begin() as conn:
        conn.execute(text("DELETE FROM delivery.parkerede WHERE tilstand = 'parkeret'"))
    rapport = await verificer(projektion.engine, projektion.kodeks, laeser(fyldt))
    assert [f.kolonne for f in rapport.fund][:2] == ["parkerede", "parkerede"]


async def test_a_ledger_ahead_of_the_log_is_no_difference_while_its_outbox_says_so(projektion, fyldt):
    """What is acknowledged and not on the log yet stands in the outbox; without that row it is a difference."""
    sag = fyldt.sager[3]
    with projektion.engine.begin() as conn:
        conn.execute(text("UPDATE ledger.stroemme SET hoved = '\\x01', version = version + 1 WHERE stroem = :sag"), {"sag": sag.id})
        conn.execute(
            text("INSERT INTO ledger.outbox (topic, partition, stroem, version, vaerdi, hoveder) VALUES ('t', 0, :sag, 99, '', '{}')"),
            {"sag": sag.id},
        )
    assert (await verificer(projektion.engine, projektion.kodeks, laeser(fyldt))).fund == []
    with projektion.engine.begin() as conn:
        conn.execute(text("UPDATE ledger.outbox SET kafka_offset = 1"))
    rapport = await verificer(projektion.engine, projektion.kodeks, laeser(fyldt))
    assert [f.kolonne for f in rapport.fund] == ["ledger.stroemme.hoved"]
