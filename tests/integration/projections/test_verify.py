"""verify finds every kind of difference between log and database, and nothing where there is none."""

import json
import uuid
from collections.abc import Callable, Sequence
from datetime import date

import pytest
from msgspec.structs import replace
from sqlalchemy import text

from hub.domain import haendelser as h
from hub.domain.sag import FOLD_VERSION
from hub.events.hoveder import hoveder
from hub.events.journal import Post
from hub.events.kvittering import af_flere_sager
from hub.events.schemas import Skemaregister, skemamappe
from hub.events.stroem import pak
from hub.events.topics import FAKTA
from hub.projections.generation import forbind, serverende
from hub.projections.kendte import Udvalg
from hub.projections.ledgerforskelle import afkortet
from hub.projections.parked import Operatoer, genkoer, kasser
from hub.projections.samling import Samling
from hub.projections.verify import Opgave, Rapport, verificer

from .conftest import START, segl

pytestmark = pytest.mark.integration


@pytest.fixture
def efterse(projektion, loggen, tmp_path):
    """Verify the database against `loggen`, in small parts, or against other records of it; the report."""

    def efterse(poster: list[Post] | None = None, andel: float = 1.0, fra: int = 0) -> Rapport:
        paa_log = loggen.poster if poster is None else poster

        def laes(partition: int, foerste: int, til: int, tag: Callable[[Sequence[Post]], None]) -> None:
            egne = [post for post in paa_log if foerste <= post.offset < til]
            for start in range(0, len(egne), 3):
                tag(egne[start : start + 3])

        rapport = Rapport()
        graenser = {0: (fra, paa_log[-1].offset + 1), 1: (0, 0)}
        with projektion.engine.connect().execution_options(isolation_level="REPEATABLE READ") as raa, raa.begin():
            conn = forbind(raa, serverende(raa))
            udvalg = Udvalg(andel)
            verificer(
                Opgave(conn, projektion.kodeks, graenser, laes, lambda *_: (), tmp_path, udvalg, lambda *_: (), lambda _: None), rapport
            )
        return rapport

    return efterse


@pytest.fixture
def fyldt(projektion, loggen, db):
    """Six cases with a life, an extension annulled, repeats on the log, an event parked and one discarded, both of acts of their own."""
    for nummer in range(6):
        sag = loggen.sag("Fleksjob" if nummer == 5 else "Loentilskud").bevilget()
        sag.sker("bev", h.BevillingGodkendt("Virksomhed"))
        if nummer < 5:
            sag.sker("for", h.ForlaengelseBevilget(date(2025, 7, 1), date(2025, 9, 30)))
        sag.sker("oph", h.OphoerRegistreret(date(2025, 5, 15)))
        loggen.laeg(sag.id, loggen.poster[-1].vaerdi)
    parkeret, kasseret = loggen.sager[0], loggen.sager[1]
    parkeret.laeg(parkeret.naeste("god", h.BevillingGodkendt("Virksomhed")), fold=False)
    parkeret.sker("ans", h.SagTildelt("Team"))
    kasseret.laeg(kasseret.naeste("god", h.BevillingGodkendt("Virksomhed")), fold=False)
    kasseret.sker("ans", h.SagTildelt("Team"))
    for start in range(0, len(loggen.poster), 7):
        projektion.anvend(0, loggen.poster[start : start + 7])
    ((offset,),) = db.raekker(f"SELECT kafka_offset FROM delivery.parkerede WHERE slags = 'fejl' AND stroem = '{kasseret.id}'")
    kasser(projektion, 0, offset, Operatoer("o", "h"))
    genkoer(projektion, kasseret.id, Operatoer("o", "h"))
    for sag in loggen.sager:
        db.ledger(sag)
    return loggen


def harm(projektion, sql, **felter):
    """Change something behind the hub's back."""
    with projektion.engine.begin() as conn:
        conn.execute(text(sql), felter)


def test_a_database_that_the_log_explains_has_no_findings(efterse, fyldt):
    """Parked, discarded, retried and repeated events are all accounted for."""
    rapport = efterse()
    assert rapport.fundne.foerste == []
    assert (rapport.sager, rapport.gentagelser, rapport.steder) == (6, 6, {0: len(fyldt.poster), 1: 0})
    assert rapport.poster == len(fyldt.poster) == rapport.haendelser + 2 + 1 + 6


