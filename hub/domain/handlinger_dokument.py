"""The data of the action that gives an act a document (contract.md, Actions); its bytes were uploaded before."""

from typing import Literal

from hub.domain.felter import Filnavn, Model, Sha256, Stoerrelse, Uuid


class TilfoejDokument(Model):
    """The act it is about, and what was uploaded: its file name, media type, bytes and SHA-256 (hexadecimal)."""

    vedroerer: Uuid
    navn: Filnavn
    mimetype: Literal["application/pdf"]
    stoerrelse: Stoerrelse
    sha256: Sha256
