"""The keys of citizens and cases in PostgreSQL (schema `keys`), wrapped by the master key; a CPR number is there only as a keyed hash.

What finds or creates is safe against others doing the same at once, at PostgreSQL's default isolation level: an insert waits for the other
transaction and then does nothing, and the next statement sees what it committed. Rows are inserted in sorted order, so that none deadlock.
The SQL goes straight to the driver: two keys are asked for on every read and append, and building the statements cost more than all else.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Connection

from hub.events.forbindelse import Raekke, raa_forbindelse
from hub.events.personer import Personregister

NOEGLE_BYTES = 32
NONCE = 12
Slags = Literal["borger", "sag", "dokument"]

FIND_NOEGLER = "SELECT noegle, indpakket FROM keys.noegler WHERE noegle = ANY(%(noegler)b)"
NYE_NOEGLER = """
INSERT INTO keys.noegler (noegle, slags, borger_id, indpakket)
SELECT n.noegle, n.slags, n.borger_id, n.indpakket
FROM unnest(%(noegler)b::text[], %(slags)b::text[], %(borgere)b::text[], %(indpakkede)b::bytea[]) AS n (noegle, slags, borger_id, indpakket)
ORDER BY n.noegle
ON CONFLICT DO NOTHING RETURNING noegle
"""


class Noeglering:
    """Find, create and unwrap keys. `master` is the master key's 32 bytes; three keys are derived from it, each for one use (HKDF-SHA256).

    Nothing is kept between calls: a key remembered here would outlive its erasure by another process, and unwrapping takes microseconds.
    """

    def __init__(self, master: bytes) -> None:
        if len(master) != NOEGLE_BYTES:
            raise ValueError(f"the master key must be {NOEGLE_BYTES} bytes")
        self._indpakning = AESGCM(_afledt(master, b"vitas-hub/noegler"))
        self.personer = Personregister(_afledt(master, b"vitas-hub/personer"))
        self._anmodning_noegle = _afledt(master, b"vitas-hub/anmodninger")

    def request_hash(self, payload: bytes) -> bytes:
        """The keyed hash (32 bytes) of a request's canonical body: equal for equal bodies, tells nothing without the master key."""
        return hmac.digest(self._anmodning_noegle, payload, hashlib.sha256)

    def find_borger(self, conn: Connection, cpr: str) -> str | None:
        """The borgerId of the citizen whose CPR number this is or was; None when there is none."""
        person = self.personer.find(conn, cpr)
        return None if person is None else person.borger_id

    def borgere(self, conn: Connection, cprs: Iterable[str]) -> dict[str, str]:
        """CPR number → borgerId; citizens not met before get one. Raises `IkkeGaeldende`; nobody was made then."""
        return self.personer.borgere(conn, cprs)

    def noegler(self, conn: Connection, refs: Mapping[str, tuple[Slags, str]]) -> dict[str, bytes]:
        """Key name (borgerId or sagsId) → key; missing ones are made, kept when the caller commits.

        `refs`: key name → its kind, and the citizen (borgerId) with whom it is erased.
        """
        kendte = self.hent(conn, refs)
        nye = sorted(refs.keys() - kendte.keys())
        if nye:
            kendte |= self._nye(conn, nye, refs)
            kendte |= self.hent(conn, [ref for ref in nye if ref not in kendte])
        return kendte

    def hent(self, conn: Connection, refs: Iterable[str]) -> dict[str, bytes]:
        """Key name → key of those that exist; one that is missing was erased (or never made).

        Raises `InvalidTag` when they were wrapped under another master key.
        """
        soegte = list(refs)
        return {ref: self.pak_ud(ref, indpakket) for ref, indpakket in (_spoerg(conn, FIND_NOEGLER, noegler=soegte) if soegte else ())}

    def pak_ind(self, ref: str, noegle: bytes) -> bytes:
        """The key as a row of that name keeps it, wrapped by the master key."""
        nonce = secrets.token_bytes(NONCE)
        return nonce + self._indpakning.encrypt(nonce, noegle, ref.encode())

    def pak_ud(self, ref: str, indpakket: bytes) -> bytes:
        """The key of the name, as its row has it wrapped. Raises `InvalidTag` when it is not that name's, or of another master key."""
        return self._indpakning.decrypt(indpakket[:NONCE], indpakket[NONCE:], ref.encode())

    def _nye(self, conn: Connection, navne: Sequence[str], refs: Mapping[str, tuple[Slags, str]]) -> dict[str, bytes]:
        """Make keys; those that another transaction made meanwhile are not among them."""
        noegler = {ref: secrets.token_bytes(NOEGLE_BYTES) for ref in navne}
        slags, borgere = zip(*(refs[ref] for ref in navne), strict=True)
        indpakkede = [self.pak_ind(ref, noegle) for ref, noegle in noegler.items()]
        lavet = _spoerg(conn, NYE_NOEGLER, noegler=list(navne), slags=list(slags), borgere=list(borgere), indpakkede=indpakkede)
        return {ref: noegler[ref] for (ref,) in lavet}


def _spoerg(conn: Connection, sql: str, **felter: Sequence[str] | Sequence[bytes]) -> list[Raekke]:
    return raa_forbindelse(conn).execute(sql, felter, binary=True).fetchall()


def _afledt(master: bytes, brug: bytes) -> bytes:
    return HKDF(SHA256(), NOEGLE_BYTES, salt=None, info=brug).derive(master)
