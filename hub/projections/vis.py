"""How a value is shown in a document: dates and times as text, periods only when their start is not after their end (R-2.2)."""

from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from hub.domain.arbejdstid import arbejdstid as regn
from hub.domain.forseglet import Afkortes, Forseglet
from hub.domain.haendelser import Sats
from hub.domain.periode import Periode

Dokument = dict[str, Any]
"""camelCase JSON; a sealed leaf is a `Forseglet`, opened by the API at the query."""


class Satsfelter(NamedTuple):
    """The two columns of a rate."""

    kode: int | None
    beskrivelse: str | None


def satsfelter(sats: Sats | None) -> Satsfelter:
    """The rate stored with the act, or nulls (R-3.6)."""
    return Satsfelter(None, None) if sats is None else Satsfelter(sats.kode, sats.beskrivelse)


def graenser(periode: Periode | None) -> tuple[date | None, date | None]:
    """A period's two columns; both null when there is none, or when an imported one has its start after its end (R-2.2)."""
    if periode is None or (periode.slutdato is not None and periode.startdato > periode.slutdato):
        return None, None
    return periode.startdato, periode.slutdato


def dato(vaerdi: date | None) -> str | None:
    """YYYY-MM-DD."""
    return None if vaerdi is None else vaerdi.isoformat()


def tidspunkt(vaerdi: datetime | None) -> str | None:
    """UTC with microseconds and Z."""
    return None if vaerdi is None else vaerdi.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def periode(start: date | None, slut: date | None) -> Dokument | None:
    """A named period, both days inclusive; null when it has neither day."""
    return None if start is None and slut is None else {"startdato": dato(start), "slutdato": dato(slut)}


def kode(vaerdi: int | None, navne: dict[int, str]) -> Dokument | None:
    """A code with its name."""
    return None if vaerdi is None else {"kode": vaerdi, "navn": navne.get(vaerdi)}


def medarbejder(navn: str | None, email: str | None) -> Dokument | None:
    """A caseworker at work."""
    return None if navn is None and email is None else {"navn": navn, "email": email}


@lru_cache(maxsize=512)
def timer(ugentlig: str | None) -> tuple[int | None, int | None]:
    """The event's exact weekly hours as the two columns served (R-2.5). Raises ArithmeticError for what is not a number."""
    return (None, None) if ugentlig is None else regn(ugentlig)


def arbejdstid(timer: int | None, minutter: int | None) -> Dokument | None:
    """Weekly hours as R-2.5 serves them."""
    return None if timer is None else {"timerPrUge": timer, "minutterPrUge": minutter}


def tre_datoer(oprindelig: date | None, foer: date | None, aktuel: date | None) -> Dokument:
    """The three dates of every document that belongs to a grant (R-2.2)."""
    return {"oprindeligSlutdato": dato(oprindelig), "slutdatoFoerOphoer": dato(foer), "aktuelSlutdato": dato(aktuel)}


def satser(kode: int | None, beskrivelse: str | None) -> Dokument:
    """The rate's two fields, in every document of løntilskud (R-3.6)."""
    return {"timeTilskudsatsType": kode, "timeTilskudsatsBeskrivelse": beskrivelse}


def forseglede(vaerdi: Any) -> list[Forseglet]:
    """Every sealed leaf of a document, in order."""
    if isinstance(vaerdi, Forseglet | Afkortes):
        return [vaerdi.segl if isinstance(vaerdi, Afkortes) else vaerdi]
    dele = vaerdi.values() if isinstance(vaerdi, dict) else vaerdi if isinstance(vaerdi, list) else ()
    return [f for del_ in dele for f in forseglede(del_)]
