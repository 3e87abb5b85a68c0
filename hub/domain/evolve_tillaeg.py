"""The folds of supplementary grants: issued, any number on a case, and each signed (R-3.7)."""

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from hub.domain import haendelser as h
from hub.domain.foldning import KanIkkeFoldes, felt
from hub.domain.kuvert import Kuvert
from hub.domain.periode import Periode
from hub.domain.sag import Sag, Tillaegsbevilling
from hub.domain.tillaegstyper import TILLAEGETS_METODE


def udstedt(sag: Sag, k: Kuvert, d: h.TillaegsbevillingUdstedt) -> Sag:
    """The case with one supplementary grant more."""
    if d.type not in TILLAEGETS_METODE:
        raise KanIkkeFoldes("the supplementary grant is of a type that no GetMetode shows")
    ny = Tillaegsbevilling(
        id=k.eksternIdentifier,
        version=k.version,
        registreret=k.registreringstidspunkt,
        sket=k.haendelsestidspunkt,
        type=d.type,
        periode=Periode(d.startdato, d.slutdato),
        ugentligArbejdstid=d.ugentligArbejdstid,
        kontaktpersonPaaArbejdsstedet=felt(d.kontaktpersonPaaArbejdsstedet),
        tilSagsId=d.tilSagsId,
        mentor=d.mentor,
        mentorfunktion=felt(d.mentorfunktion),
        hjaelpemiddel=d.hjaelpemiddel,
        hjaelpemiddelbeskrivelse=felt(d.hjaelpemiddelbeskrivelse),
    )
    return replace(sag, tillaegsbevillinger=(*sag.tillaegsbevillinger, ny))


def _underskrevet(sag: Sag, k: Kuvert, d: h.TillaegsbevillingUnderskrevet) -> Sag:
    """Signed when it happened, with an attachment or without."""
    if all(t.id != k.eksternIdentifier for t in sag.tillaegsbevillinger):
        raise KanIkkeFoldes("the event names a supplementary grant that the case does not have")
    nye = tuple(
        replace(t, underskrevet=k.haendelsestidspunkt, medBilag=d.medBilag) if t.id == k.eksternIdentifier else t
        for t in sag.tillaegsbevillinger
    )
    return replace(sag, tillaegsbevillinger=nye)


FOLDNINGER: dict[type[h.Data], Callable[[Sag, Kuvert, Any], Sag]] = {
    h.TillaegsbevillingUdstedt: udstedt,
    h.TillaegsbevillingUnderskrevet: _underskrevet,
}
