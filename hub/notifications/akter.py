"""The acts of a case as the notification table sees them: kind, place in the order of registration, what is in force, the GetMetode."""

from typing import NamedTuple

from hub.domain.datoer import Virkning, status_ophoer, virkning_bevilling, virkning_forlaengelse
from hub.domain.matrix import AKTENS_METODE, har
from hub.domain.sag import Bevilling, Sag, find_bevilling
from hub.notifications.udkast import Omtale

UANMELDTE = frozenset({9201, 9202, 9203})
"""Application statuses before the jobcentre has been told of it: drafts and what still lacks a signature."""
I_ANSOEGNINGEN = frozenset({"Ansoegning", "Vurdering"})


class Aktsyn(NamedTuple):
    """One act: its kind (a key of SUBSKABELONER), the version that registered it, and what of it is in force (None: not dated)."""

    id: str
    art: str
    version: int
    virkning: Virkning | None = None


def omtale(sag: Sag, akt_id: str, art: str) -> Omtale | None:
    """The GetMetode that fetches an act, and the id it takes; an act without a method of its own is fetched with the one that holds it.

    A fleksjob's ophør is told with its bevilling, a vurdering with the ansøgning. None: no GetMetode shows the act.
    """
    if art in I_ANSOEGNINGEN:
        return _i_ansoegningen(sag)
    if har(sag.ordning, AKTENS_METODE[art]):
        return Omtale(akt_id, AKTENS_METODE[art])
    ejer = find_bevilling(sag, akt_id)
    return Omtale(ejer.id, "GetBevilling") if ejer is not None and har(sag.ordning, "GetBevilling") else None


def _i_ansoegningen(sag: Sag) -> Omtale | None:
    har_cellen = sag.ansoegning is not None and har(sag.ordning, "GetAnsoegning")
    return Omtale(sag.ansoegning.id, "GetAnsoegning") if har_cellen and sag.ansoegning else None


def bevillingens_akter(bevilling: Bevilling) -> list[Aktsyn]:
    """A grant, its extensions and its terminations, in the order they were registered."""
    akter = [Aktsyn(bevilling.id, "Bevilling", bevilling.version, virkning_bevilling(bevilling))]
    akter += [Aktsyn(f.id, "Forlaengelse", f.version, virkning_forlaengelse(bevilling, f)) for f in bevilling.forlaengelser]
    akter += [Aktsyn(o.id, "Ophoer", o.version, Virkning(status_ophoer(o), None, None)) for o in bevilling.ophoer]
    return sorted(akter, key=lambda akt: akt.version)


def anmeldte_akter(sag: Sag) -> list[Aktsyn]:
    """Every act that its jobcentre has been told of, in the order they were registered.

    All but an application that is still a draft or lacks a signature, and assessments, which are part of the application.
    """
    akter = [akt for bevilling in sag.bevillinger for akt in bevillingens_akter(bevilling)]
    if sag.ansoegning is not None and (sag.ansoegning.komplet or sag.ansoegningStatus not in UANMELDTE):
        akter.append(Aktsyn(sag.ansoegning.id, "Ansoegning", sag.ansoegning.version))
    return sorted(akter, key=lambda akt: akt.version)


def kender(sag: Sag | None, akt_id: str) -> bool:
    """Whether the case already had the grant, extension or termination."""
    return sag is not None and find_bevilling(sag, akt_id) is not None
