"""The folder of the document store: drafts become documents by one rename, and nothing else is ever changed in place.

`<folder>/ny/` holds drafts, `<folder>/<first two characters>/<name>` documents. Any number of processes on any number of machines may
use one folder, as long as its file system has an atomic rename.
"""

import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from hub.events.dokumentfil import Laeser, Skriver, filnavn

NYE = "ny"
MODE = 0o700


class Kladde(NamedTuple):
    """A document on its way in: who writes it, and where."""

    skriver: Skriver
    sti: Path

    def kasser(self) -> None:
        """Let go of it and leave nothing behind; one that has become a document stays one."""
        self.skriver.luk()
        self.sti.unlink(missing_ok=True)


class Fil(NamedTuple):
    """A file of the store: its name, its size on disk, when it was written (seconds since 1970), and whether it is a draft."""

    navn: str
    bytes: int
    skrevet: float
    kladde: bool


class Dokumentmappe:
    """The folder; made when it is first written to."""

    def __init__(self, rod: Path) -> None:
        self._rod = rod

    def ny(self, noegle: bytes, sha256: str) -> Kladde:
        """A draft of the document that goes by `sha256`. Raises OSError."""
        sti = self._mappe(NYE) / secrets.token_hex(16)
        return Kladde(Skriver(sti, noegle, sha256), sti)

    def saet_ind(self, kladde: Kladde, noegle: bytes) -> None:
        """Make a draft that is finished the document of its key, in the place of one that may be there; kept also when the power goes now.

        Raises OSError.
        """
        sti = self._sti(filnavn(noegle))
        self._mappe(sti.parent.name)
        kladde.sti.rename(sti)
        _paa_disk(sti.parent)

    def aabn(self, noegle: bytes, sha256: str, stoerrelse: int) -> Laeser:
        """The document of the key, to be checked and read. Raises `DokumentMangler`, `DokumentBeskadiget`, OSError."""
        return Laeser(self._sti(filnavn(noegle)), noegle, sha256, stoerrelse)

    def fjern(self, navn: str, *, kladde: bool) -> None:
        """Remove a file, if it is there. Raises OSError."""
        (self._rod / NYE / navn if kladde else self._sti(navn)).unlink(missing_ok=True)

    def filer(self) -> Iterator[Fil]:
        """Every file of the store; one that goes away meanwhile is passed over. Raises OSError."""
        for sti in sorted(self._rod.glob("*/*")):
            try:
                stand = sti.stat()
            except FileNotFoundError:
                continue
            yield Fil(sti.name, stand.st_size, stand.st_mtime, sti.parent.name == NYE)

    def _sti(self, navn: str) -> Path:
        return self._rod / navn[:2] / navn

    def _mappe(self, navn: str) -> Path:
        """A folder of the store, made when it is not there."""
        mappe = self._rod / navn
        if not mappe.is_dir():
            self._rod.mkdir(mode=MODE, parents=True, exist_ok=True)
            mappe.mkdir(mode=MODE, exist_ok=True)
            _paa_disk(self._rod)
        return mappe


def _paa_disk(mappe: Path) -> None:
    """Have the names in a folder on the disk: a rename is kept only with its folder."""
    beskriver = os.open(mappe, os.O_RDONLY)
    try:
        os.fsync(beskriver)
    finally:
        os.close(beskriver)