def test_what_does_not_fit_into_memory_is_compared_in_parts(efterse, fyldt, monkeypatch):
    """A partition with many records is cut into parts by case on disk; together they are all."""
    monkeypatch.setattr(Samling.__init__, "__defaults__", (10,))
    rapport = efterse()
    assert rapport.fundne.foerste == [] and rapport.sager == 6 and rapport.poster == len(fyldt.poster)


def test_a_sample_looks_at_a_share_of_the_cases(projektion, efterse, fyldt):
    """Fewer cases are compared; a case that only the database has is found when it is of the share, and by no other."""
    rapport = efterse(andel=0.3)
    assert rapport.fundne.foerste == [] and rapport.sager < 6
    harm(projektion, "INSERT INTO gen_1.tidslinje SELECT 'fremmed-' || n, 1, 0, 0, now(), '' FROM generate_series(1, 40) n")
    named = {f.sags_id for f in efterse(andel=0.5).fundne.foerste}
    assert named == {f"fremmed-{n}" for n in range(1, 41) if Udvalg(0.5).har(f"fremmed-{n}".encode())}
    assert 0 < len(named) < 40


@pytest.mark.parametrize(
    ("aendring", "kolonne"),
    [
        ("UPDATE gen_1.sager SET team = 'X' WHERE sags_id = :sag", "sager.team"),
        ("UPDATE gen_1.sager SET hoved = '\\x00' WHERE sags_id = :sag", "sager.hoved"),
        ("UPDATE gen_1.sager SET personnummer = '\\xff' WHERE sags_id = :sag", "sager.personnummer"),
        ("UPDATE gen_1.sager SET sag = '\\x' WHERE sags_id = :sag", "sager.sag"),
        ("UPDATE gen_1.sager SET registreret = 'infinity' WHERE sags_id = :sag", "sager.registreret"),
        ("UPDATE gen_1.bevillinger SET aktuel_slutdato = '2030-01-01' WHERE sags_id = :sag", "bevillinger.aktuel_slutdato"),
        ("UPDATE gen_1.bevillinger SET aktuel_slutdato = 'infinity' WHERE sags_id = :sag", "bevillinger.aktuel_slutdato"),
        ("UPDATE gen_1.bevillinger SET aktuel_slutdato = '20000-01-01' WHERE sags_id = :sag", "bevillinger.aktuel_slutdato"),
        ("UPDATE gen_1.bevillinger SET kontaktperson_paa_arbejdsstedet = NULL WHERE sags_id = :sag",
         "bevillinger.kontaktperson_paa_arbejdsstedet"),
        ("DELETE FROM gen_1.forlaengelser WHERE sags_id = :sag", "forlaengelser"),
        (("INSERT INTO gen_1.ophoer SELECT 'ny', sags_id, akt_version, haendelsestidspunkt, bevilling, bevillingsstatus, status, stopdato "
         "FROM gen_1.ophoer WHERE sags_id = :sag"), "ophoer"),
        ("UPDATE gen_1.tidslinje SET vaerdi = '\\x00' WHERE sags_id = :sag AND version = 2", "tidslinje.vaerdi"),
        ("UPDATE gen_1.tidslinje SET kafka_offset = 999 WHERE sags_id = :sag AND version = 2", "tidslinje.kafka_offset"),
        ("DELETE FROM gen_1.tidslinje WHERE sags_id = :sag AND version = 2", "tidslinje"),
        ("UPDATE ledger.stroemme SET hoved = '\\x00' WHERE stroem = :sag", "ledger.stroemme.hoved"),
        ("UPDATE ledger.stroemme SET version = version + 1 WHERE stroem = :sag", "ledger.stroemme.version"),
        ("UPDATE ledger.stroemme SET registreret = '2020-01-01' WHERE stroem = :sag", "ledger.stroemme.registreret"),
        ("UPDATE ledger.stroemme SET registreret = '-infinity' WHERE stroem = :sag", "ledger.stroemme.registreret"),
        ("UPDATE ledger.stroemme SET partition = 1 WHERE stroem = :sag", "ledger.stroemme.partition"),
        ("UPDATE ledger.stroemme SET topic = 'vitas.satser' WHERE stroem = :sag", "ledger.stroemme.partition"),
        ("UPDATE ledger.stroemme SET fold_version = 1 WHERE stroem = :sag", "ledger.stroemme.fold_version"),
        ("UPDATE ledger.stroemme SET sag = (SELECT sag FROM gen_1.sager WHERE sags_id <> :sag LIMIT 1) WHERE stroem = :sag",
         "ledger.stroemme.sag"),
        ("UPDATE ledger.stroemme SET sag = '\\xc1' WHERE stroem = :sag", "ledger.stroemme.sag"),
        ("UPDATE ledger.stroemme SET sag = NULL WHERE stroem = :sag", "ledger.stroemme.sag"),
        ("DELETE FROM ledger.stroemme WHERE stroem = :sag", "ledger.stroemme"),
        ("UPDATE gen_1.ansoegninger SET sags_id = 'fremmed' WHERE sags_id = :sag", "ansoegninger"),
        ("INSERT INTO ledger.stroemme SELECT 'fremmed', 'vitas.sagshaendelser', 0, 1, hoved, 1 FROM ledger.stroemme WHERE stroem = :sag",
         "ledger.stroemme"),
        (("UPDATE ledger.akter SET stroem = 'fremmed' WHERE ekstern_identifier::text = (SELECT ekstern_identifier FROM gen_1.bevillinger "
         "WHERE sags_id = :sag)"), "ledger.akter.stroem"),
        (("UPDATE ledger.akter SET stroem = (SELECT sags_id FROM gen_1.sager WHERE sags_id <> :sag LIMIT 1) "
         "WHERE ekstern_identifier::text = (SELECT ekstern_identifier FROM gen_1.bevillinger WHERE sags_id = :sag)"),
         "ledger.akter.stroem"),
        ("DELETE FROM ledger.akter WHERE stroem = :sag", "ledger.akter"),
        ("DELETE FROM ledger.anmodninger WHERE request_id = 'anmodning-' || :sag || '-2'", "ledger.anmodninger"),
        ("UPDATE ledger.anmodninger SET request_hash = '\\x00' WHERE request_id = 'anmodning-' || :sag || '-2'",
         "ledger.anmodninger.request_hash"),
        (("UPDATE ledger.anmodninger SET kvittering = jsonb_set(kvittering, '{version}', '3') "
          "WHERE request_id = 'anmodning-' || :sag || '-2'"), "ledger.anmodninger.kvittering.version"),
        (("UPDATE ledger.anmodninger SET kvittering = jsonb_set(kvittering, '{haendelser,0,version}', '3') "
          "WHERE request_id = 'anmodning-' || :sag || '-2'"), "ledger.anmodninger.kvittering.haendelser"),
        ("UPDATE ledger.anmodninger SET kvittering = '[]' WHERE request_id = 'anmodning-' || :sag || '-2'",
         "ledger.anmodninger.kvittering.haendelser"),
        (("INSERT INTO ledger.anmodninger SELECT 'opfundet', request_hash, kvittering FROM ledger.anmodninger "
          "WHERE request_id = 'anmodning-' || :sag || '-2'"), "ledger.anmodninger"),
        (("INSERT INTO ledger.anmodninger SELECT 'opfundet', request_hash, jsonb_set(kvittering, '{haendelser,0,version}', '99') "
          "FROM ledger.anmodninger WHERE request_id = 'anmodning-' || :sag || '-2'"), "ledger.anmodninger"),
        ("INSERT INTO ledger.akter VALUES (gen_random_uuid(), :sag)", "ledger.akter"),
        (("INSERT INTO delivery.notifikationer (id, bane, job_center_kode, sags_id, version, ekstern_identifier, get_metode, skabelon, "
         "subskabelon, er_oprettelse, link, registrerings_dato, haendelsestidspunkt) "
         "VALUES (:sag, 0, '10100', 'fremmed', 1, 'x', 'x', 1, 1, true, 'x', now(), now())"), "notifikationer"),
    ],
)  # fmt: skip
def test_what_was_changed_is_named(projektion, efterse, fyldt, aendring, kolonne):
    """One thing changed behind the hub's back is found, whatever was put there: its case, its table and column, both values."""
    sag = fyldt.sager[3]
    harm(projektion, aendring, sag=sag.id)
    fund = efterse().fundne.foerste
    assert {f.kolonne for f in fund} == {kolonne}
    assert {f.sags_id for f in fund} <= {sag.id, "fremmed"}
    assert all(f.paa_loggen != f.i_databasen for f in fund)


