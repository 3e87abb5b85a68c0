"""evolve(sag, event) → sag: the one pure fold that write side, projections, rebuild and verify share (architecture 4)."""

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from hub.domain import haendelser as h
from hub.domain.evolve_aftale import FOLDNINGER as AFTALE
from hub.domain.evolve_aftale import indgaaet
from hub.domain.evolve_bevilling import FOLDNINGER as BEVILLING
from hub.domain.evolve_dokument import FOLDNINGER as DOKUMENT
from hub.domain.evolve_foedsel import Foedsel, foedt
from hub.domain.evolve_ophoer import FOLDNINGER as OPHOER
from hub.domain.evolve_tillaeg import FOLDNINGER as TILLAEG
from hub.domain.evolve_tillaeg import udstedt as tillaeg_udstedt
from hub.domain.foldning import KanIkkeFoldes, felt
from hub.domain.kuvert import Kuvert
from hub.domain.sag import AndenAktoer, Ansoegning, Ejerskab, Medarbejder, Sag, Vurdering
from hub.domain.vilkaar import Ansat, Vikar

Foldning = Callable[[Sag, Kuvert, Any], Sag]

RETTELIGE = frozenset(h.AnsoegningRettet.__struct_fields__) - {"rettede"}
ALTID = frozenset({"startdato", "ugentligArbejdstid", "ansvarligKontaktperson", "kontaktpersonPaaArbejdsstedet"})
FORTROLIGE = frozenset({"ansvarligKontaktperson", "kontaktpersonPaaArbejdsstedet", "medarbejderrepraesentant", "konfliktKommentar"})


def evolve(sag: Sag | None, haendelse: h.Haendelse) -> Sag:
    """The case after the event. Raises `KanIkkeFoldes` when the event names what the case does not have."""
    kuvert, data = haendelse.kuvert, haendelse.data
    if sag is None:
        if not isinstance(data, Foedsel):
            raise KanIkkeFoldes(f"{haendelse.type} cannot be the first event of a case")
        return FOEDSLER[type(data)](foedt(kuvert, data), kuvert, data)
    foldning = FOLDNINGER.get(type(data))
    if foldning is None:
        raise KanIkkeFoldes(f"{haendelse.type} cannot follow on an existing case")
    ny = foldning(sag, kuvert, data)
    return replace(ny, version=kuvert.version, registreret=kuvert.registreringstidspunkt)


def _oprettet(sag: Sag, k: Kuvert, d: h.AnsoegningOprettet) -> Sag:
    ansoegning = Ansoegning(
        id=k.eksternIdentifier,
        version=k.version,
        registreret=k.registreringstidspunkt,
        sket=k.haendelsestidspunkt,
        startdato=d.startdato,
        slutdato=d.slutdato,
        ugentligArbejdstid=d.ugentligArbejdstid,
        ansvarligKontaktperson=felt(d.ansvarligKontaktperson),
        kontaktpersonPaaArbejdsstedet=felt(d.kontaktpersonPaaArbejdsstedet),
        medarbejderrepraesentant=felt(d.medarbejderrepraesentant),
        harMedarbejderrepraesentant=d.harMedarbejderrepraesentant,
        ansatteRimelighedskrav=d.ansatteRimelighedskrav,
        ansatteMerbeskaeftigelseskrav=d.ansatteMerbeskaeftigelseskrav,
        konfliktramt=d.konfliktramt,
        konfliktOprindelse=d.konfliktOprindelse,
        konfliktKommentar=felt(d.konfliktKommentar),
        konfliktKommentarUdfyldt=d.konfliktKommentarUdfyldt,
        sats=d.sats,
        konfliktKilde=d.konfliktKilde,
        oeremaerket=d.oeremaerket,
        ansatte=d.ansatte,
        kurser=d.kurser,
        vikarer=d.vikarer,
    )
    _kraev_lukket(ansoegning)
    return replace(sag, ansoegningStatus=9201, ansoegning=ansoegning)


