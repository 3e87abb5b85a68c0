"""The termination: registered, corrected, withdrawn; one at a time, never later than the end it cuts (R-2.2)."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from hub.domain import haendelser as h
from hub.domain.datoer import datoer, slutdato_foer
from hub.domain.decide_grund import (
    Kald,
    Regel,
    akt,
    bevillingen,
    bevillingens_sats,
    celle,
    datotekst,
    forloebet,
    har_forloeb,
    intet_ophoer,
    ny_akt,
    sats,
)
from hub.domain.fejl import Fejl, fejl
from hub.domain.fejlkoder import Fejlkode
from hub.domain.haendelser import Sats
from hub.domain.ordninger import OPHOER_I_ANDEN_METODE
from hub.domain.sag import Ophoer

BELOEB = ("modtagetStoetteSeneste12Mdr", "loenudgiftSeneste12Mdr")


def _ophoeret(k: Kald) -> Ophoer | None:
    forloeb = forloebet(k)
    return next((o for o in forloeb.ophoer if o.id == k.id), None) if forloeb is not None else None


def _graense(k: Kald) -> date | None:
    """The latest stop date: the end in force, or for a correction the one just before its termination; None: no limit."""
    forloeb, ophoer = forloebet(k), _ophoeret(k)
    if forloeb is None:
        return None
    return datoer(forloeb).aktuelSlutdato if ophoer is None else slutdato_foer(forloeb, ophoer)


def ikke_for_sent(k: Kald) -> Iterator[Fejl]:
    """A stop date is never later than `slutdatoFoerOphoer`; equal to it is an ordinary end."""
    forloeb, graense = forloebet(k), _graense(k)
    if forloeb is not None and graense is not None and k.data.stopdato > graense:
        yield fejl(Fejlkode.STOP_FOR_SENT, "data.stopdato", hoejst=graense, datoer=datotekst(forloeb))


def ikke_tilbagekaldt(k: Kald) -> Iterator[Fejl]:
    """What is withdrawn is neither corrected nor withdrawn again."""
    forloeb, ophoer = forloebet(k), _ophoeret(k)
    if forloeb is not None and ophoer is not None and ophoer.tilbagekaldt:
        yield fejl(Fejlkode.OPHOER_TILBAGEKALDT, datoer=datotekst(forloeb))


def _satsdag(k: Kald) -> date:
    """The day whose rate counts: the last one, or the first when it never begins (R-3.6)."""
    forloeb = forloebet(k)
    stop: date = k.data.stopdato
    return stop if forloeb is None else max(stop, forloeb.periode.startdato)


def _sats(k: Kald) -> Sats | None:
    """The row in force on that day, else the grant's own: a termination has no start, and a rate that ran out keeps none back (R-3.6)."""
    bevilling = bevillingen(k)
    return sats(k, bevillingens_sats(k), _satsdag(k)) or (bevilling.sats if bevilling is not None else None)


def _felter(k: Kald) -> dict[str, Any]:
    return {
        "stopdato": k.data.stopdato,
        "aarsag": k.data.aarsag,
        **{navn: getattr(k.data, navn) for navn in BELOEB},
        "sats": _sats(k),
    }


CELLE = celle("GetOphoer", ellers=OPHOER_I_ANDEN_METODE)
KENDT = (CELLE, akt("Ophoer"), har_forloeb, ikke_tilbagekaldt)

REGLER: dict[str, Regel] = {
    "RegistrerOphoer": Regel(
        lambda k: h.OphoerRegistreret(**_felter(k)),
        (CELLE, ny_akt(), har_forloeb, intet_ophoer(Fejlkode.ET_OPHOER), ikke_for_sent),
    ),
    "RetOphoer": Regel(lambda k: h.OphoerRettet(**_felter(k)), (*KENDT, ikke_for_sent)),
    "TilbagekaldOphoer": Regel(lambda k: h.OphoerTilbagekaldt(), KENDT),
}
"""Action → what it becomes and its guards."""
