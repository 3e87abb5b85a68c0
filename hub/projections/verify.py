"""verify: read the log up to the serving checkpoints, fold it anew, and compare with every serving row, the timeline and the ledger.

One snapshot of the database, so it runs beside traffic, at a fixed position. Partition by partition, which processes may share out, case by
case, in bounded memory; of a case that was seen, and of each of its acts, eight bytes are kept.
"""

import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, func, select

from hub.events.codec import Kodeks
from hub.events.journal import Post
from hub.events.tables import NOTIFIKATIONER, POSITIONER, STROEMME
from hub.events.topics import FAKTA
from hub.projections import checkpoint, tilsidesat
from hub.projections.forskelle import TABELLER, forskelle
from hub.projections.fund import Fund, Fundne
from hub.projections.genfold import Foldet, genfold
from hub.projections.kendte import Kendte, Udvalg, uden_hoved
from hub.projections.ledgerakter import Akter
from hub.projections.ledgeranmodninger import anmodningsforskelle, kvitteringer_uden_haendelse
from hub.projections.ledgerforskelle import ledgerforskelle, ukendte
from hub.projections.live import Notificer
from hub.projections.samling import Raa, Sager, Samling
from hub.projections.tilsidesat import Tilsidesat

SAGER_AD_GANGEN = 500

_L = STROEMME.c
Laes = Callable[[int, int, int, Callable[[Sequence[Post]], None]], None]
"""Reads a partition of the facts from (inclusive) to (exclusive) and hands on the records, part by part; blocks."""
Ogsaa = Callable[[Mapping[str, Foldet], Counter[str]], Iterable[Fund]]
"""What else is held against cases folded anew; it counts the rows it looks at, by table."""


@dataclass
class Rapport:
    """What was compared; `raekker` are the rows looked at, by table, and `steder` where each partition was read to.

    `kendte` and `akter`: the cases seen, and their acts.
    """

    poster: int = 0
    sager: int = 0
    haendelser: int = 0
    gentagelser: int = 0
    steder: dict[int, int] = field(default_factory=dict)
    raekker: Counter[str] = field(default_factory=Counter)
    fundne: Fundne = field(default_factory=Fundne)
    kendte: Kendte = field(default_factory=Kendte)
    akter: Akter = field(default_factory=Akter)

    def flet(self, andre: "Rapport") -> None:
        """Take over what another compared, after what is here."""
        self.poster += andre.poster
        self.sager += andre.sager
        self.haendelser += andre.haendelser
        self.gentagelser += andre.gentagelser
        self.steder |= andre.steder
        self.raekker += andre.raekker
        self.fundne.flet(andre.fundne)
        self.kendte.flet(andre.kendte)
        self.akter.flet(andre.akter)


@dataclass(frozen=True)
class Opgave:
    """What a verification works with. `conn`: in its snapshot, bound to the serving generation; `graenser`: the log's, asked after that.

    `mappe` takes what does not fit into memory; `skridt` is told of records read and compared.
    """

    conn: Connection
    kodeks: Kodeks
    graenser: Mapping[int, tuple[int, int]]
    laes: Laes
    notificer: Notificer
    mappe: Path
    udvalg: Udvalg
    ogsaa: Ogsaa
    skridt: Callable[[int], None]


Del = Callable[[Sequence[int]], Iterable[Rapport]]
"""Compares partitions, and gives a report for each, in their order."""


def verificer(opgave: Opgave, rapport: Rapport, del_: Del | None = None) -> None:
    """Compare, and put what differs into the report. `del_`: who does the partitions; None: this process, one after the other.

    Raises what `laes` and `del_` raise, and `IngenGeneration`.
    """
    steder = checkpoint.laes(opgave.conn)
    rapport.fundne.tag(_positioner(opgave.conn, steder))
    alle = sorted(opgave.graenser.keys() | steder.keys() | tilsidesat.partitioner(opgave.conn))
    for en in partitionerne(opgave, alle) if del_ is None else del_(alle):
        rapport.flet(en)
    rapport.fundne.tag(_ukendte(opgave, rapport))
    rapport.fundne.tag(rapport.akter.rest(opgave.conn, opgave.udvalg))
    rapport.fundne.tag(kvitteringer_uden_haendelse(opgave.conn))


