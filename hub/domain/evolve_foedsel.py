"""The birth of a case: what its first event says of it, whichever event that is (`Sag` without acts; the event's own fold adds its act)."""

from hub.domain.foldning import KanIkkeFoldes, felt
from hub.domain.haendelser import AftaleIndgaaet, AnsoegningOprettet, BevillingUdstedt, TillaegsbevillingUdstedt
from hub.domain.kuvert import Kuvert
from hub.domain.sag import Sag

Foedsel = AnsoegningOprettet | BevillingUdstedt | AftaleIndgaaet | TillaegsbevillingUdstedt
"""The events that can come first; all name the case in the same fields."""
IDENTITET = ("ordning", "jobCenterKode", "vitasSagsnummer", "cvrNummer", "pNummer", "borgerId", "personnummer", "borgerNavn")


def foedt(k: Kuvert, d: Foedsel) -> Sag:
    """The newborn case. Raises `KanIkkeFoldes` when the event does not name it."""
    if None in [getattr(d, navn) for navn in IDENTITET]:
        raise KanIkkeFoldes(f"{type(d).__name__} does not name the case, so it cannot be its first event")
    return Sag(
        id=k.sagsId,
        version=k.version,
        registreret=k.registreringstidspunkt,
        ordning=str(d.ordning),
        vitasSagsnummer=str(d.vitasSagsnummer),
        jobCenterKode=str(d.jobCenterKode),
        cvrNummer=str(d.cvrNummer),
        pNummer=str(d.pNummer),
        borgerId=str(d.borgerId),
        personnummer=felt(d.personnummer or ""),
        borgerNavn=felt(d.borgerNavn or ""),
        vitasUrl=d.vitasUrl,
    )
