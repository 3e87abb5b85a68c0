"""The envelope of every event: who, when, on which case, and its place in the chain."""

from datetime import datetime
from typing import Literal

import msgspec

from hub.domain.forseglet import Fortrolig

AktoerType = Literal["Sagsbehandler", "Virksomhed", "Borger", "AndenAktoer", "System", "Styrelsen"]
AABNE_AKTOERER = frozenset({"Sagsbehandler", "System", "Styrelsen"})
"""Actors at work, whose name and id stand open; everybody else's are sealed (architecture 7)."""


class Aktoer(msgspec.Struct, frozen=True, gc=False):
    """Who acted. `id` and `navn` are null when sealed, `forseglet` (a JSON object {id, navn}) null when open."""

    type: str
    id: str | None = None
    navn: str | None = None
    forseglet: Fortrolig | None = None
    organisationstype: str | None = None
    organisationskode: str | None = None


class Kuvert(msgspec.Struct, frozen=True, gc=False):
    """The envelope. `version` counts 1, 2, 3 … per case; times are aware UTC; hashes are 32 bytes.

    `requestHash` is a keyed hash of the request (same x-requestId, other body → 412);
    `forgaenger` is the SHA-256 of the predecessor's bytes in the stream, null for version 1.
    """

    haendelsesId: str
    sagsId: str
    version: int
    eksternIdentifier: str
    haendelsestidspunkt: datetime
    registreringstidspunkt: datetime
    aktoer: Aktoer
    requestId: str
    requestHash: bytes
    korrelationsId: str
    forgaenger: bytes | None = None
