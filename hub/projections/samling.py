"""A partition's records gathered by case, so that each case is folded and written once; beyond a bound they lie in files.

What lies on disk is what lies on the log: personal fields are ciphertext.
"""

import struct
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, NamedTuple

I_HUKOMMELSEN = 150_000
"""Records of one partition held at once; at about half a kilobyte each."""
HOVED = struct.Struct("<qii")


class Raa(NamedTuple):
    """One record of a case: its offset and its bytes."""

    offset: int
    vaerdi: bytes


Sager = dict[bytes, list[Raa]]
"""Record key → its records in the log's order."""


class Samling:
    """Takes `ventet` records of one partition and gives them back case by case, a bounded number of records at a time."""

    def __init__(self, ventet: int, mappe: Path, hoejst: int = I_HUKOMMELSEN) -> None:
        self._sager: Sager = {}
        self._filer: list[IO[bytes]] = []
        if ventet > hoejst:
            self._filer = [TemporaryFile(dir=mappe, buffering=1 << 18) for _ in range(-(-ventet // hoejst))]  # noqa: SIM115 - closed by `luk`

    def laeg(self, poster: Iterable[tuple[bytes, Raa]]) -> None:
        """Take records in the log's order."""
        if not self._filer:
            for noegle, raa in poster:
                self._sager.setdefault(noegle, []).append(raa)
            return
        antal = len(self._filer)
        for noegle, raa in poster:
            fil = self._filer[zlib.crc32(noegle) % antal]
            fil.write(HOVED.pack(raa.offset, len(noegle), len(raa.vaerdi)) + noegle + raa.vaerdi)

    def dele(self) -> Iterator[Sager]:
        """Everything taken, in parts; every case is in exactly one of them. A part is emptied when the next is asked for."""
        if not self._filer:
            yield self._sager
        for fil in self._filer:
            sager = _laest(fil)
            yield sager
            # Whoever goes through the parts still names this one: without this, two would be in memory while the next is read.
            sager.clear()

    def luk(self) -> None:
        """Give the files back."""
        for fil in self._filer:
            fil.close()


def _laest(fil: IO[bytes]) -> Sager:
    sager: Sager = {}
    fil.seek(0)
    while hoved := fil.read(HOVED.size):
        offset, noegles, vaerdis = HOVED.unpack(hoved)
        noegle = fil.read(noegles)
        sager.setdefault(noegle, []).append(Raa(offset, fil.read(vaerdis)))
    return sager
