"""Which notifications the rules say are due, worked out anew from the log, beside those that the table has."""

import itertools
from collections.abc import Collection, Iterator, Mapping, Sequence

from sqlalchemy import Connection, text

from hub.domain.haendelser import Haendelse
from hub.domain.sag import Sag
from hub.projections.forskelle import Fund
from hub.projections.indgang import Indgang
from hub.projections.live import Notificer
from hub.projections.project import Sidespor, Tilstand, fold

CASES_AT_A_TIME = 1_000
OF_CASES = text("SELECT sags_id, id FROM delivery.notifikationer WHERE sags_id = ANY(:cases)")
ALL_CASES = text("SELECT DISTINCT sags_id FROM delivery.notifikationer")
Place = tuple[int, int]
"""(partition, offset)"""


class Due:
    """Folds records of some cases and remembers the ids due. `aside`: places parked or discarded; a case behind a parked one waits."""

    def __init__(self, notify: Notificer, aside: Mapping[Place, str]) -> None:
        self.ids: dict[str, dict[str, Place]] = {}
        self._notify = notify
        self._aside = aside
        self._states: dict[str, Tilstand] = {}
        self._seen: dict[str, set[bytes]] = {}
        self._discarded: dict[str, frozenset[bytes]] = {}

    def take(self, records: Sequence[Indgang]) -> None:
        """The next records of a partition, in order."""
        fresh = [record for record in records if self._is_fresh(record)]
        ways = fold(self._states, {case: Sidespor(kasserede=hashes) for case, hashes in self._discarded.items()}, fresh, self._follow)
        for case, way in ways.items():
            self._states[case] = way.efter

    def _is_fresh(self, record: Indgang) -> bool:
        """An identical repeat is no new event, and what is set aside has not notified."""
        case = record.stroem
        if self._aside.get((record.partition, record.offset), "genkoert") != "genkoert":
            self._discarded[case] = self._discarded.get(case, frozenset()) | {record.aftryk}
            return False
        seen = self._seen.setdefault(case, set())
        new = record.aftryk not in seen
        seen.add(record.aftryk)
        return new

    def _follow(self, record: Indgang, event: Haendelse, before: Sag | None, after: Sag) -> Sequence[object]:
        for draft in self._notify(before, event, after):
            self.ids.setdefault(record.stroem, {})[draft.id] = (record.partition, record.offset)
        return ()


def compare(conn: Connection, due: Due, in_share: Collection[str]) -> Iterator[Fund]:
    """Ids that are due and not in the table, and ids in the table that no event gives. `in_share`: the table's cases to look at."""
    cases = iter(sorted(due.ids.keys() | set(in_share)))
    while some := list(itertools.islice(cases, CASES_AT_A_TIME)):
        found: dict[str, set[str]] = {}
        for case, id_ in conn.execute(OF_CASES, {"cases": some}):
            found.setdefault(case, set()).add(id_)
        for case in some:
            yield from _one(case, due.ids.get(case, {}), found.get(case, set()))


def _one(case: str, due: Mapping[str, Place], found: set[str]) -> Iterator[Fund]:
    for id_, place in due.items():
        if id_ not in found:
            yield Fund(*place, case, "notifikationer", f"notification {id_}", "no row")
    for id_ in sorted(found - due.keys()):
        yield Fund(-1, -1, case, "notifikationer", "no event gives it", f"notification {id_}")
