"""The pull feed: a jobcentre's notifications by number, only what its topic has."""

from typing import NamedTuple

from sqlalchemy import Connection, text

from hub.events.ordningsnotifikation import Ordningsnotifikation

# The fields of `Ordningsnotifikation`, in order. One statement, so that rows and head are of one moment.
SIDE = text("""
SELECT m.sendt, n.id, n.nummer, n.ekstern_identifier, n.sags_id, n.version, n.get_metode, n.link, n.job_center_kode, n.er_oprettelse,
       n.registrerings_dato, n.haendelsestidspunkt, n.skabelon, n.subskabelon, n.ansoegning_status, n.bevillingsstatus
FROM delivery.numre m
LEFT JOIN LATERAL (
    SELECT * FROM delivery.notifikationer
    WHERE job_center_kode = m.job_center_kode AND nummer > :efter AND nummer <= m.sendt AND sendt IS NOT NULL ORDER BY nummer LIMIT :maks
) n ON true
WHERE m.job_center_kode = :kode ORDER BY n.nummer
""")


class Side(NamedTuple):
    """Notifications in order of number, without holes; `hoved` is the last number that the topic has (0: none)."""

    notifikationer: tuple[Ordningsnotifikation, ...]
    hoved: int


def hent(conn: Connection, job_center_kode: str, efter: int, maks: int) -> Side:
    """At most `maks` notifications with numbers above `efter`; none when there are none yet, or the jobcentre was never told anything."""
    raekker = conn.execute(SIDE, {"kode": job_center_kode, "efter": efter, "maks": maks}).all()
    notifikationer = tuple(Ordningsnotifikation(*raekke[1:]) for raekke in raekker if raekke[1] is not None)
    return Side(notifikationer, raekker[0][0] if raekker else 0)
