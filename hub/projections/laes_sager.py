"""What the fold needs to know of a part's cases before it: the folded case with its head, and what of it was set aside."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Text, bindparam, func, select, tuple_
from sqlalchemy.dialects.postgresql import ARRAY

from hub.events.tables import PARKEREDE
from hub.projections import sager, tidslinje
from hub.projections.indgang import Indgang
from hub.projections.project import Sidespor, Tilstand

_S, _T, _P = sager.TABEL.c, tidslinje.TABEL.c, PARKEREDE.c
_IDER = bindparam("ider", type_=ARRAY(Text))
_TILSTANDE = select(_S.sags_id, _S.sag, _S.hoved).where(_S.sags_id == func.any(_IDER))
_SIDESPOR = select(_P.stroem, _P.tilstand, func.sha256(_P.vaerdi)).where(_P.stroem == func.any(_IDER), _P.tilstand != "genkoert")
_GAMLE = select(_T.sags_id, _T.version, func.sha256(_T.vaerdi)).where(
    tuple_(_T.sags_id, _T.version).in_(bindparam("noegler", expanding=True))
)


def tilstande(conn: Connection, sagsider: Collection[str]) -> dict[str, Tilstand]:
    """The cases that there are, as the serving generation has them."""
    return {r[0]: Tilstand(sager.udpak(r[1]), bytes(r[2])) for r in conn.execute(_TILSTANDE, {"ider": list(sagsider)})}


def sidespor(conn: Connection, indgange: Iterable[Indgang], kendte: Mapping[str, Tilstand]) -> dict[str, Sidespor]:
    """What was parked and discarded of the part's cases, and the hashes of old events that the part has again."""
    indgange = list(indgange)
    afveje: dict[str, dict[str, set[bytes]]] = {}
    for stroem, tilstand, aftryk in conn.execute(_SIDESPOR, {"ider": list({i.stroem for i in indgange})}):
        afveje.setdefault(stroem, {}).setdefault(tilstand, set()).add(bytes(aftryk))
    gamle = _gamle(conn, indgange, kendte)
    return {s: _sidespor(afveje.get(s, {}), gamle.get(s, {})) for s in afveje.keys() | gamle.keys()}


def _sidespor(afveje: Mapping[str, set[bytes]], gamle: Mapping[int, bytes]) -> Sidespor:
    return Sidespor(frozenset(afveje.get("parkeret", ())), frozenset(afveje.get("kasseret", ())), gamle)


def _gamle(conn: Connection, indgange: Iterable[Indgang], kendte: Mapping[str, Tilstand]) -> dict[str, dict[int, bytes]]:
    gentagne = {
        (i.stroem, i.haendelse.kuvert.version) for i in indgange if i.haendelse and i.haendelse.kuvert.version <= _version(kendte, i)
    }
    gamle: dict[str, dict[int, bytes]] = {}
    if gentagne:
        raekker: Any = conn.execute(_GAMLE, {"noegler": sorted(gentagne)})
        for stroem, version, aftryk in raekker:
            gamle.setdefault(stroem, {})[version] = bytes(aftryk)
    return gamle


def _version(kendte: Mapping[str, Tilstand], indgang: Indgang) -> int:
    sag = kendte.get(indgang.stroem, Tilstand()).sag
    return sag.version if sag is not None else 0
