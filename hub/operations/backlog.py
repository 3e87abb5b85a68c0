"""What waits in the hub, by what the database alone knows: for the metrics, cheap enough to be asked at every scrape."""

from typing import NamedTuple

from sqlalchemy import Engine, text

from hub.events.topics import FAKTA

_SQL = text("""
SELECT (SELECT count(*) FROM ledger.outbox WHERE sendt IS NULL),
       (SELECT coalesce(extract(epoch FROM clock_timestamp() - min(oprettet)), 0)::float8 FROM ledger.outbox WHERE sendt IS NULL),
       greatest(0, (SELECT coalesce(sum(naeste_offset), 0) FROM ledger.baner WHERE topic = :topic)
           - (SELECT coalesce(sum(c.naeste_offset), 0) FROM delivery.checkpoints c
              JOIN delivery.generationer g ON g.nummer = c.generation AND g.serverer)),
       (SELECT count(*) FROM delivery.parkerede WHERE tilstand = 'parkeret'),
       (SELECT count(DISTINCT stroem) FROM delivery.parkerede WHERE tilstand = 'parkeret'),
       (SELECT count(*) FROM delivery.notifikationer WHERE nummer IS NULL),
       (SELECT count(*) FROM delivery.notifikationer WHERE nummer IS NOT NULL AND sendt IS NULL)
""").bindparams(topic=FAKTA)


class Backlog(NamedTuple):
    """Counts, and seconds for the oldest event that Kafka has not acknowledged."""

    outbox_unsent: int
    outbox_oldest_seconds: float
    events_not_projected: int
    events_parked: int
    cases_parked: int
    notifications_unnumbered: int
    notifications_unsent: int


def backlog(engine: Engine) -> Backlog:
    """What waits now. Raises the database's errors."""
    with engine.connect() as conn:
        usendte, aeldste, *antal = conn.execute(_SQL).one()
    return Backlog(usendte, aeldste, *(int(tal) for tal in antal))
