"""Which fields only some schemes have: one table for the documents, the OpenAPI and the door. A field that is not here belongs to all."""

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from hub.domain.fejl import Fejl, fejl
from hub.domain.fejlkoder import Fejlkode
from hub.domain.ordninger import (
    ANSATTE,
    ASSISTANCE,
    HJAELPEMIDDEL,
    JOBROTATION,
    KONFLIKT,
    MENTOR,
    NEMREFUSION,
    OEREMAERKET,
    OPHOERSBELOEB,
    REPRAESENTANT,
    TILLAEG,
    TIMER,
    VURDERING,
)
from hub.domain.satser import ORDNINGENS_SATSER


class Ordningsfelt(NamedTuple):
    """Fields that only `ordninger` have. `dokument`: paths in documents; `handling`: action.field in actions' data;
    `kraevet`: those of `handling` that these schemes' actions must have.
    """

    ordninger: frozenset[str]
    dokument: tuple[str, ...] = ()
    handling: tuple[str, ...] = ()
    kraevet: tuple[str, ...] = ()


def _ansoegningens(*navne: str) -> tuple[str, ...]:
    """Fields of an application, as it is made and as it is corrected."""
    return tuple(f"{handling}.{navn}" for handling in ("OpretAnsoegning", "RetAnsoegning") for navn in navne)


_LOENTILSKUD = frozenset({"Loentilskud"})

_MENTORS = ("mentortype", "tilskudTilUddannelse", "mentorfunktion")
_ASSISTANCES = (
    *("antalAssistenter", "art", "arttype", "timepris", "pristypeTimer", "prisAndet", "pristypeAndet", "tilbudsnummer"),
    *("funktionsnedsaettelse", "beskedTilVirksomhed"),
)


def _bevillingens(*navne: str) -> tuple[str, ...]:
    """Fields of a grant."""
    return tuple(f"UdstedBevilling.{navn}" for navn in navne)


FELTER: tuple[Ordningsfelt, ...] = (
    # A voksenlærling's application has its hours at the door, and no document shows them.
    Ordningsfelt(TIMER | TILLAEG, ("arbejdstid",)),
    Ordningsfelt(TIMER, (), ("UdstedBevilling.ugentligArbejdstid",), ("UdstedBevilling.ugentligArbejdstid",)),
    Ordningsfelt(
        frozenset(ORDNINGENS_SATSER),
        ("timeTilskudsatsType", "timeTilskudsatsBeskrivelse"),
        (*_ansoegningens("timeTilskudsats"), "UdstedBevilling.timeTilskudsats"),
        ("UdstedBevilling.timeTilskudsats",),
    ),
    Ordningsfelt(
        KONFLIKT,
        ("konfliktramt", "konfliktOprindelse", "konfliktKommentar", "konfliktBesked"),
        _ansoegningens("konfliktramt", "konfliktKommentar"),
    ),
    Ordningsfelt(ANSATTE, ("antalAnsatteSenesteMaaned",), _ansoegningens("antalAnsatteSenesteMaaned")),
    Ordningsfelt(REPRAESENTANT, ("virksomhed.medarbejderrepraesentant",), _ansoegningens("medarbejderrepraesentant")),
    Ordningsfelt(OEREMAERKET, ("oeremaerket",), _ansoegningens("oeremaerket")),
    Ordningsfelt(JOBROTATION, ("ansatte", "kurser", "vikarer"), _ansoegningens("ansatte", "kurser", "vikarer")),
    Ordningsfelt(NEMREFUSION, ("nemRefusionLink",)),
    Ordningsfelt(VURDERING, ("vurdering",)),
    Ordningsfelt(MENTOR | TILLAEG, _MENTORS, _bevillingens(*_MENTORS)),
    Ordningsfelt(ASSISTANCE, _ASSISTANCES, _bevillingens(*_ASSISTANCES)),
    Ordningsfelt(HJAELPEMIDDEL | TILLAEG, ("hjaelpemiddel",), _bevillingens("hjaelpemiddel"), _bevillingens("hjaelpemiddel")),
    Ordningsfelt(
        _LOENTILSKUD,
        ("ansaettelsesbrevGaelderFortsat",),
        ("AnsoegForlaengelse.ansaettelsesbrevGaelderFortsat", "BevilgForlaengelse.ansaettelsesbrevGaelderFortsat"),
    ),
    Ordningsfelt(
        OPHOERSBELOEB,
        ("modtagetStoetteSeneste12Mdr", "loenudgiftSeneste12Mdr"),
        tuple(
            f"{h}.{navn}" for h in ("RegistrerOphoer", "RetOphoer") for navn in ("modtagetStoetteSeneste12Mdr", "loenudgiftSeneste12Mdr")
        ),
    ),
)
"""Field → the schemes that have it (domain-facts 1.6). A further field is a row here."""


def for_ordning(ordning: str, dokument: Mapping[str, Any]) -> dict[str, Any]:
    """The document without the fields of other schemes."""
    fremmede = _fremmede(ordning)
    ud = {navn: vaerdi for navn, vaerdi in dokument.items() if navn not in fremmede}
    for sti in fremmede:
        ydre, punktum, indre = sti.partition(".")
        if punktum and ydre in ud:
            ud[ydre] = {navn: vaerdi for navn, vaerdi in ud[ydre].items() if navn != indre}
    return ud


@lru_cache(maxsize=64)
def _fremmede(ordning: str) -> frozenset[str]:
    """The paths in documents that a scheme does not have."""
    return frozenset(sti for felt in FELTER if ordning not in felt.ordninger for sti in felt.dokument)


@lru_cache(maxsize=1024)
def handlingens_fremmede(ordning: str, handling: str) -> tuple[str, ...]:
    """The fields of an action's data that a scheme does not have."""
    return tuple(_uden(handling, *(f.handling for f in FELTER if ordning not in f.ordninger)))


@lru_cache(maxsize=1024)
def handlingens_kraevede(ordning: str, handling: str) -> tuple[str, ...]:
    """The fields of an action's data that a scheme must have."""
    return tuple(_uden(handling, *(f.kraevet for f in FELTER if ordning in f.ordninger)))


def _uden(handling: str, *stier: tuple[str, ...]) -> Iterator[str]:
    """The fields of these that are the action's, without its name."""
    return (sti.removeprefix(f"{handling}.") for del_ in stier for sti in del_ if sti.startswith(f"{handling}."))


def fejl_i_felterne(ordning: str, handling: str, vaerdi: Callable[[str], object]) -> Iterator[Fejl]:
    """An error for each field of another scheme that has a value, and for each that this one must have and that has none."""
    for navn in handlingens_fremmede(ordning, handling):
        if vaerdi(navn) is not None:
            yield fejl(Fejlkode.HOERER_IKKE_TIL_ORDNINGEN, f"data.{navn}", ordning=ordning)
    for navn in handlingens_kraevede(ordning, handling):
        if vaerdi(navn) is None:
            yield fejl(Fejlkode.MANGLER, f"data.{navn}")
