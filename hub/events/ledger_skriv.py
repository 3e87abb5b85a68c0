"""The end of an append: heads moved, outbox and requests written, the relay woken, all in one round trip."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import orjson
import psycopg

from hub.domain.sag import FOLD_VERSION
from hub.events import ledger_sql as sql
from hub.events.forbindelse import Forbindelse, Raekke
from hub.events.ledger_fejl import OptagetAfAnden
from hub.events.stroem import Stroem, pak
from hub.events.topics import FAKTA


class Outboxraekke(NamedTuple):
    """One event as the relay sends it."""

    partition: int
    stroem: str
    version: int
    vaerdi: bytes
    hoveder: str


class Anmodning(NamedTuple):
    """One request that was appended, with its receipt."""

    request_id: str
    request_hash: bytes
    kvittering: dict[str, Any]


def skriv(raa: Forbindelse, stroemme: Iterable[Stroem], outbox: Sequence[Outboxraekke], nye: Sequence[Anmodning]) -> list[int]:
    """Write everything; the ids of the outbox rows, in their order. Raises `OptagetAfAnden`."""
    alle = list(stroemme)
    tomme = [s.navn for s in alle if s.version == 0]
    if tomme:
        raa.execute(sql.FJERN_TOMME, {"stroemme": tomme})
    if not nye:
        return []
    roerte = {raekke.stroem for raekke in outbox}
    with raa.pipeline():
        ids = bogfoer(raa, FAKTA, [s for s in alle if s.navn in roerte], outbox)
        skrevne = raa.execute(sql.NYE_ANMODNINGER, _anmodninger(nye))
    if skrevne.rowcount != len(nye):
        raise OptagetAfAnden
    return [id_ for (id_,) in ids]


def bogfoer(raa: Forbindelse, topic: str, stroemme: Sequence[Stroem], outbox: Sequence[Outboxraekke]) -> psycopg.Cursor[Raekke]:
    """Move the heads, lay the events in the outbox and wake the relay; a cursor of the outbox rows' ids. For use in a pipeline."""
    raa.execute(sql.FLYT_HOVEDER, _hoveder(stroemme))
    ids = raa.execute(sql.I_OUTBOX, _outbox(topic, outbox))
    raa.execute(sql.VAEK_RELAEET, {"baner": sorted({f"{topic}:{raekke.partition}" for raekke in outbox})})
    return ids


def _hoveder(stroemme: Sequence[Stroem]) -> dict[str, Any]:
    return {
        "fold_version": FOLD_VERSION,
        "stroemme": [s.navn for s in stroemme],
        "versioner": [s.version for s in stroemme],
        "hoveder": [s.hoved for s in stroemme],
        "sager": [None if s.sag is None else pak(s.sag) for s in stroemme],
        "registreret": [s.registreret for s in stroemme],
    }


def _outbox(topic: str, raekker: Sequence[Outboxraekke]) -> dict[str, Any]:
    partitioner, stroemme, versioner, vaerdier, hoveder = (list(kolonne) for kolonne in zip(*raekker, strict=True))
    return {
        "topic": topic,
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
