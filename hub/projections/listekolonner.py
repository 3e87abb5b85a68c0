"""The columns of every list, once (R-1.6): JSON, CSV, sorting, OpenAPI and docs/search-and-lists.md all read them here."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Date, DateTime, Integer, Text, collate, func
from sqlalchemy.types import TypeEngine

from hub.domain.koder import ANSOEGNINGSTATUS, BEVILLINGSSTATUS, ORDNINGER
from hub.projections import vis
from hub.projections.kolonner import Segl

Celle = Any
"""What a cell holds in JSON: text, number, {kode, navn}, a sealed value until it is opened, or null."""


LIGE = {"a": "àáâã", "c": "ç", "e": "èéêë", "i": "ìíîï", "n": "ñ", "o": "òóôõ", "u": "ùúû", "y": "ýÿü", "{": "æä", "|": "øö", "}": "å"}
"""A letter, or one behind z, and those that Danish sorts as it (Retskrivningsordbogen: ä as æ, ö as ø, ü as y, accents as without)."""
BOGSTAVER = {en: ord(som) for som, lige in LIGE.items() for lille in lige for en in (lille, lille.upper()) if len(en) == 1}


def foldet(udtryk: ColumnElement[Any]) -> ColumnElement[Any]:
    """A text as it is compared and sorted: without case and accents; æ, ø, å and aa after z. Needs no collation of the server's."""
    uden = func.translate(func.lower(udtryk), "".join(BOGSTAVER), "".join(map(chr, BOGSTAVER.values())))
    return collate(func.replace(uden, "aa", "}"), "C")


def _som_den_er(vaerdi: Any) -> Any:
    return vaerdi


def _tekst(vaerdi: Any) -> str:
    return "" if vaerdi is None else str(vaerdi)


def _navn(vaerdi: Any) -> str:
    return "" if vaerdi is None else _tekst(vaerdi["navn"] or vaerdi["kode"])


def _ordning(vaerdi: Any) -> str:
    return ORDNINGER[vaerdi].navn if vaerdi in ORDNINGER else _tekst(vaerdi)


class Slags(NamedTuple):
    """A kind of value: its SQL type, how JSON and CSV show it, its JSON Schema, what it is sorted by, and the type of that."""

    sql: TypeEngine[Any]
    json: Callable[[Any], Celle]
    csv: Callable[[Celle], str]
    skema: dict[str, Any]
    noegle: Callable[[ColumnElement[Any]], ColumnElement[Any]] | None
    noegletype: type


def _kodeskema(navne: dict[int, str]) -> dict[str, Any]:
    felter = {"kode": {"enum": sorted(navne)}, "navn": {"type": "string"}}
    return {"type": ["object", "null"], "properties": felter, "required": list(felter), "additionalProperties": False}


_NULTEKST = {"type": ["string", "null"]}
TEKST = Slags(Text(), _som_den_er, _tekst, _NULTEKST, foldet, str)
KODEORD = Slags(Text(), _som_den_er, _tekst, _NULTEKST, None, str)
ORDNING = Slags(Text(), _som_den_er, _ordning, {"enum": sorted(ORDNINGER)}, foldet, str)
TAL = Slags(Integer(), _som_den_er, _tekst, {"type": "integer"}, _som_den_er, int)
DATO = Slags(Date(), vis.dato, _tekst, {**_NULTEKST, "format": "date"}, _som_den_er, date)
TID = Slags(DateTime(timezone=True), vis.tidspunkt, _tekst, {**_NULTEKST, "format": "date-time"}, _som_den_er, datetime)
A_STATUS = Slags(Integer(), lambda k: vis.kode(k, ANSOEGNINGSTATUS), _navn, _kodeskema(ANSOEGNINGSTATUS), _som_den_er, int)
B_STATUS = Slags(Integer(), lambda k: vis.kode(k, BEVILLINGSSTATUS), _navn, _kodeskema(BEVILLINGSSTATUS), _som_den_er, int)
PERSONLIG = Slags(Segl(), _som_den_er, _tekst, _NULTEKST, None, str)


