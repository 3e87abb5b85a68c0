"""told: what a jobcentre had been told and had fetched at a moment: an auditor's question, answered by notifications and access log.

Ids, numbers, versions and times only; nothing of a citizen, and not who at the jobcentre fetched.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

from hub.operations.renotify import Refused, known_jobcentre

# A token that has several jobcentres fetches for each of them.
AT = text("""
WITH told AS (
    SELECT sags_id, ekstern_identifier AS act, get_metode AS what, count(*) AS told, max(nummer) AS number, max(version) AS announced,
           max(sendt) AS told_at
    FROM delivery.notifikationer
    WHERE job_center_kode = :code AND sendt <= :at AND (CAST(:case AS text) IS NULL OR sags_id = :case) GROUP BY 1, 2, 3
), fetched AS (
    SELECT sags_id, coalesce(ekstern_identifier, '') AS act, opslag AS what, count(*) AS fetched, max(version) AS version,
           max(tidspunkt) AS fetched_at
    FROM audit.adgangslog
    WHERE :code = ANY(string_to_array(jobcentre, ' ')) AND tidspunkt <= :at AND (CAST(:case AS text) IS NULL OR sags_id = :case)
    GROUP BY 1, 2, 3
)
SELECT sags_id, nullif(act, ''), what, coalesce(told, 0), number, announced, told_at, coalesce(fetched, 0), version, fetched_at
FROM told FULL JOIN fetched USING (sags_id, act, what) ORDER BY sags_id, act, what
""")
PASSED = text("SELECT clock_timestamp() > :at")


@dataclass(frozen=True)
class Act:
    """An act of a case by what is fetched of it (a GetMetode, or `sag`, `historik`, `liste`, `soeg`).

    `number`, `announced`, `told_at`: of the last notification by then; `version`: the newest that had been fetched.
    """

    case_id: str
    act: str | None
    what: str
    told: int
    number: int | None
    announced: int | None
    told_at: datetime | None
    fetched: int
    version: int | None
    fetched_at: datetime | None

    @property
    def behind(self) -> bool:
        """It had been announced, and not fetched so new."""
        return self.announced is not None and (self.version is None or self.version < self.announced)


@dataclass(frozen=True)
class Told:
    """What jobcentre `jobcentre` knew at `at`; `behind`: acts announced to it that it had not fetched so new."""

    jobcentre: str
    at: datetime
    notifications: int
    last_number: int
    reads: int
    behind: int
    acts: tuple[Act, ...]


def told(conn: Connection, jobcentre: str, at: datetime, case_id: str | None = None) -> Told:
    """By `at` (aware UTC), of every case or of one. Raises `Refused`: no such jobcentre, or a time that has not been yet."""
    known_jobcentre(jobcentre)
    if not conn.execute(PASSED, {"at": at}).scalar_one():
        raise Refused("that time has not been yet: nobody can say what will have been told")
    acts = tuple(_acts(conn, jobcentre, at, case_id))
    return Told(
        jobcentre,
        at,
        notifications=sum(act.told for act in acts),
        last_number=max((act.number or 0 for act in acts), default=0),
        reads=sum(act.fetched for act in acts),
        behind=sum(act.behind for act in acts),
        acts=acts,
    )


def _acts(conn: Connection, jobcentre: str, at: datetime, case_id: str | None) -> Iterator[Act]:
    for row in conn.execute(AT, {"code": jobcentre, "at": at, "case": case_id}):
        yield Act(*row)
