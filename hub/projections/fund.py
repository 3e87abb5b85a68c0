"""A difference that verify found: its place and both values, and nothing that is personal."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from hub.domain.forseglet import Forseglet
from hub.domain.personnummer import har_personnummer

HOEJST_FUND = 1_000
HELT = 32
"""Bytes that are shown whole: a hash."""
HOEJST_TEGN = 200


class Fund(NamedTuple):
    """One difference. `offset` is -1 where it is of no single record, `partition` too where it is of none; `kolonne` is table.column."""

    partition: int
    offset: int
    sags_id: str
    kolonne: str
    paa_loggen: str
    i_databasen: str


@dataclass
class Fundne:
    """Every difference is counted, the first thousand are kept."""

    antal: int = 0
    foerste: list[Fund] = field(default_factory=list)

    def tag(self, fund: Iterable[Fund]) -> None:
        """Take findings as they are made."""
        for et in fund:
            self.antal += 1
            if len(self.foerste) < HOEJST_FUND:
                self.foerste.append(et)

    def flet(self, andre: "Fundne") -> None:
        """Take what was found elsewhere, after what is here."""
        self.antal += andre.antal
        self.foerste += andre.foerste[: HOEJST_FUND - len(self.foerste)]


def vist(vaerdi: Any) -> str:
    """A value in a finding: a hash whole, other bytes by their own hash, text without what can be a CPR number."""
    if isinstance(vaerdi, Forseglet):
        return "(forseglet)"
    if isinstance(vaerdi, bytes):
        return vaerdi.hex() if len(vaerdi) <= HELT else f"{len(vaerdi)} bytes, sha256 {hashlib.sha256(vaerdi).hexdigest()[:16]}…"
    tekst = str(vaerdi)
    return "(kan være et personnummer)" if har_personnummer(tekst) else tekst[:HOEJST_TEGN]


def forseglet(vaerdi: bytes | None) -> str:
    """What a sealed column holds, by the hash of its bytes: enough to see that two are not the same."""
    return "None" if vaerdi is None else f"(forseglet, sha256 {hashlib.sha256(vaerdi).hexdigest()[:16]}…)"
