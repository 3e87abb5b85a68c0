"""A sealed value: ciphertext that travels from the door to the query with its origin (architecture 7)."""

from typing import Any, Literal

import msgspec


class Forseglet(msgspec.Struct, frozen=True, gc=False, rename={"noegle": "n", "haendelse": "h", "felt": "f", "data": "d"}):
    """AES-GCM ciphertext of one JSON value; `haendelse` and `felt` are its AAD, `noegle` names the key (borgerId or sagsId).

    `data` is nonce (12 bytes) + ciphertext + tag (16 bytes). Never re-sealed, never derived from; opened only at the query.
    """

    noegle: str
    haendelse: str
    felt: str
    data: bytes


class Afkortes(msgspec.Struct, frozen=True, gc=False):
    """A sealed text in a document that shows at most `hoejst` characters of it, and how many it has (R-5.2); itself it stays whole."""

    segl: Forseglet
    hoejst: int


Fortrolig = Forseglet | str | dict[str, Any]
"""A field marked sealed: clear (text or JSON object) as `decide` gives it, `Forseglet` from the ledger on."""

Segl = Literal["aaben", "borger", "sag"]
"""How a schema field is marked: open, sealed with the citizen's key, sealed with the case's key."""
