"""The swap (architecture 11): bring a generation to exactly the serving checkpoints, compare what changed since, move the pointer; or back.

Everything but the last few events is caught up before the pointer is held: live traffic waits only for those.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, Engine, select
from sqlalchemy.dialects.postgresql import insert

from hub.events.journal import Post
from hub.events.tables import CHECKPOINTS, GENERATIONER, PARKEREDE
from hub.projections import checkpoint, stille
from hub.projections.forskel import Par, Sammenligning, forskudte, sammenlign, sammenlign_samtidig
from hub.projections.generation import PROJEKTIONSVERSION, peger
from hub.projections.generationsbyg import hold_pegepind, skift
from hub.projections.indgang import Afkoder

LAES_AD_GANGEN = 500
RUNDENS_POSTER = 20_000
"""Records that one round of catching up reads into memory."""
TAET_NOK = 50
"""Events behind at which the pointer is taken: what is left then takes a moment."""
RUNDER = 10
"""Rounds without coming closer after which catching up is given up."""

Laes = Callable[[Mapping[int, int], Mapping[int, int]], Sequence[tuple[int, Sequence[Post]]]]
"""Reads the log from (inclusive) to (exclusive) per partition; blocks."""
Afveje = frozenset[tuple[int, int, str]]
_C, _P = CHECKPOINTS.c, PARKEREDE.c
_SIDEN = select(_P.partition, _P.kafka_offset, _P.tilstand, _P.stroem)


class Forskelle(RuntimeError):
    """The new generation differs from the serving one, and that was not accepted: nothing was swapped."""

    def __init__(self, sammenligning: Sammenligning) -> None:
        super().__init__(f"{sammenligning.antal} rows differ")
        self.sammenligning = sammenligning


class IngenGenerationTilbage(RuntimeError):
    """There is no earlier generation that this code can serve."""


class IndhenterIkke(RuntimeError):
    """Live traffic moves on faster than the new generation catches up."""


@dataclass
class Skifte:
    """One swap to generation `ny`. `faerdig_ved`: what was set aside when `ny` was filled; cases changed since are folded again.

    `ved_skift` is called in the transaction that moves the pointer, with how many rows differ.
    """

    engine: Engine
    kodeks: Afkoder
    laes: Laes
    ny: int
    faerdig_ved: Afveje
    ved_skift: Callable[[Connection, int], object]
    roerte: set[str] = field(default_factory=set)

    def indhent(self) -> None:
        """Catch up, a bounded number of records at a time, until almost nothing is left. Raises `KanIkkeOmbygges`, `IndhenterIkke`."""
        mindst, forgaeves = None, 0
        while forgaeves < RUNDER:
            with self.engine.connect() as conn:
                fra, til = self._straekning(conn)
            bagud = sum(til.values()) - sum(fra.values())
            if bagud <= TAET_NOK:
                return
            forgaeves = 0 if mindst is None or bagud < mindst else forgaeves + 1
            mindst = bagud if mindst is None else min(mindst, bagud)
            self._anvend(fra, _hoejst(fra, til))
        raise IndhenterIkke("live traffic moves on faster than the new generation catches up: run this when there is less of it")

    def forskelle(self, ad_gangen: int = 1) -> Sammenligning:
        """Compare every case that stands at the same event in both, `ad_gangen` tables at the same time.

        The others are compared in the swap, and so is what moves later.
        """
        with self.engine.connect().execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True) as conn, conn.begin():
            serverer = peger(conn)
            self.roerte = forskudte(conn, serverer, self.ny)
            return sammenlign_samtidig(conn, Par(serverer, self.ny, undtagen=self.roerte), ad_gangen)

    def udfoer(self, foer: int, *, accepter: bool) -> tuple[int, Sammenligning]:
        """In one transaction: hold the pointer, catch up, fold again what was parked, retried or discarded, compare, swap.

        `foer`: rows that were found to differ before. Gives the generation that served, and what differs now.
        Raises `Forskelle` unless `accepter`, `KanIkkeOmbygges`; then nothing has changed.
        """
        with self.engine.begin() as conn:
            gammel = hold_pegepind(conn)
            fra, til = self._straekning(conn)
            for partition, poster in self.laes(fra, til) if fra != til else ():
                self.roerte |= stille.anvend(conn, self.ny, partition, poster, self.kodeks)
            _flyt_til(conn, self.ny, til)
            aparte = stille.afveje(conn, self.roerte) | _siden(conn, self.faerdig_ved)
            stille.omfold(conn, gammel, self.ny, aparte, self.kodeks)
            fundet = sammenlign(conn, Par(gammel, self.ny, kun=self.roerte | aparte))
            if fundet.antal and not accepter:
                raise Forskelle(fundet)
            skift(conn, self.ny)
            self.ved_skift(conn, foer + fundet.antal)
        return gammel, fundet

    def _straekning(self, conn: Connection) -> tuple[dict[int, int], dict[int, int]]:
        """From where to where it is behind; a partition that the new generation does not know yet is read from its start."""
        fra, til = steder(conn, self.ny), checkpoint.laes(conn)
        return {partition: fra.get(partition, 0) for partition in til}, til

    def _anvend(self, fra: Mapping[int, int], til: Mapping[int, int]) -> None:
        for partition, poster in self.laes(fra, til):
            for start in range(0, len(poster), LAES_AD_GANGEN):
                with self.engine.begin() as conn:
                    self.roerte |= stille.anvend(conn, self.ny, partition, poster[start : start + LAES_AD_GANGEN], self.kodeks)
        with self.engine.begin() as conn:
            _flyt_til(conn, self.ny, til)


def steder(conn: Connection, generation: int) -> dict[int, int]:
    """A generation's checkpoints: partition → next offset."""
    return dict(conn.execute(select(_C.partition, _C.naeste_offset).where(_C.generation == generation)).all())


