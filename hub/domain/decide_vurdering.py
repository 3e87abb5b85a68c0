"""The assessment of a fleksjob: its responsible person is a fact that release and reopening leave alone (R-4.1, R-4.2)."""

from collections.abc import Iterator

from hub.domain import haendelser as h
from hub.domain.decide_grund import Kald, Regel, akt, har_medarbejder, kun_for, medarbejder, ny_akt, status_tillader
from hub.domain.fejl import Fejl, fejl
from hub.domain.fejlkoder import Fejlkode
from hub.domain.ordninger import VURDERING
from hub.domain.sag import Vurdering


def _vurderingen(k: Kald) -> Vurdering | None:
    return next((v for v in k.sagen.vurderinger if v.id == k.id), None)


def uafgjort(k: Kald) -> Iterator[Fejl]:
    """A decided assessment is reopened before it is decided anew."""
    vurdering = _vurderingen(k)
    if vurdering is not None and vurdering.afgjort:
        yield fejl(Fejlkode.ALLEREDE_AFGJORT)


def afgjort(k: Kald) -> Iterator[Fejl]:
    """Only a decided assessment is reopened."""
    vurdering = _vurderingen(k)
    if vurdering is not None and not vurdering.afgjort:
        yield fejl(Fejlkode.IKKE_AFGJORT)


HAR_VURDERING = kun_for(VURDERING)
NY_ELLER_KENDT = (HAR_VURDERING, ny_akt("Vurdering"))
KENDT = (HAR_VURDERING, akt("Vurdering"))

REGLER: dict[str, Regel] = {
    "AfgoerVurdering": Regel(lambda k: h.VurderingAfgjort(k.data.arbejdsintensitetPct), (*NY_ELLER_KENDT, status_tillader, uafgjort)),
    "OvertagVurdering": Regel(lambda k: h.VurderingOvertaget(*medarbejder(k)), (*NY_ELLER_KENDT, har_medarbejder)),
    "FrigivVurdering": Regel(lambda k: h.VurderingFrigivet(), KENDT),
    "GenaabnVurdering": Regel(lambda k: h.VurderingGenaabnet(), (*KENDT, afgjort)),
}
"""Action → what it becomes and its guards."""
