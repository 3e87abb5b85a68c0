"""The live transaction (architecture 5, 11, 12): rows, unnumbered notifications, parked events and checkpoint move together, or nothing."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine

from hub.domain.haendelser import Haendelse
from hub.domain.sag import Sag
from hub.events.besoeg import FULDFOER, besoeg
from hub.events.fejlpunkter import Fejlpunkter
from hub.events.flere_besoeg import Besoeg, gennemfoer
from hub.events.forbindelse import raa_forbindelse
from hub.events.journal import Post
from hub.projections import checkpoint
from hub.projections.checkpoint import Stade, UdenCheckpoint
from hub.projections.forsigtig import RAEKKEFEJL, Gem, alt, skriv_alt, skriv_forsigtigt
from hub.projections.generation import forbind, serverende, skema
from hub.projections.indgang import Afkoder, Indgang, indgang
from hub.projections.laes_sager import Foer, laest, spoerg
from hub.projections.parkering import Driftlog, parker
from hub.projections.project import FEJL, Foelg, fold


class Anvendt(NamedTuple):
    """A part was applied: the checkpoint now, events applied, identical repeats skipped, set aside, and those of them that failed."""

    naeste: int
    antal: int
    sprunget: int
    parkeret: int
    fejlet: int = 0


@dataclass(frozen=True)
class Hul:
    """The part does not begin at the checkpoint, has a hole in it, or another worker was first: catch up from `checkpoint`."""

    checkpoint: int


@dataclass(frozen=True)
class Skiftet(Hul):
    """The generation stopped serving while the part waited: it was dropped; go on from the new one's `checkpoint`."""


Udfald = Anvendt | Hul
Bremse = Callable[[int, int], None]
"""Told (applied, failed) of a part before anything is set aside; what it raises undoes the part."""
Samgang = Besoeg[dict[int, Udfald] | None]
Notificer = Callable[[Sag | None, Haendelse, Sag], Sequence[Any]]


def _ingen_bremse(antal: int, fejlet: int) -> None:
    """No brake."""


