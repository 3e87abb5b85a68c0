"""R-2.2, the heart: every derived date of a grant, an extension and a termination, worked out in this one place."""

from datetime import date
from typing import NamedTuple

from hub.domain.periode import Periode, skaaret
from hub.domain.sag import Bevilling, Forlaengelse, Ophoer


class Datoer(NamedTuple):
    """The three dates that every document with a period shows; null: open-ended, or no termination stands."""

    oprindeligSlutdato: date | None
    slutdatoFoerOphoer: date | None
    aktuelSlutdato: date | None


class Virkning(NamedTuple):
    """What of an act is in force: its status, the part of its period in force, and the termination that annulled it."""

    status: str
    gaeldendePeriode: Periode | None
    annulleretAf: str | None


def staaende(bevilling: Bevilling) -> Ophoer | None:
    """The termination that stands: the last one registered and not withdrawn."""
    return next((o for o in reversed(bevilling.ophoer) if not o.tilbagekaldt), None)


def slutdato_uden(bevilling: Bevilling, foer: int | None = None) -> date | None:
    """The end without terminations: the last granted extension's, else the grant's own; `foer` counts only grants before that version."""
    for forlaengelse in reversed(bevilling.forlaengelser):
        if forlaengelse.bevilget is not None and (foer is None or (forlaengelse.bevilgetVersion or 0) < foer):
            return forlaengelse.bevilget.slutdato
    return bevilling.periode.slutdato


def datoer(bevilling: Bevilling) -> Datoer:
    """The three dates of a grant and of all its acts."""
    ophoer = staaende(bevilling)
    if ophoer is None:
        return Datoer(bevilling.periode.slutdato, None, slutdato_uden(bevilling))
    return Datoer(bevilling.periode.slutdato, slutdato_foer(bevilling, ophoer), ophoer.stopdato)


def slutdato_foer(bevilling: Bevilling, ophoer: Ophoer) -> date | None:
    """The end in force just before a termination: one that stood before it (imported facts), else the end without terminations then."""
    tidligere = [o for o in bevilling.ophoer if o.version < ophoer.version and not o.tilbagekaldt]
    return tidligere[-1].stopdato if tidligere else slutdato_uden(bevilling, foer=ophoer.version)


def virkning_bevilling(bevilling: Bevilling) -> Virkning:
    """What of the grant is in force (statuses Udstedt, Godkendt, Afvist, IkkePaabegyndt)."""
    if bevilling.afvist:
        return Virkning("Afvist", None, None)
    ophoer = staaende(bevilling)
    if ophoer is not None and ophoer.stopdato < bevilling.periode.startdato:
        return Virkning("IkkePaabegyndt", None, ophoer.id)
    periode = skaaret(bevilling.periode, ophoer.stopdato if ophoer else None)
    return Virkning("Godkendt" if bevilling.godkendtAf else "Udstedt", periode, None)


def virkning_forlaengelse(bevilling: Bevilling, forlaengelse: Forlaengelse) -> Virkning:
    """What of an extension is in force (statuses Ansoegt, Bevilget, Afslaaet, Annulleret)."""
    if forlaengelse.bevilget is None:
        return Virkning("Afslaaet" if forlaengelse.afslaaet else "Ansoegt", None, None)
    if bevilling.afvist:
        return Virkning("Bevilget", None, None)
    ophoer = staaende(bevilling)
    if ophoer is not None and ophoer.stopdato < max(forlaengelse.bevilget.startdato, bevilling.periode.startdato):
        return Virkning("Annulleret", None, ophoer.id)
    return Virkning("Bevilget", skaaret(forlaengelse.bevilget, ophoer.stopdato if ophoer else None), None)


def status_ophoer(ophoer: Ophoer) -> str:
    """Registreret, Rettet or Tilbagekaldt."""
    if ophoer.tilbagekaldt:
        return "Tilbagekaldt"
    return "Rettet" if ophoer.rettet else "Registreret"
