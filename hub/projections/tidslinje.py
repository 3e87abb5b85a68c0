"""The timeline: one row per event with its bytes, from which an exact version or an as-of time is folded again."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, Table, Text

from hub.projections.kolonner import GENERATION, TID

TABEL = Table(
    "tidslinje",
    GENERATION,
    Column("sags_id", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("partition", Integer, nullable=False),
    Column("kafka_offset", BigInteger, nullable=False),
    Column("registreret", TID, nullable=False),
    Column("vaerdi", LargeBinary, nullable=False, comment="the event's bytes as on the log"),
)


class Raekke(NamedTuple):
    """One event applied to a case."""

    sags_id: str
    version: int
    partition: int
    kafka_offset: int
    registreret: datetime
    vaerdi: bytes
