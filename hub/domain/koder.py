"""Code lists: schemes, GetMetoder, statuses, templates. Codes 9001–9999 are the hub's own (`kilde="egen"`), not STAR's (domain-facts 2)."""

from datetime import date, datetime
from typing import Literal, NamedTuple

Kilde = Literal["STAR", "egen"]
EGNE = range(9001, 10_000)
"""The hub's own codes; every other one is STAR's (domain-facts 2)."""


def kilde_til(kode: int) -> Kilde:
    """Whose code it is."""
    return "egen" if kode in EGNE else "STAR"


class Kode(NamedTuple):
    """One row of a code list, as documents show it: `kode` and `navn`."""

    kode: int
    navn: str
    kilde: Kilde = "egen"


ORDNINGER: dict[str, Kode] = {
    "Loentilskud": Kode(9001, "Løntilskud"),
    "Virksomhedspraktik": Kode(9002, "Virksomhedspraktik"),
    "Nytteindsats": Kode(9003, "Nytteindsats"),
    "Fleksjob": Kode(9004, "Fleksjob"),
    "Voksenlaerling": Kode(9005, "Voksenlærling"),
    "Jobrotation": Kode(9006, "Jobrotation"),
    "Mentor": Kode(9007, "Mentor"),
    "PersonligAssistance": Kode(9008, "Personlig assistance"),
    "Hjaelpemiddel": Kode(9009, "Hjælpemiddel"),
    "Igu": Kode(9010, "IGU"),
    "Tillaegsbevilling": Kode(9011, "Tillægsbevilling"),
}
"""virksomhedsordningSkabelon by the name used in routes and actions (domain-facts 2.2)."""

SUBSKABELONER: dict[str, Kode] = {
    "Ansoegning": Kode(9101, "Ansøgning"),
    "Anmodning": Kode(9102, "Anmodning"),
    "Vurdering": Kode(9103, "Vurdering"),
    "Bevilling": Kode(9104, "Bevilling"),
    "Forlaengelse": Kode(9105, "Forlængelse"),
    "Ophoer": Kode(9106, "Ophør"),
    "Aftale": Kode(9107, "Aftale"),
    "TillaegsbevillingMentor": Kode(9108, "Tillægsbevilling mentor"),
    "TillaegsbevillingHjaelpemiddel": Kode(9109, "Tillægsbevilling hjælpemiddel"),
}
"""virksomhedsordningSubskabelon by kind of act (domain-facts 2.3)."""

ANSOEGNINGSTATUS: dict[int, str] = {
    9201: "Kladde",
    9202: "Kladde sendt til virksomhed",
    9203: "Afventer medarbejderrepræsentants underskrift",
    9204: "Til behandling i jobcenter",
    9205: "Sendt til Anden Aktør",
    9206: "Ansøgning afvist til Anden Aktør",
    9207: "Overtaget af jobcenter",
    9208: "Godkendt",
    9209: "Afvist",
    9210: "Flyttet til andet jobcenter",
    9211: "Trukket tilbage",
    9212: "Forhåndsgodkendt",
}
BEVILLINGSSTATUS: dict[int, str] = {
    9301: "Kladde",
    9302: "Afventer godkendelse hos virksomhed",
    9303: "Afventer borgers godkendelse",
    9304: "Bevilget",
    9305: "Afvist",
    9306: "Forlængelse under behandling",
    9307: "Forlænget",
    9308: "Ophørt",
    9309: "Annulleret",
}


MENTORTYPER: dict[int, str] = {34: "Mentor, Individuel", 35: "Mentor, Plads"}
"""STAR's activity types of a mentor (R-5.1, domain-facts 2.1)."""


class Blanket(NamedTuple):
    """A public form that documents link to."""

    kode: str
    navn: str
    link: str
    kilde: Kilde = "egen"


# The form's number and name are public; the address of the form itself was not found, so this is NemRefusion's own, where it is filled in.
NEMREFUSION = Blanket("AB505", "Anmodning om udbetaling af tilskud til voksenlærling", "https://www.virk.dk/nemrefusion")
"""The form with which the employer of a voksenlærling asks for the subsidy (R-3.5)."""


class KodeRaekke(NamedTuple):
    """One row of a code list with its validity [startdato, slutdato); null is open (R-3.1). `raekke` names the row for ever;
    `registreret` is null for a row shipped with the code.
    """

    raekke: str
    liste: str
    kode: int
    navn: str
    beskrivelse: str | None = None
    startdato: date | None = None
    slutdato: date | None = None
    kilde: Kilde = "egen"
    registreret: datetime | None = None


def _raekker(liste: str, navne: dict[int, str]) -> tuple[KodeRaekke, ...]:
    return tuple(KodeRaekke(f"{liste}-{kode}", liste, kode, navn, kilde=kilde_til(kode)) for kode, navn in navne.items())


KODELISTER: tuple[KodeRaekke, ...] = (
    *_raekker("virksomhedsordningSkabelon", {k.kode: k.navn for k in ORDNINGER.values()}),
    *_raekker("virksomhedsordningSubskabelon", {k.kode: k.navn for k in SUBSKABELONER.values()}),
    *_raekker("ansoegningStatus", ANSOEGNINGSTATUS),
    *_raekker("bevillingsstatus", BEVILLINGSSTATUS),
    *_raekker("mentortype", MENTORTYPER),
)
"""The code lists shipped with the code, as rows; registered ones come after. A document's own names never come from a registered row."""
