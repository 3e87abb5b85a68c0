"""A long log from a short one: every case again under other ids, with its chain of hashes made anew. No key and no codec is needed."""

import uuid
from collections.abc import Iterator, Sequence
from hashlib import sha256

from hub.events.journal import Post, partition_for

NAVNERUM = uuid.UUID("5f3c1a52-3c0e-4d43-9a7e-0b6f6d7f6a11")


def mangfold(poster: Sequence[Post], gange: int, fra: int = 0) -> Iterator[Post]:
    """The records `gange` times (the first time as they are), without the first `fra` of those times.

    Offsets are those of the source, partitions those of the new keys.
    """
    if not fra:
        yield from poster
    for nummer in range(max(1, fra), gange):
        hoveder: dict[bytes, tuple[bytes, bytes]] = {}
        for post in poster:
            noegle, vaerdi = post.noegle or b"", post.vaerdi or b""
            ny = str(uuid.uuid5(NAVNERUM, f"{noegle.decode()}/{nummer}")).encode()
            kopi = vaerdi.replace(noegle, ny)
            if noegle in hoveder:
                kopi = kopi.replace(*hoveder[noegle])
            hoveder[noegle] = (sha256(vaerdi).digest(), sha256(kopi).digest())
            yield Post(partition_for(ny), post.offset, ny, kopi, post.hoveder)
