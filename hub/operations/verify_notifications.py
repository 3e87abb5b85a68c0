"""verify, of what was told: the notifications that the rules give of each case, column by column, beside the table's.

What older rules gave was told and stays as it was told: it is held to whom it tells of which act of which version, and counted.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from msgspec.structs import astuple, replace
from sqlalchemy import Connection, Row, text

from hub.events.codec import Kodeks, Ulaeselig
from hub.events.ordningsnotifikation import Ordningsnotifikation
from hub.events.tables import NOTIFIKATIONER
from hub.notifications.gem import KOLONNER
from hub.notifications.koe import Unummereret
from hub.notifications.udkast import REGLER, Udkast
from hub.projections.fund import Fund, vist
from hub.projections.genfold import Foldet
from hub.projections.taalmodig import hent

COLUMNS = tuple(name for name, _ in KOLONNER)
WAITS_FOR = COLUMNS.index("venter_paa")
OF_CASES = text(  # our own columns
    f"SELECT {', '.join(COLUMNS)}, nummer, vaerdi, regler FROM delivery.notifikationer WHERE sags_id = ANY(:cases)"  # noqa: S608
)
OLDER = "told otherwise by older rules"
"""Under this name the rows are counted that older rules gave and the present ones would say otherwise."""
Place = tuple[int, int]
"""(partition, offset)"""


def comparer(conn: Connection, codec: Kodeks) -> Callable[[Mapping[str, Foldet], Counter[str]], Iterator[Fund]]:
    """What holds cases folded anew against the table, and counts the rows looked at."""

    def compare(folded: Mapping[str, Foldet], seen: Counter[str]) -> Iterator[Fund]:
        found: dict[str, dict[str, Row[Any]]] = {}
        for row in hent(conn, OF_CASES, {"cases": list(folded)}):
            found.setdefault(row.sags_id, {})[row.id] = row
            seen[NOTIFIKATIONER.name] += 1
        for case, one in folded.items():
            yield from _case(codec, one, found.get(case, {}), seen)

    return compare


def _case(codec: Kodeks, folded: Foldet, rows: Mapping[str, Row[Any]], seen: Counter[str]) -> Iterator[Fund]:
    due = {draft.id: ((folded.partition, offset), draft) for offset, draft in folded.varsler}
    for id_, (place, draft) in due.items():
        row = rows.get(id_)
        if row is None:
            yield Fund(*place, folded.stroem, "notifikationer", f"notification {id_}", "no row")
        else:
            told = draft if row.regler >= REGLER else _as_told(draft, row)
            seen[OLDER] += told != draft
            yield from _one(codec, place, told, row)
    for id_ in sorted(rows.keys() - due.keys()):
        yield Fund(*folded.sted, folded.stroem, "notifikationer", "no event gives it", f"notification {vist(id_)}")


def _one(codec: Kodeks, place: Place, draft: Udkast, row: Row[Any]) -> Iterator[Fund]:
    """Every column is the draft's, and the final bytes say what the columns say. What a row waited for is forgotten by a restore."""
    for nr, (name, due) in enumerate(zip(COLUMNS, astuple(draft), strict=True)):
        if row[nr] != due and (nr != WAITS_FOR or row.nummer is None):
            yield Fund(*place, draft.sagsId, f"notifikationer.{name}", vist(due), vist(row[nr]))
    if (row.nummer is None) != (row.vaerdi is None):
        yield Fund(*place, draft.sagsId, "notifikationer.vaerdi", f"bytes with a number, for {draft.id}", f"number {row.nummer}")
    elif row.nummer is not None and _said(codec, bytes(row.vaerdi)) != _due(draft, row.nummer):
        yield Fund(*place, draft.sagsId, "notifikationer.vaerdi", f"notification {draft.id} number {row.nummer}", vist(bytes(row.vaerdi)))


def _as_told(draft: Udkast, row: Row[Any]) -> Udkast:
    """The draft, saying of act and case what the row says."""
    return replace(
        draft,
        skabelon=row.skabelon,
        subskabelon=row.subskabelon,
        erOprettelse=row.er_oprettelse,
        ansoegningStatus=row.ansoegning_status,
        bevillingsstatus=row.bevillingsstatus,
    )


def _said(codec: Kodeks, value: bytes) -> Ordningsnotifikation | None:
    try:
        return codec.afkod_notifikation(value)
    except Ulaeselig:
        return None


def _due(draft: Udkast, number: int) -> Ordningsnotifikation:
    d = draft
    row = Unummereret(
        0, d.bane, False, d.id, d.jobCenterKode, d.sagsId, d.version, d.eksternIdentifier, d.getMetode, d.skabelon, d.subskabelon,
        d.erOprettelse, d.link, d.registreringsDato, d.haendelsestidspunkt, d.ansoegningStatus, d.bevillingsstatus, 0,
    )  # fmt: skip
    return row.med_nummer(number)
