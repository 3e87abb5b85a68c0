"""Which reference streams an action on a case looks up, and what `decide` is told of them.

Most actions look nothing up. What follows the grant's rate asks for every rate there may be: the case is read in the same round trip.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, get_args
from zoneinfo import ZoneInfo

from hub.domain.dokumenter import naevnt
from hub.domain.handlinger import Handling
from hub.domain.opslag import Konflikt, Opslag, TekstRaekke, Uploadet
from hub.domain.ordninger import KONFLIKT
from hub.domain.reference import Konfliktregister, Reference, Satsliste, Tekstliste
from hub.domain.reference_handlinger import Afslagsordning, satsstroem, tekststroem
from hub.domain.satser import ORDNINGENS_SATSER, SATSER

DANMARK = ZoneInfo("Europe/Copenhagen")
SATSSTROEMME = tuple(satsstroem(kode) for kode in sorted(set[int]().union(*ORDNINGENS_SATSER.values())))
TEKSTSTROEMME = tuple(tekststroem(ordning) for ordning in get_args(Afslagsordning))


def _konflikt(handling: Handling) -> Iterable[str]:
    """The company's, of a scheme that asks (R-2.1)."""
    return (_cvr(handling),) if handling.ordning in KONFLIKT else ()


def _naevnt_sats(handling: Handling) -> Iterable[str]:
    """The one that the action names (R-3.6)."""
    kode = _data(handling).timeTilskudsats
    return () if kode is None else (satsstroem(kode),)


def _rettet_sats(handling: Handling) -> Iterable[str]:
    """The one named, else that of the application when its start moves."""
    if "timeTilskudsats" in _data(handling).model_fields_set:
        return _naevnt_sats(handling)
    return SATSSTROEMME if _data(handling).periode is not None else ()


def _ny_sats(handling: Handling) -> Iterable[str]:
    """The one named, else that of the act."""
    return _naevnt_sats(handling) or SATSSTROEMME


def _bevillingens_sats(_: Handling) -> Iterable[str]:
    return SATSSTROEMME


def _afslagstekst(handling: Handling) -> Iterable[str]:
    return TEKSTSTROEMME if _data(handling).tekstversion is not None else ()


SOEGER: dict[str, tuple[Callable[[Handling], Iterable[str]], ...]] = {
    "OpretAnsoegning": (_konflikt, _naevnt_sats),
    "RetAnsoegning": (_rettet_sats,),
    "UdstedBevilling": (_naevnt_sats,),
    "AnsoegForlaengelse": (_bevillingens_sats,),
    "BevilgForlaengelse": (_bevillingens_sats,),
    "RetTilskudssats": (_ny_sats,),
    "RegistrerOphoer": (_bevillingens_sats,),
    "RetOphoer": (_bevillingens_sats,),
    "AfvisAnsoegning": (_afslagstekst,),
}
"""Action → what it looks up; one that is not here looks up nothing."""


def soegte(handling: Handling) -> frozenset[str]:
    """The names of the reference streams that the action looks up."""
    return frozenset(navn for find in SOEGER.get(handling.handling, ()) for navn in find(handling))


def opslag(handling: Handling, fundne: Mapping[str, Reference | Uploadet | str]) -> Opslag:
    """What `decide` is told: the rows shipped in the code, then those registered; `fundne` has the streams there are, by name,
    the uploads, by SHA-256, and the case of the act, by its id.
    """
    navne = sorted(soegte(handling))
    listerne = [fundne[navn] for navn in navne if navn in fundne]
    satser = tuple(r for liste in listerne if isinstance(liste, Satsliste) for r in liste.raekker)
    tekster: tuple[TekstRaekke, ...] = tuple(r for liste in listerne if isinstance(liste, Tekstliste) for r in liste.raekker)
    konflikter = (_registreret(liste, handling) for liste in listerne if isinstance(liste, Konfliktregister))
    uploadet, sag = fundne.get(naevnt(handling) or ""), fundne.get(handling.eksternIdentifier)
    return Opslag(
        konflikt=next(konflikter, None),
        satser=SATSER + satser,
        afslagstekster=tekster,
        dokument=uploadet if isinstance(uploadet, Uploadet) else None,
        aktens_sag=sag if isinstance(sag, str) else None,
    )


def _registreret(register: Konfliktregister, handling: Handling) -> Konflikt | None:
    """The registration that held at the action's own moment: its first day had come, and it was not ended (R-2.1).

    An application that is recorded late is judged by when it was made; of several registrations the last one counts.
    """
    dag, tid = _dag(handling), handling.haendelsestidspunkt
    gyldige = [r for r in register.raekker if r.fra <= dag and (r.til is None or r.til > tid)]
    if not gyldige:
        return None
    raekke = gyldige[-1]
    return Konflikt(register.cvrNummer, raekke.fra, raekke.fagomraader, raekke.kilde)


def _dag(handling: Handling) -> date:
    """The action's day in Denmark."""
    return handling.haendelsestidspunkt.astimezone(DANMARK).date()


def _cvr(handling: Handling) -> str:
    nummer: str = _data(handling).virksomhed.cvrNummer
    return nummer


def _data(handling: Handling) -> Any:
    return handling.data
