"""The data of a jobrotation's lists: employees, courses, substitutes (R-4.3). An entry may lack something until it is signed."""

from typing import Annotated

from pydantic import Field, model_validator

from hub.domain.fejlkoder import Fejlkode
from hub.domain.felter import Betegnelse, Dato, Model, Navn, PeriodeIn, Personnummer, Sagsnummer, Timer, krav

LED = 100
"""The most entries of a list: three full ones fit in what the door takes of one action."""
Kursusnr = Sagsnummer
"""A course's number within its application, as short as a case's. Like its name it stands open in the event, and is no CPR number."""


class AnsatIn(Model):
    """An employee who goes on a course; `kursus` is the `nr` of one in the list."""

    personnummer: Personnummer
    navn: Navn
    kursus: Kursusnr | None = None


class KursusIn(Model):
    """A course, both days inclusive; `nr` is its name in the list."""

    nr: Kursusnr
    navn: Betegnelse | None = None
    startdato: Dato | None = None
    slutdato: Dato | None = None

    @model_validator(mode="after")
    def _start_foerst(self) -> "KursusIn":
        if self.startdato is not None and self.slutdato is not None and self.slutdato < self.startdato:
            raise krav(Fejlkode.SLUT_FOER_START, datoer="")
        return self


class VikarIn(Model):
    """A substitute, with the period and the weekly hours of their own (R-2.5)."""

    personnummer: Personnummer
    navn: Navn
    periode: PeriodeIn | None = None
    ugentligArbejdstid: Timer | None = None


Ansatte = Annotated[list[AnsatIn], Field(max_length=LED)]
Kurser = Annotated[list[KursusIn], Field(max_length=LED)]
Vikarer = Annotated[list[VikarIn], Field(max_length=LED)]
