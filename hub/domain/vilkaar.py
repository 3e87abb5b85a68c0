"""Records inside the facts: rates, terms of a scheme, the entries of a jobrotation. A `Forseglet` field is text until it is sealed.

Decimals and amounts (kroner) are exact, as strings. Terms as in the contract.
"""

from datetime import date

import msgspec

from hub.domain.forseglet import Forseglet


class Sats(msgspec.Struct, frozen=True, gc=False):
    """The subsidy rate `decide` found in force (R-3.6): code, description, and the id of the rate row it came from."""

    kode: int
    beskrivelse: str
    raekke: str


class Ansat(msgspec.Struct, frozen=True, gc=False):
    """An employee who goes on a course (jobrotation), a person with a key of their own; `kursus` names one of the list (R-4.3)."""

    borgerId: str
    personnummer: Forseglet | str
    navn: Forseglet | str
    kursus: str | None = None


class Kursus(msgspec.Struct, frozen=True, gc=False):
    """A course of a jobrotation; `nr` is its name within the application (R-4.3)."""

    nr: str
    navn: str | None = None
    startdato: date | None = None
    slutdato: date | None = None


class Vikar(msgspec.Struct, frozen=True, gc=False):
    """A substitute of a jobrotation, a person with a key of their own; hours are an exact decimal (R-2.5, R-4.3)."""

    borgerId: str
    personnummer: Forseglet | str
    navn: Forseglet | str
    startdato: date | None = None
    slutdato: date | None = None
    ugentligArbejdstid: str | None = None


class Mentorvilkaar(msgspec.Struct, frozen=True, gc=False):
    """A mentor's terms: type 34 or 35 (R-5.1); the characters of the function text, null where it was not counted (before R-5.2)."""

    mentortype: int | None = None
    tilskudTilUddannelse: bool = False
    funktionLaengde: int | None = None


class Assistancevilkaar(msgspec.Struct, frozen=True, gc=False):
    """The terms of personal assistance; prices in kroner, exact."""

    antalAssistenter: int | None = None
    art: str | None = None
    arttype: str | None = None
    timepris: str | None = None
    pristypeTimer: str | None = None
    prisAndet: str | None = None
    pristypeAndet: str | None = None
    tilbudsnummer: str | None = None


class Hjaelpemiddelvilkaar(msgspec.Struct, frozen=True, gc=False):
    """What an aid is: `art` Arbejdsredskab or Arbejdspladsindretning; its price in kroner, exact."""

    art: str
    beloeb: str | None = None


VILKAAR: dict[str, type[msgspec.Struct]] = {
    klasse.__name__: klasse for klasse in (Sats, Ansat, Kursus, Vikar, Mentorvilkaar, Assistancevilkaar, Hjaelpemiddelvilkaar)
}
"""Every record inside a fact, by name."""
