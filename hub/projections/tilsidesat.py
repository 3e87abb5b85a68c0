"""The parked set beside the records that it names."""

from collections.abc import Iterator, Sequence
from typing import Any

import orjson
from sqlalchemy import Connection, func, select

from hub.events.journal import Post
from hub.events.tables import PARKEREDE
from hub.projections.fund import Fund, vist
from hub.projections.genfold import Foldet
from hub.projections.kendte import Udvalg
from hub.projections.parkering import hoveder_som_gemt


def partitioner(conn: Connection) -> set[int]:
    """The partitions that rows of the parked set name."""
    return set(conn.execute(select(PARKEREDE.c.partition).distinct()).scalars())


class Tilsidesat:
    """The parked set of a partition: what is set aside where (`afveje`), and the bytes and headers that it is said to have."""

    def __init__(self, conn: Connection, partition: int) -> None:
        p = PARKEREDE.c
        spoerg = select(p.partition, p.kafka_offset, p.tilstand, p.stroem, func.sha256(p.vaerdi), p.hoveder).where(p.partition == partition)
        raekker = conn.execute(spoerg.order_by(p.kafka_offset)).all()
        self.afveje: dict[tuple[int, int], str] = {(r[0], r[1]): r[2] for r in raekker}
        self._rest: dict[tuple[int, int], tuple[str, bytes]] = {(r[0], r[1]): (r[3], r[4]) for r in raekker}
        self._hoveder = {(r[0], r[1]): (r[3], r[5]) for r in raekker}

    def hovedforskelle(self, poster: Sequence[Post]) -> Iterator[Fund]:
        """Rows of these records whose headers are not the record's: a retry, and the dead-letter topic, would have others."""
        for post in poster if self._hoveder else ():
            stroem, hoveder = self._hoveder.pop((post.partition, post.offset), ("", None))
            paa_log = hoveder_som_gemt(post.hoveder)
            if hoveder is not None and hoveder != paa_log:
                yield Fund(post.partition, post.offset, vist(stroem), "parkerede.hoveder", vist(_bytes(paa_log)), vist(_bytes(hoveder)))

    def forskelle(self, foldet: Foldet) -> Iterator[Fund]:
        """Rows whose bytes are not the record's."""
        for offset, paa_log in foldet.paa_log.items() if self._rest else ():
            stroem, aftryk = self._rest.pop((foldet.partition, offset), ("", paa_log.aftryk))
            if aftryk != paa_log.aftryk:
                yield Fund(foldet.partition, offset, stroem, "parkerede.vaerdi", vist(paa_log.aftryk), vist(aftryk))

    def rest(self, udvalg: Udvalg) -> Iterator[Fund]:
        """Rows of records that no case had."""
        for (partition, offset), (stroem, aftryk) in self._rest.items():
            if udvalg.alle or udvalg.har(stroem.encode()):
                yield Fund(partition, offset, stroem, "parkerede", "no such record", vist(aftryk))


def _bytes(hoveder: Any) -> bytes:
    return orjson.dumps(hoveder)