def partitionerne(opgave: Opgave, partitioner: Iterable[int]) -> Iterator[Rapport]:
    """Compare each of these with everything of its cases; a report for each."""
    steder = checkpoint.laes(opgave.conn)
    for partition in partitioner:
        rapport, til_side = Rapport(), Tilsidesat(opgave.conn, partition)
        fra, slut = opgave.graenser.get(partition, (0, 0))
        rapport.fundne.tag(_endernes(partition, (fra, slut), steder.get(partition)))
        til = rapport.steder[partition] = max(fra, min(slut, steder.get(partition, slut)))
        samling = Samling(til - fra, opgave.mappe)
        try:
            _saml(opgave, (partition, fra, til), samling, (til_side, rapport))
            for sager_ in samling.dele():
                _sammenlign(opgave, rapport, ((partition, til), sager_), til_side)
        finally:
            samling.luk()
        rapport.fundne.tag(til_side.rest(opgave.udvalg))
        yield rapport


def _positioner(conn: Connection, steder: Mapping[int, int]) -> Iterator[Fund]:
    """What a partition has notified of is what it has applied: one transaction moves both."""
    positioner = {r.partition: r.naeste_offset for r in conn.execute(select(POSITIONER))}
    for partition, sted in steder.items():
        if positioner.get(partition) != sted:
            yield Fund(partition, -1, "", "notifikationspositioner.naeste_offset", str(sted), str(positioner.get(partition, "no row")))


def _endernes(partition: int, log: tuple[int, int], sted: int | None) -> Iterator[Fund]:
    """The log is whole, and goes as far as the checkpoint."""
    fra, slut = log
    if fra:
        yield Fund(partition, fra, "", FAKTA, f"the log begins at {fra}", "0")
    if sted is None and slut > fra:
        yield Fund(partition, fra, "", "checkpoints.naeste_offset", f"the log ends at {slut}", "no row")
    if sted is not None and sted > slut:
        yield Fund(partition, slut, "", "checkpoints.naeste_offset", f"the log ends at {slut}", str(sted))


def _saml(opgave: Opgave, straekning: tuple[int, int, int], samling: Samling, side: tuple[Tilsidesat, Rapport]) -> None:
    har, (til_side, rapport) = opgave.udvalg.har, side

    def tag(poster: Sequence[Post]) -> None:
        rapport.fundne.tag(til_side.hovedforskelle(poster))
        samling.laeg((p.noegle or b"", Raa(p.offset, p.vaerdi or b"")) for p in poster if har(p.noegle or b""))
        opgave.skridt(len(poster))

    partition, fra, til = straekning
    if fra < til:
        opgave.laes(partition, fra, til, tag)


def _sammenlign(opgave: Opgave, rapport: Rapport, del_: tuple[tuple[int, int], Sager], til_side: Tilsidesat) -> None:
    sted, sager_ = del_
    rest = iter(sager_.items())
    while nogle := list(itertools.islice(rest, SAGER_AD_GANGEN)):
        foldede = {}
        for noegle, raa in nogle:
            foldet = genfold((sted[0], noegle), raa, til_side.afveje, opgave.kodeks, opgave.notificer)
            foldede[foldet.stroem] = foldet
            rapport.fundne.tag(til_side.forskelle(foldet))
            rapport.gentagelser += foldet.gentagelser
            rapport.haendelser += len(foldet.linjer)
            rapport.sager += foldet.tilstand.sag is not None
        poster = sum(len(raa) for _, raa in nogle)
        rapport.poster += poster
        rapport.kendte.tag(foldede)
        rapport.fundne.tag(forskelle(opgave.conn, foldede, rapport.raekker))
        rapport.fundne.tag(ledgerforskelle(opgave.conn, foldede, sted, opgave.kodeks, rapport.akter))
        rapport.fundne.tag(anmodningsforskelle(opgave.conn, foldede))
        rapport.fundne.tag(opgave.ogsaa(foldede, rapport.raekker))
        opgave.skridt(poster)


def _ukendte(opgave: Opgave, rapport: Rapport) -> Iterator[Fund]:
    """Cases that the database has and the log has not: looked for only where a table has other rows than those that were looked at."""

    def mangler(sags_id: str) -> bool:
        return opgave.udvalg.har(sags_id.encode()) and sags_id not in rapport.kendte

    for tabel in (*TABELLER, NOTIFIKATIONER):
        antal = opgave.conn.execute(select(func.count()).select_from(tabel)).scalar_one()
        if antal != rapport.raekker[tabel.name] or not opgave.udvalg.alle:
            for sags_id in filter(mangler, uden_hoved(opgave.conn, tabel.c.sags_id)):
                yield Fund(-1, -1, sags_id, tabel.name, "no such case", "rows")
    af_sager = (_L.topic == FAKTA) & (_L.version > 0)
    rest = filter(mangler, uden_hoved(opgave.conn, _L.stroem, af_sager))
    while nogle := list(itertools.islice(rest, SAGER_AD_GANGEN)):
        yield from ukendte(opgave.conn, nogle, rapport.steder, opgave.kodeks, rapport.akter)
