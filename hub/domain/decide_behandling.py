"""The case at work: given, taken over, released, handed to a contractor and back, decided, moved (R-2.3, R-3.4, R-4.1)."""

from collections.abc import Iterator

from hub.domain import haendelser as h
from hub.domain.decide_grund import Kald, Regel, akt, har_medarbejder, ingen_staaende_bevilling, kun_for, medarbejder, status_tillader
from hub.domain.fejl import Fejl, fejl
from hub.domain.fejlkoder import Fejlkode
from hub.domain.opslag import tekst_af
from hub.domain.ordninger import FORHAANDSGODKENDES

NAEVNES = 10
"""How many versions of a text a refusal names: the last in the order of their names."""


def andet_jobcenter(k: Kald) -> Iterator[Fejl]:
    """A case does not move to the jobcentre that has it."""
    if k.data.modtagendeJobCenterKode == k.sagen.jobCenterKode:
        yield fejl(Fejlkode.SAMME_JOBCENTER, "data.modtagendeJobCenterKode", jobcenter=k.sagen.jobCenterKode)


def er_flyttet(k: Kald) -> Iterator[Fejl]:
    """Only a case that has moved is acknowledged."""
    if not k.sagen.tidligereEjere:
        yield fejl(Fejlkode.IKKE_FLYTTET)


def kendt_tekst(k: Kald) -> Iterator[Fejl]:
    """A rejection names a version of its scheme's text that is registered, once any is (R-3.4)."""
    versioner = sorted({r.tekstversion for r in k.opslag.afslagstekster if r.ordning == k.ordning})
    if k.data.tekstversion is not None and versioner and k.data.tekstversion not in versioner:
        navne = ", ".join(versioner[-NAEVNES:])
        yield fejl(Fejlkode.AFSLAGSTEKST_UKENDT, "data.tekstversion", ordning=k.ordning, versioner=navne)


def _afvis(k: Kald) -> h.AnsoegningAfvist:
    """The text as it was sent, its version, and where the version was looked up: later versions change nothing (R-3.4)."""
    d = k.data
    raekke = None if d.tekstversion is None else tekst_af(k.opslag.afslagstekster, k.ordning, d.tekstversion)
    return h.AnsoegningAfvist(d.tekst, d.tekstversion, raekke and raekke.raekke)


def _tildel(k: Kald) -> h.SagTildelt:
    """The case's team and caseworker from now on: what is not named stays as it is (R-4.4)."""
    team, hvem = k.data.team or k.sagen.team, k.data.medarbejder or k.sagen.ansvarlig
    return h.SagTildelt(team) if hvem is None else h.SagTildelt(team, hvem.navn, hvem.email)


def _til_anden_aktoer(k: Kald) -> h.SendtTilAndenAktoer:
    return h.SendtTilAndenAktoer(k.data.andenAktoer.cvrNummer, k.data.andenAktoer.pNummer, k.data.tekst)


SAGENS = akt()
"""An action on the case as a whole names one of its acts: the main act, or the one it was when the sender last looked."""
ANSOEGNINGENS = (akt("Ansoegning"), status_tillader)

REGLER: dict[str, Regel] = {
    "TildelSag": Regel(_tildel, (SAGENS,)),
    "OvertagSag": Regel(lambda k: h.SagOvertaget(*medarbejder(k)), (SAGENS, har_medarbejder)),
    "FrigivSag": Regel(lambda k: h.SagFrigivet(), (SAGENS,)),
    "SendTilAndenAktoer": Regel(_til_anden_aktoer, ANSOEGNINGENS),
    "AfvisTilAndenAktoer": Regel(lambda k: h.AfvistTilAndenAktoer(k.data.tekst), (*ANSOEGNINGENS, ingen_staaende_bevilling)),
    "OvertagFraAndenAktoer": Regel(lambda k: h.OvertagetFraAndenAktoer(k.data.tekst), ANSOEGNINGENS),
    "ForhaandsgodkendAnsoegning": Regel(
        lambda k: h.AnsoegningForhaandsgodkendt(k.data.tekst), (kun_for(FORHAANDSGODKENDES), *ANSOEGNINGENS)
    ),
    "GodkendAnsoegning": Regel(lambda k: h.AnsoegningGodkendt(k.data.tekst, k.data.tekstversion), ANSOEGNINGENS),
    "AfvisAnsoegning": Regel(
        _afvis,
        (*ANSOEGNINGENS, ingen_staaende_bevilling, kendt_tekst),
    ),
    "TraekAnsoegningTilbage": Regel(
        lambda k: h.AnsoegningTrukketTilbage(k.data.tekst),
        (*ANSOEGNINGENS, ingen_staaende_bevilling),
    ),
    "FlytSag": Regel(
        lambda k: h.SagFlyttet(k.sagen.jobCenterKode, k.data.modtagendeJobCenterKode),
        (SAGENS, andet_jobcenter),
    ),
    "KvitterFlytning": Regel(lambda k: h.FlytningKvitteret(), (SAGENS, er_flyttet)),
}
"""Action → what it becomes and its guards."""
