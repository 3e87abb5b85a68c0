"""The extension: asked for, granted, refused. Its start is decided, and refused, only when it is granted (R-2.2)."""

from collections.abc import Iterator
from datetime import date

from hub.domain import haendelser as h
from hub.domain.datoer import datoer
from hub.domain.decide_grund import (
    Kald,
    Regel,
    akt,
    bevillingen,
    bevillingens_sats,
    celle,
    datotekst,
    har_bevilling,
    intet_ophoer,
    ny_akt,
    sats,
    satsfejl,
)
from hub.domain.fejl import Fejl, fejl, modsigelse
from hub.domain.fejlkoder import Fejlkode
from hub.domain.periode import EN_DAG
from hub.domain.sag import Bevilling, Forlaengelse


def verserende(bevilling: Bevilling) -> Forlaengelse | None:
    """The extension that is applied for and not decided."""
    return next((f for f in bevilling.forlaengelser if f.bevilget is None and not f.afslaaet), None)


def start(k: Kald) -> date | None:
    """The day an extension starts: the day after the end in force; None: there is no grant, or it is open-ended."""
    bevilling = bevillingen(k)
    slut = datoer(bevilling).aktuelSlutdato if bevilling is not None else None
    return slut + EN_DAG if slut is not None else None


def har_slutdato(k: Kald) -> Iterator[Fejl]:
    """An open-ended grant is not extended."""
    bevilling = bevillingen(k)
    if bevilling is not None and datoer(bevilling).aktuelSlutdato is None:
        yield fejl(Fejlkode.AABEN_BEVILLING, datoer=datotekst(bevilling))


def ingen_verserende(k: Kald) -> Iterator[Fejl]:
    """One application pends at a time."""
    bevilling = bevillingen(k)
    if bevilling is not None and verserende(bevilling) is not None:
        yield fejl(Fejlkode.ANSOEGNING_VERSERER)


def ikke_afgjort(k: Kald) -> Iterator[Fejl]:
    """An extension is decided once."""
    bevilling = bevillingen(k)
    if bevilling is None:
        return
    kendt = next((f for f in bevilling.forlaengelser if f.id == k.id), None)
    if kendt is not None and (kendt.bevilget is not None or kendt.afslaaet):
        afgjort = "bevilget" if kendt.bevilget is not None else "afslået"
        yield fejl(Fejlkode.FORLAENGELSE_AFGJORT, afgjort=afgjort, datoer=datotekst(bevilling))


def rigtig_start(k: Kald) -> Iterator[Fejl]:
    """An extension starts the day after the end in force and ends on or after its start."""
    bevilling, dag = bevillingen(k), start(k)
    if bevilling is None or dag is None:
        return
    if k.data.startdato not in (None, dag):
        yield fejl(Fejlkode.FORKERT_START, "data.startdato", start=dag, datoer=datotekst(bevilling))
    if k.data.slutdato < (k.data.startdato or dag):
        yield modsigelse(Fejlkode.SLUT_FOER_START, "data.slutdato", datoer=datotekst(bevilling))


def satsen(k: Kald) -> Iterator[Fejl]:
    """The grant's rate must be in force on the start of an extension that is granted (R-3.6)."""
    dag = start(k)
    if dag is not None:
        yield from satsfejl(k, bevillingens_sats(k), dag)


def _ansoegt(k: Kald) -> h.ForlaengelseAnsoegt:
    """With the rate that would be its own, or none where no row is in force: its start is not decided yet."""
    dag = start(k)
    assert dag is not None
    return h.ForlaengelseAnsoegt(k.data.slutdato, k.data.ansaettelsesbrevGaelderFortsat, sats(k, bevillingens_sats(k), dag))


def _bevilget(k: Kald) -> h.ForlaengelseBevilget:
    dag = start(k)
    assert dag is not None
    return h.ForlaengelseBevilget(dag, k.data.slutdato, k.data.ansaettelsesbrevGaelderFortsat, sats(k, bevillingens_sats(k), dag))


CELLE = celle("GetForlaengelse")
KAN_FORLAENGES = (har_bevilling, har_slutdato, intet_ophoer(Fejlkode.OPHOER_STAAR))

REGLER: dict[str, Regel] = {
    "AnsoegForlaengelse": Regel(_ansoegt, (CELLE, ny_akt(), *KAN_FORLAENGES, ingen_verserende)),
    "BevilgForlaengelse": Regel(_bevilget, (CELLE, ny_akt("Forlaengelse"), *KAN_FORLAENGES, satsen, ikke_afgjort, rigtig_start)),
    "AfslaaForlaengelse": Regel(lambda k: h.ForlaengelseAfslaaet(k.data.tekst), (CELLE, akt("Forlaengelse"), ikke_afgjort)),
}
"""Action → what it becomes and its guards."""
