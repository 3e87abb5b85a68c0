"""`ledger.anmodninger` beside the log: who asks again is answered what the events of the request say.

Looked up by the requests of the events. A receipt that names none is true (a change of number of a citizen without cases); one that names
an event which the ledger's stream has not, or which another receipt names too, is of no event.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import orjson
from sqlalchemy import Connection, Text, bindparam, cast, func, select, text
from sqlalchemy.dialects.postgresql import ARRAY

from hub.domain.haendelser import Haendelse
from hub.events.kvittering import af_flere_sager, af_haendelser
from hub.events.tables import ANMODNINGER, STROEMME
from hub.events.topics import DRIFT
from hub.projections.fund import Fund, vist
from hub.projections.genfold import Foldet
from hub.projections.kolonner import skema
from hub.projections.taalmodig import hent

_A = ANMODNINGER.c
_IDER = bindparam("ider", type_=ARRAY(Text))
_RAEKKER = select(_A.request_id, _A.request_hash, cast(_A.kvittering, Text).label("kvittering")).where(_A.request_id == func.any(_IDER))
# Every event of a stream that actions make is one request's. Only where the numbers differ is each receipt looked at.
_ANTAL = text("""
SELECT (SELECT coalesce(sum(jsonb_array_length(kvittering -> 'haendelser')), 0) FROM ledger.anmodninger
        WHERE jsonb_typeof(kvittering -> 'haendelser') = 'array')
     = (SELECT coalesce(sum(version), 0) FROM ledger.stroemme WHERE topic <> :drift)
""")
_UDEN = """
WITH linjer AS (
    SELECT a.request_id, coalesce(h.linje ->> 'sagsId', a.kvittering ->> 'sagsId') AS stroem, h.linje -> 'version' AS version
    FROM ledger.anmodninger a CROSS JOIN LATERAL jsonb_array_elements(
        CASE jsonb_typeof(a.kvittering -> 'haendelser') WHEN 'array' THEN a.kvittering -> 'haendelser' END
    ) AS h (linje)
), talt AS (SELECT *, count(*) OVER (PARTITION BY stroem, version) AS gange FROM linjer)
SELECT t.request_id, t.stroem, t.version #>> '{{}}' AS version, t.gange FROM talt t
WHERE t.gange > 1 OR NOT EXISTS (
    SELECT FROM ledger.stroemme s WHERE s.stroem = t.stroem AND s.topic <> :drift AND t.version BETWEEN '1' AND to_jsonb(s.version)
) AND NOT EXISTS (SELECT FROM {gen}.tidslinje l WHERE l.sags_id = t.stroem AND to_jsonb(l.version) = t.version)
ORDER BY 2, 3, 1
"""
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


def kvitteringer_uden_haendelse(conn: Connection) -> Iterator[Fund]:
    """Receipts' events that neither ledger nor timeline has, and those that two receipts name, of which one at most is true.

    `conn` is bound to a generation.
    """
    if conn.execute(_ANTAL, {"drift": DRIFT}).scalar_one():
        return
    for request_id, stroem, version, gange in conn.execute(text(_UDEN.format(gen=skema(conn))), {"drift": DRIFT}):
        paa_log = "no such event" if gange == 1 else "an event of one request"
        i_db = f"request {request_id}, version {version}" + ("" if gange == 1 else f", named by {gange}")
        yield Fund(-1, -1, vist(stroem), TABEL, paa_log, vist(i_db))


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
