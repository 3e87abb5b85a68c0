"""The application corrected: only the fields that were given change, and what was required before signing is still there (R-2.1, R-3.2)."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from hub.domain import haendelser as h
from hub.domain.ansoegningens_krav import fylde, mangler_foer_underskrift, underskrevet
from hub.domain.decide_grund import Kald, Regel, akt, sats, satsfejl, status_tillader
from hub.domain.decide_jobrotation import givne, kurser_kendes
from hub.domain.fejl import Fejl, fejl
from hub.domain.fejlkoder import Fejlkode
from hub.domain.ordningsfelter import handlingens_fremmede
from hub.domain.sag import Ansoegning
from hub.domain.satser import ORDNINGENS_SATSER

KAN_IKKE_FJERNES = (
    *("periode", "ugentligArbejdstid", "ansvarligKontaktperson", "kontaktpersonPaaArbejdsstedet", "antalAnsatteSenesteMaaned"),
    *("ansatte", "kurser", "vikarer"),
)
"""Fields that an application always has, where its scheme has them: given as null they are missing; a list is emptied with an empty one."""


def rettelser(k: Kald, ansoegning: Ansoegning) -> dict[str, Any]:
    """The event's fields that change, with their new values (null too)."""
    d, sat, ud = k.data, k.data.model_fields_set, dict[str, Any]()
    if d.periode is not None:
        ud |= {"startdato": d.periode.startdato, "slutdato": d.periode.slutdato}
    if d.ugentligArbejdstid is not None:
        ud["ugentligArbejdstid"] = d.ugentligArbejdstid
    for navn in ("ansvarligKontaktperson", "kontaktpersonPaaArbejdsstedet"):
        if getattr(d, navn) is not None:
            ud[navn] = getattr(d, navn).model_dump()
    if "medarbejderrepraesentant" in sat:
        ny = d.medarbejderrepraesentant
        ud |= {"medarbejderrepraesentant": ny and ny.model_dump(), "harMedarbejderrepraesentant": ny is not None}
    if "konfliktKommentar" in sat:
        ud |= {"konfliktKommentar": d.konfliktKommentar, "konfliktKommentarUdfyldt": d.konfliktKommentar is not None}
    if "oeremaerket" in sat:
        ud["oeremaerket"] = d.oeremaerket
    return ud | _ansatte(d) | _sats(k, ansoegning) | givne(d)


def _ansatte(d: Any) -> dict[str, Any]:
    """Of the two numbers only those given; null makes one unknown again (R-3.2)."""
    givet = d.antalAnsatteSenesteMaaned.model_fields_set if d.antalAnsatteSenesteMaaned is not None else ()
    return {f"ansatte{navn.capitalize()}": getattr(d.antalAnsatteSenesteMaaned, navn) for navn in sorted(givet)}


def _ny_sats(k: Kald, ansoegning: Ansoegning) -> int | None:
    """The rate's code after the correction."""
    if "timeTilskudsats" in k.data.model_fields_set:
        return k.data.timeTilskudsats  # type: ignore[no-any-return]
    return ansoegning.sats.kode if ansoegning.sats is not None else None


def _sats(k: Kald, ansoegning: Ansoegning) -> dict[str, Any]:
    """The rate is looked up anew when it or the application's start changes (R-3.6)."""
    if not _roerer_satsen(k):
        return {}
    ny = sats(k, _ny_sats(k, ansoegning), _start(k, ansoegning))
    return {} if ny is None and ansoegning.sats is None else {"sats": ny}


def _roerer_satsen(k: Kald) -> bool:
    return k.data.periode is not None or "timeTilskudsats" in k.data.model_fields_set


def _start(k: Kald, ansoegning: Ansoegning) -> date:
    dag: date = k.data.periode.startdato if k.data.periode is not None else ansoegning.startdato
    return dag


def ikke_fjernet(k: Kald) -> Iterator[Fejl]:
    """What an application always has is not set to null."""
    for navn in (n for n in KAN_IKKE_FJERNES if n not in handlingens_fremmede(k.ordning, "RetAnsoegning")):
        if navn in k.data.model_fields_set and getattr(k.data, navn) is None:
            yield fejl(Fejlkode.MANGLER, f"data.{navn}")


def noget_at_rette(k: Kald) -> Iterator[Fejl]:
    """A correction names at least one field; an answer to the conflict is one, though it changes nothing (`konflikt_laast`)."""
    if k.sagen.ansoegning is not None and k.data.konfliktramt is None and not rettelser(k, k.sagen.ansoegning):
        yield fejl(Fejlkode.INTET_AT_RETTE, "data")


def konflikt_laast(k: Kald) -> Iterator[Fejl]:
    """The mark is neither added nor removed after the application was made (R-2.1)."""
    svar, ansoegning = k.data.konfliktramt, k.sagen.ansoegning
    if svar is not None and ansoegning is not None and svar != ansoegning.konfliktramt:
        yield fejl(Fejlkode.KONFLIKT_LAAST, "data.konfliktramt")


def repraesentant_laast(k: Kald) -> Iterator[Fejl]:
    """Once somebody has signed, who must sign is fixed; the representative's contact data may still change."""
    ansoegning = k.sagen.ansoegning
    if ansoegning is None or not (ansoegning.komplet or ansoegning.underskrevetAf):
        return
    skal = rettelser(k, ansoegning).get("harMedarbejderrepraesentant", ansoegning.harMedarbejderrepraesentant)
    if skal != ansoegning.harMedarbejderrepraesentant:
        yield fejl(Fejlkode.REPRAESENTANT_LAAST, "data.medarbejderrepraesentant")


def stadig_udfyldt(k: Kald) -> Iterator[Fejl]:
    """What had to be filled in before the signature is not emptied after it (R-2.1, R-3.2)."""
    ansoegning = k.sagen.ansoegning
    if ansoegning is None or not underskrevet(ansoegning):
        return
    foer, nyt = fylde(ansoegning), rettelser(k, ansoegning)
    efter = foer._replace(**{navn: nyt[navn] for navn in foer._fields if navn in nyt})
    if efter != foer:
        yield from mangler_foer_underskrift(k.ordning, efter)


def satsen(k: Kald) -> Iterator[Fejl]:
    """The rate must be in force on the start as corrected (R-3.6)."""
    ansoegning = k.sagen.ansoegning
    if ansoegning is not None and k.ordning in ORDNINGENS_SATSER and _roerer_satsen(k):
        yield from satsfejl(k, _ny_sats(k, ansoegning), _start(k, ansoegning))


def _ret(k: Kald) -> h.AnsoegningRettet:
    assert k.sagen.ansoegning is not None
    nyt = rettelser(k, k.sagen.ansoegning)
    return h.AnsoegningRettet(rettede=tuple(nyt), **nyt)


REGLER: dict[str, Regel] = {
    "RetAnsoegning": Regel(
        _ret,
        (
            akt("Ansoegning"),
            status_tillader,
            ikke_fjernet,
            noget_at_rette,
            konflikt_laast,
            repraesentant_laast,
            stadig_udfyldt,
            satsen,
            kurser_kendes,
        ),
    ),
}
"""Action → what it becomes and its guards."""
