"""After a discard the ledger decides on the case as it is without the event: its folded Sag is folded anew, version and head stay."""

from collections.abc import Iterable

from sqlalchemy import BindParameter, Connection, bindparam, select, union, update

from hub.domain.evolve import evolve
from hub.domain.foldning import KanIkkeFoldes
from hub.domain.haendelser import Haendelse
from hub.domain.sag import FOLD_VERSION, Sag
from hub.events.stroem import pak
from hub.events.tables import OUTBOX, PARKEREDE, STROEMME
from hub.projections import tidslinje
from hub.projections.indgang import Afkoder
from hub.projections.kaede import kaede, kasserede

_T, _P, _O, _S = tidslinje.TABEL.c, PARKEREDE.c, OUTBOX.c, STROEMME.c
_SAG: BindParameter[str] = bindparam("sag")
_LAAS = select(_S.hoved).where(_S.stroem == _SAG).with_for_update()
# Applied, set aside, and still on the way to the log: together they hold every event of the case that the ledger has, and perhaps others.
_ALLE = union(
    select(_T.vaerdi).where(_T.sags_id == _SAG),
    select(_P.vaerdi).where(_P.stroem == _SAG),
    select(_O.vaerdi).where(_O.stroem == _SAG),
)
_SAET = update(STROEMME).where(_S.stroem == bindparam("s")).values(sag=bindparam("ny"), fold_version=FOLD_VERSION)


class KaedeAfbrudt(RuntimeError):
    """An event of the case is nowhere to be found yet: the read models are being restored. Nothing was changed; try again."""


def fold_om(conn: Connection, sags_id: str, kodeks: Afkoder) -> None:
    """Fold the ledger's Sag of a case from its own events without those discarded. No append of the case runs meanwhile.

    `conn` is bound to a generation. An event that does not fold without its predecessor is passed over, as in a restore.
    Raises `KaedeAfbrudt`.
    """
    laast = conn.execute(_LAAS, {"sag": sags_id}).one_or_none()
    if laast is None:
        return
    vaerdier = [bytes(vaerdi) for vaerdi in conn.execute(_ALLE, {"sag": sags_id}).scalars()]
    egne = kaede(None, laast.hoved, vaerdier, kodeks)
    if egne is None:
        raise KaedeAfbrudt("not every event of the case is in the database yet: try again when the read models are restored")
    uden = kasserede(conn, sags_id)
    sag = _foldet(led.haendelse for led in egne if led.aftryk not in uden)
    conn.execute(_SAET, {"s": sags_id, "ny": None if sag is None else pak(sag)})


def _foldet(haendelser: Iterable[Haendelse]) -> Sag | None:
    sag: Sag | None = None
    for haendelse in haendelser:
        try:
            sag = evolve(sag, haendelse)
        except KanIkkeFoldes:
            continue
    return sag
