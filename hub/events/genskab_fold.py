"""Fold one partition's records back into streams: what continues a chain moves it, everything else is counted and passed over."""

from collections.abc import Container
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, NamedTuple

from hub.domain.foldning import KanIkkeFoldes
from hub.domain.kuvert import Kuvert
from hub.events.arter import ARTER, Nogen
from hub.events.codec import Kodeks, Ulaeselig
from hub.events.journal import Post, partition_for
from hub.events.stroem import Stroem


@dataclass
class Optaelling:
    """What was found. `haendelser` moved a chain; `gentagelser` stand at or below their head; `fremmede` fit no chain.

    Below the head the bytes are not compared here: the read models' replay does, with the timeline, and parks what is another event.

    `ufoldelige` and `kasserede` (discarded by an operator) are among the events: the chain goes on, the case does not.
    `genoptagne` outbox rows continue the log and are sent again, `upassende` contradict it and are removed.
    """

    poster: int = 0
    haendelser: int = 0
    gentagelser: int = 0
    ulaeselige: int = 0
    fremmede: int = 0
    ufoldelige: int = 0
    kasserede: int = 0
    genoptagne: int = 0
    upassende: int = 0


class PasserIkke(NamedTuple):
    """Why an outbox row does not fit the log, and the request that it came from, when it can be read."""

    grund: str
    request_id: str | None


class Folder:
    """Knows how the records of one lane are read and folded; `tal` counts."""

    def __init__(self, kodeks: Kodeks, bane: tuple[str, int], kasserede: Container[int]) -> None:
        self.tal = Optaelling()
        topic, self._partition = bane
        self._art = ARTER[topic]
        self._kodeks = kodeks
        self._kasserede = kasserede

    def navn(self, post: Post) -> str:
        """The stream that a record's key names; empty when no stream of this partition can have it."""
        noegle = post.noegle or b""
        egen = noegle and b"\0" not in noegle and partition_for(noegle, self._art.partitioner) == self._partition
        return noegle.decode("utf-8", "replace") if egen else ""

    def fold(self, post: Post, hash_: bytes, stroem: Stroem | None) -> Nogen | None:
        """The event when it is the next of its stream, which is then moved; None when it is counted and passed over."""
        self.tal.poster += 1
        haendelse = self._laes(post.vaerdi or b"")
        if haendelse is None:
            self.tal.ulaeselige += 1
            return None
        if stroem is None or haendelse.kuvert.sagsId != stroem.navn:
            self.tal.fremmede += 1
            return None
        if not _fortsaetter(haendelse.kuvert, stroem):
            self._taelles(haendelse.kuvert, hash_, stroem)
            return None
        self._flyt(stroem, haendelse, hash_, kasseret=post.offset in self._kasserede)
        return haendelse

    def genoptag(self, vaerdi: bytes, stroem: Stroem) -> Nogen | PasserIkke:
        """An outbox row that the log does not have: its event when it continues the stream, which is then moved, else why it does not."""
        haendelse = self._laes(vaerdi)
        if haendelse is None:
            return PasserIkke("its bytes cannot be read", None)
        if haendelse.kuvert.sagsId != stroem.navn or not _fortsaetter(haendelse.kuvert, stroem):
            return PasserIkke(f"the log has its stream to version {stroem.version}, with another history", haendelse.kuvert.requestId)
        self._flyt(stroem, haendelse, sha256(vaerdi).digest(), kasseret=False)
        return haendelse

    def _laes(self, vaerdi: bytes) -> Nogen | None:
        try:
            haendelse: Nogen = self._art.afkod(self._kodeks, vaerdi)
        except Ulaeselig:
            return None
        return haendelse

    def _taelles(self, kuvert: Kuvert, hash_: bytes, stroem: Stroem) -> None:
        if kuvert.version < stroem.version or (kuvert.version == stroem.version and hash_ == stroem.hoved):
            self.tal.gentagelser += 1
        else:
            self.tal.fremmede += 1

    def _flyt(self, stroem: Stroem, haendelse: Nogen, hash_: bytes, *, kasseret: bool) -> None:
        self.tal.haendelser += 1
        self.tal.kasserede += kasseret
        sag = stroem.sag
        if not kasseret:
            sag = self._evolve(sag, haendelse)
        kuvert = haendelse.kuvert
        stroem.flyt(kuvert.version, hash_, kuvert.registreringstidspunkt, sag)

    def _evolve(self, sag: Any, haendelse: Nogen) -> Any:
        try:
            return self._art.evolve(sag, haendelse)
        except KanIkkeFoldes:
            self.tal.ufoldelige += 1
            return sag


def _fortsaetter(kuvert: Kuvert, stroem: Stroem) -> bool:
    return kuvert.version == stroem.version + 1 and kuvert.forgaenger == stroem.hoved