def test_a_row_of_an_act_is_named_with_its_place_and_both_values(projektion, efterse, fyldt, db):
    """Another case's, gone, of no act: once each; of two cases that once were given one act, either may have it."""
    sag, anden = fyldt.sager[3], fyldt.sager[2]
    akt = sag.akter["bev"]
    offset = next(p.offset for p in fyldt.poster if p.vaerdi == fyldt.kodeks.indkod(sag.haendelser[2]))
    harm(projektion, "UPDATE ledger.akter SET stroem = :a WHERE ekstern_identifier = :akt", a=anden.id, akt=akt)
    assert efterse().fundne.foerste == [(0, offset, sag.id, "ledger.akter.stroem", sag.id, anden.id)]
    harm(projektion, "DELETE FROM ledger.akter WHERE ekstern_identifier = :akt", akt=akt)
    assert efterse().fundne.foerste == [(0, offset, sag.id, "ledger.akter", f"act {akt}", "no row")]
    ny = str(uuid.uuid4())
    harm(projektion, "INSERT INTO ledger.akter VALUES (:akt, :sag), (:ny, :sag)", akt=akt, ny=ny, sag=sag.id)
    assert efterse().fundne.foerste == [(-1, -1, sag.id, "ledger.akter", "no such act", f"act {ny}")]
    harm(projektion, "DELETE FROM ledger.akter WHERE ekstern_identifier = :ny", ny=ny)
    anden.akter["tildelt"] = akt
    anden.sker("tildelt", h.SagTildelt("Team"))
    projektion.anvend(0, fyldt.poster[-1:])
    harm(projektion, "DELETE FROM ledger.stroemme WHERE stroem = :sag", sag=anden.id)
    harm(projektion, "DELETE FROM ledger.akter WHERE stroem = :sag", sag=anden.id)
    del anden.akter["tildelt"]
    harm(projektion, "DELETE FROM ledger.anmodninger WHERE request_id LIKE 'anmodning-' || :sag || '-%'", sag=anden.id)
    db.ledger(anden)
    assert efterse().fundne.foerste == []
    harm(projektion, "UPDATE ledger.akter SET stroem = :a WHERE ekstern_identifier = :akt", a=anden.id, akt=akt)
    assert efterse().fundne.foerste == []


