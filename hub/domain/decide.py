"""decide(sag, action, opslag, now) → events, or a refusal with every reason: the door's one pure function (architecture 1)."""

from collections.abc import Iterator
from datetime import datetime

from hub.domain import (
    decide_aftale,
    decide_ansoegning,
    decide_behandling,
    decide_bevilling,
    decide_dokument,
    decide_forlaengelse,
    decide_ophoer,
    decide_rettelse,
    decide_sats,
    decide_tillaeg,
    decide_vurdering,
)
from hub.domain.decide_grund import SPILLERUM, Kald, Regel, ingen_andens_akt, ordningens_felter
from hub.domain.fejl import Afvisning, Fejl, fejl
from hub.domain.fejlkoder import Fejlkode
from hub.domain.haendelser import Data
from hub.domain.handlinger import Handling
from hub.domain.opslag import Opslag
from hub.domain.sag import Sag

REGLER: dict[str, Regel] = {
    **decide_ansoegning.REGLER,
    **decide_rettelse.REGLER,
    **decide_behandling.REGLER,
    **decide_vurdering.REGLER,
    **decide_bevilling.REGLER,
    **decide_forlaengelse.REGLER,
    **decide_sats.REGLER,
    **decide_ophoer.REGLER,
    **decide_aftale.REGLER,
    **decide_dokument.REGLER,
    **decide_tillaeg.REGLER,
}
"""Every action of `HANDLINGER` → what it becomes and the guards that must be silent first."""


def decide(sag: Sag | None, handling: Handling, opslag: Opslag, nu: datetime) -> tuple[Data, ...]:
    """The events of an action on a case as it stands (None: unknown), clear text in the sealed fields, `borgerId` left empty.

    `nu` is aware UTC. Raises `Afvisning` with every error: 404 for an unknown case, 409 for a contradiction and for an action that the
    scheme does not have, 422 for a field that it does not have. Nothing is changed.
    """
    kald, regel = Kald(sag, handling, opslag, nu), REGLER[handling.handling]
    tid, sagen = [*_tid(kald)], [*_sag(kald)]
    vagter = () if sagen else (*regel.vagter, ordningens_felter, ingen_andens_akt)
    if fejlene := [*tid, *sagen, *(f for vagt in vagter for f in vagt(kald))]:
        raise Afvisning(fejlene)
    return (regel.byg(kald),)


def _tid(k: Kald) -> Iterator[Fejl]:
    """What is recorded has happened; a sender's clock may be a little ahead."""
    if k.handling.haendelsestidspunkt > k.nu + SPILLERUM:
        yield fejl(Fejlkode.I_FREMTIDEN, "haendelsestidspunkt")


def _sag(k: Kald) -> Iterator[Fejl]:
    """A case is opened once, by its first action; every other action needs it to be there."""
    if k.handling.aabner and k.sag is not None:
        yield fejl(Fejlkode.SAG_FINDES, "sagsId")
    if not k.handling.aabner and k.sag is None:
        yield fejl(Fejlkode.UKENDT_SAG, "sagsId")
