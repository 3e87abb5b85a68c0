"""The plain reads of one moment together: their rows, keys and lines of the access log in one transaction, then each one's document.

Plain is an act as it is now, of the reader's own case (or of one who sees all). Everything else, and what goes wrong here, is left to
`laes_sag`.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidTag
from sqlalchemy import Connection, Engine

from hub.api.aabning import noeglestand, som_json
from hub.api.adgangslog import NOTER_FUNDNE
from hub.api.ejerskab import SER_ALT
from hub.api.tokens import Bruger
from hub.events.keys import Noeglering
from hub.events.sealing import KanIkkeAabnes
from hub.projections import laes_akter, pdf
from hub.projections.generation import serverende
from hub.projections.laes_akter import Fundet, Spurgt
from hub.projections.metoder import METODER


class Oenske(NamedTuple):
    """One act asked for now: its GetMetode, scheme and id, by whom, and for what purpose."""

    metode: str
    ordning: str
    akt: str
    bruger: Bruger
    formaal: str | None


class Dokument(NamedTuple):
    """An act's document as JSON, and its ETag."""

    raa: bytes
    etag: str


class Laeser:
    """Reads on `motor`, whose connections make visits; remembers which generation served last."""

    def __init__(self, motor: Engine, noeglering: Noeglering) -> None:
        self._motor, self._noeglering = motor, noeglering
        self._generation: int | None = None

    def laes(self, oensker: Sequence[Oenske]) -> list[Dokument | None]:
        """A document per wish, noted in the access log; None: not plain. Raises `IngenGeneration`, errors of the database."""
        # Asked for anew after whatever goes wrong: a generation that is gone is not even an empty table.
        nummer, self._generation = self._generation, None
        if nummer is None:
            with self._motor.connect() as conn:
                nummer = serverende(conn)
        with self._motor.connect() as conn:
            laest = laes_akter.laes(conn, nummer, NOTER_FUNDNE, [(o.metode, _spurgt(o)) for o in oensker])
            self._generation = laest.serverer
            return [self._dokument(conn, nummer, o, laest.fundne.get(nr)) for nr, o in enumerate(oensker)]

    def _dokument(self, conn: Connection, generation: int, oenske: Oenske, fundet: Fundet | None) -> Dokument | None:
        if fundet is None:
            return None
        try:
            noegler = {navn: self._noeglering.pak_ud(navn, indpakket) for navn, indpakket in fundet.noegler.items()}
            vist = _vist(oenske, fundet)
            skrevet = som_json(vist, noegler)
            if andre := skrevet.navne - {fundet.hoved.sags_id, fundet.hoved.borger_id}:
                noegler |= self._noeglering.hent(conn, andre)
                skrevet = som_json(vist, noegler)
        except (InvalidTag, KanIkkeAabnes):
            return None
        slettet = b"false" if skrevet.navne <= noegler.keys() else b"true"
        raa = skrevet.raa[:-1] + b',"personoplysningerSlettet":' + slettet + b"}"
        return Dokument(raa, f'"{fundet.hoved.version}-{generation}-{noeglestand(skrevet.navne, noegler)}"')


def _spurgt(o: Oenske) -> Spurgt:
    b = o.bruger
    return Spurgt(o.akt, o.ordning, b.rolle in SER_ALT, b.sub, b.rolle, " ".join(b.jobcentre), o.formaal)


def _vist(oenske: Oenske, fundet: Fundet) -> dict[str, Any]:
    vist = METODER[oenske.metode].dokument(fundet.hoved, fundet.raekke)
    if fundet.sag is None or "dokumenter" not in vist:
        return vist
    return vist | {"dokumenter": pdf.liste(fundet.sag, oenske.akt)}
