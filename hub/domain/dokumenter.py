"""What a document is to the domain: its types, what is known of one that was uploaded, and its bytes as a leaf of an answer."""

from typing import NamedTuple

import msgspec

PDF = "application/pdf"
"""The one media type that the store takes."""


class Uploadet(NamedTuple):
    """What the store has of an upload: its size in bytes and its media type."""

    stoerrelse: int
    mimetype: str


class Indhold(msgspec.Struct, frozen=True, gc=False):
    """A document's bytes as a leaf of an answer, still closed: the name of their key, their SHA-256 and size. Opened only at the query."""

    noegle: str
    sha256: str
    stoerrelse: int


def noeglenavn(sags_id: str, sha256: str) -> str:
    """The name of a case's key to a document: erased with the case's citizen."""
    return f"{sags_id}/{sha256}"
