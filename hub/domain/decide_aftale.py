"""The agreement (IGU): made, which opens its case, and corrected; it ends by a termination (R-2.2)."""

from hub.domain import haendelser as h
from hub.domain.decide_grund import Kald, Regel, akt, celle, identitet, intet_ophoer
from hub.domain.fejlkoder import Fejlkode


def _indgaa(k: Kald) -> h.AftaleIndgaaet:
    periode, kontakt = k.data.periode, k.data.kontaktpersonPaaArbejdsstedet
    return h.AftaleIndgaaet(
        startdato=periode.startdato,
        slutdato=periode.slutdato,
        kontaktpersonPaaArbejdsstedet=kontakt and kontakt.model_dump(),
        **identitet(k),
    )


def _ret(k: Kald) -> h.AftaleRettet:
    periode, kontakt = k.data.periode, k.data.kontaktpersonPaaArbejdsstedet
    return h.AftaleRettet(periode.startdato, periode.slutdato, kontakt and kontakt.model_dump())


CELLE = celle("GetAftale")

REGLER: dict[str, Regel] = {
    "IndgaaAftale": Regel(_indgaa, (CELLE,)),
    "RetAftale": Regel(_ret, (CELLE, akt("Aftale"), intet_ophoer(Fejlkode.AFTALE_OPHOERT))),
}
"""Action → what it becomes and its guards."""
