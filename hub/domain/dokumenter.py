"""What a document is to the domain: its type, which upload an action names, and its bytes as a leaf of an answer."""

import msgspec

from hub.domain.handlinger import Handling
from hub.domain.handlinger_dokument import TilfoejDokument
from hub.domain.reference_handlinger import Referencehandling

PDF = "application/pdf"
"""The one media type that the store takes."""


class Indhold(msgspec.Struct, frozen=True, gc=False):
    """A document's bytes as a leaf of an answer, still closed: the name of their key, their SHA-256 and size. Opened only at the query."""

    noegle: str
    sha256: str
    stoerrelse: int


def noeglenavn(sags_id: str, sha256: str) -> str:
    """The name of a case's key to a document: erased with the case's citizen."""
    return f"{sags_id}/{sha256}"


def naevnt(handling: Handling | Referencehandling) -> str | None:
    """The SHA-256 of the upload that an action names; None: it names none."""
    return handling.data.sha256 if isinstance(handling.data, TilfoejDokument) else None
