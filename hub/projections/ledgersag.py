"""After a discard the ledger decides on the case as it is without the event: its folded Sag is folded anew, version and head stay."""

from sqlalchemy import BindParameter, Connection, bindparam, func, select, union, update

from hub.domain.evolve import evolve
from hub.domain.foldning import KanIkkeFoldes
from hub.domain.haendelser import Haendelse
from hub.domain.sag import FOLD_VERSION, Sag
from hub.events.codec import Ulaeselig
from hub.events.stroem import pak
from hub.events.tables import OUTBOX, PARKEREDE, STROEMME
from hub.projections import tidslinje
from hub.projections.indgang import Afkoder

_T, _P, _O, _S = tidslinje.TABEL.c, PARKEREDE.c, OUTBOX.c, STROEMME.c
_SAG: BindParameter[str] = bindparam("sag")
_LAAS = select(_S.stroem).where(_S.stroem == _SAG).with_for_update()
_KASSEREDE = select(func.sha256(_P.vaerdi)).where(_P.stroem == _SAG, _P.tilstand == "kasseret")
# Applied, parked, and still on the way to the log: together every event of the case that the ledger has folded.
_ALLE = union(
    select(_T.vaerdi).where(_T.sags_id == _SAG),
    select(_P.vaerdi).where(_P.stroem == _SAG, _P.tilstand == "parkeret"),
    select(_O.vaerdi).where(_O.stroem == _SAG),
).subquery("alle")
_UDEN_KASSEREDE = select(_ALLE.c.vaerdi).where(func.sha256(_ALLE.c.vaerdi).not_in(_KASSEREDE))
_SAET = update(STROEMME).where(_S.stroem == bindparam("s")).values(sag=bindparam("ny"), fold_version=FOLD_VERSION)


def fold_om(conn: Connection, sags_id: str, kodeks: Afkoder) -> None:
    """Fold the ledger's Sag of a case from its events without those discarded. No append of the case runs meanwhile.

    `conn` is bound to a generation. An event that does not decode or fold without its predecessor is passed over, as in a restore.
    """
    if conn.execute(_LAAS, {"sag": sags_id}).one_or_none() is None:
        return
    raekker = conn.execute(_UDEN_KASSEREDE, {"sag": sags_id}).scalars()
    haendelser = [h for h in (_afkodet(bytes(v), kodeks) for v in raekker) if h is not None and h.kuvert.sagsId == sags_id]
    sag: Sag | None = None
    for haendelse in sorted(haendelser, key=lambda h: h.kuvert.version):
        try:
            sag = evolve(sag, haendelse)
        except KanIkkeFoldes:
            continue
    conn.execute(_SAET, {"s": sags_id, "ny": None if sag is None else pak(sag)})


def _afkodet(vaerdi: bytes, kodeks: Afkoder) -> Haendelse | None:
    try:
        return kodeks.afkod(vaerdi)
    except Ulaeselig:
        return None