def _kraev_lukket(ansoegning: Ansoegning) -> None:
    """Clear text of other people never enters a `Sag` either."""
    personer: tuple[Ansat | Vikar, ...] = (*ansoegning.ansatte, *ansoegning.vikarer)
    for person in personer:
        felt(person.personnummer)
        felt(person.navn)


def _ret(sag: Sag, ansoegning: Ansoegning | None, **felter: Any) -> Sag:
    """The case with its application changed."""
    if ansoegning is None:
        raise KanIkkeFoldes("the case has no application")
    return replace(sag, ansoegning=replace(ansoegning, **felter))


def _rettet(sag: Sag, k: Kuvert, d: h.AnsoegningRettet) -> Sag:
    ukendte = set(d.rettede) - RETTELIGE
    if ukendte:
        raise KanIkkeFoldes(f"AnsoegningRettet names unknown fields {sorted(ukendte)}")
    felter = {navn: getattr(d, navn) for navn in d.rettede}
    if any(felter[navn] is None for navn in ALTID & felter.keys()):
        raise KanIkkeFoldes("AnsoegningRettet empties a field that an application always has")
    ny = _ret(sag, sag.ansoegning, **{navn: felt(v) if navn in FORTROLIGE else v for navn, v in felter.items()})
    if ny.ansoegning is not None:
        _kraev_lukket(ny.ansoegning)
    return ny


def _underskrevet(sag: Sag, k: Kuvert, d: h.AnsoegningUnderskrevet) -> Sag:
    if sag.ansoegning is None:
        raise KanIkkeFoldes("the case has no application")
    har = {*sag.ansoegning.underskrevetAf, d.underskriver}
    mangler = _skal_underskrive(sag.ansoegning) - har
    status = 9204 if not mangler else 9203 if "Arbejdsgiver" in har else sag.ansoegningStatus
    sag = _ret(sag, sag.ansoegning, underskrevetAf=tuple(sorted(har)), komplet=sag.ansoegning.komplet or not mangler)
    return replace(sag, ansoegningStatus=status)


def _returneret(sag: Sag, k: Kuvert, d: h.KladdeReturneret) -> Sag:
    if not d.underskrevet:
        return replace(sag, ansoegningStatus=9201)
    if sag.ansoegning is None:
        raise KanIkkeFoldes("the case has no application")
    har = {*sag.ansoegning.underskrevetAf, *_skal_underskrive(sag.ansoegning)}
    return replace(_ret(sag, sag.ansoegning, underskrevetAf=tuple(sorted(har)), komplet=True), ansoegningStatus=9204)


def _skal_underskrive(ansoegning: Ansoegning) -> frozenset[str]:
    return frozenset({"Arbejdsgiver", "Medarbejderrepraesentant"} if ansoegning.harMedarbejderrepraesentant else {"Arbejdsgiver"})


def _afgjort(status: int) -> Foldning:
    def foldning(sag: Sag, k: Kuvert, d: h.AnsoegningAfvist | h.AnsoegningGodkendt) -> Sag:
        sag = _ret(sag, sag.ansoegning, afgjort=k.haendelsestidspunkt, tekst=felt(d.tekst), tekstversion=d.tekstversion)
        return replace(sag, ansoegningStatus=status)

    return foldning


def _tildelt(sag: Sag, k: Kuvert, d: h.SagTildelt) -> Sag:
    return replace(sag, team=d.team, ansvarlig=_medarbejder(d.medarbejderNavn, d.medarbejderEmail))


def _kladde_sendt(sag: Sag, k: Kuvert, d: h.KladdeSendt) -> Sag:
    return replace(_tildelt(sag, k, h.SagTildelt(d.team, d.medarbejderNavn, d.medarbejderEmail)), ansoegningStatus=9202)


def _overtaget(sag: Sag, k: Kuvert, d: h.SagOvertaget) -> Sag:
    return replace(sag, ansvarlig=_medarbejder(d.medarbejderNavn, d.medarbejderEmail))


def _medarbejder(navn: str | None, email: str | None) -> Medarbejder | None:
    return None if navn is None and email is None else Medarbejder(navn, email)


