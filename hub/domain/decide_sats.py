"""The rate of a grant or an extension corrected: looked up anew on the act's own start (R-3.6, decision 036)."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from hub.domain import haendelser as h
from hub.domain.akter import slags
from hub.domain.decide_grund import Kald, Regel, akt, har_bevilling, kun_for, sats, satsfejl
from hub.domain.fejl import Fejl, fejl
from hub.domain.fejlkoder import Fejlkode
from hub.domain.sag import Bevilling, Forlaengelse, find_bevilling
from hub.domain.satser import ORDNINGENS_SATSER

RETTES_MED = {"Ansoegning": "RetAnsoegning", "Ophoer": "RetOphoer"}
"""Kind of act → the action of its own that looks its rate up anew."""


class Satsen(NamedTuple):
    """What the corrected rate is found by: the act's start, and its code as named or as it is (None: the act has no rate)."""

    start: date
    kode: int | None


def _akten(k: Kald) -> Bevilling | Forlaengelse | None:
    bevilling = find_bevilling(k.sagen, k.id)
    if bevilling is None or bevilling.id == k.id:
        return bevilling
    return next((f for f in bevilling.forlaengelser if f.id == k.id), None)


def _satsen(k: Kald) -> Satsen | None:
    """None: the act is no grant, and no extension that is granted; another guard says so."""
    fundet = _akten(k)
    if fundet is None:
        return None
    periode = fundet.periode if isinstance(fundet, Bevilling) else fundet.bevilget
    kode: int | None = k.data.timeTilskudsats or (fundet.sats.kode if fundet.sats is not None else None)
    return Satsen(periode.startdato, kode) if periode is not None else None


def har_rettelig_sats(k: Kald) -> Iterator[Fejl]:
    """The act must be a grant or an extension; an application's and a termination's rate has a correction already, which is named."""
    er = slags(k.sagen, k.id)
    if er in RETTES_MED:
        yield fejl(Fejlkode.SATS_RETTES_MED_AKTEN, "eksternIdentifier", er=er, rettes_med=RETTES_MED[er])
    else:
        yield from akt("Bevilling", "Forlaengelse")(k)


def er_bevilget(k: Kald) -> Iterator[Fejl]:
    """Only an extension that is granted has a start; one applied for gets its rate when it is granted, one refused keeps what it had."""
    fundet = _akten(k)
    if isinstance(fundet, Forlaengelse) and fundet.bevilget is None:
        yield fejl(Fejlkode.SATS_FOER_BEVILLING, "eksternIdentifier")


def satsen(k: Kald) -> Iterator[Fejl]:
    """The code must be the scheme's, with a row in force on the act's own start; an act without a rate needs it named."""
    ny = _satsen(k)
    if ny is None or k.ordning not in ORDNINGENS_SATSER:
        return
    if ny.kode is None:
        yield fejl(Fejlkode.MANGLER, "data.timeTilskudsats")
    yield from satsfejl(k, ny.kode, ny.start)


def _ret(k: Kald) -> h.TilskudssatsRettet:
    ny = _satsen(k)
    assert ny is not None
    rettet = sats(k, ny.kode, ny.start)
    assert rettet is not None
    return h.TilskudssatsRettet(rettet)


REGLER: dict[str, Regel] = {
    "RetTilskudssats": Regel(_ret, (kun_for(frozenset(ORDNINGENS_SATSER)), har_rettelig_sats, har_bevilling, er_bevilget, satsen)),
}
"""Action → what it becomes and its guards."""
