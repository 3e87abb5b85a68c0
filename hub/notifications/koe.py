"""What may be numbered now: the unnumbered rows of some lanes in order, without those that wait and those behind them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from hub.events.besoeg import Kald, Saetning, besoeg
from hub.events.forbindelse import Forbindelse, Raekke
from hub.events.ordningsnotifikation import Ordningsnotifikation

SIDE = 250

# Per lane its own page, in lbnr order; `venter`: what must be on its topic first is not there yet.
UNUMMEREREDE = Saetning("""
SELECT n.lbnr, n.bane, n.venter_paa IS NOT NULL AND g.sendt IS NULL AS venter, n.id, n.job_center_kode, n.sags_id, n.version,
       n.ekstern_identifier, n.get_metode, n.skabelon, n.subskabelon, n.er_oprettelse, n.link, n.registrerings_dato, n.haendelsestidspunkt,
       n.ansoegning_status, n.bevillingsstatus, coalesce(m.hoved, 0)
FROM unnest(%(baner)b::int[], %(efter)b::bigint[]) AS b(bane, efter)
CROSS JOIN LATERAL (
    SELECT * FROM delivery.notifikationer
    WHERE bane = b.bane AND nummer IS NULL AND lbnr > b.efter ORDER BY lbnr LIMIT %(side)b::int
) n
LEFT JOIN delivery.notifikationer g ON g.id = n.venter_paa
LEFT JOIN delivery.numre m ON m.job_center_kode = n.job_center_kode
ORDER BY n.lbnr
""")


class Unummereret(NamedTuple):
    """A row without a number, in the order of the query's columns; `hoved` is the last number that its jobcentre was given."""

    lbnr: int
    bane: int
    venter: bool
    id: str
    job_center_kode: str
    sags_id: str
    version: int
    ekstern_identifier: str
    get_metode: str
    skabelon: int
    subskabelon: int
    er_oprettelse: bool
    link: str
    registrerings_dato: datetime
    haendelsestidspunkt: datetime
    ansoegning_status: int | None
    bevillingsstatus: int | None
    hoved: int

    def med_nummer(self, nummer: int) -> Ordningsnotifikation:
        """The notification as it goes out."""
        return Ordningsnotifikation(
            notifikationsId=self.id,
            nummer=nummer,
            eksternIdentifier=self.ekstern_identifier,
            sagsId=self.sags_id,
            version=self.version,
            getMetode=self.get_metode,
            link=self.link,
            jobCenterKode=self.job_center_kode,
            erOprettelse=self.er_oprettelse,
            registreringsDato=self.registrerings_dato,
            haendelsestidspunkt=self.haendelsestidspunkt,
            virksomhedsordningSkabelon=self.skabelon,
            virksomhedsordningSubskabelon=self.subskabelon,
            ansoegningStatus=self.ansoegning_status,
            bevillingsstatus=self.bevillingsstatus,
        )


Side = Callable[[Mapping[int, int]], Iterable[Unummereret]]
"""Reads one page per lane: lane → the lbnr after which it begins, to at most `SIDE` rows of each lane in lbnr order."""


def laes_side(conn: Forbindelse, efter: Mapping[int, int], side: int = SIDE, foer: Sequence[Kald] = ()) -> list[Unummereret]:
    """A page from the database, after the statements `foer` in the same visit; all pages of one choice must be read in one snapshot."""
    return fundne(besoeg(conn, *foer, side_efter(efter, side))[-1])


def side_efter(efter: Mapping[int, int], side: int = SIDE) -> Kald:
    """The question for a page; for `fundne`."""
    return UNUMMEREREDE.med(baner=list(efter), efter=list(efter.values()), side=side)


def fundne(raekker: Iterable[Raekke]) -> list[Unummereret]:
    """The rows of a page."""
    return [Unummereret(*raekke) for raekke in raekker]


def klare(laes: Side, baner: Iterable[int], maks: int, side: int = SIDE) -> list[Unummereret]:
    """At most `maks` rows that may be numbered, per jobcentre in order.

    A row that waits holds back every later one of its (case, jobcentre), and nothing else: pages are read until there is enough, or
    nothing is left, so that no number of waiting rows keeps those behind them from being found.
    """
    valgte: list[Unummereret] = []
    spaerrede: set[tuple[str, str]] = set()
    efter = dict.fromkeys(baner, 0)
    while efter and len(valgte) < maks:
        raekker = list(laes(efter))
        for raekke in raekker:
            par = (raekke.sags_id, raekke.job_center_kode)
            if raekke.venter or par in spaerrede:
                spaerrede.add(par)
            else:
                valgte.append(raekke)
        efter = _videre(raekker, side)
    return valgte[:maks]


def _videre(raekker: Iterable[Unummereret], side: int) -> dict[int, int]:
    """The lanes whose page was full, and where their next page begins."""
    antal: dict[int, int] = {}
    sidste: dict[int, int] = {}
    for raekke in raekker:
        antal[raekke.bane] = antal.get(raekke.bane, 0) + 1
        sidste[raekke.bane] = raekke.lbnr
    return {bane: sidste[bane] for bane in sidste if antal[bane] == side}
