"""What `decide` may look up outside the case: read by the ledger in the append transaction, stored in the event as it was found."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from hub.domain.koder import Kilde


class Konflikt(NamedTuple):
    """The company was registered as affected by a conflict at the action's moment (R-2.1); there is no row when it was not.

    `kilde` names the registration for ever: its stream and version.
    """

    cvrNummer: str
    fra: date
    fagomraader: tuple[str, ...] = ()
    kilde: str | None = None


class SatsRaekke(NamedTuple):
    """One row of the rate list, valid in [startdato, slutdato): the first day counts, `slutdato` does not; null is open (R-3.1).

    `raekke` names the row for ever; `registreret` is null for a row shipped with the code. Texts name no law from before 1 January 2020
    (R-1.4).
    """

    raekke: str
    kode: int
    navn: str
    beskrivelse: str
    startdato: date
    slutdato: date | None = None
    kilde: Kilde = "egen"
    registreret: datetime | None = None


class TekstRaekke(NamedTuple):
    """One version of a scheme's rejection text (R-3.4), valid in [startdato, slutdato); `raekke` names the row for ever."""

    raekke: str
    ordning: str
    tekstversion: str
    tekst: str
    startdato: date
    slutdato: date | None = None
    kilde: Kilde = "egen"
    registreret: datetime | None = None


class Uploadet(NamedTuple):
    """What the document store has of an upload: its size in bytes and its media type."""

    stoerrelse: int
    mimetype: str


class Opslag(NamedTuple):
    """The conflict row of the case's company, the rate rows, the rejection texts of the schemes that have them, the upload named, and the
    id of the case that has the act named.
    """

    konflikt: Konflikt | None = None
    satser: tuple[SatsRaekke, ...] = ()
    afslagstekster: tuple[TekstRaekke, ...] = ()
    dokument: Uploadet | None = None
    aktens_sag: str | None = None


def gaelder(startdato: date | None, slutdato: date | None, dag: date) -> bool:
    """Whether `dag` is in [startdato, slutdato); null is open."""
    return (startdato is None or startdato <= dag) and (slutdato is None or dag < slutdato)


def sats_paa(satser: Sequence[SatsRaekke], kode: int, dag: date) -> SatsRaekke | None:
    """The rate row of `kode` in force on `dag`; of several the one listed last, which corrected the others."""
    gyldige = [r for r in satser if r.kode == kode and gaelder(r.startdato, r.slutdato, dag)]
    return gyldige[-1] if gyldige else None


def tekst_af(tekster: Sequence[TekstRaekke], ordning: str, tekstversion: str) -> TekstRaekke | None:
    """The scheme's rejection text of that version; of several the one listed last, which corrected the others."""
    ens = [r for r in tekster if (r.ordning, r.tekstversion) == (ordning, tekstversion)]
    return ens[-1] if ens else None
