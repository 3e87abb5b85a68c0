"""The swap (architecture 11): bring a generation to exactly the serving checkpoints, compare what changed since, move the pointer; or back.

Everything but the last few events is caught up before the pointer is held: live traffic waits only for those.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, Engine, select, text

from hub.events.journal import Post
from hub.events.tables import CHECKPOINTS, GENERATIONER, PARKEREDE
from hub.projections import checkpoint, stille
from hub.projections.forskel import Par, Sammenligning, forskudte, sammenlign
from hub.projections.generation import PROJEKTIONSVERSION, serverende
from hub.projections.generationsbyg import hold_pegepind, ryd, skift
from hub.projections.indgang import Afkoder

LAES_AD_GANGEN = 500
TAET_NOK = 50
"""Events behind at which the pointer is taken: what is left then takes a moment."""
RUNDER = 20

Laes = Callable[[Mapping[int, int], Mapping[int, int]], Sequence[tuple[int, Sequence[Post]]]]
"""Reads the log from (inclusive) to (exclusive) per partition; blocks."""
Afveje = frozenset[tuple[int, int, str]]
_C, _P = CHECKPOINTS.c, PARKEREDE.c


class Forskelle(RuntimeError):
    """The new generation differs from the serving one, and that was not accepted: nothing was swapped."""

    def __init__(self, sammenligning: Sammenligning) -> None:
        super().__init__(f"{sammenligning.antal} rows differ")
        self.sammenligning = sammenligning


class IngenGenerationTilbage(RuntimeError):
    """There is no earlier generation that this code can serve."""


@dataclass
class Skifte:
    """One swap to generation `ny`. `faerdig_ved`: what was set aside when `ny` was filled; cases changed since are folded again."""

    engine: Engine
    kodeks: Afkoder
    laes: Laes
    ny: int
    faerdig_ved: Afveje
    roerte: set[str] = field(default_factory=set)

    def indhent(self) -> None:
        """Catch up, part by part, until almost nothing is left. Raises `KanIkkeOmbygges`."""
        for _ in range(RUNDER):
            with self.engine.connect() as conn:
                fra, til = steder(conn, self.ny), checkpoint.laes(conn)
            if sum(til.values()) - sum(fra.values()) <= TAET_NOK:
                return
            for partition, poster in self.laes(fra, til):
                for start in range(0, len(poster), LAES_AD_GANGEN):
                    with self.engine.begin() as conn:
                        self.roerte |= stille.anvend(conn, self.ny, partition, poster[start : start + LAES_AD_GANGEN], self.kodeks)

    def forskelle(self) -> Sammenligning:
        """Compare every case that stands at the same event in both; the others are compared in the swap."""
        with self.engine.connect().execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True) as conn, conn.begin():
            serverer = serverende(conn)
            senere = forskudte(conn, serverer, self.ny)
            self.roerte |= senere
            return sammenlign(conn, Par(serverer, self.ny, undtagen=senere))

    def udfoer(self, *, accepter: bool) -> Sammenligning:
        """In one transaction: hold the pointer, catch up, fold again what was parked, retried or discarded, compare, swap.

        Raises `Forskelle` unless `accepter`, `KanIkkeOmbygges`; then nothing has changed.
        """
        with self.engine.begin() as conn:
            gammel = hold_pegepind(conn)
            fra, til = steder(conn, self.ny), checkpoint.laes(conn)
            for partition, poster in self.laes(fra, til) if fra != til else ():
                self.roerte |= stille.anvend(conn, self.ny, partition, poster, self.kodeks)
            _flyt_til(conn, self.ny, til)
            aparte = {r for r in self.roerte if r in stille.afveje(conn, self.roerte)} | _siden(conn, self.faerdig_ved)
            stille.omfold(conn, gammel, self.ny, aparte, self.kodeks)
            fundet = sammenlign(conn, Par(gammel, self.ny, kun=self.roerte | aparte))
            if fundet.antal and not accepter:
                raise Forskelle(fundet)
            skift(conn, self.ny)
        return fundet

    def ryd(self) -> list[int]:
        """Keep the serving generation and the one before it; drop the others."""
        with self.engine.begin() as conn:
            serverer = hold_pegepind(conn)
            tidligere = conn.execute(select(GENERATIONER.c.nummer).where(GENERATIONER.c.nummer != serverer)).scalars()
            return ryd(conn, {serverer, max(tidligere, default=serverer)})


def steder(conn: Connection, generation: int) -> dict[int, int]:
    """A generation's checkpoints: partition → next offset."""
    return dict(conn.execute(select(_C.partition, _C.naeste_offset).where(_C.generation == generation)).all())


def til_side(conn: Connection) -> Afveje:
    """What is and was set aside, each with its state."""
    return frozenset(tuple(r) for r in conn.execute(select(_P.partition, _P.kafka_offset, _P.tilstand)))


def forrige(conn: Connection) -> int:
    """The generation to go back to: the newest before the serving one that this code made. Raises `IngenGenerationTilbage`."""
    serverer = serverende(conn)
    spoerg = select(GENERATIONER.c.nummer).where(GENERATIONER.c.nummer < serverer, GENERATIONER.c.projektionsversion == PROJEKTIONSVERSION)
    nummer = conn.execute(spoerg.order_by(GENERATIONER.c.nummer.desc()).limit(1)).scalar_one_or_none()
    if nummer is None:
        raise IngenGenerationTilbage("there is no earlier generation that this code can serve")
    return int(nummer)


def _flyt_til(conn: Connection, generation: int, til: Mapping[int, int]) -> None:
    """An offset may hold no record: the generation stands where the serving one stands."""
    for partition, sted in til.items():
        conn.execute(
            text("UPDATE delivery.checkpoints SET naeste_offset = :sted WHERE generation = :g AND partition = :p"),
            {"sted": sted, "g": generation, "p": partition},
        )


def _siden(conn: Connection, foer: Afveje) -> set[str]:
    """Cases of which something was parked, retried or discarded since."""
    nu = {(r.partition, r.kafka_offset, r.tilstand): r.stroem for r in conn.execute(select(PARKEREDE))}
    return {stroem for noegle, stroem in nu.items() if noegle not in foer}
