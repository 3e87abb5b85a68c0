"""Confluent framing: a zero byte, the schema's id as four bytes (big-endian), then the Avro body."""

from struct import Struct

HOVED = Struct(">bI")
MAGI = 0


def indrammet(skema_id: int, krop: bytes) -> bytes:
    """The framed value."""
    return HOVED.pack(MAGI, skema_id) + krop


def skema_id(vaerdi: bytes) -> int | None:
    """The schema id of a framed value; None when it is not framed."""
    if len(vaerdi) < HOVED.size:
        return None
    magi, id_ = HOVED.unpack_from(vaerdi)
    return int(id_) if magi == MAGI else None
