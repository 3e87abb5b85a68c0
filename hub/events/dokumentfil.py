"""One encrypted document as a file: pieces of AES-256-GCM that can be written as they come and read with little memory.

The file: `MAERKE`, 7 random bytes, then the pieces, each 192 KiB of clear bytes (the last may be shorter) and its tag. A piece's nonce is
the random bytes, its number (4 bytes) and whether it is the last (1 byte), so pieces are neither moved, left out nor cut off unseen; its
AAD is the SHA-256 that the document goes by, so that no file can stand in for another under the same key.
"""

import hashlib
import hmac
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MAERKE = b"VHD1"
TILFAELDIG = 7
STYKKE = 192 * 1024
MAERKAT = 16
HOVED = len(MAERKE) + TILFAELDIG


class Dokumentfejl(Exception):
    """A document cannot be read from the store; the text is ours and holds nothing of it."""


class DokumentMangler(Dokumentfejl):
    """Its file is not there."""


class DokumentBeskadiget(Dokumentfejl):
    """Its file is there and is not what was written: changed, cut, too long, or of another document."""


def filnavn(noegle: bytes) -> str:
    """The name of the document's file, 64 hexadecimal characters: who has not got the key cannot tell whose it is."""
    return hmac.digest(noegle, b"vitas-hub/dokumentfil", hashlib.sha256).hex()


def laengde(stoerrelse: int) -> int:
    """The length of the file of a document of so many bytes (at least one)."""
    return HOVED + stoerrelse + -(-stoerrelse // STYKKE) * MAERKAT


class Skriver:
    """Writes one document to a file that is not there yet (mode 0600); `stoerrelse` and `sha256` are of what has been taken."""

    def __init__(self, sti: Path, noegle: bytes, sha256: str) -> None:
        self.stoerrelse = 0
        self._hash = hashlib.sha256()
        self._lukker = _Lukker(noegle, sha256, secrets.token_bytes(TILFAELDIG))
        self._rest = bytearray()
        self._nummer = 0
        self._fil: BinaryIO = os.fdopen(os.open(sti, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        self._fil.write(MAERKE + self._lukker.tilfaeldig)

    @property
    def sha256(self) -> str:
        """The SHA-256 of the clear bytes taken, 64 hexadecimal characters."""
        return self._hash.hexdigest()

    def tag(self, klar: bytes) -> None:
        """Take the next bytes. A piece is written when another one follows: only then it is known not to be the last."""
        self.stoerrelse += len(klar)
        self._hash.update(klar)
        self._rest += klar
        while len(self._rest) > STYKKE:
            self._skriv(bytes(self._rest[:STYKKE]), sidste=False)
            del self._rest[:STYKKE]

    def faerdig(self) -> None:
        """Write the last piece; when this returns the bytes are on the disk."""
        self._skriv(bytes(self._rest), sidste=True)
        self._fil.flush()
        os.fsync(self._fil.fileno())
        self._fil.close()

    def luk(self) -> None:
        """Let go of the file, whatever it holds."""
        self._fil.close()

    def _skriv(self, klar: bytes, *, sidste: bool) -> None:
        self._fil.write(self._lukker.luk(self._nummer, klar, sidste=sidste))
        self._nummer += 1


class Laeser:
    """An open document of a known size. Close it; what it reads is bounded by that size, whatever the file has become."""

    def __init__(self, sti: Path, noegle: bytes, sha256: str, stoerrelse: int) -> None:
        """Raises `DokumentMangler`, `DokumentBeskadiget`, OSError."""
        self._sha256, self._stoerrelse = sha256, stoerrelse
        try:
            self._fil: BinaryIO = sti.open("rb")
        except FileNotFoundError:
            raise DokumentMangler("the file is not in the store") from None
        hoved = self._fil.read(HOVED)
        if os.fstat(self._fil.fileno()).st_size != laengde(stoerrelse) or not hoved.startswith(MAERKE):
            self._fil.close()
            raise DokumentBeskadiget("the file has another length or beginning")
        self._lukker = _Lukker(noegle, sha256, hoved[len(MAERKE) :])

    def kontroller(self) -> None:
        """Read it all and hold it against its SHA-256. Raises `DokumentBeskadiget`, OSError."""
        sum_ = hashlib.sha256()
        for stykke in self.stykker():
            sum_.update(stykke)
        if sum_.hexdigest() != self._sha256:
            raise DokumentBeskadiget("the document has another SHA-256")

    def stykker(self) -> Iterator[bytes]:
        """The clear bytes from the beginning, piece by piece. Raises `DokumentBeskadiget`, OSError."""
        self._fil.seek(HOVED)
        antal = -(-self._stoerrelse // STYKKE)
        for nummer in range(antal):
            lukket = self._fil.read(STYKKE + MAERKAT)
            yield self._lukker.aabn(nummer, lukket, sidste=nummer == antal - 1)

    def luk(self) -> None:
        """Let go of the file."""
        self._fil.close()


class _Lukker:
    """Closes and opens the pieces of one file."""

    def __init__(self, noegle: bytes, sha256: str, tilfaeldig: bytes) -> None:
        self.tilfaeldig = tilfaeldig
        self._aad = sha256.encode()
        self._gcm = AESGCM(hmac.digest(noegle, b"vitas-hub/dokumentbytes", hashlib.sha256))

    def luk(self, nummer: int, klar: bytes, *, sidste: bool) -> bytes:
        return self._gcm.encrypt(self._nonce(nummer, sidste), klar, self._aad)

    def aabn(self, nummer: int, lukket: bytes, *, sidste: bool) -> bytes:
        try:
            return self._gcm.decrypt(self._nonce(nummer, sidste), lukket, self._aad)
        except (InvalidTag, ValueError):
            raise DokumentBeskadiget(f"piece {nummer} of the file was changed") from None

    def _nonce(self, nummer: int, sidste: bool) -> bytes:
        return self.tilfaeldig + nummer.to_bytes(4, "big") + bytes([sidste])
