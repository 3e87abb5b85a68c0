"""`ledger.akter` beside the log: the row of each act names a case that the log gives the act (decision 033), and no row names another.

Of two cases that were given one act before that was refused, either may have it; so a row that names another case than the one at hand
is judged when every case was seen.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import Connection, Text, Uuid, bindparam, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from hub.events.tables import AKTER
from hub.projections.fund import HOEJST_FUND, Fund, vist
from hub.projections.indgang import ER_SAGSID
from hub.projections.kendte import ID_AD_GANGEN, Kendte, Udvalg
from hub.projections.taalmodig import hent

_AKTER = bindparam("akter", type_=ARRAY(Uuid(as_uuid=False)))
_RAEKKER = select(cast(AKTER.c.ekstern_identifier, Text).label("akt"), AKTER.c.stroem).where(AKTER.c.ekstern_identifier == func.any(_AKTER))
_ALLE = (
    select(cast(AKTER.c.ekstern_identifier, Text), AKTER.c.stroem)
    .order_by(AKTER.c.ekstern_identifier)
    .execution_options(yield_per=ID_AD_GANGEN)
)
TABEL = "ledger.akter"


class Sagsakter(NamedTuple):
    """The acts of a case: those of events applied, with the offset of the first of each; and others that it may have a row for.

    Those are of events set aside, and of events that the log does not have yet.
    """

    partition: int
    anvendte: Mapping[str, int]
    andre: Sequence[str] = ()


@dataclass
class Akter:
    """The rows that the cases seen so far bear out, and what was due of acts whose row names another case (the first thousand)."""

    raekker: Kendte = field(default_factory=Kendte)
    krav: dict[str, Fund] = field(default_factory=dict)

    def forskelle(self, conn: Connection, sager: Mapping[str, Sagsakter]) -> Iterator[Fund]:
        """Acts without a row."""
        alle = {akt for sag in sager.values() for akt in (*sag.anvendte, *sag.andre) if ER_SAGSID(akt.encode())}
        har: dict[str, str] = {r.akt: r.stroem for r in hent(conn, _RAEKKER, {"akter": list(alle)})}
        for sags_id, sag in sager.items():
            self.raekker.tag(_navn(akt, sags_id) for akt in {*sag.anvendte, *sag.andre} if har.get(akt) == sags_id)
            for akt, offset in sag.anvendte.items():
                if akt not in har:
                    yield Fund(sag.partition, offset, sags_id, TABEL, f"act {vist(akt)}", "no row")
                elif har[akt] != sags_id and len(self.krav) < HOEJST_FUND:
                    self.krav[akt] = Fund(sag.partition, offset, sags_id, f"{TABEL}.stroem", sags_id, vist(har[akt]))

    def flet(self, andre: "Akter") -> None:
        """Take over what another has seen."""
        self.raekker.flet(andre.raekker)
        self.krav |= andre.krav

    def rest(self, conn: Connection, udvalg: Udvalg) -> Iterator[Fund]:
        """Rows that no case bears out; looked for only where there are more than those that one did."""
        antal = conn.execute(select(func.count()).select_from(AKTER)).scalar_one()
        if udvalg.alle and antal == len(self.raekker):
            return
        for akt, stroem in conn.execute(_ALLE):
            if udvalg.har(stroem.encode()) and _navn(akt, stroem) not in self.raekker:
                yield self.krav.get(akt) or Fund(-1, -1, vist(stroem), TABEL, "no such act", f"act {akt}")


def _navn(akt: str, sags_id: str) -> str:
    return f"{akt}/{sags_id}"