class Kolonne(NamedTuple):
    """One column: the field's name in JSON and in `sorter`, its heading for people, its kind, and where it is read.

    `kilder`: column names; the first that the act's table has, else that `sager` has, else null.
    """

    navn: str
    overskrift: str
    slags: Slags
    kilder: tuple[str, ...]
    tekst: str

    @property
    def sorterbar(self) -> bool:
        """Whether a list can be sorted by it; ids and what is sealed cannot."""
        return self.slags.noegle is not None


FAELLES = (
    Kolonne("vitasSagsnummer", "Sagsnummer", TEKST, ("vitas_sagsnummer",), "the case's number in VITAS"),
    Kolonne("ordning", "Ordning", ORDNING, ("ordning",), "the scheme"),
    Kolonne("team", "Team", TEKST, ("team",), "the team that has the case"),
    Kolonne("medarbejder", "Medarbejder", TEKST, ("ansvarlig_navn",), "the caseworker who has it"),
    Kolonne("medarbejderEmail", "Medarbejders e-mail", TEKST, ("ansvarlig_email",), "and how to reach her"),
    Kolonne(
        "borgerNavn", "Borger", PERSONLIG, ("borger_navn",), "the citizen's name; null for who may not see it, or when the key is erased"
    ),
    Kolonne("cvrNummer", "CVR-nummer", TEKST, ("cvr_nummer",), "the company"),
    Kolonne("pNummer", "P-nummer", TEKST, ("p_nummer",), "its place of work"),
    Kolonne("ansoegningStatus", "Ansøgningsstatus", A_STATUS, ("ansoegning_status",), "the application's status"),
    Kolonne("bevillingsstatus", "Bevillingsstatus", B_STATUS, ("bevillingsstatus",), "the grant's status; of a case its newest grant's"),
    Kolonne("haendelsestidspunkt", "Hændelse", TID, ("haendelsestidspunkt",), "when the act happened; null in `Soeg`"),
    Kolonne("registreringstidspunkt", "Senest registreret", TID, ("registreret",), "when the hub recorded the case's last event"),
    Kolonne("jobCenterKode", "Jobcenter", TEKST, ("job_center_kode",), "the jobcentre that owns the case"),
)
"""What stands first in every list, in this order: Team and Medarbejder in the same place in all of them (R-1.6)."""

EGNE = {
    kolonne.navn: kolonne
    for kolonne in (
        Kolonne("status", "Status", TEKST, ("status",), "the act's own status"),
        Kolonne("ansoegtStartdato", "Ansøgt fra", DATO, ("periode_start",), "first day applied for"),
        Kolonne("ansoegtSlutdato", "Ansøgt til", DATO, ("ansoegt_slut", "periode_slut"), "last day applied for"),
        Kolonne("afgoerelsesdato", "Afgjort", TID, ("afgjort",), "when the application was decided"),
        Kolonne("gaeldendeStartdato", "Gælder fra", DATO, ("gaeldende_start",), "first day in force; null: nothing of the act is"),
        Kolonne("gaeldendeSlutdato", "Gælder til", DATO, ("gaeldende_slut",), "last day in force; null with a first day: open-ended"),
        Kolonne("oprindeligSlutdato", "Oprindelig slutdato", DATO, ("oprindelig_slutdato",), "the grant's end as first given"),
        Kolonne("aktuelSlutdato", "Aktuel slutdato", DATO, ("aktuel_slutdato",), "the grant's end in force now"),
        Kolonne("stopdato", "Stopdato", DATO, ("stopdato",), "the last day of what was terminated"),
    )
}
"""What an area may have after those, by name."""

NOEGLER = (
    Kolonne("sagsId", "Sags-id", KODEORD, ("sags_id",), "the case"),
    Kolonne("eksternIdentifier", "Akt-id", KODEORD, ("ekstern_identifier",), "the act; null in `Soeg`"),
    Kolonne("getMetode", "GetMetode", KODEORD, (), "the method that fetches the act; null in `Soeg`"),
    Kolonne("version", "Version", TAL, ("version",), "the case's version that the row shows"),
)
"""What stands last in every list: by what the case and the act are fetched."""
