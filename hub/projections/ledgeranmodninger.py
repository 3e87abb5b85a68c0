"""`ledger.anmodninger` beside the log: who asks again is answered what the events of the request say.

Looked up by the requests of the events, so a receipt that no event bears out is not seen; requests that gave no event have such ones.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import orjson
from sqlalchemy import Connection, Text, bindparam, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from hub.domain.haendelser import Haendelse
from hub.events.kvittering import af_flere_sager, af_haendelser
from hub.events.tables import ANMODNINGER, STROEMME
from hub.projections.fund import Fund, vist
from hub.projections.genfold import Foldet
from hub.projections.taalmodig import hent

_A = ANMODNINGER.c
_IDER = bindparam("ider", type_=ARRAY(Text))
_RAEKKER = select(_A.request_id, _A.request_hash, cast(_A.kvittering, Text).label("kvittering")).where(_A.request_id == func.any(_IDER))
TABEL = "ledger.anmodninger"


def anmodningsforskelle(conn: Connection, foldede: Mapping[str, Foldet]) -> Iterator[Fund]:
    """Receipts of these cases' requests that are gone, of another request's body, or say something else."""
    ider = {id_ for foldet in foldede.values() for id_ in foldet.anmodninger}
    raekker = {raekke.request_id: raekke for raekke in hent(conn, _RAEKKER, {"ider": list(ider)})}
    for sags_id, foldet in foldede.items():
        til_side = [h for h in foldet.til_side.values() if h is not None]
        for id_, (offset, anvendte) in foldet.anmodninger.items():
            raekke, sted = raekker.get(id_), (foldet.partition, offset)
            if raekke is None:
                yield Fund(*sted, sags_id, TABEL, f"request {vist(id_)}", "no row")
                continue
            if raekke.request_hash != anvendte[0].kuvert.requestHash:
                yield Fund(*sted, sags_id, f"{TABEL}.request_hash", vist(anvendte[0].kuvert.requestHash), vist(raekke.request_hash))
            alle = sorted([*anvendte, *(h for h in til_side if h.kuvert.requestId == id_)], key=lambda h: h.kuvert.version)
            for felt, paa_log, i_db in _felter(alle, orjson.loads(raekke.kvittering), partial(_version, conn, sags_id)):
                yield Fund(*sted, sags_id, f"{TABEL}.kvittering.{felt}", vist(paa_log), vist(i_db))


def _felter(haendelser: Sequence[Haendelse], kvittering: Any, i_ledgeren: Callable[[], int]) -> Iterator[tuple[str, Any, Any]]:
    """The fields that differ: of a receipt of one case all, of several cases this one's events. `i_ledgeren`: the case's version there."""
    if not isinstance(kvittering, dict) or not isinstance(kvittering.get("haendelser"), list):
        yield "haendelser", len(haendelser), kvittering
        return
    flere = "sagsId" not in kvittering
    ventet = af_flere_sager(haendelser, haendelser[0].kuvert.registreringstidspunkt) if flere else af_haendelser(haendelser)
    sidste = haendelser[-1].kuvert
    egne = [linje for linje in kvittering["haendelser"] if not flere or _felt(linje, "sagsId") == sidste.sagsId]
    vore, senere = egne[: len(haendelser)], egne[len(haendelser) :]
    if vore != ventet["haendelser"] or (senere and not _paa_vej(senere, sidste.version, i_ledgeren())):
        yield "haendelser", ventet["haendelser"], egne
    elif not flere and not senere:
        yield from ((felt, paa_log, kvittering.get(felt)) for felt, paa_log in ventet.items() if kvittering.get(felt) != paa_log)


def _felt(linje: Any, navn: str) -> Any:
    return linje.get(navn) if isinstance(linje, dict) else None


def _paa_vej(linjer: Sequence[Any], version: int, i_ledgeren: int) -> bool:
    """Whether these are the next versions, as far as the ledger has them: what they make a receipt say is not judged yet."""
    naeste = list(range(version + 1, version + 1 + len(linjer)))
    return [_felt(linje, "version") for linje in linjer] == naeste and naeste[-1] <= i_ledgeren


def _version(conn: Connection, sags_id: str) -> int:
    return conn.execute(select(STROEMME.c.version).where(STROEMME.c.stroem == sags_id)).scalar() or 0