def test_nothing_personal_is_in_a_finding(projektion, efterse, fyldt):
    """A sealed column is named by a hash of its bytes; a text that can hold a CPR number is not repeated."""
    sag = fyldt.sager[3]
    harm(projektion, "UPDATE gen_1.sager SET personnummer = borger_navn, team = 'Team 010190-1234' WHERE sags_id = :sag", sag=sag.id)
    fund = {f.kolonne: f for f in efterse().fundne.foerste}
    segl, team = fund["sager.personnummer"], fund["sager.team"]
    assert segl.paa_loggen.startswith("(forseglet, sha256 ") and segl.i_databasen.startswith("(forseglet, sha256 ")
    assert team.i_databasen == "(kan være et personnummer)" and (team.partition, team.offset) == (0, sag_offset(fyldt, sag))


def sag_offset(loggen, sag):
    """Where the case's last event first lies."""
    return next(p.offset for p in loggen.poster if p.vaerdi == loggen.kodeks.indkod(sag.haendelser[-1]))


def test_an_event_that_should_have_been_parked_is_found(projektion, efterse, fyldt):
    """A row taken out of the parked set leaves an event that the log has and the database neither applied nor parked."""
    harm(projektion, "DELETE FROM delivery.parkerede WHERE tilstand = 'parkeret'")
    assert [f.kolonne for f in efterse().fundne.foerste][:2] == ["parkerede", "parkerede"]