def til_side(conn: Connection) -> Afveje:
    """What is and was set aside, each with its state."""
    return frozenset(tuple(r) for r in conn.execute(select(_P.partition, _P.kafka_offset, _P.tilstand)))


def forrige(conn: Connection) -> int:
    """The generation to go back to: the newest before the serving one that this code made. Raises `IngenGenerationTilbage`."""
    serverer = peger(conn)
    spoerg = select(GENERATIONER.c.nummer).where(GENERATIONER.c.nummer < serverer, GENERATIONER.c.projektionsversion == PROJEKTIONSVERSION)
    nummer = conn.execute(spoerg.order_by(GENERATIONER.c.nummer.desc()).limit(1)).scalar_one_or_none()
    if nummer is None:
        raise IngenGenerationTilbage(f"there is no generation before {serverer} that this code can serve")
    return int(nummer)


def _hoejst(fra: Mapping[int, int], til: Mapping[int, int]) -> dict[int, int]:
    """The ends of a round that fits into memory."""
    hver = max(1, RUNDENS_POSTER // max(1, sum(til[p] > fra[p] for p in til)))
    return {p: min(til[p], fra[p] + hver) for p in til}


def _flyt_til(conn: Connection, generation: int, til: Mapping[int, int]) -> None:
    """An offset may hold no record: the generation stands where it was read to."""
    raekker = [{"generation": generation, "partition": p, "naeste_offset": sted} for p, sted in til.items()]
    if raekker:
        saet = insert(CHECKPOINTS)
        noegle = (_C.generation, _C.partition)
        conn.execute(saet.on_conflict_do_update(index_elements=noegle, set_={"naeste_offset": saet.excluded.naeste_offset}), raekker)


def _siden(conn: Connection, foer: Afveje) -> set[str]:
    """Cases of which something was parked, retried or discarded since."""
    nu = {(r.partition, r.kafka_offset, r.tilstand): r.stroem for r in conn.execute(_SIDEN)}
    return {stroem for noegle, stroem in nu.items() if noegle not in foer}
