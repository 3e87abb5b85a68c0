"""The dead-letter topic gets a copy of each parked event, once while nothing fails."""

import pytest
from sqlalchemy import insert

from hub.consumers.doede_breve import DoedeBreve
from hub.events.database import motor
from hub.events.journal import laes, slutninger
from hub.events.tables import PARKEREDE
from hub.events.topics import DOEDE_BREVE, sikr
from hub.migrations.migrer import migrer

pytestmark = pytest.mark.integration

RAEKKE = {
    "partition": 4,
    "kafka_offset": 17,
    "stroem": "8c1e9a52-6c07-4e1c-9d3f-2f6b0c0f4a11",
    "slags": "fejl",
    "fejl": "Ulaeselig: not framed",
    "vaerdi": b"\x01raw bytes",
    "hoveder": [["ce_id", "1"]],
    "nummer": 1,
}


async def test_a_parked_event_is_copied_raw_with_where_and_why(database_url: str, bootstrap: str) -> None:
    """Key, bytes and own headers as they were, and `__connect.errors.*` beside them; the second look finds nothing to copy."""
    options = {"bootstrap_servers": bootstrap}
    await sikr(options)
    engine = motor(database_url, "test", 2)
    migrer(engine)
    with engine.begin() as conn:
        conn.execute(insert(PARKEREDE), RAEKKE)
    breve = DoedeBreve(engine, options)
    foer = await slutninger(options, DOEDE_BREVE)
    assert (await breve.kopier(), await breve.kopier()) == (1, 0)
    poster = [p async for _, del_ in laes(options, DOEDE_BREVE, foer, await slutninger(options, DOEDE_BREVE)) for p in del_]
    engine.dispose()
    assert [(p.noegle, p.vaerdi) for p in poster] == [(RAEKKE["stroem"].encode(), RAEKKE["vaerdi"])]  # type: ignore[attr-defined]
    hoveder = dict(poster[0].hoveder)
    assert hoveder["ce_id"] == b"1"
    assert (hoveder["__connect.errors.partition"], hoveder["__connect.errors.offset"]) == (b"4", b"17")
    assert hoveder["__connect.errors.exception.class.name"] == b"Ulaeselig"
