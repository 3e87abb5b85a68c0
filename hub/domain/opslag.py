"""What `decide` may look up outside the case: read by the ledger in the append transaction, stored in the event as it was found."""

from datetime import date
from typing import NamedTuple

from hub.domain.koder import Kilde


class Konflikt(NamedTuple):
    """The company is registered as affected by a conflict (R-2.1); there is no row when it is not, or when it has ended."""

    cvrNummer: str
    fra: date
    fagomraader: tuple[str, ...] = ()


class SatsRaekke(NamedTuple):
    """One row of the rate list, valid in [startdato, slutdato): the first day counts, `slutdato` does not; null is open (R-3.1).

    `raekke` names the row for ever. Texts name no law from before 1 January 2020 (R-1.4).
    """

    raekke: str
    kode: int
    navn: str
    beskrivelse: str
    startdato: date
    slutdato: date | None = None
    kilde: Kilde = "egen"


class Opslag(NamedTuple):
    """The conflict row of the case's company, and the rate rows."""

    konflikt: Konflikt | None = None
    satser: tuple[SatsRaekke, ...] = ()


def sats_paa(satser: tuple[SatsRaekke, ...], kode: int, dag: date) -> SatsRaekke | None:
    """The rate row of `kode` in force on `dag`; of several the one listed last, which corrected the others."""
    gyldige = [r for r in satser if r.kode == kode and r.startdato <= dag and (r.slutdato is None or dag < r.slutdato)]
    return gyldige[-1] if gyldige else None
