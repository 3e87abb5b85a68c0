"""Invented citizens, companies and caseworkers for the generator; CPR numbers follow the pattern and belong to nobody known."""

from random import Random
from typing import Any, NamedTuple

FORNAVNE = ("Agnete", "Birthe", "Cecilie", "Ditlev", "Esben", "Frederikke", "Gorm", "Hjalmar", "Ingeborg", "Jeppe", "Kirstine", "Ludvig")
EFTERNAVNE = ("Abildtrup", "Bregendahl", "Damgaardsholm", "Egeskovby", "Fuglsangvig", "Grønhøjlund", "Hvidtjørn", "Lyngbakkegaard")
# Caseworkers stand open in events; with names of their own nobody is taken for a citizen who is found in one.
SAGSBEHANDLERNAVNE = ("Ahlquist", "Bjerregrav", "Cramon", "Dybvad", "Elsborg", "Frimodt", "Gammelgaard", "Holmsted")
ANDEN_AKTOER = {"cvrNummer": "87654321", "pNummer": "1087654321"}
TEAMS = ("Team Øst", "Team Vest", "Team Virksomhed", "Team Fleks")


class Kontakt(NamedTuple):
    """A contact person of a company."""

    navn: str
    email: str
    telefon: str

    def som_data(self) -> dict[str, Any]:
        """As an action names it."""
        return self._asdict()


class Borger(NamedTuple):
    """A citizen: CPR number (10 digits) and name."""

    personnummer: str
    navn: str

    def som_data(self) -> dict[str, Any]:
        """As an action names it."""
        return self._asdict()


class Virksomhed(NamedTuple):
    """A company: CVR (8 digits), P-number (10) and its contact."""

    cvr: str
    pnr: str
    kontakt: Kontakt

    def som_data(self) -> dict[str, Any]:
        """As an action names it."""
        return {"cvrNummer": self.cvr, "pNummer": self.pnr}


class Sagsbehandler(NamedTuple):
    """A caseworker at work."""

    navn: str
    email: str


def et_navn(rng: Random) -> str:
    """A full name."""
    return f"{rng.choice(FORNAVNE)} {rng.choice(EFTERNAVNE)}"


def en_borger(rng: Random) -> Borger:
    """A citizen born 1960–2004."""
    foedt = f"{rng.randint(1, 28):02d}{rng.randint(1, 12):02d}{rng.choice([*range(60, 100), *range(5)]):02d}"
    return Borger(f"{foedt}{rng.randrange(10_000):04d}", et_navn(rng))


def en_virksomhed(rng: Random) -> Virksomhed:
    """A company with a contact."""
    navn = et_navn(rng)
    telefon = f"+45{rng.randrange(20_000_000, 99_999_999)}"
    kontakt = Kontakt(navn, f"kontakt{rng.randrange(1_000_000)}@virksomhed.example", telefon)
    return Virksomhed(f"{rng.randrange(10_000_000, 99_999_999)}", f"{rng.randrange(1_000_000_000, 9_999_999_999)}", kontakt)


def en_sagsbehandler(rng: Random, jobcenter: str) -> Sagsbehandler:
    """One of a dozen caseworkers of a jobcentre."""
    fornavn, efternavn = rng.choice(FORNAVNE), SAGSBEHANDLERNAVNE[int(jobcenter) % len(SAGSBEHANDLERNAVNE)]
    return Sagsbehandler(f"{fornavn} {efternavn}", f"{fornavn.lower()}@jobcenter{jobcenter}.example")
