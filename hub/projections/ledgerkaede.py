"""One stream's row in the ledger beside what its log folds to.

What the ledger has beyond the log's head was set aside, or is in the outbox on its way: link by link from the one head to the other.
"""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Row

from hub.domain.foldning import KanIkkeFoldes
from hub.events.arter import Art
from hub.events.codec import Kodeks, Ulaeselig
from hub.events.stroem import pak
from hub.projections.fund import vist


class Hoved(NamedTuple):
    """A stream as its log folds: what its row in the ledger must say."""

    version: int
    hoved: bytes | None
    registreret: datetime | None
    sag: Any


class Kilde(NamedTuple):
    """The log that the ledger is held against: the partition of a topic, and the offset up to which it was read."""

    art: Art
    partition: int
    slut: int


def paa_vej(raekker: Iterable[Row[Any]], log: Kilde, kodeks: Kodeks) -> dict[bytes, Any]:
    """The events that the log up to its end does not have yet, by their hashes; bytes that are none lead nowhere."""
    fundne: dict[bytes, Any] = {}
    for raekke in raekker:
        if raekke.foran is None or (raekke.kafka_offset is not None and raekke.kafka_offset < log.slut):
            continue
        try:
            haendelse = log.art.afkod(kodeks, raekke.foran)
        except Ulaeselig:
            continue
        if haendelse.kuvert.version == raekke.version and haendelse.kuvert.sagsId == raekke.stroem:
            fundne[raekke.aftryk] = haendelse
    return fundne


def raekkens(
    log: Kilde, hoved: Hoved, raekke: Row[Any] | None, kendte: tuple[Mapping[bytes, Any], Container[bytes]]
) -> Iterator[tuple[str, str, str]]:
    """Column and both values of what differs in a stream's row.

    `kendte`: events that are not in the fold (set aside, or on their way to the log) by hash, and which of them were discarded.
    """
    if raekke is None:
        yield "ledger.stroemme", vist(hoved.hoved), "no row"
        return
    if (raekke.topic, raekke.partition) != (log.art.topic, log.partition):
        yield "ledger.stroemme.partition", f"{log.art.topic}/{log.partition}", f"{raekke.topic}/{raekke.partition}"
    foran = _led(raekke.hoved, hoved.hoved, kendte[0])
    if foran is None:
        yield "ledger.stroemme.hoved", vist(hoved.hoved), vist(raekke.hoved)
        return
    ventet = _fortsat(log.art, hoved, foran, kendte[1])
    for navn in ("version", "registreret"):
        a, b = getattr(ventet, navn), getattr(raekke, navn)
        if a != b:
            yield f"ledger.stroemme.{navn}", vist(a), vist(b)
    if raekke.fold_version != log.art.fold_version:
        yield "ledger.stroemme.fold_version", str(log.art.fold_version), str(raekke.fold_version)
    elif not _samme(log.art, raekke.sag, ventet.sag):
        yield "ledger.stroemme.sag", vist(_pakket(ventet.sag)), vist(raekke.sag)


def _led(fra: bytes | None, til: bytes | None, kendte: Mapping[bytes, Any]) -> list[tuple[bytes, Any]] | None:
    """The events from the one with hash `fra` back to, not with, the one with hash `til`; None when the chain does not lead there."""
    led: list[tuple[bytes, Any]] = []
    while fra != til:
        haendelse = None if fra is None else kendte.get(fra)
        if fra is None or haendelse is None:
            return None
        led.append((fra, haendelse))
        fra = haendelse.kuvert.forgaenger
    return led


def _fortsat(art: Art, hoved: Hoved, foran: Sequence[tuple[bytes, Any]], kasserede: Container[bytes]) -> Hoved:
    """The stream with what comes before its head in the ledger (the newest first): what was discarded or does not fold leaves no trace."""
    if not foran:
        return hoved
    sag = hoved.sag
    for aftryk, haendelse in reversed(foran):
        try:
            sag = sag if aftryk in kasserede else art.evolve(sag, haendelse)
        except KanIkkeFoldes:
            continue
    kuvert = foran[0][1].kuvert
    return Hoved(kuvert.version, foran[0][0], kuvert.registreringstidspunkt, sag)


def _pakket(sag: Any) -> bytes | None:
    return None if sag is None else pak(sag)


def _samme(art: Art, gemt: bytes | None, ventet: Any) -> bool:
    """Whether the stored bytes hold that; bytes that hold nothing do not."""
    if gemt == _pakket(ventet):
        return True
    try:
        return gemt is not None and bool(art.foldet.decode(gemt) == ventet)
    except (msgspec.ValidationError, msgspec.DecodeError):
        return False
