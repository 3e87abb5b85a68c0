"""What every rule of the door is made of: the call, the rule, and the guards that several acts share.

A guard yields the errors it finds and changes nothing. One that needs an act which is not there yields nothing: another guard says so.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from hub.domain.akter import slags
from hub.domain.datoer import datoer, staaende
from hub.domain.fejl import Fejl, fejl
from hub.domain.fejlkoder import Fejlkode
from hub.domain.haendelser import Data, Sats
from hub.domain.handlinger import Handling
from hub.domain.koder import ANSOEGNINGSTATUS
from hub.domain.matrix import har
from hub.domain.opslag import Opslag, sats_paa
from hub.domain.ordningsfelter import fejl_i_felterne
from hub.domain.overgange import ANSOEGNING_FRA, navne
from hub.domain.sag import Aftale, Bevilling, Forloeb, Sag, find_bevilling, find_forloeb
from hub.domain.satser import ORDNINGENS_SATSER

SPILLERUM = timedelta(minutes=5)
"""How far ahead of the hub's clock a sender's clock may be."""


class Kald(NamedTuple):
    """One action at the door: the case as it stands (None: unknown), the action, what was looked up, and the hub's time."""

    sag: Sag | None
    handling: Handling
    opslag: Opslag
    nu: datetime

    @property
    def sagen(self) -> Sag:
        """The case, in rules that are only asked when there is one."""
        assert self.sag is not None
        return self.sag

    @property
    def id(self) -> str:
        """The act that the action names."""
        return self.handling.eksternIdentifier

    @property
    def data(self) -> Any:
        """The action's data: the model that `HANDLINGER` names for it."""
        return self.handling.data

    @property
    def ordning(self) -> str:
        """The case's scheme, or the one it is to be opened under."""
        return self.sag.ordning if self.sag is not None else self.handling.ordning or ""


def identitet(k: Kald) -> dict[str, Any]:
    """The fields of an event that opens a case; none for one on a case that is there."""
    handling, d = k.handling, k.data
    if not handling.aabner:
        return {}
    return {
        "ordning": handling.ordning,
        "jobCenterKode": handling.jobCenterKode,
        "vitasSagsnummer": handling.vitasSagsnummer,
        "vitasUrl": handling.vitasUrl,
        "cvrNummer": d.virksomhed.cvrNummer,
        "pNummer": d.virksomhed.pNummer,
        "borgerId": "",  # given by the ledger, which alone knows who has which id
        "personnummer": d.borger.personnummer,
        "borgerNavn": d.borger.navn,
    }


Vagt = Callable[[Kald], Iterator[Fejl]]


class Regel(NamedTuple):
    """What an action becomes, and the guards that must all be silent first."""

    byg: Callable[[Kald], Data]
    vagter: tuple[Vagt, ...]


def akt(*kraevet: str) -> Vagt:
    """The action's id must be an act of the case, of one of these kinds (none named: of any kind)."""

    def vagt(k: Kald) -> Iterator[Fejl]:
        er = slags(k.sagen, k.id)
        if er is None:
            yield fejl(Fejlkode.UKENDT_AKT, "eksternIdentifier")
        elif kraevet and er not in kraevet:
            yield fejl(Fejlkode.ANDEN_SLAGS_AKT, "eksternIdentifier", er=er, kraevet=" eller ".join(kraevet))

    return vagt


def ny_akt(*undtagen: str) -> Vagt:
    """The action's id must be new on the case, or an act of an excepted kind."""

    def vagt(k: Kald) -> Iterator[Fejl]:
        er = slags(k.sag, k.id) if k.sag is not None else None
        if er is not None and er not in undtagen:
            yield fejl(Fejlkode.ID_BRUGT, "eksternIdentifier", er=er)

    return vagt


def ingen_andens_akt(k: Kald) -> Iterator[Fejl]:
    """The action's id may not be another case's act: it is one case's for ever; asked of every action.

    An act that two cases were given before that was asked goes on, on both.
    """
    if k.opslag.aktens_sag in (None, k.handling.sagsId):
        return
    if k.sag is None or slags(k.sag, k.id) is None:
        yield fejl(Fejlkode.AKT_I_ANDEN_SAG, "eksternIdentifier")


def celle(getmetode: str, ellers: frozenset[str] = frozenset()) -> Vagt:
    """The scheme must have the GetMetode (R-1.1), or be one of those that carry the act elsewhere."""

    def vagt(k: Kald) -> Iterator[Fejl]:
        if not har(k.ordning, getmetode) and k.ordning not in ellers:
            yield fejl(Fejlkode.CELLE_MANGLER, "ordning", ordning=k.ordning, getmetode=getmetode)

    return vagt


def kun_for(ordninger: frozenset[str]) -> Vagt:
    """Only these schemes have the action."""

    def vagt(k: Kald) -> Iterator[Fejl]:
        if k.ordning not in ordninger:
            yield fejl(Fejlkode.HANDLING_UDEN_FOR_ORDNINGEN, "handling", ordning=k.ordning)

    return vagt


