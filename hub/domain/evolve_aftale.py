"""The folds of an agreement (IGU): made, and its period replaced; its end is a termination's (R-2.2)."""

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from hub.domain import haendelser as h
from hub.domain.foldning import KanIkkeFoldes, felt
from hub.domain.kuvert import Kuvert
from hub.domain.periode import Periode
from hub.domain.sag import Aftale, Aftaleperiode, Sag


def indgaaet(sag: Sag, k: Kuvert, d: h.AftaleIndgaaet) -> Sag:
    """The newborn case with its agreement."""
    aftale = Aftale(
        id=k.eksternIdentifier,
        version=k.version,
        registreret=k.registreringstidspunkt,
        sket=k.haendelsestidspunkt,
        perioder=(Aftaleperiode(k.version, Periode(d.startdato, d.slutdato)),),
        kontaktpersonPaaArbejdsstedet=felt(d.kontaktpersonPaaArbejdsstedet),
    )
    return replace(sag, aftale=aftale)


def _rettet(sag: Sag, k: Kuvert, d: h.AftaleRettet) -> Sag:
    aftale = sag.aftale
    if aftale is None or aftale.id != k.eksternIdentifier:
        raise KanIkkeFoldes("the event names an agreement that the case does not have")
    perioder = (*aftale.perioder, Aftaleperiode(k.version, Periode(d.startdato, d.slutdato)))
    kontakt = felt(d.kontaktpersonPaaArbejdsstedet) or aftale.kontaktpersonPaaArbejdsstedet
    return replace(sag, aftale=replace(aftale, perioder=perioder, kontaktpersonPaaArbejdsstedet=kontakt))


FOLDNINGER: dict[type[h.Data], Callable[[Sag, Kuvert, Any], Sag]] = {h.AftaleRettet: _rettet}
