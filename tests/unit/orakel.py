"""An oracle of R-2.2, written apart from hub/domain/datoer.py and in another way: it marks days on a calendar, one by one.

It takes the events of one case in order, knows nothing of `Sag`, and answers for the newest grant and each of its acts. Days are whole
numbers; an act's period is the set of its days, and what is in force are the days that are left when a termination has taken its own.
"""

from datetime import date
from typing import NamedTuple

from hub.domain import haendelser as h

FOERSTE_DAG, SIDSTE_DAG = date(2024, 1, 1).toordinal(), date(2031, 12, 31).toordinal()
"""The calendar; an open-ended period fills it to its last day."""

BEVILLINGSSTATUS: dict[type[h.Data], int] = {
    h.BevillingUdstedt: 9301,
    h.BevillingSendt: 9302,
    h.BevillingAfvist: 9305,
    h.ForlaengelseAnsoegt: 9306,
    h.ForlaengelseBevilget: 9307,
    h.OphoerRegistreret: 9308,
}
"""Event → the bevillingsstatus that it makes; an approval's is 9304 when everybody has approved, else 9303."""

Fakta = tuple[str, h.Data]
"""One event: the act it is about, and what happened."""


class Svar(NamedTuple):
    """What the documents show of one act: status, first and last day in force (last None: open), and the termination that annulled it."""

    status: str
    foerste: date | None
    sidste: date | None
    annulleretAf: str | None


class Facit(NamedTuple):
    """The three dates of the newest grant, and the answer for it and for each of its extensions by id."""

    oprindelig: date | None
    foer: date | None
    aktuel: date | None
    akter: dict[str, Svar]


def facit(fakta: list[Fakta], godkendere: frozenset[str] = frozenset({"Virksomhed"})) -> Facit | None:
    """The right answer after these events, of a scheme whose grants these approve; None while nothing is granted."""
    bevillinger = [nr for nr, (_, data) in enumerate(fakta) if isinstance(data, h.BevillingUdstedt)]
    if not bevillinger:
        return None
    bevilling_id, _ = fakta[sidste := bevillinger[-1]]
    egne = _egne(fakta, sidste)
    historie = _renset(egne)
    oprindelig, foer, aktuel, stop = _gennemloeb(historie)
    afvist = any(isinstance(d, h.BevillingAfvist) for _, d in egne)
    grund = _dage(historie[0][1].startdato, historie[0][1].slutdato)  # type: ignore[attr-defined]
    begyndt = stop is None or historie[0][1].startdato <= stop[1]  # type: ignore[attr-defined]
    godkendt = godkendere <= {d.af for _, d in egne if isinstance(d, h.BevillingGodkendt)}
    akter = {bevilling_id: _bevilling(godkendt, grund, stop, afvist, begyndt)}
    for akt_id in dict.fromkeys(i for i, d in egne if isinstance(d, h.ForlaengelseAnsoegt | h.ForlaengelseBevilget)):
        akter[akt_id] = _forlaengelse(akt_id, egne, stop, afvist, begyndt)
    return Facit(oprindelig, foer, aktuel, akter)


def aftalens_facit(fakta: list[Fakta]) -> Facit:
    """The same of an agreement, whose first event is the first of the case: its period is the one agreed last."""
    aftale_id, _ = fakta[0]
    historie = _renset(fakta)
    oprindelig, foer, aktuel, stop = _gennemloeb(historie)
    perioder = [d for _, d in historie if isinstance(d, h.AftaleIndgaaet | h.AftaleRettet)]
    dage = _dage(perioder[-1].startdato, perioder[-1].slutdato)
    if stop and perioder[-1].startdato > stop[1]:
        return Facit(oprindelig, foer, aktuel, {aftale_id: Svar("IkkePaabegyndt", None, None, stop[0])})
    return Facit(oprindelig, foer, aktuel, {aftale_id: _svar("Ophoert" if stop else "Indgaaet", _tilbage(dage, stop))})


def statuskode(fakta: list[Fakta], godkendere: frozenset[str]) -> int | None:
    """The newest grant's bevillingsstatus after these events, as the door takes them; None while nothing is granted.

    The table of domain.md: the last event that has a status, where an extension that was refused and a termination that was withdrawn are
    as if they had never been.
    """
    bevillinger = [nr for nr, (_, data) in enumerate(fakta) if isinstance(data, h.BevillingUdstedt)]
    if not bevillinger:
        return None
    egne, kode, af = _egne(fakta, bevillinger[-1]), None, set[str]()
    vaek = {akt_id for akt_id, d in egne if isinstance(d, h.ForlaengelseAfslaaet | h.OphoerTilbagekaldt)}
    for akt_id, d in egne:
        if isinstance(d, h.BevillingGodkendt):
            af.add(d.af)
            kode = 9304 if godkendere <= af else 9303
        elif akt_id not in vaek:
            kode = BEVILLINGSSTATUS.get(type(d), kode)
    return kode


