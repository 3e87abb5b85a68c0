"""A scheme's own terms in a grant's and an extension's row and document (R-5.1, R-5.2, R-5.3; domain-facts 1.6)."""

from typing import Any

from sqlalchemy import Boolean, Column, Integer, Text

from hub.domain.felter import AKTIVITETSERVICE
from hub.domain.forseglet import Afkortes
from hub.domain.koder import MENTORTYPER
from hub.domain.sag import Bevilling, Tillaegsbevilling
from hub.projections import vis
from hub.projections.kolonner import Segl
from hub.projections.vis import Dokument

Vaerdier = tuple[Any, ...]
ASSISTANCE = {
    "antal_assistenter": "antalAssistenter",
    "assistance_art": "art",
    "assistance_arttype": "arttype",
    "timepris": "timepris",
    "pristype_timer": "pristypeTimer",
    "pris_andet": "prisAndet",
    "pristype_andet": "pristypeAndet",
    "tilbudsnummer": "tilbudsnummer",
}
"""Column → the field of the terms that it has; documents name it as the terms do. Prices in kroner, exact."""


def mentorkolonner() -> list[Column[Any]]:
    """The terms of a mentor."""
    return [Column("mentortype", Integer), Column("tilskud_til_uddannelse", Boolean), Column("mentorfunktion", Segl)]


def assistancekolonner() -> list[Column[Any]]:
    """The terms of personal assistance."""
    typer = {"antal_assistenter": Integer}
    segl = ("funktionsnedsaettelse", "besked_til_virksomhed")
    return [*(Column(navn, typer.get(navn, Text)) for navn in ASSISTANCE), *(Column(navn, Segl) for navn in segl)]


def hjaelpemiddelkolonner() -> list[Column[Any]]:
    """What an aid is."""
    return [Column("hjaelpemiddel_art", Text), Column("hjaelpemiddel_beloeb", Text), Column("hjaelpemiddel_beskrivelse", Segl)]


def mentor(a: Bevilling | Tillaegsbevilling) -> Vaerdier:
    """The values of `mentorkolonner`, null where no mentor was granted."""
    return (None,) * 3 if a.mentor is None else (a.mentor.mentortype, a.mentor.tilskudTilUddannelse, a.mentorfunktion)


def assistance(b: Bevilling) -> Vaerdier:
    """The values of `assistancekolonner`; texts may be there without terms."""
    vilkaar = (None,) * len(ASSISTANCE) if b.assistance is None else (getattr(b.assistance, navn) for navn in ASSISTANCE.values())
    return (*vilkaar, b.funktionsnedsaettelse, b.beskedTilVirksomhed)


def hjaelpemiddel(a: Bevilling | Tillaegsbevilling) -> Vaerdier:
    """The values of `hjaelpemiddelkolonner`, null where no aid was granted."""
    return (None,) * 3 if a.hjaelpemiddel is None else (a.hjaelpemiddel.art, a.hjaelpemiddel.beloeb, a.hjaelpemiddelbeskrivelse)


def mentordokument(r: Any) -> Dokument:
    """A mentor's fields in a document; a function text that is too long for AktivitetService is cut and says so (R-5.2)."""
    funktion = None if r.mentorfunktion is None else Afkortes(r.mentorfunktion, AKTIVITETSERVICE["mentorfunktion"])
    return {
        "mentortype": vis.kode(r.mentortype, MENTORTYPER),
        "tilskudTilUddannelse": r.tilskud_til_uddannelse,
        "mentorfunktion": funktion,
    }


def assistancedokument(r: Any) -> Dokument:
    """The fields of personal assistance in a document (R-5.3: the message to the company is one of them)."""
    vilkaar = {navn: getattr(r, kolonne) for kolonne, navn in ASSISTANCE.items()}
    return {**vilkaar, "funktionsnedsaettelse": r.funktionsnedsaettelse, "beskedTilVirksomhed": r.besked_til_virksomhed}


def hjaelpemiddeldokument(r: Any) -> Dokument:
    """An aid in a document; null when there is none."""
    if r.hjaelpemiddel_art is None:
        return {"hjaelpemiddel": None}
    felter = {"art": r.hjaelpemiddel_art, "beloeb": r.hjaelpemiddel_beloeb, "beskrivelse": r.hjaelpemiddel_beskrivelse}
    return {"hjaelpemiddel": felter}