@pytest.mark.parametrize(
    ("aendring", "kolonne"),
    [
        ("UPDATE delivery.parkerede SET vaerdi = '\\x00' WHERE tilstand = 'parkeret'", "parkerede.vaerdi"),
        ("UPDATE delivery.parkerede SET hoveder = hoveder || '[[\"fremmed\", \"x\"]]' WHERE tilstand = 'parkeret'", "parkerede.hoveder"),
        ("UPDATE delivery.parkerede SET kafka_offset = kafka_offset + 1000 WHERE tilstand = 'kasseret'", "parkerede"),
    ],
)  # fmt: skip
def test_a_parked_row_is_the_record_at_its_place(projektion, efterse, fyldt, aendring, kolonne):
    """Other bytes would be retried as if they were the event; a row of a place that the log has not is of nothing."""
    harm(projektion, aendring)
    assert kolonne in {f.kolonne for f in efterse().fundne.foerste}


@pytest.mark.parametrize(
    ("aendring", "kolonne"),
    [
        ("UPDATE delivery.checkpoints SET naeste_offset = naeste_offset - 1 WHERE partition = 0", "notifikationspositioner.naeste_offset"),
        ("UPDATE delivery.notifikationspositioner SET naeste_offset = 0 WHERE partition = 0", "notifikationspositioner.naeste_offset"),
        ("DELETE FROM delivery.notifikationspositioner WHERE partition = 0", "notifikationspositioner.naeste_offset"),
        ("UPDATE delivery.checkpoints SET naeste_offset = naeste_offset + 1 WHERE partition = 0", "checkpoints.naeste_offset"),
        ("DELETE FROM delivery.checkpoints WHERE partition = 0", "checkpoints.naeste_offset"),
    ],
)  # fmt: skip
def test_a_checkpoint_that_is_not_where_it_should_be_is_named(projektion, efterse, fyldt, aendring, kolonne):
    """Before or after the log's own position, or gone."""
    harm(projektion, aendring)
    assert kolonne in {f.kolonne for f in efterse().fundne.foerste}


def changed(poster, hvor, vaerdi):
    """A copy of the log in which one record has other bytes."""
    return [post._replace(vaerdi=vaerdi) if post.offset == hvor else post for post in poster]


def test_an_edited_event_in_a_copy_of_the_log_is_found(efterse, fyldt):
    """A date changed in an event that others follow: the next one does not fit its hash; the last one: rows, timeline and ledger differ."""
    sag = fyldt.sager[3]
    for nummer in (2, -1):
        haendelse = sag.haendelser[nummer]
        vaerdi = fyldt.kodeks.indkod(haendelse)
        hvor = next(p.offset for p in fyldt.poster if p.vaerdi == vaerdi)
        andet = fyldt.kodeks.indkod(replace(haendelse, kuvert=replace(haendelse.kuvert, haendelsestidspunkt=START)))
        fund = efterse(changed(fyldt.poster, hvor, andet)).fundne.foerste
        assert {f.sags_id for f in fund} == {sag.id}
        if nummer == 2:
            assert fund[0].offset == hvor + 1 and "Kaedebrud" in fund[0].paa_loggen
        else:
            assert {"tidslinje.vaerdi", "ledger.stroemme.hoved"} <= {f.kolonne for f in fund}


def test_a_record_that_is_nothing_any_more_is_found(efterse, fyldt):
    """Cut bytes in the middle of a case."""
    sag = fyldt.sager[3]
    hvor = next(p.offset for p in fyldt.poster if p.noegle == sag.id.encode()) + 1
    fund = efterse(changed(fyldt.poster, hvor, fyldt.poster[hvor].vaerdi[:20])).fundne.foerste
    assert fund[0].offset == hvor and "not parked, yet: Ulaeselig" in fund[0].paa_loggen and {f.sags_id for f in fund} == {sag.id}


