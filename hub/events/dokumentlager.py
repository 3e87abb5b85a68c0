"""The document store: each document its own random key, wrapped by the master key in the database; its bytes encrypted in a folder."""

import secrets
from typing import NamedTuple

from sqlalchemy import Connection, Engine

from hub.events import uploads
from hub.events.dokumentfil import Dokumentfejl, Laeser, filnavn
from hub.events.dokumentmappe import Dokumentmappe, Kladde
from hub.events.keys import NOEGLE_BYTES, Noeglering


class ForMangeVenter(Exception):
    """The uploads that no action has named yet are as many bytes as the store takes."""


class Modtagelse(NamedTuple):
    """A document on its way into the store, by the SHA-256 it shall have."""

    sha256: str
    noegle: bytes
    kladde: Kladde


class Dokumentlager:
    """Takes and opens documents; used by any number of threads and processes at once. `hoejst_ventende`: bytes."""

    def __init__(self, engine: Engine, noeglering: Noeglering, mappe: Dokumentmappe, hoejst_ventende: int) -> None:
        self._engine = engine
        self._noeglering = noeglering
        self._mappe = mappe
        self._hoejst_ventende = hoejst_ventende

    def begynd(self, sha256: str) -> Modtagelse:
        """A draft, under the key that an earlier upload of the same document has, so that a file that was damaged becomes whole again.

        Raises `ForMangeVenter`, OSError.
        """
        with self._engine.begin() as conn:
            kendt = uploads.find(conn, sha256)
            if kendt is None and uploads.ventende(conn) >= self._hoejst_ventende:
                raise ForMangeVenter
        noegle = secrets.token_bytes(NOEGLE_BYTES) if kendt is None else self._pak_ud(sha256, kendt.indpakket)
        return Modtagelse(sha256, noegle, self._mappe.ny(noegle, sha256))

    def afslut(self, modtagelse: Modtagelse, mimetype: str) -> bool:
        """Keep a draft that has been found right; False when the store had the document already. Raises OSError.

        The file first, whole and on the disk, then its row: what has a row has a file. Of two at once, one keeps its key.
        """
        sha256, noegle, kladde = modtagelse
        kladde.skriver.faerdig()
        with self._engine.begin() as conn:
            uploads.laas(conn, alene=False)
            self._mappe.saet_ind(kladde, noegle)
            indpakket = self._noeglering.pak_ind(uploads.noeglenavn(sha256), noegle)
            if uploads.gem(conn, sha256, kladde.skriver.stoerrelse, mimetype, indpakket):
                return True
            self._fjern_taberen(conn, modtagelse)
        return False

    def aabn(self, noegle: bytes, sha256: str, stoerrelse: int) -> Laeser:
        """A document, held against its SHA-256, to be read and closed. Raises `Dokumentfejl`, OSError."""
        laeser = self._mappe.aabn(noegle, sha256, stoerrelse)
        try:
            laeser.kontroller()
        except (Dokumentfejl, OSError):
            laeser.luk()
            raise
        return laeser

    def _fjern_taberen(self, conn: Connection, modtagelse: Modtagelse) -> None:
        """The file of a key that lost to another upload of the same document."""
        kendt = uploads.find(conn, modtagelse.sha256)
        if kendt is not None and self._pak_ud(modtagelse.sha256, kendt.indpakket) != modtagelse.noegle:
            self._mappe.fjern(filnavn(modtagelse.noegle), kladde=False)

    def _pak_ud(self, sha256: str, indpakket: bytes) -> bytes:
        return self._noeglering.pak_ud(uploads.noeglenavn(sha256), indpakket)
