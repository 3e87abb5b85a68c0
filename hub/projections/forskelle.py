"""Where the database differs from a fresh fold of the log: heads, rows, timeline, ledger; each finding names its place and both values."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, Text, bindparam, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY

from hub.domain.forseglet import Forseglet
from hub.events.arter import SAG
from hub.events.tables import OUTBOX, STROEMME
from hub.projections import sager, tidslinje
from hub.projections.genfold import Foldet, Linje
from hub.projections.metoder import METODER, Raekke, billede

_IDER = bindparam("ider", type_=ARRAY(Text))
_S, _T, _L, _O = sager.TABEL.c, tidslinje.TABEL.c, STROEMME.c, OUTBOX.c


class Fund(NamedTuple):
    """One difference. `kolonne` is table.column; sealed values show as `(forseglet)`, bytes as the start of their hex."""

    partition: int
    offset: int
    sags_id: str
    kolonne: str
    paa_loggen: str
    i_databasen: str


def forskelle(conn: Connection, foldede: Mapping[str, Foldet], steder: Mapping[int, int]) -> Iterator[Fund]:
    """Compare these cases with the serving generation and the ledger. `conn` is bound to the generation; `steder`: its checkpoints."""
    ider = list(foldede)
    raekker = {t: _hent(conn, t, ider) for t in (sager.TABEL, tidslinje.TABEL, *(m.tabel for m in METODER.values()))}
    ledger = {r.stroem: r for r in conn.execute(select(STROEMME).where(_L.stroem == func.any(_IDER)), {"ider": ider})}
    for sags_id, foldet in foldede.items():
        for indgang, fejl in foldet.afviste:
            yield Fund(indgang.partition, indgang.offset, sags_id, "parkerede", f"not parked, yet: {fejl}", "")
        yield from _raekkeforskelle(sags_id, foldet, {t: r.get(sags_id, []) for t, r in raekker.items()})
        if foldet.linjer:
            yield from _ledgerforskelle(conn, sags_id, foldet, (ledger.get(sags_id), steder))


def _hent(conn: Connection, tabel: Table, ider: Sequence[str]) -> dict[str, list[Raekke]]:
    """Case → its rows; the timeline's bytes as their hash."""
    kolonner = [func.sha256(k) if k is _T.vaerdi else k for k in tabel.columns]
    fundne: dict[str, list[Raekke]] = {}
    noegle = list(tabel.columns).index(tabel.c.sags_id)
    for raekke in conn.execute(select(*kolonner).where(tabel.c.sags_id == func.any(_IDER)), {"ider": ider}):
        fundne.setdefault(raekke[noegle], []).append(tuple(raekke))
    return fundne


def _raekkeforskelle(sags_id: str, foldet: Foldet, raekker: Mapping[Table, Sequence[Raekke]]) -> Iterator[Fund]:
    sag, hoved = foldet.tilstand
    ventet: list[tuple[Table, list[Raekke]]] = [(sager.TABEL, [] if sag is None else [(*sager.hoved(sag), hoved, sager.pak(sag))])]
    ventet.append((tidslinje.TABEL, [_linje(sags_id, linje) for linje in foldet.linjer]))
    ventet += [(METODER[navn].tabel, list(r.values())) for navn, r in billede(sag).items()]
    for tabel, paa_log in ventet:
        yield from _tabelforskelle(tabel, (sags_id, foldet.sted), _efter_noegle(tabel, paa_log), _efter_noegle(tabel, raekker[tabel]))


def _linje(sags_id: str, linje: Linje) -> Raekke:
    return (sags_id, *linje)


def _efter_noegle(tabel: Table, raekker: Iterable[Raekke]) -> dict[Raekke, Raekke]:
    steder = [n for n, k in enumerate(tabel.columns) if k.primary_key]
    return {tuple(r[n] for n in steder): r for r in raekker}


def _tabelforskelle(
    tabel: Table, sag: tuple[str, tuple[int, int]], paa_log: Mapping[Raekke, Raekke], i_db: Mapping[Raekke, Raekke]
) -> Iterator[Fund]:
    sags_id, sted = sag
    for noegle in sorted(paa_log.keys() | i_db.keys()):
        a, b = paa_log.get(noegle), i_db.get(noegle)
        if a is None or b is None:
            yield Fund(*sted, sags_id, tabel.name, _findes(noegle, a), _findes(noegle, b))
            continue
        for kolonne, x, y in zip(tabel.columns, a, b, strict=True):
            if x != y:
                yield Fund(*sted, sags_id, f"{tabel.name}.{kolonne.name}", vist(x), vist(y))


def _findes(noegle: Raekke, raekke: Raekke | None) -> str:
    return "no row" if raekke is None else f"row {'/'.join(map(str, noegle))}"


def _ledgerforskelle(conn: Connection, sags_id: str, foldet: Foldet, ledger: tuple[Any, Mapping[int, int]]) -> Iterator[Fund]:
    """The ledger's head is the log's, or what it has beyond is in the outbox on its way."""
    raekke, steder = ledger
    sag, hoved = foldet.tilstand
    if raekke is None:
        yield Fund(*foldet.sted, sags_id, "ledger.stroemme", vist(hoved), "no row")
    elif raekke.hoved == hoved:
        if SAG.udpak(raekke.sag, raekke.fold_version) != sag:
            yield Fund(*foldet.sted, sags_id, "ledger.stroemme.sag", "the case folded from the log", "another case")
    elif raekke.hoved not in foldet.til_side and not paa_vej(conn, sags_id, steder.get(foldet.sted[0], 0)):
        yield Fund(*foldet.sted, sags_id, "ledger.stroemme.hoved", vist(hoved), vist(raekke.hoved))


def paa_vej(conn: Connection, sags_id: str, sted: int) -> bool:
    """Whether the case's newest outbox row is not on the log yet, or lies beyond the checkpoint."""
    foran = or_(_O.kafka_offset.is_(None), _O.kafka_offset >= sted)
    nyeste = select(foran).where(_O.stroem == sags_id).order_by(_O.version.desc()).limit(1)
    return bool(conn.execute(nyeste).scalar_one_or_none())


def vist(vaerdi: Any) -> str:
    """A value in a finding, without what is personal."""
    if isinstance(vaerdi, Forseglet):
        return "(forseglet)"
    return f"{vaerdi.hex()[:16]}…" if isinstance(vaerdi, bytes) else str(vaerdi)