def test_events_in_another_order_are_found(efterse, fyldt):
    """Two neighbours of a case changed places: the one that comes too early does not follow, and the other is not where it was."""
    sag = fyldt.sager[3]
    en, to = [p.offset for p in fyldt.poster if p.noegle == sag.id.encode()][2:4]
    byttet = changed(changed(fyldt.poster, en, fyldt.poster[to].vaerdi), to, fyldt.poster[en].vaerdi)
    fund = efterse(byttet).fundne.foerste
    assert (fund[0].offset, fund[0].kolonne) == (en, "parkerede") and {f.sags_id for f in fund} == {sag.id}


def test_a_missing_event_in_the_middle_is_found(efterse, fyldt):
    """A hole in the offsets of one case: what comes after it does not follow."""
    sag = fyldt.sager[3]
    hvor = [p.offset for p in fyldt.poster if p.noegle == sag.id.encode()][2]
    fund = efterse([p for p in fyldt.poster if p.offset != hvor]).fundne.foerste
    assert fund[0].offset == hvor + 1 and "Kaedebrud" in fund[0].paa_loggen and {f.sags_id for f in fund} == {sag.id}


def test_a_whole_case_that_the_log_lost_is_found(efterse, fyldt):
    """Every table that still has it, and the ledger."""
    sag = fyldt.sager[3]
    fund = efterse([p for p in fyldt.poster if p.noegle != sag.id.encode()]).fundne.foerste
    assert {f.sags_id for f in fund} == {sag.id} and "sager" in {f.kolonne for f in fund}


def test_a_cut_tail_is_found(projektion, efterse, fyldt):
    """The log ends before the checkpoint: where, and which cases have more than it has; and what the ledger had acknowledged there."""
    sag = fyldt.sager[-1]
    kort = fyldt.poster[:-2]
    fund = efterse(kort).fundne.foerste
    assert fund[0][:4] == (0, len(kort), "", "checkpoints.naeste_offset")
    assert (fund[0].paa_loggen, fund[0].i_databasen) == (f"the log ends at {len(kort)}", str(len(fyldt.poster)))
    assert len(fund) > 1
    harm(
        projektion,
        "INSERT INTO ledger.outbox (topic, partition, stroem, version, vaerdi, hoveder, kafka_offset) VALUES (:t, 0, :s, 9, '', '{}', :o)",
        t=FAKTA, s=sag.id, o=len(kort),
    )  # fmt: skip
    with projektion.engine.connect() as conn:
        (row,) = afkortet(conn, {(FAKTA, 0): len(kort)})
        assert row[:4] == (0, len(kort), sag.id, "ledger.outbox.kafka_offset")
        assert list(afkortet(conn, {(FAKTA, 0): len(kort) + 1})) == []


def test_a_log_that_lost_its_beginning_is_found(efterse, fyldt):
    """Its first record is not the first there ever was."""
    assert efterse(fyldt.poster[3:], fra=3).fundne.foerste[0][:4] == (0, 3, "", FAKTA)


def hovederne(sag):
    """The headers of the case's last event, as JSON."""
    return json.dumps(hoveder(Skemaregister(skemamappe()), sag.haendelser[-1]))


def test_headers_of_an_outbox_row_are_its_events(projektion, efterse, fyldt):
    """A row that was sent: another header, one too few, one too many are each named with its place and both values."""
    sag = fyldt.sager[3]
    felter = {"t": FAKTA, "s": sag.id, "v": len(sag.haendelser), "o": sag_offset(fyldt, sag), "h": hovederne(sag)}
    harm(
        projektion,
        "INSERT INTO ledger.outbox (topic, partition, stroem, version, vaerdi, hoveder, kafka_offset) "
        "SELECT :t, 0, :s, :v, vaerdi, CAST(:h AS jsonb), :o FROM gen_1.tidslinje WHERE sags_id = :s AND version = :v",
        **felter,
    )
    assert efterse().fundne.foerste == []
    harm(projektion, """UPDATE ledger.outbox SET hoveder = hoveder - 'ce_id' || '{"ce_subject": "x", "anden": "y"}'""")
    fund = efterse().fundne.foerste
    assert {f[:3] for f in fund} == {(0, felter["o"], sag.id)}
    assert [(f.kolonne, f.paa_loggen, f.i_databasen) for f in fund] == [
        ("ledger.outbox.hoveder.anden", "None", "y"),
        ("ledger.outbox.hoveder.ce_id", sag.haendelser[-1].kuvert.haendelsesId, "None"),
        ("ledger.outbox.hoveder.ce_subject", sag.id, "x"),
    ]


