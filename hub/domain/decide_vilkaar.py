"""A scheme's own terms: what is needed of them, and what an event keeps of them (R-5.1, R-5.2, R-5.3)."""

from collections.abc import Iterator
from typing import Any

from hub.domain.decide_grund import Kald
from hub.domain.fejl import Fejl, fejl
from hub.domain.fejlkoder import Fejlkode
from hub.domain.handlinger_vilkaar import Assistancedata, HjaelpemiddelIn, Mentordata
from hub.domain.ordninger import MENTOR
from hub.domain.vilkaar import Assistancevilkaar, Hjaelpemiddelvilkaar, Mentorvilkaar


def mentortype_mangler(d: Mentordata) -> bool:
    """A mentor has its type, unless it is a subsidy for education (R-5.1)."""
    return d.mentortype is None and not d.tilskudTilUddannelse


def har_mentortype(k: Kald) -> Iterator[Fejl]:
    """A mentor's grant has its type (R-5.1)."""
    if k.ordning in MENTOR and mentortype_mangler(k.data):
        yield fejl(Fejlkode.MANGLER, "data.mentortype")


def mentorens(d: Mentordata) -> dict[str, Any]:
    """The event's fields of a mentor; null where the grant is of something else."""
    if mentortype_mangler(d):
        return {"mentor": None, "mentorfunktion": None}
    laengde = None if d.mentorfunktion is None else len(d.mentorfunktion)
    return {
        "mentor": Mentorvilkaar(d.mentortype, bool(d.tilskudTilUddannelse), laengde),
        "mentorfunktion": d.mentorfunktion,
    }


def assistancens(d: Assistancedata) -> dict[str, Any]:
    """The event's fields of personal assistance; null where none of them was given."""
    vilkaar = {navn: getattr(d, navn) for navn in Assistancevilkaar.__struct_fields__}
    return {
        "assistance": Assistancevilkaar(**vilkaar) if any(v is not None for v in vilkaar.values()) else None,
        "funktionsnedsaettelse": d.funktionsnedsaettelse,
        "beskedTilVirksomhed": d.beskedTilVirksomhed,
    }


def hjaelpemidlets(givet: HjaelpemiddelIn | None) -> dict[str, Any]:
    """The event's fields of an aid."""
    if givet is None:
        return {"hjaelpemiddel": None, "hjaelpemiddelbeskrivelse": None}
    return {"hjaelpemiddel": Hjaelpemiddelvilkaar(givet.art, givet.beloeb), "hjaelpemiddelbeskrivelse": givet.beskrivelse}