def _til_anden_aktoer(sag: Sag, k: Kuvert, d: h.SendtTilAndenAktoer) -> Sag:
    return replace(sag, andenAktoer=AndenAktoer(d.andenAktoerCvrNummer, d.andenAktoerPNummer), ansoegningStatus=9205)


def _flyttet(sag: Sag, k: Kuvert, d: h.SagFlyttet) -> Sag:
    ejere = (*sag.tidligereEjere, Ejerskab(d.afgivendeJobCenterKode, k.version))
    return replace(sag, jobCenterKode=d.modtagendeJobCenterKode, tidligereEjere=ejere, team=None, ansvarlig=None)


def _cpr_skiftet(sag: Sag, k: Kuvert, d: h.CprSkiftet) -> Sag:
    """The citizen's number now. Other people of the case (jobrotation) keep the number that they were listed with."""
    if d.borgerId != sag.borgerId:
        raise KanIkkeFoldes("the event names another citizen than the case's")
    return replace(sag, personnummer=felt(d.personnummer))


def _vurdering(sag: Sag, k: Kuvert, **felter: Any) -> Sag:
    """The case with the assessment `k.eksternIdentifier` changed, or registered when it is new."""
    kendt = {v.id: v for v in sag.vurderinger}
    gammel = kendt.get(k.eksternIdentifier) or Vurdering(k.eksternIdentifier, k.version, k.registreringstidspunkt, k.haendelsestidspunkt)
    return replace(sag, vurderinger=tuple({**kendt, gammel.id: replace(gammel, **felter)}.values()))


FOLDNINGER: dict[type[h.Data], Foldning] = {
    h.AnsoegningRettet: _rettet,
    h.AnsoegningUnderskrevet: _underskrevet,
    h.SagTildelt: _tildelt,
    h.SagOvertaget: _overtaget,
    h.SagFrigivet: lambda sag, k, d: replace(sag, ansvarlig=None),
    h.SendtTilAndenAktoer: _til_anden_aktoer,
    h.AfvistTilAndenAktoer: lambda sag, k, d: replace(_ret(sag, sag.ansoegning, tekst=felt(d.tekst)), ansoegningStatus=9206),
    h.OvertagetFraAndenAktoer: lambda sag, k, d: replace(sag, andenAktoer=None, ansoegningStatus=9207),
    h.AnsoegningGodkendt: _afgjort(9208),
    h.AnsoegningAfvist: _afgjort(9209),
    h.AnsoegningForhaandsgodkendt: lambda sag, k, d: replace(_ret(sag, sag.ansoegning, tekst=felt(d.tekst)), ansoegningStatus=9212),
    h.AnsoegningTrukketTilbage: lambda sag, k, d: replace(_ret(sag, sag.ansoegning, tekst=felt(d.tekst)), ansoegningStatus=9211),
    h.SagFlyttet: _flyttet,
    h.FlytningKvitteret: lambda sag, k, d: sag,
    h.KladdeSendt: _kladde_sendt,
    h.KladdeReturneret: _returneret,
    h.VurderingAfgjort: lambda sag, k, d: _vurdering(sag, k, arbejdsintensitetPct=d.arbejdsintensitetPct, afgjort=True),
    h.VurderingOvertaget: lambda sag, k, d: _vurdering(sag, k, ansvarlig=_medarbejder(d.medarbejderNavn, d.medarbejderEmail)),
    h.VurderingFrigivet: lambda sag, k, d: _vurdering(sag, k, ansvarlig=None),
    h.VurderingGenaabnet: lambda sag, k, d: _vurdering(sag, k, afgjort=False),
    h.CprSkiftet: _cpr_skiftet,
    **BEVILLING,
    **OPHOER,
    **AFTALE,
    **DOKUMENT,
    **TILLAEG,
}
"""Event type → its fold; a new event is a row here."""
FOEDSLER: dict[type[h.Data], Foldning] = {
    h.AnsoegningOprettet: _oprettet,
    h.BevillingUdstedt: BEVILLING[h.BevillingUdstedt],
    h.AftaleIndgaaet: indgaaet,
    h.TillaegsbevillingUdstedt: tillaeg_udstedt,
}
"""Event type that can come first → the fold of its act on the newborn case."""
