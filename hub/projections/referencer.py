"""The reference streams as they are read: conflicts, rates, rejection texts, code lists. Their read model is the ledger's own fold.

Rows shipped in the code come first, then those registered, in the order of their registration; all of them stay (R-3.1).
"""

from collections.abc import Callable, Hashable, Iterable, Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, text

from hub.domain.koder import KODELISTER
from hub.domain.opslag import gaelder
from hub.domain.reference import Konfliktregister, Konfliktregistrering
from hub.domain.satser import SATSER
from hub.events.arter import KONFLIKT, LISTE
from hub.events.kvittering import som_tekst

Dokument = dict[str, Any]
EN = text("SELECT version, fold_version, sag FROM ledger.stroemme WHERE stroem = :stroem AND topic = :topic AND sag IS NOT NULL")
# The topic stands in the statement, so that the planner sees that the index of what is no case has it.
LISTERNE = text(f"""
SELECT fold_version, sag FROM ledger.stroemme
WHERE topic = '{LISTE.topic}' AND starts_with(stroem, :foran) AND sag IS NOT NULL ORDER BY stroem
""")  # noqa: S608 - our own topic


class Valg(NamedTuple):
    """One of the lists: how its streams' names begin, the rows shipped in the code, and what makes a later row a row's successor."""

    foran: str
    faste: tuple[Any, ...]
    om: Callable[[Any], Hashable]


LISTER: dict[str, Valg] = {
    "satser": Valg("sats-", SATSER, lambda r: r.kode),
    "afslagstekster": Valg("afslagstekst-", (), lambda r: r.ordning),
    "koder": Valg("kodeliste-", KODELISTER, lambda r: (r.liste, r.kode)),
}
"""Name in the route → the list."""


def raekker(conn: Connection, navn: str, paa: date | None = None) -> list[Any]:
    """Every row of a list, history and all; with `paa` only those in force on that day: of several the one registered last."""
    valg = LISTER[navn]
    listerne = [LISTE.udpak(pakket, version) for version, pakket in conn.execute(LISTERNE, {"foran": valg.foran})]
    alle = [*valg.faste, *(raekke for liste in listerne for raekke in liste.raekker)]
    return alle if paa is None else list(_i_kraft(alle, valg.om, paa))


def _i_kraft(alle: Iterable[Any], om: Callable[[Any], Hashable], dag: date) -> Iterator[Any]:
    sidste = {om(r): r for r in alle if gaelder(r.startdato, r.slutdato, dag)}
    return iter(sidste.values())


def dokument(raekke: Any) -> Dokument:
    """A row as it is served; `registreringstidspunkt` is null for a row shipped in the code."""
    felter: Dokument = raekke._asdict()
    registreret: datetime | None = felter.pop("registreret")
    return {**felter, "registreringstidspunkt": registreret and som_tekst(registreret)}


def konflikt(conn: Connection, cvr: str) -> Konfliktregister | None:
    """The company's registrations; None: it never had one."""
    raekke = conn.execute(EN, {"stroem": cvr, "topic": KONFLIKT.topic}).one_or_none()
    register: Konfliktregister | None = None if raekke is None else KONFLIKT.udpak(raekke.sag, raekke.fold_version)
    return register


def konfliktdokument(register: Konfliktregister) -> Dokument:
    """What stands now, null when nothing does, and every registration, oldest first."""
    staaende = register.staaende
    return {
        "cvrNummer": register.cvrNummer,
        "version": register.version,
        "staaende": staaende and _registrering(staaende),
        "historik": [_registrering(r) for r in register.raekker],
    }


def _registrering(r: Konfliktregistrering) -> Dokument:
    return {
        "kilde": r.kilde,
        "fra": r.fra,
        "fagomraader": r.fagomraader,
        "registreringstidspunkt": som_tekst(r.registreret),
        "ophoerstidspunkt": r.til and som_tekst(r.til),
    }
