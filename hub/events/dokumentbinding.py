"""What the append transaction has to do with documents: which of those named were uploaded, and their keys bound to their cases.

A document's key is wrapped once more under a name of the case and kept with the case's citizen, so that it is erased with the citizen;
the upload's own row is swept (hub.operations.documents). Both happen in the transaction that appends the event.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection

from hub.domain.dokumenter import naevnt, noeglenavn
from hub.domain.opslag import Uploadet
from hub.events import uploads
from hub.events.forbindelse import raa_forbindelse
from hub.events.keys import Noeglering
from hub.events.ordre import Ordre

LAES = "SELECT sha256, stoerrelse, mimetype, indpakket FROM keys.uploads WHERE sha256 = ANY(%s) ORDER BY sha256 FOR UPDATE"
NAVNGIV = "UPDATE keys.uploads SET navngivet = clock_timestamp() WHERE sha256 = ANY(%s) AND navngivet IS NULL"
BIND = """
INSERT INTO keys.noegler (noegle, slags, borger_id, indpakket)
SELECT n.noegle, 'dokument', n.borger_id, n.indpakket
FROM unnest(%(noegler)b::text[], %(borgere)b::text[], %(indpakkede)b::bytea[]) AS n (noegle, borger_id, indpakket)
ORDER BY n.noegle
ON CONFLICT DO NOTHING
"""


class Binding(NamedTuple):
    """A case that has been given a document, and the citizen with whom its key is erased."""

    sags_id: str
    borger_id: str
    sha256: str


class Navngivne:
    """The uploads that one call's orders name, held until it commits."""

    def __init__(self, conn: Connection, ordrer: Sequence[Ordre]) -> None:
        self._raa = raa_forbindelse(conn)
        naevnte = sorted({sha256 for o in ordrer if (sha256 := naevnt(o.handling)) is not None})
        self._fundne: dict[str, Any] = {raekke[0]: raekke for raekke in self._raa.execute(LAES, (naevnte,))} if naevnte else {}

    @property
    def opslag(self) -> Mapping[str, Uploadet]:
        """What `decide` is told of them, by SHA-256."""
        return {sha256: Uploadet(stoerrelse, mimetype) for sha256, stoerrelse, mimetype, _ in self._fundne.values()}

    def bind(self, noeglering: Noeglering, bindinger: Iterable[Binding]) -> None:
        """Wrap each document's key for its case; a case that has it already keeps the one it has."""
        nye = {noeglenavn(b.sags_id, b.sha256): b for b in bindinger}
        if not nye:
            return
        pakket = [noeglering.pak_ind(navn, self._noegle(noeglering, b.sha256)) for navn, b in nye.items()]
        self._raa.execute(BIND, {"noegler": list(nye), "borgere": [b.borger_id for b in nye.values()], "indpakkede": pakket}, binary=True)
        self._raa.execute(NAVNGIV, (sorted({b.sha256 for b in nye.values()}),))

    def _noegle(self, noeglering: Noeglering, sha256: str) -> bytes:
        return noeglering.pak_ud(uploads.noeglenavn(sha256), bytes(self._fundne[sha256][3]))
