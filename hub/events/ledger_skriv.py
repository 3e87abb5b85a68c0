"""The end of an append: heads moved, outbox and requests written, the relay woken, and the commit, all in one round trip."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import orjson
import psycopg

from hub.events import ledger_sql as sql
from hub.events.arter import ARTER
from hub.events.besoeg import FULDFOER, Kald, besoeg
from hub.events.forbindelse import Forbindelse
from hub.events.ledger_fejl import OptagetAfAnden
from hub.events.stroem import Stroem, pak


class Outboxraekke(NamedTuple):
    """One event as the relay sends it."""

    partition: int
    stroem: str
    version: int
    vaerdi: bytes
    hoveder: str


class Anmodning(NamedTuple):
    """One request that was appended, with its receipt. `akt`: the act that its case has from now on; None: no new one."""

    request_id: str
    request_hash: bytes
    kvittering: dict[str, Any]
    akt: str | None = None


OPTAGES = frozenset({"anmodninger", "akter"})
"""The tables in which another append may have been first."""


def skriv(raa: Forbindelse, topic: str, stroemme: Iterable[Stroem], outbox: Sequence[Outboxraekke], nye: Sequence[Anmodning]) -> list[int]:
    """Write everything and commit; the ids of the outbox rows, in their order. Raises `OptagetAfAnden`."""
    alle = list(stroemme)
    tomme = [s.navn for s in alle if s.version == 0]
    if tomme:
        raa.execute(sql.FJERN_TOMME, {"stroemme": tomme})
    if not nye:
        return []
    try:
        skrevet, _ = besoeg(raa, *slut(topic, alle, outbox, nye))
    except psycopg.errors.UniqueViolation as fejl:
        if fejl.diag.table_name not in OPTAGES:
            raise
        raise OptagetAfAnden from None
    ids: list[int] = skrevet[0][0] if outbox else []
    return ids


def slut(topic: str, stroemme: Iterable[Stroem], outbox: Sequence[Outboxraekke], nye: Sequence[Anmodning]) -> tuple[Kald, Kald]:
    """The statements that write everything and commit; the first one's row has the ids of the outbox rows, if there are any."""
    roerte = {raekke.stroem for raekke in outbox}
    return bogfoer(topic, [s for s in stroemme if s.navn in roerte], outbox, nye) if outbox else noter(nye), FULDFOER


def noter(nye: Sequence[Anmodning]) -> Kald:
    """Note requests that gave no event."""
    return sql.NOTER.med(**_anmodninger(nye))


def bogfoer(topic: str, stroemme: Sequence[Stroem], outbox: Sequence[Outboxraekke], nye: Sequence[Anmodning] = ()) -> Kald:
    """Move the heads, lay the events in the outbox, note the requests and their acts, and wake the relay; one row: the outbox rows' ids."""
    baner = sorted({f"{topic}:{raekke.partition}" for raekke in outbox})
    return sql.BOGFOER.med(topic=topic, baner=baner, **_hoveder(topic, stroemme), **_outbox(outbox), **_anmodninger(nye), **_akter(nye))


def _hoveder(topic: str, stroemme: Sequence[Stroem]) -> dict[str, Any]:
    return {
        "fold_version": ARTER[topic].fold_version,
        "flyttede": [s.navn for s in stroemme],
        "hovedversioner": [s.version for s in stroemme],
        "nye_hoveder": [s.hoved for s in stroemme],
        "sager": [None if s.sag is None else pak(s.sag) for s in stroemme],
        "registreret": [s.registreret for s in stroemme],
    }


def _outbox(raekker: Sequence[Outboxraekke]) -> dict[str, Any]:
    partitioner, stroemme, versioner, vaerdier, hoveder = (list(kolonne) for kolonne in zip(*raekker, strict=True))
    return {
        "partitioner": partitioner,
        "stroemme": stroemme,
        "versioner": versioner,
        "vaerdier": vaerdier,
        "hoveder": hoveder,
    }


def _anmodninger(nye: Sequence[Anmodning]) -> dict[str, Any]:
    return {
        "request_ids": [a.request_id for a in nye],
        "hashes": [a.request_hash for a in nye],
        "kvitteringer": [orjson.dumps(a.kvittering).decode() for a in nye],
    }


def _akter(nye: Sequence[Anmodning]) -> dict[str, Any]:
    nye_akter = [(a.akt, a.kvittering["sagsId"]) for a in nye if a.akt is not None]
    return {"akter": [akt for akt, _ in nye_akter], "akters_sager": [sag for _, sag in nye_akter]}
