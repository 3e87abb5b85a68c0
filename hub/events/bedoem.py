"""Judge records of the log against the ledger: ours, a copy of ours, one the ledger should have known, or nothing of ours."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import psycopg

from hub.domain.kuvert import Kuvert
from hub.events.arter import ARTER
from hub.events.codec import Kodeks, Ulaeselig
from hub.events.journal import Post

Kuvertlaeser = Callable[[str, bytes], Kuvert | None]
"""(topic, bytes) → the envelope, or None when the bytes are no event of that topic."""

# By content, not by version: a row is ours whatever our codec makes of it.
VORES = """
SELECT stroem, sha256(vaerdi), id, sendt IS NULL, kafka_offset FROM ledger.outbox
WHERE stroem = ANY(%s) AND topic = %s AND partition = %s AND sha256(vaerdi) = ANY(%s)
"""
HOVEDER = "SELECT stroem, version, hoved FROM ledger.stroemme WHERE stroem = ANY(%s) AND topic = %s"
USENDT_VERSION = "SELECT vaerdi FROM ledger.outbox WHERE stroem = %s AND version = %s AND topic = %s AND sendt IS NULL"
TAL = ("fundet", "kopier", "ulaeselige", "fremmede")


@dataclass
class Dom:
    """The judgement of some records of one partition, up to the first that shows the ledger to be behind (`bagud`: its offset)."""

    ider: list[int] = field(default_factory=list)
    offsets: list[int] = field(default_factory=list)
    fundet: int = 0
    kopier: int = 0
    ulaeselige: int = 0
    fremmede: int = 0
    bagud: int | None = None

    def med(self, tidligere: "Dom") -> "Dom":
        """This judgement with the counts of an earlier one."""
        tal = {navn: getattr(self, navn) + getattr(tidligere, navn) for navn in TAL}
        return replace(self, **tal)


def kuvertlaeser(kodeks: Kodeks) -> Kuvertlaeser:
    """Reads envelopes with the codec; each topic has events of its own kind."""

    def laes(topic: str, vaerdi: bytes) -> Kuvert | None:
        try:
            kuvert: Kuvert = ARTER[topic].afkod(kodeks, vaerdi).kuvert
        except Ulaeselig:
            return None
        return kuvert

    return laes


class Dommer:
    """Judges one partition's records in order. Blocks; raises psycopg's errors."""

    def __init__(self, conn: psycopg.Connection[Any], topic: str, partition: int, kuvert: Kuvertlaeser) -> None:
        self._conn = conn
        self._topic = topic
        self._partition = partition
        self._kuvert = kuvert

    def doem(self, poster: Sequence[Post]) -> Dom:
        """Judge a part of the log."""
        hashes = [hashlib.sha256(post.vaerdi or b"").digest() for post in poster]
        stroemme = list({_stroem(post) for post in poster})
        vores = self._conn.execute(VORES, [stroemme, self._topic, self._partition, hashes], binary=True).fetchall()
        raekker = {(stroem, hash_): (id_, usendt, offset) for stroem, hash_, id_, usendt, offset in vores}
        svar = self._conn.execute(HOVEDER, [stroemme, self._topic], binary=True)
        hoveder = {stroem: (version, hoved) for stroem, version, hoved in svar}
        dom = Dom()
        for post, hash_ in zip(poster, hashes, strict=True):
            noegle = (_stroem(post), hash_)
            if noegle in raekker:
                raekker[noegle] = _vores(dom, post, *raekker[noegle])
            elif self._er_efterfoelger(dom, post, hoveder.get(_stroem(post))):
                dom.bagud = post.offset
                return dom
        return dom

    def _er_efterfoelger(self, dom: Dom, post: Post, hoved: tuple[int, bytes | None] | None) -> bool:
        """Whether a record that is not ours could only have been written by a ledger that knew more than this one.

        Anybody who may write to the topic can put anything there; only what continues a chain counts.
        """
        kuvert = self._kuvert(self._topic, post.vaerdi or b"")
        if kuvert is None:
            dom.ulaeselige += 1
            return False
        version, forgaenger = hoved or (0, None)
        passer = kuvert.sagsId == _stroem(post)
        if passer and kuvert.version == version + 1 and kuvert.forgaenger == forgaenger:
            return True
        if passer and kuvert.version <= version and self._i_vejen_for_usendt(kuvert):
            return True
        dom.fremmede += 1
        return False

    def _i_vejen_for_usendt(self, kuvert: Kuvert) -> bool:
        """Whether the log has another event in the place of one of ours that is still to be sent: the ledger was put back and went on."""
        fundet = self._conn.execute(USENDT_VERSION, [kuvert.sagsId, kuvert.version, self._topic], binary=True).fetchone()
        vores = self._kuvert(self._topic, fundet[0]) if fundet else None
        return vores is not None and vores.forgaenger == kuvert.forgaenger


def _stroem(post: Post) -> str:
    return (post.noegle or b"").decode("utf-8", "replace").replace("\x00", "�")


def _vores(dom: Dom, post: Post, id_: int, usendt: bool, offset: int | None) -> tuple[int, bool, int | None]:
    if usendt:
        dom.fundet += 1
        dom.ider.append(id_)
        dom.offsets.append(post.offset)
        return id_, False, post.offset
    # Found at the offset where it was marked: only the lane's position was left behind. Elsewhere: the record came twice.
    dom.kopier += offset != post.offset
    return id_, False, offset
