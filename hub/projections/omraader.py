"""The seven areas of VITAS (R-1.6) as data: which GetMetode's rows each holds, in which statuses, with which columns of its own.

A new GetMetode is in the lists by a row here; a test asks that every one is, and that every application is in exactly one area.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from hub.domain.ordninger import OPHOER_I_ANDEN_METODE
from hub.projections.listekolonner import EGNE, FAELLES, NOEGLER, Kolonne

SENDT_KLADDE = 9202
OPHOERT = 9308


class Betingelse(NamedTuple):
    """A column (of the act's table, else of `sager`) has one of these values; `uden`: has none of them, null is none of them."""

    kolonne: str
    vaerdier: tuple[Any, ...]
    uden: bool = False


class Kilde(NamedTuple):
    """Where rows come from: a GetMetode's table, or (null) the cases themselves.

    `periode`: the columns of the act's period in force, or what stands in its place; null: that of any act of the case.
    `i_stedet`: list column → the table's column that it is read from here.
    """

    metode: str | None
    periode: tuple[str, str] | None
    hvor: tuple[Betingelse, ...] = ()
    i_stedet: Mapping[str, str] = {}


class Omraade(NamedTuple):
    """One area: its name for people, its sources, the columns of its own, and what it holds in words."""

    overskrift: str
    kilder: tuple[Kilde, ...]
    egne: tuple[str, ...]
    tekst: str

    @property
    def kolonner(self) -> tuple[Kolonne, ...]:
        """Its columns in order."""
        return (*FAELLES, *(EGNE[navn] for navn in self.egne), *NOEGLER)


I_KRAFT = ("gaeldende_start", "gaeldende_slut")
ANSOEGT = ("periode_start", "periode_slut")
_SENDT = Betingelse("ansoegning_status", (SENDT_KLADDE,))
_IKKE_SENDT = Betingelse("ansoegning_status", (SENDT_KLADDE,), uden=True)
_IKKE_OEREMAERKET = Betingelse("oeremaerket", (False,))
_OEREMAERKET = Betingelse("oeremaerket", (False,), uden=True)
_ENDT_I_BEVILLING = (Betingelse("ordning", tuple(sorted(OPHOER_I_ANDEN_METODE))), Betingelse("bevillingsstatus", (OPHOERT,)))
_ENDT_AFTALE = (Betingelse("status", ("Ophoert", "IkkePaabegyndt")),)
_STOPPET = ("aktuel_slutdato", "aktuel_slutdato")
_DATOER = ("gaeldendeStartdato", "gaeldendeSlutdato", "oprindeligSlutdato", "aktuelSlutdato")
_ANSOEGNING = ("ansoegtStartdato", "ansoegtSlutdato", "afgoerelsesdato")

OMRAADER: dict[str, Omraade] = {
    "Ansoegninger": Omraade(
        "Ansøgninger",
        (Kilde("GetAnsoegning", ANSOEGT, (_IKKE_SENDT, _OEREMAERKET)),),
        _ANSOEGNING,
        "applications for a citizen whom the company has found (`oeremaerket` true, or not said), in every status but the sent draft's",
    ),
    "Tilbud": Omraade(
        "Tilbud",
        (Kilde("GetAnsoegning", ANSOEGT, (_IKKE_SENDT, _IKKE_OEREMAERKET)),),
        _ANSOEGNING,
        "places that a company offers without having found the citizen itself: applications with `oeremaerket` false",
    ),
    "Bevillinger": Omraade(
        "Bevillinger",
        tuple(Kilde(metode, I_KRAFT) for metode in ("GetBevilling", "GetAftale", "GetMentor", "GetHjaelpemiddel")),
        ("status", *_DATOER),
        "every grant, refused and ended ones too, every agreement, and every supplementary grant",
    ),
    "Forlaengelser": Omraade(
        "Forlængelser",
        (Kilde("GetForlaengelse", I_KRAFT),),
        ("status", "ansoegtSlutdato", *_DATOER),
        "every extension applied for or granted",
    ),
    "Ophoer": Omraade(
        "Ophør",
        (
            Kilde("GetOphoer", ("stopdato", "stopdato")),
            Kilde("GetBevilling", _STOPPET, _ENDT_I_BEVILLING, {"stopdato": "aktuel_slutdato"}),
            Kilde("GetAftale", _STOPPET, _ENDT_AFTALE, {"stopdato": "aktuel_slutdato"}),
        ),
        ("status", "stopdato", "oprindeligSlutdato", "aktuelSlutdato"),
        "every termination; of the schemes that end without a GetOphoer, the grants and agreements that have ended",
    ),
    "Soeg": Omraade("Søg", (Kilde(None, None),), (), "every case"),
    "SendteKladder": Omraade(
        "Sendte kladder",
        (Kilde("GetAnsoegning", ANSOEGT, (_SENDT,)),),
        _ANSOEGNING,
        "drafts sent to a company and not returned",
    ),
}
"""Area → what it holds."""
