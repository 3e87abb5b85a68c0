"""The folds of grants and extensions; an extension belongs to the newest grant at its registration (R-2.2)."""

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from hub.domain import haendelser as h
from hub.domain.foldning import KanIkkeFoldes, felt
from hub.domain.kuvert import Kuvert
from hub.domain.ordninger import ASSISTANCE
from hub.domain.periode import Periode
from hub.domain.sag import Bevilling, Forlaengelse, Sag, Statusskift, find_bevilling
from hub.domain.statusskift import skift, uden

BEGGE, VIRKSOMHEDEN = frozenset({"Virksomhed", "Borger"}), frozenset({"Virksomhed"})


def godkendere(ordning: str) -> frozenset[str]:
    """Who approves a grant of the scheme: the company, and in some the citizen after it."""
    return BEGGE if ordning in ASSISTANCE else VIRKSOMHEDEN


def _aegte(sag: Sag, akt_id: str) -> Bevilling:
    bevilling = find_bevilling(sag, akt_id)
    if bevilling is None:
        raise KanIkkeFoldes("the event names a grant or extension that the case does not have")
    return bevilling


def _nyeste(sag: Sag) -> Bevilling:
    if sag.bevilling is None:
        raise KanIkkeFoldes("the case has no grant")
    return sag.bevilling


def _med(sag: Sag, ny: Bevilling) -> Sag:
    return replace(sag, bevillinger=tuple([ny if b.id == ny.id else b for b in sag.bevillinger]))


def _udstedt(sag: Sag, k: Kuvert, d: h.BevillingUdstedt) -> Sag:
    ny = Bevilling(
        id=k.eksternIdentifier,
        version=k.version,
        registreret=k.registreringstidspunkt,
        sket=k.haendelsestidspunkt,
        periode=Periode(d.startdato, d.slutdato),
        ugentligArbejdstid=d.ugentligArbejdstid,
        kontaktpersonPaaArbejdsstedet=felt(d.kontaktpersonPaaArbejdsstedet),
        sats=d.sats,
        statusskift=(Statusskift("udstedt", 9301),),
        mentor=d.mentor,
        mentorfunktion=felt(d.mentorfunktion),
        assistance=d.assistance,
        funktionsnedsaettelse=felt(d.funktionsnedsaettelse),
        beskedTilVirksomhed=felt(d.beskedTilVirksomhed),
        hjaelpemiddel=d.hjaelpemiddel,
        hjaelpemiddelbeskrivelse=felt(d.hjaelpemiddelbeskrivelse),
    )
    return replace(sag, bevillinger=(*sag.bevillinger, ny))


def _sendt(sag: Sag, k: Kuvert, d: h.BevillingSendt) -> Sag:
    bevilling = _aegte(sag, k.eksternIdentifier)
    return _med(sag, replace(bevilling, statusskift=skift(bevilling, "sendt", 9302)))


def _godkendt(sag: Sag, k: Kuvert, d: h.BevillingGodkendt) -> Sag:
    bevilling = _aegte(sag, k.eksternIdentifier)
    har = (*bevilling.godkendtAf, d.af)
    mangler = godkendere(sag.ordning).difference(har)
    bevilling = replace(bevilling, godkendtAf=har)
    if "Virksomhed" in mangler:  # the citizen's before the company's, as an import could have it: no status of its own
        return _med(sag, bevilling)
    return _med(sag, replace(bevilling, statusskift=skift(bevilling, f"godkendt af {d.af}", 9303 if mangler else 9304)))


def _afvist(sag: Sag, k: Kuvert, d: h.BevillingAfvist) -> Sag:
    bevilling = _aegte(sag, k.eksternIdentifier)
    return _med(sag, replace(bevilling, afvist=True, statusskift=skift(bevilling, "afvist", 9305)))


def _ansoegt(sag: Sag, k: Kuvert, d: h.ForlaengelseAnsoegt) -> Sag:
    bevilling = _nyeste(sag)
    ny = Forlaengelse(
        k.eksternIdentifier,
        k.version,
        k.registreringstidspunkt,
        k.haendelsestidspunkt,
        ansoegtSlutdato=d.slutdato,
        ansaettelsesbrevGaelderFortsat=d.ansaettelsesbrevGaelderFortsat,
        sats=d.sats,
    )
    return _med(sag, replace(bevilling, forlaengelser=(*bevilling.forlaengelser, ny), statusskift=skift(bevilling, ny.id, 9306)))


def _bevilget(sag: Sag, k: Kuvert, d: h.ForlaengelseBevilget) -> Sag:
    bevilling = find_bevilling(sag, k.eksternIdentifier) or _nyeste(sag)
    kendt = {f.id: f for f in bevilling.forlaengelser}
    gammel = kendt.pop(k.eksternIdentifier, None) or Forlaengelse(
        k.eksternIdentifier, k.version, k.registreringstidspunkt, k.haendelsestidspunkt
    )
    ny = replace(
        gammel,
        bevilget=Periode(d.startdato, d.slutdato),
        bevilgetVersion=k.version,
        sats=d.sats or gammel.sats,
        ansaettelsesbrevGaelderFortsat=_ellers(d.ansaettelsesbrevGaelderFortsat, gammel.ansaettelsesbrevGaelderFortsat),
    )
    return _med(sag, replace(bevilling, forlaengelser=(*kendt.values(), ny), statusskift=skift(bevilling, ny.id, 9307)))


def _afslaaet(sag: Sag, k: Kuvert, d: h.ForlaengelseAfslaaet) -> Sag:
    bevilling = _aegte(sag, k.eksternIdentifier)
    nye = _forlaengelsen(bevilling, k.eksternIdentifier, afslaaet=True, tekst=felt(d.tekst))
    return _med(sag, replace(bevilling, forlaengelser=nye, statusskift=uden(bevilling, k.eksternIdentifier)))


def _sats_rettet(sag: Sag, k: Kuvert, d: h.TilskudssatsRettet) -> Sag:
    """The named act's alone: its terminations and other extensions keep the rate that they were decided with (R-3.6)."""
    bevilling = _aegte(sag, k.eksternIdentifier)
    if bevilling.id == k.eksternIdentifier:
        return _med(sag, replace(bevilling, sats=d.sats))
    return _med(sag, replace(bevilling, forlaengelser=_forlaengelsen(bevilling, k.eksternIdentifier, sats=d.sats)))


def _forlaengelsen(bevilling: Bevilling, akt_id: str, **felter: Any) -> tuple[Forlaengelse, ...]:
    """The grant's extensions with one of them changed."""
    if all(f.id != akt_id for f in bevilling.forlaengelser):
        raise KanIkkeFoldes("the event names an extension that the case does not have")
    return tuple(replace(f, **felter) if f.id == akt_id else f for f in bevilling.forlaengelser)


def _ellers(vaerdi: bool | None, ellers: bool | None) -> bool | None:
    return ellers if vaerdi is None else vaerdi


FOLDNINGER: dict[type[h.Data], Callable[[Sag, Kuvert, Any], Sag]] = {
    h.BevillingUdstedt: _udstedt,
    h.BevillingSendt: _sendt,
    h.BevillingGenfremsendt: lambda sag, k, d: sag,
    h.BevillingGodkendt: _godkendt,
    h.BevillingAfvist: _afvist,
    h.ForlaengelseAnsoegt: _ansoegt,
    h.ForlaengelseBevilget: _bevilget,
    h.ForlaengelseAfslaaet: _afslaaet,
    h.TilskudssatsRettet: _sats_rettet,
}
