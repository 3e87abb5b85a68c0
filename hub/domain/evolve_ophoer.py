"""The folds of terminations: each belongs to the agreement, else to the newest grant, at its registration (R-2.2)."""

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from hub.domain import haendelser as h
from hub.domain.foldning import KanIkkeFoldes, felt
from hub.domain.kuvert import Kuvert
from hub.domain.sag import Bevilling, Forloeb, Ophoer, Sag, find_forloeb
from hub.domain.statusskift import skift, uden


def _registreret(sag: Sag, k: Kuvert, d: h.OphoerRegistreret) -> Sag:
    forloeb = sag.aftale or sag.bevilling
    if forloeb is None:
        raise KanIkkeFoldes("the case has nothing that can end")
    ny = Ophoer(k.eksternIdentifier, k.version, k.registreringstidspunkt, k.haendelsestidspunkt, **_fakta(d))
    forloeb = replace(forloeb, ophoer=(*forloeb.ophoer, ny))
    return _med(sag, replace(forloeb, statusskift=skift(forloeb, ny.id, 9308)) if isinstance(forloeb, Bevilling) else forloeb)


def _rettet(sag: Sag, k: Kuvert, d: h.OphoerRettet) -> Sag:
    return _ret(sag, k, rettet=True, **_fakta(d))


def _tilbagekaldt(sag: Sag, k: Kuvert, d: h.OphoerTilbagekaldt) -> Sag:
    sag = _ret(sag, k, tilbagekaldt=True)
    forloeb = find_forloeb(sag, k.eksternIdentifier)
    if not isinstance(forloeb, Bevilling):
        return sag
    return _med(sag, replace(forloeb, statusskift=uden(forloeb, k.eksternIdentifier)))


def _fakta(d: h.OphoerRegistreret | h.OphoerRettet) -> dict[str, Any]:
    """What a termination says; a correction says all of it anew."""
    return {
        "stopdato": d.stopdato,
        "aarsag": felt(d.aarsag),
        "modtagetStoetteSeneste12Mdr": d.modtagetStoetteSeneste12Mdr,
        "loenudgiftSeneste12Mdr": d.loenudgiftSeneste12Mdr,
        "sats": d.sats,
    }


def _ret(sag: Sag, k: Kuvert, **felter: Any) -> Sag:
    forloeb = find_forloeb(sag, k.eksternIdentifier)
    if forloeb is None or k.eksternIdentifier not in [o.id for o in forloeb.ophoer]:
        raise KanIkkeFoldes("the event names a termination that the case does not have")
    nye = tuple([replace(o, **felter) if o.id == k.eksternIdentifier else o for o in forloeb.ophoer])
    return _med(sag, replace(forloeb, ophoer=nye))


def _med(sag: Sag, ny: Forloeb) -> Sag:
    """The case with the grant, or the agreement, changed."""
    if isinstance(ny, Bevilling):
        return replace(sag, bevillinger=tuple([ny if b.id == ny.id else b for b in sag.bevillinger]))
    return replace(sag, aftale=ny)


FOLDNINGER: dict[type[h.Data], Callable[[Sag, Kuvert, Any], Sag]] = {
    h.OphoerRegistreret: _registreret,
    h.OphoerRettet: _rettet,
    h.OphoerTilbagekaldt: _tilbagekaldt,
}