def test_a_receipt_of_several_cases_holds_each_ones_events(projektion, efterse, fyldt, db):
    """A change of number gave an event on each: the receipt names both in the order of the cases; what it says of one is that one's."""
    sager = sorted(fyldt.sager[3:5], key=lambda sag: sag.id)
    for sag in sager:
        haendelse = sag.naeste("ans", h.CprSkiftet(sag.sag.borgerId, segl("personnummer")))
        sag.laeg(replace(haendelse, kuvert=replace(haendelse.kuvert, requestId="skift")))
        harm(projektion, "DELETE FROM ledger.stroemme WHERE stroem = :s", s=sag.id)
        harm(projektion, "DELETE FROM ledger.akter WHERE stroem = :s", s=sag.id)
        db.ledger(sag)
    projektion.anvend(0, fyldt.poster[-2:])
    begge = [sag.haendelser[-1] for sag in sager]
    kvittering = json.dumps(af_flere_sager(begge, START))
    harm(projektion, "UPDATE ledger.anmodninger SET kvittering = CAST(:k AS jsonb) WHERE request_id = 'skift'", k=kvittering)
    assert efterse().fundne.foerste == []
    harm(
        projektion,
        "UPDATE ledger.anmodninger SET kvittering = jsonb_set(kvittering, '{haendelser,1,version}', '1') WHERE request_id = 'skift'",
    )
    assert [(f.sags_id, f.kolonne) for f in efterse().fundne.foerste] == [(sager[1].id, "ledger.anmodninger.kvittering.haendelser")]


def test_an_event_more_in_a_receipt_is_a_difference(projektion, efterse, fyldt):
    """One that neither log nor ledger has; events on their way are another matter (below)."""
    sag = fyldt.sager[3]
    sidste = sag.haendelser[-1].kuvert
    linje = json.dumps([{"id": "x", "type": "SagTildelt", "version": sidste.version + 1}])
    mere = "jsonb_set(kvittering, '{haendelser}', kvittering -> 'haendelser' || CAST(:l AS jsonb))"
    harm(projektion, f"UPDATE ledger.anmodninger SET kvittering = {mere} WHERE request_id = :r", l=linje, r=sidste.requestId)
    named = [(sag.id, "ledger.anmodninger.kvittering.haendelser"), (sag.id, "ledger.anmodninger")]
    assert [(f.sags_id, f.kolonne) for f in efterse().fundne.foerste] == named


