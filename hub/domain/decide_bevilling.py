"""The grant: issued, sent, sent again, approved, refused (R-2.2, R-2.4, R-3.6, R-5.4)."""

from collections.abc import Callable, Iterator
from operator import attrgetter

from hub.domain import haendelser as h
from hub.domain.decide_ansoegning import satsen
from hub.domain.decide_grund import (
    Kald,
    Regel,
    Vagt,
    akt,
    bevillingen,
    celle,
    har_bevilling,
    identitet,
    ingen_staaende_bevilling,
    intet_ophoer,
    ny_akt,
    sats,
    status_tillader,
)
from hub.domain.decide_vilkaar import assistancens, har_mentortype, hjaelpemidlets, mentorens
from hub.domain.evolve_bevilling import godkendere
from hub.domain.fejl import Fejl, fejl
from hub.domain.fejlkoder import Fejlkode
from hub.domain.koder import BEVILLINGSSTATUS
from hub.domain.overgange import BEVILLING_FRA, navne
from hub.domain.sag import Bevilling


def bevillingsstatus_tillader(kode: Fejlkode, status: Callable[[Bevilling], int]) -> Vagt:
    """This status of the grant must be one that `BEVILLING_FRA` allows the action in."""

    def vagt(k: Kald) -> Iterator[Fejl]:
        bevilling, tilladte = bevillingen(k), BEVILLING_FRA[k.handling.handling]
        if bevilling is not None and status(bevilling) not in tilladte:
            yield fejl(kode, status=BEVILLINGSSTATUS[status(bevilling)], kraevet=navne(tilladte))

    return vagt


def godkender(k: Kald) -> Iterator[Fejl]:
    """The citizen has a say only in some schemes' grants."""
    if k.data.af not in godkendere(k.ordning):
        yield fejl(Fejlkode.GODKENDER_IKKE, "data.af", af=k.data.af)


def ikke_godkendt(k: Kald) -> Iterator[Fejl]:
    """Nobody approves twice."""
    bevilling = bevillingen(k)
    if bevilling is not None and k.data.af in bevilling.godkendtAf:
        yield fejl(Fejlkode.ALLEREDE_GODKENDT, "data.af", af=k.data.af)


def virksomheden_foerst(k: Kald) -> Iterator[Fejl]:
    """The citizen approves what the company has approved."""
    bevilling = bevillingen(k)
    borger = k.data.af == "Borger" and k.data.af in godkendere(k.ordning)
    if bevilling is not None and borger and "Virksomhed" not in bevilling.godkendtAf:
        yield fejl(Fejlkode.VIRKSOMHEDEN_FOERST, "data.af")


def _udsted(k: Kald) -> h.BevillingUdstedt:
    d = k.data
    return h.BevillingUdstedt(
        startdato=d.periode.startdato,
        slutdato=d.periode.slutdato,
        ugentligArbejdstid=d.ugentligArbejdstid,
        kontaktpersonPaaArbejdsstedet=d.kontaktpersonPaaArbejdsstedet.model_dump(),
        sats=sats(k, d.timeTilskudsats, d.periode.startdato),
        **mentorens(d),
        **assistancens(d),
        **hjaelpemidlets(d.hjaelpemiddel),
        **identitet(k),
    )


BEVILLINGENS = (akt("Bevilling"), har_bevilling)

REGLER: dict[str, Regel] = {
    "UdstedBevilling": Regel(
        _udsted,
        (celle("GetBevilling"), ny_akt(), status_tillader, ingen_staaende_bevilling, satsen, har_mentortype),
    ),
    # Sent once, also when it was extended first; sent again in the very status that documents show.
    "SendBevilling": Regel(
        lambda k: h.BevillingSendt(),
        (*BEVILLINGENS, bevillingsstatus_tillader(Fejlkode.FORKERT_BEVILLINGSSTATUS, attrgetter("egenstatus"))),
    ),
    "GenfremsendBevilling": Regel(
        lambda k: h.BevillingGenfremsendt(),
        (*BEVILLINGENS, bevillingsstatus_tillader(Fejlkode.GENFREMSEND_STATUS, attrgetter("status"))),
    ),
    # One that has ended is not approved any more: its status would say that it runs.
    "GodkendBevilling": Regel(
        lambda k: h.BevillingGodkendt(k.data.af),
        (*BEVILLINGENS, godkender, ikke_godkendt, virksomheden_foerst, intet_ophoer(Fejlkode.ET_OPHOER)),
    ),
    "AfvisBevilling": Regel(lambda k: h.BevillingAfvist(k.data.af, k.data.tekst), (*BEVILLINGENS, godkender)),
}
"""Action → what it becomes and its guards."""
