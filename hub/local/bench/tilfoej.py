"""How many actions a second the ledger takes in bulk."""

import time
from typing import NamedTuple

import orjson

from hub.bootstrap import Hus
from hub.domain.fejl import Afvisning
from hub.domain.handlinger import laes_handling
from hub.events.ordre import Ordre
from hub.local.generator import saa_mange

DEL = 500


class Tilfoejet(NamedTuple):
    """Actions appended, actions refused, and seconds: decoding and validation, decide, sealing, encoding and commit included."""

    antal: int
    afvist: int
    sekunder: float

    @property
    def i_sekundet(self) -> float:
        """Actions a second."""
        return self.antal / self.sekunder


def tilfoej(hus: Hus, antal: int, seed: int) -> Tilfoejet:
    """Append `antal` generated actions as JSON lines through the ledger, in calls of 500."""
    linjer = [orjson.dumps(h, option=orjson.OPT_SORT_KEYS) for h in saa_mange(antal, seed)]
    engine = hus.motor("bench", 2)
    try:
        ledger = hus.ledger(engine)
        begyndt, afvist = time.perf_counter(), 0
        for start in range(0, len(linjer), DEL):
            ordrer = [_ordre(start + nr, linje, seed) for nr, linje in enumerate(linjer[start : start + DEL])]
            afvist += sum(isinstance(u, Afvisning) for u in ledger.append(ordrer))
        return Tilfoejet(len(linjer) - afvist, afvist, time.perf_counter() - begyndt)
    finally:
        engine.dispose()


def _ordre(nummer: int, linje: bytes, seed: int) -> Ordre:
    return Ordre(laes_handling(orjson.loads(linje)), f"bench-{seed}-{nummer}", linje, None)
