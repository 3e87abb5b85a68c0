"""Store notifications without numbers, in the transaction of the rows that they announce (architecture 6)."""

from collections.abc import Collection, Sequence
from typing import Any

from msgspec.structs import astuple
from sqlalchemy import Connection

from hub.events.besoeg import Kald, Saetning
from hub.events.forbindelse import raa_forbindelse
from hub.notifications.udkast import REGLER, Udkast

KANAL = "hub_notifikation"
"""Wakes the sequencer lane named in the payload, at the commit."""

KOLONNER = (
    ("id", "text"), ("bane", "int"), ("job_center_kode", "text"), ("sags_id", "text"), ("version", "int"), ("ekstern_identifier", "text"),
    ("get_metode", "text"), ("skabelon", "int"), ("subskabelon", "int"), ("er_oprettelse", "bool"), ("link", "text"),
    ("registrerings_dato", "timestamptz"), ("haendelsestidspunkt", "timestamptz"), ("ansoegning_status", "int"),
    ("bevillingsstatus", "int"), ("venter_paa", "text"),
)  # fmt: skip
"""The columns of `Udkast`, in the order of its fields, with their types."""
SENDTE = (("nummer", "bigint"), ("vaerdi", "bytea"), ("kafka_offset", "bigint"), ("sendt", "timestamptz"))
"""The columns beside them of a notification that its topic has."""

GAMLE = 1
"""By which rules a notification on a topic was worked out is not known: whichever came first, as far as is known."""


def _indsaet(felter: Sequence[tuple[str, str]], regler: int, resten: str = "") -> str:
    """Sorted before the insert, so that lbnr (a sequence) follows the order given: per case of versions, per event the table's."""
    navne = ", ".join(navn for navn, _ in felter)
    arrays = ", ".join(f"%({navn})b::{slags}[]" for navn, slags in felter)
    kilde = f"unnest({arrays}) WITH ORDINALITY AS u({navne}, nr)"
    return f"INSERT INTO delivery.notifikationer ({navne}, regler) SELECT {navne}, {regler} FROM {kilde} ORDER BY nr {resten}"  # noqa: S608


INDSAET = _indsaet(KOLONNER, REGLER, "ON CONFLICT (id) DO NOTHING")
INDSAET_SENDTE = _indsaet((*KOLONNER, *SENDTE), GAMLE)
GEM = Saetning(f"""
WITH nye AS ({INDSAET} RETURNING bane)
SELECT pg_notify('{KANAL}', bane::text) FROM (SELECT DISTINCT bane FROM nye) b WHERE bane <> ALL (%(egne)b::int[])
""")  # noqa: S608 - our own statements


def gem(udkast: Sequence[Udkast], egne: Collection[int] = ()) -> Kald:
    """The statement that inserts what is not there already and wakes its lanes when the caller's transaction commits.

    `egne`: lanes that the caller wakes itself after the commit. One that is given up meanwhile finds the rows at its next look.
    """
    return GEM.med(**kolonner(udkast), egne=list(egne))


def indsaet(conn: Connection, udkast: Sequence[Udkast]) -> int:
    """Insert what is not there already, in the order given, and wake nobody; return how many rows are new."""
    if not udkast:
        return 0
    return raa_forbindelse(conn).execute(INDSAET, kolonner(udkast)).rowcount


def kolonner(udkast: Sequence[Udkast]) -> dict[str, list[Any]]:
    """The rows turned into one array per column."""
    return dict(zip((navn for navn, _ in KOLONNER), map(list, zip(*map(astuple, udkast), strict=True)), strict=True))