@dataclass(frozen=True)
class Projektion:
    """Applies parts of the log. `notificer` and `gem` are the notifications' own, `driftlog` the ledger's.

    Its calls block on PostgreSQL; several threads may call at once, for different partitions.
    """

    engine: Engine
    kodeks: Afkoder
    notificer: Notificer
    gem: Gem
    driftlog: Driftlog
    fejlpunkter: Fejlpunkter = field(default_factory=Fejlpunkter)
    bremse: Bremse = _ingen_bremse

    def generation(self) -> int:
        """The generation that serves. Raises `IngenGeneration`."""
        with self.engine.connect() as conn:
            return serverende(conn)

    def checkpoint(self, partition: int) -> int:
        """The offset after the last record applied. Raises `UdenCheckpoint`."""
        with self.engine.connect() as conn:
            return _kraev(checkpoint.laes(conn), partition)

    def anvend(self, partition: int, poster: Sequence[Post], fra: int | None = None) -> Udfald:
        """Apply a part in one transaction.

        A reader that read from an offset on says it in `fra`: offsets that hold no record are then no hole.
        What lies below the checkpoint is cut off. Database errors propagate, and then nothing was applied (an unknown commit: perhaps
        everything; the checkpoint tells).
        """
        if not poster:
            return Hul(self.checkpoint(partition))
        indgange = [indgang(post, self.kodeks) for post in poster]
        try:
            return self._transaktion(partition, indgange, fra, forsigtigt=False)
        except RAEKKEFEJL:
            return self._transaktion(partition, indgange, fra, forsigtigt=True)

    def anvend_samlet(self, dele: Mapping[int, Sequence[Post]], generation: int) -> dict[int, Udfald] | None:
        """Apply the parts of several partitions in one transaction, in two visits; `generation` is the one thought to serve.

        None: not together, and nothing was applied. So when one does not begin at its checkpoint, has something to set aside, or is of
        another generation, or a row is refused: then each goes its own way. Other errors propagate, as `anvend`'s do.
        """
        try:
            with self.engine.connect() as conn, conn.begin() as tx:
                udfald = gennemfoer(raa_forbindelse(conn), self.samlet(dele, generation, conn))
                if udfald is None:
                    tx.rollback()
                return udfald
        except RAEKKEFEJL:
            return None

    def samlet(self, dele: Mapping[int, Sequence[Post]], generation: int, conn: Connection | None = None) -> Samgang:
        """The same, step by step, for who visits the database otherwise: yields a visit's statements and is sent their answers.

        Its transaction begins with the first and is committed by the last; with None nothing is committed yet. Raises one of RAEKKEFEJL,
        and without `conn` `Gentaget` for events that come again.
        """
        indgange = {partition: [indgang(post, self.kodeks) for post in poster] for partition, poster in dele.items()}
        skridt, nye = _uden_huller(indgange), [i for del_ in indgange.values() for i in del_]
        if skridt is None:
            return None
        raekker, svar = yield checkpoint.flyt_flere(skridt), spoerg(skema(generation), nye)
        positioner, fundet = checkpoint.flyttede(raekker)
        if fundet != generation or positioner.keys() != dele.keys():
            return None
        foer = laest(conn and forbind(conn, generation), svar, nye)
        gange = list(fold(foer.tilstande, foer.sidespor, nye, self.foelg(positioner)).values())
        if any(gang.parkeringer for gang in gange):
            return None
        yield *alt(skema(generation), gange, self.gem), FULDFOER
        sprunget = Counter(i.partition for gang in gange for i in gang.sprungne)
        return {p: Anvendt(til, til - fra - sprunget[p], sprunget[p], 0) for p, (fra, til) in skridt.items()}

    def foelg(self, positioner: Mapping[int, int]) -> Foelg:
        """What happens at each event folded: its fault point, and its notifications when its partition's position has not passed it."""

        def ved(indgang: Indgang, haendelse: Haendelse, foer: Sag | None, efter: Sag) -> Sequence[Any]:
            self.fejlpunkter.naa("projektion", indgang.stroem)
            return self.notificer(foer, haendelse, efter) if indgang.offset >= positioner.get(indgang.partition, 0) else ()

        return ved

    def _transaktion(self, partition: int, indgange: Sequence[Indgang], fra: int | None, *, forsigtigt: bool) -> Udfald:
        with self.engine.connect() as conn, conn.begin() as tx:
            stade = checkpoint.laas(conn, partition)
            if stade is not None:
                udfald = self._anvend(conn, stade, indgange, fra, forsigtigt)
                if udfald is not None:
                    return udfald
            tx.rollback()
        naeste = self.checkpoint(partition)
        return Hul(naeste) if stade is not None else Skiftet(naeste)

    def _anvend(self, conn: Connection, stade: Stade, indgange: Sequence[Indgang], fra: int | None, forsigtigt: bool) -> Udfald | None:
        nye = [i for i in indgange if i.offset >= stade.naeste]
        if not nye:
            return Anvendt(stade.naeste, 0, 0, 0)
        if not _fra_checkpoint(nye, stade.naeste, fra):
            return None
        conn = forbind(conn, stade.generation)
        # Moved and read in one visit to the database, in this order: what is read is of after the move, and so of after any wait for it.
        partition, til = nye[0].partition, nye[-1].offset + 1
        flyttet, svar = besoeg(raa_forbindelse(conn), checkpoint.flyt(partition, stade, til), spoerg(skema(stade.generation), nye))
        if not flyttet:
            return None
        return self._fold_og_skriv(conn, {partition: stade.position}, (nye, laest(conn, svar, nye)), forsigtigt)

    def _fold_og_skriv(
        self, conn: Connection, positioner: Mapping[int, int], del_: tuple[Sequence[Indgang], Foer], forsigtigt: bool
    ) -> Anvendt:
        nye, foer = del_
        gange = list(fold(foer.tilstande, foer.sidespor, nye, self.foelg(positioner)).values())
        (skriv_forsigtigt if forsigtigt else skriv_alt)(conn, gange, self.gem)
        parkeringer = sorted((p for g in gange for p in g.parkeringer), key=lambda p: p.indgang.offset)
        antal, fejlet = sum(len(g.skridt) for g in gange), sum(p.slags == FEJL for p in parkeringer)
        self.bremse(antal, fejlet)
        parker(conn, parkeringer, self.driftlog)
        return Anvendt(nye[-1].offset + 1, antal, sum(len(g.sprungne) for g in gange), len(parkeringer), fejlet)


def _uden_huller(dele: Mapping[int, Sequence[Indgang]]) -> dict[int, tuple[int, int]] | None:
    """Where each part begins and ends, when none has a hole."""
    skridt = {partition: (nye[0].offset, nye[-1].offset + 1) for partition, nye in dele.items()}
    return skridt if all(til - fra == len(dele[partition]) for partition, (fra, til) in skridt.items()) else None


def _fra_checkpoint(nye: Sequence[Indgang], naeste: int, fra: int | None) -> bool:
    """Whether the part goes on from the checkpoint without a hole."""
    if fra is not None:
        return fra <= naeste
    return nye[0].offset == naeste and nye[-1].offset - naeste + 1 == len(nye)


def _kraev(steder: dict[int, int], partition: int) -> int:
    if partition not in steder:
        raise UdenCheckpoint(f"partition {partition} has no checkpoint: run `hub restore`")
    return steder[partition]
