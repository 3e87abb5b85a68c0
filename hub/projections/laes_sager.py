"""What the fold needs to know of a part's cases before it: the folded case with its head, and what of it was set aside."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, func, select, tuple_

from hub.events.besoeg import Kald, Saetning
from hub.events.forbindelse import Raekke
from hub.projections import sager, tidslinje
from hub.projections.indgang import Indgang
from hub.projections.project import Sidespor, Tilstand

_T = tidslinje.TABEL.c
# One statement for both: what was set aside has no folded case. Sidetracked hashes are worked out here, from the bytes.
_FOER = """
SELECT sags_id, NULL, hoved, sag FROM {i}.sager WHERE sags_id = ANY(%(ider)b::text[])
UNION ALL
SELECT stroem, tilstand, sha256(vaerdi), NULL FROM delivery.parkerede WHERE stroem = ANY(%(ider)b::text[]) AND tilstand <> 'genkoert'
"""
_GAMLE = select(_T.sags_id, _T.version, func.sha256(_T.vaerdi)).where(
    tuple_(_T.sags_id, _T.version).in_(bindparam("noegler", expanding=True))
)


class Gentaget(RuntimeError):
    """Events come again, and nobody gave a connection on which to ask whether they are the same."""


class Foer(NamedTuple):
    """The part's cases before it, and what of them was set aside; cases with neither are in none."""

    tilstande: dict[str, Tilstand]
    sidespor: dict[str, Sidespor]


def spoerg(i: str, indgange: Iterable[Indgang]) -> Kald:
    """The question for the part's cases as the schema `i` has them; for `laest`."""
    return _foer(i).med(ider=sorted({indgang.stroem for indgang in indgange}))


def laest(conn: Connection | None, svar: Iterable[Raekke], indgange: Iterable[Indgang]) -> Foer:
    """What was asked for, and beside it the hashes of old events that the part has again. Raises `Gentaget`."""
    kendte: dict[str, Tilstand] = {}
    afveje: dict[str, dict[str, set[bytes]]] = {}
    for stroem, tilstand, aftryk, sag in svar:
        if tilstand is None:
            kendte[stroem] = Tilstand(sager.udpak(sag), aftryk)
        else:
            afveje.setdefault(stroem, {}).setdefault(tilstand, set()).add(aftryk)
    gamle = _gamle(conn, indgange, kendte)
    return Foer(kendte, {s: _sidespor(afveje.get(s, {}), gamle.get(s, {})) for s in afveje.keys() | gamle.keys()})


@cache
def _foer(i: str) -> Saetning:
    return Saetning(_FOER.format(i=i))


def _sidespor(afveje: Mapping[str, set[bytes]], gamle: Mapping[int, bytes]) -> Sidespor:
    return Sidespor(frozenset(afveje.get("parkeret", ())), frozenset(afveje.get("kasseret", ())), gamle)


def _gamle(conn: Connection | None, indgange: Iterable[Indgang], kendte: Mapping[str, Tilstand]) -> dict[str, dict[int, bytes]]:
    gentagne = {
        (i.stroem, i.haendelse.kuvert.version) for i in indgange if i.haendelse and i.haendelse.kuvert.version <= _version(kendte, i)
    }
    gamle: dict[str, dict[int, bytes]] = {}
    if gentagne:
        if conn is None:
            raise Gentaget
        raekker: Any = conn.execute(_GAMLE, {"noegler": sorted(gentagne)})
        for stroem, version, aftryk in raekker:
            gamle.setdefault(stroem, {})[version] = bytes(aftryk)
    return gamle


def _version(kendte: Mapping[str, Tilstand], indgang: Indgang) -> int:
    sag = kendte.get(indgang.stroem, Tilstand()).sag
    return sag.version if sag is not None else 0
