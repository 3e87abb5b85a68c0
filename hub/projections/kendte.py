"""Which cases a verification looks at, which the log has, and which the database has besides."""

import zlib
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b

from sqlalchemy import ColumnElement, Connection, exists, select

from hub.projections import sager

ID_AD_GANGEN = 10_000
ANDELE = 10_000


class Udvalg:
    """The cases looked at: a share of them (1.0: all), always the same ones."""

    def __init__(self, andel: float) -> None:
        self._graense = round(andel * ANDELE)

    @property
    def alle(self) -> bool:
        """Whether no case is left out."""
        return self._graense >= ANDELE

    def har(self, stroem: bytes) -> bool:
        """Whether the case is among them."""
        return zlib.crc32(stroem) % ANDELE < self._graense


@dataclass
class Kendte:
    """Names that were seen (cases that the log has), by eight bytes of a hash each."""

    _aftryk: "array[int]" = field(default_factory=lambda: array("Q"))
    _ordnet: bool = False

    def tag(self, navne: Iterable[str]) -> None:
        """Remember them."""
        self._aftryk.extend(map(_otte_byte, navne))
        self._ordnet = False

    def flet(self, andre: "Kendte") -> None:
        """Remember what the others do."""
        self._aftryk.extend(andre._aftryk)
        self._ordnet = False

    def __len__(self) -> int:
        """How many were taken."""
        return len(self._aftryk)

    def __contains__(self, navn: str) -> bool:
        """Whether it was seen."""
        if not self._ordnet:
            self._aftryk, self._ordnet = array("Q", sorted(self._aftryk)), True
        aftryk = _otte_byte(navn)
        sted = bisect_left(self._aftryk, aftryk)
        return sted < len(self._aftryk) and self._aftryk[sted] == aftryk


def _otte_byte(navn: str) -> int:
    return int.from_bytes(blake2b(navn.encode(), digest_size=8).digest())


def uden_hoved(conn: Connection, sags_id: ColumnElement[str], hvor: ColumnElement[bool] | None = None) -> Iterator[str]:
    """The cases of a column that have no head; of the heads themselves, all. Never all of them in memory."""
    h = sager.TABEL.c.sags_id
    betingelser = [] if hvor is None else [hvor]
    if sags_id is not h:
        betingelser.append(~exists().where(h == sags_id))
    spoerg = select(sags_id).where(*betingelser).distinct().execution_options(yield_per=ID_AD_GANGEN)
    yield from conn.execute(spoerg).scalars()
