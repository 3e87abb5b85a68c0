"""The keys of citizens and cases in PostgreSQL (schema `keys`), wrapped by the master key; a CPR number is there only as a keyed hash.

What finds or creates is safe against others doing the same at once, at PostgreSQL's default isolation level: an insert waits for the other
transaction and then does nothing, and the next statement sees what it committed. Rows are inserted in sorted order, so that none deadlock.
"""

import hashlib
import hmac
import secrets
import uuid
from collections.abc import Iterable, Mapping
from typing import Literal

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import ARRAY, Connection, LargeBinary, Text, any_, literal, select
from sqlalchemy.dialects.postgresql import insert

from hub.events.tables import NOEGLER, PERSONER

NOEGLE_BYTES = 32
NONCE = 12
Slags = Literal["borger", "sag"]


class Noeglering:
    """Find, create and unwrap keys. `master` is the master key's 32 bytes; three keys are derived from it, each for one use (HKDF-SHA256).

    Nothing is kept between calls: a key remembered here would outlive its erasure by another process, and unwrapping takes microseconds.
    """

    def __init__(self, master: bytes) -> None:
        if len(master) != NOEGLE_BYTES:
            raise ValueError(f"the master key must be {NOEGLE_BYTES} bytes")
        self._indpakning = AESGCM(_afledt(master, b"vitas-hub/noegler"))
        self._cpr_noegle = _afledt(master, b"vitas-hub/personer")
        self._anmodning_noegle = _afledt(master, b"vitas-hub/anmodninger")

    def request_hash(self, payload: bytes) -> bytes:
        """The keyed hash (32 bytes) of a request's canonical body: equal for equal bodies, tells nothing without the master key."""
        return hmac.digest(self._anmodning_noegle, payload, hashlib.sha256)

    def find_borger(self, conn: Connection, cpr: str) -> str | None:
        """The citizen's borgerId; None when there is none with this CPR number."""
        return self._kendte(conn, [self._cpr_hmac(cpr)]).get(self._cpr_hmac(cpr))

    def borgere(self, conn: Connection, cprs: Iterable[str]) -> dict[str, str]:
        """CPR number → borgerId; citizens not met before get a random one, kept when the caller commits."""
        hmacs = {cpr: self._cpr_hmac(cpr) for cpr in cprs}
        kendte = self._kendte(conn, hmacs.values())
        nye = sorted(set(hmacs.values()) - kendte.keys())
        if nye:
            conn.execute(insert(PERSONER).on_conflict_do_nothing(), [{"cpr_hmac": h, "borger_id": str(uuid.uuid4())} for h in nye])
            kendte |= self._kendte(conn, nye)
        return {cpr: kendte[h] for cpr, h in hmacs.items()}

    def noegler(self, conn: Connection, refs: Mapping[str, tuple[Slags, str]]) -> dict[str, bytes]:
        """Key name (borgerId or sagsId) → key; missing ones are made, kept when the caller commits.

        `refs`: key name → its kind, and the citizen (borgerId) with whom it is erased.
        """
        kendte = self.hent(conn, refs)
        nye = sorted(refs.keys() - kendte.keys())
        if nye:
            conn.execute(insert(NOEGLER).on_conflict_do_nothing(), [self._ny(ref, *refs[ref]) for ref in nye])
            kendte |= self.hent(conn, nye)
        return kendte

    def hent(self, conn: Connection, refs: Iterable[str]) -> dict[str, bytes]:
        """Key name → key of those that exist; one that is missing was erased (or never made).

        Raises `InvalidTag` when they were wrapped under another master key.
        """
        soegte = any_(literal(list(refs), ARRAY(Text)))
        raekker = conn.execute(select(NOEGLER.c.noegle, NOEGLER.c.indpakket).where(NOEGLER.c.noegle == soegte))
        return {ref: self._pak_ud(ref, indpakket) for ref, indpakket in raekker}

    def _kendte(self, conn: Connection, hmacs: Iterable[bytes]) -> dict[bytes, str]:
        soegte = any_(literal(list(hmacs), ARRAY(LargeBinary)))
        raekker = conn.execute(select(PERSONER.c.cpr_hmac, PERSONER.c.borger_id).where(PERSONER.c.cpr_hmac == soegte))
        return {bytes(h): borger_id for h, borger_id in raekker}

    def _cpr_hmac(self, cpr: str) -> bytes:
        return hmac.digest(self._cpr_noegle, cpr.encode(), hashlib.sha256)

    def _ny(self, ref: str, slags: Slags, borger_id: str) -> dict[str, str | bytes]:
        return {"noegle": ref, "slags": slags, "borger_id": borger_id, "indpakket": self._indpak(ref, secrets.token_bytes(NOEGLE_BYTES))}

    def _indpak(self, ref: str, noegle: bytes) -> bytes:
        nonce = secrets.token_bytes(NONCE)
        return nonce + self._indpakning.encrypt(nonce, noegle, ref.encode())

    def _pak_ud(self, ref: str, indpakket: bytes) -> bytes:
        return self._indpakning.decrypt(indpakket[:NONCE], indpakket[NONCE:], ref.encode())


def _afledt(master: bytes, brug: bytes) -> bytes:
    return HKDF(SHA256(), NOEGLE_BYTES, salt=None, info=brug).derive(master)