class TestLedgerenForan:
    """What is acknowledged and not on the log yet stands in the outbox."""

    @pytest.fixture
    def foran(self, projektion, loggen, fyldt):
        """A case with an event that only the ledger and its outbox have."""
        sag, paa_log = fyldt.sager[3], len(loggen.poster)
        post = sag.sker("oph", h.OphoerTilbagekaldt())
        del loggen.poster[paa_log:]
        harm(
            projektion,
            "UPDATE ledger.stroemme SET hoved = :h, version = :v, sag = :g, registreret = :r WHERE stroem = :s",
            h=sag.hoved, v=len(sag.haendelser), g=pak(sag.sag), r=sag.sag.registreret, s=sag.id,
        )  # fmt: skip
        harm(
            projektion,
            "INSERT INTO ledger.outbox (topic, partition, stroem, version, vaerdi, hoveder) VALUES (:t, 0, :s, :v, :b, :hoveder)",
            t=FAKTA, s=sag.id, v=len(sag.haendelser), b=post.vaerdi, hoveder=hovederne(sag),
        )  # fmt: skip
        return sag

    def test_it_is_no_difference(self, projektion, efterse, foran):
        """On its way, or on the log beyond the position."""
        assert efterse().fundne.foerste == []
        harm(projektion, "UPDATE ledger.outbox SET kafka_offset = 1000")
        assert efterse().fundne.foerste == []
        linje = json.dumps([{"id": "x", "type": "OphoerTilbagekaldt", "version": len(foran.haendelser)}])
        mere = "jsonb_set(kvittering, '{haendelser}', kvittering -> 'haendelser' || CAST(:l AS jsonb))"
        sidste = foran.haendelser[-2].kuvert.requestId
        harm(projektion, f"UPDATE ledger.anmodninger SET kvittering = {mere} WHERE request_id = :r", l=linje, r=sidste)
        assert efterse().fundne.foerste == []

    @pytest.mark.parametrize(
        ("aendring", "kolonner"),
        [
            ("DELETE FROM ledger.outbox", {"ledger.stroemme.hoved"}),
            ("UPDATE ledger.outbox SET kafka_offset = 1", {"ledger.outbox.vaerdi", "ledger.stroemme.hoved"}),
            ("UPDATE ledger.outbox SET vaerdi = set_byte(vaerdi, length(vaerdi) - 1, get_byte(vaerdi, length(vaerdi) - 1) # 1)",
             {"ledger.stroemme.hoved"}),
            ("UPDATE ledger.outbox SET version = version + 1", {"ledger.stroemme.hoved"}),
            ("UPDATE ledger.outbox SET partition = 7", {"ledger.outbox.partition"}),
            ("UPDATE ledger.outbox SET hoveder = '[]'", {"ledger.outbox.hoveder"}),
            ("UPDATE ledger.outbox SET hoveder = hoveder || '{\"ce_type\": \"x\"}'", {"ledger.outbox.hoveder.ce_type"}),
            ("UPDATE ledger.stroemme SET version = version + 1 WHERE stroem = :sag", {"ledger.stroemme.version"}),
            ("UPDATE ledger.stroemme SET sag = (SELECT sag FROM gen_1.sager WHERE sags_id = :sag) WHERE stroem = :sag",
             {"ledger.stroemme.sag"}),
        ],
    )  # fmt: skip
    def test_link_by_link_and_folded(self, projektion, efterse, foran, aendring, kolonner):
        """A lost row, other bytes, another version, a place where something else lies, a Sag without the event: each is a difference."""
        with projektion.engine.begin() as conn:
            conn.execute(text(aendring), {"sag": foran.id} if ":sag" in aendring else {})
        fund = efterse().fundne.foerste
        assert ({f.kolonne for f in fund}, {f.sags_id for f in fund}) == (kolonner, {foran.id})

    def test_a_case_that_is_nowhere_but_there_is_no_difference(self, projektion, efterse, fyldt):
        """Its first event is on its way; without it the stream is of nothing."""
        paa_log = len(fyldt.poster)
        sag = fyldt.sag()
        post = fyldt.poster.pop(paa_log)
        harm(projektion, "INSERT INTO ledger.outbox (topic, partition, stroem, version, vaerdi, hoveder) VALUES (:t, 0, :s, 1, :b, :h)",
             t=FAKTA, s=sag.id, b=post.vaerdi, h=hovederne(sag))  # fmt: skip
        harm(projektion, "INSERT INTO ledger.stroemme VALUES (:s, :t, 0, 1, :h, :f, :g, :r)", s=sag.id, t=FAKTA, h=sag.hoved,
             f=FOLD_VERSION, g=pak(sag.sag), r=sag.sag.registreret)  # fmt: skip
        harm(projektion, "INSERT INTO ledger.akter VALUES (:a, :s)", a=sag.akter["ans"], s=sag.id)
        assert efterse().fundne.foerste == []
        harm(projektion, "DELETE FROM ledger.outbox")
        assert [(f.sags_id, f.kolonne) for f in efterse().fundne.foerste] == [(sag.id, "ledger.stroemme"), (sag.id, "ledger.akter")]


def test_findings_are_counted_and_the_first_thousand_named(projektion, efterse, fyldt):
    """However much differs, memory is bounded."""
    harm(projektion, "INSERT INTO gen_1.tidslinje SELECT 'x-' || n, 1, 0, 0, now(), '' FROM generate_series(1, 1500) n")
    fundne = efterse().fundne
    assert (fundne.antal, len(fundne.foerste)) == (1500, 1000)