def _egne(fakta: list[Fakta], foerste: int) -> list[Fakta]:
    """The newest grant's own events: what came after it, but for what is about acts of grants before it."""
    aeldre = {akt_id for akt_id, _ in fakta[:foerste]}
    return [(akt_id, data) for nr, (akt_id, data) in enumerate(fakta[foerste:]) if nr == 0 or akt_id not in aeldre]


def _renset(egne: list[Fakta]) -> list[Fakta]:
    """History as if withdrawn terminations had never been, corrections had been right at once, and each extension was granted once."""
    trukket = {akt_id for akt_id, d in egne if isinstance(d, h.OphoerTilbagekaldt)}
    rettet = {akt_id: d.stopdato for akt_id, d in egne if isinstance(d, h.OphoerRegistreret | h.OphoerRettet)}
    sidst_bevilget = {akt_id: nr for nr, (akt_id, d) in enumerate(egne) if isinstance(d, h.ForlaengelseBevilget)}
    ud: list[Fakta] = []
    for nr, (akt_id, data) in enumerate(egne):
        if isinstance(data, h.OphoerRegistreret) and akt_id not in trukket:
            ud.append((akt_id, h.OphoerRegistreret(rettet[akt_id])))
        elif isinstance(data, h.BevillingUdstedt | h.AftaleIndgaaet | h.AftaleRettet) or sidst_bevilget.get(akt_id) == nr:
            ud.append((akt_id, data))
    return ud


def _gennemloeb(historie: list[Fakta]) -> tuple[date | None, date | None, date | None, tuple[str, date] | None]:
    """Original end, end before the last termination, end in force, and that termination: by living through the history once."""
    oprindelig = uden_stop = i_kraft = foer = None
    stop: tuple[str, date] | None = None
    for akt_id, data in historie:
        if isinstance(data, h.BevillingUdstedt | h.AftaleIndgaaet):
            oprindelig = uden_stop = i_kraft = data.slutdato
        elif isinstance(data, h.ForlaengelseBevilget | h.AftaleRettet):
            uden_stop = data.slutdato
            i_kraft = i_kraft if stop else uden_stop
        elif isinstance(data, h.OphoerRegistreret):
            foer, i_kraft, stop = i_kraft, data.stopdato, (akt_id, data.stopdato)
    return oprindelig, foer, i_kraft, stop


def _dage(start: date, slut: date | None) -> set[int]:
    return set(range(start.toordinal(), (SIDSTE_DAG if slut is None else slut.toordinal()) + 1))


def _tilbage(dage: set[int], stop: tuple[str, date] | None) -> set[int]:
    return {dag for dag in dage if stop is None or dag <= stop[1].toordinal()}


def _svar(status: str, dage: set[int]) -> Svar:
    if not dage:
        return Svar(status, None, None, None)
    assert dage == set(range(min(dage), max(dage) + 1)), "a period in force has no holes"
    return Svar(status, date.fromordinal(min(dage)), None if max(dage) == SIDSTE_DAG else date.fromordinal(max(dage)), None)


def _bevilling(godkendt: bool, dage: set[int], stop: tuple[str, date] | None, afvist: bool, begyndt: bool) -> Svar:
    if afvist:
        return _svar("Afvist", set())
    if stop and not begyndt:
        return Svar("IkkePaabegyndt", None, None, stop[0])
    return _svar("Godkendt" if godkendt else "Udstedt", _tilbage(dage, stop))


def _forlaengelse(akt_id: str, egne: list[Fakta], stop: tuple[str, date] | None, afvist: bool, begyndt: bool) -> Svar:
    bevilget = [d for i, d in egne if i == akt_id and isinstance(d, h.ForlaengelseBevilget)]
    if not bevilget:
        afslaaet = any(i == akt_id and isinstance(d, h.ForlaengelseAfslaaet) for i, d in egne)
        return _svar("Afslaaet" if afslaaet else "Ansoegt", set())
    if afvist:
        return _svar("Bevilget", set())
    sidste = bevilget[-1]
    if stop and (not begyndt or sidste.startdato > stop[1]):
        return Svar("Annulleret", None, None, stop[0])
    return _svar("Bevilget", _tilbage(_dage(sidste.startdato, sidste.slutdato), stop))