def ordningens_felter(k: Kald) -> Iterator[Fejl]:
    """The action's data have no field of another scheme, and what its own must have; asked of every action (`ordningsfelter`)."""

    def givet(navn: str) -> object:
        return getattr(k.data, navn) if navn in k.data.model_fields_set else None

    yield from fejl_i_felterne(k.ordning, k.handling.handling, givet)


def status_tillader(k: Kald) -> Iterator[Fejl]:
    """The application's status must be one that `ANSOEGNING_FRA` allows the action in."""
    kode, tilladte = k.sag.ansoegningStatus if k.sag is not None else None, ANSOEGNING_FRA[k.handling.handling]
    if kode is not None and kode not in tilladte:
        yield fejl(Fejlkode.FORKERT_STATUS, status=ANSOEGNINGSTATUS[kode], kraevet=navne(tilladte))


def bevillingen(k: Kald) -> Bevilling | None:
    """The grant that the action is about: the one that is or owns the act, else the newest."""
    return find_bevilling(k.sagen, k.id) or k.sagen.bevilling


def har_bevilling(k: Kald) -> Iterator[Fejl]:
    """There must be a grant, and it may not be refused."""
    bevilling = bevillingen(k)
    if bevilling is None:
        yield fejl(Fejlkode.INGEN_BEVILLING)
    elif bevilling.afvist:
        yield fejl(Fejlkode.BEVILLING_AFVIST, datoer=datotekst(bevilling))


def forloebet(k: Kald) -> Forloeb | None:
    """The grant or agreement that the action is about: the one that is or owns the act, else the case's agreement or newest grant."""
    return find_forloeb(k.sagen, k.id) or k.sagen.aftale or k.sagen.bevilling


def har_forloeb(k: Kald) -> Iterator[Fejl]:
    """There must be an agreement, or a grant that is not refused."""
    if not isinstance(forloebet(k), Aftale):
        yield from har_bevilling(k)


def ingen_staaende_bevilling(k: Kald) -> Iterator[Fejl]:
    """No grant may stand that is not refused (R-2.2: a new grant, and an application that is rejected or withdrawn)."""
    bevilling = k.sag.bevilling if k.sag is not None else None
    if bevilling is not None and not bevilling.afvist:
        yield fejl(Fejlkode.BEVILLING_STAAR, datoer=datotekst(bevilling))


def intet_ophoer(kode: Fejlkode) -> Vagt:
    """No termination of the grant or agreement may stand (R-2.2)."""

    def vagt(k: Kald) -> Iterator[Fejl]:
        forloeb = forloebet(k)
        if forloeb is not None and staaende(forloeb) is not None:
            yield fejl(kode, datoer=datotekst(forloeb))

    return vagt


def datotekst(forloeb: Forloeb) -> str:
    """The dates in force, as a refusal shows them (R-2.2)."""
    d = datoer(forloeb)
    return "(" + ", ".join(f"{navn} {dato or 'ingen'}" for navn, dato in d._asdict().items()) + ")"


def satsfejl(k: Kald, kode: int | None, dag: date) -> Iterator[Fejl]:
    """The rate must be one of the scheme's, with a row in force on the act's own start (R-3.6)."""
    if kode is None:
        return
    if kode not in ORDNINGENS_SATSER.get(k.ordning, frozenset()):
        yield fejl(Fejlkode.SATS_UKENDT, "data.timeTilskudsats", sats=kode, ordning=k.ordning)
    elif sats_paa(k.opslag.satser, kode, dag) is None:
        yield fejl(Fejlkode.SATS_UGYLDIG, "data.timeTilskudsats", sats=kode, dag=dag)


def sats(k: Kald, kode: int | None, dag: date) -> Sats | None:
    """The rate in force on `dag`, as the event stores it (R-3.6); None when the act has none."""
    raekke = None if kode is None else sats_paa(k.opslag.satser, kode, dag)
    return None if raekke is None else Sats(raekke.kode, raekke.beskrivelse, raekke.raekke)


def bevillingens_sats(k: Kald) -> int | None:
    """The code of the grant's rate, which its extensions and terminations follow (R-3.6)."""
    bevilling = bevillingen(k)
    return bevilling.sats.kode if bevilling is not None and bevilling.sats is not None else None


def har_medarbejder(k: Kald) -> Iterator[Fejl]:
    """Who takes over must be named, or be the caseworker who acts (R-4.1)."""
    if medarbejder(k) == (None, None):
        yield fejl(Fejlkode.MANGLER, "data.medarbejder")


def medarbejder(k: Kald) -> tuple[str | None, str | None]:
    """Name and e-mail of the caseworker: the one named, else the one who acts."""
    if k.data.medarbejder is not None:
        return k.data.medarbejder.navn, k.data.medarbejder.email
    return (k.handling.aktoer.navn, None) if k.handling.aktoer.type == "Sagsbehandler" else (None, None)
