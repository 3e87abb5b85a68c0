"""The acts of a case as the notification table sees them: kind, place in the order of registration, what is in force, the GetMetode."""

from typing import NamedTuple

from hub.domain.akter import aktens_metode, akter_efter_slags, slags, vist_med
from hub.domain.datoer import Virkning, status_ophoer, virkning_aftale, virkning_bevilling, virkning_forlaengelse
from hub.domain.sag import Aftale, Bevilling, Forloeb, Ophoer, Sag, find_bevilling, hovedakt
from hub.notifications.udkast import Omtale

UANMELDTE = frozenset({9201, 9202, 9203})
"""Application statuses before the jobcentre has been told of it: drafts and what still lacks a signature."""


class Aktsyn(NamedTuple):
    """One act: the version that registered it, and what of it is in force (None: not dated)."""

    id: str
    version: int
    virkning: Virkning | None = None


def omtale(sag: Sag, akt_id: str) -> Omtale | None:
    """The GetMetode that fetches an act, and the id it takes; an act without a method of its own is fetched with the one that holds it.

    A fleksjob's ophør is told with its bevilling, an IGU's with its aftale, a vurdering with the ansøgning. None: nothing shows it.
    """
    vist = vist_med(sag, akt_id)
    metode = None if vist is None else aktens_metode(sag, vist)
    return None if vist is None or metode is None else Omtale(vist, metode)


def subskabelon(sag: Sag, akt_id: str) -> str:
    """The act's key in SUBSKABELONER: its kind; of a tillægsbevilling its type's, of a document that of the act it is about.

    Raises KeyError for an act that the case does not have.
    """
    art = slags(sag, akt_id)
    if art == "Tillaegsbevilling":
        return art + next(t.type for t in sag.tillaegsbevillinger if t.id == akt_id)
    if art == "Dokument":
        vedroerer = next(d.vedroerer for d in sag.dokumenter if d.id == akt_id)
        return subskabelon(sag, vedroerer if slags(sag, vedroerer) not in (None, "Dokument") else hovedakt(sag))
    if art is None:
        raise KeyError("the case does not have the act")
    return art


def forloebets_akter(forloeb: Forloeb) -> list[Aktsyn]:
    """A grant, its extensions and its terminations, or an agreement and its; in the order they were registered."""
    akter = _aftalens(forloeb) if isinstance(forloeb, Aftale) else _bevillingens(forloeb)
    akter += [_ophoerets(o) for o in forloeb.ophoer]
    return sorted(akter, key=lambda akt: akt.version)


def _aftalens(aftale: Aftale) -> list[Aktsyn]:
    return [Aktsyn(aftale.id, aftale.version, virkning_aftale(aftale))]


def _bevillingens(bevilling: Bevilling) -> list[Aktsyn]:
    forlaengelser = [Aktsyn(f.id, f.version, virkning_forlaengelse(bevilling, f)) for f in bevilling.forlaengelser]
    return [Aktsyn(bevilling.id, bevilling.version, virkning_bevilling(bevilling)), *forlaengelser]


def _ophoerets(ophoer: Ophoer) -> Aktsyn:
    return Aktsyn(ophoer.id, ophoer.version, Virkning(status_ophoer(ophoer), None, None))


def anmeldte_akter(sag: Sag) -> list[Aktsyn]:
    """Every act that its jobcentre has been told of, in the order they were registered.

    All but an application that is still a draft or lacks a signature, and assessments, which are part of the application.
    """
    anmeldt = sag.ansoegning is not None and (sag.ansoegning.komplet or sag.ansoegningStatus not in UANMELDTE)
    uden = {"Vurdering"} if anmeldt else {"Vurdering", "Ansoegning"}
    akter = [Aktsyn(akt.id, akt.version) for art, egne in akter_efter_slags(sag) if art not in uden for akt in egne]
    return sorted(akter, key=lambda akt: akt.version)


def kender(sag: Sag | None, akt_id: str) -> bool:
    """Whether the case already had the grant, extension or termination."""
    return sag is not None and find_bevilling(sag, akt_id) is not None
