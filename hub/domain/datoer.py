"""R-2.2, the heart: every derived date of a grant, an extension, a termination, an agreement, worked out in this one place."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from hub.domain.periode import Periode, skaaret
from hub.domain.sag import Aftale, Bevilling, Forlaengelse, Forloeb, Ophoer, Tillaegsbevilling


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


def staaende(forloeb: Forloeb) -> Ophoer | None:
    """The termination that stands: the last one registered and not withdrawn."""
    return next((o for o in reversed(forloeb.ophoer) if not o.tilbagekaldt), None)


def oprindelig_slutdato(forloeb: Forloeb) -> date | None:
    """The end as first given; nothing that comes later changes it."""
    return forloeb.perioder[0].periode.slutdato if isinstance(forloeb, Aftale) else forloeb.periode.slutdato


def slutdato_uden(forloeb: Forloeb, foer: int | None = None) -> date | None:
    """The end without terminations: the last one given, else the original; `foer` counts only what was given before that version."""
    givne = _aendringer(forloeb)
    return next((slut for version, slut in givne if foer is None or version < foer), oprindelig_slutdato(forloeb))


def _aendringer(forloeb: Forloeb) -> Iterator[tuple[int, date | None]]:
    """Version and end of every change of the end, the last one first: extensions of a grant, corrections of an agreement."""
    if isinstance(forloeb, Aftale):
        yield from ((p.version, p.periode.slutdato) for p in reversed(forloeb.perioder))
        return
    for forlaengelse in reversed(forloeb.forlaengelser):
        if forlaengelse.bevilget is not None:
            yield forlaengelse.bevilgetVersion or 0, forlaengelse.bevilget.slutdato


def datoer(forloeb: Forloeb) -> Datoer:
    """The three dates of a grant or an agreement, and of all its acts."""
    ophoer, oprindelig = staaende(forloeb), oprindelig_slutdato(forloeb)
    if ophoer is None:
        return Datoer(oprindelig, None, slutdato_uden(forloeb))
    return Datoer(oprindelig, slutdato_foer(forloeb, ophoer), ophoer.stopdato)


def slutdato_foer(forloeb: Forloeb, ophoer: Ophoer) -> date | None:
    """The end in force just before a termination: one that stood before it (imported facts), else the end without terminations then."""
    tidligere = [o for o in forloeb.ophoer if o.version < ophoer.version and not o.tilbagekaldt]
    return tidligere[-1].stopdato if tidligere else slutdato_uden(forloeb, foer=ophoer.version)


def virkning_bevilling(bevilling: Bevilling) -> Virkning:
    """What of the grant is in force (statuses Udstedt, Godkendt, Afvist, IkkePaabegyndt)."""
    if bevilling.afvist:
        return Virkning("Afvist", None, None)
    return _virkning(bevilling, "Godkendt" if bevilling.godkendt else "Udstedt")


def virkning_aftale(aftale: Aftale) -> Virkning:
    """What of the agreement's period is in force (statuses Indgaaet, Ophoert, IkkePaabegyndt).

    It has no bevillingsstatus that could say that a termination stands, and an open-ended one's dates do not say it alone.
    """
    return _virkning(aftale, "Indgaaet" if staaende(aftale) is None else "Ophoert")


def _virkning(forloeb: Forloeb, status: str) -> Virkning:
    """The period up to the termination that stands; none of it when that comes before the start."""
    ophoer, periode = staaende(forloeb), forloeb.periode
    if ophoer is not None and ophoer.stopdato < periode.startdato:
        return Virkning("IkkePaabegyndt", None, ophoer.id)
    return Virkning(status, skaaret(periode, ophoer.stopdato if ophoer else None), None)


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


def datoer_tillaeg(tillaeg: Tillaegsbevilling) -> Datoer:
    """A supplementary grant's three dates: its own end, which nothing cuts."""
    return Datoer(tillaeg.periode.slutdato, None, tillaeg.periode.slutdato)


def virkning_tillaeg(tillaeg: Tillaegsbevilling) -> Virkning:
    """What of a supplementary grant is in force: all of it, whatever becomes of the grant it adds to (statuses Udstedt, Underskrevet)."""
    return Virkning("Underskrevet" if tillaeg.underskrevet else "Udstedt", skaaret(tillaeg.periode, None), None)


def status_ophoer(ophoer: Ophoer) -> str:
    """Registreret, Rettet or Tilbagekaldt."""
    if ophoer.tilbagekaldt:
        return "Tilbagekaldt"
    return "Rettet" if ophoer.rettet else "Registreret"
