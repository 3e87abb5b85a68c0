"""What the read models' tables are made of: their metadata (one schema per generation) and the columns that hold what is packed."""

from typing import Any

import msgspec
from sqlalchemy import Column, Connection, Date, DateTime, Integer, LargeBinary, MetaData, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from hub.domain.forseglet import Forseglet

SKEMA = "generation"
"""The schema named in the tables; `schema_translate_map` turns it into a generation's own (`gen_1` …)."""

GENERATION = MetaData(schema=SKEMA)
TID = DateTime(timezone=True)

pak = msgspec.msgpack.Encoder().encode


class Pakket(TypeDecorator[Any]):
    """A column of msgpack, read as `type_`: structs, lists of them, sealed values inside. Rows hold the values themselves."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, type_: Any) -> None:
        super().__init__()
        self.type_ = type_
        self._ud = msgspec.msgpack.Decoder(type_)

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        """Msgpack of the value."""
        return None if value is None else pak(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """The value as it was stored."""
        return None if value is None else self._ud.decode(value)


class Segl(Pakket):
    """A column of ciphertext with its origin; rows hold `Forseglet`, which only the API opens (architecture 7)."""

    cache_ok = True

    def __init__(self) -> None:
        super().__init__(Forseglet)


def skema(conn: Connection) -> str:
    """The schema that `SKEMA` stands for on a connection bound to a generation."""
    return str(conn.get_execution_options()["schema_translate_map"][SKEMA])


def akt() -> list[Column[Any]]:
    """The first columns of every GetMetode's table. The key holds the case too: one case can never overwrite another's act."""
    return [
        Column("ekstern_identifier", Text, primary_key=True),
        Column("sags_id", Text, primary_key=True, index=True),
        Column("akt_version", Integer, nullable=False, comment="the case version that registered the act"),
        Column("haendelsestidspunkt", TID, nullable=False),
    ]


def sats() -> list[Column[Any]]:
    """The subsidy rate of the act (R-3.6)."""
    return [Column("sats_kode", Integer), Column("sats_beskrivelse", Text)]


def datoer() -> list[Column[Any]]:
    """The three dates of the act's grant (R-2.2)."""
    return [Column("oprindelig_slutdato", Date), Column("slutdato_foer_ophoer", Date), Column("aktuel_slutdato", Date)]
