"""Where the read models differ from a fresh fold of the log: heads, rows and timeline of each case, as the bytes that are stored."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, LargeBinary, Table, Text, bindparam, func, select, type_coerce
from sqlalchemy.dialects.postgresql import ARRAY

from hub.projections import sager, tidslinje
from hub.projections.fund import Fund, forseglet, vist
from hub.projections.genfold import Foldet
from hub.projections.kolonner import Pakket
from hub.projections.metoder import METODER, Raekke
from hub.projections.skriv import bundet
from hub.projections.taalmodig import hent

TABELLER: tuple[Table, ...] = (sager.TABEL, tidslinje.TABEL, *(metode.tabel for metode in METODER.values()))
_IDER = bindparam("ider", type_=ARRAY(Text))
_T = tidslinje.TABEL.c


def forskelle(conn: Connection, foldede: Mapping[str, Foldet], laeste: Counter[str]) -> Iterator[Fund]:
    """Compare these cases with the serving generation, which `conn` is bound to. `laeste` counts the rows looked at, by table."""
    ider = list(foldede)
    raekker = {}
    for tabel in TABELLER:
        raekker[tabel], antal = _hent(conn, tabel, ider)
        laeste[tabel.name] += antal
    for sags_id, foldet in foldede.items():
        for indgang, fejl in foldet.afviste:
            yield Fund(indgang.partition, indgang.offset, sags_id, "parkerede", f"not parked, yet: {fejl}", "no row")
        for tabel, paa_log in _ventet(sags_id, foldet):
            yield from _tabelforskelle(tabel, (sags_id, foldet.sted), paa_log, raekker[tabel].get(sags_id, []))


def _hent(conn: Connection, tabel: Table, ider: Sequence[str]) -> tuple[dict[str, list[Raekke]], int]:
    """Case → its rows, and how many there are; the timeline's bytes as their hash, what is packed as the bytes it is."""
    fundne: dict[str, list[Raekke]] = {}
    noegle = list(tabel.columns).index(tabel.c.sags_id)
    raekker = hent(conn, select(*map(_raat, tabel.columns)).where(tabel.c.sags_id == func.any(_IDER)), {"ider": ider})
    for raekke in raekker:
        fundne.setdefault(raekke[noegle], []).append(tuple(raekke))
    return fundne, len(raekker)


def _raat(kolonne: Any) -> Any:
    if kolonne is _T.vaerdi:
        return func.sha256(kolonne)
    return type_coerce(kolonne, LargeBinary) if isinstance(kolonne.type, Pakket) else kolonne


def _ventet(sags_id: str, foldet: Foldet) -> Iterator[tuple[Table, Sequence[Raekke]]]:
    """Every table with the rows that it must have of the case."""
    sag, hoved = foldet.tilstand
    yield sager.TABEL, bundet(sager.TABEL, [] if sag is None else [(*sager.hoved(sag), hoved, sager.pak(sag))])
    yield tidslinje.TABEL, [(sags_id, *linje) for linje in foldet.linjer]
    for navn, raekker in foldet.billede.items():
        yield METODER[navn].tabel, bundet(METODER[navn].tabel, list(raekker.values()))


def _tabelforskelle(tabel: Table, sag: tuple[str, tuple[int, int]], paa_log: Sequence[Raekke], i_db: Sequence[Raekke]) -> Iterator[Fund]:
    if paa_log == i_db:
        return
    sags_id, sted = sag
    ventede, fundne = _efter_noegle(tabel, paa_log), _efter_noegle(tabel, i_db)
    for noegle in sorted(ventede.keys() | fundne.keys()):
        a, b = ventede.get(noegle), fundne.get(noegle)
        if a is None or b is None:
            yield Fund(*_linjens(tabel, sted, a or b), sags_id, tabel.name, _findes(noegle, a), _findes(noegle, b))
            continue
        for kolonne, x, y in zip(tabel.columns, a, b, strict=True):
            if x != y:
                vis = forseglet if isinstance(kolonne.type, Pakket) else vist
                yield Fund(*_linjens(tabel, sted, a), sags_id, f"{tabel.name}.{kolonne.name}", vis(x), vis(y))


def _linjens(tabel: Table, sted: tuple[int, int], raekke: Raekke | None) -> tuple[int, int]:
    """Where on the log: a line of the timeline has its own place, everything else is of the case's last event."""
    return (raekke[2], raekke[3]) if tabel is tidslinje.TABEL and raekke is not None else sted


def _efter_noegle(tabel: Table, raekker: Iterable[Raekke]) -> dict[Raekke, Raekke]:
    steder = [n for n, k in enumerate(tabel.columns) if k.primary_key]
    return {tuple(r[n] for n in steder): r for r in raekker}


def _findes(noegle: Raekke, raekke: Raekke | None) -> str:
    return "no row" if raekke is None else f"row {'/'.join(map(vist, noegle))}"
