"""The parked set (architecture 12): rows in `delivery`, outside every generation; each change is an operators' event on its own log."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from sqlalchemy import Connection, Engine, bindparam, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from hub.events.drift import Driftsdata, HaendelseParkeret
from hub.events.journal import Post
from hub.events.tables import PARKEREDE
from hub.projections import tidslinje
from hub.projections.generation import forbind, serverende
from hub.projections.project import FEJL, Parkering

HUBBEN = "hub"


class Driftlog(Protocol):
    """Appends operators' events through the ledger (its `Driftslog.append`)."""

    def __call__(self, conn: Connection, data: Sequence[Driftsdata], hvem: str = HUBBEN) -> Sequence[int]:
        """In the caller's transaction; returns their versions in the stream `drift`."""
        ...


_P = PARKEREDE.c
_AABNE = (
    select(_P.partition, _P.kafka_offset, _P.stroem, _P.vaerdi, _P.hoveder)
    .where(_P.stroem == bindparam("stroem"), _P.tilstand == "parkeret")
    .order_by(_P.partition, _P.kafka_offset)
)
_SAET = update(PARKEREDE).where(_P.partition == bindparam("p"), _P.kafka_offset == bindparam("o"), _P.tilstand == "parkeret")


_T = tidslinje.TABEL.c
_FEJLEDE = select(_P.partition, _P.kafka_offset).where(_P.slags == FEJL, _P.tilstand == "parkeret")


def i_traek(engine: Engine) -> int:
    """Parked events that failed beyond everything their partition has applied since: what a new process's brake begins with."""
    with engine.connect() as conn:
        fejlede = conn.execute(_FEJLEDE).all()
        if not fejlede:
            return 0
        forbundet = forbind(conn, serverende(conn))
        sidste = select(_T.partition, func.max(_T.kafka_offset)).group_by(_T.partition)
        anvendt = {raekke[0]: raekke[1] for raekke in forbundet.execute(sidste)}
    return sum(offset > anvendt.get(partition, -1) for partition, offset in fejlede)


def parker(conn: Connection, parkeringer: Sequence[Parkering], driftlog: Driftlog) -> None:
    """Set events aside and say so on the operators' log, in the caller's transaction."""
    if not parkeringer:
        return
    synkront(conn)
    numre = driftlog(conn, [_drift(p) for p in parkeringer])
    conn.execute(insert(PARKEREDE), [_raekke(p, nummer) for p, nummer in zip(parkeringer, numre, strict=True)])


def synkront(conn: Connection) -> None:
    """Let this transaction commit synchronously: the relay sends its operators' event at once, and must not know more than the disk."""
    conn.execute(text("SET LOCAL synchronous_commit = on"))


def aabne(conn: Connection, stroem: str) -> list[Post]:
    """The case's events that are still parked, in the log's order, as records."""
    return [
        Post(r.partition, r.kafka_offset, r.stroem.encode(), r.vaerdi, tuple((n, v.encode("latin-1")) for n, v in r.hoveder))
        for r in conn.execute(_AABNE, {"stroem": stroem})
    ]


def hoveder_som_gemt(hoveder: Iterable[tuple[str, bytes | None]]) -> list[list[str]]:
    """A record's headers as its row has them. Their values are foreign bytes: latin-1 keeps every one of them as it was."""
    return [[navn, (vaerdi or b"").decode("latin-1")] for navn, vaerdi in hoveder]


def saet(conn: Connection, steder: Sequence[tuple[int, int]], **felter: str) -> None:
    """Change parked rows, named by (partition, offset)."""
    if steder:
        conn.execute(_SAET.values(**felter), [{"p": partition, "o": offset} for partition, offset in steder])


def antal(conn: Connection) -> int:
    """How many events are parked."""
    return int(conn.execute(select(func.count()).where(_P.tilstand == "parkeret")).scalar_one())


def _drift(p: Parkering) -> HaendelseParkeret:
    return HaendelseParkeret(p.indgang.partition, p.indgang.offset, p.indgang.stroem, p.slags, p.fejl)


def _raekke(p: Parkering, nummer: int) -> dict[str, object]:
    i = p.indgang
    return {
        "partition": i.partition,
        "kafka_offset": i.offset,
        "stroem": i.stroem,
        "slags": p.slags,
        "fejl": p.fejl,
        "vaerdi": i.vaerdi,
        "hoveder": hoveder_som_gemt(i.hoveder),
        "nummer": nummer,
    }
