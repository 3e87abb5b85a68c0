"""The application: made, corrected, signed, and its draft sent and returned (R-2.1, R-3.2, R-3.6, R-4.3, R-4.4)."""

from collections.abc import Iterator

from hub.domain import haendelser as h
from hub.domain.ansoegningens_krav import fylde, mangler_foer_underskrift
from hub.domain.decide_grund import Kald, Regel, akt, celle, medarbejder, sats, satsfejl, status_tillader
from hub.domain.decide_jobrotation import givne, kurser_kendes
from hub.domain.fejl import Fejl, fejl
from hub.domain.fejlkoder import Fejlkode
from hub.domain.ordninger import KONFLIKT
from hub.domain.satser import ORDNINGENS_SATSER


def konfliktramt(k: Kald) -> tuple[bool, str | None]:
    """The snapshot of R-2.1 and where it came from: the registry (Styrelsen), or the company's own 'Ja' (Virksomheden)."""
    if k.ordning not in KONFLIKT:
        return False, None
    if k.opslag.konflikt is not None:
        return True, "Styrelsen"
    return (True, "Virksomheden") if k.data.konfliktramt else (False, None)


def ja_eller_nej(k: Kald) -> Iterator[Fejl]:
    """A 'Nej' is refused while the company is registered (R-2.1)."""
    if k.ordning in KONFLIKT and k.opslag.konflikt is not None and k.data.konfliktramt is False:
        yield fejl(Fejlkode.KONFLIKT_NEJ, "data.konfliktramt")


def satsen(k: Kald) -> Iterator[Fejl]:
    """The rate named must be in force on the act's own start (R-3.6)."""
    if k.ordning in ORDNINGENS_SATSER:
        yield from satsfejl(k, k.data.timeTilskudsats, k.data.periode.startdato)


def repraesentant_naevnt(k: Kald) -> Iterator[Fejl]:
    """A representative signs only an application that names one."""
    ansoegning = k.sagen.ansoegning
    if k.data.underskriver == "Medarbejderrepraesentant" and ansoegning is not None and not ansoegning.harMedarbejderrepraesentant:
        yield fejl(Fejlkode.REPRAESENTANT_IKKE_NAEVNT, "data.underskriver")


def ikke_to_gange(k: Kald) -> Iterator[Fejl]:
    """Nobody signs twice."""
    ansoegning = k.sagen.ansoegning
    if ansoegning is not None and k.data.underskriver in ansoegning.underskrevetAf:
        yield fejl(Fejlkode.ALLEREDE_UNDERSKREVET, "data.underskriver", underskriver=k.data.underskriver)


def udfyldt(k: Kald) -> Iterator[Fejl]:
    """What is signed must be filled in (R-2.1, R-3.2)."""
    if k.sagen.ansoegning is not None:
        yield from mangler_foer_underskrift(k.ordning, fylde(k.sagen.ansoegning))


def udfyldt_hvis_underskrevet(k: Kald) -> Iterator[Fejl]:
    """A draft that comes back unsigned may still lack something."""
    if k.data.underskrevet:
        yield from udfyldt(k)


def _opret(k: Kald) -> h.AnsoegningOprettet:
    d, handling, (ramt, oprindelse) = k.data, k.handling, konfliktramt(k)
    return h.AnsoegningOprettet(
        ordning=k.ordning,
        jobCenterKode=handling.jobCenterKode or "",
        vitasSagsnummer=handling.vitasSagsnummer or "",
        vitasUrl=handling.vitasUrl,
        cvrNummer=d.virksomhed.cvrNummer,
        pNummer=d.virksomhed.pNummer,
        borgerId="",  # given by the ledger, which alone knows who has which id
        personnummer=d.borger.personnummer,
        borgerNavn=d.borger.navn,
        startdato=d.periode.startdato,
        slutdato=d.periode.slutdato,
        ugentligArbejdstid=d.ugentligArbejdstid,
        ansvarligKontaktperson=d.ansvarligKontaktperson.model_dump(),
        kontaktpersonPaaArbejdsstedet=d.kontaktpersonPaaArbejdsstedet.model_dump(),
        medarbejderrepraesentant=d.medarbejderrepraesentant and d.medarbejderrepraesentant.model_dump(),
        harMedarbejderrepraesentant=d.medarbejderrepraesentant is not None,
        ansatteRimelighedskrav=d.antalAnsatteSenesteMaaned.rimelighedskrav,
        ansatteMerbeskaeftigelseskrav=d.antalAnsatteSenesteMaaned.merbeskaeftigelseskrav,
        konfliktramt=ramt,
        konfliktOprindelse=oprindelse,
        konfliktKilde=k.opslag.konflikt.kilde if ramt and k.opslag.konflikt is not None else None,
        konfliktKommentar=d.konfliktKommentar,
        konfliktKommentarUdfyldt=d.konfliktKommentar is not None,
        sats=sats(k, d.timeTilskudsats, d.periode.startdato),
        oeremaerket=d.oeremaerket,
        **givne(d),
    )


def _send_kladde(k: Kald) -> h.KladdeSendt:
    """Sent by nobody who could be its caseworker, the case keeps the one it has (R-4.4)."""
    navn, email = medarbejder(k)
    har = k.sagen.ansvarlig
    return h.KladdeSendt(k.data.team, har.navn, har.email) if navn is None and har is not None else h.KladdeSendt(k.data.team, navn, email)


REGLER: dict[str, Regel] = {
    "OpretAnsoegning": Regel(_opret, (celle("GetAnsoegning"), ja_eller_nej, satsen, kurser_kendes)),
    "UnderskrivAnsoegning": Regel(
        lambda k: h.AnsoegningUnderskrevet(k.data.underskriver),
        (akt("Ansoegning"), status_tillader, repraesentant_naevnt, ikke_to_gange, udfyldt),
    ),
    "SendKladde": Regel(_send_kladde, (akt("Ansoegning"), status_tillader)),
    "ReturnerKladde": Regel(
        lambda k: h.KladdeReturneret(k.data.underskrevet), (akt("Ansoegning"), status_tillader, udfyldt_hvis_underskrevet)
    ),
}
"""Action → what it becomes and its guards."""
