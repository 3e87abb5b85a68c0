"""A notification without its number: what the projection commits and a sequencer lane numbers (architecture 6)."""

import uuid
import zlib
from datetime import datetime
from typing import NamedTuple

import msgspec

ANTAL_BANER = 8
REGLER = 2
"""Raised when a notification of the same event would say something else than before. What was told stays as it was told; `hub verify` holds
what older rules gave to the event, recipient, act and version alone.
"""
# Drawn once; part of every notification's id, so it never changes.
NAVNERUM = uuid.UUID("5d0f0a0e-6f1b-4a57-9a0c-3c3f6f0b7a11")


class Omtale(NamedTuple):
    """What a notification names: an act, and the GetMetode that fetches it by the act's id."""

    akt_id: str
    get_metode: str


class Udkast(msgspec.Struct, frozen=True, gc=False):
    """One row of `notifikationer` before its number: codes as numbers, times aware UTC, nothing personal.

    `venterPaa` is the id of the notification that must be on its topic before this one is numbered (a move).
    """

    id: str
    bane: int
    jobCenterKode: str
    sagsId: str
    version: int
    eksternIdentifier: str
    getMetode: str
    skabelon: int
    subskabelon: int
    erOprettelse: bool
    link: str
    registreringsDato: datetime
    haendelsestidspunkt: datetime
    ansoegningStatus: int | None = None
    bevillingsstatus: int | None = None
    venterPaa: str | None = None


def bane(job_center_kode: str) -> int:
    """The sequencer lane (0–7) of a jobcentre: stable over processes, versions and machines."""
    return zlib.crc32(job_center_kode.encode()) % ANTAL_BANER


def notifikations_id(haendelses_id: str, job_center_kode: str, omtale: Omtale) -> str:
    """The same event, recipient, act and GetMetode give the same id, whoever works it out and whenever."""
    return str(uuid.uuid5(NAVNERUM, f"{haendelses_id}/{job_center_kode}/{omtale.akt_id}/{omtale.get_metode}"))


def link(ordning: str, omtale: Omtale, version: int) -> str:
    """The API path that answers with this version of the act or a later one (contract)."""
    return f"/v1/{ordning}/{omtale.get_metode}/{omtale.akt_id}?version={version}"
