"""Reference streams with a real Kafka: relayed, verified, lost, restored, and compared again when a worker starts."""

import json
from typing import Any

import pytest
from sqlalchemy import Engine

from hub.bootstrap import Hus
from hub.domain.handlinger import AktoerIn
from hub.domain.reference_handlinger import PAA_KONFLIKTER, laes_reference
from hub.events.ordre import Kvitteret, Ordre
from hub.events.topics import KONFLIKTER, SATSER

from .conftest import Hub

pytestmark = pytest.mark.integration
ROWS = """
SELECT stroem, topic, partition, version, hoved, fold_version, sag, registreret FROM ledger.stroemme
WHERE topic = ANY('{%s,%s}') ORDER BY stroem
"""
SATS = {"kode": 9404, "navn": "Offentlig", "beskrivelse": "131,00 kr. i timen", "startdato": "2026-01-01"}
TEXT = {"ordning": "Voksenlaerling", "tekstversion": "2025-1", "tekst": "Afslås", "startdato": "2020-01-01"}
ACTIONS: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("RegistrerKonflikt", {"fra": "2026-01-01", "fagomraader": ["Lager"]}, "20000001"),
    ("OphoerKonflikt", {}, "20000001"),
    ("RegistrerSats", SATS, ""),
    ("RegistrerSats", SATS | {"beskrivelse": "132,00 kr. i timen"}, ""),
    ("RegistrerAfslagstekst", TEXT, ""),
    ("RegistrerKode", {"liste": "mentortype", "kode": 1, "navn": "En", "startdato": "2026-01-01"}, ""),
)
STREAMS = 4


def _orders(engine: Engine, hus: Hus) -> list[dict[str, Any]]:
    """Register everything; the receipts. Asked again it is the same requests."""
    receipts = []
    for number, (action, data, cvr) in enumerate(ACTIONS):
        order = Ordre(
            laes_reference(action, data, AktoerIn(type="System", id="vitas"), cvr),
            f"cli-reference-{number}",
            json.dumps([action, data, cvr]).encode(),
            topic=KONFLIKTER if action in PAA_KONFLIKTER else SATSER,
        )
        (answer,) = hus.ledger(engine).append([order])
        assert isinstance(answer, Kvitteret), answer
        receipts.append(answer.kvittering)
    return receipts


def _rows(hub: Hub) -> list[tuple[Any, ...]]:
    return hub.sql(ROWS % (KONFLIKTER, SATSER))


def test_reference_streams_are_verified_and_come_back_from_kafka(hub: Hub) -> None:
    """Relayed and verified; a changed row or receipt is named by verify; after a loss restore gives rows and receipts as they were."""
    hus = hub.hus()
    engine = hus.motor("test", 2)
    try:
        with hub.running("worker"):
            receipts = _orders(engine, hus)
            hub.settled()
        before = _rows(hub)
        good = hub("verify", "--json").json
        assert (good["references"], good["differences"]) == (STREAMS, 0)
        shown = hub("reference", "satser", "--on", "2026-06-01", "--json").json["raekker"]
        assert [r["beskrivelse"] for r in shown if r["kode"] == 9404] == ["132,00 kr. i timen"]
        assert hub("reference", "konflikter", "20000001", "--json").json["staaende"] is None
        assert "sats-9404@2" in hub("reference", "satser").out
        assert [
            hub(*args).code for args in (("reference", "konflikter", "9"), ("reference", "x"), ("reference", "koder", "--on", "x"))
        ] == [1, 2, 2]

        other = "SELECT sag FROM ledger.stroemme WHERE stroem = 'kodeliste-mentortype'"
        hub.sql(f"UPDATE ledger.stroemme SET sag = ({other}) WHERE stroem = 'sats-9404'")
        hub.sql("DELETE FROM ledger.stroemme WHERE stroem = '20000001'")
        hub.sql("""UPDATE ledger.anmodninger SET kvittering = jsonb_set(kvittering, '{eksternIdentifier}', '"x"')
            WHERE kvittering ->> 'sagsId' = 'kodeliste-mentortype'""")
        bad = hub("verify", "--json")
        assert bad.code == 1
        assert {(f["case"], f["what"]) for f in bad.json["findings"]} == {
            ("20000001", "ledger.stroemme"),
            ("20000001", "ledger.anmodninger"),
            ("kodeliste-mentortype", "ledger.anmodninger.kvittering.eksternIdentifier"),
            ("20000001", "ledger.outbox.stroem"),
            ("sats-9404", "ledger.stroemme.sag"),
        }

        engine.dispose()
        for (schema,) in hub.sql("SELECT nspname FROM pg_namespace WHERE nspname IN ('ledger', 'delivery') OR nspname ~ '^gen_'"):
            hub.sql(f"DROP SCHEMA {schema} CASCADE")
        restored = hub("restore", "--execute", "--json")
        assert (restored.code, restored.json["references"]) == (0, STREAMS)
        assert _rows(hub) == before
        assert hub("verify", "--json").json["differences"] == 0
        with hub.running("worker"):
            assert _orders(engine, hus) == receipts
            hub.settled()
        assert _rows(hub) == before
    finally:
        engine.dispose()


@pytest.mark.faults
def test_a_ledger_behind_a_reference_topic_is_found_when_the_worker_starts(hub: Hub) -> None:
    """An older ledger put back under the worker: the lane is closed and says so, until `hub restore --replace`."""
    hus = hub.hus()
    engine = hus.motor("test", 2)
    try:
        with hub.running("worker"):
            _orders(engine, hus)
            hub.settled()
        for table, key in (("stroemme", "topic"), ("outbox", "topic")):
            hub.sql(f"DELETE FROM ledger.{table} WHERE {key} = '{KONFLIKTER}'")
        hub.sql(f"UPDATE ledger.baner SET naeste_offset = 0, server_start = NULL WHERE topic = '{KONFLIKTER}'")
        behind = f"SELECT bagud FROM ledger.baner WHERE topic = '{KONFLIKTER}'"
        with hub.running("worker"):
            hub.eventually(lambda: hub.sql(behind)[0][0] is not None)
        assert "does not know" in hub.sql(behind)[0][0]
        assert hub("restore", "--replace", "--execute", "--json").code == 0
        assert hub.sql(behind) == [(None,)] and hub("verify", "--json").json["differences"] == 0
    finally:
        engine.dispose()
